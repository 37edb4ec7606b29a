//! The window's side of what happens elsewhere: the one open file dialog, a detection under way, recent files.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::Duration;

use eframe::egui;

use super::background::Workers;
use super::machine::view;
use super::{book, files};
use crate::share::plan_file;
use crate::system::Wake;
use crate::system::detect::{Detected, Feed, Probe, ThisMachine, Watch, detect_in_background};
use crate::system::dialogs::{
    AsyncFileDialog, DialogState, FileDialogs, FileQuestion, PendingAnswer, Purpose, SystemDialogs,
};
use crate::system::folders::{self, Folders};
use crate::system::language;
use crate::system::model_path::{self, ReadModel};
use crate::system::progress::ReadProgress;
use crate::system::recent::RecentFiles;
use crate::text::{Key, Locale};
use crate::ui::command::{PlanExport, SceneExport};

/// How long a file dialog is taken to be open in front of the user, in seconds.
const PATIENCE: f64 = 3.0;
/// As good as at once.
const MOMENT: Duration = Duration::from_millis(1);

/// The endings of what a plan is opened from: plan files, and what carries plans.
const CARRIERS: [&str; 6] = [plan_file::EXTENSION, "png", "svg", "html", "htm", "txt"];

/// Where dialogs, detection and the user's folders come from: the system, or a script in tests.
pub struct PlatformAccess {
    /// File dialogs.
    pub dialogs: Box<dyn FileDialogs>,
    /// Starts to look at the machine.
    pub detect: Box<dyn Fn(Wake) -> Receiver<Detected>>,
    /// Looks at the machine again and again, beside the window.
    pub watch: Box<dyn Fn() -> Box<dyn Watch>>,
    /// How a model is read from a file, beside the window.
    pub read_model: Box<dyn Fn(PathBuf, Arc<ReadProgress>, Wake) -> Receiver<ReadModel>>,
    /// The user's folders, where there are any.
    pub folders: Option<Folders>,
    /// Where a path that is typed begins.
    pub documents: PathBuf,
    /// What `~` stands for in such a path.
    pub home: Option<PathBuf>,
    /// The language of the system.
    pub locale: Locale,
    /// How long a frame may wait for what is worked out beside the window.
    pub patience: Duration,
}

impl PlatformAccess {
    /// Those of the system.
    pub fn of_system() -> Self {
        Self {
            dialogs: Box::new(SystemDialogs),
            detect: Box::new(|wake| detect_in_background(ThisMachine::new(), wake)),
            watch: Box::new(|| ThisMachine::new().watch()),
            read_model: Box::new(model_path::read_in_background),
            folders: Folders::of_user(),
            documents: folders::documents(),
            home: std::env::home_dir(),
            patience: Duration::from_millis(2),
            locale: language::of_system(),
        }
    }
}

/// What is to be done once nothing unsaved can be lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum After {
    /// Start a new document.
    New,
    /// Open this file.
    Open(PathBuf),
    /// Open the plan in this text.
    OpenText(String),
    /// Open a copy of this earlier save of the document.
    OpenVersion(PathBuf),
    /// Close the window.
    Quit,
}

/// Which file is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ask {
    /// One to open.
    Open,
    /// One whose plans are added to those of the document.
    Plans,
    /// One that describes a model, for the plan at hand.
    Model,
    /// One to save to, and what to do thereafter.
    Save(Option<After>),
    /// A table of prices to take.
    ImportPrices,
    /// One to write the price book to.
    ExportPrices,
    /// One to write the scene to.
    Scene(SceneExport),
    /// One to write the plan to.
    Plan(PlanExport),
    /// One that a machine was saved to.
    OpenMachine,
    /// One to write the machine to.
    SaveMachine,
}

impl Ask {
    /// Whether something is written.
    pub(super) const fn saves(&self) -> bool {
        matches!(self, Self::Save(_) | Self::ExportPrices | Self::Scene(_) | Self::Plan(_) | Self::SaveMachine)
    }

