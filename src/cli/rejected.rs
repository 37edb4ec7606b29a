//! What is wrong with a line that could not be read as a request. Slow and thorough: only bad lines come here.

use serde_json::{Map, Value};

use super::problem::{NotJson, Problem, shortened};
use super::request_json::{OTHER_KEYS, RequestKey};
use super::resident::{input_of, place_of};
use super::twice::twice;
use crate::plan::Wanted;
use crate::plan::inputs::InputFault;
use crate::plan::{Input, OutOfRange, ResidentPlace, TensorOverrides};
use crate::text::JsonFault;

/// Why a line is no request, and whose answer that is.
#[derive(Debug)]
pub(super) struct Rejected {
    /// The JSON text of the line's id, where it has one.
    pub id: Option<String>,
    /// The first thing that is wrong.
    pub problem: Problem,
}

/// Finds the key to blame by reading each by itself.
pub(super) fn explain(line: &[u8]) -> Rejected {
    let not_json = |error| Problem::NotJson(NotJson::Fault(JsonFault::of(error)));
    let members: Map<String, Value> = match serde_json::from_slice(line) {
        Ok(members) => members,
        Err(error) => return Rejected { id: None, problem: not_json(&error) },
    };
    let id = members.get("id").filter(|id| id.is_string() || id.is_number()).map(Value::to_string);
    // What decides which other keys have a meaning is looked at first.
    let first = ["runtime", "task"].iter().filter_map(|key| members.get_key_value(*key));
    let problem = first.chain(&members).find_map(|(key, value)| wrong(key, value));
    // Each key is good by itself: one stands twice.
    let problem = problem.or_else(|| twice(line).map(Problem::Twice));
    Rejected { id, problem: problem.unwrap_or(Problem::NotJson(NotJson::Form)) }
}

/// What is wrong with one member.
fn wrong(key: &str, value: &Value) -> Option<Problem> {
    match RequestKey::of(key) {
        None => Some(unknown(key)),
        // As good as left out.
        Some(_) if value.is_null() => None,
        Some(RequestKey::Id) => refused(key, value, Wanted::Id, value.is_string() || value.is_number()),
        Some(RequestKey::Largest) => refused(key, value, Wanted::Switch, value.is_boolean()),
        Some(RequestKey::Input(input)) => wrong_input(input, value),
    }
}

/// What is wrong with the value of an input by itself.
fn wrong_input(input: Input, value: &Value) -> Option<Problem> {
    let entry = input.entry();
    match (input, value) {
        (Input::Cards, value) => count(entry.key, value),
        (Input::CardMemoryGib, value) => refused(entry.key, value, Wanted::Number, value.is_number()),
        (Input::Machine, Value::Array(kinds)) => {
            kinds.iter().enumerate().find_map(|(place, kind)| wrong_kind(&format!("{}[{place}]", entry.key), kind))
        }
        (Input::Machine, value) => refused(entry.key, value, Wanted::CardList, false),
        (Input::Also, Value::Array(rows)) => rows.iter().enumerate().find_map(|(row, given)| {
            wrong_row(given).map(|problem| Problem::InRow { row, problem: Box::new(problem) })
        }),
        (Input::Also, value) => refused(entry.key, value, Wanted::AlsoList, false),
        (Input::TensorSplit, value) => {
            let numbers = value.as_array().is_some_and(|all| all.iter().all(Value::is_number));
            refused(entry.key, value, Wanted::Numbers, numbers)
        }
        (Input::OverrideTensors, Value::String(text)) => {
            text.parse::<TensorOverrides>().err().map(|error| Problem::Input(InputFault::Overrides(error)))
        }
        (Input::OverrideTensors, value) => refused(entry.key, value, Wanted::Text, false),
        (Input::Model | Input::Card | Input::Platform | Input::Speculative, value) => {
            refused(entry.key, value, Wanted::Text, value.is_string())
        }
        (_, Value::String(name)) if entry.kind.is_named() => match entry.kind.read(entry.key, name).err()? {
            InputFault::Kind(wanted) => refused(entry.key, value, wanted, false),
            fault => Some(Problem::Input(fault)),
        },
        (_, value) => {
            let fine = match value {
                Value::Bool(_) => entry.kind.wanted() == Wanted::Switch,
                Value::Number(number) => match entry.kind.wanted() {
                    Wanted::Number => true,
                    Wanted::Whole | Wanted::Layers | Wanted::ExpertLayers => number.is_u64(),
                    _ => false,
                },
                _ => false,
            };
            refused(entry.key, value, entry.kind.wanted(), fine)
        }
    }
}

/// What is wrong with one row of `also`.
fn wrong_row(row: &Value) -> Option<Problem> {
    let Value::Object(fields) = row else { return refused("row", row, Wanted::AlsoRow, false) };
    fields.iter().find_map(|(key, value)| match (key.as_str(), input_of(key)) {
        (ResidentPlace::KEY, _) => {
            let word = value.as_str().is_some_and(|word| word.parse::<u32>().is_err() && place_of(word).is_some());
            let number = value.as_u64().is_some_and(|number| u32::try_from(number).is_ok());
            refused(key, value, Wanted::Place, word || number || value.is_null())
        }
        (_, Some(_)) if value.is_null() => None,
        (_, Some(input)) => wrong_input(input, value),
        (key, None) => Some(Problem::unknown_key_of_row(&shown(key))),
    })
}

/// What is wrong with one kind of card in a list of them.
fn wrong_kind(place: &str, kind: &Value) -> Option<Problem> {
    let Value::Object(fields) = kind else { return refused(place, kind, Wanted::CardKind, false) };
    let field = fields.iter().find_map(|(field, value)| {
        let key = format!("{place}.{field}");
        match field.as_str() {
            "card" => refused(&key, value, Wanted::Text, value.is_string()),
            "count" => count(&key, value),
            "card_memory_gib" => refused(&key, value, Wanted::Number, value.is_number() || value.is_null()),
            "pcie_gen" | "pcie_lanes" | "power_limit_w" => {
                refused(&key, value, Wanted::Whole, value.is_u64() || value.is_null())
            }
            _ => Some(Problem::UnknownCardField(shown(field))),
        }
    });
    field.or_else(|| (!fields.contains_key("card")).then_some(Problem::NoCard))
}

/// A number of cards: one that is too large to be read is out of range like any other.
fn count(key: &str, value: &Value) -> Option<Problem> {
    match value.as_u64() {
        Some(cards) if u32::try_from(cards).is_err() => Some(Problem::OutOfRange(OutOfRange::cards(cards))),
        found => refused(key, value, Wanted::Whole, found.is_some()),
    }
}

fn refused(key: &str, value: &Value, wanted: Wanted, fine: bool) -> Option<Problem> {
    let wrong = || Problem::Value { key: key.to_owned(), value: shortened(&value.to_string()), wanted };
    (!fine).then(wrong)
}

/// What to say of a key that no request has.
fn unknown(key: &str) -> Problem {
    let key = shown(key);
    let nearest = Input::nearest(&key, &OTHER_KEYS);
    Problem::UnknownKey { key, nearest }
}

/// A key of somebody else's, as far as it is repeated.
fn shown(key: &str) -> String {
    key.chars().take(80).collect()
}
