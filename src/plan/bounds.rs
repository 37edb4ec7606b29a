//! The values that a plan may hold: wide enough for anything someone could mean, narrow enough that no sum overflows.

use std::fmt::{self, Debug};
use std::ops::RangeInclusive;

use super::{CardChoice, CardCount, Input, Machine, ModelChoice, Plan, inputs};
use crate::text::{Key, Locale, Placeholder};

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
    pub value: String,
    /// What may stand there.
    pub wanted: String,
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Locale::En))
    }
}

impl OutOfRange {
    /// What stands where, and what may.
    pub fn say(&self, locale: Locale) -> String {
        let holes = [
            (Placeholder::Name, self.field.as_str()),
            (Placeholder::Value, self.value.as_str()),
            (Placeholder::Other, self.wanted.as_str()),
        ];
        let words = locale.sentence(Key::ErrorOutOfRange, &holes);
        let Some(plan) = self.plan else { return words };
        let plan = (plan + 1).to_string();
        locale.sentence(Key::ErrorInPlan, &[(Placeholder::Count, &*plan), (Placeholder::Value, &*words)])
    }

    /// `value` stands in `field` where `wanted` should.
    pub(super) fn new(field: impl Into<String>, value: impl Into<String>, wanted: impl Into<String>) -> Self {
        Self { plan: None, field: field.into(), value: value.into(), wanted: wanted.into() }
    }

    /// A model of so many parameters is none that can be planned with.
    pub(crate) fn size(parameters: u64) -> Self {
        let wanted = format!("from {} to {}", PARAMETERS.start(), PARAMETERS.end());
        Self::new("workload.model", parameters.to_string(), wanted)
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
            let value = format!("a list of {}", self.cards.len());
            return Err(OutOfRange::new("machine.cards", value, format!("a list of at most {MAX_KINDS}")));
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
    // Written the way it is read: 1e300, not 301 digits.
    let wanted = format!("from {:?} to {:?}", range.start(), range.end());
    Err(OutOfRange::new(field(), format!("{value:?}"), wanted))
}
