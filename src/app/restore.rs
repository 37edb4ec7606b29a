//! What a start brings back: work that an abrupt end left unsaved, else the document that was open last.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use eframe::egui;

use super::App;
use super::files::{self, KnownFile};
use super::kept::{KeptViews, PersistedState};
use super::notices::NoticeTopic;
use super::session::Session;
use super::window::Options;
use crate::share::carrier::link;
use crate::share::plan_file;
use crate::system::model_path::is_model_file;
use crate::system::recovery::{self, LeftCopy};
use crate::text::{Key, Placeholder, foreign_path};
use crate::ui::plan::PlanViewState;

/// How often unsaved work is looked for that was held at the start, and how long lies between, in seconds: a program that was killed
/// under load holds its own for some seconds more.
const LOOKS: u32 = 15;
const PAUSE: f64 = 1.0;

/// Unsaved work that another program held at the start: one that runs, or one that was just then ending.
#[derive(Debug)]
pub(super) struct HeldWork {
    /// Of this file alone, where one was named.
    file: Option<PathBuf>,
    /// The document that was open when it was looked for first.
    open: Option<PathBuf>,
    looks: u32,
    /// When it is looked for next, in seconds of the window's clock.
    next: Option<f64>,
}

/// What a look for unsaved work brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Brought {
    /// The newest of it.
    Work,
    /// None, but other programs hold some.
    Held,
    Nothing,
}

/// Whether what was named is no file but a text that holds a plan, as a link is handed over.
fn is_text(path: &Path) -> bool {
    path.to_str().is_some_and(link::is_in) && !path.exists()
}

impl App {
    /// Opens the file that was named, else the one of the last run, and brings unsaved work of it back. Where none was
    /// named, the newest unsaved work counts, whatever its file; where there is no document at all the start page is shown.
    pub(super) fn begin_window(&mut self, options: Options, last: Option<PathBuf>) {
        self.settings.started_in = options.language;
        let named = options.file.clone();
        let mut brought = Brought::Nothing;
        match options.file {
            Some(path) if is_text(&path) => self.take_text(&path.to_string_lossy()),
            Some(path) if is_model_file(&path) => self.read_model(&path, 0.0),
            Some(path) => {
                self.open(&path);
                brought = self.restore(Some(&path));
            }
            None => {
                brought = self.restore(None);
                if let Some(path) = last.filter(|path| brought != Brought::Work && path.exists()) {
                    self.open(&path);
                }
                if options.start_page && self.session.is_untouched() {
                    self.open_start();
                }
            }
        }
        if brought == Brought::Held {
            let open = self.session.path().map(Path::to_owned);
            self.held_work = Some(HeldWork { file: named, open, looks: LOOKS, next: None });
        }
    }

    /// Looks again for what was held at the start, while nothing else was begun: what is found then comes back as it would have.
    pub(super) fn look_for_held_work(&mut self, ctx: &egui::Context) {
        let time = ctx.input(|input| input.time);
        let Some(held) = &mut self.held_work else { return };
        if time < *held.next.get_or_insert(time + PAUSE) {
            ctx.request_repaint_after(Duration::from_secs_f64(PAUSE));
            return;
        }
        (held.looks, held.next) = (held.looks - 1, Some(time + PAUSE));
        let is_last = held.looks == 0;
        let (file, open) = (held.file.clone(), held.open.clone());
        let is_as_begun = !self.session.is_unsaved() && self.session.path() == open.as_deref();
        if !is_as_begun || self.restore(file.as_deref()) != Brought::Held || is_last {
            self.held_work = None;
            ctx.request_repaint();
        } else {
            ctx.request_repaint_after(Duration::from_secs_f64(PAUSE));
        }
    }

    /// Brings back the newest unsaved work, of one file or of any. What belongs to others stays for a window of theirs.
    fn restore(&mut self, file: Option<&Path>) -> Brought {
        let left = self.outside.folders().map(recovery::left).unwrap_or_default();
        left.broken.iter().for_each(|path| self.tell_broken(path));
        let wanted = |left: &LeftCopy| file.is_none_or(|file| left.copy.file == files::kept_path(file));
        let held = if left.held { Brought::Held } else { Brought::Nothing };
        if left.copies.into_iter().filter(wanted).any(|left| self.restore_copy(left)) { Brought::Work } else { held }
    }

    fn restore_copy(&mut self, left: LeftCopy) -> bool {
        let Ok(mut document) = plan_file::from_text(&left.copy.text) else {
            self.tell_broken(&left.set_aside());
            return false;
        };
        document.settle_rows(&self.base);
        // As the file is now; what it was when the work was done tells whether it was changed since.
        let (saved, file) = match left.copy.file.as_deref().map(|path| (path, files::read(path, self.locale()))) {
            None => (None, None),
            Some((path, read)) => {
                let file = KnownFile { path: path.to_owned(), seen: left.copy.seen.clone() };
                (read.ok().map(|read| self.settled(read.document)), Some(file))
            }
        };
        self.session = Session::new(saved.unwrap_or_default(), file);
        self.session.edit(0.0, |present| *present = document);
        if !self.session.is_unsaved() {
            left.settle();
            return self.session.path().is_some();
        }
        let line = self.locale().sentence(Key::Restored, &[(Placeholder::Name, &self.title())]);
        self.notices.tell(NoticeTopic::Restored, line);
        if let Some(keeper) = &self.keeper {
            keeper.settle(left);
        }
        true
    }

    fn tell_broken(&mut self, path: &Path) {
        self.notices.add(self.locale().sentence(Key::RecoveryBroken, &[(Placeholder::Name, &foreign_path(path))]));
    }

    /// Removes what saves that were cut off have left beside this file.
    pub(super) fn sweep_beside(&self, path: &Path) {
        if let (Some(keeper), Some(folder)) = (&self.keeper, path.parent()) {
            keeper.sweep(folder.to_owned());
        }
    }

    /// Hands what is unsaved, and what is to come back on the next start, to be kept.
    pub(super) fn keep(&mut self) {
        let state = PersistedState {
            settings: self.settings,
            views: KeptViews {
                document: self.session.path().and_then(files::kept_path),
                tab: self.tab,
                plan: PlanViewState { preview: None, held: None, ..self.view.clone() },
                cards: self.cards.clone(),
                build: self.build.clone(),
                compare: self.compare.clone(),
            },
        };
        let news = self.watcher.follow(self.session.file());
        self.hear(news);
        let Some(keeper) = &mut self.keeper else { return };
        // Who closes the window has said what becomes of the changes.
        if self.may_close && !self.ended.load(Ordering::Relaxed) {
            keeper.clear();
        } else {
            keeper.follow(&self.session);
        }
        keeper.keep_state(state);
        if let Some(error) = keeper.error() {
            self.notices.add(error.say(self.locale()));
        }
    }
}
