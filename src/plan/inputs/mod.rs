//! The inputs of a plan, one table: what an input is called, which field it sets, what it takes, who reads it, and the words
//! for it. Bounds, the keys of requests, the flags of the command line, `assumed` in answers, the rows of the window and the
//! contract tests come from it.
//!
//! A new input is a field of the plan, an entry in `table.rs`, its name and its tip in both languages, and the law that
//! reads it.

mod applies;
mod choice;
mod fault;
mod kind;
mod slot;
mod table;
mod value;

pub use choice::{Choice, Choices, Word};
pub use fault::InputFault;
pub use kind::{InputKind, Unit};
use strum::VariantArray as _;
pub use table::Input;
pub(super) use table::check;
pub use value::InputValue;

use super::fault::Given;
use super::{OutOfRange, Plan};
use crate::catalog::Catalog;
use crate::text::program_names::LLAMA_CPP;
use crate::text::{self, Key, Locale};

/// One input of a plan.
#[derive(Debug)]
pub struct InputEntry {
    /// The key in requests and answers; the flag is the same with dashes.
    pub key: &'static str,
    /// The field of the plan that holds it; empty for what has a form of its own.
    pub path: &'static str,
    /// What it is, and its range.
    pub kind: InputKind,
    /// Where it stands in the window and in the help.
    pub group: InputGroup,
    /// Its name.
    pub label: Key,
    /// What it does, in a sentence.
    pub tip: Key,
    /// What it says where it is left open; `None` where it cannot be.
    pub unset: Option<Key>,
    /// The stops of its slider, both ends first and last; empty where it has none. What is typed may lie beyond.
    pub rail: &'static [u64],
    /// Whether anything reads it in this plan: elsewhere it is not assumed.
    read: fn(&Plan) -> bool,
    /// What else must be there for it to matter: elsewhere the window does not ask for it.
    needs: fn(&Plan, &Catalog) -> bool,
    get: fn(&Plan) -> InputValue,
    set: fn(&mut Plan, InputValue),
}

/// Inputs that stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InputGroup {
    /// Model, engine, and how the model is stored.
    Model,
    /// What is asked of any engine.
    Serving,
    /// What llama.cpp alone is told.
    LlamaCpp,
    /// What server engines alone are told.
    Servers,
    /// A training run.
    Training,
    /// The cards.
    Cards,
    /// The machine around them.
    Machine,
}

impl InputGroup {
    /// Its heading.
    pub const fn word(self) -> Word {
        match self {
            Self::Model => Word::Key(Key::Model),
            Self::Serving => Word::Key(Key::GroupServing),
            Self::LlamaCpp => Word::Name(LLAMA_CPP),
            Self::Servers => Word::Key(Key::GroupServers),
            Self::Training => Word::Key(Key::GroupTraining),
            Self::Cards => Word::Key(Key::Cards),
            Self::Machine => Word::Key(Key::Hardware),
        }
    }
}

impl InputEntry {
    /// A value of it in words, with its unit: `8,192`, `64 GiB`, `on`.
    pub fn say(&self, value: InputValue, locale: Locale) -> String {
        let unit = self.kind.unit(locale);
        let with_unit = |number: String| if unit.is_empty() { number } else { format!("{number} {unit}") };
        match (&self.kind, value) {
            (InputKind::Choice(choices), InputValue::Choice(place)) => {
                (choices.word)(usize::from(place)).of(locale).to_owned()
            }
            (kind, InputValue::Choice(place)) => kind.name(place).to_owned(),
            (_, InputValue::Unset) => self.unset.map_or_else(String::new, |word| locale.word(word).to_owned()),
            (InputKind::Tokens(_), InputValue::Whole(number)) => text::count(number),
            (_, InputValue::Whole(number)) => with_unit(text::count(number)),
            (_, InputValue::Real(number)) => with_unit(text::trimmed(number, 2)),
            (InputKind::Switch(Some(words)), InputValue::Switch(on)) => locale.word(words[usize::from(on)]).to_owned(),
            (_, InputValue::Switch(on)) => locale.word(if on { Key::SwitchedOn } else { Key::SwitchedOff }).to_owned(),
            (_, InputValue::Version(version)) => version.to_string(),
        }
    }
}

