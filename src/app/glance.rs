//! Plan files at a glance: what each is called, how many plans it holds and what the first comes to, read and estimated
//! beside the window.

use std::path::PathBuf;
use std::sync::Arc;

use super::background::{Background, BackgroundTask};
use crate::catalog::Catalog;
use crate::estimate::{Verdict, estimate};
use crate::share::plan_file::{self, PlanFileError};
use crate::system::storage::{self, StorageError};
use crate::text::{Fault, Locale};

/// A file that was looked into.
#[derive(Debug)]
pub(super) struct Glance {
    pub(super) path: PathBuf,
    pub(super) found: Result<Glimpse, GlanceFault>,
}

/// What a plan file holds.
#[derive(Debug)]
pub(super) struct Glimpse {
    /// What the document is called; empty where it has no name.
    pub(super) name: String,
    pub(super) plans: usize,
    /// How the first of them is judged; none where that cannot be known.
    pub(super) verdict: Option<Verdict>,
}

/// Why a file could not be looked into.
#[derive(Debug)]
pub(super) enum GlanceFault {
    Disk(StorageError),
    Plan(PlanFileError),
}

impl GlanceFault {
    /// In one line.
    pub(super) fn say(&self, locale: Locale) -> String {
        match self {
            Self::Disk(error) => error.say(locale),
            Self::Plan(error) => error.say(locale),
        }
    }
}

impl Glance {
    fn at(path: PathBuf, catalog: &Catalog) -> Self {
        let bytes = storage::read(&path, plan_file::MAX_BYTES).map_err(GlanceFault::Disk);
        let document = bytes.and_then(|bytes| plan_file::from_bytes(&bytes).map_err(GlanceFault::Plan));
        let found = document.map(|document| {
            let first = document.plans.first().and_then(|named| estimate(&named.plan, catalog).ok());
            Glimpse {
                name: document.name.trim().to_owned(),
                plans: document.plans.len(),
                verdict: first.as_ref().and_then(|estimate| estimate.verdict),
            }
        });
        Self { path, found }
    }
}

/// Files that were looked into, in the order that was asked for.
#[derive(Debug)]
pub(super) struct Glances {
    paths: Vec<PathBuf>,
    all: Vec<Glance>,
}

impl BackgroundTask for Glances {
    type Question = Vec<PathBuf>;

    const NAME: &'static str = "glances";

    fn of(paths: Vec<PathBuf>, catalog: &Arc<Catalog>) -> Self {
        let all = paths.iter().map(|path| Glance::at(path.clone(), catalog)).collect();
        Self { paths, all }
    }

    fn question(&self) -> &Vec<PathBuf> {
        &self.paths
    }
}

/// The newest glances, and the files that are asked for.
#[derive(Debug)]
pub(super) struct Glancer {
    background: Background<Glances>,
    asked: Option<Vec<PathBuf>>,
    glances: Option<Glances>,
}

impl Glancer {
    pub(super) fn new(background: Background<Glances>) -> Self {
        Self { background, asked: None, glances: None }
    }

    /// Asks where the files are others than before, and takes what has come.
    pub(super) fn refresh(&mut self, paths: &[PathBuf], catalog: &Arc<Catalog>) {
        let answer = if self.asked.as_deref() == Some(paths) {
            self.background.answer(catalog)
        } else {
            self.asked = Some(paths.to_vec());
            self.background.ask(&paths.to_vec(), catalog)
        };
        self.glances = answer.or_else(|| self.glances.take());
    }

    /// What is known of a file so far.
    pub(super) fn of(&self, path: &PathBuf) -> Option<&Glance> {
        self.glances.as_ref()?.all.iter().find(|glance| glance.path == *path)
    }
}
