//! Only what differs: quality first, then the figures that do not stand beside the bars, and what makes the difference.

use eframe::egui::{Align2, Rangef, Rect, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::{CompareFrame, cell};
use crate::advise::compare::words as figures;
use crate::advise::compare::{Difference, Figure, Quality, QualityDifference, Side, difference, of_quality, reason};
use crate::text::{Join, Key, Locale, Placeholder, count};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Ink, Tokens};
use crate::ui::widgets::tip::Tip;

/// Width of the names, and of what makes the difference.
const NAMES: f32 = 182.0;
const WHY: f32 = 240.0;
/// A column in which figure and difference stand beside each other needs so much; one under the other, so much.
const BESIDE: f32 = 176.0;
const UNDER: f32 = 122.0;
/// What is left of a column for the figure, where the difference stands beside it.
const FIGURE: f32 = 0.6;

/// Where the columns stand.
struct TableColumns {
    left: f32,
    plan: f32,
    count: usize,
    beside: bool,
    right: f32,
}

impl TableColumns {
    fn of(left: f32, room: f32, count: usize) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "six plans")]
        let plans = count as f32;
        let plan = ((room - NAMES - WHY) / plans).max(UNDER);
        Self { left, plan, count, beside: plan >= BESIDE, right: left + (NAMES + WHY + plans * plan).max(room) }
    }

    fn plan(&self, place: usize) -> Rangef {
        #[expect(clippy::cast_precision_loss, reason = "six plans")]
        let left = self.left + NAMES + self.plan * place as f32;
        Rangef::new(left, left + self.plan - 10.0)
    }

    fn why(&self) -> Rangef {
        Rangef::new(self.plan(self.count).min, self.right)
    }

    const fn row(&self) -> f32 {
        if self.beside { 28.0 } else { 42.0 }
    }
}

pub(super) fn show(ui: &mut Ui, frame: &CompareFrame<'_>) {
    let room = frame.columns.whole.span();
    ScrollArea::horizontal().id_salt("differences").auto_shrink([false, true]).show(ui, |ui| {
        let columns = TableColumns::of(ui.cursor().left(), room, frame.inputs.sides.len());
        ui.set_width(columns.right - columns.left);
        head(ui, frame, &columns);
        quality(ui, frame, &columns);
        let trains = frame.inputs.base_side().is_some_and(Side::trains);
        let mut rows = 0;
        for figure in Figure::of_task(trains).filter(|figure| !frame.heads.contains(figure)) {
            let found = differences(figure, frame);
            let moves =
                |it: &Difference| !matches!(it, Difference::Same | Difference::OtherPurchase | Difference::Unknown);
            if found.iter().any(moves) {
                row(ui, frame, &columns, figure, &found);
                rows += 1;
            }
        }
        if rows == 0 {
            let words = frame.inputs.locale.word(Key::CompareNothingDiffers);
            line(ui, &columns, (words, false), words);
        }
    });
}

fn differences(figure: Figure, frame: &CompareFrame<'_>) -> Vec<Difference> {
    let Some(base) = frame.inputs.base_side() else { return Vec::new() };
    frame.inputs.sides.iter().map(|side| difference(figure, side, base)).collect()
}

fn head(ui: &mut Ui, frame: &CompareFrame<'_>, columns: &TableColumns) {
    let t = Tokens::of(ui);
    let locale = frame.inputs.locale;
    let (_, rect) = ui.allocate_space(vec2(columns.right - columns.left, 32.0));
    let y = rect.center().y;
    let at = |x: f32| pos2(x, y);
    let title = locale.word(Key::CompareDiffers);
    paint::text_within(
        ui.painter(),
        at(columns.left),
        Align2::LEFT_CENTER,
        title,
        (Type::Section, t.text),
        NAMES - 8.0,
    );
    for (place, plan) in frame.inputs.plans.iter().enumerate() {
        let x = columns.plan(place);
        let drawn = paint::text(ui.painter(), at(x.min), Align2::LEFT_CENTER, &plan.letter, Type::SmallStrong, t.text);
        if place == frame.inputs.base {
            let words = locale.word(Key::CompareBase);
            paint::text(ui.painter(), at(drawn.right() + 8.0), Align2::LEFT_CENTER, words, Type::Caption, t.faint);
        }
    }
    let why = columns.why();
    let words = locale.word(Key::CompareWhat);
    paint::text_within(ui.painter(), at(why.min), Align2::LEFT_CENTER, words, (Type::Caption, t.faint), why.span());
    ui.painter().hline(columns.left..=columns.right, rect.bottom() - 0.5, Stroke::new(1.0, t.line));
}

/// A line of the table with its name; where it stands. `spoken` is the whole line as a sentence.
fn line(ui: &mut Ui, columns: &TableColumns, (name, strong): (&str, bool), spoken: &str) -> Rect {
    let t = Tokens::of(ui);
    let (_, rect) = ui.allocate_space(vec2(columns.right - columns.left, columns.row()));
    let step = if strong { Type::BodyStrong } else { Type::Body };
    let response = ui.interact(rect, ui.make_persistent_id(("difference", name)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken));
    paint::text_within(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, name, (step, t.text), NAMES - 8.0);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
    rect
}

/// Where the figure of a plan stands in its column, and where how it differs.
fn spots(columns: &TableColumns, rect: Rect, place: usize) -> (Rect, Rect) {
    let whole = Rect::from_x_y_ranges(columns.plan(place), rect.y_range());
    if columns.beside {
        whole.split_left_right_at_fraction(FIGURE)
    } else {
        let (top, bottom) = whole.split_top_bottom_at_fraction(0.5);
        (top.translate(vec2(0.0, 2.0)), bottom.translate(vec2(0.0, -2.0)))
    }
}

