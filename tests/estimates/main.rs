//! What the estimator answers and what the advice makes of it: laws, published figures, measured truth.

#[path = "../support/mod.rs"]
mod support;

mod auto;
mod build;

mod build_training;
mod engines;
mod laws;
mod numbers;
mod overhead;
mod prices;
mod ranking;
mod remedies;
mod server_speed;
mod speed;
mod tensor_split;
mod training;
mod training_published;
mod training_remedies;
mod truth;
mod verdicts;
