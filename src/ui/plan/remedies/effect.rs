//! What a way does, in the few words that its row has room for.

use super::LadderContext;
use crate::advise::remedies::words::Speech;
use crate::advise::remedies::{
    Change, ChangeKind, Cost, PlanOutcome, Remedy, RemedyGroup, Standing, methods, parameters,
};
use crate::estimate::Verdict;
use crate::text::{self, Key, Placeholder};
use crate::ui::words;
use crate::units::Bytes;

/// The second line of a row.
pub(super) struct Effect {
    /// Memory and speed.
    pub(super) strong: Vec<String>,
    /// Quality, or cost with its date, or a remark.
    pub(super) faint: String,
}

pub(super) fn of(way: &Remedy, drawn: LadderContext<'_>) -> Effect {
    let (now, after) = (&drawn.ladder.now, &way.after);
    // What does not fit has no speed; its verdict stands before it.
    let unfit = after.decode.is_none() && after.verdict == Verdict::DoesNotFit;
    let speed = if unfit { String::new() } else { rate(after, way.plan.workload.sequences, drawn.speech) };
    let moved = |change: &Change| {
        matches!(
            change,
            Change::Automatic | Change::MostLayers | Change::Experts(_) | Change::FasterRam { .. } | Change::Ram(_)
        )
    };
    let memory = match &way.change {
        _ if drawn.before.workload.task.trains() => difference(after.peak, now.peak),
        change if matches!(ChangeKind::of(change), ChangeKind::Cards | ChangeKind::Rent) => {
            difference(after.vram, now.vram)
        }
        change if moved(change) => String::new(),
        _ => difference(after.needed, now.needed),
    };
    let strong = [memory, speed].into_iter().filter(|part| !part.is_empty()).collect();
    Effect { strong, faint: faint(way, drawn) }
}

fn faint(way: &Remedy, drawn: LadderContext<'_>) -> String {
    let locale = drawn.speech.locale;
    let catalog = drawn.speech.catalog;
    match &way.change {
        Change::Ram(_) if way.standing == Standing::NoChange => locale.word(Key::WayCapacity).to_owned(),
        Change::Automatic | Change::MostLayers | Change::Experts(_) => {
            locale.sentence(Key::WayInRam, &[(Placeholder::Value, &words::gib(way.after.in_ram))])
        }
        Change::FasterRam { speed, channels } => {
            let before = drawn.before.machine.named_ram_gb_s(catalog).unwrap_or_default();
            let (value, other) = (text::trimmed(speed.gb_s(*channels), 0), text::trimmed(before, 0));
            locale.sentence(Key::WayGbS, &[(Placeholder::Value, &value), (Placeholder::Other, &other)])
        }
        change if way.group == RemedyGroup::AskLess && matches!(change.parts(), [Change::Model(_), ..]) => {
            locale.word(Key::WayAnotherModel).to_owned()
        }
        change if methods(change).next().is_some() && !change.is_hardware() => {
            drawn.speech.loss(way.loss, parameters(&way.plan, catalog))
        }
        _ if way.after.peak > Bytes::ZERO && way.cost == Cost::Nothing => {
            locale.sentence(Key::WayCardPeak, &[(Placeholder::Value, &words::gib(way.after.peak))])
        }
        _ => drawn.speech.cost(&way.cost),
    }
}

/// Expected speed: `2.9 tok/s`, of several sequences `18 tok/s each, 140 in all`.
pub(super) fn rate(after: &PlanOutcome, sequences: u32, speech: Speech<'_>) -> String {
    speech.rate(after, sequences).unwrap_or_else(|| speech.locale.word(Key::NoData).to_owned())
}

/// A cost in short, its date and kind on hover.
pub(super) fn short_cost(cost: &Cost, speech: Speech<'_>) -> String {
    match cost {
        Cost::Nothing | Cost::Rent { .. } | Cost::Usd { spared: Some(_), .. } => speech.cost(cost),
        _ => cost.usd().map_or_else(|| speech.locale.word(Key::PriceNone).to_owned(), text::money),
    }
}

/// More or less memory than before: `−1.3 GiB`, `+24 GiB`.
fn difference(after: Bytes, before: Bytes) -> String {
    let gib = after.gib() - before.gib();
    if gib.abs() < 0.05 {
        return String::new();
    }
    let digits = usize::from(gib.abs() < 9.95);
    let sign = if gib > 0.0 { "+" } else { "" };
    format!("{sign}{}", text::gib(gib, digits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advise::remedies::words::figure;
    use crate::units::GIB;

    #[test]
    fn memory_says_which_way_it_goes() {
        let gib = |gib: f64| Bytes::from_gib(gib);
        assert_eq!(difference(gib(41.6), gib(42.9)), "\u{2212}1.3 GiB");
        assert_eq!(difference(Bytes(48 * GIB), Bytes(24 * GIB)), "+24 GiB");
        assert_eq!(difference(gib(1.0), gib(1.01)), "", "nothing worth a word");
    }

    #[test]
    fn small_speeds_have_a_digit_more() {
        assert_eq!(figure(2.88), "2.9");
        assert_eq!(figure(17.6), "18");
    }
}
