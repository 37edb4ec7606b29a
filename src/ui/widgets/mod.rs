//! Controls, each named for screen readers and driven by the keyboard. They know numbers and words, no plan.

pub mod button;
pub mod check_box;
pub mod long_list;
pub mod looked_at;
pub mod memory_lanes;
pub mod picker;
pub mod row;
pub mod scale;
pub mod segmented;
pub mod slider;
pub mod stepper;
pub mod tip;
pub mod typed;
pub mod typed_cell;
pub mod value_field;

use eframe::egui::{EventFilter, FocusDirection, Id, Key, Rect, ScrollArea, Ui, UiBuilder, Vec2, vec2};

/// Draws in a place of its own, without moving what comes after it.
pub fn inside<R>(ui: &mut Ui, salt: &'static str, rect: Rect, draw: impl FnOnce(&mut Ui) -> R) -> R {
    draw(&mut ui.new_child(UiBuilder::new().id_salt(salt).max_rect(rect)))
}

/// Draws with no less room than `least`, in points: a smaller window scrolls it.
pub fn with_least_room<R>(ui: &mut Ui, salt: &'static str, least: Vec2, draw: impl FnOnce(&mut Ui) -> R) -> R {
    let room = ui.available_size();
    let [narrow, low] = [room.x < least.x, room.y < least.y];
    if !narrow && !low {
        return draw(ui);
    }
    let area = ScrollArea::new([narrow, low]).id_salt(salt).auto_shrink(false);
    let shown = area.show(ui, |ui| {
        let size = vec2(
            if narrow { least.x } else { ui.available_width() },
            if low { least.y } else { ui.available_height() },
        );
        let (_, rect) = ui.allocate_space(size);
        inside(ui, salt, rect, draw)
    });
    shown.inner
}

/// Leaves the arrow keys to the control that has the keyboard, instead of moving on with them.
///
/// The toolkit heeds this from the next frame on: an arrow that comes before is held back here.
pub fn keep_arrows(ui: &Ui, id: Id, arrows: EventFilter) {
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
    let pressed = ui.input(|input| {
        let any = |keys: [Key; 2]| keys.into_iter().any(|key| input.key_pressed(key));
        arrows.horizontal_arrows && any([Key::ArrowLeft, Key::ArrowRight])
            || arrows.vertical_arrows && any([Key::ArrowUp, Key::ArrowDown])
    });
    if pressed && !ui.input(|input| input.key_pressed(Key::Tab)) {
        ui.memory_mut(|memory| memory.move_focus(FocusDirection::None));
    }
}

/// Says the value of a button or a list in its description, too: some screen readers read no other value of such.
pub fn say_value(ui: &Ui, id: Id, value: &str) {
    if !value.is_empty() && ui.ctx().has_accesskit_node(id) {
        ui.ctx().accesskit_node_builder(id, |node| node.set_description(value));
    }
}
