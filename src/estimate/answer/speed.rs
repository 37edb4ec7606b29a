//! How fast a plan runs.

use crate::units::sums::fieldwise;
use crate::units::{Band, Bytes};

/// How fast a plan runs. `None` = no data, or nothing runs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Speed {
    /// Tokens a second that one sequence receives.
    pub decode: Option<Band<f64>>,
    /// The same while the other programs of the plan work as well; `None` where there are none, or none where it works.
    pub at_once: Option<Band<f64>>,
    /// Tokens a second over all sequences.
    pub decode_total: Option<Band<f64>>,
    /// Tokens a second over all sequences while new prompts come in as answers end.
    pub sustained: Option<Band<f64>>,
    /// Tokens of prompts a second.
    pub prefill: Option<Band<f64>>,
    /// Seconds from the prompt to the first token.
    pub first_token: Option<Band<f64>>,
    /// Seconds to the first token of the last in line, where sequences wait for others to end.
    pub queued_first_token: Option<Band<f64>>,
    /// Seconds from the disk to the first use.
    pub load: Option<Band<f64>>,
    /// What crosses between boxes for each decode step; `None` where nothing does.
    pub network: Option<NetworkShare>,
    /// Power of all cards together while decoding, in W.
    pub power: Option<Band<f64>>,
    /// kWh that the cards take for a million decoded tokens.
    pub energy: Option<Band<f64>>,
    /// What makes the bands of decoding as wide as they are; `None` without one.
    pub decode_spread: Option<Spread>,
    /// The same of prompts.
    pub prefill_spread: Option<Spread>,
    /// Tokens a second that training goes through, over all cards.
    pub train: Option<Band<f64>>,
    /// What one decode step waits for.
    pub times: StepTimes,
    /// What one decode step reads.
    pub reads: StepBytes,
    /// The file is larger than the RAM that is left for it: it would be read from the disk again and again.
    pub pages: bool,
    /// General kernels unpack the weights, and which ones differs from build to build: nobody can tell a speed.
    pub unpredictable: bool,
}

/// What crosses between boxes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct NetworkShare {
    /// Bytes.
    pub bytes: f64,
    /// Seconds that they take, with what boxes wait for each other.
    pub seconds: Band<f64>,
}

/// What makes a band as wide as it is: half widths as shares of the speed, which add up as squares. Zero = does not apply.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Spread {
    /// The widest of the cards: their family's, or that of the user's own measurements.
    pub cards: f64,
    /// All places together, weighed by their time.
    pub places: f64,
    /// What of the places is the host's.
    pub host: f64,
    /// Routed experts.
    pub experts: f64,
    /// Recurrent layers.
    pub recurrent: f64,
    /// Latent attention.
    pub latent: f64,
    /// Several sequences at once.
    pub sequences: f64,
    /// Layers cut across cards.
    pub tensor: f64,
    /// A format that general kernels unpack.
    pub unpacked: f64,
    /// Reading the caches.
    pub cache: f64,
    /// What a limit of power costs.
    pub limit: f64,
    /// What crosses between boxes.
    pub network: f64,
    /// How much slower it is where the engine, which places layers by itself, leaves more of them in RAM: this widens the
    /// band downward alone.
    pub placement: f64,
}

/// What widens a band beyond that of the cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Uncertainty {
    /// Routed experts.
    Experts,
    /// Recurrent layers.
    Recurrent,
    /// Latent attention.
    Latent,
    /// Several sequences at once.
    Sequences,
    /// Layers cut across cards.
    Tensor,
    /// A format that general kernels unpack.
    Unpacked,
    /// Reading long caches.
    Cache,
    /// What a limit of power costs.
    Limit,
    /// What crosses between boxes.
    Network,
    /// What lies in RAM.
    Host,
    /// How many layers the engine leaves in RAM.
    Placement,
}

/// What widens the band by less than this explains nothing.
const LEAST_SAID: f64 = 0.05;

