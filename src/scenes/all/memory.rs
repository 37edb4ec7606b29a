//! What bars of memory are built from: the components of an estimate as portions in GiB, and changes of the ladder as offers.

use super::kit::found;
use crate::advise::remedies::{Change, changed};
use crate::catalog::Catalog;
use crate::estimate::{DeviceEstimate, Estimate, Memory, Verdict};
use crate::plan::{HandleId, Plan};
use crate::scenes::Premise;
use crate::scenes::draw::axis::Axis;
use crate::scenes::draw::bars::{Bar, Bars};
use crate::scenes::draw::key::Key;
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::shelf::{Lies, Portion};
use crate::scenes::figure::Figure;
use crate::scenes::handle::{Notch, Turn};
use crate::scenes::mark::Area;
use crate::scenes::offer::Offer;
use crate::scenes::picture::{Placed, Say};
use crate::units::Bytes;

/// Bytes as a length on an axis of GiB.
#[expect(clippy::cast_possible_truncation, reason = "a length on the stage")]
pub(super) fn gib(bytes: Bytes) -> f32 {
    bytes.gib() as f32
}

/// The device that counts: the fullest of a training step, else the first.
pub(super) fn device(found: &Estimate) -> Option<&DeviceEstimate> {
    found.fullest().or_else(|| found.devices.first())
}

/// What lies on that device, in stacking order, without what is nothing. Adapters are taken out of the weights.
pub(super) fn on_device(found: &Estimate) -> Option<Vec<(Memory, Bytes)>> {
    let device = device(found)?;
    let parts = device.parts;
    let adapter = found.training.as_ref().map_or(Bytes::ZERO, |step| step.adapter);
    let all = vec![
        (Memory::Weights, parts.loaded()?.saturating_sub(adapter)),
        (Memory::Adapter, adapter),
        (Memory::Optimizer, parts.optimizer?),
        (Memory::Gradients, parts.gradients?),
        (Memory::Kv, parts.caches()?),
        (Memory::Compute, parts.working()?),
        (Memory::Overhead, device.overhead.expected),
        (Memory::Also, device.also?),
    ];
    Some(all.into_iter().filter(|(_, bytes)| *bytes > Bytes::ZERO).collect())
}

/// The label of a component in serving or training.
pub(super) const fn name(component: Memory, trains: bool) -> &'static str {
    match component {
        Memory::Weights => "weights",
        Memory::Kv => "kv",
        Memory::Compute if trains => "activations",
        Memory::Compute => "compute",
        Memory::Overhead | Memory::Os => "overhead",
        Memory::Gradients => "gradients",
        Memory::Optimizer => "optimizer",
        Memory::Adapter => "adapter",
        Memory::Also => "also",
    }
}

/// What is less than this share of all needs no words: the key names it.
const WORTH_A_WORD: f64 = 0.06;

/// The device's components as portions of a bar in GiB, the larger ones with their names and figures.
pub(super) fn portions(found: &Estimate) -> Option<Vec<Portion>> {
    let parts = on_device(found)?;
    let all: Bytes = parts.iter().map(|(_, bytes)| *bytes).sum();
    let portion = |(component, bytes): (Memory, Bytes)| {
        let portion = Portion::new(component, gib(bytes), Lies::Solid);
        if component != Memory::Overhead && bytes.0 as f64 > WORTH_A_WORD * all.0 as f64 {
            portion.labeled(Say::of(name(component, found.training.is_some()), Figure::Gib(bytes)))
        } else {
            portion
        }
    };
    Some(parts.into_iter().map(portion).collect())
}

/// The same without words.
pub(super) fn bare(found: &Estimate) -> Option<Vec<Portion>> {
    let portions = portions(found)?;
    Some(portions.into_iter().map(|portion| Portion { label: None, ..portion }).collect())
}

/// The device's sum with its word: `needs 5.1 GiB`.
pub(super) fn needs(found: &Estimate) -> Option<Say> {
    Some(Say::of("needs", Figure::Gib(device(found)?.total?)))
}

/// Tokens a second with their unit: of one reader, or of the training job.
pub(super) fn rate(found: &Estimate) -> Option<Say> {
    let band = found.speed.decode.or(found.speed.train)?;
    Some(Say::counting(Figure::WordsPerSecond(band.expected), "tokens_s"))
}

