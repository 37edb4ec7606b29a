//! Tensors that lie elsewhere than their layers: llama.cpp's `-ot`.

use std::fmt;
use std::str::FromStr;

use regex::RegexBuilder;
use serde::{Deserialize, Serialize};

use crate::text::{Carried, Fault, Key, Phrase, Placeholder, foreign, printed_in_english};

/// A rule: tensors whose name has the pattern in it lie in this buffer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct TensorOverride {
    /// A regular expression.
    pattern: String,
    /// As the engine calls it: `CPU`, `CUDA0`, `Vulkan1`.
    buffer: String,
}

/// Rules in the order in which they are tried; the first that names a tensor counts. Written as llama.cpp reads them:
/// `blk\.[0-9]\.ffn_.*_exps=CPU,output=CUDA1`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TensorOverrides(Vec<TensorOverride>);

/// Text that is no list of rules.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct OverridesError(String);

impl Fault for OverridesError {
    fn phrase(&self) -> Phrase {
        Phrase::new(Key::NoOverrides).with(Placeholder::Value, foreign(&self.0))
    }
}

printed_in_english!(OverridesError);

/// The longest text that is read: rules for each of some hundred layers.
const LONGEST: usize = 1 << 14;
/// The most that one pattern may grow to, in bytes.
const LARGEST_PATTERN: usize = 1 << 20;
/// Letters that a fault repeats.
const REPEATED: usize = 80;

impl TensorOverrides {
    /// Whether all tensors lie with their layers.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells which rule names a tensor, by its place.
    pub(crate) fn matcher(&self) -> OverrideMatcher {
        OverrideMatcher(self.0.iter().filter_map(|rule| compiled(&rule.pattern)).collect())
    }

    /// Where each rule sends what it names.
    pub(crate) fn buffers(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|rule| rule.buffer.as_str())
    }
}

/// Rules that are ready to be asked.
#[derive(Debug)]
pub(crate) struct OverrideMatcher(Vec<regex::Regex>);

impl OverrideMatcher {
    /// The place of the first rule that names this tensor.
    pub(crate) fn rule_of(&self, tensor: &str) -> Option<usize> {
        self.0.iter().position(|pattern| pattern.is_match(tensor))
    }
}

/// Every pattern that was read can be compiled.
fn compiled(pattern: &str) -> Option<regex::Regex> {
    RegexBuilder::new(pattern).size_limit(LARGEST_PATTERN).build().ok()
}

impl FromStr for TensorOverrides {
    type Err = OverridesError;

    fn from_str(text: &str) -> Result<Self, OverridesError> {
        let error = |part: &str| OverridesError(part.chars().take(REPEATED).collect());
        if text.len() > LONGEST {
            return Err(error(text));
        }
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let rule = |part: &str| {
            let (pattern, buffer) = part.split_once('=').filter(|(pattern, buffer)| {
                !pattern.is_empty() && !buffer.is_empty() && buffer.chars().all(|it| it.is_ascii_alphanumeric())
            })?;
            compiled(pattern).map(|_| TensorOverride { pattern: pattern.to_owned(), buffer: buffer.to_owned() })
        };
        text.trim().split(',').map(|part| rule(part).ok_or_else(|| error(part))).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for TensorOverrides {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, TensorOverride { pattern, buffer }) in self.0.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            write!(f, "{comma}{pattern}={buffer}")?;
        }
        Ok(())
    }
}

impl TryFrom<String> for TensorOverrides {
    type Error = Carried;

    fn try_from(text: String) -> Result<Self, Carried> {
        text.parse().map_err(|error: OverridesError| error.phrase().carried())
    }
}

impl From<TensorOverrides> for String {
    fn from(rules: TensorOverrides) -> Self {
        rules.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_as_they_are_written() {
        for text in ["exps=CPU", r"blk\.(1[0-9]|2[0-9])\.ffn_.*_exps=CPU,output=CUDA1", ""] {
            assert_eq!(text.parse::<TensorOverrides>().unwrap().to_string(), text);
        }
        for text in ["exps", "=CPU", "exps=", "(exps=CPU", "exps=CPU,", "exps=CPU0:x"] {
            assert!(text.parse::<TensorOverrides>().is_err(), "{text}");
        }
        assert!("exps=CPU,".repeat(LONGEST).parse::<TensorOverrides>().is_err(), "too long");
    }

    #[test]
    fn the_first_rule_that_names_a_tensor_counts() {
        let rules: TensorOverrides = r"blk\.1\.ffn=CUDA0,exps=CPU".parse().unwrap();
        let matcher = rules.matcher();
        assert_eq!(matcher.rule_of("blk.1.ffn_up_exps.weight"), Some(0));
        assert_eq!(matcher.rule_of("blk.11.ffn_up_exps.weight"), Some(1));
        assert_eq!(matcher.rule_of("blk.11.attn_q.weight"), None);
    }
}