impl Spread {
    /// Half the width of the band: 0.25 gives from 0.8 to 1.25 of the expected speed. The causes are independent of each
    /// other, so their squares add up.
    pub fn half(&self) -> f64 {
        let Self {
            cards: _,
            places,
            host: _,
            experts,
            recurrent,
            latent,
            sequences,
            tensor,
            unpacked,
            cache,
            limit,
            network,
            placement: _,
        } = *self;
        let causes = [places, experts, recurrent, latent, sequences, tensor, unpacked, cache, limit, network];
        causes.iter().map(|cause| cause * cause).sum::<f64>().sqrt()
    }

    /// What widens the band beyond that of the cards, each with its half width.
    pub fn reasons(&self) -> impl Iterator<Item = (Uncertainty, f64)> {
        let all = [
            (Uncertainty::Experts, self.experts, 0.0),
            (Uncertainty::Recurrent, self.recurrent, 0.0),
            (Uncertainty::Latent, self.latent, 0.0),
            (Uncertainty::Sequences, self.sequences, 0.0),
            (Uncertainty::Tensor, self.tensor, 0.0),
            (Uncertainty::Unpacked, self.unpacked, 0.0),
            (Uncertainty::Cache, self.cache, LEAST_SAID),
            (Uncertainty::Limit, self.limit, 0.0),
            (Uncertainty::Network, self.network, 0.0),
            (Uncertainty::Host, self.host, 0.0),
            (Uncertainty::Placement, self.placement, LEAST_SAID),
        ];
        all.into_iter().filter(|(_, half, least)| half > least).map(|(cause, half, _)| (cause, half))
    }
}

/// Seconds of one decode step by what it waits for.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct StepTimes {
    /// Fixed costs of each layer: launches, norms, small kernels.
    pub layers: f64,
    /// Weights read from VRAM.
    pub vram_weights: f64,
    /// KV cache read from VRAM.
    pub vram_kv: f64,
    /// Weights read from RAM.
    pub ram_weights: f64,
    /// KV cache read from RAM.
    pub ram_kv: f64,
    /// Arithmetic.
    pub compute: f64,
    /// Links between cards, and between cards and RAM.
    pub link: f64,
}

/// Bytes that one decode step reads, by what they are and where they lie; of experts those that are called.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StepBytes {
    /// Weights in VRAM.
    pub vram_weights: Bytes,
    /// KV cache and states in VRAM.
    pub vram_kv: Bytes,
    /// Weights in RAM.
    pub ram_weights: Bytes,
    /// KV cache and states in RAM.
    pub ram_kv: Bytes,
}

impl StepBytes {
    /// Weights, wherever they lie.
    pub fn weights(&self) -> Bytes {
        self.vram_weights + self.ram_weights
    }

    /// Everything.
    pub fn total(&self) -> Bytes {
        self.weights() + self.vram_kv + self.ram_kv
    }
}

/// What a decode step waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepPart {
    /// Weights read from VRAM.
    VramWeights,
    /// KV cache read from VRAM.
    VramKv,
    /// Weights read from RAM.
    RamWeights,
    /// KV cache read from RAM.
    RamKv,
    /// Arithmetic.
    Compute,
    /// Links.
    Link,
    /// Fixed costs of each layer.
    Layers,
}

/// How long a decode step waits for one thing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepShare {
    /// For what.
    pub part: StepPart,
    /// Seconds.
    pub seconds: f64,
    /// The same as a share of the step; zero where nothing takes time.
    pub share: f64,
}

impl StepTimes {
    /// What the step waits for, part by part.
    pub fn shares(&self) -> [StepShare; 7] {
        let whole = self.total();
        [
            (StepPart::VramWeights, self.vram_weights),
            (StepPart::VramKv, self.vram_kv),
            (StepPart::RamWeights, self.ram_weights),
            (StepPart::RamKv, self.ram_kv),
            (StepPart::Compute, self.compute),
            (StepPart::Link, self.link),
            (StepPart::Layers, self.layers),
        ]
        .map(|(part, seconds)| StepShare {
            part,
            seconds,
            share: if whole > 0.0 { seconds / whole } else { 0.0 },
        })
    }

    /// The whole step.
    pub fn total(&self) -> f64 {
        self.layers + self.vram_weights + self.vram_kv + self.ram_weights + self.ram_kv + self.compute + self.link
    }
}

fieldwise! { Add add StepTimes: layers vram_weights vram_kv ram_weights ram_kv compute link }
