//! The window, driven by the names that screen readers hear: views alone, and the whole application.

mod app;
mod build;
mod cards;
mod plan;
mod remedies;
mod rent;
mod speed;
mod support;
mod training;
