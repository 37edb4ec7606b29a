//! Constants of the speed laws: how much of a card's paper rates each family of cards reaches, with sources.

use crate::catalog::origin::Origin;
use std::sync::OnceLock;

use ahash::AHashMap;
use serde::{Deserialize, Serialize};

use super::boxes::BoxLaw;
use super::card::{Card, ComputeRates};
use super::check::Problems;
use super::entry_table::Entry;
pub use super::machine_laws::{
    Guess, HostLaw, KeptSpeed, LimitCurve, LimitDoubt, LimitLaw, LimitPoint, LinkLaw, PagingLaw, PowerLaw, Spreads,
};
use super::quantization::Quantization;
use super::runtime::Backend;
use crate::text::Phrase;

/// The content of `speeds.ron`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speeds {
    /// Families of cards, the most particular first: the first that matches counts.
    pub families: Vec<Family>,
    /// Families that may hold for an architecture, in order; worked out when the first is asked for.
    #[serde(skip)]
    by_architecture: OnceLock<AHashMap<String, Vec<Candidate>>>,
    /// The host's processor and RAM.
    pub host: HostLaw,
    /// Links between cards, and between cards and host.
    pub links: LinkLaw,
    /// Networks between boxes that share a model.
    #[serde(default)]
    pub boxes: BoxLaw,
    /// Disks, where none is named.
    pub disk: Guess,
    /// Files that are larger than the RAM.
    #[serde(default)]
    pub paging: PagingLaw,
    /// Power while decoding.
    pub power: PowerLaw,
    /// The chance that a token guessed ahead is taken: in prose, usual, in code.
    pub guesses_taken: Guess,
    /// What widens a band.
    pub spreads: Spreads,
}

/// One engine and compute library (`None` = any) that a family holds for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Candidate {
    engine: EngineKind,
    backend: Option<Backend>,
    family: usize,
}

/// Which engine a family's constants hold for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EngineKind {
    /// llama.cpp before 2025: no CUDA graphs, quantized prompts through a 16-bit copy.
    OldLlamaCpp,
    /// llama.cpp of January to September 2025: the processor sorts the rows of experts and fills the mask of attention, and
    /// few kernels are fused. What stands under no family of its own runs as since then.
    EarlyLlamaCpp,
    /// llama.cpp since October 2025.
    LlamaCpp,
    /// `vLLM` before 0.6: a scheduler in Python between any two steps.
    OldServer,
    /// Engines made for servers: `vLLM`, `SGLang`, TGI, `TensorRT-LLM`.
    Server,
    /// Transformers: every kernel launched from Python.
    Transformers,
}

/// Cards that behave alike under one engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// Unique, for messages.
    pub id: String,
    /// Engines it holds for.
    pub engines: Vec<EngineKind>,
    /// Compute libraries it holds for; all where empty.
    #[serde(default)]
    pub backends: Vec<Backend>,
    /// Generations of chips by the maker's names; all where empty.
    #[serde(default)]
    pub architectures: Vec<String>,
    /// What the memory's kind begins with; all where empty.
    #[serde(default)]
    pub memory: Vec<String>,
    /// FP32 TFLOPS of a card for each GB/s of bandwidth, where the rates of some of its cards are not published.
    #[serde(default)]
    pub fp32_per_gb_s: Option<f64>,
    /// W that a chip takes for each FP32 TFLOPS on paper at its full clock: a card that is allowed less cannot hold it.
    /// Where it is not known, the card's own limit is taken to be enough.
    #[serde(default)]
    pub w_per_tflops: Option<f64>,
    /// Decoding.
    pub decode: DecodeLaw,
    /// Prompts.
    pub prefill: PrefillLaw,
    /// Half width of the decode band, as a share of the expected speed.
    pub decode_spread: f64,
    /// Half width of the prefill band.
    pub prefill_spread: f64,
    /// Measurements behind the constants; 0 = carried over from a kin, an estimate.
    pub rows: u32,
    /// Where they come from.
    pub source: Origin,
}

