//! The values that a plan may hold: wide enough for anything someone could mean, narrow enough that no sum overflows.

use std::fmt::Debug;
use std::ops::RangeInclusive;

use super::inputs::{self, Wanted};
use super::{CardChoice, CardCount, Input, Machine, ModelChoice, Plan};
use crate::text::{Fault, Key, Phrase, Placeholder, printed_in_english};

/// Parameters of a model known only by its size.
/// The typical shape of a larger one has figures that no model has.
pub const PARAMETERS: RangeInclusive<u64> = 1_000_000..=80_000_000_000_000;
/// Cards of one kind.
pub const CARDS: RangeInclusive<u32> = 1..=1024;
/// Kinds of card in one machine.
pub const MAX_KINDS: usize = 64;
/// RAM or VRAM in GiB: up to 1 PiB.
pub const MEMORY_GIB: RangeInclusive<f64> = 0.001..=1_048_576.0;
/// VRAM of a detected card in bytes: up to 1 PiB.
pub const MEMORY_BYTES: RangeInclusive<u64> = 1..=1 << 50;

/// A value that no plan can hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct OutOfRange {
    /// In which plan of a document that holds several, from 0.
    pub plan: Option<usize>,
    /// The field, as a path such as `machine.cards[0].count`.
    pub field: String,
    /// What stands there.
    pub given: Given,
    /// What may stand there.
    pub allowed: Allowed,
}

/// What stands where something else should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// A value, written the way it is read: 1e300, not 301 digits.
    Value(String),
    /// A list of so many.
    List(usize),
}

/// What may stand in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    /// A number within these ends, written the way they are read.
    Range {
        /// The least.
        least: String,
        /// The most.
        most: String,
    },
    /// A list of so many.
    List {
        /// The fewest.
        least: usize,
        /// The most.
        most: usize,
    },
    /// A value of this kind.
    Kind(Wanted),
}

impl Allowed {
    /// A number within this range.
    pub(super) fn within<T: Debug>(range: &RangeInclusive<T>) -> Self {
        Self::Range { least: format!("{:?}", range.start()), most: format!("{:?}", range.end()) }
    }
}

impl Fault for Allowed {
    fn phrase(&self) -> Phrase {
        match self {
            Self::Range { least, most } => {
                Phrase::new(Key::AllowedRange).with(Placeholder::Value, least).with(Placeholder::Other, most)
            }
            Self::List { least: 0, most } => Phrase::new(Key::AllowedListUpTo).with(Placeholder::Count, most),
            Self::List { least, most } => {
                Phrase::new(Key::AllowedList).with(Placeholder::Value, least).with(Placeholder::Other, most)
            }
            Self::Kind(wanted) => wanted.phrase(),
        }
    }
}

impl Fault for OutOfRange {
    /// What stands where, and what may.
    fn phrase(&self) -> Phrase {
        let words = Phrase::new(Key::ErrorOutOfRange).with(Placeholder::Name, &self.field);
        let words = match &self.given {
            Given::Value(value) => words.with(Placeholder::Value, value),
            Given::List(0) => words.with_phrase(Placeholder::Value, Phrase::new(Key::GivenEmptyList)),
            Given::List(count) => {
                words.with_phrase(Placeholder::Value, Phrase::new(Key::GivenList).with(Placeholder::Count, count))
            }
        };
        let words = words.with_phrase(Placeholder::Other, self.allowed.phrase());
        match self.plan {
            None => words,
            Some(plan) => {
                Phrase::new(Key::ErrorInPlan).with(Placeholder::Count, plan + 1).with_phrase(Placeholder::Value, words)
            }
        }
    }
}

printed_in_english!(OutOfRange);

impl OutOfRange {
    /// `given` stands in `field` where something else should.
    pub(super) fn new(field: impl Into<String>, given: Given, allowed: Allowed) -> Self {
        Self { plan: None, field: field.into(), given, allowed }
    }

    /// So many cards of one kind are more than a machine has.
    pub fn cards(count: u64) -> Self {
        Self::new(Input::Cards.entry().key, Given::Value(count.to_string()), Allowed::within(&CARDS))
    }

    /// A model of so many parameters is none that can be planned with.
    pub(crate) fn size(parameters: u64) -> Self {
        Self::new("workload.model", Given::Value(parameters.to_string()), Allowed::within(&PARAMETERS))
    }

    /// The key of requests that sets the field.
    pub fn key(&self) -> &str {
        if let Some(input) = Input::all().find(|input| input.entry().path == self.field) {
            return input.entry().key;
        }
        match self.field.rsplit('.').next() {
            Some("count") => Input::Cards.entry().key,
            Some("memory_gib") => Input::CardMemoryGib.entry().key,
            Some("cards") => Input::Machine.entry().key,
            key => key.unwrap_or(&self.field),
        }
    }

    /// The same error, saying in which of several plans.
    #[must_use]
    pub(super) fn in_plan(self, index: usize) -> Self {
        Self { plan: Some(index), ..self }
    }
}

impl Plan {
    /// Whether every value can be planned with. Ids are not looked up here.
    pub fn check(&self) -> Result<(), OutOfRange> {
        if let ModelChoice::Size(parameters) = self.workload.model
            && !PARAMETERS.contains(&parameters)
        {
            return Err(OutOfRange::size(parameters));
        }
        inputs::check(self)?;
        self.machine.check_cards()
    }
}

impl Machine {
    fn check_cards(&self) -> Result<(), OutOfRange> {
        if self.cards.len() > MAX_KINDS {
            let allowed = Allowed::List { least: 0, most: MAX_KINDS };
            return Err(OutOfRange::new("machine.cards", Given::List(self.cards.len()), allowed));
        }
        self.cards.iter().enumerate().try_for_each(|(index, card)| card.check(index))
    }
}

impl CardCount {
    fn check(&self, index: usize) -> Result<(), OutOfRange> {
        let at = |field| move || format!("machine.cards[{index}].{field}");
        within(at("count"), self.count, &CARDS)?;
        if let CardChoice::Detected { memory_bytes, .. } = self.card {
            within(at("card.memory_bytes"), memory_bytes, &MEMORY_BYTES)?;
        }
        self.memory_gib.map_or(Ok(()), |gib| within(at("memory_gib"), gib, &MEMORY_GIB))
    }
}

/// NaN lies in no range, so it is refused like any other. The path is written only where something is wrong: this is asked
/// for every estimate.
#[inline]
fn within<T: PartialOrd + Debug + Copy>(
    field: impl Fn() -> String,
    value: T,
    range: &RangeInclusive<T>,
) -> Result<(), OutOfRange> {
    if range.contains(&value) {
        return Ok(());
    }
    Err(OutOfRange::new(field(), Given::Value(format!("{value:?}")), Allowed::within(range)))
}
