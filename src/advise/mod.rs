//! Pure advice: questions that are answered by asking `estimate` many times.

pub mod build;
pub mod inverse;
pub mod people;
pub mod ranking;
pub mod rent;
pub mod sweep;
pub mod ways;
