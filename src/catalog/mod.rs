//! Plain data: models, cards, quantizations, platforms, each with its source.
//!
//! The tables are files under `data/`, embedded as text and parsed on first use. A user's own files are laid over them.

pub mod arena;
pub(crate) mod book;
pub mod boxes;
pub mod card;
pub mod card_price;
mod check;
mod check_parts;
mod chip;
pub mod cloud;
mod condition;
mod edition;
mod embedded;
pub mod entry_table;
pub(crate) mod exchange;
mod find_model;
pub mod frozen;
mod identify;
pub mod life;
mod machine_laws;
pub mod maker;
pub mod memory;
pub mod model;
pub mod origin;
mod overlay;
pub mod own_overhead;
pub mod own_prices;
mod part_tables;
pub mod parts;
pub(crate) mod platform;
pub mod price;
mod price_list;
pub mod price_rule;
pub mod price_words;
pub mod priced;
pub mod quality;
pub mod quantization;
pub mod ram_price;
pub mod resale;
pub mod runtime;
mod search;
pub(crate) mod server;
mod slice;
pub mod source;
pub mod speed;
pub(crate) mod training;
pub mod unified;

use std::sync::{Arc, LazyLock, OnceLock};

pub use edition::Edition;
pub use find_model::{FoundModel, NameMatch, NoSuchModel, find_model};
pub use overlay::{CatalogError, OVERLAY_TABLES, TableFile};

use crate::text::one_line;
use crate::units::Bytes;
use card::{Card, PciId};
use entry_table::Table;
use model::Model;
use own_overhead::OwnOverhead;
use part_tables::PartTables;
use platform::Platform;
use price::Rent;
use runtime::{Backend, OperatingSystem, OverheadBand, Runtimes};
use speed::{Measured, Speeds};
use training::TrainingFacts;

/// Everything rigplan knows about models and hardware.
#[derive(Debug, Clone)]
pub struct Catalog {
    models: Table<Model>,
    /// What cards can be cut into, once one is asked for.
    slices: Arc<OnceLock<Vec<Card>>>,
    parts: PartTables,
    rents: Arc<OnceLock<Vec<Rent>>>,
    own_rents: Vec<Rent>,
    runtimes: Arc<OnceLock<Runtimes>>,
    speeds: Arc<OnceLock<Speeds>>,
    training: Arc<OnceLock<TrainingFacts>>,
    measured: Vec<Measured>,
    own_overheads: Vec<OwnOverhead>,
    own_prices: Vec<own_prices::Laid>,
    kept: frozen::KeptBooks,
}

