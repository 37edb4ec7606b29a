//! A request as JSON: each member straight into its place, without a tree or a copy of names.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Unexpected, Visitor};
use serde_json::value::RawValue;

use super::request::Request;
use crate::plan::Input;
use crate::plan::inputs::{InputEntry, InputValue};

/// A key of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RequestKey {
    /// Echoed in the answer.
    Id,
    /// Asks for the largest that fits.
    Largest,
    /// An input of the plan.
    Input(Input),
}

/// The keys that are no inputs.
pub(super) const OTHER_KEYS: [&str; 2] = ["id", "largest"];

impl RequestKey {
    /// The key that is spelled so.
    pub(super) fn of(key: &str) -> Option<Self> {
        match key {
            "id" => Some(Self::Id),
            "largest" => Some(Self::Largest),
            key => Input::of_key(key).map(Self::Input),
        }
    }

    /// Its bit among the keys that were seen.
    const fn bit(self) -> u128 {
        match self {
            Self::Id => 1 << 127,
            Self::Largest => 1 << 126,
            Self::Input(input) => 1 << input as u32,
        }
    }
}

const _: () = assert!(Input::COUNT <= 126, "more inputs than bits: take a longer set");

impl<'de> Deserialize<'de> for Request {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Request;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Request, A::Error> {
        let mut request = Request::default();
        let mut seen = 0;
        while let Some(key) = members.next_key::<RequestKey>()? {
            if seen & key.bit() != 0 {
                return Err(A::Error::custom("a key stands twice"));
            }
            seen |= key.bit();
            match key {
                RequestKey::Id => {
                    request.id = id(members.next_value::<&RawValue>()?.get()).map_err(A::Error::custom)?;
                }
                RequestKey::Largest => request.largest = members.next_value()?,
                RequestKey::Input(input) => request.read(input, &mut members)?,
            }
        }
        Ok(request)
    }
}

impl Request {
    fn read<'de, A: MapAccess<'de>>(&mut self, input: Input, members: &mut A) -> Result<(), A::Error> {
        match input {
            Input::Model => self.model = members.next_value()?,
            Input::Card => self.card = members.next_value()?,
            Input::Cards => self.cards = members.next_value()?,
            Input::CardMemoryGib => self.card_memory_gib = members.next_value()?,
            Input::Machine => self.machine = members.next_value()?,
            Input::Platform => self.platform = members.next_value()?,
            input => self.give(input, members.next_value_seed(Of(input.entry()))?),
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for RequestKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl Visitor<'_> for Name {
            type Value = RequestKey;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_str<E: Error>(self, key: &str) -> Result<RequestKey, E> {
                RequestKey::of(key).ok_or_else(|| E::custom("an unknown key"))
            }
        }

        deserializer.deserialize_identifier(Name)
    }
}

/// The JSON text of an id.
fn id(text: &str) -> Result<Option<String>, &'static str> {
    match text.as_bytes().first() {
        Some(b'"' | b'-' | b'0'..=b'9') => Ok(Some(text.to_owned())),
        Some(b'n') => Ok(None),
        _ => Err("an id is a string or a number"),
    }
}

/// Reads a value of this input.
#[derive(Clone, Copy)]
struct Of(&'static InputEntry);

impl<'de> DeserializeSeed<'de> for Of {
    type Value = InputValue;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<InputValue, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Of {
    type Value = InputValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.kind.wanted())
    }

    fn visit_unit<E: Error>(self) -> Result<InputValue, E> {
        Ok(InputValue::Unset)
    }

    fn visit_bool<E: Error>(self, on: bool) -> Result<InputValue, E> {
        self.of_kind(InputValue::Switch(on), Unexpected::Bool(on))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<InputValue, E> {
        let value = if self.0.kind.is_real() { InputValue::Real(number as f64) } else { InputValue::Whole(number) };
        self.of_kind(value, Unexpected::Unsigned(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<InputValue, E> {
        self.of_kind(InputValue::Real(number as f64), Unexpected::Signed(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<InputValue, E> {
        self.of_kind(InputValue::Real(number), Unexpected::Float(number))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<InputValue, E> {
        let InputEntry { key, kind, .. } = self.0;
        if kind.is_named() {
            kind.read(key, name).map_err(E::custom)
        } else {
            Err(E::invalid_type(Unexpected::Str(name), &self))
        }
    }
}

impl Of {
    fn of_kind<E: Error>(self, value: InputValue, given: Unexpected<'_>) -> Result<InputValue, E> {
        if self.0.kind.is_kind(value) { Ok(value) } else { Err(E::invalid_type(given, &self)) }
    }
}

/// What is wrong with a value of this input by itself, in words of its own or because it is of another kind.
pub(super) fn blame(input: Input, value: &serde_json::Value) -> Option<Blame> {
    let entry = input.entry();
    let text = |found: Result<Option<String>, _>| found.map(drop);
    let found: Result<(), serde_json::Error> = match input {
        Input::Model | Input::Card | Input::Platform => text(Option::deserialize(value)),
        Input::Cards => Option::<u32>::deserialize(value).map(drop),
        Input::CardMemoryGib => Option::<f64>::deserialize(value).map(drop),
        Input::Machine => Option::<super::request::Cards>::deserialize(value).map(drop),
        _ => Of(entry).deserialize(value).map(drop),
    };
    let error = found.err()?;
    Some(match input {
        Input::Machine => Blame::Said(format!("machine: {error}")),
        Input::Cards => Blame::Kind("a whole number, not negative"),
        Input::CardMemoryGib => Blame::Kind("a number"),
        _ if entry.kind.is_named() && value.is_string() => Blame::Said(error.to_string()),
        _ => Blame::Kind(entry.kind.wanted()),
    })
}

/// Why a value cannot be read.
#[derive(Debug)]
pub(super) enum Blame {
    /// A sentence that says it all.
    Said(String),
    /// It is of another kind than this.
    Kind(&'static str),
}
