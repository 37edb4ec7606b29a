//! What the system itself lists: graphics chips of all makers, and the machine around them.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::graphics::{self, GraphicsChip};
use super::host::{self, Host};
use super::processes;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct SystemReport {
    pub(super) graphics: Vec<GraphicsChip>,
    pub(super) host: Host,
}

/// The system, asked again and again.
pub(super) struct System {
    /// `/` but for trees that were recorded.
    root: PathBuf,
    /// What does not change between two questions.
    host: Option<Host>,
}

impl System {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), host: None }
    }

    pub(super) fn ask(&mut self) -> SystemReport {
        let mut graphics = graphics::list(&self.root);
        for chip in &mut graphics {
            processes::complete(&self.root, chip.now.processes.as_deref_mut().unwrap_or_default());
        }
        let host = match &self.host {
            Some(known) => host::asked_again(&self.root).over(known),
            None => host::ask(&self.root),
        };
        self.host = Some(host.clone());
        SystemReport { graphics, host }
    }
}
