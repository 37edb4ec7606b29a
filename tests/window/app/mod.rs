//! The whole window, driven by the names that screen readers hear. Dialogs and detection are scripted; the disk is a
//! folder of each test's own.

mod build;
mod cards;
mod commands;
mod edit;
mod elsewhere;
mod files;
mod glossary;
mod hostile;
mod machine;
mod measure;
mod model;
mod plans;
mod prices;
mod recovery;
mod remedies;
mod settings;
pub(crate) mod start;
pub(crate) mod support;
mod versions;
