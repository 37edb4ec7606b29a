//! Pure advice: questions that are answered by asking `estimate` many times.

pub mod builder;
pub mod compare;
pub(crate) mod concurrency;
pub mod diagnose;
pub mod inverse;
pub mod on_machine;
mod quick;
pub mod ranking;
pub mod remedies;
pub mod rent;
pub mod runs;
pub mod runs_well;
pub mod start_order;
pub mod sweep;
