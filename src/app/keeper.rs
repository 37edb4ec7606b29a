//! Writes unsaved work, settings and what is shown to the user's folders, beside the window: at once, then once a second
//! while something changes, and never while nothing does. What is under way is written before the window goes.

use std::mem;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use super::files;
use super::kept::PersistedState;
use super::session::Session;
use crate::plan::Document;
use crate::share::plan_file::{self, PlanFileError};
use crate::system::Wake;
use crate::system::folders::Folders;
use crate::system::recovery::{LeftCopy, RecoveryCopy, RecoveryPlace};
use crate::system::seen::Seen;
use crate::system::storage::{self, StorageError};
use crate::system::versions::Versions;
use crate::text::{Fault, Key, Locale, Placeholder};

/// The shortest time between two writes.
const PAUSE: Duration = Duration::from_secs(1);

/// Unsaved work.
#[derive(Debug)]
struct UnsavedWork {
    document: Document,
    file: Option<PathBuf>,
    seen: Option<Seen>,
}

/// A save: what the file holds now, and what it held before.
#[derive(Debug)]
pub(super) struct SavedText {
    pub(super) file: PathBuf,
    pub(super) text: String,
    pub(super) before: Option<Vec<u8>>,
}

/// What is to survive.
#[derive(Debug)]
enum Kept {
    /// Nothing is unsaved any more.
    Nothing,
    Unsaved(Box<UnsavedWork>),
}

/// What is to be done beside the window.
#[derive(Debug)]
enum Work {
    Copy(Kept),
    /// Remove what an earlier run left, once it is kept anew.
    Settle(Box<LeftCopy>),
    State(Box<PersistedState>),
    /// Keep a save among the versions of its document.
    Saved(Box<SavedText>),
    /// Remove what earlier runs left behind in this folder.
    Sweep(PathBuf),
    /// Write what is under way now, and say so.
    Flush(SyncSender<()>),
    /// Write what is under way, then end.
    End,
}

/// Why something could not be kept.
#[derive(Debug)]
pub(super) enum KeepError {
    Text(PlanFileError),
    Disk(StorageError),
    /// A version of a document that was saved.
    Version(StorageError),
}

impl KeepError {
    /// What is lost by it, and why, in one line.
    pub(super) fn say(&self, locale: Locale) -> String {
        let (key, reason) = match self {
            Self::Text(error) => (Key::RecoveryFailed, error.say(locale)),
            Self::Disk(error) => (Key::RecoveryFailed, error.say(locale)),
            Self::Version(error) => (Key::VersionsFailed, error.say(locale)),
        };
        locale.sentence(key, &[(Placeholder::Value, &reason)])
    }
}

/// The window's side.
#[derive(Debug)]
pub(super) struct Keeper {
    work: Option<Sender<Work>>,
    thread: Option<JoinHandle<()>>,
    errors: Receiver<KeepError>,
    /// What was given to be kept last.
    document: Option<Document>,
    state: Option<PersistedState>,
}

impl Keeper {
    /// Starts the thread. `state` is what is on the disk already.
    pub(super) fn start(folders: Folders, state: Option<PersistedState>, wake: Wake) -> Self {
        let (work, received) = mpsc::channel();
        let (tell, errors) = mpsc::channel();
        let place = RecoveryPlace::of(&folders);
        let all = folders.all();
        let desk = Desk {
            place,
            versions: Versions::of(&folders),
            folders,
            tell,
            wake,
            pending: Pending::default(),
            failed: false,
            ended: false,
        };
        let thread = thread::Builder::new().name("keeper".to_owned()).spawn(move || desk.work(&received)).ok();
        let keeper = Self { work: Some(work), thread, errors, document: None, state };
        for folder in all {
            keeper.sweep(folder);
        }
        keeper
    }