/// Draws a figure: in the strong face where it sets its plan apart.
fn value(ui: &Ui, spot: Rect, words: &str, strong: bool) {
    let t = Tokens::of(ui);
    let look: (Type, Ink) = if strong { (Type::SmallStrong, t.text) } else { (Type::Small, t.sec) };
    paint::text_within(ui.painter(), spot.left_center(), Align2::LEFT_CENTER, words, look, spot.width() - 4.0);
}

fn why(ui: &Ui, columns: &TableColumns, rect: Rect, words: &str) {
    let x = columns.why();
    let look = (Type::Small, Tokens::of(ui).sec);
    let at = pos2(x.min, rect.center().y);
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, words, look, x.span() - 4.0);
}

fn quality(ui: &mut Ui, frame: &CompareFrame<'_>, columns: &TableColumns) {
    let inputs = &frame.inputs;
    let locale = inputs.locale;
    let Some(base) = inputs.base_side() else { return };
    let name = locale.word(Key::CompareQuality);
    let cells: Vec<(String, QualityDifference)> = inputs
        .sides
        .iter()
        .map(|side| (figures::quality(&Quality::of(side), side.trains(), locale), QualityDifference::of(side, base)))
        .collect();
    let cause = of_quality(inputs.sides, inputs.base).map(|it| figures::reason(it, &inputs.letters(), locale));
    let said = cells.iter().zip(inputs.plans).map(|((words, found), plan)| {
        format!("{} {words} {}", plan.letter, figures::quality_difference(*found, locale))
    });
    let spoken = spoken(name, said, cause.as_deref(), locale);
    let rect = line(ui, columns, (name, true), &spoken);
    for (place, (words, found)) in cells.iter().enumerate() {
        let (left, right) = spots(columns, rect, place);
        value(ui, left, words, place == inputs.base || *found != QualityDifference::Same);
        if place == inputs.base {
            continue;
        }
        let t = Tokens::of(ui);
        let words = figures::quality_difference(*found, locale);
        let arrow = match found {
            QualityDifference::Better => Some((false, true)),
            QualityDifference::Worse => Some((true, false)),
            _ => None,
        };
        let mut x = right.left();
        if let Some((up, better)) = arrow {
            crate::ui::icons::arrow(ui.painter(), pos2(x + 5.0, right.center().y), up, cell::ink(better, t));
            x += 14.0;
        }
        let look = (Type::Small, if arrow.is_some() { t.sec } else { t.faint });
        let at = pos2(x, right.center().y);
        paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, words, look, right.right() - x);
    }
    if let Some(words) = cause {
        why(ui, columns, rect, &words);
    }
}

fn row(ui: &mut Ui, frame: &CompareFrame<'_>, columns: &TableColumns, figure: Figure, found: &[Difference]) {
    let inputs = &frame.inputs;
    let locale = inputs.locale;
    let readings: Vec<String> = inputs
        .sides
        .iter()
        .map(|side| {
            let reading = figures::reading(figure, side, inputs.catalog, locale);
            let unit = figure.unit();
            if unit.is_empty() || reading == figures::NONE { reading } else { format!("{reading} {unit}") }
        })
        .collect();
    let cause = reason(figure, inputs.sides, inputs.base).map(|it| figures::reason(it, &inputs.letters(), locale));
    let name = title(figure, frame);
    let said = inputs.plans.iter().zip(&readings).zip(found).map(|((plan, reading), found)| {
        format!("{} {reading} {}", plan.letter, figures::difference(figure, *found, locale))
    });
    let spoken = spoken(&name, said, cause.as_deref(), locale);
    let rect = line(ui, columns, (&name, false), &spoken);
    for (place, (words, found)) in readings.iter().zip(found).enumerate() {
        let (left, right) = spots(columns, rect, place);
        let apart = matches!(found, Difference::Differs { .. }) || place == inputs.base;
        value(ui, left, words, apart);
        if place != inputs.base {
            cell::show(ui, right.left_center(), Align2::LEFT_CENTER, (figure, *found), locale, right.width());
        }
        if let Some(band) = inputs.sides.get(place).and_then(|side| figures::band(figure, side)) {
            let id = ui.make_persistent_id(("band", figure, place));
            ui.interact(left.union(right), id, Sense::hover()).on_hover_text(band);
        }
    }
    if let Some(words) = cause {
        why(ui, columns, rect, &words);
    }
    let names = rect.with_max_x(rect.left() + NAMES - 8.0);
    let response = ui.interact(names, ui.make_persistent_id(("figure name", figure)), Sense::hover());
    Tip::of(figure.label(), locale).on(&response);
}

/// The name of a figure, with the prompt that it is of.
fn title(figure: Figure, frame: &CompareFrame<'_>) -> String {
    let locale = frame.inputs.locale;
    let prompt = frame.inputs.base_side().map(|base| base.plan.workload.prompt_tokens);
    let alike = frame.inputs.sides.iter().all(|side| Some(side.plan.workload.prompt_tokens) == prompt);
    match prompt.filter(|_| figure == Figure::FirstToken && alike) {
        Some(tokens) => locale.sentence(Key::FirstToken, &[(Placeholder::Count, &count(tokens))]),
        None => locale.word(figure.label()).to_owned(),
    }
}

/// A line as a sentence, for those who do not see it.
fn spoken(name: &str, cells: impl Iterator<Item = String>, cause: Option<&str>, locale: Locale) -> String {
    let cells = cells.map(|cell| cell.trim_end().to_owned());
    locale.join(Join::Clauses, std::iter::once(name.to_owned()).chain(cells).chain(cause.map(str::to_owned)))
}
