//! Scenes: RAM and VRAM explained in pictures, each figure from [`crate::estimate::estimate`] or the catalog.
//!
//! A scene is data: stops, each with words and a picture. Its words stand in `data/scenes`, its pictures and figures are
//! built from a plan by one file each under `all`. What moves follows from two pictures that come after each other
//! ([`clock`]), and drawing ([`draw`]) is a pure function of scene and time that yields [`mark`]s, which the window, a page
//! and a printed text all read.

pub mod all;
pub mod clock;
pub mod draw;
pub mod faces;
pub mod facts;
pub mod figure;
pub mod handle;
pub mod mark;
pub mod offer;
pub mod palette;
pub mod picture;
pub mod script;
pub mod spans;
pub mod term;
pub mod twin;

use crate::advise::remedies::Ladder;
use crate::catalog::Catalog;
use crate::plan::{BuildRequest, Plan, SceneId, Turned};
use crate::text::Locale;
use figure::Figures;
use handle::Handle;
use mark::Area;
use offer::Offer;
use picture::Picture;
use script::Script;
use spans::Tongue;

/// What a scene is built from.
#[derive(Debug, Clone, Copy)]
pub struct Premise<'a> {
    /// What is known of models and hardware.
    pub catalog: &'a Catalog,
    /// The reader's own plan.
    pub plan: &'a Plan,
    /// The notches of the handles that were turned.
    pub turned: &'a Turned,
    /// What helps the plan, once that is worked out: it takes thousands of estimates, so nobody waits for it here.
    pub ladder: Option<&'a Ladder>,
    /// What the reader asked of a build; `None` where nothing was asked yet.
    pub build: Option<&'a BuildRequest>,
}

impl<'a> Premise<'a> {
    /// A plan by itself: nothing turned, nothing worked out beside it, nothing asked.
    pub const fn new(plan: &'a Plan, catalog: &'a Catalog) -> Self {
        const UNTURNED: &Turned = &Turned::new();
        Self { catalog, plan, turned: UNTURNED, ladder: None, build: None }
    }

    /// The same with handles as they stand.
    #[must_use]
    pub const fn turned(self, turned: &'a Turned) -> Self {
        Self { turned, ..self }
    }
}

/// A scene, built.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// Which one.
    pub id: SceneId,
    /// Its words.
    pub script: &'static Script,
    /// The figures that its words name.
    pub figures: Figures,
    /// One picture a stop, as many as the script has.
    pub pictures: Vec<Picture>,
    /// What can be turned at the last stop.
    pub handles: Vec<Handle>,
    /// Where the sliders of all handles stand at the last stop; `None` = beside the caption.
    pub panel: Option<Area>,
    /// What helps, by the stop it is offered at: the ladder's own ways.
    pub offers: Vec<Offer>,
}

impl Scene {
    /// The scene as its premise has it.
    pub fn build(id: SceneId, premise: Premise<'_>) -> Self {
        all::build(id, premise)
    }

    /// How many stops it has.
    pub fn stops(&self) -> usize {
        self.pictures.len().min(self.script.stops.len())
    }

    /// A sentence with its figures and words filled in; marks of links stay.
    pub fn fill(&self, said: &script::Said, tongue: Tongue, locale: Locale) -> String {
        // Holes that take a sentence first, then those of all sentences that take a figure.
        let sentence = |name: &str| Some(self.script.label(self.figures.label(name)?)?.of(locale));
        let whole = crate::text::fill_with(said.of(locale), sentence);
        spans::fill(&whole, &self.figures, tongue, locale)
    }

    /// The same without marks.
    pub fn plain(&self, said: &script::Said, tongue: Tongue, locale: Locale) -> String {
        spans::strip(&self.fill(said, tongue, locale))
    }
}
