//! What is wrong with a line that could not be read as a request. Slow and thorough: only bad lines come here.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::problem::{Problem, shortened};
use super::request_json::{Blame, OTHER_KEYS, RequestKey, blame};
use crate::plan::Input;

/// Why a line is no request, and whose answer that is.
#[derive(Debug)]
pub(super) struct Rejected {
    /// The JSON text of the line's id, where it has one.
    pub id: Option<String>,
    /// The first thing that is wrong.
    pub problem: Problem,
}

/// Finds the key to blame by reading each by itself.
pub(super) fn explain(line: &[u8], error: &serde_json::Error) -> Rejected {
    let members: Map<String, Value> = match serde_json::from_slice(line) {
        Ok(members) => members,
        Err(error) => return Rejected { id: None, problem: Problem::NotJson(shortened(&error.to_string())) },
    };
    let id = members.get("id").filter(|id| id.is_string() || id.is_number()).map(Value::to_string);
    // What decides which other keys have a meaning is looked at first.
    let first = ["runtime", "task"].iter().filter_map(|key| members.get_key_value(*key));
    let problem = first.chain(&members).find_map(|(key, value)| wrong(key, value));
    // Each key is good by itself: one stands twice.
    let problem = problem.unwrap_or_else(|| match serde_json::from_slice(line) {
        Ok(Twice(Some(key))) => Problem::Refused(format!("the key {key:?} stands twice: give it once")),
        _ => Problem::NotJson(shortened(&error.to_string())),
    });
    Rejected { id, problem }
}

fn wrong(key: &str, value: &Value) -> Option<Problem> {
    let blame = match RequestKey::of(key) {
        None => return Some(unknown(key)),
        Some(RequestKey::Id) => {
            let fine = value.is_string() || value.is_number() || value.is_null();
            (!fine).then_some(Blame::Kind("a text or a number"))
        }
        Some(RequestKey::Largest) => {
            let fine = value.is_boolean() || value.is_null();
            (!fine).then_some(Blame::Kind("true or false"))
        }
        Some(RequestKey::Input(input)) => blame(input, value),
    };
    Some(match blame? {
        Blame::Said(words) => Problem::Refused(shortened(&words)),
        Blame::Kind(wanted) => {
            Problem::Value { key: key.to_owned(), value: shortened(&value.to_string()), wanted: wanted.to_owned() }
        }
    })
}

/// What to say of a key that no request has.
fn unknown(key: &str) -> Problem {
    let key: String = key.chars().take(80).collect();
    let nearest = Input::nearest(&key, &OTHER_KEYS).join(", ");
    Problem::UnknownKey { key, nearest }
}

/// The first key that an object has twice.
struct Twice(Option<String>);

impl<'de> Deserialize<'de> for Twice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;

        impl<'de> Visitor<'de> for Keys {
            type Value = Twice;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Twice, A::Error> {
                let (mut seen, mut twice) = (BTreeSet::new(), None);
                while let Some((key, IgnoredAny)) = members.next_entry::<String, _>()? {
                    if !seen.insert(key.clone()) {
                        twice = twice.or(Some(key));
                    }
                }
                Ok(Twice(twice))
            }
        }

        deserializer.deserialize_map(Keys)
    }
}
