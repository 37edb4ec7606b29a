//! Plan files at a glance: what each is called, how many plans it holds and what the first comes to, read and estimated
//! beside the window.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::background::BackgroundTask;
use crate::catalog::Catalog;
use crate::share::carrier::{self, CarrierError};
use crate::system::storage::{self, StorageError};
use crate::text::{Fault, Locale};
use crate::ui::start::PlanGlance;

/// A file that was looked into.
#[derive(Debug)]
pub(super) struct Glance {
    pub(super) path: PathBuf,
    /// When it was written last.
    pub(super) written: Option<SystemTime>,
    pub(super) found: Result<Glimpse, GlanceFault>,
}

/// What a plan file holds.
#[derive(Debug)]
pub(super) struct Glimpse {
    /// What the document is called; empty where it has no name.
    pub(super) name: String,
    pub(super) plans: usize,
    /// What the first of them comes to.
    pub(super) first: PlanGlance,
}

/// Why a file could not be looked into.
#[derive(Debug)]
pub(super) enum GlanceFault {
    Disk(StorageError),
    Plan(CarrierError),
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
        let written = fs::metadata(&path).and_then(|metadata| metadata.modified()).ok();
        let bytes = storage::read(&path, carrier::MAX_BYTES).map_err(GlanceFault::Disk);
        let document = bytes.and_then(|bytes| carrier::read_any(&bytes).map_err(GlanceFault::Plan));
        let found = document.map(|mut document| {
            document.settle_rows(catalog);
            // It opens with the figures that it was saved with.
            let catalog = if document.frozen.is_empty() {
                Cow::Borrowed(catalog)
            } else {
                Cow::Owned(catalog.with_frozen(&document.frozen))
            };
            Glimpse {
                name: document.name.trim().to_owned(),
                plans: document.plans.len(),
                first: document.plans.first().map(|named| PlanGlance::of(&named.plan, &catalog)).unwrap_or_default(),
            }
        });
        Self { path, written, found }
    }
}

/// Files that were looked into, in the order that was asked for.
#[derive(Debug)]
pub(super) struct Glances {
    paths: Vec<PathBuf>,
    all: Vec<Glance>,
}

impl Glances {
    /// What is known of a file.
    pub(super) fn of(&self, path: &Path) -> Option<&Glance> {
        self.all.iter().find(|glance| glance.path == path)
    }
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
