//! An answer in the making: words appear as fast as they are read, in real time.

use super::pencil::Pencil;
use super::{Acts, Progress};
use crate::scenes::Scene;
use crate::scenes::mark::{Anchor, Area, Face, Ink};
use crate::scenes::picture::{Say, Thing};
use crate::scenes::spans::Tongue;
use crate::text::Locale;

/// Words that appear one by one.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    /// The answer; it begins anew where it is too short.
    pub answer: Say,
    /// Words a second.
    pub rate: f64,
    /// How many seconds it runs.
    pub runs: f32,
}

impl Acts for Stream {
    fn seconds(&self, _before: Option<&Thing>) -> f32 {
        self.runs
    }

    fn races(&self) -> bool {
        true
    }

    fn draw(&self, _before: Option<&Thing>, at: Progress, area: Area, pencil: &mut Pencil<'_>) {
        let answer = pencil.say(&self.answer);
        let words = words(&answer, pencil.beholder().locale);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of words")]
        let said = (f64::from(at.seconds) * self.rate).floor() as usize;
        let mut told = String::new();
        for word in words.iter().cycle().take(said.min(MOST)) {
            told.push_str(word);
        }
        let lines = (area.h / (Face::Body.size() * LEADING)).floor().max(1.0);
        let _ = pencil.paragraph_in([area.x, area.y], &told, (Face::Body, Ink::Sec), (area.w, lines));
        pencil.text([area.x, area.bottom() - 8.0], Anchor::Start, "", (Face::Small, Ink::Faint), area.w);
    }

    fn describe(&self, _scene: &Scene, _tongue: Tongue, _locale: Locale) -> String {
        String::new()
    }
}

/// Lines over their size.
const LEADING: f32 = 1.4;
/// No reader sees more words than these in the seconds that it runs.
const MOST: usize = 400;

/// Pieces of about a token each: a word and its space, or two characters.
fn words(answer: &str, locale: Locale) -> Vec<String> {
    match locale {
        Locale::En => answer.split_inclusive(' ').map(str::to_owned).chain([" ".to_owned()]).collect(),
        Locale::Zh => {
            let letters: Vec<char> = answer.chars().collect();
            letters.chunks(2).map(|pair| pair.iter().collect()).collect()
        }
    }
}