/// One decode step: fixed cost of the layers, weights and cache over a share of the bandwidth, and for many sequences
/// arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecodeLaw {
    /// Fixed cost of a transformer block, in µs.
    pub layer_us: f64,
    /// On top where it has routed experts, in µs.
    pub expert_us: f64,
    /// On top for each expert that a token passes through, where kernels of their own gather and add them up, in µs.
    #[serde(default)]
    pub routed_us: f64,
    /// On top where a dense feed-forward part stands beside the experts, with kernels and norms of its own, in µs.
    #[serde(default)]
    pub shared_us: f64,
    /// Formats that general kernels unpack, and what that costs; none where the engine has kernels for all.
    #[serde(default)]
    pub general: Option<GeneralKernels>,
    /// On top where it is recurrent, in µs.
    pub recurrent_us: f64,
    /// On top where its attention is latent (MLA), in µs.
    pub latent_us: f64,
    /// On top with several sequences, for which fewer kernels are fused, in µs.
    #[serde(default)]
    pub several_us: f64,
    /// On top where kernels are launched one by one, without graphs, in µs.
    #[serde(default)]
    pub eager_us: f64,
    /// On top of the link's reductions where layers are cut across cards, in µs.
    #[serde(default)]
    pub cut_us: f64,
    /// Share of the bandwidth that quantized weights reach.
    pub weights: f64,
    /// The same for 16-bit weights.
    pub weights_16bit: f64,
    /// The same for routed experts, as a share of `weights`.
    pub experts: f64,
    /// The most that weights reach, in GB/s.
    #[serde(default)]
    pub most_gb_s: Option<f64>,
    /// Weights unpacked a second, as a share of the FP32 rate, where unpacking may limit.
    #[serde(default)]
    pub unpack: Option<f64>,
    /// Share of the bandwidth that the KV cache reaches with flash attention.
    pub kv: f64,
    /// The same without.
    pub kv_plain: f64,
    /// Attention arithmetic as a share of the FP32 rate.
    pub attention: f64,
    /// Arithmetic of further sequences as a share of the matrix rate.
    pub batch: f64,
    /// Where sequences go through the matrix units in steps of 32: share of the FP32 rate there, `batch` being that of
    /// the path before.
    #[serde(default)]
    pub tile: Option<f64>,
}

/// Formats that an engine has no kernel for on a device that cannot calculate in them: general kernels unpack them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GeneralKernels {
    /// Which.
    pub formats: GeneralFormats,
    /// Share of what weights in other formats reach.
    #[serde(default = "one")]
    pub weights: f64,
    /// On top of a block whose routed experts are stored so, in µs.
    #[serde(default)]
    pub expert_us: f64,
    /// Which kernels run differs so much from build to build that nobody can tell a speed.
    #[serde(default)]
    pub unpredictable: bool,
}

/// Formats by how weights are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum GeneralFormats {
    /// Routed experts in four bits with a scale for each few weights (MXFP4, NVFP4).
    Microscaled,
    /// Weights in fewer than 16 bits that the device has no arithmetic for.
    Quantized,
}

/// Prompts: arithmetic over a share of the matrix rate, weights read once a batch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrefillLaw {
    /// Which paper rate the shares are of.
    pub rate: MatrixRate,
    /// That rate over the FP32 rate, for cards whose matrix rate is not known.
    #[serde(default)]
    pub per_fp32: Option<f64>,
    /// Share of the rate with quantized weights.
    pub quantized: f64,
    /// Share with 16-bit weights.
    pub half: f64,
    /// Share in routed experts.
    pub experts: f64,
    /// Rows that each touched expert's multiplication takes more than it has tokens: a kernel works in tiles, the last of
    /// which is filled in part. With many experts and small batches that is most of the work.
    #[serde(default)]
    pub tile: f64,
    /// How many times faster experts in MXFP4 are, where the device multiplies that format itself.
    #[serde(default = "one")]
    pub microscaled: f64,
    /// For each matrix of a touched expert, in µs, where each is a multiplication of its own.
    #[serde(default)]
    pub matrix_us: f64,
    /// For each token and recurrent block, in ns, where a kernel steps through the prompt token by token.
    #[serde(default)]
    pub recurrent_ns: f64,
    /// For each expert that a token passes through and block, in ns, where the processor sorts them while the device waits.
    #[serde(default)]
    pub sorting_ns: f64,
    /// For each token and token it sees, in ns, where the processor fills the mask of attention.
    #[serde(default)]
    pub mask_ns: f64,
    /// Share in attention with flash attention.
    pub attention: f64,
    /// The same without.
    pub attention_plain: f64,
    /// Bytes that each quantized weight moves besides, where it is unpacked to a 16-bit copy first.
    #[serde(default)]
    pub copied_bytes: f64,
    /// Share of the ideal gain that several cards reach as a pipeline.
    pub pipeline: f64,
}

const fn one() -> f64 {
    1.0
}

/// A paper rate of a card; `None` where the card's is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MatrixRate {
    /// FP16 on the matrix units, accumulated in FP16 where the card is faster so.
    Fp16Accumulated,
    /// FP16 on the matrix units, accumulated in FP32.
    Fp16,
    /// INT8 dot products.
    Int8,
    /// FP16 or FP32 outside the matrix units.
    Vector,
}

