//! Below the columns: a place to drop files, the first scene, and a few keys.

use eframe::egui::{Align2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::StartInputs;
use super::field::foot_key;
use super::layout::Layout;
use crate::plan::SceneId;
use crate::text::{Key, Locale};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{Memory, Tokens, radius, space};

/// Side of a cell of the picture of the first scene, with what is beside it.
const CELL: f32 = 11.0;
/// Cells side by side, on the stove and over its rim.
const ACROSS: usize = 4;
const HOLD: usize = 8;
const OVER: usize = 6;

pub(super) fn show(ui: &Ui, layout: &Layout, inputs: &StartInputs<'_>, commands: &mut Vec<Command>) {
    if drop_zone(ui, layout.drop, inputs.locale).clicked() {
        commands.push(Command::Open);
    }
    if first_scene(ui, layout.scene, inputs.locale).clicked() {
        commands.push(Command::ShowScene(SceneId::Basics));
    }
    keys(ui, layout.foot, inputs);
}

fn drop_zone(ui: &Ui, rect: Rect, locale: Locale) -> Response {
    let t = Tokens::of(ui);
    let (title, hint) = (locale.word(Key::StartDrop), locale.word(Key::StartDropHint));
    let response = ui.interact(rect, ui.scope_id().with("drop"), Sense::click());
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(hint.to_owned()),
        ..WidgetInfo::labeled(Role::Button, true, title)
    });
    let over = ui.input(|input| !input.raw.hovered_files.is_empty());
    let painter = ui.painter();
    if response.hovered() || over {
        painter.rect_filled(rect, radius::CARD, t.hover);
    }
    paint::dashed(painter, rect.shrink(0.5), Stroke::new(1.0, if over { t.text } else { t.rail }));
    icons::draw(painter, rect.left_center() + vec2(40.0, 0.0), Icon::Drop, t.sec);
    let at = rect.left_center() + vec2(72.0, 0.0);
    let room = rect.right() - at.x - space::M;
    let galley = paint::wrapped_in(painter, hint, (Type::Small, t.sec), room, 2);
    let down = galley.size().y / 2.0;
    let above = at - vec2(0.0, down + 2.0);
    paint::text_within(painter, above, Align2::LEFT_CENTER, title, (Type::Section, t.text), room);
    painter.galley(pos2(at.x, above.y + 12.0), galley, t.sec);
    paint::focus_ring(ui, &response, radius::CARD);
    response.on_hover_text(hint)
}

fn first_scene(ui: &Ui, rect: Rect, locale: Locale) -> Response {
    let t = Tokens::of(ui);
    let (title, hint) = (locale.word(Key::StartNew), locale.word(Key::StartNewHint));
    let response = ui.interact(rect, ui.scope_id().with("first scene"), Sense::click());
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(hint.to_owned()),
        ..WidgetInfo::labeled(Role::Button, true, title)
    });
    let painter = ui.painter();
    let fill = if response.hovered() { t.hover } else { t.panel };
    painter.rect(rect, radius::CARD, fill, Stroke::new(1.0, t.line), StrokeKind::Inside);
    overflow(ui, pos2(rect.left() + 18.0, rect.center().y + 24.0));
    let play = rect.right_center() - vec2(32.0, 0.0);
    painter.circle_filled(play, 17.0, t.text);
    icons::draw(painter, play + vec2(0.5, 0.0), Icon::Play, t.bg);
    let at = rect.left_center() + vec2(82.0, 0.0);
    let room = play.x - 17.0 - at.x - space::S;
    let galley = paint::wrapped_in(painter, hint, (Type::Small, t.sec), room, 2);
    let above = at - vec2(0.0, galley.size().y / 2.0 + 2.0);
    paint::text_within(painter, above, Align2::LEFT_CENTER, title, (Type::Section, t.text), room);
    painter.galley(pos2(at.x, above.y + 12.0), galley, t.sec);
    paint::focus_ring(ui, &response, radius::CARD);
    response.on_hover_text(hint)
}

/// Fourteen cells on a stove of eight, its lower left corner here.
fn overflow(ui: &Ui, corner: eframe::egui::Pos2) {
    let (t, painter) = (Tokens::of(ui), ui.painter());
    let m = t.memory(Memory::Weights);
    let cell = |number: usize| {
        let (column, row) = ((number % ACROSS) as f32, (number / ACROSS + 1) as f32);
        Rect::from_min_size(corner + vec2(4.0 + CELL * column, -CELL * row), vec2(CELL - 1.5, CELL - 1.5))
    };
    for number in 0..HOLD + OVER {
        if number < HOLD {
            painter.rect_filled(cell(number), 1, m.fill);
        } else {
            paint::hatch(painter, cell(number), m, true);
        }
    }
    let stove = cell(0).union(cell(HOLD - 1)).expand(2.5);
    painter.rect_stroke(stove, 1, Stroke::new(1.5, t.text), StrokeKind::Middle);
    painter.hline(stove.left() - 4.0..=stove.right() + 4.0, stove.bottom() + 3.0, Stroke::new(2.5, t.rail));
}

/// What is promised, and the keys that one begins with.
fn keys(ui: &Ui, rect: Rect, inputs: &StartInputs<'_>) {
    let t = Tokens::of(ui);
    let mut right = rect.right();
    let mut least = rect.right();
    for (keys, name) in inputs.keys.iter().zip([Key::StartKeyOpen, Key::StartKeyNew, Key::StartKeyPalette]).rev() {
        let name = inputs.locale.word(name);
        let wide =
            paint::width(ui.painter(), name, Type::Small) + paint::width(ui.painter(), keys, Type::CaptionStrong);
        if right - wide - 40.0 < rect.left() {
            break;
        }
        let at = pos2(right, rect.center().y);
        let said = paint::text(ui.painter(), at, Align2::RIGHT_CENTER, name, Type::Small, t.faint);
        let cap = foot_key(ui, pos2(said.left() - space::S, at.y), keys);
        least = cap.left();
        right = least - space::L;
    }
    let room = least - rect.left() - space::L;
    if room > 60.0 {
        let words = inputs.locale.word(Key::StartPromise);
        paint::text_within(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, words, (Type::Small, t.faint), room);
    }
}
