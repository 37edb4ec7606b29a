//! Which inputs are the same in all plans, and which set them apart.

use super::names;
use crate::catalog::Catalog;
use crate::plan::{Input, Plan};
use crate::text::{self, Key, Locale};

/// What an input is, and what it says in one plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputWords {
    /// Which.
    pub input: Input,
    /// Its name.
    pub name: &'static str,
    /// What it says; with a unit where it has one.
    pub value: String,
}

/// Inputs of plans that stand side by side.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InputsSplit {
    /// Alike in all of them.
    pub same: Vec<InputWords>,
    /// What sets each of them apart, plan by plan.
    pub apart: Vec<Vec<InputWords>>,
}

/// Inputs that say without their name what they are.
const NAMELESS: [Input; 5] = [Input::Model, Input::Card, Input::Quant, Input::Runtime, Input::Task];
/// What of the same inputs is said first, in this order.
const FOREMOST: [Input; 7] =
    [Input::Model, Input::Card, Input::Context, Input::SequenceLength, Input::Quant, Input::Runtime, Input::RamGib];

impl InputWords {
    /// As it stands in a line with others: its value, after its name where that is needed.
    pub fn brief(&self) -> String {
        if NAMELESS.contains(&self.input) { self.value.clone() } else { format!("{} {}", self.name, self.value) }
    }

    /// Its name and its value.
    pub fn full(&self) -> String {
        format!("{} {}", self.name, self.value)
    }
}

impl InputsSplit {
    /// Sorts the inputs of these plans. One that has no meaning in some of them sets nobody apart.
    pub fn of(plans: &[&Plan], catalog: &Catalog, locale: Locale) -> Self {
        let mut split = Self { same: Vec::new(), apart: vec![Vec::new(); plans.len()] };
        // Which cards and how many is one thing here.
        let asked = Input::all().filter(|input| !matches!(input, Input::Cards | Input::CardMemoryGib));
        for input in asked {
            if !plans.iter().all(|plan| input.applies(plan, catalog)) {
                continue;
            }
            let said = |plan: &Plan| InputWords {
                input,
                name: locale.word(if input == Input::Card { Key::Cards } else { input.entry().label }),
                value: value(input, plan, catalog, locale),
            };
            if plans.windows(2).all(|pair| is_same(input, pair[0], pair[1])) {
                split.same.extend(plans.first().copied().map(said).filter(|words| !words.value.is_empty()));
            } else {
                for (plan, apart) in plans.iter().copied().zip(&mut split.apart) {
                    apart.push(said(plan));
                }
            }
        }
        for apart in &mut split.apart {
            // The machine first: it is what is bought.
            apart
                .sort_by_key(|words| FOREMOST.iter().position(|input| *input == words.input).unwrap_or(FOREMOST.len()));
            apart.sort_by_key(|words| words.input != Input::Card);
        }
        split
    }

    /// What is the same in all plans in short: the inputs that people ask for first.
    pub fn foremost(&self) -> impl Iterator<Item = String> {
        let found = FOREMOST.iter().filter_map(|input| self.same.iter().find(|words| words.input == *input));
        found.map(InputWords::brief)
    }

    /// Whether this sets the plans apart.
    pub fn differs(&self, input: Input) -> bool {
        self.apart.first().is_some_and(|apart| apart.iter().any(|words| words.input == input))
    }
}

fn is_same(input: Input, one: &Plan, other: &Plan) -> bool {
    match input {
        Input::Model => one.workload.model == other.workload.model,
        Input::Card => one.machine.cards == other.machine.cards,
        Input::Platform => one.machine.platform == other.machine.platform,
        Input::TensorSplit => one.workload.tensor_split == other.workload.tensor_split,
        Input::OverrideTensors => one.workload.override_tensors == other.workload.override_tensors,
        Input::Speculative => one.workload.speculation.drafter == other.workload.speculation.drafter,
        Input::Also => one.also == other.also,
        _ => input.get(one) == input.get(other),
    }
}

fn value(input: Input, plan: &Plan, catalog: &Catalog, locale: Locale) -> String {
    match input {
        Input::Model => names::model(plan, catalog),
        Input::Card => names::cards(plan, catalog, locale),
        Input::Platform => {
            let platform = plan.machine.platform.as_deref().map(|id| catalog.platform(id).map_or(id, |it| &it.name));
            platform.unwrap_or_default().to_owned()
        }
        Input::TensorSplit if !plan.workload.tensor_split.is_empty() => text::shares(&plan.workload.tensor_split),
        Input::OverrideTensors if !plan.workload.override_tensors.is_empty() => {
            plan.workload.override_tensors.to_string()
        }
        Input::Speculative => names::drafter(plan, catalog, locale),
        Input::Also => names::residents(plan, catalog, locale),
        _ => input.entry().say(input.get(plan), locale),
    }
}
