//! The values that a plan may hold: wide enough for anything someone could mean, narrow enough that no sum overflows.

use std::fmt::Debug;
use std::ops::RangeInclusive;

use super::fault::{Allowed, Given, OutOfRange};
use super::inputs;
use super::{CardChoice, CardCount, Input, MAX_RESIDENTS, Machine, ModelChoice, Plan, Workload};

/// Parameters of a model known only by its size.
/// The typical shape of a larger one has figures that no model has.
pub const PARAMETERS: RangeInclusive<u64> = 1_000_000..=80_000_000_000_000;
/// Cards of one kind.
pub const CARDS: RangeInclusive<u32> = 1..=1024;
/// Kinds of card in one machine.
pub const MAX_KINDS: usize = 64;
/// What a card takes of the layers, beside what others take.
pub const SHARE: RangeInclusive<f64> = 0.0..=1_000_000.0;
/// RAM or VRAM in GiB: up to 1 PiB.
pub const MEMORY_GIB: RangeInclusive<f64> = 0.001..=1_048_576.0;
/// VRAM of a detected card in bytes: up to 1 PiB.
pub const MEMORY_BYTES: RangeInclusive<u64> = 1..=1 << 50;

impl OutOfRange {
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
        key_of(self.in_row().map_or(self.field.as_str(), |(_, field)| field))
    }

    /// The row of a model beside the plan's own that it is about.
    pub fn row(&self) -> Option<&str> {
        self.in_row().map(|(row, _)| row)
    }

    /// The row and the field within it.
    fn in_row(&self) -> Option<(&str, &str)> {
        let (row, field) = self.field.strip_prefix(ROW)?.split_once("].")?;
        Some((row, field))
    }
}

/// How the path of a field of a row begins, before its number.
const ROW: &str = "also[";

/// The key of requests that sets a field of a plan.
fn key_of(field: &str) -> &str {
    if let Some(input) = Input::all().find(|input| input.entry().path == field) {
        return input.entry().key;
    }
    match field.rsplit('.').next() {
        Some("count") => Input::Cards.entry().key,
        Some("memory_gib") => Input::CardMemoryGib.entry().key,
        Some("cards") => Input::Machine.entry().key,
        key => key.unwrap_or(field),
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
        self.workload.check_shares()?;
        self.machine.check_cards()?;
        if self.also.is_empty() { Ok(()) } else { self.check_also() }
    }

    /// Each row is held to what a plan of its own is.
    fn check_also(&self) -> Result<(), OutOfRange> {
        if self.also.len() > MAX_RESIDENTS {
            let allowed = Allowed::List { least: 0, most: MAX_RESIDENTS };
            return Err(OutOfRange::new("also", Given::List(self.also.len()), allowed));
        }
        self.also.iter().enumerate().try_for_each(|(row, resident)| {
            let alone = Self { workload: resident.workload.clone(), ..Self::default() };
            let in_row = |error: OutOfRange| OutOfRange { field: format!("{ROW}{row}].{}", error.field), ..error };
            alone.check().map_err(in_row)
        })
    }
}

impl Workload {
    fn check_shares(&self) -> Result<(), OutOfRange> {
        let shares = &self.tensor_split;
        let wrong = |allowed| Err(OutOfRange::new("workload.tensor_split", Given::List(shares.len()), allowed));
        if shares.len() > *CARDS.end() as usize {
            return wrong(Allowed::List { least: 1, most: *CARDS.end() as usize });
        }
        if !shares.is_empty() && shares.iter().all(|share| *share == 0.0) {
            return wrong(Allowed::AboveZero);
        }
        let at = |index| move || format!("workload.tensor_split[{index}]");
        shares.iter().enumerate().try_for_each(|(index, share)| within(at(index), *share, &SHARE))
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
        self.memory_gib.map_or(Ok(()), |gib| within(at("memory_gib"), gib, &MEMORY_GIB))?;
        self.slot.check(|field| format!("machine.cards[{index}].slot.{field}"))
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
