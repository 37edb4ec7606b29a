//! A log held against the estimate of a plan, part by part, and why they differ.

use super::{Amount, LogTool, LoggedSpeed, Part, Place, RuntimeLog};
use crate::catalog::Catalog;
use crate::catalog::own_overhead::OwnOverhead;
use crate::catalog::runtime::Backend;
use crate::catalog::speed::{Measured, Timed};
use crate::estimate::{Estimate, EstimateError, Verdict, estimate};
use crate::plan::inputs::Input;
use crate::plan::{CardChoice, ModelChoice, Plan, Runtime};
use crate::units::{Bytes, MIB};

/// Parts nearer than this, as a share, are the same: the engine's own versions differ by more.
const SAME: f64 = 0.01;
/// Parts nearer than this are the same.
const SAME_BYTES: u64 = 4 * MIB;
/// What is kept as overhead, at most: more is no context of a driver.
const MOST_OVERHEAD: u64 = 8 << 30;

/// What a program holds beside its buffers is believed within so many times the band of the estimate.
const BESIDE_WITHIN: u64 = 2;

/// One part as it was estimated and as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgainstRow {
    /// Where.
    pub place: Place,
    /// What.
    pub part: Part,
    /// The estimate; `None` where it cannot be known, or the plan has no such place.
    pub estimated: Option<Bytes>,
    /// The log.
    pub actual: Amount,
}

impl AgainstRow {
    /// The log less the estimate, in bytes.
    pub fn difference(&self) -> Option<i128> {
        self.estimated.map(|estimated| i128::from(self.actual.bytes) - i128::from(estimated.0))
    }

    /// Nearer than the log's digits and the engine's own versions tell apart.
    pub fn agrees(&self) -> bool {
        let Some(difference) = self.difference() else { return false };
        let apart = difference.unsigned_abs();
        let slack = u128::from(SAME_BYTES.max(self.actual.digit));
        apart <= slack || apart as f64 <= SAME * self.actual.bytes as f64
    }
}

/// Why log and estimate differ, or why a part says less than it seems to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The log is of other settings than the plan: these inputs.
    OtherSettings(Vec<Input>),
    /// The lines are those of builds before 2025.
    OlderBuild,
    /// The file stores its tensors otherwise than the usual mix of that name.
    OtherMix,
    /// A host buffer over a mapped file spans what lies between its tensors.
    Mapped,
    /// A projector or a second model was loaded beside.
    SomethingBeside,
    /// Other programs hold so much of the card.
    OtherPrograms(u64),
    /// What no buffer line shows differs from card to card and driver to driver.
    OverheadVaries,
    /// What no buffer line shows is not in this log.
    OverheadUnseen,
    /// The pool is what is left: it follows from everything else.
    PoolIsTheRest,
    /// The log names no model that is known, and no plan was given: nothing stands beside it.
    ModelUnsaid,
    /// The log does not name the context: that of the plan stands in.
    ContextUnsaid,
    /// The log does not name the card: that of the plan stands in.
    CardUnsaid,
    /// The log holds one moment of a training run, its peak; the context of the card is not in it.
    PeakOnly,
    /// Of a program that runs one figure a memory is told, not what for.
    OneFigure,
    /// RAM of a program counts pages of the files that it maps, its libraries too.
    FilesInRam,
    /// The driver does not tell what a program holds of the cards.
    VramUntold,
    /// Options of the command that no plan has.
    Unread(Vec<String>),
}

/// A speed beside the estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpeedRow {
    /// The log.
    pub actual: LoggedSpeed,
    /// The band of the estimate, in tokens a second; `None` = no data.
    pub estimated: Option<crate::units::Band<f64>>,
}

/// A log beside the estimate of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Against {
    /// Part by part, in the order of the places.
    pub rows: Vec<AgainstRow>,
    /// Speeds.
    pub speeds: Vec<SpeedRow>,
    /// Why they differ.
    pub reasons: Vec<Reason>,
    /// What can be kept as this machine's own.
    pub kept: Calibration,
}

/// What a log tells of a machine that an estimate cannot know: only what no buffer line shows, and speed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Calibration {
    /// Overhead of the card.
    pub overhead: Option<OwnOverhead>,
    /// Speeds of the card with the model.
    pub speeds: Vec<Measured>,
}

impl Calibration {
    /// Nothing can be kept.
    pub fn is_empty(&self) -> bool {
        self.overhead.is_none() && self.speeds.is_empty()
    }
}

