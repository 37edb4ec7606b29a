//! A row of `also`: a model beside the plan's own, with the keys that say how it is served and where it lies.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::models::Models;
use super::problem::Problem;
use super::request::Request;
use crate::catalog::Catalog;
use crate::plan::inputs::{InputFault, InputKind};
use crate::plan::{Input, Machine, Plan, Resident, ResidentPlace, Wanted};
use crate::text;

/// The words that its value may be beside a number.
const ALL: &str = "all";
const RAM: &str = "cpu";
const OFF: &str = "off";
/// What the parser is told where a member is refused: why is found out key by key, of bad lines alone.
const REFUSED: &str = "refused";

/// What a request gives of one row.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct ResidentRequest {
    /// What says how it is served.
    pub(super) request: Request,
    /// Where it lies; `None` = where nobody says.
    pub(super) place: Option<ResidentPlace>,
}

/// The place that a number or a word means.
pub(super) fn place_of(word: &str) -> Option<ResidentPlace> {
    match word {
        ALL => Some(ResidentPlace::AllDevices),
        RAM => Some(ResidentPlace::Ram),
        OFF => Some(ResidentPlace::Off),
        number => number.parse().ok().map(ResidentPlace::Device),
    }
}

/// The word for a place; `None` for one device, which is a number.
pub(super) const fn word_of(place: ResidentPlace) -> Option<&'static str> {
    match place {
        ResidentPlace::AllDevices => Some(ALL),
        ResidentPlace::Ram => Some(RAM),
        ResidentPlace::Off => Some(OFF),
        ResidentPlace::Device(_) => None,
    }
}

/// The input that this key of a row sets.
pub(super) fn input_of(key: &str) -> Option<Input> {
    Input::of_key(key).filter(|input| input.is_of_resident())
}

impl ResidentRequest {
    /// As it stands in a plan on this machine.
    pub(super) fn placed(
        &self,
        machine: &Machine,
        catalog: &Catalog,
        models: &mut Models,
    ) -> Result<Resident, Problem> {
        if self.request.model.is_none() {
            return Err(Problem::NoModelInRow);
        }
        let mut own = Plan { machine: machine.clone(), ..Plan::default() };
        self.request.apply(&mut own, catalog, models)?;
        let place = self.place.unwrap_or_else(|| ResidentPlace::usual(machine));
        Ok(Resident { place, workload: own.workload })
    }

    /// From `qwen3-embedding-0.6b,quant=Q8_0,context=4096,device=1`: a model, then keys with their values. Shares of cards are
    /// told apart by colons.
    pub(super) fn from_text(text: &str) -> Result<Self, Problem> {
        let mut row = Self::default();
        for part in text.split(',') {
            let (key, value) = part.split_once('=').unwrap_or_else(|| (Input::Model.entry().key, part));
            let key = key.trim().replace('-', "_");
            row.read(&key, value.trim())?;
        }
        Ok(row)
    }

    fn read(&mut self, key: &str, value: &str) -> Result<(), Problem> {
        let wrong = |wanted| Problem::Value { key: key.to_owned(), value: value.to_owned(), wanted };
        if key == ResidentPlace::KEY {
            self.place = Some(place_of(value).ok_or_else(|| wrong(Wanted::Place))?);
            return Ok(());
        }
        let input = input_of(key).ok_or_else(|| Problem::unknown_key_of_row(key))?;
        let request = &mut self.request;
        if request.gives(input) {
            return Err(Problem::Twice(key.to_owned()));
        }
        match input {
            Input::Model => request.model = Some(value.to_owned()),
            Input::Speculative => request.speculative = Some(value.to_owned()),
            Input::TensorSplit => {
                let shares = text::parse_shares(&value.replace(':', ","));
                request.tensor_split = Some(shares.ok_or_else(|| wrong(Wanted::Numbers))?);
            }
            input => {
                let entry = input.entry();
                // A switch without a value is on.
                let value = if value.is_empty() && matches!(entry.kind, InputKind::Switch(_)) { "true" } else { value };
                let read = entry.kind.read(entry.key, value).map_err(|fault| match fault {
                    InputFault::Kind(wanted) => wrong(wanted),
                    fault => Problem::Input(fault),
                });
                request.give(input, read?);
            }
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for ResidentRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Row;

        impl<'de> Visitor<'de> for Row {
            type Value = ResidentRequest;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<ResidentRequest, A::Error> {
                let (mut row, mut placed, mut seen) = (ResidentRequest::default(), false, Vec::new());
                while let Some(key) = members.next_key::<String>()? {
                    if key == ResidentPlace::KEY && !placed {
                        placed = true;
                        row.place = members.next_value::<Option<Place>>()?.map(|Place(place)| place);
                        continue;
                    }
                    let Some(input) = input_of(&key).filter(|input| !seen.contains(input)) else {
                        return Err(A::Error::custom(REFUSED));
                    };
                    seen.push(input);
                    row.request.read(input, &mut members)?;
                }
                Ok(row)
            }
        }

        deserializer.deserialize_map(Row)
    }
}

/// A place as a row gives it.
struct Place(ResidentPlace);

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Given;

        impl Visitor<'_> for Given {
            type Value = Place;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(REFUSED)
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Place, E> {
                u32::try_from(number).map(|device| Place(ResidentPlace::Device(device))).map_err(E::custom)
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Place, E> {
                let named = [ALL, RAM, OFF].contains(&word).then(|| place_of(word)).flatten();
                named.map(Place).ok_or_else(|| E::custom(REFUSED))
            }
        }

        deserializer.deserialize_any(Given)
    }
}
