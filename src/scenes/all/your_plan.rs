//! The reader's own plan: its machine, what it needs, where that lies, what a word takes, what helps.

mod handles;
mod lap;
mod machine;
mod shelves;
mod stacks;
mod ways;
mod words;

use super::kit::found;
use crate::estimate::{Estimate, Verdict};
use crate::plan::{HandleId, Plan, SceneId};
use crate::scenes::draw::reading::Reading;
use crate::scenes::figure::Figure;
use crate::scenes::handle::Handle;
use crate::scenes::mark::Area;
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};
use machine::Machine;
use shelves::{CARDS, Pile};

/// Beside the machine: how fast it is now, and how fast it would be.
const NOW: Area = Area::new(1080.0, 96.0, 272.0, 84.0);
const THEN: Area = Area::new(1080.0, 196.0, 272.0, 84.0);
/// Under that: the sliders.
const PANEL: Area = Area::new(1080.0, 296.0, 262.0, 260.0);

/// The plan, what it comes to, and the same with the handles as they stand.
struct Told<'a> {
    premise: Premise<'a>,
    plan: &'a Plan,
    found: Estimate,
    machine: Machine,
    handles: Vec<Handle>,
    turned: (Plan, Estimate),
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::YourPlan);
    let Some(told) = Told::of(premise) else { return empty };
    let offers = ways::offers(&told);
    let figures = words::figures(&told, !offers.is_empty());
    let now = |things: Vec<Placed>| Picture::of(things.into_iter().chain([told.now()]).collect()).at_rest();
    let pictures = vec![
        told.stands(Pile::Nothing),
        told.stands(Pile::Asked),
        now(told.stage(told.plan, &told.found, Pile::Placed)),
        lap::lap(&told).at_rest(),
        now(told.stage(told.plan, &told.found, Pile::Placed)),
        told.trial(&told.turned.0, &told.turned.1),
    ];
    let mut handles = told.handles.clone();
    let last = last_card(&told.turned.1);
    handles.iter_mut().filter(|handle| handle.id == HandleId::Cards).for_each(|handle| handle.on = last);
    Scene { figures, pictures, handles, panel: Some(PANEL), offers, ..empty }
}

impl<'a> Told<'a> {
    fn of(premise: Premise<'a>) -> Option<Self> {
        let Premise { plan, catalog, .. } = premise;
        let found = found(plan, catalog)?;
        let machine = Machine::of(plan, catalog, &found);
        let handles = handles::handles(plan, &found, &machine, catalog, premise.turned);
        let turned = handles::turned(plan, &handles);
        let then = super::kit::found(&turned, catalog).unwrap_or_else(|| found.clone());
        Some(Self { premise, plan, found, machine, handles, turned: (turned, then) })
    }

    fn verdict(&self) -> Option<Verdict> {
        self.found.verdict
    }

    /// Words, or in training tokens, a second; `None` where no law is known.
    fn rate(found: &Estimate) -> Option<f64> {
        found.speed.decode.or(found.speed.train).map(|band| band.expected)
    }

    /// How far it may be off, as a figure.
    fn band(found: &Estimate) -> Figure {
        let band = found.speed.decode.or(found.speed.train);
        band.map_or_else(
            || Figure::Name("?".to_owned()),
            |band| Figure::span(Figure::WordsPerSecond(band.low), Figure::WordsPerSecond(band.high)),
        )
    }

    /// GiB of a cell with the handles as they stand.
    fn turned_cell(&self) -> f64 {
        let (plan, found) = &self.turned;
        Machine::of(plan, self.premise.catalog, found).cell_gib
    }

    const fn unit(&self) -> &'static str {
        if self.plan.workload.task.trains() { "tokens_s" } else { "words" }
    }

    /// The shelves of a plan, and under them its bars.
    fn stage(&self, plan: &Plan, found: &Estimate, pile: Pile) -> Vec<Placed> {
        let machine = Machine::of(plan, self.premise.catalog, found);
        let mut things = shelves::shelves(&machine, found, pile, self.found.devices.len());
        things.push(stacks::stacks(&machine, found, pile));
        things
    }

    fn stands(&self, pile: Pile) -> Picture {
        Picture::of(self.stage(self.plan, &self.found, pile)).at_rest()
    }

    /// Another plan on the stage, with both speeds.
    fn trial(&self, plan: &Plan, found: &Estimate) -> Picture {
        let mut things = self.stage(plan, found, Pile::Placed);
        things.extend([self.now(), self.reading("then", THEN, found)]);
        Picture::of(things)
    }

    fn now(&self) -> Placed {
        self.reading("now", NOW, &self.found)
    }

    fn reading(&self, about: &'static str, area: Area, found: &Estimate) -> Placed {
        let figure =
            Self::rate(found).map_or_else(|| Say::Name("?".to_owned()), |rate| Figure::WordsPerSecond(rate).into());
        let words = Say::Joined(vec![Self::band(found).into(), Say::Label(about)]);
        Placed::new(about, area, Reading { figure, unit: self.unit().into(), about: words })
    }
}

/// The last card that stands apart, whose edge is the stove's.
fn last_card(found: &Estimate) -> &'static str {
    let count = found.devices.len();
    if (2..=CARDS.len()).contains(&count) { CARDS[count - 1] } else { CARDS[0] }
}
