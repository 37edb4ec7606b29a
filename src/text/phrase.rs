//! What is wrong, in no language yet: the sentence by its key and what fills its holes.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Join, Key, Locale, Placeholder};

/// A fault: data that can be said in every language.
pub trait Fault {
    /// The sentence, and what fills it.
    fn phrase(&self) -> Phrase;

    /// What is wrong and what would do, on one line.
    fn say(&self, locale: Locale) -> String {
        self.phrase().say(locale)
    }
}

/// A sentence in no language yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    key: Key,
    holes: Vec<Hole>,
}

/// What fills one hole of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Hole {
    name: Placeholder,
    filling: Filling,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Filling {
    /// A name or a figure, the same in every language.
    Text(String),
    /// Names, joined as each language does.
    List(Join, Vec<String>),
    /// Another sentence.
    Phrase(Phrase),
    /// Sentences, joined as each language does.
    Phrases(Join, Vec<Phrase>),
}

impl Phrase {
    /// The sentence of this key, its holes still open.
    pub const fn new(key: Key) -> Self {
        Self { key, holes: Vec::new() }
    }

    /// With a name or a figure in this hole.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "figures and borrowed names alike")]
    pub fn with(self, name: Placeholder, text: impl ToString) -> Self {
        self.filled(name, Filling::Text(text.to_string()))
    }

    /// With names in this hole.
    #[must_use]
    pub fn with_list<T: ToString>(self, name: Placeholder, how: Join, texts: impl IntoIterator<Item = T>) -> Self {
        self.filled(name, Filling::List(how, texts.into_iter().map(|text| text.to_string()).collect()))
    }

    /// With another sentence in this hole.
    #[must_use]
    pub fn with_phrase(self, name: Placeholder, phrase: Self) -> Self {
        self.filled(name, Filling::Phrase(phrase))
    }

    /// With sentences in this hole.
    #[must_use]
    pub fn with_phrases(self, name: Placeholder, how: Join, phrases: Vec<Self>) -> Self {
        self.filled(name, Filling::Phrases(how, phrases))
    }

    fn filled(mut self, name: Placeholder, filling: Filling) -> Self {
        self.holes.push(Hole { name, filling });
        self
    }

    /// What a parser carries through to who called it: see [`Carried`].
    pub const fn carried(self) -> Carried {
        Carried(self)
    }

    /// The sentence that a parser carried in its message.
    pub fn from_carried(message: &str) -> Option<Self> {
        serde_json::from_str(message.strip_prefix(MARK)?).ok()
    }
}

impl Fault for Phrase {
    fn phrase(&self) -> Phrase {
        self.clone()
    }

    fn say(&self, locale: Locale) -> String {
        let say = |filling: &Filling| match filling {
            Filling::Text(text) => text.clone(),
            Filling::List(how, texts) => locale.join(*how, texts),
            Filling::Phrase(phrase) => phrase.say(locale),
            Filling::Phrases(how, phrases) => locale.join(*how, phrases.iter().map(|phrase| phrase.say(locale))),
        };
        let filled: Vec<(Placeholder, String)> =
            self.holes.iter().map(|hole| (hole.name, say(&hole.filling))).collect();
        let holes: Vec<(Placeholder, &str)> = filled.iter().map(|(name, words)| (*name, words.as_str())).collect();
        locale.sentence(self.key, &holes)
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Locale::En))
    }
}

/// What tells a carried sentence from a parser's own message: no text of a file that is shown begins with it.
const MARK: char = '\u{1}';

/// A fault on its way through a parser. Parsers take nothing from a value's own check but text to print, so the sentence
/// is printed as data, and read back by whoever asked the parser.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Carried(Phrase);

impl Fault for Carried {
    fn phrase(&self) -> Phrase {
        self.0.clone()
    }
}

impl fmt::Display for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{MARK}{}", serde_json::to_string(&self.0).unwrap_or_default())
    }
}

/// Prints faults in English, where a test or a log wants one.
macro_rules! printed_in_english {
    ($($fault:ty),+ $(,)?) => {
        $(impl std::fmt::Display for $fault {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$crate::text::Fault::say(self, $crate::text::Locale::En))
            }
        })+
    };
}

pub(crate) use printed_in_english;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_filled_in_each_language() {
        let unknown = Phrase::new(Key::ErrorUnknownCard).with(Placeholder::Name, "x");
        let nearest = Phrase::new(Key::ErrorNearest).with_phrase(Placeholder::Value, unknown).with_list(
            Placeholder::Name,
            Join::Items,
            ["a", "b"],
        );
        assert_eq!(nearest.say(Locale::En), "unknown card x, nearest: a, b");
        assert_eq!(nearest.say(Locale::Zh), "未知显卡 x，最接近：a、b");
        assert_eq!(Phrase::from_carried(&nearest.clone().carried().to_string()), Some(nearest));
        assert_eq!(Phrase::from_carried("expected a map"), None);
    }
}
