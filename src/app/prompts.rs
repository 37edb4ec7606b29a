//! What stands over or between the views: notices, unsaved changes, a path to type, the settings.

use std::path::{Path, PathBuf};

use eframe::egui::{
    Align, Button, Context, Id, Key as Press, Label, Layout, Modal, Panel, RichText, Role, TextEdit, ThemePreference,
    Ui, WidgetInfo,
};

use super::outside::{After, Ask};
use super::settings::Settings;
use crate::text::{Hole, Key, Locale};
use crate::ui::fonts::Type;
use crate::ui::theme::{Tokens, panel_frame, space};

/// Which prompts are open.
#[derive(Debug, Default)]
pub(super) struct Prompts {
    /// Something unsaved would be lost by this.
    pub(super) leaving: Option<After>,
    /// The system has no file dialog: the path is typed.
    pub(super) path: Option<(Ask, String)>,
    /// The settings are shown.
    pub(super) settings: bool,
}

impl Prompts {
    /// Whether any stands over the views.
    pub(super) fn any_open(&self) -> bool {
        self.leaving.is_some() || self.path.is_some() || self.settings
    }
}

/// What is to happen to unsaved changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsaved {
    Save,
    Discard,
    Cancel,
}

/// Asks what is to happen to the unsaved changes of `title`.
pub(super) fn unsaved(ctx: &Context, locale: Locale, title: &str) -> Option<Unsaved> {
    let mut choice = None;
    let modal = Modal::new(Id::unique("unsaved changes")).show(ctx, |ui| {
        ui.set_width(380.0);
        heading(ui, &locale.sentence(Key::SaveChanges, &[(Hole::Name, title)]));
        ui.add_space(space::L);
        ui.horizontal(|ui| {
            let save = ui.add(primary(ui, locale.word(Key::Save)));
            if ui.memory(|memory| memory.focused().is_none()) {
                save.request_focus();
            }
            for (clicked, meaning) in [
                (save.clicked(), Unsaved::Save),
                (ui.button(locale.word(Key::DontSave)).clicked(), Unsaved::Discard),
                (ui.button(locale.word(Key::Cancel)).clicked(), Unsaved::Cancel),
            ] {
                if clicked {
                    choice = Some(meaning);
                }
            }
        });
    });
    choice.or_else(|| modal.should_close().then_some(Unsaved::Cancel))
}

/// Where the system has no file dialog: a field for the path. `Some(None)` = closed without one.
pub(super) fn path(ctx: &Context, locale: Locale, ask: &Ask, typed: &mut String) -> Option<Option<PathBuf>> {
    let mut entered = None;
    let modal = Modal::new(Id::unique("path")).show(ctx, |ui| {
        ui.set_width(460.0);
        let opening = *ask == Ask::Open;
        heading(ui, locale.word(Key::NoFileDialog));
        ui.add_space(space::S);
        let field = ui.add(TextEdit::singleline(typed).desired_width(f32::INFINITY).id_salt("typed path"));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, locale.word(Key::FilePath)));
        let enter = field.lost_focus() && ui.input(|input| input.key_pressed(Press::Enter));
        if ui.memory(|memory| memory.focused().is_none()) && !enter {
            field.request_focus();
        }
        ui.add_space(space::M);
        ui.horizontal(|ui| {
            let verb = locale.word(if opening { Key::Open } else { Key::Save });
            let clicked = ui.add(primary(ui, verb.trim_end_matches('…'))).clicked();
            if (clicked || enter) && !typed.trim().is_empty() {
                entered = Some(Some(PathBuf::from(typed.trim())));
            }
            if ui.button(locale.word(Key::Cancel)).clicked() {
                entered = Some(None);
            }
        });
    });
    entered.or_else(|| modal.should_close().then_some(None))
}

/// Draws the notices under the top bar; which one was dismissed.
pub(super) fn notices(ui: &mut Ui, locale: Locale, lines: &[String]) -> Option<usize> {
    let mut dismissed = None;
    for (index, line) in lines.iter().enumerate() {
        let t = Tokens::of(ui);
        let frame = panel_frame(t).fill(t.raised).inner_margin(eframe::egui::Margin::symmetric(16, 6));
        Panel::top(("notice", index)).frame(frame).show(ui, |ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button(locale.word(Key::Dismiss)).clicked() {
                    dismissed = Some(index);
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    ui.add(Label::new(RichText::new(line).font(Type::Body.font())).wrap().selectable(true));
                });
            });
        });
    }
    dismissed
}

/// The user's own tables, as the settings show them.
pub(super) struct OwnTables<'a> {
    pub(super) folder: Option<&'a Path>,
    pub(super) problems: &'a [String],
}

/// What was done in the settings.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct SettingsDone {
    pub(super) closed: bool,
    pub(super) show_folder: bool,
}

/// Draws the settings.
pub(super) fn settings(ctx: &Context, settings: &mut Settings, locale: Locale, own: &OwnTables<'_>) -> SettingsDone {
    let mut done = SettingsDone::default();
    let modal = Modal::new(Id::unique("settings")).show(ctx, |ui| {
        ui.set_width(440.0);
        heading(ui, locale.word(Key::SettingsTitle));
        choices(ui, locale.word(Key::Theme), &mut settings.theme, [
            (ThemePreference::System, locale.word(Key::ThemeSystem)),
            (ThemePreference::Dark, locale.word(Key::ThemeDark)),
            (ThemePreference::Light, locale.word(Key::ThemeLight)),
        ]);
        choices(ui, locale.word(Key::Language), &mut settings.language, [
            (None, locale.word(Key::ThemeSystem)),
            (Some(Locale::En), Locale::En.name()),
            (Some(Locale::Zh), Locale::Zh.name()),
        ]);
        if let Some(folder) = own.folder {
            label(ui, locale.word(Key::OwnTables));
            ui.add(Label::new(RichText::new(folder.display().to_string()).font(Type::Mono.font())).wrap().selectable(true));
            ui.label(RichText::new(locale.word(Key::OwnTablesHint)).font(Type::Caption.font()).color(Tokens::of(ui).faint));
            for problem in own.problems {
                ui.add(Label::new(RichText::new(problem).color(ui.visuals().error_fg_color)).wrap().selectable(true));
            }
            done.show_folder = ui.button(locale.word(Key::ShowFolder)).clicked();
        }
        ui.add_space(space::L);
        done.closed = ui.add(primary(ui, locale.word(Key::Close))).clicked();
    });
    done.closed |= modal.should_close();
    done
}

fn choices<T: PartialEq + Copy, const N: usize>(ui: &mut Ui, name: &str, value: &mut T, all: [(T, &str); N]) {
    label(ui, name);
    ui.horizontal(|ui| {
        for (choice, word) in all {
            let chosen = *value == choice;
            let response = ui.add(Button::selectable(chosen, word));
            // A word may stand under two headings: the spoken name says which.
            response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, format!("{name}, {word}")));
            if response.clicked() {
                *value = choice;
            }
        }
    });
}

fn heading(ui: &mut Ui, words: &str) {
    ui.add(Label::new(RichText::new(words).font(Type::Section.font())).wrap());
}

fn label(ui: &mut Ui, words: &str) {
    ui.add_space(space::M);
    ui.label(RichText::new(words).font(Type::Small.font()).color(Tokens::of(ui).sec));
}

/// The button that the Enter key stands for: text and ground exchanged.
fn primary<'a>(ui: &Ui, words: &'a str) -> Button<'a> {
    let t = Tokens::of(ui);
    Button::new(RichText::new(words).font(Type::BodyStrong.font()).color(t.bg)).fill(t.text)
}
