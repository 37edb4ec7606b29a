//! The plan document: inputs only, small, comparable, serializable. No derived figure lives here.

mod also;
pub mod bounds;
mod boxes;
mod build;
mod choices;
mod document;
mod fault;
mod frozen;
pub mod inputs;
mod machine;
mod overrides;
mod scene;
mod speculation;
mod training;
mod version;
mod workload;

pub use also::{MAX_RESIDENTS, Resident, ResidentPlace};
pub use boxes::FIRST_BOX;
pub use build::{BUDGET_USD, BuildGoal, BuildRequest, Buying, LEAST_DECODE, PartCount, RentTerms, TierWishes};
pub use choices::{
    Backend, BoxLink, CardChoice, CpuExperts, GpuLayers, Logits, ModelChoice, OperatingSystem, Runtime, SplitMode,
    Task, VisionPlace,
};
pub use document::{Document, MAX_NAME, MAX_NOTES, MAX_PLANS, NamedPlan, SCHEMA_VERSION};
pub use fault::{Allowed, Given, OutOfRange, Wanted};
pub use inputs::Input;
pub use machine::{CardCount, CardSlot, Machine};
pub(crate) use overrides::OverrideMatcher;
pub use overrides::{OverridesError, TensorOverrides};
pub use scene::{HandleId, SceneId, ScenePosition, Turned};
pub use speculation::{Drafter, Speculation};
pub use training::{
    BaseQuant, LoraTargets, LossMethod, Offload, Optimizer, Precision, Sharding, Training, TrainingAttention,
};
pub use version::{RuntimeVersion, VersionError};
pub use workload::{KvCache, ServerOptions, Workload};

use serde::{Deserialize, Serialize};

/// Everything one estimate needs to know: what shall run, and on what.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Plan {
    /// What shall run.
    pub workload: Workload,
    /// What it runs on.
    pub machine: Machine,
    /// What runs on it besides, each in a program of its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Resident>,
}
