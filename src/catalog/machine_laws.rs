//! Constants of what stands around a card's own laws: the host, links, power, and what widens a band.

use serde::{Deserialize, Serialize};

use super::card::Link;
use crate::catalog::origin::Origin;

/// The host: its processor reads RAM and calculates.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostLaw {
    /// RAM bandwidth in GB/s where the machine names none.
    pub ram_gb_s: Guess,
    /// Fixed cost of a block, in µs.
    pub layer_us: f64,
    /// Share of the RAM bandwidth that quantized weights reach.
    pub weights: f64,
    /// The same for 16-bit weights.
    pub weights_16bit: f64,
    /// The same for the KV cache.
    pub kv: f64,
    /// Bits a weight below which nothing gets faster: unpacking takes as long as reading.
    pub least_bits: f64,
    /// How much longer the codebooks of IQ types take than `least_bits`.
    pub codebooks: f64,
    /// Arithmetic for prompts and further sequences, in TFLOPS.
    pub tflops: Guess,
    /// The most that the channels of one socket move, in GB/s on paper. What is named beyond is that of a second socket.
    pub socket_gb_s: f64,
    /// Share of a second socket's bandwidth that adds to the first's: half of what either reads lies with the other.
    pub second_socket: f64,
    /// Recurrent states in builds that step through them by many small operations.
    pub unfused: UnfusedLaw,
    /// Half width of the band of what runs on the host.
    pub spread: f64,
    /// Where the figures come from.
    pub source: Origin,
}

/// Recurrent states on the processor before one operation took all of a step, as in builds before a month.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnfusedLaw {
    /// The first year and month of builds that have it.
    pub until: (u16, u8),
    /// GB of states that a step went through in a second before.
    pub state_gb_s: f64,
    /// Where the figures come from.
    pub source: Origin,
}

impl HostLaw {
    /// The bandwidth in GB/s that counts of what the RAM has on paper: more than one socket's channels move is that of two.
    pub fn counted_gb_s(&self, on_paper: f64) -> f64 {
        let beyond = (on_paper - self.socket_gb_s).max(0.0);
        on_paper - beyond * (1.0 - self.second_socket)
    }
}

/// A figure that stands in for one that is not known.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guess {
    /// The low end.
    pub low: f64,
    /// The best single figure.
    pub expected: f64,
    /// The high end.
    pub high: f64,
    /// Where it comes from.
    pub source: Origin,
}

/// Links between cards, and between cards and host.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkLaw {
    /// More of a block's fixed cost where its layers are split over several cards, in µs.
    pub split_us: f64,
    /// The two reductions of a block cut across cards over PCI Express, in µs.
    pub reduce_pcie_us: f64,
    /// The same over a link of its own (NVLink, xGMI, …).
    pub reduce_direct_us: f64,
    /// Handing a block's activations from a card to the host and back, in µs.
    pub handover_us: f64,
    /// Share of a link's rate on paper that copies reach.
    pub pcie: f64,
    /// Share of that between cards whose driver lets none write into the other: what they exchange goes through RAM.
    pub staged: f64,
    /// Where the figures come from.
    pub source: Origin,
}

impl LinkLaw {
    /// The reductions of one block between cards with this link, in µs.
    pub const fn reduce_us(&self, link: Link) -> f64 {
        match link {
            Link::Absent => self.reduce_pcie_us,
            _ => self.reduce_direct_us,
        }
    }
}

/// What is read again and again of a file that is larger than the RAM.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PagingLaw {
    /// Share of the disk's rate that page faults reach.
    pub reached: Guess,
    /// Experts in RAM that are called, as a power of the share of them that is there: 1 = each as often as the others, less
    /// = those that are called often stay.
    pub kept: Guess,
}

/// Power of a card while decoding, as shares of its TDP.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerLaw {
    /// While it waits for others.
    pub waiting: f64,
    /// While it reads memory.
    pub reading: f64,
    /// While it calculates.
    pub computing: f64,
    /// Half width of the band.
    pub spread: f64,
    /// How clocks follow a limit.
    pub limit: LimitLaw,
    /// Where the figures come from.
    pub source: Origin,
}

