//! Over the bars: what the plan is called, whether it fits, what runs on what, and how fast.

use super::super::sheet::Sheet;
use super::{GAP, MARGIN, WIDTH, cut};
use crate::scenes::draw::pencil::{LEADING, Pencil};
use crate::scenes::mark::{Anchor, Face, Ink};
use crate::text::{Locale, one_line};

/// The dot of the verdict, and from it to its word.
const DOT: f32 = 7.0;
const TO_WORD: f32 = 10.0;
/// Between readings.
const APART: f32 = 44.0;
/// A reading with its name under it.
const READING: f32 = 44.0;

/// Draws the head from `y` on; where it ends.
pub(super) fn draw(sheet: &Sheet<'_>, locale: Locale, y: f32, pencil: &mut Pencil<'_>) -> f32 {
    let verdict = sheet.verdict(locale);
    let width = pencil.width(&verdict, Face::Amount);
    let middle = y + Face::Thing.size() * LEADING / 2.0;
    let (left, right) = (MARGIN, WIDTH - MARGIN);
    let dot = right - width - TO_WORD - DOT;
    let title = cut(&one_line(sheet.title), Face::Thing, dot - DOT - APART - left, pencil);
    pencil.text([left, middle], Anchor::Start, &title, (Face::Thing, Ink::Text), f32::INFINITY);
    if let Some(verdict) = sheet.estimate.verdict {
        pencil.disc([dot, middle], DOT, Some(Ink::Verdict(verdict)), None);
    }
    pencil.text([right, middle], Anchor::End, &verdict, (Face::Amount, Ink::Text), f32::INFINITY);
    let y = y + Face::Thing.size() * LEADING + GAP / 2.0;
    let what = one_line(&sheet.what(locale)).into_owned();
    let y = y + pencil.paragraph([left, y], &what, (Face::Body, Ink::Sec), right - left) + GAP;
    readings(sheet, locale, y, pencil)
}

/// How fast it runs, side by side as far as there is room; why there is no speed where there is none.
fn readings(sheet: &Sheet<'_>, locale: Locale, mut y: f32, pencil: &mut Pencil<'_>) -> f32 {
    if let Some(why) = sheet.no_speed(locale) {
        y += pencil.paragraph([MARGIN, y], why, (Face::Body, Ink::Sec), WIDTH - 2.0 * MARGIN);
    }
    let mut x = MARGIN;
    let rates = sheet.rates(locale);
    for rate in &rates {
        let width = pencil.width(&rate.said, Face::Amount).max(pencil.width(rate.name, Face::Small));
        if x > MARGIN && x + width > WIDTH - MARGIN {
            x = MARGIN;
            y += READING + GAP / 2.0;
        }
        pencil.text([x, y + 10.0], Anchor::Start, &rate.said, (Face::Amount, Ink::Text), f32::INFINITY);
        pencil.text([x, y + 32.0], Anchor::Start, rate.name, (Face::Small, Ink::Sec), f32::INFINITY);
        x += width + APART;
    }
    if rates.is_empty() { y } else { y + READING }
}
