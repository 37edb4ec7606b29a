//! The menus of the bar, read off the table of commands.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use eframe::egui::containers::menu::{MenuButton, SubMenuButton};
use eframe::egui::{Button, RichText, Role, Ui, WidgetInfo, vec2};

use super::keys;
use super::offered::Offered;
use crate::text::{Key, Locale, foreign_path};
use crate::ui::command::{Command, Menu};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};

/// The most recent files that the menu lists.
const RECENT: usize = 10;
/// The least width of a menu.
const WIDTH: f32 = 300.0;

/// The menus.
pub(super) struct Menus<'a> {
    pub(super) offered: &'a [Offered],
    pub(super) recent: &'a [PathBuf],
    pub(super) locale: Locale,
}

impl Menus<'_> {
    /// How wide the buttons are, side by side.
    pub(super) fn width(&self, ui: &Ui) -> f32 {
        Menu::ALL.into_iter().map(|menu| self.button_width(ui, menu)).sum()
    }

    fn button_width(&self, ui: &Ui, menu: Menu) -> f32 {
        paint::width(ui.painter(), self.locale.word(menu.label()), Type::Body) + 18.0
    }

    /// Draws them side by side; what was chosen.
    pub(super) fn show(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        ui.spacing_mut().item_spacing.x = 0.0;
        for menu in Menu::ALL {
            let name = self.locale.word(menu.label());
            let words = RichText::new(name).font(Type::Body.font()).color(Tokens::of(ui).sec);
            let button =
                Button::new(words).frame_when_inactive(false).min_size(vec2(self.button_width(ui, menu), 28.0));
            let (response, _) = MenuButton::from_button(button).ui(ui, |ui| self.entries(ui, menu, commands));
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
            paint::focus_ring(ui, &response, radius::CONTROL);
        }
    }

    /// How wide the one button is that holds them all.
    pub(super) fn together_width(&self, ui: &Ui) -> f32 {
        paint::width(ui.painter(), self.locale.word(Key::MenuAll), Type::Body) + 18.0
    }

    /// Draws them as one button, where they have no room side by side.
    pub(super) fn show_together(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let name = self.locale.word(Key::MenuAll);
        let words = RichText::new(name).font(Type::Body.font()).color(Tokens::of(ui).sec);
        let button = Button::new(words).frame_when_inactive(false).min_size(vec2(self.together_width(ui), 28.0));
        let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
            for menu in Menu::ALL {
                SubMenuButton::new(self.locale.word(menu.label())).ui(ui, |ui| self.entries(ui, menu, commands));
            }
        });
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
        paint::focus_ring(ui, &response, radius::CONTROL);
    }

    fn entries(&self, ui: &mut Ui, menu: Menu, commands: &mut Vec<Command>) {
        ui.set_min_width(WIDTH);
        for offered in self.offered.iter().filter(|it| it.entry.menu == Some(menu)) {
            if offered.entry.begins_group {
                ui.separator();
            }
            commands.extend(item(ui, offered, self.locale));
            if offered.entry.command == Command::Open {
                self.recent(ui, commands);
            }
        }
    }

    /// The files that were open last, each with its folder where another is called the same.
    fn recent(&self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let words = self.locale.word(Key::Recent);
        if self.recent.is_empty() {
            let empty = ui.add_enabled(false, Button::new(words));
            empty.on_disabled_hover_text(self.locale.word(Key::NoRecent));
            return;
        }
        let (response, _) = SubMenuButton::new(words).ui(ui, |ui| {
            ui.set_min_width(WIDTH);
            for (path, name) in self.recent.iter().zip(told_apart(self.recent)).take(RECENT) {
                let response = ui.push_id(path, |ui| ui.add(Button::new(name).truncate())).inner;
                paint::focus_ring(ui, &response, radius::SEGMENT);
                if response.on_hover_text(foreign_path(path)).clicked() {
                    commands.push(Command::OpenRecent(path.clone()));
                    ui.close();
                }
            }
            ui.separator();
            let clear = ui.add(Button::new(self.locale.word(Key::ClearRecent)));
            paint::focus_ring(ui, &clear, radius::SEGMENT);
            if clear.clicked() {
                commands.push(Command::ClearRecent);
                ui.close();
            }
        });
        paint::focus_ring(ui, &response, radius::SEGMENT);
    }
}

/// One line of a menu; the command where it was chosen.
pub(super) fn item(ui: &mut Ui, offered: &Offered, locale: Locale) -> Option<Command> {
    let keys = keys::of(ui, offered.entry);
    let mut button = Button::new(offered.name.as_str());
    if !keys.is_empty() {
        button = button.shortcut_text(keys);
    }
    let response = ui.add_enabled(offered.refused.is_none(), button);
    paint::focus_ring(ui, &response, radius::SEGMENT);
    let response = response.on_hover_text(locale.word(offered.entry.tip));
    let response = match offered.refused {
        Some(reason) => response.on_disabled_hover_text(locale.word(reason)),
        None => response,
    };
    if !response.clicked() {
        return None;
    }
    ui.close();
    Some(offered.entry.command.clone())
}

/// The names of files, with as many of their folders as tell them from others of the same name.
pub(super) fn told_apart(paths: &[PathBuf]) -> Vec<String> {
    let name = |path: &Path| foreign_path(path.file_name().map_or(path, Path::new));
    let mut alike: HashMap<Option<&OsStr>, usize> = HashMap::new();
    for path in paths {
        *alike.entry(path.file_name()).or_default() += 1;
    }
    let told = |path: &PathBuf| {
        let folder = path.parent().filter(|_| alike.get(&path.file_name()).is_some_and(|count| *count > 1));
        folder.map_or_else(|| name(path), |folder| format!("{} · {}", name(path), foreign_path(folder)))
    };
    paths.iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_one_name_show_their_folders() {
        let paths = ["/a/plan.ron", "/b/plan.ron", "/b/other.ron"].map(PathBuf::from);
        assert_eq!(told_apart(&paths), ["plan.ron · /a", "plan.ron · /b", "other.ron"]);
    }
}
