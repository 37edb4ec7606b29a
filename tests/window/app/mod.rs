//! The whole window, driven by the names that screen readers hear. Dialogs and detection are scripted; the disk is a
//! folder of each test's own.

mod build;
mod cards;
mod commands;
pub(crate) mod compare;
mod diagnosis;
mod edit;
mod elsewhere;
mod files;
mod glossary;
mod hostile;
mod launch;
mod machine;
mod measure;
mod model;
pub(crate) mod my_machine;
mod notices;
mod plans;
mod prices;
mod recovery;
mod remedies;
mod settings;
mod share;
pub(crate) mod start;
pub(crate) mod support;
mod travel;
mod versions;
