//! What leaves the program as text and comes back: plan files. Text in, text out; the disk is `system`'s.

mod locate;
pub mod plan_file;
