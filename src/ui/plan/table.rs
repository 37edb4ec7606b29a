//! The table: each component in all, in VRAM and in RAM, and what a token waits for it. A row explains itself, and its figures can be copied.

use eframe::egui::{Align2, Key as Press, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::fit::Fit;
use super::{PlanInputs, PlanViewState, serving_lines, training_lines, why};
use crate::estimate::Estimate;
use crate::estimate::explain::Figure;
use crate::estimate::printed::PlanPart;
use crate::estimate::printed::{MemoryFigures, PlanFigures};
use crate::text::{Join, Key, Locale, Placeholder, PrintedFigure};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Memory, Tokens, radius};
use crate::ui::widgets::tip::Tip;
use crate::ui::words;
use crate::units::Bytes;

/// Height of a row, and the least and most where a plot stands beside the table.
const ROW: f32 = 20.0;
const LOW_ROW: f32 = 17.0;
const HIGH_ROW: f32 = 26.0;
/// Width of the box at the right that says why.
const WHY: f32 = 250.0;
/// The same beside a narrow table, and what is narrow.
const NARROW_WHY: (f32, f32) = (200.0, 620.0);
/// Left of the first figure's end stand the name of a component and the figure.
const NAME: f32 = 186.0;
/// The least room of a figure.
const LEAST_FIGURE: f32 = 40.0;
/// How much of the width a plot beside the table takes.
const PLOT_SHARE: f32 = 0.4;
/// Its width where there is room: a compute buffer lists what it is made of.
const WIDE_WHY: f32 = 420.0;
/// The columns of training are fewer than those of serving, since nothing lies in both places.
const TRAINING: [Option<Key>; 4] = [Some(Key::AtPeak), Some(Key::AtStep), Some(Key::InRam), None];

/// One figure of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum FigureCell {
    /// Nothing stands here.
    Empty,
    /// Not known.
    Unknown,
    /// There is none.
    Nothing,
    /// So much memory, in the unit that is shown.
    Memory(PrintedFigure),
    /// So long in each decode step, in milliseconds.
    Time(PrintedFigure),
}

impl FigureCell {
    pub(super) const fn known(known: bool, amount: PrintedFigure) -> Self {
        if known { Self::Memory(amount) } else { Self::Unknown }
    }

    fn words(self, locale: Locale) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Unknown => locale.word(Key::NoData).to_owned(),
            Self::Nothing => "·".to_owned(),
            Self::Memory(amount) => amount.write(),
            Self::Time(time) => format!("{} ms", time.write()),
        }
    }

    /// With its unit, for the clipboard and for screen readers.
    fn spoken(self, locale: Locale) -> Option<String> {
        match self {
            Self::Empty => None,
            Self::Unknown => Some(locale.word(Key::NoData).to_owned()),
            Self::Nothing => Some("0".to_owned()),
            Self::Memory(amount) => Some(words::with_unit(amount)),
            Self::Time(time) => Some(format!("{} ms", time.write())),
        }
    }

    pub(super) const fn is_something(self) -> bool {
        match self {
            Self::Empty | Self::Unknown | Self::Nothing => false,
            Self::Memory(amount) | Self::Time(amount) => !amount.is_zero(),
        }
    }
}

impl MemoryFigures {
    /// One of its parts.
    pub(super) fn part_cell(&self, part: PlanPart) -> FigureCell {
        match (self.amounts().get(part), self.part(part)) {
            (Some(Bytes::ZERO), _) => FigureCell::Nothing,
            (Some(_), Some(amount)) => FigureCell::Memory(amount),
            _ => FigureCell::Unknown,
        }
    }

    /// A sum over its parts.
    pub(super) fn cell(&self, sum: PrintedFigure) -> FigureCell {
        FigureCell::known(self.is_known(), sum)
    }
}

/// The mark before a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineSwatch {
    /// A component.
    Of(Memory),
    /// What nobody is offered.
    Kept,
    /// What nobody takes.
    Empty,
}

pub(super) struct TableLine {
    pub(super) name: Key,
    pub(super) swatch: Option<LineSwatch>,
    pub(super) figure: Option<Figure>,
    pub(super) cells: [FigureCell; 4],
}

