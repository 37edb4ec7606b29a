//! What sets one architecture apart from the others: a file each, with how its configuration is read, what its layers,
//! tensors and graph look like, and what engines do with it.
//!
//! A new architecture is a file here with its `mod` line, and a line in the list of `catalog::model::Architecture`; then its
//! models in `data/models`. What it does not say is as in Llama ([`ArchTraits::PLAIN`]).
//!
//! Files of models are read on this floor, too ([`super::file`]), so that a `model_type` and the rules that go with it stand
//! beside the tensors they lead to; `catalog` below knows an architecture by its name alone.

mod apertus;
mod arcee;
mod bailing_moe;
mod bailing_moe2;
mod by_name;
mod cohere2;
mod command_r;
mod deci;
mod deepseek;
mod deepseek2;
mod deepseek32;
mod deepseek4;
mod dots1;
mod ernie45;
mod ernie45_moe;
mod exaone;
mod exaone4;
mod exaone_moe;
mod falcon;
mod gemma;
mod gemma2;
mod gemma3;
mod gemma3n;
mod gemma4;
mod glm4;
mod glm4_moe;
mod glm_dsa;
mod gpt_oss;
mod granite;
mod granite_hybrid;
mod granite_moe;
mod hunyuan_dense;
mod hunyuan_moe;
mod internlm2;
mod jamba;
mod kimi_k3;
mod kimi_linear;
mod lfm2;
mod lfm2_moe;
mod llama;
mod llama4;
mod mamba2;
mod mimo2;
mod minicpm;
mod minimax_01;
mod minimax_m2;
mod minimax_m3;
mod mistral3;
mod mistral4;
mod nemotron;
mod nemotron_h;
mod nemotron_h_moe;
mod olmo2;
mod olmoe;
mod phi3;
mod phi_moe;
mod prelude;
mod qwen2;
mod qwen2_moe;
mod qwen2_vl;
mod qwen3;
mod qwen35;
mod qwen35_moe;
mod qwen3_moe;
mod qwen3_next;
mod qwen3_vl;
mod qwen3_vl_moe;
mod seed_oss;
mod smollm3;
mod starcoder2;
mod step35;
mod training_form;
mod traits;

use crate::catalog::model::{Architecture, each_architecture};
pub(crate) use training_form::{NormProduct, ProgramForm, RouterProduct, TrainingFamily};
pub(crate) use traits::{
    ArchTraits, BlockNorms, GraphForm, NextToken, Normed, Pattern, Pick, PositionTables, Residual, RouterForm,
    Temperature,
};

macro_rules! traits_of_each {
    ($($variant:ident = $module:ident $name:literal,)*) => {
        impl Architecture {
            /// What sets it apart.
            pub const fn traits(self) -> &'static ArchTraits {
                match self {
                    $(Self::$variant => &$module::TRAITS,)*
                }
            }
        }
    };
}

each_architecture!(traits_of_each);
