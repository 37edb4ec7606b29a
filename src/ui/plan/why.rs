//! Why a number is what it is: the formula in words, with the numbers put in, and how sure it is.

use std::sync::Arc;

use eframe::egui::{Galley, Id, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::PlanInputs;
use crate::estimate::explain::Figure;
use crate::estimate::explain_words::{formula_of, gib_fine_unit, term};
use crate::plan::Plan;
use crate::text::{self, Concept, Join, Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::theme::{Ink, Tokens, radius};
use crate::ui::widgets::tip;
use crate::ui::{paint, words};

const PADDING: f32 = 14.0;
/// The same in a low window.
const LOW_PADDING: f32 = 10.0;
/// Beside so many terms there is room for the formula in words.
const FEW: usize = 3;
/// More terms than these stand in the copied text alone.
const LINES: usize = 6;
/// In a low window so many lines say where a figure comes from; all of it stands in the copied text.
const SOURCE_LINES: usize = 2;

/// A figure to explain.
pub(super) struct ExplainedFigure {
    /// Which.
    pub(super) figure: Figure,
    /// What its row says, for the title.
    pub(super) total: String,
    /// Where the explanation stands.
    pub(super) room: Rect,
    /// The middle of the row.
    pub(super) y: f32,
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
    // As its row says it, which adds up with the others; what has no row of its own says what it comes to.
    let own = explanation.result.filter(|_| matches!(figure, Figure::Usable | Figure::KvPool));
    let shown = own.map_or_else(|| total.clone(), gib_fine_unit);
    let title = locale
        .sentence(Key::Why, &[(Placeholder::Name, locale.word(words::figure(figure))), (Placeholder::Value, &shown)]);
    let sure = locale.word(words::certainty(explanation.certainty)).to_owned();
    let sure = locale.join(Join::Clauses, explanation.source.say(locale).into_iter().chain([sure]));
    let sure = text::sentence_case(&sure);
    let at = explanation.source.at.as_str();
    let concept = Concept::of(words::figure(figure));
    let about = concept.map(|concept| text::sentence_case(locale.word(concept.about())));
    let formula = locale.word(formula_of(plan, figure));
    let terms = explanation.terms.as_slice();
    let spelled: Vec<String> = terms.iter().map(|one| term(one, locale, terms.len() == 1)).collect();
    // A single amount is the result already.
    let single = matches!(terms, [one] if one.factors.is_empty());
    let sum = explanation.result.filter(|_| !single).map(|total| format!("= {} B", text::count(total.0)));
    let holds = explanation
        .sequences
        .map(|count| locale.sentence(Key::PoolHolds, &[(Placeholder::Value, &text::decimal(count, 2))]));

    let padding = if low { LOW_PADDING } else { PADDING };
    let width = room.width() - 2.0 * padding;
    // The same in every frame and for every figure, so that the pointer on it is known before it is laid out.
    let id = id();
    // It never covers what stands below: terms are put together until the rest has room.
    let laid_out = |most: usize, formula: Option<&str>, (kind_lines, source): (usize, usize)| {
        let (listed, others) = explanation.listed(most);
        let mut lines: Vec<(Type, Ink, f32, &str, usize)> = vec![(Type::SmallStrong, t.text, 4.0, &title, usize::MAX)];
        lines.extend(about.iter().map(|about| (Type::Small, t.text, 4.0, about.as_str(), usize::MAX)));
        // A list says more than the formula in words, and there is not room for both.
        let formula = formula.filter(|_| listed.len() <= FEW);
        lines.extend(formula.map(|words| (Type::Caption, t.sec, 6.0, words, usize::MAX)));
        let others = others.map(|others| term(&others, locale, false));
        let terms = spelled.iter().take(listed.len()).chain(&others);
        lines.extend(terms.map(|line| (Type::Caption, t.text, 2.0, line.as_str(), usize::MAX)));
        lines.extend(sum.iter().map(|sum| (Type::Mono, t.text, 6.0, sum.as_str(), 1)));
        lines.extend(holds.iter().map(|holds| (Type::Caption, t.sec, 6.0, holds.as_str(), usize::MAX)));
        lines.push((Type::Caption, t.sec, 2.0, &sure, kind_lines));
        // The place to read it again comes last.
        lines.extend((!at.is_empty() && source > 0).then_some((Type::Caption, t.faint, 2.0, at, source)));
        lines.extend(concept.map(|_| (Type::Caption, t.sec, 0.0, locale.word(Key::GlossaryHint), 1)));
        let galley = |(step, ink, gap, words, rows): (Type, Ink, f32, &str, usize)| {
            (paint::wrapped_in(ui.painter(), words, (step, ink), width, rows), ink, gap)
        };
        lines.into_iter().map(galley).collect::<Vec<_>>()
    };
    let height_of = |galleys: &[(Arc<Galley>, Ink, f32)]| {
        galleys.iter().map(|(galley, _, gap)| galley.size().y + gap).sum::<f32>() + 2.0 * padding
    };
    let source = if low { SOURCE_LINES } else { usize::MAX };
    let whole = (1..=LINES).rev().map(|most| laid_out(most, Some(formula), (source, source)));
    // The place goes before what kind of source it is.
    let kept = (SOURCE_LINES, SOURCE_LINES);
    let brief = [(2, kept), (1, kept), (1, (SOURCE_LINES, 1)), (1, (SOURCE_LINES, 0)), (1, (1, 0))];
    let brief = brief.into_iter().map(|(most, lines)| laid_out(most, None, lines));
    let mut tried = whole.chain(brief).skip_while(|galleys| height_of(galleys) > room.height());
    let galleys = tried.next().unwrap_or_else(|| laid_out(1, None, (1, 0)));
    let rect = room;

    let copied = std::iter::once(title.clone())
        .chain(about.clone())
        .chain([formula.to_owned()])
        .chain(spelled.iter().cloned())
        .chain(sum.clone())
        .chain(holds.clone())
        .chain([sure.clone(), at.to_owned()]);
    let copied = copied.collect::<Vec<String>>().join("\n");
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &copied));
    if response.clicked() {
        commands.push(Command::Copy(copied));
    }

    let last = draw(ui, rect, *y, (padding, galleys));
    if let Some(concept) = concept {
        tip::shows_always(ui.ctx(), concept);
        glossary_link(ui, id, last, concept, locale);
    }
    paint::focus_ring(ui, &response, radius::CONTROL);
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

/// The box, its beak at so high, and what it says; where the last line stands.
fn draw(ui: &Ui, rect: Rect, y: f32, (padding, galleys): (f32, Vec<(Arc<Galley>, Ink, f32)>)) -> Rect {
    let t = Tokens::of(ui);
    let painter = ui.painter();
    let outline = Stroke::new(1.0, t.rail);
    painter.rect(rect, radius::CONTROL, t.raised, outline, StrokeKind::Inside);
    let beak_at = pos2(rect.left() - 6.0, y.clamp(rect.top() + 14.0, rect.bottom() - 14.0));
    let beak = vec![beak_at + vec2(7.5, -6.0), beak_at, beak_at + vec2(7.5, 6.0)];
    painter.add(Shape::convex_polygon(beak, t.raised, Stroke::NONE));
    painter.add(Shape::line(vec![beak_at + vec2(6.5, -6.0), beak_at, beak_at + vec2(6.5, 6.0)], outline));
    let mut at = rect.min + vec2(padding, padding);
    let mut last = Rect::from_min_size(at, Vec2::ZERO);
    for (galley, ink, gap) in galleys {
        last = Rect::from_min_size(at, galley.size());
        painter.galley(at, galley, ink);
        at.y += last.height() + gap;
    }
    last
}
