//! Under the bars: who says so, and the text that opens the plan, since those who pass pictures on often drop what lies in
//! their files.

use super::super::sheet::Sheet;
use super::{GAP, MARGIN, WIDTH};
use crate::scenes::draw::pencil::{LEADING, Pencil};
use crate::scenes::mark::{Anchor, Face, Ink, Pen};
use crate::text::{Key, Locale, Placeholder};

/// A longer text is not printed: nobody would read it off a picture.
const LONGEST: usize = 2000;

/// Draws the foot from `y` on; where it ends.
pub(super) fn draw(sheet: &Sheet<'_>, locale: Locale, y: f32, pencil: &mut Pencil<'_>) -> f32 {
    let room = WIDTH - 2.0 * MARGIN;
    let mut y = y;
    for note in sheet.notes(locale) {
        y += pencil.paragraph([MARGIN, y], &note, (Face::Small, Ink::Sec), room);
    }
    y += GAP / 2.0;
    pencil.line([MARGIN, y], [WIDTH - MARGIN, y], Pen::new(Ink::Line, 1.0));
    y += GAP / 2.0;
    let made = locale.sentence(Key::PageFoot, &[(Placeholder::Value, env!("CARGO_PKG_VERSION"))]);
    y += pencil.paragraph([MARGIN, y], &made, (Face::Small, Ink::Faint), room);
    let Some(link) = sheet.link else { return y };
    let printed = link.len() <= LONGEST;
    let said = locale.word(if printed { Key::PictureLink } else { Key::PictureInside });
    y += pencil.paragraph([MARGIN, y], said, (Face::Small, Ink::Sec), room);
    if printed {
        y = lines(link, y + GAP / 4.0, room, pencil);
    }
    y
}

/// The text in lines of one length.
fn lines(link: &str, mut y: f32, room: f32, pencil: &mut Pencil<'_>) -> f32 {
    let letters: Vec<char> = link.chars().collect();
    let width = pencil.width("0", Face::Mono).max(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "letters of a line")]
    let each = ((room / width).floor() as usize).max(1);
    let height = Face::Mono.size() * LEADING;
    for line in letters.chunks(each) {
        let words: String = line.iter().collect();
        pencil.text([MARGIN, y + height / 2.0], Anchor::Start, &words, (Face::Mono, Ink::Sec), f32::INFINITY);
        y += height;
    }
    y
}