    /// A chosen path with the ending of what is written.
    pub(super) fn named(&self, path: PathBuf) -> PathBuf {
        match self {
            Self::Save(_) => files::with_extension(path, plan_file::EXTENSION),
            Self::ExportPrices => files::with_extension(path, book::EXTENSION),
            Self::Scene(export) => files::with_extension(path, export.extension()),
            Self::Plan(export) => files::with_one_of(path, export.endings()),
            Self::SaveMachine => files::with_extension(path, view::EXTENSION),
            Self::Open | Self::Plans | Self::Model | Self::ImportPrices | Self::OpenMachine => path,
        }
    }
}

/// What a file dialog came to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DialogAnswer {
    pub(super) ask: Ask,
    /// `None` = nothing was chosen.
    pub(super) path: Option<PathBuf>,
    /// When it was asked, in the window's seconds.
    pub(super) asked: f64,
}

/// The dialog that is open.
struct OpenDialog {
    answer: PendingAnswer,
    ask: Ask,
    asked: f64,
}

/// Where a dialog is asked from.
pub(super) struct Near<'a> {
    pub(super) frame: &'a eframe::Frame,
    pub(super) locale: Locale,
    /// The window's seconds.
    pub(super) time: f64,
    /// The file at hand.
    pub(super) path: Option<&'a Path>,
    /// The name proposed for saving.
    pub(super) name: &'a str,
}

/// The window's side of what happens elsewhere.
pub(super) struct Outside {
    surroundings: PlatformAccess,
    wake: Wake,
    /// The same for what comes again and again and is drawn once each time.
    wake_once: Wake,
    recent: RecentFiles,
    question: Option<OpenDialog>,
    detection: Option<Receiver<Detected>>,
}

impl Outside {
    pub(super) fn new(ctx: &egui::Context, surroundings: PlatformAccess) -> Self {
        let (ctx, once) = (ctx.clone(), ctx.clone());
        Self {
            // What is wanted at once is drawn twice, so that sizes settle; what is wanted a moment later, once.
            wake_once: Arc::new(move || once.request_repaint_after(MOMENT)),
            wake: Arc::new(move || ctx.request_repaint()),
            recent: surroundings.folders.as_ref().map(RecentFiles::load).unwrap_or_default(),
            surroundings,
            question: None,
            detection: None,
        }
    }

    /// Tells the window from another thread that there is something to see.
    pub(super) fn wake(&self) -> Wake {
        Arc::clone(&self.wake)
    }

    /// What threads that work beside the window are started with.
    pub(super) fn workers(&self) -> Workers {
        Workers { wake: self.wake(), patience: self.patience() }
    }

    pub(super) fn locale(&self) -> Locale {
        self.surroundings.locale
    }

    /// How long a frame may wait for what is worked out beside the window.
    pub(super) fn patience(&self) -> Duration {
        self.surroundings.patience
    }

    pub(super) fn folders(&self) -> Option<&Folders> {
        self.surroundings.folders.as_ref()
    }

    /// Where a path that is typed begins.
    pub(super) fn documents(&self) -> &Path {
        &self.surroundings.documents
    }

    /// What `~` stands for in such a path.
    pub(super) fn home(&self) -> Option<&Path> {
        self.surroundings.home.as_deref()
    }

    pub(super) fn recent(&self) -> &[PathBuf] {
        self.recent.paths()
    }

    /// Changes the list of recent files and keeps it. It is a convenience: where it cannot be kept nobody is bothered.
    pub(super) fn change_recent(&mut self, change: impl FnOnce(&mut RecentFiles)) {
        let before = self.recent.clone();
        change(&mut self.recent);
        if let Some(folders) = self.surroundings.folders.as_ref().filter(|_| self.recent != before) {
            drop(self.recent.save(folders));
        }
    }

    /// Whether a file dialog was opened just now: what is asked for meanwhile was asked twice. One that stays open for
    /// long may hang, and must not keep the user from asking anew.
    pub(super) fn is_asking(&self, time: f64) -> bool {
        self.question.as_ref().is_some_and(|question| time - question.asked < PATIENCE)
    }

    /// Lets an open file dialog go: its answer is not heard.
    pub(super) fn forget_question(&mut self) {
        self.question = None;
    }

