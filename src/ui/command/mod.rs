//! What the window can be asked to do. Views return these; the app runs them after drawing. Those that a person asks for
//! by name or by keys stand in one table.

mod table;

use std::path::PathBuf;

pub use table::{CommandEntry, Menu, Needs, SHARED};

use crate::catalog::source::PriceKind;
use crate::plan::{BuildRequest, NamedPlan, Plan, SceneId};
use crate::share::templates::TemplateId;
use crate::text::{Concept, Key};
use crate::units::Usd;

/// A view of the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, strum::EnumCount)]
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
    /// Several plans side by side.
    Compare,
    /// What is in this computer.
    Machine,
}

impl Tab {
    /// All views, in the order of their tabs.
    pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] =
        [Self::Plan, Self::Cards, Self::Build, Self::Explain, Self::Compare, Self::Machine];

    /// Its name.
    pub const fn label(self) -> Key {
        match self {
            Self::Plan => Key::Plan,
            Self::Cards => Key::Cards,
            Self::Build => Key::Build,
            Self::Explain => Key::Explain,
            Self::Compare => Key::Compare,
            Self::Machine => Key::MyMachine,
        }
    }
}

/// How a scene is taken along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumCount)]
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
    pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] = [Self::Page, Self::Picture, Self::Text];

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

/// How a plan is taken along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlanExport {
    /// A text on the clipboard that opens the document.
    Link,
    /// Markdown on the clipboard.
    Markdown,
    /// A picture of the bars.
    Picture,
    /// A page that opens in every browser.
    Report,
}

impl PlanExport {
    /// How the names of its files end; the first where none is typed, none where no file is written.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Link | Self::Markdown => &[],
            Self::Picture => &["png", "svg"],
            Self::Report => &["html"],
        }
    }

    /// What such a file is called in a dialog.
    pub const fn kind(self) -> Key {
        match self {
            Self::Picture => Key::FilePicture,
            _ => Key::FilePage,
        }
    }

    /// What it is called.
    pub const fn label(self) -> Key {
        match self {
            Self::Link => Key::ShareLink,
            Self::Markdown => Key::ShareMarkdown,
            Self::Picture => Key::SharePicture,
            Self::Report => Key::ShareReport,
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
        /// The memory of one device in GiB; all that it is sold with where none is named.
        size_gib: Option<f64>,
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
    /// Add these plans to the document, where they are not there yet, and show the comparison.
    Compare(Vec<NamedPlan>),
    /// Choose a file and add its plans.
    AddPlans,
    /// Add the plans of this file.
    AddPlansOf(PathBuf),
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
    /// Show what to start from; there already, begin with an empty plan.
    New,
    /// Begin with what was entered on the start page.
    StartFrom(String),
    /// Begin with this model of the catalog, by its id, on this machine.
    StartWithModel(String),
    /// Begin with the model file at this path on this machine.
    StartWithFile(PathBuf),
    /// Begin with this machine.
    StartWithMachine,
    /// Begin with an empty plan.
    StartEmpty,
    /// Begin with this template.
    StartTemplate(TemplateId),
    /// Take this file off the list of recent ones.
    ForgetRecent(PathBuf),
    /// Go on with a copy of the document, which is in no file yet.
    Duplicate,
    /// Choose a file and open it.
    Open,
    /// Open this file.
    OpenRecent(PathBuf),
    /// Open the plan in this text.
    OpenText(String),
    /// Open the plan in the text on the clipboard.
    PastePlan,
    /// Count with the catalog of today in place of the rows that came with the document.
    UseTodays,
    /// Forget which files were opened.
    ClearRecent,
    /// Choose a file that describes a model.
    OpenModel,
    /// List the model files on this machine.
    LocalModels,
    /// Take the model that this file describes.
    ReadModel(PathBuf),
    /// Write the plan to its file.
    Save,
    /// Choose a file and write the plan to it.
    SaveAs,
    /// Show the earlier saves of the document.
    Versions,
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
    /// Choose the file of a machine that was saved elsewhere, and show it.
    OpenMachine,
    /// Choose a file and write the machine that is shown to it.
    SaveMachine,
    /// Show this computer again in place of one from a file.
    LeaveMachine,
    /// Measure what RAM and disk of this computer read.
    MeasureBandwidth,
    /// Break that off.
    StopMeasuring,
    /// Keep what a running program tells of this machine, by the program's number.
    KeepRunning(u32),
    /// Put this text on the clipboard.
    Copy(String),
    /// Show what starts what is planned, line by line.
    Launch,
    /// Offer the plan that this command amounts to.
    OfferCommand(String),
    /// Take the plan that this Modelfile amounts to.
    ReadModelfile(PathBuf),
    /// Keep the model that was read from a file among the catalog's.
    KeepModel,
    /// Put the command that starts what is planned on the clipboard.
    CopyLaunch,
    /// Put a summary of the plan on the clipboard.
    CopySummary,
    /// Take the plan that is shown along.
    TakePlan(PlanExport),
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
    /// Ask this of a build from now on, as one step, and say what it is called.
    AskBuild {
        /// What is asked, in words.
        name: String,
        /// All that is asked of it.
        request: Box<BuildRequest>,
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
    /// Show how the program is used.
    Manual,
    /// Show which keys do what.
    KeyboardList,
    /// Say what this program is, and what it is made of.
    About,
    /// Show what terms mean, at the entry of one or at the beginning.
    Glossary(Option<Concept>),
    /// Read which memory ran out, from this text or one that is still to be pasted.
    Diagnose(Option<String>),
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
