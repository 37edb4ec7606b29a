//! The window, driven by the names that screen readers hear: views alone, and the whole application.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod also;
mod app;
mod build;
mod cards;
mod explain;
mod figures;
mod inputs;
mod layout;
mod plan;
mod remedies;
mod rent;
#[cfg(feature = "snapshots")]
mod snapshots;
mod speed;
mod support;
mod terms;
mod training;
mod tree;
mod walk;
