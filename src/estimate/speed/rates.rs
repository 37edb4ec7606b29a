//! What one device reaches: its paper rates and the constants of its family.

use crate::catalog::Catalog;
use crate::catalog::card::{Card, Interconnect, Link, MarketSegment, Vendor};
use crate::catalog::runtime::Backend;
use crate::catalog::speed::{
    EngineKind, Family, GeneralFormats, GeneralKernels, KeptSpeed, LimitCurve, LimitLaw, LimitPoint,
};
use crate::estimate::step::{Inference, WeightStorage};
use crate::plan::{Runtime, RuntimeVersion, Workload};
use crate::units::{BytesPerSecond, OpsPerSecond};

/// The rates of one device.
#[derive(Debug, Clone, Copy)]
pub(in crate::estimate) struct DeviceRates<'a> {
    /// The constants.
    pub family: &'a Family,
    /// Memory bandwidth.
    pub bandwidth: BytesPerSecond,
    /// Arithmetic in FP32; `None` = no data.
    pub fp32: Option<OpsPerSecond>,
    /// The arithmetic that the shares of prompts are of; `None` = no data.
    pub matrix: Option<OpsPerSecond>,
    /// How many times faster than that the weights' arithmetic is, where the device calculates in their own format.
    pub native: f64,
    /// Power of one device in W, no more than it is allowed; `None` = no data.
    pub power: Option<f64>,
    /// Clocks under that limit.
    pub clock: Clock,
    /// The link to its siblings.
    pub link: Link,
    /// The driver lets no card write into another: NVIDIA's does not for cards of the `GeForce` line.
    pub staged: bool,
    /// That link in one direction on paper; `None` = PCI Express, or no data.
    pub link_rate: Option<BytesPerSecond>,
    /// What the user's measurements change.
    pub calibration: Calibration,
}

impl DeviceRates<'_> {
    /// With this link to its siblings.
    #[must_use]
    pub(in crate::estimate) fn linked(self, link: Option<Interconnect>) -> Self {
        let rate = link.and_then(|link| link.gb_s).map(|both| BytesPerSecond::from_gb_s(both / 2.0));
        Self { link: link.map_or(Link::Absent, |link| link.kind), link_rate: rate, ..self }
    }

    /// What it costs that general kernels unpack the weights' format; `None` where they do not.
    pub(super) fn general_kernels(&self, inference: &Inference) -> Option<&GeneralKernels> {
        self.family.decode.general.as_ref().filter(|general| {
            self.native <= 1.0
                && match general.formats {
                    GeneralFormats::Microscaled => inference.microscaled,
                    GeneralFormats::Quantized => inference.stored != WeightStorage::Plain,
                }
        })
    }

    /// Nobody can tell how fast this device is with such weights.
    pub(super) fn is_unpredictable(&self, inference: &Inference) -> bool {
        self.general_kernels(inference).is_some_and(|general| general.unpredictable)
    }
}

/// Clocks as shares of the full one: below 1 where the device may not take the power that it wants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate) struct Clock {
    /// While all of its units work: prompts.
    pub computing: f64,
    /// While they wait for memory: decoding.
    pub reading: f64,
    /// Half the band of either, in this order: no two models lose the same under a limit.
    pub unsure: (f64, f64),
}

impl Clock {
    /// Nothing holds it back.
    const FULL: Self = Self { computing: 1.0, reading: 1.0, unsure: (0.0, 0.0) };

    /// The clocks of a chip of `card` that takes `full` W at its full clock, `own` W by its maker's limit, and may take
    /// `allowed`.
    fn under(limit: &LimitLaw, card: &str, allowed: f64, (own, full): (f64, f64)) -> Self {
        let by_law = |part: f64| move |watts: f64| limit.clock(watts, full, part);
        let held = (1.0 - allowed / own).max(0.0);
        let law = |part: f64, unsure: f64| KeptSpeed { share: by_law(part)(allowed), half: unsure * held };
        let curve = limit.curve(card).filter(|_| held > 0.0);
        let measured = |points: &[LimitPoint], part: f64| LimitCurve::kept(points, allowed, by_law(part));
        let prompts = curve.and_then(|curve| measured(&curve.prompts, 1.0));
        let decode = curve.and_then(|curve| measured(&curve.decode, limit.reading));
        let prompts = prompts.unwrap_or_else(|| law(1.0, limit.unsure.prompts));
        let decode = decode.unwrap_or_else(|| law(limit.reading, limit.unsure.decode));
        Self { computing: prompts.share, reading: decode.share, unsure: (prompts.half, decode.half) }
    }
}