impl Catalog {
    /// The built-in catalog.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Catalog> = LazyLock::new(Catalog::built_in);
        &EMBEDDED
    }

    fn built_in() -> Self {
        Self {
            models: Table::new(model::FILES.iter().map(|(_, text)| *text)),
            slices: Arc::default(),
            parts: PartTables::built_in(),
            rents: Arc::default(),
            own_rents: Vec::new(),
            runtimes: Arc::default(),
            speeds: Arc::default(),
            training: Arc::default(),
            measured: Vec::new(),
            own_overheads: Vec::new(),
            own_prices: Vec::new(),
            kept: frozen::KeptBooks::default(),
        }
    }

    /// The built-in catalog with a user's files laid over it. A user's entry wins by its id. A file that cannot be used is named with the reason, and the others still count.
    pub fn with_overlay(files: &[TableFile]) -> (Self, Vec<CatalogError>) {
        overlay::lay_over(Self::embedded().clone(), files)
    }

    /// All models, in a stable order.
    pub fn models(&self) -> impl Iterator<Item = &Model> + Clone {
        self.models.iter()
    }

    /// The model of this id or alias, as it looks: what cannot be seen came along when it was copied.
    pub fn model(&self, id_or_alias: &str) -> Option<&Model> {
        self.models.get(&one_line(id_or_alias))
    }

    /// The card of this id or alias, or the slice of this id, as it looks.
    pub fn card(&self, id: &str) -> Option<&Card> {
        let id = one_line(id);
        self.slice(&id).or_else(|| self.parts.cards.get(&id))
    }

    /// The card that a driver names so and gives this much memory for one device. Neither a name nor an id alone settles
    /// it: an RTX 4060 Ti has 8 or 16 GiB.
    pub fn find_card(&self, driver_name: &str, memory: Bytes) -> Option<&Card> {
        identify::find(self.cards(), driver_name, memory)
    }

    /// The card with this chip and about this memory, in a laptop or not.
    pub fn find_chip(&self, id: PciId, memory: Option<Bytes>, laptop: bool) -> Option<&Card> {
        identify::find_chip(self.cards(), id, memory, laptop)
    }

    /// The platform of this id.
    pub fn platform(&self, id: &str) -> Option<&Platform> {
        self.parts.platforms.get(id)
    }

    /// Offers to rent cards: the built-in ones that say what it costs now, then the user's, then those that were kept with
    /// a document in the place of others.
    pub fn rents(&self) -> impl Iterator<Item = &Rent> + Clone {
        let kept = self.kept.rents();
        self.open_rents().chain(kept.into_iter().flat_map(|book| &book.rents))
    }

    /// The offers that no kept ones stand for.
    pub(in crate::catalog) fn open_rents(&self) -> impl Iterator<Item = &Rent> + Clone {
        let built_in =
            self.rents.get_or_init(|| price::current(entry_table::parse(embedded::RENTS).unwrap_or_default()));
        let kept = self.kept.rents();
        built_in.iter().chain(&self.own_rents).filter(move |rent| kept.is_none_or(|book| !book.covers(&rent.card)))
    }

    /// Runtime overheads, system memory, PCI Express and RAM rates.
    pub fn runtimes(&self) -> &Runtimes {
        // As with the tables: a built-in file that does not parse fails the tests.
        self.runtimes.get_or_init(|| entry_table::parse(embedded::RUNTIMES).unwrap_or_default())
    }

    /// Constants of the speed laws.
    pub fn speeds(&self) -> &Speeds {
        self.speeds.get_or_init(|| entry_table::parse(embedded::SPEEDS).unwrap_or_default())
    }

    /// Constants of training.
    pub fn training(&self) -> &TrainingFacts {
        self.training.get_or_init(|| entry_table::parse(embedded::TRAINING).unwrap_or_default())
    }

    /// The user's own measurements, which recalibrate their cards.
    pub fn measured(&self) -> &[Measured] {
        &self.measured
    }

    /// What the user measured of a card's overhead; the last of several.
    pub fn own_overhead(&self, card: &str, backend: Backend) -> Option<&OwnOverhead> {
        self.own_overheads.iter().rev().find(|own| own.card == card && own.backend == backend)
    }

    /// Memory on each device that no buffer of the engine shows.
    pub fn overhead(&self, backend: Backend) -> &OverheadBand {
        self.runtimes().overhead.of(backend)
    }

    /// Memory that a screen takes on the card that drives it.
    pub fn screen(&self, os: OperatingSystem) -> &OverheadBand {
        self.runtimes().screen.of(os)
    }

    /// RAM that the system takes, with a desktop and its applications or without.
    pub fn system_ram(&self, os: OperatingSystem, desktop: bool) -> &OverheadBand {
        let runtimes = self.runtimes();
        if desktop { runtimes.desktop_ram.of(os) } else { runtimes.headless_ram.of(os) }
    }

    /// Up to three models with a name like this one, by id, best first.
    pub fn nearest_models(&self, name: &str) -> Vec<String> {
        search::nearest(self.models(), name)
    }

    /// Up to three cards with a name like this one, by id, best first.
    pub fn nearest_cards(&self, name: &str) -> Vec<String> {
        search::nearest(self.cards(), name)
    }

    /// Up to three platforms with a name like this one, by id, best first.
    pub fn nearest_platforms(&self, name: &str) -> Vec<String> {
        search::nearest(self.platforms(), name)
    }
}
