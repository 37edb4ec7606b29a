//! A field of what is kept between runs: one that another version wrote in its own way begins anew, and the others stay.

use ron::value::RawValue;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

/// What the field holds, or how it begins where that cannot be read.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(from: D) -> Result<T, D::Error> {
    Ok(Box::<RawValue>::deserialize(from)?.into_rust().unwrap_or_default())
}
