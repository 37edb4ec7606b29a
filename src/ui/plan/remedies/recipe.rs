//! The block of three recipes on top of the ladder.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

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
/// Where the changes stand, below the name.
const SECOND: f32 = 24.0;

pub(super) fn block(ui: &mut Ui, drawn: LadderContext<'_>, done: &mut WaysResponse) {
    if drawn.ladder.recipes.is_empty() {
        return;
    }
    let t = Tokens::of(ui);
    let left = ui.cursor().left();
    let width = ui.available_width();
    let room = width - row::INDENT - row::BUTTON.x - 6.0;
    // Where one line has not room for all three, the costs lead the second.
    let together = drawn.ladder.recipes.iter().all(|it| first_line(ui, it, drawn) <= room + 6.0);
    let changes = |it: &Recipe| {
        let changes = drawn.speech.recipe(it);
        if together {
            return changes;
        }
        drawn.speech.locale.join(Join::Clauses, [effect::short_cost(&it.cost, drawn.speech), changes])
    };
    let lines: Vec<_> = drawn
        .ladder
        .recipes
        .iter()
        .map(|it| paint::wrapped(ui.painter(), &changes(it), (Type::Caption, t.faint), room))
        .collect();
    let heights: Vec<f32> = lines.iter().map(|line| (SECOND + line.size().y + 5.0).max(HEIGHT)).collect();
    let (_, place) = ui.allocate_space(vec2(width, heights.iter().sum::<f32>() + 10.0));
    // The scroll bar leaves less room than the other side.
    let right = (left + width + OUTSET).min(ui.clip_rect().right() - 1.0);
    let ground = Rect::from_min_max(pos2(left - OUTSET, place.top()), pos2(right, place.bottom()));
    ui.painter().rect(ground, radius::CONTROL, t.bg, Stroke::new(1.0, t.line), StrokeKind::Inside);
    let mut top = place.top() + 5.0;
    for ((recipe, line), height) in drawn.ladder.recipes.iter().zip(lines).zip(heights) {
        let rect = Rect::from_min_size(pos2(left, top), vec2(width, height));
        ui.painter().galley(pos2(left + row::INDENT, top + SECOND), line, t.faint);
        ui.push_id(("recipe", recipe.goal), |ui| one(ui, rect, recipe, together, drawn, done));
        top += height;
    }
    ui.add_space(space::S / 2.0);
}

/// How wide name, speed and cost are side by side.
fn first_line(ui: &Ui, recipe: &Recipe, drawn: LadderContext<'_>) -> f32 {
    let width = |words: &str, step| paint::width(ui.painter(), words, step);
    width(&drawn.speech.title(recipe), Type::BodyStrong)
        + width(&speed(recipe, drawn), Type::SmallStrong)
        + width(&effect::short_cost(&recipe.cost, drawn.speech), Type::Small)
        + 26.0
}

fn speed(recipe: &Recipe, drawn: LadderContext<'_>) -> String {
    effect::rate(&recipe.after, recipe.plan.workload.sequences, drawn.speech)
}

/// One recipe, its cost beside the speed where there is room for it.
fn one(ui: &mut Ui, rect: Rect, recipe: &Recipe, cost_beside: bool, drawn: LadderContext<'_>, done: &mut WaysResponse) {
    let t = Tokens::of(ui);
    let locale = drawn.speech.locale;
    let name = &drawn.speech.title(recipe);
    let speed = speed(recipe, drawn);
    let cost = effect::short_cost(&recipe.cost, drawn.speech);
    let response = ui.interact(rect, ui.make_persistent_id("recipe"), Sense::hover());
    let verdict = locale.word(words::verdict(recipe.after.verdict));
    let read = locale.join(Join::Clauses, [name.as_str(), verdict, &speed, &cost, &drawn.speech.recipe(recipe)]);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &read));
    tip::beside(&response, |ui| tip::recipe(ui, recipe, name, drawn));
    let painter = ui.painter();
    let y = rect.top() + 14.0;
    icons::verdict(painter, pos2(rect.left() + 8.0, y), recipe.after.verdict, t);
    let mut end = rect.right() - row::BUTTON.x - 10.0;
    if cost_beside {
        end = paint::text(painter, pos2(end, y), Align2::RIGHT_CENTER, &cost, Type::Small, t.sec).left() - 10.0;
    }
    let written = paint::text(painter, pos2(end, y), Align2::RIGHT_CENTER, &speed, Type::SmallStrong, t.text);
    let first = rect.left() + row::INDENT;
    let room = written.left() - first - 6.0;
    paint::text_within(painter, pos2(first, y), Align2::LEFT_CENTER, name, (Type::BodyStrong, t.text), room);
    let place = Rect::from_min_size(pos2(rect.right() - row::BUTTON.x, rect.top() + 4.0), row::BUTTON);
    WayOffer { name, plan: &recipe.plan, hovered: response.contains_pointer() }.show(ui, place, drawn, done);
}
