//! A plan as one picture: its name and verdict, how fast it runs, every memory as a bar, and the text that opens it. Marks, as
//! scenes are drawn: vectors and pixels are written from the same ones.

mod foot;
mod head;
mod rows;

use super::raster::{self, Faces, Pixels};
use super::sheet::Sheet;
use super::svg;
use super::{carrier, encode};
use crate::scenes::draw::pencil::Pencil;
use crate::scenes::draw::{Acts as _, Beholder, Measure, Progress};
use crate::scenes::mark::{Area, Face, Mark};
use crate::scenes::palette::Palette;
use crate::scenes::spans::Tongue;
use crate::text::{Join, Locale};

/// How wide a picture is, and what stays free around it, in points.
const WIDTH: f32 = 1200.0;
const MARGIN: f32 = 36.0;
/// Between what stands under each other.
const GAP: f32 = 16.0;
/// Pixels a point: sharp on the screens of today.
const SCALE: f32 = 2.0;
const TITLE_END: &str = "</title>";
/// What stands where words were cut.
const CUT: char = '…';

/// A picture of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanPicture {
    /// What is drawn.
    pub marks: Vec<Mark>,
    /// Width and height in points.
    pub size: [f32; 2],
    /// What it shows, in words.
    pub name: String,
}

/// The picture as vectors.
pub fn vectors(sheet: &Sheet<'_>, palette: &Palette, locale: Locale) -> String {
    let picture = PlanPicture::of(sheet, locale, &svg::AnyFont);
    let drawn = svg::file(&picture.marks, picture.size, &picture.name, palette);
    let Some(link) = sheet.link else { return drawn };
    // Behind the title, which comes first in a drawing.
    drawn.replacen(TITLE_END, &format!("{TITLE_END}{}", carrier::svg::metadata(link)), 1)
}

/// The picture as pixels.
pub fn pixels(sheet: &Sheet<'_>, palette: &Palette, locale: Locale) -> Pixels {
    let picture = PlanPicture::of(sheet, locale, &Faces::bundled());
    raster::draw(&picture.marks, picture.size, palette, SCALE)
}

/// The picture as a file of pixels, the text that opens the plan in it; `None` where it has no such form.
pub fn png(sheet: &Sheet<'_>, palette: &Palette, locale: Locale) -> Option<Vec<u8>> {
    let Pixels { width, height, rgba } = pixels(sheet, palette, locale);
    let bytes = encode::png([width, height], &rgba)?;
    match sheet.link {
        Some(link) => carrier::png::put_in(&bytes, link).ok(),
        None => Some(bytes),
    }
}

impl PlanPicture {
    /// The whole picture, for fonts whose words are so wide.
    fn of(sheet: &Sheet<'_>, locale: Locale, measure: &dyn Measure) -> Self {
        let mut marks = Vec::new();
        let mut pencil = Pencil::alone(Beholder { locale, tongue: Tongue::Plain, measure }, &mut marks);
        let mut y = head::draw(sheet, locale, MARGIN, &mut pencil) + GAP;
        y = bars(sheet, locale, y, &mut pencil) + GAP;
        y = foot::draw(sheet, locale, y, &mut pencil) + MARGIN;
        Self { marks, size: [WIDTH, y.ceil()], name: name(sheet, locale) }
    }

    /// The bars alone, for a page that says all else itself; each font is as wide as any.
    pub(super) fn bars(sheet: &Sheet<'_>, locale: Locale) -> Self {
        let mut marks = Vec::new();
        let mut pencil = Pencil::alone(Beholder { locale, tongue: Tongue::Plain, measure: &svg::AnyFont }, &mut marks);
        let bottom = bars(sheet, locale, 0.0, &mut pencil);
        Self { marks, size: [WIDTH, bottom.ceil()], name: name(sheet, locale) }
    }
}

/// Draws the memories; where they end.
fn bars(sheet: &Sheet<'_>, locale: Locale, y: f32, pencil: &mut Pencil<'_>) -> f32 {
    let bars = rows::bars(sheet, locale, pencil);
    let area = Area::new(MARGIN, y, WIDTH - 2.0 * MARGIN, rows::height(&bars));
    let still = Progress { moved: 1.0, seconds: 0.0, numbers: 1.0 };
    bars.draw(None, still, area, pencil);
    area.bottom()
}

/// What the picture shows, for those who do not see it.
fn name(sheet: &Sheet<'_>, locale: Locale) -> String {
    let rates = sheet.rates(locale).into_iter().map(|rate| format!("{} {}", rate.name, rate.said));
    let head = [sheet.title.to_owned(), sheet.verdict(locale), sheet.what(locale)];
    locale.join(Join::Clauses, head.into_iter().chain(rates))
}

/// Words that have no more room than this.
fn cut(words: &str, face: Face, room: f32, pencil: &Pencil<'_>) -> String {
    if pencil.width(words, face) <= room {
        return words.to_owned();
    }
    let mut cut = words.to_owned();
    while cut.pop().is_some() {
        let shown = format!("{}{CUT}", cut.trim_end());
        if pencil.width(&shown, face) <= room {
            return shown;
        }
    }
    CUT.to_string()
}
