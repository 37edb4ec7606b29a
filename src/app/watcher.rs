//! Looks at the file of the document beside the window: whether another program writes to it, and whether another window
//! has it open. At intervals while there is a file, at once where the window asks; the window hears only of what is new.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::files::KnownFile;
use crate::system::Wake;
use crate::system::folders::Folders;
use crate::system::open_files::OpenNote;
use crate::system::seen::Seen;

/// The time between two looks.
const INTERVAL: Duration = Duration::from_secs(2);
/// How long a save waits for a look: the disk may be slow, and the window is not to stand still for it.
const BEFORE_SAVING: Duration = Duration::from_millis(250);

/// What is to be looked at.
#[derive(Debug)]
enum Ask {
    /// This file from now on, or none.
    Follow(Option<KnownFile>),
    /// Now, whatever was said before.
    Look(SyncSender<FileNews>),
}

/// How the file stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileNews {
    /// The file, and what it held when the window last read or wrote it.
    pub(super) file: KnownFile,
    /// What it holds now, where that is something else.
    pub(super) changed: Option<Seen>,
    /// Another window has it open.
    pub(super) elsewhere: bool,
}

/// The window's side.
#[derive(Debug)]
pub(super) struct Watcher {
    asks: Option<Sender<Ask>>,
    news: Receiver<FileNews>,
    thread: Option<JoinHandle<()>>,
    followed: Option<KnownFile>,
    patience: Duration,
    /// What the user was told last: another window has the file open.
    pub(super) elsewhere: bool,
    /// Saving over what another window has open was agreed to.
    pub(super) agreed: bool,
}

impl Watcher {
    /// Starts the thread, which ends with this. Without folders nobody knows of other windows.
    pub(super) fn start(folders: Option<&Folders>, wake: Wake, patience: Duration) -> Self {
        let (asks, asked) = mpsc::channel();
        let (tell, news) = mpsc::channel();
        let note = folders.map(OpenNote::of);
        let post = Post { note, file: None, last: None, told: None, tell, wake };
        // Where no thread can be started nobody looks: a save still compares the file with what was read.
        let thread = thread::Builder::new().name("watcher".to_owned()).spawn(move || post.stand(&asked)).ok();
        Self { asks: Some(asks), news, thread, followed: None, patience, elsewhere: false, agreed: false }
    }

    /// Looks at this file from now on; how it stands where that is seen at once.
    pub(super) fn follow(&mut self, file: Option<&KnownFile>) -> Option<FileNews> {
        if self.followed.as_ref() == file {
            return None;
        }
        let path = |file: Option<&KnownFile>| file.map(|file| file.path.clone());
        let same = path(self.followed.as_ref()) == path(file);
        (self.agreed, self.elsewhere) = (self.agreed && same, self.elsewhere && same);
        self.followed = file.cloned();
        self.ask(Ask::Follow(file.cloned()))?;
        self.look_within(self.patience)
    }

    /// How the file stands now, as far as it is seen at once.
    pub(super) fn look(&self) -> Option<FileNews> {
        self.look_within(self.patience)
    }

    /// The same before a save, which waits for it a little.
    pub(super) fn look_before_saving(&self) -> Option<FileNews> {
        self.look_within(self.patience.max(BEFORE_SAVING))
    }

    /// What was noticed meanwhile.
    pub(super) fn news(&self) -> Option<FileNews> {
        self.news.try_iter().last().filter(|news| self.is_of(news))
    }

    fn look_within(&self, patience: Duration) -> Option<FileNews> {
        self.followed.as_ref()?;
        // Without room, so that an answer which comes too late is known to be unheard.
        let (answer, answered) = mpsc::sync_channel(0);
        self.ask(Ask::Look(answer))?;
        answered.recv_timeout(patience).ok().filter(|news| self.is_of(news))
    }

    fn ask(&self, ask: Ask) -> Option<()> {
        self.asks.as_ref()?.send(ask).ok()
    }

    fn is_of(&self, news: &FileNews) -> bool {
        self.followed.as_ref() == Some(&news.file)
    }
}

impl Drop for Watcher {
    /// The note of what is open goes with the window, not a moment later.
    fn drop(&mut self) {
        self.asks = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// The thread's side.
struct Post {
    note: Option<OpenNote>,
    file: Option<KnownFile>,
    /// The file as it was found last, so that a large one is read once.
    last: Option<Seen>,
    told: Option<FileNews>,
    tell: Sender<FileNews>,
    wake: Wake,
}

impl Post {
    fn stand(mut self, asked: &Receiver<Ask>) {
        loop {
            let ask = match self.file {
                Some(_) => asked.recv_timeout(INTERVAL),
                None => asked.recv().map_err(|_gone| RecvTimeoutError::Disconnected),
            };
            match ask {
                Ok(Ask::Follow(file)) => self.follow(file),
                Ok(Ask::Look(answer)) => {
                    let Some(news) = self.look() else { continue };
                    match answer.send(news.clone()) {
                        Ok(()) => self.told = Some(news),
                        // Nobody waits for it any more: it is told as what is noticed at intervals.
                        Err(_) => self.tell(news),
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(news) = self.look() {
                        self.tell(news);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn follow(&mut self, file: Option<KnownFile>) {
        let path = |file: &Option<KnownFile>| file.as_ref().map(|file| file.path.clone());
        if path(&self.file) != path(&file)
            && let Some(note) = &mut self.note
        {
            note.set(file.as_ref().map(|file| file.path.as_path()));
        }
        // What was just read or written is as it is, and nothing is new about that.
        self.told = file.clone().map(|file| FileNews { file, changed: None, elsewhere: false });
        (self.file, self.last) = (file, None);
    }

    fn look(&mut self) -> Option<FileNews> {
        let file = self.file.clone()?;
        let changed = file.seen.as_ref().and_then(|seen| self.changed(&file, seen));
        let elsewhere = self.note.as_ref().is_some_and(|note| note.is_open_elsewhere(&file.path));
        Some(FileNews { file, changed, elsewhere })
    }

    /// What the file holds now, where that is something else than was seen.
    fn changed(&mut self, file: &KnownFile, seen: &Seen) -> Option<Seen> {
        if !seen.is_touched(&file.path) {
            return None;
        }
        if self.last.as_ref().is_none_or(|last| last.is_touched(&file.path)) {
            self.last = Seen::now(&file.path);
        }
        self.last.clone().filter(|now| !now.holds_the_same(seen))
    }

    /// Tells how the file stands, where that is something else than was told.
    fn tell(&mut self, news: FileNews) {
        if self.told.as_ref() != Some(&news) {
            self.told = Some(news.clone());
            if self.tell.send(news).is_ok() {
                (self.wake)();
            }
        }
    }
}
