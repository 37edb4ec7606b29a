//! Why a number is what it is: the formula in words, with the numbers put in, and how sure it is.

use eframe::egui::{Id, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::PlanInputs;
use crate::estimate::explain::{Beside, Figure, Term};
use crate::plan::Plan;
use crate::text::{self, Join, Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::theme::{Ink, Tokens, radius};
use crate::ui::{paint, words};
use crate::units::Band;

const PADDING: f32 = 14.0;
/// More lines than these stand in the copied text alone.
const LINES: usize = 5;
/// In a low window so many lines say where a figure comes from, until the pointer is on them.
const SOURCE_LINES: usize = 2;

/// A figure to explain.
pub(super) struct Asked {
    /// Which.
    pub(super) figure: Figure,
    /// What its row says, for the title.
    pub(super) total: String,
    /// Where the explanation stands; it may be higher.
    pub(super) room: Rect,
    /// The middle of the row.
    pub(super) y: f32,
}

/// One kind of tensor in a compute buffer: what it is and its bytes; how these come about where that `fits`.
fn tensors(term: &Term, locale: Locale, fits: impl Fn(&str) -> bool) -> String {
    let bytes = format!("{} B", text::count(term.bytes.0));
    let name = locale.word(words::term(term.name));
    let product = Some(words::product(&term.factors)).filter(|product| !product.is_empty());
    let whole = product.map(|product| format!("{name}  {product} = {bytes}"));
    whole.filter(|line| fits(line)).unwrap_or_else(|| format!("{name}  {bytes}"))
}

/// A term of another figure, its name where it does not stand `alone`.
fn term(term: &Term, locale: Locale, alone: bool) -> String {
    let product = words::product(&term.factors);
    match term.beside {
        Beside::Band(Band { low, high, .. }) => {
            format!("{product} ({}–{})", words::gib_fine(low), words::gib_fine(high))
        }
        Beside::Whole(whole) => format!("{} / {}", words::gib_fine_unit(term.bytes), words::gib_fine_unit(whole)),
        Beside::Nothing => {
            let amount = if product.is_empty() { format!("{} B", text::count(term.bytes.0)) } else { product };
            if alone { amount } else { format!("{}  {amount}", locale.word(words::term(term.name))) }
        }
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
    asked: &Asked,
    plan: &Plan,
    inputs: &PlanInputs<'_>,
    low: bool,
    commands: &mut Vec<Command>,
) {
    let locale = inputs.locale;
    let Asked { figure, total, room, y } = asked;
    let (figure, room) = (*figure, *room);
    let Some(explanation) = (inputs.explain)(plan, figure) else {
        hint(ui, room, locale);
        return;
    };
    let t = Tokens::of(ui);
    let shown = explanation.result.map_or_else(|| total.clone(), words::gib_fine_unit);
    let title = locale
        .sentence(Key::Why, &[(Placeholder::Name, locale.word(words::figure(figure))), (Placeholder::Value, &shown)]);
    let mut sure = locale.word(words::certainty(explanation.certainty)).to_owned();
    if !explanation.source.is_empty() {
        sure = locale.join(Join::Clauses, [sure, explanation.source.clone()]);
    }
    let formula = if plan.workload.task.trains() {
        words::training_formula(figure)
    } else {
        words::formula(figure, plan.workload.runtime)
    };
    let formula = locale.word(formula);
    let total = explanation.result.map(|bytes| text::count(bytes.0));
    // A compute buffer lists its tensors; other figures are sums in so many lines.
    let listed = figure == Figure::Compute && !plan.workload.task.trains();
    let (tensor_terms, terms) = explanation.terms.split_at(if listed { explanation.terms.len() } else { 0 });
    let alone = terms.len() == 1;
    let spelled: Vec<String> =
        explanation.lines.iter().cloned().chain(terms.iter().map(|one| term(one, locale, alone))).collect();
    // Some formulas end with their result already.
    let total = total.filter(|total| !spelled.iter().any(|line| line.contains(total)));
    let total = total.map(|total| format!("= {total} B"));

    let width = room.width() - 2.0 * PADDING;
    let fits = |line: &str| paint::width(ui.painter(), line, Type::Caption) <= width;
    let mut lines: Vec<(Type, Ink, f32, String)> = vec![(Type::SmallStrong, t.text, 6.0, title.clone())];
    // A list says more than the formula in words, and there is not room for both.
    if tensor_terms.is_empty() {
        lines.push((Type::Caption, t.sec, 6.0, formula.to_owned()));
    }
    lines.extend(spelled.iter().take(LINES).map(|line| (Type::Mono, t.text, 1.0, line.clone())));
    lines.extend(tensor_terms.iter().map(|one| (Type::Caption, t.sec, 1.0, tensors(one, locale, fits))));
    lines.extend(total.iter().map(|total| (Type::Mono, t.text, 6.0, total.clone())));

    let mut galleys: Vec<_> = lines
        .iter()
        .map(|(step, ink, gap, words)| (paint::wrapped(ui.painter(), words, (*step, *ink), width), *ink, *gap))
        .collect();
    // The same in every frame and for every figure, so that the pointer on it is known before it is laid out.
    let id = id();
    let most = if low && !looked_at(ui) { SOURCE_LINES } else { usize::MAX };
    galleys.push((paint::wrapped_in(ui.painter(), &sure, (Type::Caption, t.faint), width, most), t.faint, 0.0));
    let height = galleys.iter().map(|(galley, _, gap)| galley.size().y + gap).sum::<f32>() + 2.0 * PADDING;
    let rect = Rect::from_min_size(room.min, vec2(room.width(), height.max(room.height())));

    let listed = tensor_terms.iter().map(|one| tensors(one, locale, |_| true));
    let copied = [title, formula.to_owned()].into_iter().chain(spelled);
    let copied: Vec<String> = copied.chain(listed).chain(total).chain([sure]).collect();
    let copied = copied.join("\n");
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &copied));
    if response.clicked() {
        commands.push(Command::Copy(copied));
    }

    let painter = ui.painter();
    let outline = Stroke::new(1.0, t.rail);
    painter.rect(rect, radius::CONTROL, t.raised, outline, StrokeKind::Inside);
    let tip = pos2(rect.left() - 6.0, y.clamp(rect.top() + 14.0, rect.bottom() - 14.0));
    let beak = vec![tip + vec2(7.5, -6.0), tip, tip + vec2(7.5, 6.0)];
    painter.add(Shape::convex_polygon(beak, t.raised, Stroke::NONE));
    painter.add(Shape::line(vec![tip + vec2(6.5, -6.0), tip, tip + vec2(6.5, 6.0)], outline));
    let mut at = rect.min + vec2(PADDING, PADDING);
    for (galley, ink, gap) in galleys {
        let height = galley.size().y;
        painter.galley(at, galley, ink);
        at.y += height + gap;
    }
    paint::focus_ring(ui, &response, radius::CONTROL);
}