/// Holds a log against the estimate of `plan`, on the day `date`. `of_log` is the plan that the log itself amounts to, where it
/// names one.
///
/// # Errors
/// Why the plan cannot be estimated.
pub fn against(
    log: &RuntimeLog,
    plan: &Plan,
    of_log: Option<&super::plan::LoggedPlan>,
    catalog: &Catalog,
    date: &str,
) -> Result<Against, EstimateError> {
    let found = estimate(plan, catalog)?;
    let rows: Vec<AgainstRow> = log
        .parts()
        .map(|(place, part, actual)| AgainstRow { place, part, estimated: estimated(&found, place, part), actual })
        .collect();
    let speeds = log.speeds().iter().map(|actual| SpeedRow {
        actual: *actual,
        estimated: if actual.test == Timed::Decode { found.speed.decode } else { found.speed.prefill },
    });
    let speeds = speeds.collect();
    let reasons = reasons(log, plan, of_log, &rows);
    let kept = calibration(log, plan, &found, catalog, date);
    Ok(Against { rows, speeds, reasons, kept })
}

/// A log of which nobody knows the plan: what it says, and that nothing stands beside it.
pub fn alone(log: &RuntimeLog) -> Against {
    let rows = log.parts().map(|(place, part, actual)| AgainstRow { place, part, estimated: None, actual });
    let speeds = log.speeds().iter().map(|actual| SpeedRow { actual: *actual, estimated: None });
    Against {
        rows: rows.collect(),
        speeds: speeds.collect(),
        reasons: vec![Reason::ModelUnsaid],
        kept: Calibration::default(),
    }
}

/// What the estimate has for a part.
fn estimated(found: &Estimate, place: Place, part: Part) -> Option<Bytes> {
    let Place::Device(number) = place else {
        let host = &found.host;
        return match part {
            Part::Weights => host.parts.weights,
            Part::KvCache => host.parts.kv_cache,
            Part::RecurrentState => host.parts.recurrent_state,
            Part::Compute => host.parts.compute,
            Part::Output => host.output,
            Part::Held => host.total,
            _ => None,
        };
    };
    let device = found.devices.get(number as usize)?;
    match part {
        Part::Weights => device.parts.weights,
        Part::KvCache => device.parts.kv_cache,
        Part::RecurrentState => device.parts.recurrent_state,
        Part::Compute => device.parts.compute,
        Part::KvPool => device.kv_pool,
        Part::Activations => device.parts.activations,
        Part::Overhead => Some(device.overhead.expected),
        Part::Allocated => device.parts.total(),
        Part::Used => device.total,
        // A server reserves its pool whatever of it is needed.
        Part::Held => match device.kv_pool {
            Some(pool) => Some(device.total?.saturating_sub(device.parts.kv_cache?) + pool),
            None => device.total,
        },
        Part::Output => None,
    }
}

fn reasons(
    log: &RuntimeLog,
    plan: &Plan,
    of_log: Option<&super::plan::LoggedPlan>,
    rows: &[AgainstRow],
) -> Vec<Reason> {
    let differs = |part: Part| rows.iter().any(|row| row.part == part && row.estimated.is_some() && !row.agrees());
    let has = |part: Part| rows.iter().any(|row| row.part == part);
    let mut found = Vec::new();
    if let Some(logged) = of_log
        && logged.plan != *plan
    {
        let inputs = Input::changed(plan, &logged.plan);
        if !inputs.is_empty() {
            found.push(Reason::OtherSettings(inputs));
        }
    }
    if log.is_old && (differs(Part::Compute) || differs(Part::KvCache) || differs(Part::Output)) {
        found.push(Reason::OlderBuild);
    }
    let more_in_ram = rows.iter().any(|row| {
        row.place == Place::Host
            && row.part == Part::Weights
            && row.difference().is_some_and(|more| more > 0)
            && !row.agrees()
    });
    if log.is_mapped && more_in_ram {
        found.push(Reason::Mapped);
    }
    let on_device = rows.iter().any(|row| row.place != Place::Host && row.part == Part::Weights && !row.agrees());
    if on_device {
        found.push(Reason::OtherMix);
    }
    if log.has_more {
        found.push(Reason::SomethingBeside);
    }
    if let Some(bytes) = log.others {
        found.push(Reason::OtherPrograms(bytes));
    }
    if differs(Part::Overhead) {
        found.push(Reason::OverheadVaries);
    }
    if !has(Part::Overhead) && !has(Part::Allocated) && !has(Part::Held) {
        found.push(Reason::OverheadUnseen);
    }
    if differs(Part::KvPool) {
        found.push(Reason::PoolIsTheRest);
    }
    if let Some(logged) = of_log {
        if !logged.has_context && differs(Part::KvCache) {
            found.push(Reason::ContextUnsaid);
        }
        if !logged.has_cards && (!log.cards.is_empty() || differs(Part::KvPool)) {
            found.push(Reason::CardUnsaid);
        }
    }
    if has(Part::Allocated) {
        found.push(Reason::PeakOnly);
    }
    if has(Part::Held) {
        found.extend(of_running(log, plan, rows));
    }
    found
}

