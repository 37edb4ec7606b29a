//! Sentences of a scene: figures filled in, kitchen words or plain ones, and the words that light up with what they name.

use super::figure::Figures;
use super::mark::Link;
use super::script::twins;
use crate::text::{Locale, fill_with};

/// How things are called.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, strum::EnumCount)]
pub enum Tongue {
    /// The prep table, the stove, the runner.
    #[default]
    Kitchen,
    /// RAM, VRAM, PCIe.
    Plain,
}

impl Tongue {
    /// Both.
    pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] = [Self::Kitchen, Self::Plain];
}

/// Words of one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The words.
    pub words: String,
    /// What they name, where they light up with it.
    pub link: Option<Link>,
}

/// The sentence with its figures and the words of `tongue`; what is not known stays as it is written.
pub fn fill(pattern: &str, figures: &Figures, tongue: Tongue, locale: Locale) -> String {
    let spoken = speak(pattern, tongue, locale);
    fill_with(&spoken, |name| figures.said(name, locale))
}

/// `<word>` as `tongue` has it.
fn speak(pattern: &str, tongue: Tongue, locale: Locale) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let word = after.split_once('>').and_then(|(name, tail)| Some((twins().get(name)?, tail)));
        let Some((twin, tail)) = word else {
            out.push('<');
            rest = after;
            continue;
        };
        let said = match tongue {
            Tongue::Kitchen => &twin.kitchen,
            Tongue::Plain => &twin.plain,
        };
        out.push_str(said.of(locale));
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// The spans of a filled sentence.
pub fn spans(filled: &str) -> Vec<Span> {
    let mut out = Vec::new();
    let mut push = |words: &str, link| {
        if !words.is_empty() {
            out.push(Span { words: words.to_owned(), link });
        }
    };
    let mut rest = filled;
    while let Some((before, after)) = rest.split_once('[') {
        let inner = after
            .split_once(']')
            .and_then(|(inner, tail)| inner.split_once(':').map(|(name, words)| (name, words, tail)));
        let Some((name, words, tail)) = inner else {
            push(before, None);
            push("[", None);
            rest = after;
            continue;
        };
        push(before, None);
        push(words, Link::named(name));
        rest = tail;
    }
    push(rest, None);
    out
}

/// The sentence without marks.
pub fn strip(filled: &str) -> String {
    spans(filled).into_iter().map(|span| span.words).collect()
}
