//! One choice of a few, all of them in sight.

use eframe::egui::{Align2, Key, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius, space};

/// Shows `options` side by side; the one that was chosen, if another than `current`.
///
/// `name` is what is chosen; screen readers hear it before each option.
pub fn segmented<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    options: &[(T, &str)],
    current: T,
    width: f32,
) -> Option<T> {
    let t = Tokens::of(ui);
    let (_, rect) = ui.allocate_space(vec2(width, space::FIELD));
    let ids = ui.auto_id_with("segments");
    ui.painter().rect(rect, radius::CONTROL, t.bg, Stroke::new(1.0, t.line), StrokeKind::Inside);
    let widths: Vec<f32> =
        options.iter().map(|(_, words)| paint::width(ui.painter(), words, Type::SmallStrong)).collect();
    let spare = (width - widths.iter().sum::<f32>()) / widths.len().max(1) as f32;
    let mut left = rect.left();
    let mut chosen = None;
    let mut step = 0isize;
    for (place, (&(value, words), words_width)) in options.iter().zip(&widths).enumerate() {
        let segment = Rect::from_min_size(pos2(left, rect.top()), vec2(words_width + spare, rect.height()));
        left = segment.right();
        let response = ui.interact(segment, ids.with(place), Sense::click());
        let on = value == current;
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), on, words));
        if response.clicked() {
            chosen = Some(value);
        }
        if response.has_focus() {
            step = arrows(ui, response.id);
        }
        let painter = ui.painter();
        if on {
            painter.rect(segment, radius::CONTROL, t.hover, Stroke::new(1.0, t.rail), StrokeKind::Inside);
        }
        let ink = if on || response.hovered() { t.text } else { t.sec };
        let step_type = if on { Type::SmallStrong } else { Type::Small };
        paint::text(painter, segment.center(), Align2::CENTER_CENTER, words, step_type, ink);
        paint::focus_ring(ui, &response, radius::CONTROL);
        response.on_hover_text(name);
    }
    if step != 0 {
        let place = options.iter().position(|(value, _)| *value == current).unwrap_or(0);
        let next = place.saturating_add_signed(step).min(options.len().saturating_sub(1));
        ui.memory_mut(|memory| memory.request_focus(ids.with(next)));
        chosen = options.get(next).map(|(value, _)| *value);
    }
    chosen.filter(|value| *value != current)
}

/// The arrow keys pressed, as steps; keeps them from moving the focus.
fn arrows(ui: &Ui, id: eframe::egui::Id) -> isize {
    super::keep_arrows(ui, id, eframe::egui::EventFilter { horizontal_arrows: true, ..Default::default() });
    ui.input(|input| isize::from(input.key_pressed(Key::ArrowRight)) - isize::from(input.key_pressed(Key::ArrowLeft)))
}