/// What has to be known of the figures of a program that runs.
fn of_running(log: &RuntimeLog, plan: &Plan, rows: &[AgainstRow]) -> Vec<Reason> {
    let mut found = Vec::new();
    if !log.unread.is_empty() {
        found.push(Reason::Unread(log.unread.clone()));
    }
    let told = rows.iter().any(|row| row.place != Place::Host);
    if !told && !plan.machine.cards.is_empty() {
        found.push(Reason::VramUntold);
    }
    if rows.iter().any(|row| row.place == Place::Host && !row.agrees()) {
        found.push(Reason::FilesInRam);
    }
    if told {
        found.push(Reason::OneFigure);
    }
    found
}

/// What can be kept: of one known card, and of llama.cpp, whose buffers are all in the log.
fn calibration(log: &RuntimeLog, plan: &Plan, found: &Estimate, catalog: &Catalog, date: &str) -> Calibration {
    let mut kept = Calibration::default();
    let Some(CardChoice::Catalog(card)) = plan.machine.cards.first().map(|kind| &kind.card) else { return kept };
    if !matches!(log.tool, Some(LogTool::LlamaCpp | LogTool::Ollama)) || plan.workload.runtime != Runtime::LlamaCpp {
        return kept;
    }
    let device = found.devices.first();
    let told = log.bytes(Place::Device(0), Part::Overhead).filter(|bytes| *bytes > 0 && *bytes <= MOST_OVERHEAD);
    let bytes = told.or_else(|| beside_buffers(log, found));
    if let (Some(bytes), Some(device), None) = (bytes, device, log.others) {
        kept.overhead =
            Some(OwnOverhead { card: card.clone(), backend: device.backend, mib: bytes / MIB, date: date.to_owned() });
    }
    let ModelChoice::Catalog(model) = &plan.workload.model else { return kept };
    let alone = found.devices.len() == 1 && found.verdict.is_some_and(|verdict| verdict <= Verdict::Tight);
    let whole = found.devices.first().is_some_and(|device| device.gpu_layers >= found.layers);
    if alone && whole && catalog.model(model).is_some() && !log.has_more {
        kept.speeds = log.speeds().iter().map(|speed| measured(speed, card, model, plan, date)).collect();
        kept.speeds.retain(|row| row.problems().is_empty());
    }
    kept
}

/// What a program that runs holds beside its buffers, which are worked out: believed where it has one card, where the library counts
/// its context with it, where nothing of the command is unread, and where it is what contexts are.
fn beside_buffers(log: &RuntimeLog, found: &Estimate) -> Option<u64> {
    let [device] = found.devices.as_slice() else { return None };
    if device.backend != Backend::Cuda || !log.unread.is_empty() {
        return None;
    }
    let held = log.bytes(Place::Device(0), Part::Held)?;
    let beside = held.checked_sub(device.parts.total()?.0)?;
    let band = device.overhead;
    let usual = band.low.0 / BESIDE_WITHIN..=band.high.0.saturating_mul(BESIDE_WITHIN);
    usual.contains(&beside).then_some(beside)
}

fn measured(speed: &LoggedSpeed, card: &str, model: &str, plan: &Plan, date: &str) -> Measured {
    Measured {
        card: card.to_owned(),
        model: model.to_owned(),
        quantization: plan.workload.quantization,
        backend: plan.workload.backend,
        test: speed.test,
        depth: 0,
        tokens: speed.tokens,
        tokens_per_s: speed.tokens_per_s,
        date: date.to_owned(),
        note: None,
    }
}