impl TableLine {
    /// A sum over the rows above it, or what is left of one.
    pub(super) const fn sum(name: Key, figure: Option<Figure>, cells: [FigureCell; 4]) -> Self {
        Self { name, swatch: None, figure, cells }
    }

    /// What is there and not offered.
    pub(super) const fn kept(name: Key, swatch: LineSwatch, cells: [FigureCell; 4]) -> Self {
        Self { name, swatch: Some(swatch), figure: None, cells }
    }

    /// It stands above the rule.
    pub(super) fn is_part(&self) -> bool {
        self.figure.is_some() && self.swatch.is_some()
    }
}

/// What stands beside the table.
pub(super) struct TableResponse {
    /// The figure to explain, over whatever stands there and below.
    pub(super) asked: Option<why::ExplainedFigure>,
    /// Where a plot has room.
    pub(super) beside: Option<Rect>,
}

fn content(estimate: &Estimate) -> (Vec<TableLine>, [Option<Key>; 4]) {
    let figures = &PlanFigures::of(estimate);
    match &estimate.training {
        Some(_) => (training_lines::of(estimate, figures), TRAINING),
        None => serving_lines::of(estimate, figures),
    }
}

/// How high the table is.
pub(super) fn height(estimate: &Estimate) -> f32 {
    height_of(rows(estimate, content(estimate).0.len()), ROW)
}

/// So many rows have room.
fn rows(estimate: &Estimate, lines: usize) -> usize {
    if estimate.training.is_some() { lines.max(training_lines::ROWS) } else { lines }
}

fn height_of(lines: usize, row: f32) -> f32 {
    row * (lines as f32 + 1.0) + 8.0
}

/// Shows the table; a plot beside it has so much more height to share with its rows.
pub(super) fn show(
    ui: &mut Ui,
    estimate: &Estimate,
    inputs: &PlanInputs<'_>,
    state: &mut PlanViewState,
    (fit, spare): (Fit, f32),
    commands: &mut Vec<Command>,
) -> TableResponse {
    let locale = inputs.locale;
    let (lines, columns) = content(estimate);
    let beside = fit == Fit::Beside;
    // Beside a plot rows share what there is, a little more or less than usual, and none is kept free.
    let count = if beside { lines.len() } else { rows(estimate, lines.len()) };
    let more = spare + ROW * rows(estimate, lines.len()).saturating_sub(lines.len()) as f32;
    let row_height = if beside { ROW + more / (lines.len() as f32 + 1.0) } else { ROW };
    let row_height = row_height.clamp(LOW_ROW, HIGH_ROW);
    let (_, whole) = ui.allocate_space(vec2(ui.available_width(), height_of(count, row_height)));
    let why = match fit {
        Fit::Beside => (whole.width() * PLOT_SHARE).max(NARROW_WHY.0),
        _ if whole.width() < NARROW_WHY.1 => NARROW_WHY.0,
        _ => WHY,
    };
    let table = Rect::from_min_size(whole.min, vec2((whole.width() - why - 28.0).min(520.0), whole.height()));
    let columns = TableColumns::of(ui, columns, table.width(), locale);
    head(ui, table, (&columns, estimate.training.is_some() && estimate.devices.len() > 1), locale);
    // A plot at the right is covered only while a row is looked at, or the explanation itself.
    if beside && !why::looked_at(ui) {
        state.why = None;
    }
    // What is largest is explained until something else is looked at.
    let is_there = |figure: &Figure| lines.iter().any(|line| line.figure == Some(*figure));
    let explained = state.why.filter(is_there).or_else(|| if beside { None } else { largest(&lines) });
    let mut anchor = None;
    for (place, line) in lines.iter().enumerate() {
        // The sum stands under a rule of its own.
        let below = if line.is_part() { 0.0 } else { 6.0 };
        let top = table.top() + ROW + row_height * place as f32 + 2.0 + below;
        let rect = Rect::from_min_size(pos2(table.left(), top), vec2(table.width(), row_height));
        if line.name == Key::Needed {
            let stroke = Stroke::new(1.0, Tokens::of(ui).line);
            ui.painter().hline(table.x_range(), top - 2.0, stroke);
        }
        let response = row(ui, rect, (line, &columns), explained, locale, commands);
        if let Some(figure) = line.figure {
            if response.hovered() || response.has_focus() {
                state.why = Some(figure);
            }
            if state.why.or(explained) == Some(figure) {
                anchor = Some((line, rect.center().y));
            }
        }
    }
    let left = table.right() + 28.0;
    let right = if beside { whole.right() } else { (left + WIDE_WHY).min(whole.right()) };
    let room = Rect::from_x_y_ranges(left..=right, whole.y_range());
    let asked = anchor.zip(state.why.or(explained)).map(|((line, y), figure)| {
        // So near that the pointer reaches it before it is gone; the last number of the plot's axis is covered as well.
        let near = room.with_min_x(table.right() + 10.0).with_max_x(room.right() + 6.0);
        let room = if beside { near } else { room };
        let total =
            line.cells.iter().find(|cell| !matches!(cell, FigureCell::Empty)).and_then(|cell| cell.spoken(locale));
        why::ExplainedFigure { figure, total: total.unwrap_or_default(), room, y }
    });
    TableResponse { asked, beside: beside.then_some(room) }
}

