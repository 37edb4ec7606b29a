//! How long a card is served: the last driver and compute library of its chip, and which engines of today run on it.

use std::sync::LazyLock;

use serde::Deserialize;

use super::card::{Card, Vendor};
use super::embedded;
use super::origin::Origin;
use crate::text::{Join, Key, Locale, Placeholder};

/// `data/life.ron`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lives {
    chips: Vec<Life>,
    engines: Vec<EngineReach>,
}

/// What chips are served by that the current driver or compute library leaves out.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Life {
    /// Compute capabilities, or AMD's names of chips.
    chips: Vec<String>,
    /// The last branch of the driver; `None` = the system around them is versioned by its library.
    #[serde(default)]
    pub driver: Option<String>,
    /// The last compute library, with its version.
    pub library: String,
    /// Where that is written.
    pub source: Origin,
}

/// An engine whose makers say which chips it runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[allow(missing_docs, reason = "proper names")]
pub enum ServedEngine {
    LlamaCpp,
    Vllm,
    PyTorch,
}

impl ServedEngine {
    /// As its makers write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LlamaCpp => "llama.cpp",
            Self::Vllm => "vLLM",
            Self::PyTorch => "PyTorch",
        }
    }
}

/// Which chips an engine runs on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EngineReach {
    engine: ServedEngine,
    /// The least compute capability of NVIDIA's chips.
    least: (u32, u32),
    /// AMD's chips that it runs on by their own library; none = not known.
    chips: Vec<String>,
    /// It runs on the others by Vulkan.
    vulkan: bool,
    #[serde(rename = "source")]
    _source: Origin,
}

/// How an engine of today runs on a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// By the maker's compute library.
    Runs,
    /// By Vulkan alone.
    Vulkan,
    /// Its packages leave the chip out.
    LeftOut,
}

/// Parsed at the first use.
#[expect(clippy::expect_used, reason = "the embedded table is read by a test")]
static LIVES: LazyLock<Lives> = LazyLock::new(|| ron::from_str(embedded::LIFE).expect("data/life.ron"));

impl Card {
    /// What its chip is served by at last; `None` = by the current driver and library, or not known.
    pub fn life(&self) -> Option<&'static Life> {
        let chip = self.compute_capability.as_deref()?;
        LIVES.chips.iter().find(|life| life.chips.iter().any(|name| name == chip))
    }

    /// How today's `engine` runs on it; `None` = not known.
    pub fn reach(&self, engine: ServedEngine) -> Option<Reach> {
        let chip = self.compute_capability.as_deref()?;
        let row = LIVES.engines.iter().find(|row| row.engine == engine)?;
        let runs = match self.vendor {
            Vendor::Nvidia => capability(chip)? >= row.least,
            Vendor::Amd if !row.chips.is_empty() => row.chips.iter().any(|name| name == chip),
            _ => return None,
        };
        Some(match (runs, row.vulkan) {
            (true, _) => Reach::Runs,
            (false, true) => Reach::Vulkan,
            (false, false) => Reach::LeftOut,
        })
    }

    /// What one should know of how long it is served.
    pub(super) fn life_lines(&self, locale: Locale) -> Vec<String> {
        let life = self.life();
        let ended = life.map(|life| life.sentence(locale));
        let engines = |wanted: Reach| {
            let each = LIVES.engines.iter().map(|row| row.engine);
            let names: Vec<&str> =
                each.filter(|engine| self.reach(*engine) == Some(wanted)).map(ServedEngine::name).collect();
            (!names.is_empty()).then(|| locale.join(Join::And, names))
        };
        let said = |key, names: Option<String>| names.map(|names| locale.sentence(key, &[(Placeholder::Name, &names)]));
        let left_out = said(Key::CardLeftOut, engines(Reach::LeftOut));
        let by_vulkan = said(Key::CardByVulkan, engines(Reach::Vulkan));
        // Where nothing is missing, nothing needs to be said.
        let still = (ended.is_some() || left_out.is_some() || by_vulkan.is_some()).then(|| engines(Reach::Runs));
        let still = said(Key::CardStillRuns, still.flatten());
        let source = life.map(|life| life.source.line(locale));
        [ended, left_out, by_vulkan, still, source].into_iter().flatten().collect()
    }
}

impl Life {
    /// What was last, as a sentence.
    pub fn sentence(&self, locale: Locale) -> String {
        match &self.driver {
            Some(driver) => locale
                .sentence(Key::CardLifeDriver, &[(Placeholder::Value, driver), (Placeholder::Other, &self.library)]),
            None => locale.sentence(Key::CardLifeLibrary, &[(Placeholder::Other, &self.library)]),
        }
    }

    /// What was last, as a mark beside a name.
    pub fn mark(&self, locale: Locale) -> String {
        let said = |key, value: &str| locale.sentence(key, &[(Placeholder::Value, value)]);
        match &self.driver {
            Some(driver) => said(Key::CardLastDriver, driver),
            None => said(Key::CardLastLibrary, &self.library),
        }
    }
}

/// A compute capability: `7.5`.
fn capability(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn every_chip_of_the_table_is_one_of_a_card_and_stands_once() {
        let mut seen = Vec::new();
        for chip in LIVES.chips.iter().flat_map(|life| &life.chips) {
            assert!(!seen.contains(&chip), "{chip} twice");
            let has = |card: &Card| card.compute_capability.as_ref() == Some(chip);
            assert!(Catalog::embedded().cards().any(has), "{chip} is no card's");
            seen.push(chip);
        }
    }

    #[test]
    fn what_the_maker_left_out_newer_engines_leave_out() {
        for card in Catalog::embedded().cards().filter(|card| card.life().is_some()) {
            assert_ne!(card.reach(ServedEngine::Vllm), Some(Reach::Runs), "{}", card.id);
            for locale in Locale::ALL {
                assert!(card.remarks(locale).len() >= 2, "{} says what was last and what runs", card.id);
            }
        }
        let reach = |id: &str, engine| Catalog::embedded().card(id).and_then(|card| card.reach(engine));
        assert_eq!(reach("rtx-3090", ServedEngine::Vllm), Some(Reach::Runs));
        assert_eq!(reach("tesla-p40", ServedEngine::LlamaCpp), Some(Reach::Runs));
        assert_eq!(reach("tesla-p40", ServedEngine::Vllm), Some(Reach::LeftOut));
        assert_eq!(reach("rx-7900-xtx", ServedEngine::PyTorch), None);
    }
}
