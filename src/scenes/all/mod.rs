//! Every scene: one file each.

mod allocator;
mod basics;
mod batch;
mod checkpointing;
mod exceptions;
mod flash_attention;
mod kit;
mod laps;
mod long_chats;
mod lora;
mod memory;
mod one_pool;
mod one_token;
mod out_of_vram;
mod paged_kv;
mod quantization;
mod shades;
mod shared_gpu_memory;
mod side_by_side;
mod training;
mod your_plan;

use super::script::Script;
use super::{Premise, Scene};
use crate::plan::SceneId;

/// The scenes that there are, in the order they are shown: the reader's own plan and the basics first.
pub const ALL: &[SceneId] = &[
    SceneId::YourPlan,
    SceneId::Basics,
    SceneId::OneToken,
    SceneId::Exceptions,
    SceneId::OutOfVram,
    SceneId::SharedGpuMemory,
    SceneId::OnePool,
    SceneId::Training,
    SceneId::Batch,
    SceneId::LongChats,
    SceneId::PagedKv,
    SceneId::Quantization,
    SceneId::FlashAttention,
    SceneId::Checkpointing,
    SceneId::Lora,
    SceneId::SideBySide,
];

/// Builds one.
pub fn build(id: SceneId, premise: Premise<'_>) -> Scene {
    let make = match id {
        SceneId::YourPlan => your_plan::build,
        SceneId::Basics => basics::build,
        SceneId::OneToken => one_token::build,
        SceneId::Exceptions => exceptions::build,
        SceneId::OutOfVram => out_of_vram::build,
        SceneId::SharedGpuMemory => shared_gpu_memory::build,
        SceneId::OnePool => one_pool::build,
        SceneId::Training => training::build,
        SceneId::Batch => batch::build,
        SceneId::LongChats => long_chats::build,
        SceneId::PagedKv => paged_kv::build,
        SceneId::Quantization => quantization::build,
        SceneId::FlashAttention => flash_attention::build,
        SceneId::Checkpointing => checkpointing::build,
        SceneId::Lora => lora::build,
        SceneId::SideBySide => side_by_side::build,
        _ => return nothing(id),
    };
    Scene { id, script: Script::of(id), ..make(premise) }
}

/// A scene without stops.
fn nothing(id: SceneId) -> Scene {
    Scene {
        id,
        script: Script::of(id),
        figures: super::figure::Figures::default(),
        pictures: Vec::new(),
        handles: Vec::new(),
        offers: Vec::new(),
    }
}