/// The part that takes most.
fn largest(lines: &[TableLine]) -> Option<Figure> {
    let bytes = |line: &&TableLine| match line.cells[0] {
        FigureCell::Memory(amount) => amount,
        _ => PrintedFigure::default(),
    };
    lines.iter().filter(|line| line.is_part()).max_by_key(bytes).and_then(|line| line.figure)
}

/// The columns of figures that have room, and how far apart they end.
#[derive(Clone, Copy)]
struct TableColumns {
    /// All of them, for who hears the table.
    all: [Option<Key>; 4],
    /// Those that are drawn.
    drawn: [Option<Key>; 4],
    step: f32,
}

impl TableColumns {
    /// As many as stand clear of each other in so much width: what a token waits goes first, then the sum of both
    /// places, in training what is not the peak.
    fn of(ui: &Ui, all: [Option<Key>; 4], width: f32, locale: Locale) -> Self {
        let dropped: &[usize] = if all[0] == Some(Key::AtPeak) { &[1, 2] } else { &[3, 0] };
        let mut drawn = all;
        let mut dropped = dropped.iter();
        loop {
            let heads = drawn.iter().flatten();
            let head = |key: &Key| paint::width(ui.painter(), locale.word(*key), Type::Caption);
            let widest = heads.clone().map(head).fold(LEAST_FIGURE, f32::max) + 8.0;
            let gaps = heads.count().saturating_sub(1).max(1) as f32;
            let room = (width - 8.0 - NAME) / gaps;
            let step = (width * 0.17).max(widest).min(room);
            match dropped.next() {
                Some(place) if room < widest => drawn[*place] = None,
                _ => return Self { all, drawn, step },
            }
        }
    }

    /// Where the figures of a column end, the last at the right.
    fn right(&self, table: Rect, column: usize) -> f32 {
        let after = self.drawn.iter().skip(column + 1).flatten().count();
        table.right() - 8.0 - self.step * after as f32
    }
}

fn head(ui: &Ui, table: Rect, (columns, of_one): (&TableColumns, bool), locale: Locale) {
    let t = Tokens::of(ui);
    let y = table.top() + ROW / 2.0 - 2.0;
    let name = "GiB";
    let unit = if of_one { locale.sentence(Key::GibEachCard, &[(Placeholder::Name, name)]) } else { name.to_owned() };
    paint::text(ui.painter(), pos2(table.left(), y), Align2::LEFT_CENTER, &unit, Type::Caption, t.faint);
    for (column, key) in columns.drawn.into_iter().enumerate() {
        let Some(key) = key else { continue };
        let at = pos2(columns.right(table, column), y);
        let drawn = paint::text(ui.painter(), at, Align2::RIGHT_CENTER, locale.word(key), Type::Caption, t.faint);
        let response = ui.interact(drawn, ui.make_persistent_id(("head", column)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, locale.word(key)));
        Tip::of(key, locale).on(&response);
    }
    ui.painter().hline(table.x_range(), table.top() + ROW - 1.0, Stroke::new(1.0, t.line));
}

