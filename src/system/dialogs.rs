//! The system's file dialogs, asked without stopping the window.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread;

pub use rfd::AsyncFileDialog;

use super::Wake;

/// What a dialog asks for. Titles and names come from the caller, in the user's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileQuestion {
    /// Which file to open, or where to save.
    pub purpose: Purpose,
    /// Title of the dialog.
    pub title: String,
    /// What the files are called, such as "rigplan plan".
    pub kind: String,
    /// Their extensions, without the dot.
    pub extensions: Vec<String>,
    /// Where to start; the system's choice where none is given.
    pub folder: Option<PathBuf>,
    /// The name to save under, as a proposal.
    pub file_name: Option<String>,
}

/// Which file to open, or where to save.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// An existing file.
    Open,
    /// A new file, or one to be replaced.
    Save,
}

/// Ties a dialog to its window, so that it does not open behind it: `&|dialog| dialog.set_parent(frame)`.
pub type SetParent<'a> = &'a dyn Fn(AsyncFileDialog) -> AsyncFileDialog;

/// Where file dialogs come from: the system, or a script in tests.
pub trait FileDialogs {
    /// Starts a dialog; called on the window's thread. `wake` is called when the answer is there.
    fn ask(&mut self, question: &FileQuestion, parent: SetParent<'_>, wake: Wake) -> PendingAnswer;
}

/// The answer to one dialog, once there is one. The window holds at most one and asks nothing while it does.
#[derive(Debug)]
pub struct PendingAnswer(Receiver<Option<PathBuf>>);

/// How far a dialog is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DialogState {
    /// Still open.
    Open,
    /// The user chose this path.
    Chosen(PathBuf),
    /// The user chose nothing, or the system has no dialogs: offer a field for the path as well.
    Cancelled,
}

impl PendingAnswer {
    /// An answer that is already there.
    pub fn ready(path: Option<PathBuf>) -> Self {
        let (sender, receiver) = mpsc::channel();
        // The receiver lives, so this cannot fail.
        let _ = sender.send(path);
        Self(receiver)
    }

    /// Looks without waiting. An answer is given once; thereafter it reads as cancelled.
    pub fn poll(&self) -> DialogState {
        match self.0.try_recv() {
            Ok(Some(path)) => DialogState::Chosen(path),
            Ok(None) | Err(TryRecvError::Disconnected) => DialogState::Cancelled,
            Err(TryRecvError::Empty) => DialogState::Open,
        }
    }
}

/// The dialogs of the system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemDialogs;

impl FileDialogs for SystemDialogs {
    fn ask(&mut self, question: &FileQuestion, parent: SetParent<'_>, wake: Wake) -> PendingAnswer {
        let mut dialog =
            AsyncFileDialog::new().set_title(&question.title).add_filter(&question.kind, &question.extensions);
        if let Some(folder) = &question.folder {
            dialog = dialog.set_directory(folder);
        }
        if let Some(name) = &question.file_name {
            dialog = dialog.set_file_name(name);
        }
        let dialog = parent(dialog);
        // The dialog is made here, where macOS wants it, and only waited for elsewhere.
        match question.purpose {
            Purpose::Open => wait_for(Box::pin(dialog.pick_file()), wake),
            Purpose::Save => wait_for(Box::pin(dialog.save_file()), wake),
        }
    }
}

type ChosenFile = Pin<Box<dyn Future<Output = Option<rfd::FileHandle>> + Send>>;

fn wait_for(choice: ChosenFile, wake: Wake) -> PendingAnswer {
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        let chosen = pollster::block_on(choice).map(|handle| handle.path().to_owned());
        // The window may be closed by now; then nobody wants the answer.
        let _ = sender.send(chosen);
        wake();
    };
    // A failed start drops the sender with `work`, which reads as cancelled.
    let _ = thread::Builder::new().name("dialog".to_owned()).spawn(work);
    PendingAnswer(receiver)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn an_answer_is_given_once() {
        let answer = PendingAnswer::ready(Some(PathBuf::from("plan.ron")));
        assert_eq!(answer.poll(), DialogState::Chosen(PathBuf::from("plan.ron")));
        assert_eq!(answer.poll(), DialogState::Cancelled, "the dialog is gone");
        assert_eq!(PendingAnswer::ready(None).poll(), DialogState::Cancelled);
    }

    #[test]
    fn a_dialog_stays_open_until_its_future_ends() {
        let (close, closed) = mpsc::channel::<()>();
        let woken = std::sync::Arc::new(AtomicBool::new(false));
        let flag = std::sync::Arc::clone(&woken);
        // Stands for a dialog that the user cancels after a while.
        let choice: ChosenFile = Box::pin(async move {
            let _ = closed.recv();
            None
        });
        let answer = wait_for(choice, std::sync::Arc::new(move || flag.store(true, Ordering::SeqCst)));
        assert_eq!(answer.poll(), DialogState::Open);
        assert!(!woken.load(Ordering::SeqCst));
        close.send(()).unwrap();
        assert_eq!(answer.0.recv(), Ok(None));
        // The channel closes when the thread is done, hence after waking.
        assert!(answer.0.recv().is_err());
        assert!(woken.load(Ordering::SeqCst));
    }
}
