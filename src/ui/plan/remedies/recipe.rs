//! The block of three recipes on top of the ladder.

use std::sync::Arc;

use eframe::egui::{Align2, Galley, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::apply::WayOffer;
use super::{LadderContext, WaysResponse, effect, row, tip};
use crate::advise::remedies::Recipe;
use crate::text::Join;
use crate::ui::fonts::Type;
use crate::ui::theme::{Tokens, radius, space};
use crate::ui::{icons, paint, words};

/// Height of a recipe whose changes take one line.
const HEIGHT: f32 = 42.0;
/// How far the block reaches beyond the rows.
const OUTSET: f32 = 8.0;
/// The top of the name, and the room under the changes.
const EDGE: f32 = 5.0;
/// A name that is longer takes a second line, and no third.
const NAME_LINES: usize = 2;
/// Between what stands on the first line.
const APART: f32 = 10.0;

/// A recipe laid out: nothing is cut, what has no room beside the name leads the changes.
struct LaidOutRecipe {
    name: Arc<Galley>,
    /// Beside the name, from the right.
    beside: Vec<(String, Type)>,
    changes: Arc<Galley>,
    height: f32,
}

impl LaidOutRecipe {
    fn new(ui: &Ui, recipe: &Recipe, costs_beside: bool, room: f32, drawn: LadderContext<'_>) -> Self {
        let t = Tokens::of(ui);
        let (speed, cost) = (speed(recipe, drawn), effect::short_cost(&recipe.cost, drawn.speech));
        let title = drawn.speech.title(recipe);
        let (mut beside, mut led) = (Vec::new(), Vec::new());
        if costs_beside {
            beside.push((cost, Type::Small));
        } else {
            led.push(cost);
        }
        let width = |words: &str, step| paint::width(ui.painter(), words, step);
        let taken: f32 = beside.iter().map(|(words, step)| width(words, *step) + APART).sum();
        if width(&title, Type::BodyStrong) + APART + width(&speed, Type::SmallStrong) + taken <= room {
            beside.push((speed.clone(), Type::SmallStrong));
        } else {
            led.insert(0, speed);
        }
        led.push(drawn.speech.recipe(recipe));
        let changes = drawn.speech.locale.join(Join::Clauses, led);
        let left: f32 = room - beside.iter().map(|(words, step)| width(words, *step) + APART).sum::<f32>();
        let name = paint::wrapped_in(ui.painter(), &title, (Type::BodyStrong, t.text), left, NAME_LINES);
        let changes = paint::wrapped(ui.painter(), &changes, (Type::Caption, t.faint), room);
        let height = (EDGE + name.size().y + changes.size().y + EDGE).max(HEIGHT);
        Self { name, beside, changes, height }
    }
}

pub(super) fn block(ui: &mut Ui, drawn: LadderContext<'_>, done: &mut WaysResponse) {
    if drawn.ladder.recipes.is_empty() {
        return;
    }
    let t = Tokens::of(ui);
    let left = ui.cursor().left();
    let width = ui.available_width();
    let room = width - row::INDENT - row::BUTTON.x - 6.0;
    // Where one line has not room for all three, the costs lead the second.
    let costs_beside = drawn.ladder.recipes.iter().all(|it| first_line(ui, it, drawn) <= room);
    let laid_out = |it: &Recipe| LaidOutRecipe::new(ui, it, costs_beside, room, drawn);
    let rows: Vec<LaidOutRecipe> = drawn.ladder.recipes.iter().map(laid_out).collect();
    let (_, place) = ui.allocate_space(vec2(width, rows.iter().map(|row| row.height).sum::<f32>() + 10.0));
    // The scroll bar leaves less room than the other side.
    let right = (left + width + OUTSET).min(ui.clip_rect().right() - 1.0);
    let ground = Rect::from_min_max(pos2(left - OUTSET, place.top()), pos2(right, place.bottom()));
    ui.painter().rect(ground, radius::CONTROL, t.bg, Stroke::new(1.0, t.line), StrokeKind::Inside);
    let mut top = place.top() + 5.0;
    for (recipe, row) in drawn.ladder.recipes.iter().zip(rows) {
        let rect = Rect::from_min_size(pos2(left, top), vec2(width, row.height));
        top += row.height;
        ui.push_id(("recipe", recipe.goal), |ui| one(ui, rect, recipe, row, drawn, done));
    }
    ui.add_space(space::S / 2.0);
}

/// How wide name, speed and cost are side by side.
fn first_line(ui: &Ui, recipe: &Recipe, drawn: LadderContext<'_>) -> f32 {
    let width = |words: &str, step| paint::width(ui.painter(), words, step);
    width(&drawn.speech.title(recipe), Type::BodyStrong)
        + width(&speed(recipe, drawn), Type::SmallStrong)
        + width(&effect::short_cost(&recipe.cost, drawn.speech), Type::Small)
        + 2.0 * APART
}

fn speed(recipe: &Recipe, drawn: LadderContext<'_>) -> String {
    effect::rate(&recipe.after, recipe.plan.workload.sequences, drawn.speech)
}

fn one(
    ui: &mut Ui,
    rect: Rect,
    recipe: &Recipe,
    row: LaidOutRecipe,
    drawn: LadderContext<'_>,
    done: &mut WaysResponse,
) {
    let t = Tokens::of(ui);
    let locale = drawn.speech.locale;
    let name = &drawn.speech.title(recipe);
    let (speed, cost) = (speed(recipe, drawn), effect::short_cost(&recipe.cost, drawn.speech));
    let response = ui.interact(rect, ui.make_persistent_id("recipe"), Sense::hover());
    let verdict = locale.word(words::verdict(recipe.after.verdict));
    let read = locale.join(Join::Clauses, [name.as_str(), verdict, &speed, &cost, &drawn.speech.recipe(recipe)]);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &read));
    tip::beside(&response, |ui| tip::recipe(ui, recipe, name, drawn));
    let painter = ui.painter();
    let y = rect.top() + 14.0;
    icons::verdict(painter, pos2(rect.left() + 8.0, y), recipe.after.verdict, t);
    let mut end = rect.right() - row::BUTTON.x - 6.0;
    for (words, step) in &row.beside {
        let ink = if *step == Type::SmallStrong { t.text } else { t.sec };
        end = paint::text(painter, pos2(end, y), Align2::RIGHT_CENTER, words, *step, ink).left() - APART;
    }
    let first = rect.min + vec2(row::INDENT, EDGE);
    let second = first + vec2(0.0, row.name.size().y);
    painter.galley(first, row.name, t.text);
    painter.galley(second, row.changes, t.faint);
    let place = Rect::from_min_size(pos2(rect.right() - row::BUTTON.x, rect.top() + 4.0), row::BUTTON);
    WayOffer { name, plan: &recipe.plan, hovered: response.contains_pointer() }.show(ui, place, drawn, done);
}
