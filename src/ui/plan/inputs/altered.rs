//! What a choice changes besides, said under it: one step of undo takes back both.

use eframe::egui::{Role, Sense, Ui, WidgetInfo, vec2};

use crate::catalog::Catalog;
use crate::plan::inputs::InputValue;
use crate::plan::{Input, Plan};
use crate::text::{Join, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};

/// What came with a choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Altered {
    /// The input that was chosen, and what.
    cause: Input,
    chosen: InputValue,
    changes: Vec<SideChange>,
    /// What was set and has no meaning any more.
    unused: Vec<Input>,
}

/// One input that changed along.
#[derive(Debug, Clone, Copy, PartialEq)]
struct SideChange {
    input: Input,
    before: InputValue,
    after: InputValue,
}

/// Chooses `value`; what that brings along.
pub(super) fn choose(plan: &mut Plan, input: Input, value: InputValue, catalog: &Catalog) -> Option<Altered> {
    let usual = Plan::default();
    let before: Vec<(Input, InputValue, bool)> =
        Input::all().map(|input| (input, input.get(plan), input.applies(plan, catalog))).collect();
    let stored_as_usual = plan.workload.quantization == plan.workload.usual_quantization(catalog);
    input.set(plan, value).ok()?;
    if stored_as_usual && input == Input::Runtime {
        plan.workload.quantization = plan.workload.usual_quantization(catalog);
    }
    let others = || before.iter().copied().filter(|(other, ..)| *other != input);
    let changes = others().filter(|(other, before, _)| other.get(plan) != *before);
    let changes: Vec<SideChange> =
        changes.map(|(other, before, _)| SideChange { input: other, before, after: other.get(plan) }).collect();
    let lost = |(other, before, applied): &(Input, InputValue, bool)| {
        *applied && !other.applies(plan, catalog) && *before != other.get(&usual)
    };
    let unused: Vec<Input> = others().filter(lost).map(|(other, ..)| other).collect();
    let altered = Altered { cause: input, chosen: value, changes, unused };
    (!altered.changes.is_empty() || !altered.unused.is_empty()).then_some(altered)
}

/// Says what came with a choice, as long as that stands.
pub(super) fn show(ui: &mut Ui, plan: &Plan, altered: Option<&Altered>, cause: Input, locale: Locale) {
    let Some(altered) = altered.filter(|it| it.cause == cause && cause.get(plan) == it.chosen) else { return };
    let stands = |change: &&SideChange| change.input.get(plan) == change.after;
    let alike =
        |change: &&SideChange| change.input != Input::KvCacheV || plan.workload.kv_cache.k != plan.workload.kv_cache.v;
    let changes: Vec<String> =
        altered.changes.iter().filter(stands).filter(alike).map(|change| words(change, locale)).collect();
    let unused: Vec<&str> = altered.unused.iter().map(|input| locale.word(input.entry().label)).collect();
    let mut lines = Vec::new();
    for (key, parts) in
        [(Key::AlsoChanged, locale.join(Join::Phrases, changes)), (Key::NotUsed, locale.join(Join::Phrases, unused))]
    {
        if !parts.is_empty() {
            lines.push(locale.sentence(key, &[(Placeholder::Parts, &parts)]));
        }
    }
    if !lines.is_empty() {
        line(ui, &locale.join(Join::Clauses, lines));
    }
}

/// A caption of its own height under a control.
pub(super) fn line(ui: &mut Ui, words: &str) {
    let ink = Tokens::of(ui).sec;
    let galley = paint::wrapped(ui.painter(), words, (Type::Caption, ink), space::CONTROL);
    let (rect, response) = ui.allocate_exact_size(vec2(space::CONTROL, galley.size().y + 6.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    ui.painter().galley(rect.min, galley, ink);
}

fn words(change: &SideChange, locale: Locale) -> String {
    let entry = change.input.entry();
    let (before, after) = (entry.say(change.before, locale), entry.say(change.after, locale));
    locale.sentence(
        Key::FromTo,
        &[(Placeholder::Name, locale.word(entry.label)), (Placeholder::Value, &before), (Placeholder::Other, &after)],
    )
}