fn row(
    ui: &Ui,
    rect: Rect,
    (line, columns): (&TableLine, &TableColumns),
    looked_at: Option<Figure>,
    locale: Locale,
    commands: &mut Vec<Command>,
) -> Response {
    let t = Tokens::of(ui);
    let id = ui.make_persistent_id(("row", line.name as usize));
    let response = ui.interact(rect.expand2(vec2(6.0, 0.0)), id, Sense::click());
    let name = locale.word(line.name);
    let spoken = || {
        let cells = columns.all.iter().zip(&line.cells);
        let cells = cells.filter_map(|(key, cell)| Some(format!("{} {}", locale.word((*key)?), cell.spoken(locale)?)));
        locale.join(Join::Phrases, std::iter::once(name.to_owned()).chain(cells))
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Row, true, spoken()));
    let tip = Tip::of(line.name, locale);
    // What has a figure to explain is explained beside the table.
    if line.figure.is_some() {
        tip.tell(&response);
    } else {
        tip.on(&response);
    }
    let painter = ui.painter();
    if line.figure.is_some() && (response.hovered() || response.has_focus() || line.figure == looked_at) {
        painter.rect_filled(response.rect, radius::SEGMENT, t.raised);
    }
    let middle = rect.center().y;
    let swatch = Rect::from_center_size(pos2(rect.left() + 6.0, middle), vec2(12.0, 12.0));
    match line.swatch {
        Some(LineSwatch::Of(component)) => paint::swatch(painter, swatch, component, t),
        Some(LineSwatch::Kept) => paint::swatch_kept(painter, swatch, t),
        Some(LineSwatch::Empty) | None => {}
    }
    let (step, ink) = match (line.name, line.is_part()) {
        (Key::Needed, _) => (Type::BodyStrong, t.text),
        (_, true) => (Type::Body, t.text),
        _ => (Type::Body, t.sec),
    };
    paint::text(painter, pos2(rect.left() + 20.0, middle), Align2::LEFT_CENTER, name, step, ink);
    for (column, cell) in line.cells.iter().enumerate().filter(|(column, _)| columns.drawn[*column].is_some()) {
        let ink = match cell {
            cell if cell.is_something() => ink,
            _ => t.faint,
        };
        let at = pos2(columns.right(rect, column), middle);
        paint::text(painter, at, Align2::RIGHT_CENTER, &cell.words(locale), Type::Mono, ink);
    }
    paint::focus_ring(ui, &response, radius::SEGMENT);
    copy(ui, rect, (line, columns), &response, &spoken, locale, commands);
    response
}

/// A click copies the figure under the pointer, Enter the whole row, the menu either.
fn copy(
    ui: &Ui,
    rect: Rect,
    (line, columns): (&TableLine, &TableColumns),
    response: &Response,
    spoken: &dyn Fn() -> String,
    locale: Locale,
    commands: &mut Vec<Command>,
) {
    if response.has_focus() && ui.input(|input| input.key_pressed(Press::Enter)) {
        commands.push(Command::Copy(spoken()));
    } else if let Some(pointer) = response.interact_pointer_pos().filter(|_| response.clicked()) {
        let end = |column: &usize| columns.right(rect, *column);
        let mut drawn = (0..columns.drawn.len()).filter(|column| columns.drawn[*column].is_some());
        let under = drawn.find(|column| (end(column) - 50.0..end(column) + 8.0).contains(&pointer.x));
        let figure = under.and_then(|column| line.cells[column].spoken(locale));
        commands.extend(figure.map(Command::Copy));
    }
    response.context_menu(|ui| {
        for value in line.cells.iter().filter_map(|cell| cell.spoken(locale)) {
            if ui.button(locale.sentence(Key::CopyValue, &[(Placeholder::Value, &value)])).clicked() {
                commands.push(Command::Copy(value));
                ui.close();
            }
        }
    });
}