    /// What has all that is under way written before the program ends, from any thread; it waits no longer than this.
    pub(super) fn flush(&self) -> impl Fn(Duration) + Send + 'static {
        let work = self.work.clone();
        move |patience| {
            let (written, answer) = mpsc::sync_channel(1);
            if work.as_ref().is_some_and(|work| work.send(Work::Flush(written)).is_ok()) {
                // Where nothing comes there is nothing to be done about it either.
                let _written = answer.recv_timeout(patience);
            }
        }
    }

    fn ask(&self, work: Work) {
        if let Some(sender) = &self.work {
            // Fails where no thread could be started.
            drop(sender.send(work));
        }
    }

    /// Keeps what is unsaved of the document, where that is something else than before.
    pub(super) fn follow(&mut self, session: &Session) {
        if !session.is_unsaved() {
            self.clear();
            return;
        }
        if self.document.as_ref() != Some(session.document()) {
            self.document = Some(session.document().clone());
            let file = session.path().and_then(files::kept_path);
            let seen = session.file().and_then(|file| file.seen.clone());
            self.ask(Work::Copy(Kept::Unsaved(Box::new(UnsavedWork {
                document: session.document().clone(),
                file,
                seen,
            }))));
        }
    }

    /// Nothing is unsaved any more.
    pub(super) fn clear(&mut self) {
        if self.document.take().is_some() {
            self.ask(Work::Copy(Kept::Nothing));
        }
    }

    /// Removes what an earlier run left, once what it held is kept anew.
    pub(super) fn settle(&self, left: LeftCopy) {
        self.ask(Work::Settle(Box::new(left)));
    }

    /// Keeps settings and views, where they are others than before.
    pub(super) fn keep_state(&mut self, state: PersistedState) {
        if self.state.as_ref() != Some(&state) {
            self.ask(Work::State(Box::new(state.clone())));
            self.state = Some(state);
        }
    }

    /// Keeps a save among the versions of its document.
    pub(super) fn saved(&self, saved: SavedText) {
        self.ask(Work::Saved(Box::new(saved)));
    }

    /// Removes what earlier runs left behind in this folder.
    pub(super) fn sweep(&self, folder: PathBuf) {
        self.ask(Work::Sweep(folder));
    }

    /// Why something cannot be kept, once for each time that this begins.
    pub(super) fn error(&self) -> Option<KeepError> {
        self.errors.try_recv().ok()
    }
}

