//! Where the reader of the pictures is: part of the document, so that a file opens at that moment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

/// A scene: one story in pictures.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "kebab-case")]
pub enum SceneId {
    /// The plan on screen: what lies where, and what helps.
    YourPlan,
    /// VRAM and RAM in seven stops.
    #[default]
    Basics,
    /// A model that fits: from the disk to four bytes of answer.
    OneToken,
    /// Two ways that are closed, and the exceptions with their speed.
    Exceptions,
    /// 14 GB of model, 8 GB of VRAM, 32 GB of RAM: the literal error.
    OutOfVram,
    /// What the driver of Windows moves into RAM without a word.
    SharedGpuMemory,
    /// Mac, DGX Spark, Strix Halo.
    OnePool,
    /// What piles up in training, and out of RAM beside it.
    Training,
    /// Why a larger batch needs more.
    Batch,
    /// The KV cache.
    LongChats,
    /// Pools, pages and holes.
    PagedKv,
    /// GDDR and HBM: bandwidth is the hidden figure.
    Hbm,
    /// Generations and lanes.
    Pcie,
    /// FP32 to INT4.
    Quantization,
    /// The matrix that is never stored.
    FlashAttention,
    /// Time for space.
    Checkpointing,
    /// `LoRA`, `QLoRA` and `ZeRO`.
    Lora,
    /// Layers in RAM, and the cliff.
    Offload,
    /// Tensor and pipeline parallel.
    Parallel,
    /// All experts are stored, few are read.
    Mixtures,
    /// From how many hours a card of one's own pays.
    BuyOrRent,
    /// Starter, team, enterprise: how the budget splits.
    Tiers,
    /// RAM and VRAM side by side.
    SideBySide,
}

impl SceneId {
    /// Its name in files and on the command line.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The scene of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::VARIANTS.iter().copied().find(|scene| scene.name() == name)
    }
}

/// A handle: what of a scene can be turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum HandleId {
    /// How much RAM.
    Ram,
    /// How fast the RAM is.
    RamSpeed,
    /// Which card.
    Card,
    /// How many cards.
    Cards,
    /// Generation and lanes of the slot.
    Pcie,
    /// How many tokens a sequence holds.
    Context,
    /// How many sequences run at once; in training the micro-batch.
    Sequences,
    /// In how many bits the weights are stored.
    Weights,
    /// How many layers lie in VRAM.
    Layers,
    /// Rank of the adapters.
    Rank,
    /// Over how many cards training states are cut.
    Sharding,
    /// Hours of use a day.
    Hours,
    /// How much may be spent.
    Budget,
}

/// Where the reader is, what was answered, and how the handles stand.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScenePosition {
    /// The scene that is shown.
    pub scene: SceneId,
    /// Seconds on its clock.
    pub time: f32,
    /// Hardware words in place of the kitchen's.
    pub plain_words: bool,
    /// What was answered to the question of a scene, counted from 0.
    pub answers: BTreeMap<SceneId, u8>,
    /// The notch of each handle that was turned, by scene.
    pub turned: BTreeMap<SceneId, Turned>,
}

/// The notches of the handles that were turned.
pub type Turned = BTreeMap<HandleId, usize>;
