//! The whole window, driven by the names that screen readers hear. Dialogs and detection are scripted; the disk is a
//! folder of each test's own.

mod edit;
mod files;
mod machine;
mod support;
