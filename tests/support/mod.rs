//! What several test files share.

#![allow(dead_code, clippy::cast_possible_truncation, unreachable_pub, reason = "each test file uses a part")]

pub mod any;
pub mod gguf;
pub mod plans;
