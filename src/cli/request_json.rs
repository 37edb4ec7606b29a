//! A request as JSON: each member straight into its place, without a tree or a copy of names.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::request::Request;
use crate::plan::Input;
use crate::plan::inputs::{InputEntry, InputValue};

/// What the parser is told where a member is refused: why is found out key by key, of bad lines alone.
const REFUSED: &str = "refused";

/// A key of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RequestKey {
    /// Echoed in the answer.
    Id,
    /// Asks for the largest that fits.
    Largest,
    /// An input of the plan.
    Input(Input),
}

/// The keys that are no inputs.
pub(super) const OTHER_KEYS: [&str; 2] = ["id", "largest"];

impl RequestKey {
    /// The key that is spelled so.
    pub(super) fn of(key: &str) -> Option<Self> {
        match key {
            "id" => Some(Self::Id),
            "largest" => Some(Self::Largest),
            key => Input::of_key(key).map(Self::Input),
        }
    }

    /// Its bit among the keys that were seen.
    const fn bit(self) -> u128 {
        match self {
            Self::Id => 1 << 127,
            Self::Largest => 1 << 126,
            Self::Input(input) => 1 << input as u32,
        }
    }
}

const _: () = assert!(Input::COUNT <= 126, "more inputs than bits: take a longer set");

impl<'de> Deserialize<'de> for Request {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Request;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Request, A::Error> {
        let mut request = Request::default();
        let mut seen = 0;
        while let Some(key) = members.next_key::<RequestKey>()? {
            if seen & key.bit() != 0 {
                return Err(A::Error::custom(REFUSED));
            }
            seen |= key.bit();
            match key {
                RequestKey::Id => {
                    request.id =
                        id(members.next_value::<&RawValue>()?.get()).map_err(|()| A::Error::custom(REFUSED))?;
                }
                RequestKey::Largest => request.largest = members.next_value()?,
                RequestKey::Input(input) => request.read(input, &mut members)?,
            }
        }
        Ok(request)
    }
}

impl Request {
    /// Reads the value of an input that was not given yet.
    pub(super) fn read<'de, A: MapAccess<'de>>(&mut self, input: Input, members: &mut A) -> Result<(), A::Error> {
        match input {
            Input::Model => self.model = members.next_value()?,
            Input::Card => self.card = members.next_value()?,
            Input::Cards => self.cards = members.next_value()?,
            Input::CardMemoryGib => self.card_memory_gib = members.next_value()?,
            Input::Machine => self.machine = members.next_value()?,
            Input::Platform => self.platform = members.next_value()?,
            Input::TensorSplit => self.tensor_split = members.next_value()?,
            Input::OverrideTensors => self.override_tensors = members.next_value()?,
            Input::Speculative => self.speculative = members.next_value()?,
            Input::Also => self.also = members.next_value()?,
            input => self.give(input, members.next_value_seed(Of(input.entry()))?),
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for RequestKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl Visitor<'_> for Name {
            type Value = RequestKey;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_str<E: Error>(self, key: &str) -> Result<RequestKey, E> {
                RequestKey::of(key).ok_or_else(|| E::custom(REFUSED))
            }
        }

        deserializer.deserialize_identifier(Name)
    }
}

/// The JSON text of an id.
fn id(text: &str) -> Result<Option<String>, ()> {
    match text.as_bytes().first() {
        Some(b'"' | b'-' | b'0'..=b'9') => Ok(Some(text.to_owned())),
        Some(b'n') => Ok(None),
        _ => Err(()),
    }
}

/// Reads a value of this input.
#[derive(Clone, Copy)]
struct Of(&'static InputEntry);

impl<'de> DeserializeSeed<'de> for Of {
    type Value = InputValue;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<InputValue, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Of {
    type Value = InputValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REFUSED)
    }

    fn visit_unit<E: Error>(self) -> Result<InputValue, E> {
        Ok(InputValue::Unset)
    }

    fn visit_bool<E: Error>(self, on: bool) -> Result<InputValue, E> {
        self.of_kind(InputValue::Switch(on))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<InputValue, E> {
        let value = if self.0.kind.is_real() { InputValue::Real(number as f64) } else { InputValue::Whole(number) };
        self.of_kind(value)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<InputValue, E> {
        self.of_kind(InputValue::Real(number as f64))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<InputValue, E> {
        self.of_kind(InputValue::Real(number))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<InputValue, E> {
        let InputEntry { key, kind, .. } = self.0;
        let read = kind.is_named().then(|| kind.read(key, name).ok()).flatten();
        read.ok_or_else(|| E::custom(REFUSED))
    }
}

impl Of {
    fn of_kind<E: Error>(self, value: InputValue) -> Result<InputValue, E> {
        if self.0.kind.is_kind(value) { Ok(value) } else { Err(E::custom(REFUSED)) }
    }
}
