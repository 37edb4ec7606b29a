//! Lists in the punctuation of each language.

use serde::{Deserialize, Serialize};

use super::{Key, Locale};

/// What stands beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Join {
    /// Items of a list: `a, b, c`, `a、b、c`.
    Items,
    /// Items of a list in a sentence, the last after "and": `a, b and c`, `a、b和c`.
    And,
    /// Items to choose from: `a or b or c`, `a或b或c`.
    Or,
    /// Parts of one clause: `a, b`, `a，b`.
    Phrases,
    /// Clauses of one sentence: `a; b`, `a；b`.
    Clauses,
}

impl Locale {
    /// The words as one text, in the way of the language.
    pub fn join<W: AsRef<str>>(self, how: Join, words: impl IntoIterator<Item = W>) -> String {
        let (between, last) = match how {
            Join::Items => (Key::JoinItems, None),
            Join::And => (Key::JoinItems, Some(Key::JoinAnd)),
            Join::Or => (Key::JoinOr, None),
            Join::Phrases => (Key::JoinPhrases, None),
            Join::Clauses => (Key::JoinClauses, None),
        };
        let mut words = words.into_iter().peekable();
        let mut text = String::new();
        while let Some(word) = words.next() {
            if !text.is_empty() {
                let ends = words.peek().is_none();
                text.push_str(self.word(last.filter(|_| ends).unwrap_or(between)));
            }
            text.push_str(word.as_ref());
        }
        text
    }
}

/// A Chinese text with a blank wherever a letter or a digit of English stands beside a Chinese one.
#[must_use]
pub fn spaced(text: &str) -> String {
    let is_han = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
    let mut spaced = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for letter in text.chars() {
        let apart =
            is_han(before) && letter.is_ascii_alphanumeric() || before.is_ascii_alphanumeric() && is_han(letter);
        spaced.extend(apart.then_some(' '));
        spaced.push(letter);
        before = letter;
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_letters_stand_apart_from_chinese_ones() {
        assert_eq!(spaced("请指定ram_gb_s或platform，共 2 项"), "请指定 ram_gb_s 或 platform，共 2 项");
    }

    #[test]
    fn lists_are_joined_as_each_language_does() {
        let said = |how| Locale::ALL.map(|locale| locale.join(how, ["a", "b", "c"]));
        assert_eq!(said(Join::Items), ["a, b, c", "a、b、c"]);
        assert_eq!(said(Join::And), ["a, b and c", "a、b和c"]);
        assert_eq!(said(Join::Or), ["a or b or c", "a或b或c"]);
        assert_eq!(said(Join::Phrases), ["a, b, c", "a，b，c"]);
        assert_eq!(said(Join::Clauses), ["a; b; c", "a；b；c"]);
        assert_eq!(Locale::En.join(Join::And, ["a", "b"]), "a and b");
        assert_eq!(Locale::En.join(Join::And, [] as [&str; 0]), "");
    }
}
