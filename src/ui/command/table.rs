//! The one table of what a person can ask for by name: menus, keys, the list of keys and the palette are read off it.

use std::sync::LazyLock;

use eframe::egui::gui_zoom::kb_shortcuts;
use eframe::egui::{Key as Press, KeyboardShortcut, Modifiers};

use super::{Command, PlanExport, SceneExport, Tab};
use crate::plan::SceneId;
use crate::text::Key;

/// In which menu a command stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumCount)]
pub enum Menu {
    /// The document and its file.
    File,
    /// The plan at hand.
    Edit,
    /// What is shown, and how.
    View,
    /// What the program says of itself.
    Help,
}

impl Menu {
    /// All menus, in their order.
    pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] = [Self::File, Self::Edit, Self::View, Self::Help];

    /// Its name.
    pub const fn label(self) -> Key {
        match self {
            Self::File => Key::File,
            Self::Edit => Key::MenuEdit,
            Self::View => Key::MenuView,
            Self::Help => Key::MenuHelp,
        }
    }
}

/// What there must be for a command to do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Needs {
    /// It always does.
    Nothing,
    /// A step back.
    StepBack,
    /// A step forward.
    StepForward,
    /// Another plan in the document.
    OtherPlan,
    /// A plan before the one that is shown.
    PlanBefore,
    /// A plan behind the one that is shown.
    PlanBehind,
    /// Room for another plan.
    RoomForPlan,
    /// Inputs that are not as at the start.
    ChangedPlan,
    /// An engine that is started with a command that is known.
    LaunchCommand,
    /// Rows that came with the document and are others by now.
    KeptRows,
    /// A model that was read from a file.
    FileModel,
    /// A file that the document lies in.
    SavedFile,
}

impl Needs {
    /// Why nothing can be done where it is missing.
    pub const fn reason(self) -> Option<Key> {
        Some(match self {
            Self::Nothing => return None,
            Self::StepBack => Key::NothingToUndo,
            Self::StepForward => Key::NothingToRedo,
            Self::OtherPlan => Key::OnlyPlan,
            Self::PlanBefore => Key::FirstPlan,
            Self::PlanBehind => Key::LastPlan,
            Self::RoomForPlan => Key::NoMorePlans,
            Self::ChangedPlan => Key::NothingToReset,
            Self::LaunchCommand => Key::NoLaunchCommand,
            Self::KeptRows => Key::NothingKept,
            Self::FileModel => Key::NoFileModel,
            Self::SavedFile => Key::NotSavedYet,
        })
    }
}

/// A command that a person can ask for by name.
#[derive(Debug)]
pub struct CommandEntry {
    /// What it does.
    pub command: Command,
    /// Its name in menus and for screen readers.
    pub name: Key,
    /// What it does, in one sentence.
    pub tip: Key,
    /// Where it stands; none = it is found by the palette alone.
    pub menu: Option<Menu>,
    /// The keys that ask for it; the first are shown.
    pub keys: Vec<KeyboardShortcut>,
    /// What there must be for it to do something.
    pub needs: Needs,
    /// A rule stands before it in its menu.
    pub begins_group: bool,
}

const fn keys(modifiers: Modifiers, key: Press) -> KeyboardShortcut {
    KeyboardShortcut::new(modifiers, key)
}

const fn ctrl(key: Press) -> KeyboardShortcut {
    keys(Modifiers::COMMAND, key)
}

const fn ctrl_shift(key: Press) -> KeyboardShortcut {
    keys(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

const fn alt(key: Press) -> KeyboardShortcut {
    keys(Modifiers::ALT, key)
}

fn entry<const N: usize>(
    menu: Menu,
    command: Command,
    name: Key,
    tip: Key,
    keys: [KeyboardShortcut; N],
) -> CommandEntry {
    CommandEntry {
        command,
        name,
        tip,
        menu: Some(menu),
        keys: keys.to_vec(),
        needs: Needs::Nothing,
        begins_group: false,
    }
}

/// A command that has neither a place in a menu nor keys.
fn unlisted(command: Command, name: Key, tip: Key) -> CommandEntry {
    CommandEntry { menu: None, ..entry(Menu::File, command, name, tip, []) }
}

impl CommandEntry {
    fn needs(self, needs: Needs) -> Self {
        Self { needs, ..self }
    }

    fn begins_group(self) -> Self {
        Self { begins_group: true, ..self }
    }

    /// All of them, in the order of their menus.
    pub fn all() -> &'static [Self] {
        &ALL
    }

    /// The entry of a command, where it has one.
    pub fn find(command: &Command) -> Option<&'static Self> {
        ALL.iter().find(|entry| entry.command == *command)
    }
}

/// What the menu of the button for sharing offers, in its order.
pub const SHARED: [Command; 5] = [
    Command::TakePlan(PlanExport::Link),
    Command::TakePlan(PlanExport::Markdown),
    Command::CopySummary,
    Command::TakePlan(PlanExport::Picture),
    Command::TakePlan(PlanExport::Report),
];

