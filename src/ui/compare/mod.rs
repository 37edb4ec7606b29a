//! The Compare view: plans as aligned bars on one axis, how their figures stand to a base's, and what sets them apart.

mod add;
mod axis;
mod cell;
mod foot;
mod head;
mod plan_row;
mod row_controls;
mod sized;
mod state;
mod table;

pub use state::CompareViewState;

use eframe::egui::{Frame, Margin, Rect, ScrollArea, Stroke, Ui, UiBuilder, vec2};

use super::command::Command;
use super::theme::Tokens;
use crate::advise::compare::inputs::InputsSplit;
use crate::advise::compare::{Figure, Side, conclude};
use crate::catalog::Catalog;
use crate::plan::{NamedPlan, Plan};
use crate::text::Locale;
use sized::Columns;

/// Left and right of everything.
const SIDE: f32 = 24.0;
/// What is narrower is scrolled sideways.
const LEAST_WIDTH: f32 = 880.0;

/// A plan as it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedPlan {
    /// Its place in the document.
    pub place: usize,
    /// Its letter there.
    pub letter: String,
    /// Its name, or what it is of.
    pub name: String,
}

/// Plans that can be added with one click.
#[derive(Debug, Clone, PartialEq)]
pub struct Addition {
    /// What the button says.
    pub words: String,
    /// What it adds.
    pub plan: NamedPlan,
}

/// What the view draws.
#[derive(Clone, Copy)]
pub struct CompareInputs<'a> {
    /// The plans that are compared, as they are called.
    pub plans: &'a [ComparedPlan],
    /// What each of them comes to.
    pub sides: &'a [Side],
    /// Which of them is the base.
    pub base: usize,
    /// Which of them is the plan shown.
    pub shown: usize,
    /// How many plans the document holds.
    pub held: usize,
    /// Pinned cards and builds.
    pub additions: &'a [Addition],
    /// Models, cards and prices.
    pub catalog: &'a Catalog,
    /// The language.
    pub locale: Locale,
}

impl CompareInputs<'_> {
    fn letters(&self) -> Vec<String> {
        self.plans.iter().map(|plan| plan.letter.clone()).collect()
    }

    fn base_side(&self) -> Option<&Side> {
        self.sides.get(self.base)
    }
}

/// What is drawn in one frame, worked out once.
struct CompareFrame<'a> {
    inputs: CompareInputs<'a>,
    split: InputsSplit,
    /// Those beside the bars.
    heads: [Figure; 3],
    columns: Columns,
}

/// Shows the view in what is left of `ui`; effects are returned.
pub fn show(ui: &mut Ui, inputs: &CompareInputs<'_>, state: &mut CompareViewState) -> Vec<Command> {
    let mut commands = Vec::new();
    let whole = ui.available_rect_before_wrap();
    ui.painter().rect_filled(whole, 0, Tokens::of(ui).bg);
    let narrow = whole.width() < LEAST_WIDTH;
    let area = if narrow { ScrollArea::both() } else { ScrollArea::vertical() };
    part(ui, whole, |ui| {
        area.id_salt("comparison").auto_shrink(false).show(ui, |ui| {
            let width = if narrow { LEAST_WIDTH } else { ui.available_width() };
            ui.set_width(width);
            let margin = Margin { left: 24, right: 24, top: 16, bottom: 16 };
            Frame::new().inner_margin(margin).show(ui, |ui| {
                ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
                page(ui, inputs, state, width - 2.0 * SIDE, &mut commands);
            });
        });
    });
    ui.advance_cursor_after_rect(whole);
    commands
}

fn page(
    ui: &mut Ui,
    inputs: &CompareInputs<'_>,
    state: &mut CompareViewState,
    width: f32,
    commands: &mut Vec<Command>,
) {
    let Some(base) = inputs.base_side() else { return };
    let plans: Vec<&Plan> = inputs.sides.iter().map(|side| &side.plan).collect();
    let trains = base.trains();
    let frame = CompareFrame {
        inputs: *inputs,
        split: InputsSplit::of(&plans, inputs.catalog, inputs.locale),
        heads: state.heads(trains),
        columns: Columns::of(ui.cursor().left(), width),
    };
    state.follow_focus(ui, inputs);
    head::show(ui, &frame, &conclude(inputs.sides, inputs.base), state, commands);
    rows(ui, &frame, state, commands);
    ui.add_space(12.0);
    add::show(ui, &frame, commands);
    if inputs.sides.len() > 1 {
        ui.add_space(14.0);
        table::show(ui, &frame);
    }
    ui.add_space(10.0);
    foot::show(ui, &frame);
}

/// The plans, one under the other, with their axis below.
fn rows(ui: &mut Ui, frame: &CompareFrame<'_>, state: &mut CompareViewState, commands: &mut Vec<Command>) {
    let t = Tokens::of(ui);
    let pictures = sized::pictures(frame);
    let top = ui.cursor().top();
    ui.painter().hline(frame.columns.whole, top, Stroke::new(1.0, t.line));
    let ticks = axis::Ticks::of(frame, &pictures);
    ticks.grid(ui, top, top + pictures.iter().map(sized::Picture::height).sum::<f32>());
    let mut placed = Vec::new();
    for (place, picture) in pictures.iter().enumerate() {
        let (_, rect) = ui.allocate_space(vec2(frame.columns.whole.span(), picture.height()));
        let rect = Rect::from_x_y_ranges(frame.columns.whole, rect.y_range());
        plan_row::show(ui, rect, frame, place, picture, state, commands);
        placed.push(rect);
    }
    row_controls::drag(ui, frame, &placed, state, commands);
    ticks.show(ui, frame);
}

fn part(ui: &mut Ui, rect: Rect, show: impl FnOnce(&mut Ui)) {
    ui.scope_builder(UiBuilder::new().id_salt("compare").max_rect(rect), |ui| {
        ui.shrink_clip_rect(rect);
        show(ui);
    });
}
