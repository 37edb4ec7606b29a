//! A machine that is watched beside the window, for as long as somebody asks: nothing is looked at in between.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::{Detected, Watch};
use crate::system::Wake;

/// No look comes sooner after the one before.
const EVERY: Duration = Duration::from_secs(1);

/// The thread that watches; it ends with this.
#[derive(Debug)]
pub struct Feed {
    questions: Sender<()>,
    answers: Receiver<Detected>,
    /// A look was asked for and has not come yet.
    awaited: bool,
}

impl Feed {
    /// Starts to watch: the first look comes at once.
    pub fn start(mut watch: Box<dyn Watch>, wake: Wake) -> Self {
        let (questions, asked) = mpsc::channel();
        let (sender, answers) = mpsc::channel();
        let work = move || {
            let mut last: Option<Instant> = None;
            while asked.recv().is_ok() {
                if let Some(rest) = last.and_then(|last| EVERY.checked_sub(last.elapsed())) {
                    thread::sleep(rest);
                }
                last = Some(Instant::now());
                if sender.send(watch.look()).is_err() {
                    return;
                }
                wake();
            }
        };
        // Where no thread can be started nothing is ever seen: the window shows what was found at the start.
        let _ = thread::Builder::new().name("watch".to_owned()).spawn(work);
        let mut feed = Self { questions, answers, awaited: false };
        feed.ask();
        feed
    }

    /// What was seen last, if anew; asks for the next look.
    pub fn take(&mut self) -> Option<Detected> {
        let seen = self.answers.try_iter().last();
        if seen.is_some() {
            self.awaited = false;
        }
        self.ask();
        seen
    }

    fn ask(&mut self) {
        if !std::mem::replace(&mut self.awaited, true) {
            // Fails where there is no thread.
            let _ = self.questions.send(());
        }
    }
}
