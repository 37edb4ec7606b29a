//! What leaves the program as text and comes back: plan files. Text in, text out; the disk is `system`'s.

pub mod plan_file;
