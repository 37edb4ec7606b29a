//! Words in two languages, and how numbers are written. Knows nothing of what the words are used for.

mod column;
mod concept;
pub mod find;
mod foreign;
mod join;
mod json_fault;
mod key;
mod key_names;
mod memory;
mod money;
mod nearest;
mod number;
mod phrase;
mod placeholder;
pub mod program_names;
mod ron_fault;
pub mod scan;
mod shown;
mod word_tables;

pub use column::{FigureColumn, PrintedFigure, apportion, percents};
pub use concept::{Concept, Subject};
pub use foreign::{foreign, foreign_path, one_line};
pub use join::{Join, spaced};
pub use json_fault::{JsonFault, JsonFaultKind};
pub use key::Key;
pub use memory::{gib, gib_trimmed};
pub use money::{Currency, Money, MoneyTick};
pub use nearest::nearest;
pub use number::{
    count, decimal, figure, large, narrow, parameters, parse_count, parse_memory, parse_number, parse_parameters,
    parse_shares, parse_tokens, range, shares, time_unit, tokens, trimmed,
};
pub(crate) use phrase::printed_in_english;
pub use phrase::{Carried, Fault, Phrase};
pub use placeholder::Placeholder;
pub use ron_fault::{RonFault, RonProblem};
pub use shown::{DisplayUnits, money, money_by_thumb, money_per_usd, money_ticks, parse_money, show_as};

use serde::{Deserialize, Serialize};

/// A language of the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, strum::EnumCount)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Locale {
    /// Both languages.
    pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] = [Self::En, Self::Zh];

    /// The language that a system locale such as `zh_CN.UTF-8` or `en-US` asks for; English where it is neither.
    pub fn from_system(tag: &str) -> Self {
        if tag.to_ascii_lowercase().starts_with("zh") { Self::Zh } else { Self::En }
    }

    /// The language's own name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Zh => "中文",
        }
    }

    /// The other language.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::En => Self::Zh,
            Self::Zh => Self::En,
        }
    }

    /// The words of `key`.
    pub fn word(self, key: Key) -> &'static str {
        word_tables::of(self).word(key)
    }

    /// The sentence of `key` with its holes filled, in the word order of the language.
    ///
    /// Holes that are not given stay as they are written, so that a mistake is seen.
    pub fn sentence(self, key: Key, holes: &[(Placeholder, &str)]) -> String {
        fill(self.word(key), holes)
    }
}

fn fill(pattern: &str, holes: &[(Placeholder, &str)]) -> String {
    fill_with(pattern, |name| holes.iter().find(|(hole, _)| hole.name() == name).map(|(_, value)| *value))
}

/// A sentence with its holes filled by name; those that `value` does not know stay as they are written. `{count|layer|layers}`
/// becomes the words for one or for many of what fills `count`, a `#` in them what fills it.
pub fn fill_with<V: AsRef<str>>(pattern: &str, value: impl Fn(&str) -> Option<V>) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        let (hole, forms) = name.split_once('|').map_or((name, None), |(hole, forms)| (hole, Some(forms)));
        match (value(hole), forms) {
            (Some(value), None) => out.push_str(value.as_ref()),
            (Some(value), Some(forms)) => out.push_str(&by_number(forms, value.as_ref())),
            (None, _) => out.extend(["{", name, "}"]),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// The words for so many, of `one|many`.
fn by_number(forms: &str, number: &str) -> String {
    let (one, many) = forms.split_once('|').unwrap_or((forms, forms));
    if number == "1" { one } else { many }.replace('#', number)
}

/// Words as the beginning of a sentence: a capital first, except where they begin with a name such as `llama.cpp` or `nf4`.
pub fn sentence_case(words: &str) -> String {
    let first = words.split(' ').next().unwrap_or_default();
    if !first.bytes().all(|letter| letter.is_ascii_lowercase()) {
        return words.to_owned();
    }
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |letter| letter.to_uppercase().chain(letters).collect())
}

/// The words as they stand within a sentence: without their capital, unless they begin with a name.
pub fn within_sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().filter(|_| {
        // `LoRA`, `QLoRA`, `RTX`: a capital further on tells a name.
        let word = words.split(' ').next().unwrap_or_default();
        !word.chars().skip(1).any(char::is_uppercase)
            && letters.clone().next().is_some_and(|second| second.is_lowercase() || second == ' ')
    });
    first.map_or_else(|| words.to_owned(), |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_and_mistakes_stay_visible() {
        let holes = [(Placeholder::Needed, "42.9 GiB"), (Placeholder::Vram, "24.0 GiB")];
        assert_eq!(fill("{needed} of {vram}", &holes), "42.9 GiB of 24.0 GiB");
        assert_eq!(fill("a {nobody} b { c", &holes), "a {nobody} b { c");
    }

    #[test]
    fn words_go_by_the_number_before_them() {
        let of = |count| {
            fill("{count} {count|layer is|layers are} there, {count|once|# times}", &[(Placeholder::Count, count)])
        };
        assert_eq!(of("1"), "1 layer is there, once");
        assert_eq!(of("1,024"), "1,024 layers are there, 1,024 times");
    }

    #[test]
    fn system_locales_choose_a_language() {
        assert_eq!(Locale::from_system("zh_CN.UTF-8"), Locale::Zh);
        assert_eq!(Locale::from_system("de-DE"), Locale::En);
    }
}