    /// Opens a file dialog, in place of one that may be open.
    pub(super) fn ask(&mut self, ask: Ask, near: &Near<'_>) {
        let plans = || (Key::PlanFile, vec![plan_file::EXTENSION.to_owned()]);
        let carriers_and_models = || {
            let models = model_path::EXTENSIONS.iter().map(|ending| (*ending).to_owned());
            (Key::PlanOrModel, CARRIERS.iter().map(|ending| (*ending).to_owned()).chain(models).collect())
        };
        let models = || (Key::ModelFile, model_path::EXTENSIONS.map(str::to_owned).to_vec());
        let tables = || (Key::BookCsv, vec![book::EXTENSION.to_owned()]);
        let machines = || (Key::MachineFile, vec![view::EXTENSION.to_owned()]);
        let (purpose, title, file_name, (kind, extensions)) = match ask {
            Ask::Open => (Purpose::Open, Key::Open, None, carriers_and_models()),
            Ask::Plans => (Purpose::Open, Key::CompareAddFile, None, plans()),
            Ask::Model => (Purpose::Open, Key::OpenModel, None, models()),
            Ask::Save(_) => (Purpose::Save, Key::SaveAs, Some(near.name.to_owned()), plans()),
            Ask::ImportPrices => (Purpose::Open, Key::BookImport, None, tables()),
            Ask::ExportPrices => (Purpose::Save, Key::BookExport, Some(near.name.to_owned()), tables()),
            Ask::OpenMachine => (Purpose::Open, Key::MachineOpen, None, machines()),
            Ask::SaveMachine => (Purpose::Save, Key::MachineSave, Some(near.name.to_owned()), machines()),
            Ask::Scene(export) => {
                let kind = (export.kind(), vec![export.extension().to_owned()]);
                (Purpose::Save, export.label(), Some(near.name.to_owned()), kind)
            }
            Ask::Plan(export) => {
                let kind = (export.kind(), export.endings().iter().map(|it| (*it).to_owned()).collect());
                (Purpose::Save, export.label(), Some(near.name.to_owned()), kind)
            }
        };
        let question = FileQuestion {
            purpose,
            title: near.locale.word(title).to_owned(),
            kind: near.locale.word(kind).to_owned(),
            extensions,
            folder: near.path.and_then(Path::parent).map(Path::to_owned),
            file_name,
        };
        let parent = |dialog: AsyncFileDialog| dialog.set_parent(near.frame);
        let answer = self.surroundings.dialogs.ask(&question, &parent, self.wake());
        self.question = Some(OpenDialog { answer, ask, asked: near.time });
    }

    /// What the dialog came to, once it is closed.
    pub(super) fn answer(&mut self) -> Option<DialogAnswer> {
        let path = match self.question.as_ref()?.answer.poll() {
            DialogState::Open => return None,
            DialogState::Chosen(path) => Some(path),
            DialogState::Cancelled => None,
        };
        let OpenDialog { ask, asked, .. } = self.question.take()?;
        Some(DialogAnswer { ask, path, asked })
    }

    /// Starts to read a model file.
    pub(super) fn read_model(&self, path: &Path, progress: Arc<ReadProgress>) -> Receiver<ReadModel> {
        (self.surroundings.read_model)(path.to_owned(), progress, self.wake())
    }

    /// Starts to watch the machine.
    pub(super) fn watch(&self) -> Feed {
        Feed::start((self.surroundings.watch)(), Arc::clone(&self.wake_once))
    }

    /// Starts to look at the machine, unless that is under way.
    pub(super) fn detect(&mut self) {
        if self.detection.is_none() {
            self.detection = Some((self.surroundings.detect)(self.wake()));
        }
    }

    /// What was found, once: `Err` where the search broke off.
    pub(super) fn detected(&mut self) -> Option<Result<Detected, ()>> {
        let result = match self.detection.as_ref()?.try_recv() {
            Ok(found) => Ok(found),
            Err(TryRecvError::Disconnected) => Err(()),
            Err(TryRecvError::Empty) => return None,
        };
        self.detection = None;
        Some(result)
    }
}