impl Input {
    /// How many there are.
    pub const COUNT: usize = Self::VARIANTS.len();

    /// All of them, in the order of the table.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator {
        Self::VARIANTS.iter().copied()
    }

    /// The value in this plan.
    pub fn get(self, plan: &Plan) -> InputValue {
        (self.entry().get)(plan)
    }

    /// Sets the value in this plan.
    ///
    /// # Errors
    /// A value that cannot stand there; the plan stays as it was.
    pub fn set(self, plan: &mut Plan, value: InputValue) -> Result<(), OutOfRange> {
        let entry = self.entry();
        if !entry.kind.takes(value) {
            return Err(self.outside(value));
        }
        (entry.set)(plan, value);
        Ok(())
    }

    /// Why this cannot stand there.
    #[cold]
    pub fn outside(self, value: InputValue) -> OutOfRange {
        let entry = self.entry();
        OutOfRange::new(entry.path, Given::Value(value.to_string()), entry.kind.allowed())
    }

    /// Whether anything reads it in this plan.
    pub fn is_read(self, plan: &Plan) -> bool {
        (self.entry().read)(plan)
    }

    /// Whether it matters in this plan, with these models and cards.
    pub fn applies(self, plan: &Plan, catalog: &Catalog) -> bool {
        self.is_read(plan) && (self.entry().needs)(plan, catalog)
    }

    /// The keys most like one that is none, of these inputs and of `others`.
    pub fn nearest(key: &str, others: &[&'static str]) -> Vec<&'static str> {
        let keys = Self::all().map(|input| input.entry().key);
        text::nearest(key, others.iter().copied().chain(keys))
    }

    /// What was changed between two plans: the one input that makes all of the difference where there is such a one (a
    /// runtime brings its precisions along), else each that differs.
    pub fn changed(before: &Plan, after: &Plan) -> Vec<Self> {
        let differing: Vec<Self> = Self::all().filter(|input| input.differs(before, after)).collect();
        let alone = |input: &&Self| {
            let mut plan = before.clone();
            input.set(&mut plan, input.get(after)).is_ok() && plan == *after
        };
        differing.iter().find(alone).map_or_else(|| differing.clone(), |only| vec![*only])
    }

    fn differs(self, before: &Plan, after: &Plan) -> bool {
        let (was, is) = (&before.machine.cards, &after.machine.cards);
        let same_cards = was.iter().map(|kind| &kind.card).eq(is.iter().map(|kind| &kind.card));
        let both = || was.iter().zip(is).filter(|_| same_cards);
        match self {
            Self::Model => before.workload.model != after.workload.model,
            Self::Platform => before.machine.platform != after.machine.platform,
            Self::TensorSplit => before.workload.tensor_split != after.workload.tensor_split,
            Self::OverrideTensors => before.workload.override_tensors != after.workload.override_tensors,
            Self::Speculative => before.workload.speculation.drafter != after.workload.speculation.drafter,
            Self::Also => before.also != after.also,
            Self::Card => !same_cards,
            Self::Cards => both().any(|(was, is)| was.count != is.count),
            Self::CardMemoryGib => both().any(|(was, is)| was.memory_gib != is.memory_gib),
            _ => self.get(before) != self.get(after),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Runtime;

    #[test]
    fn a_change_is_named_by_the_input_that_made_it() {
        let before = Plan::default();
        let changed = |change: fn(&mut Plan)| {
            let mut after = before.clone();
            change(&mut after);
            Input::changed(&before, &after)
        };
        assert_eq!(changed(|plan| plan.workload.context = 4096), [Input::Context]);
        assert_eq!(changed(|plan| plan.machine.cards[0].count = 2), [Input::Cards]);
        assert_eq!(changed(|plan| plan.machine.cards.clear()), [Input::Card]);
        assert_eq!(
            changed(|plan| plan.workload.choose_runtime(Runtime::Vllm)),
            [Input::Runtime],
            "with its precisions"
        );
        let two = changed(|plan| (plan.workload.context, plan.machine.screen) = (4096, true));
        assert_eq!(two, [Input::Context, Input::Screen]);
        assert!(changed(|_| ()).is_empty());
    }
}
