//! How tokens are guessed ahead of the model, which then checks several in one step.

use serde::{Deserialize, Serialize};

use super::Runtime;
use crate::catalog::quantization::Quantization;

/// Who guesses further tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Drafter {
    /// Nobody: every token is a step of its own.
    #[default]
    None,
    /// The model's own layers for further tokens (MTP, `NextN`).
    Mtp,
    /// A smaller model of the catalog, by its id.
    Model(String),
}

impl Drafter {
    /// The words of the contract that are no id.
    pub const WORDS: [&str; 2] = ["none", "mtp"];

    /// As requests name it.
    pub fn of_name(name: &str) -> Self {
        match name {
            "none" => Self::None,
            "mtp" => Self::Mtp,
            id => Self::Model(id.to_owned()),
        }
    }

    /// Its name in requests.
    pub fn name(&self) -> &str {
        match self {
            Self::None => "none",
            Self::Mtp => "mtp",
            Self::Model(id) => id,
        }
    }
}

/// How tokens are guessed ahead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Speculation {
    /// Who guesses.
    pub drafter: Drafter,
    /// The most tokens guessed at once; the engine's default where none is given.
    pub tokens: Option<u32>,
    /// How the weights of a draft model are stored; as the model's where none is given.
    pub quantization: Option<Quantization>,
}

/// What llama.cpp guesses by itself: `n_max` of `common_params_speculative_draft` in common/common.h of llama.cpp 0c1e57098.
const LLAMA_CPP_TOKENS: u32 = 3;
/// What others do with one layer for further tokens: one each step.
const OTHERS_TOKENS: u32 = 1;

impl Speculation {
    /// Tokens guessed at once; 0 where nobody guesses.
    pub fn ahead(&self, runtime: Runtime) -> u32 {
        match self.drafter {
            Drafter::None => 0,
            _ => self.tokens.unwrap_or(if runtime == Runtime::LlamaCpp { LLAMA_CPP_TOKENS } else { OTHERS_TOKENS }),
        }
    }
}
