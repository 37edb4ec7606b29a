//! Every scene: one file each.

mod basics;
mod batch;
mod buy_or_rent;
mod checkpointing;
mod flash_attention;
mod hbm;
mod kit;
mod long_chats;
mod lora;
mod memory;
mod mixtures;
mod offload;
mod paged_kv;
mod parallel;
mod pcie;
mod quantization;
mod shades;
mod tiers;
mod training;
mod your_plan;

use super::script::Script;
use super::{Premise, Scene};
use crate::plan::SceneId;

/// The scenes that there are, in the order they are shown: the reader's own plan and the basics first.
pub const ALL: &[SceneId] = &[
    SceneId::YourPlan,
    SceneId::Basics,
    SceneId::Training,
    SceneId::Batch,
    SceneId::LongChats,
    SceneId::PagedKv,
    SceneId::Hbm,
    SceneId::Pcie,
    SceneId::Quantization,
    SceneId::FlashAttention,
    SceneId::Checkpointing,
    SceneId::Lora,
    SceneId::Offload,
    SceneId::Parallel,
    SceneId::Mixtures,
    SceneId::BuyOrRent,
    SceneId::Tiers,
];

/// Builds one.
pub fn build(id: SceneId, premise: Premise<'_>) -> Scene {
    let make = match id {
        SceneId::Tiers => tiers::build,
        SceneId::BuyOrRent => buy_or_rent::build,
        SceneId::Parallel => parallel::build,
        SceneId::Mixtures => mixtures::build,
        SceneId::YourPlan => your_plan::build,
        SceneId::Basics => basics::build,
        SceneId::Training => training::build,
        SceneId::Batch => batch::build,
        SceneId::LongChats => long_chats::build,
        SceneId::PagedKv => paged_kv::build,
        SceneId::Hbm => hbm::build,
        SceneId::Pcie => pcie::build,
        SceneId::Quantization => quantization::build,
        SceneId::FlashAttention => flash_attention::build,
        SceneId::Checkpointing => checkpointing::build,
        SceneId::Lora => lora::build,
        SceneId::Offload => offload::build,
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
