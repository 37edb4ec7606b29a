//! The words of scenes, read from `data/scenes` on first use.
//!
//! `{figure}` stands for a figure that the scene works out, `<word>` for a word of the kitchen that has a plain twin, and
//! `[link:words]` for words that light up with what they name.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::plan::SceneId;
use crate::text::Locale;

/// Words in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl Said {
    /// In one language.
    pub fn of(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.en,
            Locale::Zh => &self.zh,
        }
    }

    /// Nothing is said.
    pub const fn is_empty(&self) -> bool {
        self.en.is_empty()
    }
}

/// The words of one stop.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StopScript {
    /// On the timeline, two or three words.
    pub name: Said,
    /// Over the picture.
    pub heading: Said,
    /// Under the heading.
    #[serde(default)]
    pub sub: Said,
    /// Under the picture, at most 40 words or 80 characters.
    pub caption: Said,
    /// What the picture leaves out, small, at the foot.
    #[serde(default)]
    pub note: Said,
    /// What may be answered; the stop asks where there are any.
    #[serde(default)]
    pub answers: Vec<Said>,
    /// What is said at the next stop to each answer, after "You said": one an answer.
    #[serde(default)]
    pub replies: Vec<Said>,
}

/// The words of one scene.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// On the strip of scenes, one to three words.
    pub title: Said,
    /// What it tells, in one sentence.
    pub about: Said,
    /// The stops, at most seven.
    pub stops: Vec<StopScript>,
    /// Words in the pictures, by their names.
    #[serde(default)]
    pub labels: BTreeMap<String, Said>,
}

impl Script {
    /// The script of a scene.
    pub fn of(id: SceneId) -> &'static Self {
        static EMPTY: LazyLock<Script> = LazyLock::new(Script::default);
        SCRIPTS.get(&id).unwrap_or(&EMPTY)
    }

    /// Words in a picture: the scene's own, else those that all scenes share.
    pub fn label(&self, name: &str) -> Option<&Said> {
        self.labels.get(name).or_else(|| shared_labels().get(name))
    }
}

/// A word of the kitchen and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Twin {
    /// In the kitchen.
    pub kitchen: Said,
    /// In hardware words.
    pub plain: Said,
}

/// The words with a twin, by how captions name them.
pub fn twins() -> &'static BTreeMap<String, Twin> {
    static WORDS: LazyLock<BTreeMap<String, Twin>> =
        LazyLock::new(|| parse(include_str!("../../data/scenes/words.ron")));
    &WORDS
}

/// Words in pictures that all scenes share: what memory is taken for.
pub fn shared_labels() -> &'static BTreeMap<String, Said> {
    static LABELS: LazyLock<BTreeMap<String, Said>> =
        LazyLock::new(|| parse(include_str!("../../data/scenes/labels.ron")));
    &LABELS
}

/// A part of the program, held complete by its tests; a broken one reads as empty rather than stop the program.
fn parse<T: for<'de> Deserialize<'de> + Default>(text: &str) -> T {
    ron::from_str(text).unwrap_or_default()
}

macro_rules! scripts {
    ($($id:ident $file:literal)*) => {
        /// The text of each scene's words.
        pub const FILES: &[(SceneId, &str)] =
            &[$((SceneId::$id, include_str!(concat!("../../data/scenes/", $file, ".ron"))),)*];
    };
}

scripts! {
    YourPlan "your-plan"
    Basics "basics"
    OneToken "one-token"
    Exceptions "exceptions"
    OutOfVram "out-of-vram"
    SharedGpuMemory "shared-gpu-memory"
    OnePool "one-pool"
    Training "training"
    Batch "batch"
    LongChats "long-chats"
    PagedKv "paged-kv"
    Hbm "hbm"
    Pcie "pcie"
    Quantization "quantization"
    FlashAttention "flash-attention"
    Checkpointing "checkpointing"
    Lora "lora"
    Offload "offload"
    Parallel "parallel"
    Mixtures "mixtures"
    BuyOrRent "buy-or-rent"
    Tiers "tiers"
    SideBySide "side-by-side"
}

static SCRIPTS: LazyLock<BTreeMap<SceneId, Script>> =
    LazyLock::new(|| FILES.iter().map(|(id, text)| (*id, parse(text))).collect());
