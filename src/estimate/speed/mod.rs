//! How fast a plan runs: rates as bands, since a speed is never known to a point.
//!
//! Every engine states plain facts: what runs, and what of it lies on each device and on the host. `of` turns them into a [`Speed`] by the constants of each card's family.
//!
//! Every decoded token is one step of the model, unless tokens are guessed ahead.

mod band;
mod calibrate;
mod decode;
mod from_disk;
mod least_step;
mod network;
mod prefill;
mod rates;
mod speculate;
mod total;

pub use super::answer::{NetworkShare, Speed, Spread, StepBytes, StepPart, StepShare, StepTimes, Uncertainty};
pub(super) use calibrate::calibration;
pub(super) use from_disk::{FromDisk, from_disk};
pub(super) use least_step::{LeastInRam, least_step};
pub use rates::engine_kind;
pub(super) use rates::{DeviceRates, rates};
pub(super) use speculate::with_guesses;
pub(super) use total::{decode_alone, of};