impl Drop for Keeper {
    /// What is under way is written: the display may be gone, not the work.
    fn drop(&mut self) {
        self.ask(Work::End);
        self.work = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// What is not written yet.
#[derive(Debug, Default)]
struct Pending {
    copy: Option<Kept>,
    state: Option<Box<PersistedState>>,
    folders: Vec<PathBuf>,
    saved: Vec<SavedText>,
    /// Copies of earlier runs, until what they hold is kept anew.
    left: Vec<LeftCopy>,
}

/// The thread's side.
struct Desk {
    folders: Folders,
    place: RecoveryPlace,
    versions: Versions,
    pending: Pending,
    tell: Sender<KeepError>,
    wake: Wake,
    /// The last copy could not be kept.
    failed: bool,
    /// The window is gone.
    ended: bool,
}

impl Desk {
    fn work(mut self, received: &Receiver<Work>) {
        while let Ok(first) = received.recv() {
            self.take(first);
            loop {
                for work in received.try_iter() {
                    self.take(work);
                }
                self.write();
                if self.ended {
                    return;
                }
                // Whatever comes meanwhile is one write.
                let until = Instant::now() + PAUSE;
                let next = loop {
                    match received.recv_timeout(until.saturating_duration_since(Instant::now())) {
                        Ok(Work::End) => break RecvTimeoutError::Disconnected,
                        Ok(work) => self.take(work),
                        Err(end) => break end,
                    }
                };
                if next == RecvTimeoutError::Disconnected {
                    return self.write();
                }
                if self.pending.is_empty() {
                    break;
                }
            }
        }
    }

    fn take(&mut self, work: Work) {
        match work {
            Work::Copy(copy) => self.pending.copy = Some(copy),
            Work::Settle(left) => self.pending.left.push(*left),
            Work::State(state) => self.pending.state = Some(state),
            Work::Saved(saved) => self.pending.saved.push(*saved),
            Work::Sweep(folder) => self.pending.folders.push(folder),
            Work::End => self.ended = true,
            Work::Flush(written) => {
                self.write();
                let _heard = written.send(());
            }
        }
    }

    fn write(&mut self) {
        if let Some(copy) = self.pending.copy.take() {
            match self.keep(&copy) {
                Ok(()) => {
                    self.pending.left.drain(..).for_each(LeftCopy::settle);
                    self.failed = false;
                }
                Err(error) => {
                    if !mem::replace(&mut self.failed, true) && self.tell.send(error).is_ok() {
                        (self.wake)();
                    }
                }
            }
        }
        for saved in mem::take(&mut self.pending.saved) {
            if let Err(error) = self.keep_version(&saved)
                && self.tell.send(KeepError::Version(error)).is_ok()
            {
                (self.wake)();
            }
        }
        // A convenience: where they cannot be kept nobody is bothered.
        if let Some(state) = self.pending.state.take() {
            drop(state.save(&self.folders));
        }
        self.pending.folders.drain(..).for_each(|folder| storage::sweep(&folder));
    }

    /// What another program wrote meanwhile, or this one never saw, is a version too.
    fn keep_version(&self, saved: &SavedText) -> Result<(), StorageError> {
        let now = SystemTime::now();
        if let Some(before) = &saved.before {
            self.versions.keep(&saved.file, before, now)?;
        }
        self.versions.keep(&saved.file, saved.text.as_bytes(), now)
    }

    fn keep(&mut self, kept: &Kept) -> Result<(), KeepError> {
        let Kept::Unsaved(unsaved) = kept else {
            self.place.clear();
            return Ok(());
        };
        let text = plan_file::to_text(&unsaved.document).map_err(KeepError::Text)?;
        let copy =
            RecoveryCopy { file: unsaved.file.clone(), seen: unsaved.seen.clone(), made: SystemTime::now(), text };
        self.place.keep(&copy).map_err(KeepError::Disk)
    }
}

impl Pending {
    /// Copies of earlier runs wait for one that is kept, not for time to pass.
    fn is_empty(&self) -> bool {
        self.copy.is_none() && self.state.is_none() && self.folders.is_empty() && self.saved.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of the one copy on the disk, which its program still holds.
    fn kept(folders: &Folders) -> Option<String> {
        let copies = std::fs::read_dir(folders.recovery()).ok()?.flatten().map(|entry| entry.path());
        let copy = copies.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "ron"))?;
        std::fs::read_to_string(copy).ok()
    }

    fn wait_until(reached: impl Fn() -> bool) {
        let start = Instant::now();
        while !reached() {
            assert!(start.elapsed() < Duration::from_mins(1), "never written");
            thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn an_edit_is_on_the_disk_without_another_frame_and_gone_once_it_is_saved() {
        const { assert!(PAUSE.as_secs() < 2, "no more than two seconds of work are lost") };
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::at(home.path().to_owned());
        let mut keeper = Keeper::start(folders.clone(), None, std::sync::Arc::new(|| {}));
        let mut session = Session::new(Document::default(), None);
        keeper.follow(&session);
        for name in ["first", "second"] {
            session.edit(0.0, |document| document.name = name.to_owned());
            keeper.follow(&session);
            wait_until(|| kept(&folders).is_some_and(|text| text.contains(name)));
        }
        session.discard(1.0);
        keeper.follow(&session);
        wait_until(|| kept(&folders).is_none());
    }

    #[test]
    fn what_is_under_way_is_written_at_once_where_the_program_is_to_end() {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::at(home.path().to_owned());
        let mut keeper = Keeper::start(folders.clone(), None, std::sync::Arc::new(|| {}));
        let mut session = Session::new(Document::default(), None);
        for name in ["first", "second"] {
            session.edit(0.0, |document| document.name = name.to_owned());
            keeper.follow(&session);
            keeper.flush()(Duration::from_mins(1));
            assert!(kept(&folders).is_some_and(|text| text.contains(name)), "without a pause");
        }
    }

    #[test]
    fn what_cannot_be_kept_is_told_once() {
        let home = tempfile::tempdir().unwrap();
        let blocked = home.path().join("file");
        std::fs::write(&blocked, "").unwrap();
        let mut keeper = Keeper::start(Folders::at(blocked), None, std::sync::Arc::new(|| {}));
        let mut session = Session::new(Document::default(), None);
        session.edit(0.0, |document| document.name = "mine".to_owned());
        keeper.follow(&session);
        let error = keeper.errors.recv_timeout(Duration::from_mins(1)).unwrap();
        assert!(error.say(Locale::En).contains("cannot save "), "{}", error.say(Locale::En));
    }
}
