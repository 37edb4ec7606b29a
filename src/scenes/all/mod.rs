//! Every scene: one file each.

mod allocator;
mod basics;
mod batch;
mod buy_or_rent;
mod checkpointing;
mod exceptions;
mod flash_attention;
mod hbm;
mod kit;
mod laps;
mod long_chats;
mod lora;
mod memory;
mod mixtures;
mod offload;
mod one_pool;
mod one_token;
mod out_of_vram;
mod paged_kv;
mod parallel;
mod pcie;
mod preview;
mod quantization;
mod shades;
mod shared_gpu_memory;
mod side_by_side;
mod tiers;
mod training;
mod your_plan;

use super::handle::Notch;
use super::script::Script;
use super::{Premise, Scene};
use crate::plan::{Plan, SceneId};

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
        SceneId::Hbm => hbm::build,
        SceneId::Pcie => pcie::build,
        SceneId::Quantization => quantization::build,
        SceneId::FlashAttention => flash_attention::build,
        SceneId::Checkpointing => checkpointing::build,
        SceneId::Lora => lora::build,
        SceneId::Offload => offload::build,
        SceneId::Parallel => parallel::build,
        SceneId::Mixtures => mixtures::build,
        SceneId::BuyOrRent => buy_or_rent::build,
        SceneId::Tiers => tiers::build,
        SceneId::SideBySide => side_by_side::build,
    };
    let mut scene = Scene { id, script: Script::of(id), ..make(premise) };
    preview::add(&mut scene, premise.catalog);
    mark_yours(&mut scene, premise.plan);
    scene
}

/// Marks the notch at which a handle leaves the reader's plan as it is; what is asked of a build its scene knows.
fn mark_yours(scene: &mut Scene, plan: &Plan) {
    for handle in &mut scene.handles {
        if handle.notch().is_some_and(|notch| notch.turn.is_asked_of_build()) {
            continue;
        }
        let keeps = |notch: &Notch| {
            let mut turned = plan.clone();
            notch.turn.apply(&mut turned);
            turned == *plan
        };
        handle.yours = handle.notches.iter().position(keeps);
    }
}

/// A scene without stops.
fn nothing(id: SceneId) -> Scene {
    Scene {
        id,
        script: Script::of(id),
        figures: super::figure::Figures::default(),
        pictures: Vec::new(),
        handles: Vec::new(),
        panel: None,
        offers: Vec::new(),
    }
}