/// How a chip's clock follows the power it is allowed, as shares of what it takes at its full clock.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitLaw {
    /// What memory and leakage take at any clock.
    pub floor: f64,
    /// What decoding takes, which waits for memory.
    pub reading: f64,
    /// Clock for each share of the power above the floor once the voltage is at its lowest: it falls in proportion there.
    /// Above, voltage and clock fall together, so power falls with the cube.
    pub slope: f64,
    /// The least clock: below, figures are a guess.
    pub least: f64,
    /// Half the width of the band for each share of a card's own power that it may not draw, where nobody measured it.
    #[serde(default)]
    pub unsure: LimitDoubt,
    /// Cards that somebody measured.
    #[serde(default)]
    pub curves: Vec<LimitCurve>,
    /// Where the figures come from.
    pub source: Origin,
}

/// How unsure the law of limits is, as half a band.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitDoubt {
    /// Of decoding.
    pub decode: f64,
    /// Of prompts.
    pub prompts: f64,
}

/// What cards keep of their speed under limits, as somebody measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitCurve {
    /// Which cards.
    pub cards: Vec<String>,
    /// Of decoding, by rising limits.
    pub decode: Vec<LimitPoint>,
    /// Of prompts, by rising limits; empty = nobody measured them.
    pub prompts: Vec<LimitPoint>,
    /// Who measured it.
    pub source: Origin,
}

/// A limit in W, and the least and the largest share of the speed that models keep with it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LimitPoint(pub f64, pub f64, pub f64);

/// What is kept of a speed under a limit, and half its band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeptSpeed {
    /// The share, between the least and the largest.
    pub share: f64,
    /// Half the width of the band.
    pub half: f64,
}

impl LimitPoint {
    fn kept(self) -> KeptSpeed {
        let Self(_, least, largest) = self;
        KeptSpeed { share: (least * largest).sqrt(), half: (largest / least).sqrt() - 1.0 }
    }
}

impl LimitCurve {
    /// What is kept at `watts`, between the points; below the first of them in proportion to `law`.
    pub fn kept(points: &[LimitPoint], watts: f64, law: impl Fn(f64) -> f64) -> Option<KeptSpeed> {
        let (first, last) = (points.first()?, points.last()?);
        if watts >= last.0 {
            return Some(last.kept());
        }
        if watts < first.0 {
            let at = first.kept();
            let scale = law(watts) / law(first.0).max(f64::MIN_POSITIVE);
            return Some(KeptSpeed { share: at.share * scale.min(1.0), half: at.half + (1.0 - watts / first.0) });
        }
        let place = points.windows(2).find(|pair| pair[1].0 > watts)?;
        let part = (watts - place[0].0) / (place[1].0 - place[0].0);
        let between = |one: f64, other: f64| one + part * (other - one);
        let (one, other) = (place[0], place[1]);
        Some(LimitPoint(watts, between(one.1, other.1), between(one.2, other.2)).kept())
    }
}

impl LimitLaw {
    /// The curve of this card, where somebody measured one.
    pub fn curve(&self, card: &str) -> Option<&LimitCurve> {
        self.curves.iter().find(|curve| curve.cards.iter().any(|id| id == card))
    }

    /// The clock, as a share of the full one, of a chip that may take `allowed` of the `full` W it takes at it while all of
    /// its units work, `part` of which it wants now.
    pub fn clock(&self, allowed: f64, full: f64, part: f64) -> f64 {
        let floor = self.floor * full;
        let share = (allowed - floor) / (part * full - floor).max(f64::MIN_POSITIVE);
        if share >= 1.0 { 1.0 } else { share.max(0.0).cbrt().min(self.slope * share).clamp(self.least, 1.0) }
    }
}

/// What widens a band besides the family's own spread. Added as squares.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spreads {
    /// Routed experts.
    pub experts: f64,
    /// Recurrent layers.
    pub recurrent: f64,
    /// Latent attention.
    pub latent: f64,
    /// Several sequences of a dense model.
    pub batch: f64,
    /// Several sequences of a mixture of experts: routing is correlated.
    pub batch_experts: f64,
    /// Layers cut across cards.
    pub tensor: f64,
    /// A format that general kernels unpack: which ones run differs from build to build.
    pub unpacked: f64,
    /// Long context: as far as the cache takes the time.
    pub cache: f64,
    /// A card with a measurement of its user: this instead of the family's spread.
    pub measured: f64,
    /// Where the figures come from.
    pub source: Origin,
}
