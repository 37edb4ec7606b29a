//! The fields of a `config.json`, wherever in it they stand and whatever their family calls them.

use serde_json::{Map, Value};

use crate::model::file::ModelFileError;
use crate::text::foreign;

/// The fields of the language model; those of a whole that also sees or hears stand around them.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    inner: &'a Map<String, Value>,
    outer: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// Of a file.
    pub(super) fn of(root: &'a Map<String, Value>) -> Self {
        let inner = ["text_config", "llm_config", "language_config"].iter().find_map(|key| root.get(*key)?.as_object());
        Self { inner: inner.unwrap_or(root), outer: root }
    }

    /// A field as it stands; `null` is as good as absent.
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.inner.get(key).or_else(|| self.outer.get(key)).filter(|value| !value.is_null())
    }

    /// The first of these names that is a number; of a list, its largest.
    pub(super) fn number(&self, names: &[&str]) -> Option<u64> {
        names.iter().find_map(|name| whole(self.get(name)?))
    }

    /// The first of these names that is a number, without which the model cannot be laid out.
    pub(super) fn needed(&self, names: &[&str]) -> Result<u64, ModelFileError> {
        if let Some(number) = self.number(names) {
            return Ok(number);
        }
        match names.iter().find_map(|name| Some((name, self.get(name)?))) {
            Some((name, value)) => {
                let value = foreign(&value.to_string()).into_owned();
                Err(ModelFileError::NoNumber { key: (*name).to_owned(), value })
            }
            None => Err(ModelFileError::missing(names.first().copied().unwrap_or_default())),
        }
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key)?.as_str()
    }

    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        self.get(key)?.as_bool()
    }

    pub(super) fn list(&self, key: &str) -> Option<&'a [Value]> {
        self.get(key)?.as_array().map(Vec::as_slice)
    }

    /// A number one level down.
    pub(super) fn inner_number(&self, key: &str, name: &str) -> Option<u64> {
        whole(self.get(key)?.get(name)?)
    }

    /// A text one level down.
    pub(super) fn inner_text(&self, key: &str, name: &str) -> Option<&'a str> {
        self.get(key)?.get(name)?.as_str()
    }

    /// How positions are stretched.
    pub(super) fn rope_type(&self) -> Option<&'a str> {
        ["rope_scaling", "rope_parameters"]
            .iter()
            .find_map(|key| self.inner_text(key, "rope_type").or_else(|| self.inner_text(key, "type")))
    }

    /// The share of a head that is rotated, where not all of it.
    pub(super) fn rotary_share(&self) -> Option<f64> {
        let nested = || self.get("rope_parameters")?.get("partial_rotary_factor");
        self.get("partial_rotary_factor").or_else(nested)?.as_f64().filter(|share| *share < 1.0)
    }
}

fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Array(values) => values.iter().filter_map(Value::as_u64).max(),
        value => value.as_u64(),
    }
}
