//! The window's side of what happens elsewhere: an open file dialog, a detection under way, recent files and folders.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};

use eframe::egui;

use crate::share::plan_file;
use crate::system::Wake;
use crate::system::detect::{Detected, Probe, ThisMachine, detect_in_background};
use crate::system::dialogs::{DialogState, FileDialogs, FileQuestion, PendingAnswer, Purpose, SystemDialogs};
use crate::system::folders::Folders;
use crate::system::recent::RecentFiles;
use crate::text::{Key, Locale};

/// Where dialogs, detection and the user's folders come from: the system, or a script in tests.
pub struct Surroundings {
    /// File dialogs.
    pub dialogs: Box<dyn FileDialogs>,
    /// Asked anew at each detection.
    pub probe: Box<dyn Fn() -> Box<dyn Probe>>,
    /// The user's folders, where there are any.
    pub folders: Option<Folders>,
    /// The language of the system.
    pub locale: Locale,
}

impl Surroundings {
    /// Those of the system.
    #[must_use]
    pub fn of_system() -> Self {
        Self {
            dialogs: Box::new(SystemDialogs),
            probe: Box::new(|| Box::new(ThisMachine::new())),
            folders: Folders::of_user(),
            locale: sys_locale::get_locale().map(|tag| Locale::from_system(&tag)).unwrap_or_default(),
        }
    }
}
