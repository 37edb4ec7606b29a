//! What the system itself lists: graphics chips of all makers, and the machine around them.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::graphics::{self, GraphicsChip};
use super::host::{self, Host};
use super::processes;
use super::programs::{self, Listed, RunningProgram};
use super::topology::{self, PciPlace};
use super::windows::{Report, Windows};

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct SystemReport {
    pub(super) graphics: Vec<GraphicsChip>,
    pub(super) host: Host,
    pub(super) programs: Vec<RunningProgram>,
    pub(super) places: Vec<PciPlace>,
}

/// The system, asked again and again.
pub(super) struct System {
    /// `/` but for trees that were recorded.
    root: PathBuf,
    /// What does not change between two questions.
    host: Option<Host>,
    programs: Listed,
    places: Vec<PciPlace>,
    windows: Option<Windows>,
}

impl System {
    pub(super) fn new(root: &Path) -> Self {
        let windows = Windows::of(root);
        Self { root: root.to_owned(), host: None, programs: Listed::default(), places: Vec::new(), windows }
    }

    pub(super) fn ask(&mut self) -> SystemReport {
        let mut graphics = graphics::list(&self.root);
        let windows = self.windows.as_mut().and_then(Windows::report);
        graphics.extend(windows.map(Report::chips).unwrap_or_default());
        let programs = self.programs.ask(&self.root);
        for chip in &mut graphics {
            processes::complete(&self.root, chip.now.processes.as_deref_mut().unwrap_or_default());
        }
        programs::beside(&mut graphics, &programs);
        let host = if let Some(known) = &self.host {
            host::asked_again(&self.root).over(known)
        } else {
            self.places = topology::places(&self.root, &graphics);
            host::ask(&self.root)
        };
        let told = windows.map(|it| host.clone().told(&it.housing(), &it.modules()));
        let host = told.unwrap_or(host);
        self.host = Some(host.clone());
        SystemReport { graphics, host, programs, places: self.places.clone() }
    }
}
