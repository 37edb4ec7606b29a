//! Quantities as types, and the one place where GiB (2^30) and GB (10^9) are decided.
//!
//! Memory is counted in bytes inside and shown in GiB; bandwidth is shown in GB/s, as vendors print it.

mod band;
mod bytes;
mod money;
mod power;
mod quantity;
mod rates;
pub(crate) mod sums;

pub use band::Band;
pub use bytes::{Bytes, GIB, MIB};
pub use money::Usd;
pub use power::Watts;
pub use rates::{BytesPerSecond, OpsPerSecond, Seconds};
