//! A file that is read on a thread of its own: what is said meanwhile and how far it is, until it comes or is given up.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use eframe::egui::{Context, Key as Press};

use super::notices::{NoticeTopic, Notices};
use crate::system::progress::{ReadProgress, ReadSoFar};
use crate::text::{Key, Locale, Placeholder, decimal};
use crate::units::Bytes;

/// How often it is looked how far it is.
const LOOK: Duration = Duration::from_millis(100);

/// What is waited for.
#[derive(Debug)]
pub(super) struct Awaited<T> {
    path: PathBuf,
    answer: Receiver<T>,
    progress: Arc<ReadProgress>,
    /// The line that says so, and what it is about.
    line: String,
    about: NoticeTopic,
}

/// What became of it.
#[derive(Debug)]
pub(super) enum Waited<T> {
    /// It is still being read.
    Still(Awaited<T>),
    /// It is here; `None` = no thread could be started.
    Come(PathBuf, Option<T>),
    /// Nobody waits for it any more.
    GivenUp,
}

impl<T> Awaited<T> {
    /// What `start` begins to read, with the line that says so.
    pub(super) fn new(
        path: &Path,
        (about, line): (NoticeTopic, String),
        start: impl FnOnce(Arc<ReadProgress>) -> Receiver<T>,
    ) -> Self {
        let progress = Arc::<ReadProgress>::default();
        Self { path: path.to_owned(), answer: start(Arc::clone(&progress)), progress, line, about }
    }

    /// Waits for what comes at once, and says what is waited for otherwise.
    pub(super) fn begin(self, patience: Duration, notices: &mut Notices, locale: Locale) -> Waited<T> {
        let waited = self.wait(patience, notices);
        if let Waited::Still(awaited) = &waited {
            awaited.say(notices, locale);
        }
        waited
    }

    /// Takes what has come; Escape gives it up.
    pub(super) fn look(self, ctx: &Context, notices: &mut Notices, locale: Locale) -> Waited<T> {
        if ctx.input(|input| input.key_pressed(Press::Escape)) {
            self.stop(notices);
            return Waited::GivenUp;
        }
        let waited = self.wait(Duration::ZERO, notices);
        if let Waited::Still(awaited) = &waited
            && awaited.progress.so_far().is_some()
        {
            awaited.say(notices, locale);
            ctx.request_repaint_after(LOOK);
        }
        waited
    }

    /// Gives it up; the thread ends as soon as it looks.
    pub(super) fn stop(self, notices: &mut Notices) {
        self.progress.stop();
        notices.settle(self.about);
    }

    fn wait(self, patience: Duration, notices: &mut Notices) -> Waited<T> {
        let answer = match self.answer.recv_timeout(patience) {
            Err(RecvTimeoutError::Timeout) => return Waited::Still(self),
            Ok(answer) => Some(answer),
            Err(RecvTimeoutError::Disconnected) => None,
        };
        notices.settle(self.about);
        Waited::Come(self.path, answer)
    }

    fn say(&self, notices: &mut Notices, locale: Locale) {
        let line = match self.progress.so_far() {
            None => self.line.clone(),
            Some(so_far) => {
                let (key, done, of) = match so_far {
                    ReadSoFar::Files { at, of } => (Key::ReadingFiles, at.to_string(), of.to_string()),
                    ReadSoFar::Bytes { done, of } => (Key::ReadingBytes, mib(done), mib(of)),
                };
                let holes =
                    [(Placeholder::Name, self.line.as_str()), (Placeholder::Value, &*done), (Placeholder::Other, &*of)];
                locale.sentence(key, &holes)
            }
        };
        notices.update(self.about, line);
    }
}

/// A part of a file as people read it.
fn mib(bytes: u64) -> String {
    decimal(Bytes(bytes).gib() * 1024.0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_says_how_far_it_is_and_can_be_given_up() {
        let (sender, answer) = std::sync::mpsc::channel::<u8>();
        let mut notices = Notices::default();
        let (ctx, locale) = (Context::default(), Locale::En);
        let mut shared = Arc::default();
        let line = "Reading a.gguf…".to_owned();
        let awaited = Awaited::new(Path::new("a.gguf"), (NoticeTopic::ReadingModel, line), |progress| {
            shared = progress;
            answer
        });
        let Waited::Still(awaited) = awaited.begin(Duration::ZERO, &mut notices, locale) else { panic!("too soon") };
        assert!(notices.lines().eq(["Reading a.gguf…"]));
        shared.read(3 << 20, 12 << 20);
        let Waited::Still(awaited) = awaited.look(&ctx, &mut notices, locale) else { panic!("too soon") };
        assert!(notices.lines().eq(["Reading a.gguf… 3 of 12 MiB"]));
        shared.begin_files(17);
        shared.next_file();
        let Waited::Still(awaited) = awaited.look(&ctx, &mut notices, locale) else { panic!("too soon") };
        assert!(notices.lines().eq(["Reading a.gguf… file 1 of 17"]));
        awaited.stop(&mut notices);
        assert!(shared.is_stopped() && notices.lines().next().is_none());
        assert!(sender.send(1).is_err(), "nobody waits");
    }
}
