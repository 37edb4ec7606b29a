//! Every scene: one file each.

mod basics;
mod kit;
mod quantization;
mod shades;

use super::script::Script;
use super::{Premise, Scene};
use crate::plan::SceneId;

/// The scenes that there are, in the order they are shown: the reader's own plan and the basics first.
pub const ALL: &[SceneId] = &[SceneId::Basics, SceneId::Quantization];

/// Builds one.
pub fn build(id: SceneId, premise: Premise<'_>) -> Scene {
    let make = match id {
        SceneId::Basics => basics::build,
        SceneId::Quantization => quantization::build,
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