/// A change of the ladder as an offer: the plan that it makes, with its sum and its speed.
pub(super) fn offer(
    stop: usize,
    (name, about): (&'static str, &'static str),
    plan: &Plan,
    changes: &[Change],
    catalog: &Catalog,
) -> Option<Offer> {
    let plan = changed(plan, changes);
    let after = found(&plan, catalog)?;
    let figures = Say::list([needs(&after), rate(&after)].into_iter().flatten().collect());
    let verdict = after.verdict.unwrap_or(Verdict::DoesNotFit);
    let plan = Box::new(plan);
    Some(Offer { stop, name: name.into(), about: about.into(), figures, verdict, plan, preview: None })
}

/// What a component takes on the device that counts.
pub(super) fn part(found: &Estimate, component: Memory) -> Option<Bytes> {
    let parts = on_device(found)?;
    Some(parts.into_iter().find(|(is, _)| *is == component).map_or(Bytes::ZERO, |(_, bytes)| bytes))
}

/// Nothing is missing on the device that counts.
pub(super) fn fits(found: &Estimate) -> bool {
    device(found).and_then(|device| device.excess) == Some(Bytes::ZERO)
}

/// Where one bar stands, with readings under it, and where several do.
pub(super) const BAR: Area = Area::new(60.0, 160.0, 1232.0, 280.0);
pub(super) const MANY: Area = Area::new(60.0, 90.0, 1232.0, 456.0);

/// Bars on one axis of GiB with the line where the device's memory ends for programs.
pub(super) fn bars(of: &Estimate, rows: Vec<Bar>, end: f64) -> Option<Bars> {
    const NAMES: f32 = 230.0;
    const ENDS: f32 = 150.0;
    let usable = device(of)?.usable;
    let key = key(&rows, of.training.is_some());
    Some(Bars {
        key,
        rows,
        axis: Axis::gib(end),
        limit: Some((usable.gib(), Say::of("usable", Figure::Gib(usable)))),
        names: NAMES,
        ends: ENDS,
        flow: None,
    })
}

/// What takes no more GiB than this is not seen.
const SEEN: f32 = 0.02;

/// What the colors of bars stand for.
pub(super) fn key(rows: &[Bar], trains: bool) -> Key {
    let portions = || rows.iter().flat_map(|row| &row.portions).filter(|portion| portion.cells > SEEN);
    let order = [
        Memory::Weights,
        Memory::Adapter,
        Memory::Optimizer,
        Memory::Gradients,
        Memory::Kv,
        Memory::Compute,
        Memory::Overhead,
        Memory::Also,
    ];
    let there = order.into_iter().filter(|component| portions().any(|portion| portion.component == *component));
    Key(there.map(|component| (component, Say::from(name(component, trains)))).collect())
}

/// The sum, and the speed where it fits.
pub(super) fn outcome(found: &Estimate) -> Option<Say> {
    let second = if fits(found) { rate(found)? } else { "no_room".into() };
    Some(Say::list(vec![needs(found)?, second]))
}

/// The end of an axis on which an estimate's sum, and the memory itself, are in sight.
pub(super) fn end_of(found: &Estimate) -> Option<f64> {
    let device = device(found)?;
    Some((device.total?.max(device.usable).gib() * 1.03).ceil())
}

/// A reading under a bar, in one of three columns.
pub(super) fn reading(
    id: &'static str,
    column: u8,
    figure: impl Into<Say>,
    unit: &'static str,
    about: &'static str,
) -> Placed {
    const LEFT: f32 = 270.0;
    const WIDTH: f32 = 360.0;
    let area = Area::new(LEFT + WIDTH * f32::from(column), 468.0, WIDTH - 30.0, 88.0);
    let reading = Reading { figure: figure.into(), unit: unit.into(), about: about.into() };
    Placed::new(id, area, reading)
}

/// The notch that a handle stands at.
pub(super) fn at_notch(premise: Premise<'_>, id: HandleId, told: usize, notches: usize) -> usize {
    premise.turned.get(&id).copied().unwrap_or(told).min(notches.saturating_sub(1))
}

/// The notches of a handle.
pub(super) fn notches<T: Copy>(values: &[T], turn: fn(T) -> Turn, words: fn(T) -> Figure) -> Vec<Notch> {
    values.iter().map(|value| Notch { turn: turn(*value), words: words(*value).into() }).collect()
}
