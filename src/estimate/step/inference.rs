//! What runs: the same for every place.

use crate::catalog::model::Model;
use crate::plan::Workload;

/// What runs: the same for every place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate) struct Inference {
    /// Sequences that decode at once.
    pub(in crate::estimate) sequences: f64,
    /// Sequences whose caches are read one by one; 1 where all share one pool.
    pub(in crate::estimate) streams: f64,
    /// Groups of so many sequences that are under way at the same time, each on other devices; 1 where none are.
    pub(in crate::estimate) in_turn: f64,
    /// Tokens cached when decoding starts and when it ends; the speed is the mean between.
    pub(in crate::estimate) decoding: TokenSpan,
    /// Tokens cached before and after the prompt that is timed.
    pub(in crate::estimate) prompt: TokenSpan,
    /// Tokens of the prompt before the first token.
    pub(in crate::estimate) prompt_tokens: f64,
    /// Tokens of a prompt that go through at once.
    pub(in crate::estimate) batch_tokens: f64,
    pub(in crate::estimate) flash_attention: bool,
    /// Each kernel is launched by itself, without graphs.
    pub(in crate::estimate) launched: bool,
    /// The routed experts of a layer; `None` without a mixture.
    pub(in crate::estimate) experts: Option<ExpertCounts>,
    /// How the weights are stored.
    pub(in crate::estimate) stored: WeightStorage,
    /// The routed experts are stored in a format of four bits with a scale for each few weights (MXFP4, NVFP4).
    pub(in crate::estimate) microscaled: bool,
    /// Width of the residual stream.
    pub(in crate::estimate) hidden: f64,
    /// How the devices work together.
    pub(in crate::estimate) together: Together,
    /// What crosses from box to box.
    pub(in crate::estimate) crossing: Crossing,
}

/// Cached tokens, from and to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate) struct TokenSpan {
    /// Before.
    pub(in crate::estimate) from: f64,
    /// After.
    pub(in crate::estimate) to: f64,
}

/// Routed experts of a layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate) struct ExpertCounts {
    pub(in crate::estimate) all: f64,
    /// A token passes through.
    pub(in crate::estimate) used: f64,
}

/// How the weights are stored, as far as it decides which kernels run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::estimate) enum WeightStorage {
    /// In 16 bits and more.
    Plain,
    /// In fewer bits.
    Quantized,
    /// In fewer bits by codebooks, which a processor unpacks slowly (IQ types).
    Codebooks,
}

/// What crosses from box to box. Nothing where all stand in one.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::estimate) struct Crossing {
    /// Messages that each step waits for, one after the other.
    pub(in crate::estimate) messages: f64,
    /// Bytes of one token.
    pub(in crate::estimate) token_bytes: f64,
    /// Bytes of one token for each that it sees.
    pub(in crate::estimate) seen_bytes: f64,
    /// Bytes of weights that are sent before anything runs.
    pub(in crate::estimate) loaded_bytes: f64,
    /// Layers are cut across boxes.
    pub(in crate::estimate) cut: bool,
    /// While one box works on a batch of a prompt, the next works on the one before.
    pub(in crate::estimate) overlaps: bool,
}

impl Crossing {
    /// Bytes of so many tokens, each of which sees so many on average.
    pub(in crate::estimate) fn bytes(&self, tokens: f64, seen: f64) -> f64 {
        tokens * (self.token_bytes + self.seen_bytes * seen)
    }
}

/// How several devices work together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::estimate) enum Together {
    /// One after the other, each on its own layers.
    Layers,
    /// All at once on every layer.
    Tensor,
}

impl ExpertCounts {
    /// Those of `model`; `None` without a mixture.
    pub(in crate::estimate) fn of(model: &Model) -> Option<Self> {
        let experts = model.experts?;
        Some(Self { all: experts.num_experts as f64, used: experts.num_experts_per_tok as f64 })
    }
}

impl ExpertCounts {
    /// The same on one of so many copies of an engine that spread the experts over all: it sees the tokens of all of them.
    pub(in crate::estimate) fn of_copies(self, copies: u32) -> Self {
        Self { used: (self.used * f64::from(copies)).min(self.all), ..self }
    }
}

impl Inference {
    /// Share of the experts that a step of so many tokens touches: `1 - (1 - k/E)^tokens`, routing being as good as
    /// random.
    pub(in crate::estimate) fn experts_touched(&self, tokens: f64) -> f64 {
        // One token touches those that it uses: what most plans ask, told without a power.
        let touched = |one: f64| if tokens == 1.0 { one } else { 1.0 - (1.0 - one).powf(tokens) };
        if self.experts.is_some_and(|experts| experts.all > 0.0) { touched(self.experts_used()) } else { 0.0 }
    }

    /// Share of the experts' weights that multiply one token.
    pub(in crate::estimate) fn experts_used(&self) -> f64 {
        self.experts.map_or(0.0, |ExpertCounts { all, used }| if all > 0.0 { (used / all).min(1.0) } else { 0.0 })
    }
}

/// What a plan asks to have timed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate) struct TimedSpans {
    /// Tokens cached while decoding.
    pub(in crate::estimate) decoding: TokenSpan,
    /// Tokens cached before and after the prompt that is timed.
    pub(in crate::estimate) prompt: TokenSpan,
}

impl TimedSpans {
    pub(in crate::estimate) fn of(workload: &Workload) -> Self {
        let context = workload.context as f64;
        let depth = workload.depth.map_or(context, |depth| (depth as f64).min(context));
        let (from, to) = match workload.depth {
            // Decoding at one depth: the prompt that would follow there.
            Some(_) if depth >= context => (depth, depth + workload.prompt_tokens.max(1) as f64),
            Some(_) => (depth, context),
            None => (0.0, workload.prompt_tokens as f64),
        };
        Self { decoding: TokenSpan { from: depth, to: context }, prompt: TokenSpan { from, to } }
    }
}
