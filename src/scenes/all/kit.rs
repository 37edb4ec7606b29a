//! What scenes are built with: examples, and figures read off estimates.

use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::catalog::priced::Condition;
use crate::catalog::quantization::Quantization;
use crate::estimate::{Estimate, Memory, Verdict, estimate};
use crate::plan::{CardChoice, CardCount, GpuLayers, HandleId, ModelChoice, Plan};
use crate::scenes::Premise;
use crate::scenes::draw::shelf::{CellUnit, Lies, Portion, Shelf, Stand};
use crate::scenes::figure::Figure;
use crate::scenes::offer::Offer;
use crate::scenes::picture::Say;
use crate::units::Bytes;

/// Tokens of a chat in most examples.
pub(super) const CONTEXT: u64 = 4096;

/// A plan of one card that serves a model: what most examples begin with.
pub(super) fn example(model: ModelChoice, weights: Quantization, card: &str) -> Plan {
    let mut plan = Plan::default();
    plan.workload.model = model;
    plan.workload.quantization = weights;
    plan.workload.context = CONTEXT;
    plan.workload.gpu_layers = GpuLayers::All;
    plan.machine.cards = vec![one(card)];
    plan.machine.ram_gib = 32.0;
    plan
}

/// One card of the catalog.
pub(super) fn one(card: &str) -> CardCount {
    CardCount::of(CardChoice::Catalog(card.to_owned()), 1)
}

/// The plan with a change made.
pub(super) fn with(plan: &Plan, change: impl FnOnce(&mut Plan)) -> Plan {
    let mut plan = plan.clone();
    change(&mut plan);
    plan
}

/// What a plan of the program's own comes to. Examples are estimated by tests: none is without an answer.
pub(super) fn found(plan: &Plan, catalog: &Catalog) -> Option<Estimate> {
    estimate(plan, catalog).ok()
}

/// Tokens a second that one reader sees, as expected; 0 where that is not known.
pub(super) fn words_a_second(found: &Estimate) -> f64 {
    found.speed.decode.map_or(0.0, |band| band.expected)
}

/// The figure of that.
pub(super) fn words_figure(found: &Estimate) -> Figure {
    Figure::WordsPerSecond(words_a_second(found))
}

/// What lies in VRAM and in RAM, the system not counted.
pub(super) fn places(found: &Estimate) -> (Bytes, Bytes) {
    (found.needed_in_vram().unwrap_or_default(), found.host.total.unwrap_or_default())
}

/// Bytes as cells of 1 GB, as the box counts.
#[expect(clippy::cast_possible_truncation, reason = "a count of cells")]
pub(super) fn gb_cells(bytes: Bytes) -> f32 {
    (bytes.0 as f64 / 1e9) as f32
}

/// What the system takes of RAM, in whole cells.
pub(super) fn system(found: &Estimate) -> Portion {
    Portion::new(Memory::Os, gb_cells(found.host.os).round(), Lies::Solid)
}

/// Whether it runs from VRAM alone.
pub(super) const fn fits(found: &Estimate) -> bool {
    matches!(found.verdict, Some(Verdict::Fits | Verdict::Tight))
}

/// Seconds that so many bytes take at so many GB a second.
pub(super) fn seconds(bytes: Bytes, gb_s: f64) -> f64 {
    bytes.0 as f64 / 1e9 / gb_s
}

/// A card's price new, as the price book has it, with its date.
pub(super) fn price(catalog: &Catalog, card: &str) -> Option<(Figure, Figure)> {
    let card = catalog.card(card)?;
    let price = Condition::ALL.into_iter().find_map(|it| catalog.card_price(card, it))?;
    Some((Figure::Money(price.expected_usd()), Figure::Dated(price.date.clone())))
}

/// So many cells of 1 GB.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of cells")]
pub(super) const fn cells(gb: f64) -> u32 {
    gb as u32
}

/// A place of so many cells, so many beside each other and so large, empty.
pub(super) fn shelf(
    name: &'static str,
    role: &'static str,
    stand: Stand,
    (cells, columns, cell): (u32, u32, f32),
) -> Shelf {
    Shelf {
        name: Say::Label(name),
        role: Say::Label(role),
        stand,
        cells,
        columns,
        cell,
        portions: Vec::new(),
        amount: None,
        one: None,
        planned: false,
        unit: CellUnit::Gb,
        lost: None,
    }
}

/// A changed plan as a way out at a stop, by the labels of its name, of what it means and of its figures.
pub(super) fn offer(stop: usize, [name, about, figures]: [&'static str; 3], (plan, found): &(Plan, Estimate)) -> Offer {
    Offer {
        stop,
        name: name.into(),
        about: about.into(),
        figures: figures.into(),
        verdict: found.verdict.unwrap_or(Verdict::DoesNotFit),
        plan: Box::new(plan.clone()),
        preview: None,
    }
}

/// RAM as a prep table of so many cells, empty.
pub(super) fn table(cells: u32, columns: u32, cell: f32) -> Shelf {
    shelf("ram", "role_ram", Stand::Table, (cells, columns, cell))
}

/// VRAM as a stove of so many cells, empty.
pub(super) fn stove(cells: u32, columns: u32, cell: f32) -> Shelf {
    shelf("vram", "role_vram", Stand::Stove, (cells, columns, cell))
}

/// The notch that a handle of `count` notches stands at; `told` where nobody turned it.
pub(super) fn place_of(premise: Premise<'_>, handle: HandleId, told: usize, count: usize) -> usize {
    premise.turned.get(&handle).copied().unwrap_or(told).min(count.saturating_sub(1))
}

/// A card's name of the catalog.
pub(super) fn name_of(card: &Card) -> Say {
    Say::Name(card.name.clone())
}
