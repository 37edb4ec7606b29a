//! The tabs in the middle of the bar.

use eframe::egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::keys;
use crate::text::{Key, Locale};
use crate::ui::command::{Command, Tab};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};
use crate::ui::widgets::picker::Picker;

/// Beside the words of a tab.
const PADDING: f32 = 16.0;

/// How wide all tabs are.
pub(super) fn width(ui: &Ui, locale: Locale) -> f32 {
    Tab::ALL.into_iter().map(|tab| one_width(ui, tab, locale)).sum()
}

fn one_width(ui: &Ui, tab: Tab, locale: Locale) -> f32 {
    paint::width(ui.painter(), locale.word(tab.label()), Type::BodyStrong) + 2.0 * PADDING
}

/// Shows the tabs as one list that drops down, where they have no room beside each other; the one that was chosen.
pub(super) fn drop_down(ui: &mut Ui, current: Tab, locale: Locale) -> Option<Command> {
    let words = |tab: Tab| locale.word(tab.label());
    let widest = Tab::ALL.into_iter().map(|tab| paint::width(ui.painter(), words(tab), Type::Body)).fold(0.0, f32::max);
    let picker = Picker {
        salt: "tabs",
        name: locale.word(Key::MenuView),
        current: (words(current), ""),
        search: None,
        nothing: |_| String::new(),
        size: (widest + 44.0, 28.0),
        quiet: false,
    };
    let picked = picker.show(
        ui,
        |_| (0..Tab::ALL.len()).collect(),
        |place| (words(Tab::ALL[place]).to_owned(), String::new()),
    )?;
    Tab::ALL.get(picked).filter(|tab| **tab != current).map(|tab| Command::Show(*tab))
}

/// Shows the tabs in `rect`; the one that was chosen, if another than `current`.
pub(super) fn show(ui: &Ui, rect: Rect, current: Tab, locale: Locale) -> Option<Command> {
    let t = Tokens::of(ui);
    let mut left = rect.left();
    let mut chosen = None;
    for tab in Tab::ALL {
        let words = locale.word(tab.label());
        let place = Rect::from_min_size(pos2(left, rect.top()), vec2(one_width(ui, tab, locale), rect.height()));
        left = place.right();
        let response = ui.interact(place, ui.make_persistent_id(("tab", tab)), Sense::click());
        let on = tab == current;
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, on, words));
        let (step, ink) = match on {
            true => (Type::BodyStrong, t.text),
            false if response.hovered() => (Type::Body, t.text),
            false => (Type::Body, t.sec),
        };
        paint::text(ui.painter(), place.center(), Align2::CENTER_CENTER, words, step, ink);
        if on {
            let bar = Rect::from_min_max(
                pos2(place.left() + 8.0, place.bottom() - 3.0),
                place.right_bottom() - vec2(8.0, 0.0),
            );
            ui.painter().rect_filled(bar, 0, t.text);
        }
        paint::focus_ring(ui, &response.clone().with_new_rect(place.shrink(6.0)), radius::SEGMENT);
        let command = Command::Show(tab);
        if response.clicked() && !on {
            chosen = Some(command.clone());
        }
        let tip = format!("{} ({})", locale.word(command.tooltip()), keys::shown(ui, &command));
        response.on_hover_text(tip);
    }
    chosen
}
