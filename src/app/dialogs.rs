//! What stands over the views and asks: unsaved changes, a file that changed elsewhere, a path to type.

use std::path::{Path, PathBuf};

use eframe::egui::{Context, Key as Press, Label, Role, TextEdit, WidgetInfo};

use super::book::OpenBook;
use super::launch::LaunchSheet;
use super::machine::MachineSheet;
use super::measure::Measurements;
use super::modal::{Dialog, focus_first};
use super::platform::{After, Ask};
use super::versions::VersionSheet;
use crate::system::folders::from_home;
use crate::system::storage::StorageError;
use crate::text::{Fault, Key, Locale, Placeholder};
use crate::ui::glossary::GlossaryState;
use crate::ui::widgets::button::ButtonLook;

/// What is only shown, and closed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sheet {
    /// How the program is used.
    Manual,
    /// Which keys do what.
    Keyboard,
    /// What the program is made of.
    About,
    /// The notes of the document.
    Notes,
}

/// Which dialogs are open.
#[derive(Debug, Default)]
pub(super) struct OpenDialogs {
    /// Something unsaved would be lost by this.
    pub(super) leaving: Option<After>,
    /// The file to save to was changed by another program, or is open in another window.
    pub(super) conflict: Option<Conflict>,
    /// The system has no file dialog: the path is typed.
    pub(super) path: Option<PathDialog>,
    /// What this machine has, and what is to be planned of it.
    pub(super) machine: Option<MachineSheet>,
    /// The settings are shown.
    pub(super) settings: bool,
    /// What is shown of the program or of the document.
    pub(super) sheet: Option<Sheet>,
    /// What terms mean is shown.
    pub(super) glossary: Option<GlossaryState>,
    /// Model files on this machine are listed.
    pub(super) local_models: bool,
    /// Measured speeds are entered.
    pub(super) measurements: Option<Measurements>,
    /// What starts the plan is shown.
    pub(super) launch: Option<LaunchSheet>,
    /// The price book is shown.
    pub(super) book: Option<OpenBook>,
    /// Earlier saves of the document are shown.
    pub(super) versions: Option<VersionSheet>,
}

impl OpenDialogs {
    /// Whether any stands over the views.
    pub(super) fn any_open(&self) -> bool {
        let over =
            self.leaving.is_some() || self.conflict.is_some() || self.path.is_some() || self.measurements.is_some();
        let shown = self.sheet.is_some() || self.glossary.is_some() || self.launch.is_some();
        let sheets = self.local_models || self.book.is_some() || self.machine.is_some() || self.versions.is_some();
        over || shown || sheets || self.settings
    }
}

/// What is to happen to unsaved changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnsavedChoice {
    Save,
    Discard,
    Cancel,
}

/// Asks what is to happen to the unsaved changes of `title`.
pub(super) fn unsaved(ctx: &Context, locale: Locale, title: &str) -> Option<UnsavedChoice> {
    let dialog = Dialog {
        id: "unsaved changes",
        title: &locale.sentence(Key::SaveChanges, &[(Placeholder::Name, title)]),
        buttons: &[
            (locale.word(Key::Save), ButtonLook::Primary, UnsavedChoice::Save),
            (locale.word(Key::DontSave), ButtonLook::Plain, UnsavedChoice::Discard),
            (locale.word(Key::Cancel), ButtonLook::Plain, UnsavedChoice::Cancel),
        ],
        left: UnsavedChoice::Cancel,
    };
    dialog.show(ctx, |_| None)
}

/// Why a save asks first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConflictCause {
    /// The file is another one than was read.
    Changed,
    /// Another window has it open.
    AlsoOpen,
}

/// A save that waits for an answer.
#[derive(Debug)]
pub(super) struct Conflict {
    pub(super) cause: ConflictCause,
    /// What follows once it is saved.
    pub(super) then: Option<After>,
}

/// What is to happen to a file that another program changed, or has open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChangedFileChoice {
    SaveAs,
    Overwrite,
    Reload,
    Cancel,
}

