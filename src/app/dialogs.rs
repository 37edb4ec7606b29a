//! What stands over or between the views: notices, unsaved changes, a path to type.

use std::path::PathBuf;

use eframe::egui::{
    Align, Context, Key as Press, Label, Layout, Margin, Panel, RichText, Role, TextEdit, Ui, WidgetInfo,
};

use super::book::Book;
use super::measure::Measurements;
use super::modal::{Dialog, focus_first};
use super::platform::{After, Ask};
use crate::text::{Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::theme::{Tokens, panel_frame};
use crate::ui::widgets::button::{Look, button};

/// Which dialogs are open.
#[derive(Debug, Default)]
pub(super) struct OpenDialogs {
    /// Something unsaved would be lost by this.
    pub(super) leaving: Option<After>,
    /// The system has no file dialog: the path is typed.
    pub(super) path: Option<PathDialog>,
    /// The settings are shown.
    pub(super) settings: bool,
    /// Measured speeds are entered.
    pub(super) measurements: Option<Measurements>,
    /// The price book is shown.
    pub(super) book: Option<Book>,
}

impl OpenDialogs {
    /// Whether any stands over the views.
    pub(super) fn any_open(&self) -> bool {
        let over = self.leaving.is_some() || self.path.is_some() || self.measurements.is_some();
        over || self.settings || self.book.is_some()
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
    let dialog = Dialog {
        id: "unsaved changes",
        title: &locale.sentence(Key::SaveChanges, &[(Placeholder::Name, title)]),
        buttons: &[
            (locale.word(Key::Save), Look::Primary, Unsaved::Save),
            (locale.word(Key::DontSave), Look::Plain, Unsaved::Discard),
            (locale.word(Key::Cancel), Look::Plain, Unsaved::Cancel),
        ],
        left: Unsaved::Cancel,
    };
    dialog.show(ctx, |_| None)
}

/// A path that is being typed.
#[derive(Debug)]
pub(super) struct PathDialog {
    pub(super) ask: Ask,
    pub(super) typed: String,
    /// The existing file that entering the same path once more replaces.
    pub(super) replaces: Option<PathBuf>,
}

/// What became of a path that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    /// It was entered.
    Path(PathBuf),
    /// The user thought better of it.
    Cancelled,
}

impl PathDialog {
    /// Takes what is typed, unless that is nothing, or would replace a file and was not yet said to.
    fn enter(&mut self) -> Option<PathBuf> {
        let path = Some(self.typed.trim()).filter(|typed| !typed.is_empty()).map(PathBuf::from)?;
        let replaces = self.ask.saves() && self.ask.named(path.clone()).is_file();
        if replaces && self.replaces.as_ref() != Some(&path) {
            self.replaces = Some(path);
            return None;
        }
        Some(path)
    }
}

/// What was done in the dialog for a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PathDone {
    Enter,
    Cancel,
}

/// Where the system has no file dialog: a field for the path.
pub(super) fn path(ctx: &Context, locale: Locale, typing: &mut PathDialog) -> Option<Typed> {
    let verb = locale.word(if typing.ask.saves() { Key::Save } else { Key::Open });
    let dialog = Dialog {
        id: "path",
        title: locale.word(Key::NoFileDialog),
        buttons: &[
            (verb.trim_end_matches('…'), Look::Primary, PathDone::Enter),
            (locale.word(Key::Cancel), Look::Plain, PathDone::Cancel),
        ],
        left: PathDone::Cancel,
    };
    let done = dialog.show(ctx, |ui| {
        let field = ui.add(TextEdit::singleline(&mut typing.typed).desired_width(f32::INFINITY).id_salt("typed path"));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, locale.word(Key::FilePath)));
        let enter = field.lost_focus() && ui.input(|input| input.key_pressed(Press::Enter));
        if !enter {
            focus_first(ui, &field);
        }
        if typing.replaces.is_some() {
            ui.label(locale.word(Key::FileExists));
        }
        enter.then_some(PathDone::Enter)
    });
    match done? {
        PathDone::Enter => typing.enter().map(Typed::Path),
        PathDone::Cancel => Some(Typed::Cancelled),
    }
}

/// Draws the notices under the top bar; which one was dismissed.
pub(super) fn notices(ui: &mut Ui, locale: Locale, lines: &[String]) -> Option<usize> {
    let mut dismissed = None;
    for (index, line) in lines.iter().enumerate() {
        let t = Tokens::of(ui);
        let frame = panel_frame(t).fill(t.raised).inner_margin(Margin::symmetric(16, 6));
        Panel::top(("notice", index)).frame(frame).show(ui, |ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if button(ui, locale.word(Key::Dismiss), Look::Plain, None).clicked() {
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
