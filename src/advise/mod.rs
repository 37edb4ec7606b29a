//! Pure advice: questions that are answered by asking `estimate` many times.

pub mod inverse;
pub mod people;
pub mod ranking;
pub mod sweep;
pub mod ways;
