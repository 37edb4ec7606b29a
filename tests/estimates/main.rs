//! What the estimator answers and what the advice makes of it: laws, published figures, measured truth.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

#[path = "../support"]
mod support {
    pub(crate) mod any;
    pub(crate) mod plans;
}

mod auto;
mod beside;
mod boxes;
mod build;
mod build_acceptance;
mod build_sense;
mod build_training;
mod capacity;
mod compare;
mod engine_falls;
mod engines;
mod estimator;
mod experts;
mod explained;
mod kept;
mod launched;
mod laws;
mod laws_of_all;
mod laws_of_more;
mod links;
mod most_decode;
mod numbers;
mod overhead;
mod overrides;
mod price_rule;
mod prices;
mod ranking;
mod remedies;
mod residents;
mod room;
mod scenes_hardware;
mod scenes_memory;
mod scenes_ways;
mod server_memory;
mod server_speed;
mod speed;
mod speed_laws;
mod tensor_split;
mod training;
mod training_losses;
mod training_published;
mod training_remedies;
mod training_reserved;
mod training_steps;
mod troubled;
mod truth;
mod verdicts;
