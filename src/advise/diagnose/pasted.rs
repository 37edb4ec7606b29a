//! A text as it was pasted, and passages of it.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::amount;
use crate::text::scan::{self, Runs};

/// How far behind its first words a message reaches, in bytes.
const REACH: usize = 1600;
/// How far before them the program may say who it is.
const BEFORE: usize = 160;
/// From so many bytes on a text is gone through once before hundreds of words are looked for in it.
const LONG: usize = 64 << 10;

/// A pasted text without the colors of a terminal.
pub(in crate::advise) struct Pasted<'a> {
    text: Cow<'a, str>,
    /// The same in small letters, once somebody looks for words in any letters.
    small: OnceCell<String>,
    /// What tells that words stand nowhere in a long text.
    runs: Option<Runs>,
}

impl<'a> Pasted<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let text = without_colors(text);
        let runs = (text.len() >= LONG).then(|| Runs::of(&text));
        Self { text, small: OnceCell::new(), runs }
    }

    fn may_have(&self, words: &str) -> bool {
        self.runs.as_ref().is_none_or(|runs| runs.may_have(words))
    }

    /// Where these words stand last.
    fn last_at(&self, words: &str) -> Option<usize> {
        if self.may_have(words) { scan::last(&self.text, words) } else { None }
    }

    /// Whether any of these words stands in the text.
    pub(super) fn has_any(&self, words: &[&str]) -> bool {
        words.iter().any(|words| self.may_have(words) && scan::has(&self.text, words))
    }

    /// The last passage that begins with these words: what ended a program stands at the end.
    pub(super) fn last(&self, words: &str) -> Option<Passage> {
        self.last_at(words).map(|at| self.passage(at))
    }

    /// The first of these that the text has.
    pub(super) fn last_of(&self, words: &[&str]) -> Option<Passage> {
        words.iter().find_map(|words| self.last(words))
    }

    /// Of the last passages that begin with each of these, the one furthest down.
    pub(super) fn latest_of(&self, words: &[&str]) -> Option<Passage> {
        words.iter().filter_map(|words| self.last_at(words)).max().map(|at| self.passage(at))
    }

    /// The first of these that the text has, in capitals or not; the words are in small letters.
    pub(super) fn last_of_any_case(&self, words: &[&str]) -> Option<Passage> {
        let mut may = words.iter().filter(|words| self.may_have(words)).peekable();
        may.peek()?;
        let small = self.small.get_or_init(|| self.text.to_ascii_lowercase());
        may.find_map(|words| scan::last(small, words)).map(|at| self.passage(at))
    }

    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.lines()
    }

    /// What stands around a place in its line, as far as words of one sentence reach.
    pub(super) fn line_around(&self, at: usize) -> &str {
        const REACH: usize = 140;
        let (before, after) = self.text.split_at(at);
        let start = before.rfind('\n').map_or(0, |end| end + 1).max(boundary(&self.text, at.saturating_sub(REACH)));
        let end = after.find('\n').map_or(self.text.len(), |end| at + end);
        &self.text[start..end.min(boundary(&self.text, at.saturating_add(REACH).min(self.text.len())))]
    }

    fn passage(&self, at: usize) -> Passage {
        let end = boundary(&self.text, at.saturating_add(REACH).min(self.text.len()));
        let start = boundary(&self.text, at.saturating_sub(BEFORE));
        Passage { at, before: one_line(&self.text[start..at]), text: one_line(&self.text[at..end]) }
    }
}

/// Words of a message, on one line.
pub(in crate::advise) struct Passage {
    /// Where it begins, in bytes of the text.
    pub(super) at: usize,
    /// What stands before it.
    pub(super) before: String,
    text: String,
}

impl Passage {
    pub(super) fn has(&self, words: &str) -> bool {
        self.text.contains(words)
    }

    /// Whether these words stand in the first so many bytes of it.
    pub(super) fn has_within(&self, words: &str, bytes: usize) -> bool {
        self.text.find(words).is_some_and(|at| at < bytes)
    }

    /// Whether these are the words that it begins with.
    pub(super) fn begins(&self, words: &str) -> bool {
        self.text.starts_with(words)
    }

    /// What follows these words.
    pub(super) fn after(&self, words: &str) -> Option<&str> {
        self.text.find(words).map(|at| &self.text[at + words.len()..])
    }

    /// What stands before these words.
    pub(super) fn text_before(&self, words: &str) -> Option<&str> {
        self.text.find(words).map(|at| &self.text[..at])
    }

    /// The amount that follows these words, in bytes.
    pub(super) fn amount_after(&self, words: &str) -> Option<u64> {
        amount::leading(self.after(words)?)
    }

    /// The amount that stands right before these words, in bytes.
    pub(super) fn amount_before(&self, words: &str) -> Option<u64> {
        amount::trailing(&self.text[..self.text.find(words)?])
    }

    /// The whole number that follows these words.
    pub(super) fn whole_after(&self, words: &str) -> Option<u64> {
        amount::whole(self.after(words)?)
    }

    /// A card's number that follows these words.
    pub(super) fn device_after(&self, words: &str) -> Option<u32> {
        self.whole_after(words).and_then(|device| u32::try_from(device).ok())
    }
}

/// Log lines and terminals break messages where they like.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Without the sequences that color a terminal.
pub(crate) fn without_colors(text: &str) -> Cow<'_, str> {
    const ESCAPE: char = '\u{1b}';
    if !scan::has(text, "\u{1b}") {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut pieces = text.split(ESCAPE);
    plain.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let rest = piece.strip_prefix('[').and_then(|sequence| {
            sequence.find(|letter: char| letter.is_ascii_alphabetic()).map(|end| &sequence[end + 1..])
        });
        plain.push_str(rest.unwrap_or(piece));
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_and_broken_lines_do_not_hide_a_message() {
        let pasted = Pasted::new("\u{1b}[31mError\u{1b}[0m: asked\n  1.50\n GiB of it");
        assert_eq!(pasted.last("asked").and_then(|passage| passage.amount_after("asked ")), Some(3 << 29));
        assert_eq!(pasted.last("asked").and_then(|passage| passage.amount_before(" of it")), Some(3 << 29));
    }

    #[test]
    fn a_passage_of_letters_of_several_bytes_is_cut_between_them() {
        let text = format!("{}asked{}", "页".repeat(400), "面".repeat(2000));
        assert!(Pasted::new(&text).last("asked").is_some_and(|passage| passage.has("面")));
    }
}
