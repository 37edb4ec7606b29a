//! What is wrong with a line that could not be read as a request. Slow and thorough: only bad lines come here.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::keys;
use super::problem::{Problem, shortened};
use super::request::Request;

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
    let problem = first.chain(&members).find_map(|(key, value)| blame(key, value));
    // Each key is good by itself: one stands twice.
    let problem = problem.unwrap_or_else(|| match error.to_string().split('`').nth(1) {
        Some(key) => Problem::Refused(format!("the key {key:?} stands twice: give it once")),
        None => Problem::NotJson(shortened(&error.to_string())),
    });
    Rejected { id, problem }
}

fn blame(key: &str, value: &Value) -> Option<Problem> {
    if !keys::ALL.contains(&key) {
        return Some(keys::unknown(key));
    }
    if key == "id" {
        let fine = value.is_string() || value.is_number() || value.is_null();
        return (!fine).then(|| wrong_kind(key, value, "a text or a number"));
    }
    let alone = Value::Object(Map::from_iter([(key.to_owned(), value.clone())]));
    let error = Request::deserialize(alone).err()?.to_string();
    Some(match error.split_once(", expected ") {
        Some((what, wanted)) if what.starts_with("invalid ") && key != "machine" => {
            wrong_kind(key, value, readable(wanted))
        }
        _ if key == "machine" => Problem::Refused(shortened(&format!("machine: {error}"))),
        _ => Problem::Refused(shortened(&error)),
    })
}

fn wrong_kind(key: &str, value: &Value, wanted: &str) -> Problem {
    Problem::Value { key: key.to_owned(), value: shortened(&value.to_string()), wanted: wanted.to_owned() }
}

/// What a person calls the type that was expected.
fn readable(wanted: &str) -> &str {
    match wanted {
        "u64" | "u32" | "u8" => "a whole number, not negative",
        "f64" => "a number",
        "a boolean" => "true or false",
        "a string" => "a text in quotes",
        other => other,
    }
}
