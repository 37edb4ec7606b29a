//! What several test files share.

#![allow(
    dead_code,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::panic,
    unreachable_pub,
    reason = "each test file uses a part"
)]

pub mod any;
pub mod gguf;
pub mod plans;
