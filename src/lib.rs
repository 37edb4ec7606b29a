//! rigplan plans the memory of AI machines before anyone buys them.
//!
//! One document ([`plan::Plan`]), one pure function ([`estimate::estimate`]), one owner (`app::App`). Views draw an
//! [`estimate::Estimate`] and edit a plan; the command line, plots, solvers and exports call the same function.
//!
//! The modules below stand in floor order. A floor may import from the floors under it, never from its own or from
//! above; `tests/data/floors.rs` holds the crate to that.

pub mod text;
pub mod units;

pub mod catalog;
pub mod plan;

pub mod model;

pub mod estimate;

pub mod advise;

pub mod scenes;

pub mod share;
pub mod system;

pub mod ui;

pub mod app;
pub mod cli;
