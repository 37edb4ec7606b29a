//! One request: what is given of the inputs of a plan, and what is asked besides. Filled from JSON and from flags alike.

use std::borrow::Cow;

use serde::Deserialize;

use super::problem::Problem;
use super::resident::ResidentRequest;
use crate::plan::inputs::{InputFault, InputValue};
use crate::plan::{CardChoice, CardCount, CardSlot, Input, OutOfRange, TensorOverrides};

/// What changes a plan; what is left out keeps the plan's value.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Request {
    /// Echoed in the answer: a JSON string or number as it was written.
    pub id: Option<String>,
    /// Also answer the largest context, sequences and layers that still fit.
    pub largest: Option<bool>,
    /// See [`Input::Model`].
    pub model: Option<String>,
    /// See [`Input::Card`].
    pub card: Option<String>,
    /// See [`Input::Cards`].
    pub cards: Option<u32>,
    /// See [`Input::CardMemoryGib`].
    pub card_memory_gib: Option<f64>,
    /// See [`Input::Machine`].
    pub machine: Option<Cards>,
    /// See [`Input::Platform`].
    pub platform: Option<String>,
    /// See [`Input::Speculative`].
    pub speculative: Option<String>,
    /// See [`Input::TensorSplit`].
    pub tensor_split: Option<Vec<f64>>,
    /// See [`Input::Also`].
    pub(super) also: Option<Vec<ResidentRequest>>,
    /// The same as it was typed, a row each.
    pub(super) also_typed: Vec<String>,
    /// See [`Input::OverrideTensors`].
    pub override_tensors: Option<TensorOverrides>,
    /// All the others that are given, each once.
    given: Vec<(Input, InputValue)>,
    /// A bit for each of these.
    bits: u128,
}

const _: () = assert!(Input::COUNT <= 128, "more inputs than bits: take a longer set");

impl Request {
    /// Whether the request gives this input.
    pub(super) fn gives(&self, input: Input) -> bool {
        match input {
            Input::Model => self.model.is_some(),
            Input::Card => self.card.is_some(),
            Input::Cards => self.cards.is_some(),
            Input::CardMemoryGib => self.card_memory_gib.is_some(),
            Input::Machine => self.machine.is_some(),
            Input::Platform => self.platform.is_some(),
            Input::TensorSplit => self.tensor_split.is_some(),
            Input::OverrideTensors => self.override_tensors.is_some(),
            Input::Speculative => self.speculative.is_some(),
            Input::Also => self.also.is_some() || !self.also_typed.is_empty(),
            input => self.bits & bit(input) != 0,
        }
    }

    /// Takes the value of an input that has no form of its own and was not given yet.
    pub(super) fn give(&mut self, input: Input, value: InputValue) {
        if value == InputValue::Unset {
            return;
        }
        if self.given.is_empty() {
            // As many as most requests give: the list grows once.
            self.given.reserve(24);
        }
        self.given.push((input, value));
        self.bits |= bit(input);
    }

    /// The same with what was typed of rows read.
    pub(super) fn with_rows(&self) -> Result<Cow<'_, Self>, Problem> {
        if self.also_typed.is_empty() {
            return Ok(Cow::Borrowed(self));
        }
        let row = |(row, text): (usize, &String)| {
            ResidentRequest::from_text(text).map_err(|problem| Problem::InRow { row, problem: Box::new(problem) })
        };
        let also = self.also_typed.iter().enumerate().map(row).collect::<Result<_, _>>()?;
        Ok(Cow::Owned(Self { also: Some(also), also_typed: Vec::new(), ..self.clone() }))
    }

    /// What is given of the inputs that have no form of their own. Those that set others as well come first, so that these
    /// override them.
    pub(super) fn given(&self) -> impl Iterator<Item = (Input, InputValue)> {
        let turn = |input| match input {
            Input::Runtime => 0,
            Input::KvCache => 1,
            _ => 2,
        };
        (0..3).flat_map(move |now| self.given.iter().copied().filter(move |(input, _)| turn(*input) == now))
    }
}

const fn bit(input: Input) -> u128 {
    1 << input as u32
}

/// Kinds of card in device order, with how many of each.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Cards(pub Vec<CardKind>);

/// One kind of card.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardKind {
    /// A card's id in the catalog.
    pub card: String,
    /// How many of it.
    #[serde(default = "one")]
    pub count: u32,
    /// Memory of one card in GiB, where its maker sells several sizes.
    #[serde(default)]
    pub card_memory_gib: Option<f64>,
    /// PCIe generation of its slot.
    #[serde(default)]
    pub pcie_gen: Option<u64>,
    /// PCIe lanes of its slot.
    #[serde(default)]
    pub pcie_lanes: Option<u64>,
    /// The most that it may draw, in W.
    #[serde(default)]
    pub power_limit_w: Option<u64>,
}

impl CardKind {
    /// So many of one card.
    const fn of(card: String, count: u32) -> Self {
        Self { card, count, card_memory_gib: None, pcie_gen: None, pcie_lanes: None, power_limit_w: None }
    }

    /// As it stands in a machine.
    pub(super) fn placed(&self) -> Result<CardCount, OutOfRange> {
        let card = CardChoice::Catalog(self.card.clone());
        let mut kind = CardCount { memory_gib: self.card_memory_gib, ..CardCount::of(card, self.count) };
        for (input, given) in CardSlot::INPUTS.into_iter().zip([self.pcie_gen, self.pcie_lanes, self.power_limit_w]) {
            kind.slot.set(input, given.map_or(InputValue::Unset, InputValue::Whole))?;
        }
        Ok(kind)
    }
}

const fn one() -> u32 {
    1
}

impl Cards {
    /// From `rtx-4090:1,rtx-3090:2`; a count left out is 1.
    pub(super) fn from_text(text: &str) -> Result<Self, InputFault> {
        let kind = |part: &str| {
            let (card, count) = part.split_once(':').unwrap_or((part, "1"));
            let count = count.parse().map_err(|_error| InputFault::Cards(count.to_owned()))?;
            Ok(CardKind::of(card.to_owned(), count))
        };
        text.split(',').map(kind).collect::<Result<_, InputFault>>().map(Self)
    }
}
