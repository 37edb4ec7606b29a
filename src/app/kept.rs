//! What is kept between runs beside the window's size: settings, and what was shown last, each in a file of its own.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::kept_field::or_default;
use super::settings::Settings;
use crate::system::folders::Folders;
use crate::system::storage::{self, StorageError};
use crate::system::system_fault::SystemFault;
use crate::ui::builder::BuildViewState;
use crate::ui::cards::CardsViewState;
use crate::ui::command::Tab;
use crate::ui::compare::CompareViewState;
use crate::ui::plan::PlanViewState;

/// The largest of the files, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// What is kept between runs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersistedState {
    /// What the user prefers.
    pub settings: Settings,
    /// What was shown last.
    pub views: KeptViews,
}

/// What was shown last, and how.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptViews {
    /// The file of the document.
    #[serde(deserialize_with = "or_default")]
    pub document: Option<PathBuf>,
    /// The view.
    #[serde(deserialize_with = "or_default")]
    pub tab: Tab,
    /// What the plan's view unfolds.
    #[serde(deserialize_with = "or_default")]
    pub plan: PlanViewState,
    /// Filters and order of the cards.
    #[serde(deserialize_with = "or_default")]
    pub cards: CardsViewState,
    /// What of renting is compared.
    #[serde(deserialize_with = "or_default")]
    pub build: BuildViewState,
    /// Which figures plans are compared by.
    #[serde(deserialize_with = "or_default")]
    pub compare: CompareViewState,
}

impl PersistedState {
    /// Reads what an earlier run kept; `None` on the first start. What cannot be read begins anew.
    pub fn load(folders: &Folders) -> Option<Self> {
        let (settings, views) = (folders.settings(), folders.views());
        (settings.exists() || views.exists()).then(|| Self { settings: read(&settings), views: read(&views) })
    }

    /// Writes what is not on the disk already, each file whole or not at all.
    pub(super) fn save(&self, folders: &Folders) -> Result<(), StorageError> {
        write(&folders.settings(), &self.settings)?;
        write(&folders.views(), &self.views)
    }
}

fn read<T: DeserializeOwned + Default>(path: &Path) -> T {
    storage::read(path, MAX_BYTES).ok().and_then(|bytes| ron::de::from_bytes(&bytes).ok()).unwrap_or_default()
}

fn write(path: &Path, value: &impl Serialize) -> Result<(), StorageError> {
    let text = ron::ser::to_string_pretty(value, ron::ser::PrettyConfig::new().new_line("\n"));
    let text = text.map_err(|_error| StorageError::unwritten(path, SystemFault::UNWRITABLE))?;
    match storage::read(path, MAX_BYTES) {
        Ok(bytes) if bytes == text.as_bytes() => Ok(()),
        _ => storage::write_in_new_folder(path, &text),
    }
}