/// Factors on the times that the family's constants give; 1 without a measurement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate) struct Calibration {
    /// On the fixed cost of layers.
    pub fixed: f64,
    /// On everything else of a decode step.
    pub flow: f64,
    /// On prompts.
    pub prefill: f64,
    /// Decoding was measured.
    pub decode_measured: bool,
    /// Prompts were measured.
    pub prefill_measured: bool,
}

impl Calibration {
    /// No measurement.
    pub(in crate::estimate) const NONE: Self =
        Self { fixed: 1.0, flow: 1.0, prefill: 1.0, decode_measured: false, prefill_measured: false };
}

/// The rates of one device of `card`, or `None` where its bandwidth is not known. `limit_w` = the most that a card may
/// draw, where it is not the maker's.
pub(in crate::estimate) fn rates<'a>(
    card: &Card,
    engine: EngineKind,
    backend: Backend,
    limit_w: Option<u32>,
    catalog: &'a Catalog,
) -> Option<DeviceRates<'a>> {
    let family = catalog.speeds().family(card, engine, backend)?;
    let bandwidth = card.bandwidth_gb_s?;
    let fp32 = card.rates.fp32.or_else(|| Some(family.fp32_per_gb_s? * bandwidth));
    let matrix = family.prefill.rate.of(&card.rates, fp32, family.prefill.per_fp32);
    let devices = f64::from(card.devices_per_card.max(1));
    let allowed = card.tdp_w.map(|own| limit_w.map_or(own, |limit| limit.min(own))).or(limit_w);
    let power = card.tdp_w.and(allowed).map(|watts| f64::from(watts) / devices);
    let own = card.tdp_w.map(|watts| f64::from(watts) / devices);
    let full = family.w_per_tflops.zip(fp32).map(|(each, tflops)| each * tflops).or(own);
    let law = &catalog.speeds().power.limit;
    let powers = power.zip(own.zip(full));
    let clock = powers.map_or(Clock::FULL, |(allowed, powers)| Clock::under(law, &card.id, allowed, powers));
    Some(DeviceRates {
        family,
        bandwidth: BytesPerSecond::from_gb_s(bandwidth),
        fp32: fp32.map(OpsPerSecond::from_tflops),
        matrix: matrix.map(OpsPerSecond::from_tflops),
        power,
        clock,
        native: 1.0,
        staged: card.vendor == Vendor::Nvidia && card.segment == MarketSegment::Consumer,
        link: Link::Absent,
        link_rate: None,
        calibration: Calibration::NONE,
    })
}

/// Which constants an engine of this version runs by.
pub fn engine_kind(workload: &Workload) -> EngineKind {
    match workload.runtime {
        Runtime::LlamaCpp if workload.runtime_version.is_some_and(is_old) => EngineKind::OldLlamaCpp,
        Runtime::LlamaCpp if workload.runtime_version.is_some_and(is_early) => EngineKind::EarlyLlamaCpp,
        Runtime::LlamaCpp => EngineKind::LlamaCpp,
        Runtime::Vllm if workload.runtime_version.is_some_and(is_old_server) => EngineKind::OldServer,
        Runtime::Vllm | Runtime::Sglang | Runtime::Tgi | Runtime::TensorRtLlm => EngineKind::Server,
        Runtime::Transformers => EngineKind::Transformers,
    }
}

/// Builds of llama.cpp before 2025.
fn is_old(version: RuntimeVersion) -> bool {
    match version {
        RuntimeVersion::Month { year, .. } => year < 2025,
        RuntimeVersion::Build(build) => build < 4400,
        RuntimeVersion::Number { .. } => false,
    }
}

/// Builds of llama.cpp before October 2025.
fn is_early(version: RuntimeVersion) -> bool {
    match version {
        RuntimeVersion::Month { year, month } => (year, month) < (2025, 10),
        RuntimeVersion::Build(build) => build < 6660,
        RuntimeVersion::Number { .. } => false,
    }
}

/// Builds of vLLM before 0.6 (September 2024), whose scheduler kept cards waiting.
fn is_old_server(version: RuntimeVersion) -> bool {
    match version {
        RuntimeVersion::Month { year, month } => (year, month) < (2024, 9),
        RuntimeVersion::Number { major, minor } => (major, minor) < (0, 6),
        RuntimeVersion::Build(_) => false,
    }
}
