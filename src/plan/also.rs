//! What runs on the machine beside the plan's own model: an embedder, a reranker, a second chat model, each a program of its
//! own.

use serde::{Deserialize, Serialize};

use super::inputs::InputGroup;
use super::{Input, Machine, ModelChoice, Plan, Workload};
use crate::catalog::Catalog;

/// The most models that run beside the plan's own.
pub const MAX_RESIDENTS: usize = 16;

/// A model that runs beside the plan's own, in a program of its own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Resident {
    /// Where it lies.
    pub place: ResidentPlace,
    /// What runs; it serves, whatever its task says.
    pub workload: Workload,
}

/// Where a model beside the plan's own lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ResidentPlace {
    /// Shared out over all devices, as its engine does it; in RAM where there are none.
    AllDevices,
    /// On this device alone, counted from 0 over all cards; the engine sees no other.
    Device(u32),
    /// In RAM, and the processor runs it.
    Ram,
    /// Not loaded: it takes nothing until it is started.
    Off,
}

impl Resident {
    /// This model, as it is usually stored and run, where such a model usually lies.
    pub fn of(model: ModelChoice, machine: &Machine, catalog: &Catalog) -> Self {
        let mut workload = Workload::default();
        workload.choose_model(model, catalog);
        let known = workload.model.known(catalog);
        let trained = known.and_then(|model| model.max_position_embeddings).unwrap_or(u64::MAX);
        workload.context = workload.context.min(trained);
        workload.prompt_tokens = workload.prompt_tokens.min(workload.context);
        Self { place: ResidentPlace::usual(machine), workload }
    }
}

impl Default for ResidentPlace {
    fn default() -> Self {
        Self::Device(0)
    }
}

impl ResidentPlace {
    /// The key of requests that gives it.
    pub const KEY: &str = "device";

    /// The place where a model goes of which nobody said where: the first device, the RAM of a machine without one.
    pub const fn usual(machine: &Machine) -> Self {
        if machine.cards.is_empty() { Self::Ram } else { Self::Device(0) }
    }

    /// The same on a machine of so many cards.
    #[must_use]
    pub fn on(self, cards: u32) -> Self {
        match (self, cards.checked_sub(1)) {
            (Self::Device(_), None) => Self::Ram,
            (Self::Device(place), Some(last)) => Self::Device(place.min(last)),
            (place, _) => place,
        }
    }
}

impl Input {
    /// Whether a model beside the plan's own has this input as well: what says how it is served.
    pub fn is_of_resident(self) -> bool {
        let serves = matches!(
            self.entry().group,
            InputGroup::Model | InputGroup::Serving | InputGroup::LlamaCpp | InputGroup::Servers
        );
        serves && !matches!(self, Self::Task | Self::Also)
    }
}

impl Plan {
    /// The model of this row as a plan of its own, on the whole machine and nothing beside it.
    pub fn of_resident(&self, row: usize) -> Option<Self> {
        let resident = self.also.get(row)?;
        Some(Self { workload: resident.workload.clone(), machine: self.machine.clone(), also: Vec::new() })
    }

    /// The same plan on another machine; what lay on a card that it has not lies on its last one, without cards in RAM.
    #[must_use]
    pub fn on_machine(&self, machine: Machine) -> Self {
        let mut plan = Self { workload: self.workload.clone(), machine, also: self.also.clone() };
        plan.settle_residents();
        plan
    }

    /// Moves what lies on cards that are gone to the last one there is, without cards to RAM.
    pub fn settle_residents(&mut self) {
        let cards = self.machine.cards.iter().map(|kind| kind.count).fold(0, u32::saturating_add);
        for resident in &mut self.also {
            resident.place = resident.place.on(cards);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::inputs;

    #[test]
    fn what_lay_on_a_card_that_is_gone_lies_on_the_last() {
        let place = ResidentPlace::Device(2);
        assert_eq!(place.on(4), place, "it is there");
        assert_eq!(place.on(2), ResidentPlace::Device(1), "the last that is there");
        assert_eq!(place.on(0), ResidentPlace::Ram, "no card at all");
        assert_eq!(ResidentPlace::Off.on(0), ResidentPlace::Off, "what is not loaded stays so");
    }

    #[test]
    fn a_resident_has_what_says_how_it_is_served() {
        let of = |input: Input| input.is_of_resident();
        assert!(of(Input::Model) && of(Input::Quant) && of(Input::Context) && of(Input::GpuMemoryUtilization));
        assert!(!of(Input::Task) && !of(Input::Card) && !of(Input::RamGib) && !of(Input::LoraRank));
        assert!(inputs::check(&Plan::default()).is_ok(), "a new plan can be planned with");
    }
}
