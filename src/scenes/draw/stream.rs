//! An answer in the making: words appear as fast as they are read, in real time.

use super::pencil::Pencil;
use super::{Acts, Progress};
use crate::scenes::Scene;
use crate::scenes::figure::Figure;
use crate::scenes::mark::{Anchor, Area, Face, Ink};
use crate::scenes::picture::{Say, Thing};
use crate::scenes::spans::Tongue;
use crate::text::{Key, Locale, Placeholder};

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
        let mut lines = vec![String::new()];
        for word in words.iter().cycle().take(said.min(MOST)) {
            let line = lines.last().cloned().unwrap_or_default();
            if pencil.width(&format!("{line}{}", word.trim_end()), Face::Body) > area.w {
                lines.push(word.clone());
            } else if let Some(line) = lines.last_mut() {
                line.push_str(word);
            }
        }
        let pitch = Face::Body.size() * LEADING;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of lines")]
        let shown = (area.h / pitch).floor().max(1.0) as usize;
        // What was said first makes room.
        let gone = lines.len().saturating_sub(shown);
        for (row, line) in lines.iter().skip(gone).enumerate() {
            let at = [area.x, area.y + pitch * (row as f32 + 0.5)];
            pencil.text(at, Anchor::Start, line.trim_end(), (Face::Body, Ink::Text), f32::INFINITY);
        }
    }

    fn describe(&self, _scene: &Scene, _tongue: Tongue, locale: Locale) -> String {
        let rate = Figure::WordsPerSecond(self.rate).say(locale);
        locale.sentence(Key::SceneStream, &[(Placeholder::Value, &rate)])
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
