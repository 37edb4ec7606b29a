//! What the window can be asked to do. Views return these; the app runs them after drawing.

use std::path::PathBuf;

use eframe::egui::{Key as Press, KeyboardShortcut, Modifiers};

use crate::catalog::source::PriceKind;
use crate::plan::Plan;
use crate::text::Key;
use crate::units::Usd;

/// A view of the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Tab {
    /// The plan itself.
    #[default]
    Plan,
    /// Every card for the plan.
    Cards,
    /// A budget split into the parts of a machine.
    Build,
}

impl Tab {
    /// All views, in the order of their tabs.
    pub const ALL: [Self; 3] = [Self::Plan, Self::Cards, Self::Build];

    /// Its name.
    pub const fn label(self) -> Key {
        match self {
            Self::Plan => Key::Plan,
            Self::Cards => Key::Cards,
            Self::Build => Key::Build,
        }
    }
}

/// An effect, or a change of the whole plan.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Show this view.
    Show(Tab),
    /// Take so many of this card, by its id, into the plan in place of its cards.
    UseCard {
        /// The card, by its id.
        card: String,
        /// How many.
        count: u32,
    },
    /// Keep what was typed as the price of one card or part.
    KeepPrice {
        /// The card or part, by its id.
        part: String,
        /// What it is a price of.
        kind: PriceKind,
        /// US dollars for one.
        usd: Usd,
    },
    /// Say why what was typed is no price.
    RefusePrice(String),
    /// Take the catalog's price again in place of the user's own.
    RevertPrice {
        /// The card or part, by its id.
        part: String,
        /// What it is a price of.
        kind: PriceKind,
    },
    /// Show the price book.
    PriceBook,
    /// Choose a table of prices and take what it says.
    ImportPrices,
    /// Choose a file and write the price book to it.
    ExportPrices,
    /// Start with an empty plan.
    New,
    /// Choose a file and open it.
    Open,
    /// Open this file.
    OpenRecent(PathBuf),
    /// Choose a file that describes a model.
    OpenModel,
    /// Take the model that this file describes.
    ReadModel(PathBuf),
    /// Write the plan to its file.
    Save,
    /// Choose a file and write the plan to it.
    SaveAs,
    /// Take the last change back.
    Undo,
    /// Make it again.
    Redo,
    /// Between dark and light.
    SwitchTheme,
    /// Between the languages.
    SwitchLanguage,
    /// Take the cards and the RAM of this computer.
    UseThisMachine,
    /// Put this text on the clipboard.
    Copy(String),
    /// Put this plan in the place of the one that is shown, as one step.
    Apply(Box<Plan>),
    /// Enter or remove measured speeds.
    Measurements,
    /// Show the settings.
    Settings,
    /// Close the window.
    Quit,
}

impl Command {
    /// The commands that have a shortcut, most specific first: the order in which to ask for them.
    pub const WITH_SHORTCUT: [Self; 10] = [
        Self::SaveAs,
        Self::Redo,
        Self::New,
        Self::Open,
        Self::Save,
        Self::Undo,
        Self::Settings,
        Self::Show(Tab::Plan),
        Self::Show(Tab::Cards),
        Self::Show(Tab::Build),
    ];

    /// Its name in menus and for screen readers.
    pub const fn label(&self) -> Key {
        match self {
            Self::Show(tab) => tab.label(),
            Self::UseCard { .. } => Key::CardsUse,
            Self::KeepPrice { .. } | Self::RefusePrice(_) => Key::CardsPrice,
            Self::RevertPrice { .. } => Key::BookRevert,
            Self::PriceBook => Key::PriceBook,
            Self::ImportPrices => Key::BookImport,
            Self::ExportPrices => Key::BookExport,
            Self::New => Key::New,
            Self::Open => Key::Open,
            Self::OpenRecent(_) => Key::Recent,
            Self::OpenModel | Self::ReadModel(_) => Key::OpenModel,
            Self::Save => Key::Save,
            Self::SaveAs => Key::SaveAs,
            Self::Undo => Key::Undo,
            Self::Redo => Key::Redo,
            Self::SwitchTheme => Key::Theme,
            Self::SwitchLanguage => Key::Language,
            Self::UseThisMachine => Key::UseThisMachine,
            Self::Copy(_) => Key::Copy,
            Self::Apply(_) => Key::Apply,
            Self::Measurements => Key::EnterMeasurement,
            Self::Settings => Key::Settings,
            Self::Quit => Key::Quit,
        }
    }

    /// What it does, in one sentence.
    pub const fn tooltip(&self) -> Key {
        match self {
            Self::Show(Tab::Plan) => Key::TipTabPlan,
            Self::Show(Tab::Cards) => Key::TipTabCards,
            Self::Show(Tab::Build) => Key::TipTabBuild,
            Self::UseCard { .. } => Key::TipCardsUse,
            Self::KeepPrice { .. } | Self::RefusePrice(_) => Key::CardsNoPriceTip,
            Self::RevertPrice { .. } => Key::TipBookRevert,
            Self::PriceBook => Key::TipPriceBook,
            Self::ImportPrices => Key::TipBookImport,
            Self::ExportPrices => Key::TipBookExport,
            Self::New => Key::TipNew,
            Self::Open | Self::OpenRecent(_) => Key::TipOpen,
            Self::OpenModel | Self::ReadModel(_) => Key::TipOpenModel,
            Self::Save => Key::TipSave,
            Self::SaveAs => Key::TipSaveAs,
            Self::Undo => Key::TipUndo,
            Self::Redo => Key::TipRedo,
            Self::SwitchTheme => Key::TipTheme,
            Self::SwitchLanguage => Key::TipLanguage,
            Self::UseThisMachine => Key::TipUseThisMachine,
            Self::Copy(_) => Key::TipCopy,
            Self::Apply(_) => Key::TipApply,
            Self::Measurements => Key::MeasureHint,
            Self::Settings => Key::TipSettings,
            Self::Quit => Key::TipQuit,
        }
    }

    /// The keys that ask for it. Ctrl+Q is left to the window system.
    pub const fn shortcut(&self) -> Option<KeyboardShortcut> {
        let (shift, key) = match self {
            Self::New => (false, Press::N),
            Self::Open => (false, Press::O),
            Self::Save => (false, Press::S),
            Self::SaveAs => (true, Press::S),
            Self::Undo => (false, Press::Z),
            Self::Redo => (true, Press::Z),
            Self::Settings => (false, Press::Comma),
            Self::Show(Tab::Plan) => (false, Press::Num1),
            Self::Show(Tab::Cards) => (false, Press::Num2),
            Self::Show(Tab::Build) => (false, Press::Num3),
            _ => return None,
        };
        let modifiers = if shift { Modifiers::COMMAND.plus(Modifiers::SHIFT) } else { Modifiers::COMMAND };
        Some(KeyboardShortcut::new(modifiers, key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortcuts_are_unique_and_complete() {
        let shortcuts: Vec<_> = Command::WITH_SHORTCUT.iter().map(Command::shortcut).collect();
        for (place, shortcut) in shortcuts.iter().enumerate() {
            assert!(shortcut.is_some() && !shortcuts[..place].contains(shortcut));
        }
    }
}