impl MatrixRate {
    /// The rate in TFLOPS; `fp32` times `per_fp32` stands in where only the FP32 rate is known. A chip whose FP16 rate is
    /// known outside matrix units alone has none: it multiplies by dot products of INT8, four at a time against two.
    pub fn of(self, rates: &ComputeRates, fp32: Option<f64>, per_fp32: Option<f64>) -> Option<f64> {
        let dot_products = rates.fp16_vector.map(|half| 2.0 * half);
        let known = match self {
            Self::Fp16Accumulated => rates.fp16_acc16.or(rates.fp16).or(dot_products),
            Self::Fp16 => rates.fp16.or(dot_products),
            Self::Int8 => rates.int8,
            Self::Vector => rates.fp16_vector.or(fp32),
        };
        known.or_else(|| Some(fp32? * per_fp32?))
    }
}

impl Speeds {
    /// The constants for this card under this engine and compute library.
    pub fn family(&self, card: &Card, engine: EngineKind, backend: Backend) -> Option<&Family> {
        let known = self.by_architecture.get_or_init(|| self.by_architecture());
        // An architecture that no family names is left to those that hold for any: they stand under no name.
        let candidates = known.get(&card.architecture).or_else(|| known.get(""))?;
        let memory = card.memory_kind.as_deref().unwrap_or_default();
        let of = |engine: EngineKind| {
            candidates
                .iter()
                .filter(move |it| it.engine == engine && it.backend.is_none_or(|only| only == backend))
                .filter_map(|it| self.families.get(it.family))
                .find(|family| family.memory.is_empty() || family.memory.iter().any(|kind| memory.starts_with(kind)))
        };
        // Builds whose cards no early family names ran as later ones do.
        of(engine).or_else(|| if engine == EngineKind::EarlyLlamaCpp { of(EngineKind::LlamaCpp) } else { None })
    }

    fn by_architecture(&self) -> AHashMap<String, Vec<Candidate>> {
        let named = self.families.iter().flat_map(|family| family.architectures.iter().map(String::as_str));
        let candidates = |architecture: &str| {
            let families = self.families.iter().enumerate();
            let held = families.filter(|(_, family)| {
                family.architectures.is_empty() || family.architectures.iter().any(|it| it == architecture)
            });
            held.flat_map(|(index, family)| family.candidates(index)).collect()
        };
        named.chain([""]).map(|architecture| (architecture.to_owned(), candidates(architecture))).collect()
    }
}

impl Family {
    /// Where it holds, as the entry of this index.
    fn candidates(&self, index: usize) -> Vec<Candidate> {
        let backends: Vec<Option<Backend>> =
            if self.backends.is_empty() { vec![None] } else { self.backends.iter().copied().map(Some).collect() };
        let engines = self.engines.iter().copied();
        engines
            .flat_map(|engine| backends.iter().map(move |&backend| Candidate { engine, backend, family: index }))
            .collect()
    }
}

/// What a user's measurement timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Timed {
    /// Prompts.
    Prefill,
    /// Decoding.
    Decode,
}

/// A user's own measurement with llama.cpp on one card: recalibrates the card. Kept in `measured.ron` of the overlay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// The card, by its id.
    pub card: String,
    /// The model, by its id.
    pub model: String,
    /// How its weights are stored.
    pub quantization: Quantization,
    /// The compute library; the maker's where none is given.
    #[serde(default)]
    pub backend: Option<Backend>,
    /// What was timed.
    pub test: Timed,
    /// Tokens cached when the run started.
    #[serde(default)]
    pub depth: u64,
    /// Tokens that the run took.
    pub tokens: u64,
    /// The result.
    pub tokens_per_s: f64,
    /// Day or month of the measurement.
    pub date: String,
    /// What else one should know.
    #[serde(default)]
    pub note: Option<String>,
}

impl Measured {
    /// What is wrong with it, one sentence each.
    pub fn problems(&self) -> Vec<Phrase> {
        let mut found = Problems::default();
        found.within("tokens_per_s", Some(self.tokens_per_s), 0.001, 1e7);
        found.within("tokens", Some(self.tokens as f64), 1.0, 1e8);
        found.within("depth", Some(self.depth as f64), 0.0, 1e8);
        found.list
    }
}

impl Entry for Family {
    fn id(&self) -> &str {
        &self.id
    }

    fn problems(&self) -> Vec<Phrase> {
        let decode = &self.decode;
        let shares = [
            ("weights", decode.weights),
            ("weights_16bit", decode.weights_16bit),
            ("kv", decode.kv),
            ("kv_plain", decode.kv_plain),
        ];
        let prefill = &self.prefill;
        let of_prompts = [
            ("quantized", prefill.quantized),
            ("half", prefill.half),
            ("experts", prefill.experts),
            ("attention", prefill.attention),
        ];
        let mut found = Problems::default();
        for (name, share) in shares.into_iter().chain(of_prompts) {
            found.within(name, Some(share), 0.001, 1.0);
        }
        found.within("tile", Some(prefill.tile), 0.0, 128.0);
        found.list
    }
}
