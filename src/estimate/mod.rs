//! The one formula: from a plan to what lies where, and whether it fits.

mod answer;
pub mod explain;
pub mod llamacpp;
mod totals;

pub use answer::{DeviceEstimate, Estimate, EstimateError, HostEstimate, Parts, Verdict, Warning};
