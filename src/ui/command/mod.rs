//! What the window can be asked to do. Views return these; the app runs them after drawing. Those that a person asks for
//! by name or by keys stand in one table.

mod table;

use std::path::PathBuf;

pub use table::{CommandEntry, Menu, Needs};

use crate::catalog::source::PriceKind;
use crate::plan::{Plan, SceneId};
use crate::text::{Concept, Key};
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
    /// RAM and VRAM in pictures.
    Explain,
}

impl Tab {
    /// All views, in the order of their tabs.
    pub const ALL: [Self; 4] = [Self::Plan, Self::Cards, Self::Build, Self::Explain];

    /// Its name.
    pub const fn label(self) -> Key {
        match self {
            Self::Plan => Key::Plan,
            Self::Cards => Key::Cards,
            Self::Build => Key::Build,
            Self::Explain => Key::Explain,
        }
    }
}

/// How a scene is taken along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SceneExport {
    /// A page that opens in every browser.
    Page,
    /// The picture as it is on screen.
    Picture,
    /// The words of all stops.
    Text,
}

impl SceneExport {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Page, Self::Picture, Self::Text];

    /// What it is called.
    pub const fn label(self) -> Key {
        match self {
            Self::Page => Key::ScenePage,
            Self::Picture => Key::ScenePicture,
            Self::Text => Key::SceneText,
        }
    }

    /// The ending of its file; none where it is no file.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Page => "html",
            Self::Picture => "png",
            Self::Text => "",
        }
    }

    /// What such files are called.
    pub const fn kind(self) -> Key {
        match self {
            Self::Page => Key::FilePage,
            Self::Picture => Key::FilePicture,
            Self::Text => Key::SceneText,
        }
    }

    const fn tip(self) -> Key {
        match self {
            Self::Page => Key::TipScenePage,
            Self::Picture => Key::TipScenePicture,
            Self::Text => Key::TipSceneText,
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
    /// Take this model of the catalog, by its id, into the plan.
    UseModel(String),
    /// Do this to a copy of the plan that is shown, behind it, and show that.
    InNewPlan(Box<Self>),
    /// Show the plan in this place.
    ShowPlan(usize),
    /// Show the plan behind the one that is shown, after the last the first.
    NextPlan,
    /// Show the plan before the one that is shown.
    PreviousPlan,
    /// Put a copy of the plan that is shown behind it, and show that.
    DuplicatePlan,
    /// Type another name for the plan that is shown.
    RenamePlan,
    /// Move a plan to another place.
    MovePlan {
        /// Where it is.
        from: usize,
        /// Where it is to be.
        to: usize,
    },
    /// Move the plan that is shown one place to the front.
    PlanLeft,
    /// Move the plan that is shown one place to the end.
    PlanRight,
    /// Take the plan that is shown out of the document.
    DeletePlan,
    /// Put the inputs of the plan that is shown back to what they are at the start.
    ResetPlan,
    /// Show the notes of the document.
    Notes,
    /// Show the price book.
    PriceBook,
    /// Choose a table of prices and take what it says.
    ImportPrices,
    /// Choose a file and write the price book to it.
    ExportPrices,
    /// Start with an empty plan.
    New,
    /// Go on with a copy of the document, which is in no file yet.
    Duplicate,
    /// Choose a file and open it.
    Open,
    /// Open this file.
    OpenRecent(PathBuf),
    /// Forget which files were opened.
    ClearRecent,
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
    /// Put the command that starts what is planned on the clipboard.
    CopyLaunch,
    /// Put a summary of the plan on the clipboard.
    CopySummary,
    /// Everything larger.
    ZoomIn,
    /// Everything smaller.
    ZoomOut,
    /// Everything in its own size.
    ZoomReset,
    /// Put this plan in the place of the one that is shown, as one step.
    Apply(Box<Plan>),
    /// The same, and say what it is called.
    ApplyWay {
        /// What is done, in words.
        name: String,
        /// The plan.
        plan: Box<Plan>,
    },
    /// Play a scene from its beginning.
    ShowScene(SceneId),
    /// Take the scene that is shown along.
    TakeScene(SceneExport),
    /// The scene in the full window, and back.
    Present,
    /// Enter or remove measured speeds.
    Measurements,
    /// Search for a command, a model or a card.
    Palette,
    /// Show which keys do what.
    KeyboardList,
    /// Say what this program is, and what it is made of.
    About,
    /// Show what terms mean, at the entry of one or at the beginning.
    Glossary(Option<Concept>),
    /// Read which memory ran out from a pasted text.
    Diagnose,
    /// Show the settings.
    Settings,
    /// Close the window.
    Quit,
}

impl Command {
    /// Its name, as the table has it.
    pub fn label(&self) -> Key {
        CommandEntry::find(self).map_or(Key::Apply, |entry| entry.name)
    }

    /// What it does, in one sentence, as the table has it.
    pub fn tooltip(&self) -> Key {
        CommandEntry::find(self).map_or(Key::TipApply, |entry| entry.tip)
    }
}
