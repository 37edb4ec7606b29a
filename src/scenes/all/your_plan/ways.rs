//! What helps the reader's plan: the first of the ladder, each with what it comes to.

use super::Told;
use crate::advise::remedies::Remedy;
use crate::advise::remedies::words::Speech;
use crate::scenes::figure::Figure;
use crate::scenes::offer::Offer;
use crate::scenes::picture::Say;
use crate::text::{self, Locale};

/// The stop of what helps.
const STOP: usize = 4;

/// The ways, where they are worked out already.
pub(super) fn offers(told: &Told<'_>) -> Vec<Offer> {
    let catalog = told.premise.catalog;
    let Some(ladder) = told.premise.ladder else { return Vec::new() };
    let both = |of: &dyn Fn(Speech<'_>) -> String| {
        let say = |locale| of(Speech { locale, catalog, before: told.plan });
        Say::Figure(Figure::Both(say(Locale::En), say(Locale::Zh)))
    };
    let offer = |way: &Remedy| Offer {
        stop: STOP,
        name: both(&|speech| speech.way(way)),
        about: both(&|speech| speech.cost(&way.cost)),
        figures: both(&|speech| {
            let rate = speech.rate(&way.after, way.plan.workload.sequences);
            let memory = text::gib(way.after.memory().gib(), 1);
            rate.map_or_else(|| memory.clone(), |rate| format!("{rate} · {memory}"))
        }),
        verdict: way.after.verdict,
        plan: Box::new(way.plan.clone()),
        preview: super::found(&way.plan, catalog).map(|found| told.trial(&way.plan, &found)),
    };
    ladder.first.iter().map(offer).collect()
}