static ALL: LazyLock<Vec<CommandEntry>> = LazyLock::new(|| {
    use Command::TakePlan;
    use Menu::{Edit, File, Help, View};
    use PlanExport::{Link, Markdown, Picture, Report};
    vec![
        entry(File, Command::New, Key::New, Key::TipNew, [ctrl(Press::N)]),
        entry(File, Command::Open, Key::Open, Key::TipOpen, [ctrl(Press::O)]),
        entry(File, Command::PastePlan, Key::PastePlan, Key::TipPastePlan, [ctrl(Press::V)]),
        entry(File, Command::Save, Key::Save, Key::TipSave, [ctrl(Press::S)]).begins_group(),
        entry(File, Command::SaveAs, Key::SaveAs, Key::TipSaveAs, [ctrl_shift(Press::S)]),
        entry(File, Command::Versions, Key::Versions, Key::TipVersions, []).needs(Needs::SavedFile),
        entry(File, Command::Duplicate, Key::Duplicate, Key::TipDuplicate, [ctrl_shift(Press::D)]),
        entry(File, TakePlan(Link), Link.label(), Key::TipShareLink, [ctrl_shift(Press::U)]).begins_group(),
        entry(File, TakePlan(Markdown), Markdown.label(), Key::TipShareMarkdown, [ctrl_shift(Press::M)]),
        entry(File, TakePlan(Picture), Picture.label(), Key::TipSharePicture, [ctrl_shift(Press::P)]),
        entry(File, TakePlan(Report), Report.label(), Key::TipShareReport, [ctrl_shift(Press::R)]),
        entry(File, Command::AddPlans, Key::CompareAddFile, Key::TipCompareAddFile, []).needs(Needs::RoomForPlan),
        entry(File, Command::OpenModel, Key::OpenModel, Key::TipOpenModel, []).begins_group(),
        entry(File, Command::KeepModel, Key::KeepModel, Key::TipKeepModel, []).needs(Needs::FileModel),
        entry(File, Command::PriceBook, Key::PriceBook, Key::TipPriceBook, []),
        entry(File, Command::Settings, Key::Settings, Key::TipSettings, [ctrl(Press::Comma)]).begins_group(),
        entry(File, Command::Quit, Key::Quit, Key::TipQuit, [ctrl(Press::Q)]),
        entry(Edit, Command::Undo, Key::Undo, Key::TipUndo, [ctrl(Press::Z)]).needs(Needs::StepBack),
        entry(Edit, Command::Redo, Key::Redo, Key::TipRedo, [ctrl_shift(Press::Z), ctrl(Press::Y)])
            .needs(Needs::StepForward),
        entry(Edit, Command::Launch, Key::Launch, Key::TipLaunch, [ctrl(Press::L)])
            .needs(Needs::LaunchCommand)
            .begins_group(),
        entry(Edit, Command::CopyLaunch, Key::CopyLaunch, Key::TipCopyLaunch, [ctrl_shift(Press::L)])
            .needs(Needs::LaunchCommand),
        entry(Edit, Command::CopySummary, Key::CopySummary, Key::TipCopySummary, [ctrl_shift(Press::T)]),
        entry(Edit, Command::DuplicatePlan, Key::DuplicatePlan, Key::TipDuplicatePlan, [ctrl(Press::D)])
            .needs(Needs::RoomForPlan)
            .begins_group(),
        entry(Edit, Command::RenamePlan, Key::RenamePlan, Key::TipRenamePlan, [keys(Modifiers::NONE, Press::F2)]),
        entry(
            Edit,
            Command::PlanLeft,
            Key::PlanLeft,
            Key::TipPlanLeft,
            [ctrl_shift(Press::PageUp), alt(Press::ArrowUp)],
        )
        .needs(Needs::PlanBefore),
        entry(
            Edit,
            Command::PlanRight,
            Key::PlanRight,
            Key::TipPlanRight,
            [ctrl_shift(Press::PageDown), alt(Press::ArrowDown)],
        )
        .needs(Needs::PlanBehind),
        entry(Edit, Command::DeletePlan, Key::DeletePlan, Key::TipDeletePlan, []).needs(Needs::OtherPlan),
        entry(Edit, Command::Notes, Key::Notes, Key::TipNotes, [ctrl_shift(Press::N)]),
        entry(Edit, Command::UseThisMachine, Key::UseThisMachine, Key::TipUseThisMachine, []).begins_group(),
        entry(Edit, Command::LocalModels, Key::LocalModels, Key::TipLocalModels, []),
        entry(Edit, Command::Measurements, Key::Measurements, Key::MeasureHint, []),
        entry(Edit, Command::UseTodays, Key::UseTodays, Key::TipUseTodays, []).needs(Needs::KeptRows),
        entry(Edit, Command::ResetPlan, Key::ResetPlan, Key::TipResetPlan, []).needs(Needs::ChangedPlan),
        entry(View, Command::Show(Tab::Plan), Key::Plan, Key::TipTabPlan, [ctrl(Press::Num1)]),
        entry(View, Command::Show(Tab::Cards), Key::Cards, Key::TipTabCards, [ctrl(Press::Num2)]),
        entry(View, Command::Show(Tab::Build), Key::Build, Key::TipTabBuild, [ctrl(Press::Num3)]),
        entry(View, Command::Show(Tab::Explain), Key::Explain, Key::TipTabExplain, [ctrl(Press::Num4)]),
        entry(View, Command::Show(Tab::Compare), Key::Compare, Key::TipTabCompare, [ctrl(Press::Num5)]),
        entry(View, Command::Show(Tab::Machine), Key::MyMachine, Key::TipTabMachine, [ctrl(Press::Num6)]),
        entry(View, Command::ShowScene(SceneId::YourPlan), Key::ExplainPlan, Key::TipExplainPlan, [ctrl(Press::E)])
            .begins_group(),
        entry(View, Command::Present, Key::Present, Key::TipPresent, [keys(Modifiers::NONE, Press::F11)]),
        entry(View, Command::NextPlan, Key::NextPlan, Key::TipNextPlan, [ctrl(Press::Tab), ctrl(Press::PageDown)])
            .needs(Needs::OtherPlan)
            .begins_group(),
        entry(
            View,
            Command::PreviousPlan,
            Key::PreviousPlan,
            Key::TipPreviousPlan,
            [ctrl_shift(Press::Tab), ctrl(Press::PageUp)],
        )
        .needs(Needs::OtherPlan),
        entry(View, Command::ZoomIn, Key::ZoomIn, Key::TipZoomIn, [kb_shortcuts::ZOOM_IN]).begins_group(),
        entry(View, Command::ZoomOut, Key::ZoomOut, Key::TipZoomOut, [kb_shortcuts::ZOOM_OUT]),
        entry(View, Command::ZoomReset, Key::ZoomReset, Key::TipZoomReset, [kb_shortcuts::ZOOM_RESET]),
        entry(View, Command::SwitchTheme, Key::SwitchTheme, Key::TipTheme, [alt(Press::T)]).begins_group(),
        entry(View, Command::SwitchLanguage, Key::SwitchLanguage, Key::TipLanguage, [alt(Press::L)]),
        entry(Help, Command::Manual, Key::Manual, Key::TipManual, [keys(Modifiers::SHIFT, Press::F1)]),
        entry(Help, Command::Glossary(None), Key::Glossary, Key::TipGlossary, [keys(Modifiers::NONE, Press::F1)]),
        entry(Help, Command::Diagnose(None), Key::RanOutTitle, Key::TipRanOut, [ctrl_shift(Press::O)]),
        entry(Help, Command::Palette, Key::Palette, Key::TipPalette, [ctrl(Press::K)]),
        entry(
            Help,
            Command::KeyboardList,
            Key::KeyboardList,
            Key::TipKeyboardList,
            [keys(Modifiers::NONE, Press::Questionmark), ctrl(Press::Slash)],
        ),
        entry(Help, Command::About, Key::About, Key::TipAbout, []).begins_group(),
        unlisted(Command::TakeScene(SceneExport::Page), SceneExport::Page.label(), SceneExport::Page.tip()),
        unlisted(Command::TakeScene(SceneExport::Picture), SceneExport::Picture.label(), SceneExport::Picture.tip()),
        unlisted(Command::TakeScene(SceneExport::Text), SceneExport::Text.label(), SceneExport::Text.tip()),
        unlisted(Command::OpenMachine, Key::MachineOpen, Key::TipMachineOpen),
        unlisted(Command::SaveMachine, Key::MachineSave, Key::TipMachineSave),
        unlisted(Command::ImportPrices, Key::BookImport, Key::TipBookImport),
        unlisted(Command::ExportPrices, Key::BookExport, Key::TipBookExport),
    ]
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shortcut_asks_for_one_command() {
        let all: Vec<_> =
            CommandEntry::all().iter().flat_map(|entry| entry.keys.iter().map(|keys| (keys, entry.name))).collect();
        for (place, (keys, name)) in all.iter().enumerate() {
            let other = all[..place].iter().find(|(other, _)| other == keys);
            assert!(other.is_none(), "{keys:?} asks for {name:?} and {other:?}");
        }
    }

    #[test]
    fn every_command_stands_once() {
        for (place, entry) in CommandEntry::all().iter().enumerate() {
            assert!(
                !CommandEntry::all()[..place].iter().any(|other| other.command == entry.command),
                "{:?}",
                entry.command
            );
        }
    }
}
