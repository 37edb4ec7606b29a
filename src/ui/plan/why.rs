//! Why a number is what it is: the formula in words, with the numbers put in, and how sure it is.

use eframe::egui::{Id, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::PlanInputs;
use crate::estimate::explain::{Beside, Figure, Term};
use crate::plan::Plan;
use crate::text::{self, Concept, Join, Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::theme::{Ink, Tokens, radius};
use crate::ui::widgets::tip;
use crate::ui::{paint, words};
use crate::units::Band;

const PADDING: f32 = 14.0;
/// Beside so many terms there is room for the formula in words.
const FEW: usize = 3;
/// More terms than these stand in the copied text alone.
const LINES: usize = 6;
/// In a low window so many lines say where a figure comes from, until the pointer is on them.
const SOURCE_LINES: usize = 2;

/// A figure to explain.
pub(super) struct ExplainedFigure {
    /// Which.
    pub(super) figure: Figure,
    /// What its row says, for the title.
    pub(super) total: String,
    /// Where the explanation stands; it may be higher.
    pub(super) room: Rect,
    /// The middle of the row.
    pub(super) y: f32,
}

/// What a term says: its name where it does not stand `alone`, and how its bytes come about.
fn term(term: &Term, locale: Locale, alone: bool) -> String {
    let product = words::product(&term.factors, locale);
    let amount = match term.beside {
        Beside::Band(Band { low, high, .. }) => {
            format!("{product} ({}–{})", words::gib_fine(low), words::gib_fine(high))
        }
        Beside::Whole(whole) => format!("{} / {}", words::gib_fine_unit(term.bytes), words::gib_fine_unit(whole)),
        Beside::Nothing if product.is_empty() => words::size(term.bytes),
        Beside::Nothing => product,
    };
    let named = !alone && term.beside == Beside::Nothing;
    if named { format!("{}{}  {amount}", sign(term.signed()), locale.word(term.name)) } else { amount }
}

const fn sign(signed: f64) -> &'static str {
    if signed < 0.0 { "\u{2212} " } else { "" }
}

const fn formula(plan: &Plan, figure: Figure) -> Key {
    if plan.workload.task.trains() {
        words::training_formula(figure)
    } else {
        words::formula(figure, plan.workload.runtime)
    }
}

/// The way to the glossary, in the last line of the box.
fn glossary_link(ui: &Ui, id: Id, line: Rect, concept: Concept, locale: Locale) {
    let response = ui.interact(line.expand(2.0), id.with("glossary"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, locale.word(Key::GlossaryHint)));
    if response.hovered() {
        ui.painter().hline(line.x_range(), line.bottom(), Stroke::new(1.0, Tokens::of(ui).sec));
    }
    paint::focus_ring(ui, &response, radius::SEGMENT);
    if response.clicked() {
        tip::want(ui.ctx(), concept);
    }
}

/// What to do where nothing is explained yet.
pub(super) fn hint(ui: &Ui, room: Rect, locale: Locale) {
    let t = Tokens::of(ui);
    let look = (Type::Caption, t.faint);
    let galley = paint::wrapped(ui.painter(), locale.word(Key::WhyHint), look, room.width() - 2.0 * PADDING);
    ui.painter().galley(room.min + vec2(PADDING, 24.0), galley, t.faint);
}

fn id() -> Id {
    Id::unique("why")
}

/// Whether the pointer or the keyboard is on an explanation.
pub(super) fn looked_at(ui: &Ui) -> bool {
    ui.ctx().read_response(id()).is_some_and(|it| it.hovered() || it.has_focus())
}

/// Explains a figure beside its row. A click copies it.
pub(super) fn show(
    ui: &Ui,
    asked: &ExplainedFigure,
    plan: &Plan,
    inputs: &PlanInputs<'_>,
    low: bool,
    commands: &mut Vec<Command>,
) {
    let locale = inputs.locale;
    let ExplainedFigure { figure, total, room, y } = asked;
    let (figure, room) = (*figure, *room);
    let Some(explanation) = (inputs.explain)(plan, figure) else {
        hint(ui, room, locale);
        return;
    };
    let t = Tokens::of(ui);
    let shown = explanation.result.map_or_else(|| total.clone(), words::gib_fine_unit);
    let title = locale
        .sentence(Key::Why, &[(Placeholder::Name, locale.word(words::figure(figure))), (Placeholder::Value, &shown)]);
    let sure = locale.word(words::certainty(explanation.certainty)).to_owned();
    let sure = locale.join(Join::Clauses, std::iter::once(sure).chain(explanation.source.say(locale)));
    let concept = Concept::of(words::figure(figure));
    let about = concept.map(|concept| text::sentence_case(locale.word(concept.about())));
    let formula = locale.word(formula(plan, figure));
    let terms = explanation.terms.as_slice();
    let spelled: Vec<String> = terms.iter().map(|one| term(one, locale, terms.len() == 1)).collect();
    // A single amount is the result already.
    let single = matches!(terms, [one] if one.factors.is_empty());
    let total = explanation.result.filter(|_| !single).map(|total| format!("= {} B", text::count(total.0)));
    let holds = explanation
        .sequences
        .map(|count| locale.sentence(Key::PoolHolds, &[(Placeholder::Value, &text::decimal(count, 2))]));

    let width = room.width() - 2.0 * PADDING;
    let mut lines: Vec<(Type, Ink, f32, String)> = vec![(Type::SmallStrong, t.text, 4.0, title.clone())];
    lines.extend(about.iter().map(|about| (Type::Small, t.text, 6.0, about.clone())));
    let (listed, others) = explanation.listed(LINES);
    // A list says more than the formula in words, and there is not room for both.
    if listed.len() <= FEW {
        lines.push((Type::Caption, t.sec, 6.0, formula.to_owned()));
    }
    let listed = spelled.iter().take(listed.len()).cloned().chain(others.map(|others| term(&others, locale, false)));
    lines.extend(listed.map(|line| (Type::Caption, t.text, 2.0, line)));
    lines.extend(total.iter().map(|total| (Type::Mono, t.text, 6.0, total.clone())));
    lines.extend(holds.iter().map(|holds| (Type::Caption, t.sec, 6.0, holds.clone())));

    let mut galleys: Vec<_> = lines
        .iter()
        .map(|(step, ink, gap, words)| (paint::wrapped(ui.painter(), words, (*step, *ink), width), *ink, *gap))
        .collect();
    // The same in every frame and for every figure, so that the pointer on it is known before it is laid out.
    let id = id();
    let most = if low && !looked_at(ui) { SOURCE_LINES } else { usize::MAX };
    galleys.push((paint::wrapped_in(ui.painter(), &sure, (Type::Caption, t.sec), width, most), t.sec, 2.0));
    let at = &explanation.source.at;
    if !at.is_empty() {
        galleys.push((paint::wrapped_in(ui.painter(), at, (Type::Caption, t.faint), width, most), t.faint, 2.0));
    }
    let way =
        concept.map(|_| paint::wrapped(ui.painter(), locale.word(Key::GlossaryHint), (Type::Caption, t.sec), width));
    galleys.extend(way.map(|way| (way, t.sec, 0.0)));
    let height = galleys.iter().map(|(galley, _, gap)| galley.size().y + gap).sum::<f32>() + 2.0 * PADDING;
    let rect = Rect::from_min_size(room.min, vec2(room.width(), height.max(room.height())));

    let copied = std::iter::once(title).chain(about).chain([formula.to_owned()]);
    let copied = copied.chain(spelled).chain(total).chain(holds).chain([sure, at.clone()]);
    let copied = copied.collect::<Vec<String>>().join("\n");
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &copied));
    if response.clicked() {
        commands.push(Command::Copy(copied));
    }

    let painter = ui.painter();
    let outline = Stroke::new(1.0, t.rail);
    painter.rect(rect, radius::CONTROL, t.raised, outline, StrokeKind::Inside);
    let beak_at = pos2(rect.left() - 6.0, y.clamp(rect.top() + 14.0, rect.bottom() - 14.0));
    let beak = vec![beak_at + vec2(7.5, -6.0), beak_at, beak_at + vec2(7.5, 6.0)];
    painter.add(Shape::convex_polygon(beak, t.raised, Stroke::NONE));
    painter.add(Shape::line(vec![beak_at + vec2(6.5, -6.0), beak_at, beak_at + vec2(6.5, 6.0)], outline));
    let mut at = rect.min + vec2(PADDING, PADDING);
    let mut last = Rect::from_min_size(at, Vec2::ZERO);
    for (galley, ink, gap) in galleys {
        last = Rect::from_min_size(at, galley.size());
        painter.galley(at, galley, ink);
        at.y += last.height() + gap;
    }
    if let Some(concept) = concept {
        tip::shows_always(ui.ctx(), concept);
        glossary_link(ui, id, last, concept, locale);
    }
    paint::focus_ring(ui, &response, radius::CONTROL);
}
