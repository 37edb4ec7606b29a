//! The one formula: from a plan to what lies where, and whether it fits.
//!
//! llama.cpp, server engines and training lay a plan out, each by its own laws; [`speed`] reads off the facts that they
//! state how fast it runs. None of the four uses another: what they have in common are the small files beside them.

mod answer;
mod boxes;
pub(crate) mod caching_allocator;
mod chosen;
pub(crate) mod device;
mod error;
mod estimator;
pub mod explain;
pub mod explain_words;
mod explanation;
mod glance;
mod host_rates;
mod laid_out;
mod limits;
pub mod links;
mod llamacpp;
mod memory;
mod per_model;
pub mod printed;
mod refusal;
mod residents;
pub mod server;
pub mod speed;
pub mod speed_sources;
mod standing;
mod step;
mod timed;
pub mod training;
mod verdict;
mod warning;
mod words;

pub use answer::{
    Balance, DeviceEstimate, Estimate, ExpertsInRam, Headroom, HostEstimate, JudgedRoom, OffloadCause, Parts, Queue,
    ResidentEstimate, Room,
};
pub use error::EstimateError;
pub use estimator::{Estimator, estimate, glances, most_decode};
pub use glance::Lineup;
pub use limits::most_devices;
pub use memory::Memory;
pub use refusal::{Indivisible, Refusal, Shared};
pub use standing::Glance;
pub use verdict::Verdict;
pub use warning::Warning;
pub use words::Reader;

use laid_out::LaidOut;