impl Conflict {
    /// Asks what is to happen to the file `name`.
    pub(super) fn show(&self, ctx: &Context, locale: Locale, name: &str) -> Option<ChangedFileChoice> {
        let (title, hint) = match self.cause {
            ConflictCause::Changed => (Key::ChangedElsewhere, Key::ChangedElsewhereHint),
            ConflictCause::AlsoOpen => (Key::AlsoOpen, Key::AlsoOpenHint),
        };
        let mut buttons = vec![
            (locale.word(Key::SaveAs), ButtonLook::Primary, ChangedFileChoice::SaveAs),
            (locale.word(Key::Overwrite), ButtonLook::Plain, ChangedFileChoice::Overwrite),
        ];
        if self.cause == ConflictCause::Changed {
            buttons.push((locale.word(Key::Reload), ButtonLook::Plain, ChangedFileChoice::Reload));
        }
        buttons.push((locale.word(Key::Cancel), ButtonLook::Plain, ChangedFileChoice::Cancel));
        let dialog = Dialog {
            id: "conflict over a file",
            title: &locale.sentence(title, &[(Placeholder::Name, name)]),
            buttons: &buttons,
            left: ChangedFileChoice::Cancel,
        };
        dialog.show(ctx, |ui| {
            ui.add(Label::new(locale.word(hint)).wrap());
            None
        })
    }
}

/// A path that is being typed.
#[derive(Debug)]
pub(super) struct PathDialog {
    pub(super) ask: Ask,
    pub(super) typed: String,
    /// The existing file that entering the same path once more replaces.
    pub(super) replaces: Option<PathBuf>,
    /// Why nothing came of what was entered last.
    pub(super) fault: Option<String>,
}

/// What became of a path that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TypedPath {
    /// It was entered.
    Path(PathBuf),
    /// The user thought better of it.
    Cancelled,
}

impl PathDialog {
    /// Takes what is typed, unless that is nothing, names nothing to open, or would replace a file and was not yet said
    /// to.
    fn enter(&mut self, home: Option<&Path>, locale: Locale) -> Option<PathBuf> {
        self.fault = None;
        let path = Some(self.typed.trim()).filter(|typed| !typed.is_empty()).map(|typed| from_home(typed, home))?;
        if !self.ask.saves() && !path.exists() {
            self.fault = Some(StorageError::NotFound(path).say(locale));
            return None;
        }
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
pub(super) fn path(ctx: &Context, locale: Locale, home: Option<&Path>, typing: &mut PathDialog) -> Option<TypedPath> {
    let verb = locale.word(if typing.ask.saves() { Key::Save } else { Key::Open });
    let dialog = Dialog {
        id: "path",
        title: locale.word(Key::NoFileDialog),
        buttons: &[
            (verb.trim_end_matches('…'), ButtonLook::Primary, PathDone::Enter),
            (locale.word(Key::Cancel), ButtonLook::Plain, PathDone::Cancel),
        ],
        left: PathDone::Cancel,
    };
    let done = dialog.show(ctx, |ui| {
        let field = ui.add(TextEdit::singleline(&mut typing.typed).desired_width(f32::INFINITY).id_salt("typed path"));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, locale.word(Key::FilePath)));
        let enter = field.lost_focus() && ui.input(|input| input.key_pressed(Press::Enter));
        // What is wrong with a path is put right where it was typed.
        if enter {
            field.request_focus();
        } else {
            focus_first(ui, &field);
        }
        let said = typing.fault.as_deref().or_else(|| typing.replaces.is_some().then(|| locale.word(Key::FileExists)));
        if let Some(said) = said {
            ui.add(Label::new(said).wrap());
        }
        enter.then_some(PathDone::Enter)
    });
    match done? {
        PathDone::Enter => typing.enter(home, locale).map(TypedPath::Path),
        PathDone::Cancel => Some(TypedPath::Cancelled),
    }
}
