//! What makes the difference between plans in one figure, said only where it is so.

use super::figure::{Figure, Reading};
use super::quality::{QualityDifference, between};
use super::side::{Reach, Side};
use crate::plan::Plan;
use crate::units::GIB;

/// What makes a difference. The place is that of the plan it is said of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Some models have fewer parameters than others.
    FewerParameters,
    /// Other models.
    OtherModels,
    /// Weights or cache are stored in other precisions.
    Stored,
    /// What lies in RAM is read slowly.
    RamIsSlow,
    /// Prompts pull what lies in RAM over the slots.
    PulledOverPcie,
    /// This plan grows into RAM, slowly.
    GrowsIntoRam(usize),
    /// The cards of this plan wait for RAM most of the time.
    WaitsForRam(usize),
    /// Other cards: memory, bandwidth and arithmetic.
    Cards,
    /// The memory of the cards.
    MemoryOfCards,
    /// The power that cards draw.
    PowerOfCards,
    /// Size of the file over the speed of the disk.
    FileOverDisk,
    /// Power over speed.
    PowerOverSpeed,
    /// Price over speed.
    PriceOverSpeed,
    /// Prices of the cards.
    Prices,
    /// The context, the prompt or how many sequences.
    Asked,
    /// How the training is set up.
    TrainingSettings,
    /// Which engine runs it.
    Engine,
}

/// More than this in RAM is read for every token; below are tables that are looked up.
const READ_IN_RAM: u64 = 2 * GIB;

/// What makes the difference in quality.
pub fn of_quality(sides: &[Side], base: usize) -> Option<Reason> {
    let base = sides.get(base)?;
    let count = |side: &Side| side.estimate().and_then(|it| it.params);
    let all = || sides.iter().map(|side| between(side, base));
    if all().any(|it| it == QualityDifference::OtherModel) {
        let fewer = sides.iter().any(|side| count(side).zip(count(base)).is_some_and(|(ours, theirs)| ours < theirs));
        return Some(if fewer { Reason::FewerParameters } else { Reason::OtherModels });
    }
    all().any(|it| it != QualityDifference::Same).then_some(Reason::Stored)
}

/// What makes the difference in a figure; `None` where nothing here can tell.
pub fn reason(figure: Figure, sides: &[Side], base: usize) -> Option<Reason> {
    let base = sides.get(base)?;
    let differs = |of: &dyn Fn(&Plan) -> bool| sides.iter().any(|side| of(&side.plan));
    let cards = differs(&|plan| plan.machine.cards != base.plan.machine.cards);
    let model = differs(&|plan| plan.workload.model != base.plan.workload.model);
    let workload = |plan: &Plan| (plan.workload.quantization, plan.workload.kv_cache);
    let stored = differs(&|plan| workload(plan) != workload(&base.plan));
    let runtime = differs(&|plan| plan.workload.runtime != base.plan.workload.runtime);
    let trains = base.trains();
    let asked = |plan: &Plan| (plan.workload.context, plan.workload.sequences, plan.workload.prompt_tokens);
    let asked = !trains && differs(&|plan| asked(plan) != asked(&base.plan));
    let trained = trains && differs(&|plan| plan.workload.training != base.plan.workload.training);
    let slow = alone_in_ram(sides);
    // Causes in the order of their weight; the first that holds is said.
    let first = |causes: &[(bool, Reason)]| causes.iter().find(|(holds, _)| *holds).map(|(_, reason)| *reason);
    let rest = [
        (cards, Reason::Cards),
        (model, Reason::OtherModels),
        (stored, Reason::Stored),
        (runtime, Reason::Engine),
        (asked, Reason::Asked),
        (trained, Reason::TrainingSettings),
    ];
    match figure {
        Figure::Decode | Figure::Throughput => slow.map(|_| Reason::RamIsSlow).or_else(|| first(&rest)),
        Figure::Prefill | Figure::FirstToken => slow.map(|_| Reason::PulledOverPcie).or_else(|| first(&rest)),
        Figure::LargestContext => {
            let grows = slow.filter(|place| is_longest(sides, *place)).map(Reason::GrowsIntoRam);
            grows.or_else(|| first(&[(cards, Reason::MemoryOfCards)])).or_else(|| first(&rest))
        }
        Figure::Power => {
            let waits = slow.filter(|place| is_lowest(figure, sides, *place)).map(Reason::WaitsForRam);
            waits.or_else(|| first(&[(cards, Reason::PowerOfCards)])).or_else(|| first(&rest))
        }
        Figure::Energy | Figure::JobEnergy => Some(Reason::PowerOverSpeed),
        Figure::Load => Some(Reason::FileOverDisk),
        Figure::PerToken => Some(Reason::PriceOverSpeed),
        Figure::Price => cards.then_some(Reason::Prices),
        Figure::InRam => first(&[(cards, Reason::MemoryOfCards)]).or_else(|| first(&rest)),
        Figure::TrainSpeed | Figure::Job | Figure::StepMemory => {
            first(&[(trained, Reason::TrainingSettings)]).or_else(|| first(&rest))
        }
    }
}

/// The plan of which much lies in RAM while others have all in VRAM; of several the one with most.
fn alone_in_ram(sides: &[Side]) -> Option<usize> {
    let much = |side: &Side| side.offloads() && side.in_ram().is_some_and(|bytes| bytes.0 > READ_IN_RAM);
    let some_do_not = sides.iter().any(|side| side.running().is_some() && !much(side));
    let places = (0..sides.len()).filter(|place| some_do_not && much(&sides[*place]));
    places.max_by_key(|place| sides[*place].in_ram())
}

fn is_longest(sides: &[Side], place: usize) -> bool {
    let tokens = |side: &Side| match side.reach {
        Reach::Tokens(tokens) => tokens,
        Reach::Pending | Reach::Nothing => 0,
    };
    let ours = tokens(&sides[place]);
    sides.iter().enumerate().all(|(other, side)| other == place || tokens(side) < ours)
}

fn is_lowest(figure: Figure, sides: &[Side], place: usize) -> bool {
    let value = |side: &Side| figure.of(side).map(Reading::expected);
    let Some(ours) = value(&sides[place]) else { return false };
    sides.iter().enumerate().all(|(other, side)| other == place || value(side).is_none_or(|theirs| theirs > ours))
}
