//! Models read from the files people have: a `config.json`, a GGUF file, safetensors. From bytes alone; the disk is the
//! caller's. The bytes are not trusted: lengths are checked before anything is allocated for them.

mod blank;
mod config;
mod error;
pub mod gguf;
mod rules;
pub mod safetensors;

pub use config::from_config;
pub use error::{Damage, Missing, ModelFileError, ModelFormat, WrongKind};
