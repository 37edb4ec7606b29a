//! The bundled faces as outlines, and how wide words are in them.

use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};

use crate::scenes::draw::Measure;
use crate::scenes::faces::{BundledFace, INTER, INTER_STRONG, MONO, NOTO, NOTO_STRONG};
use crate::scenes::mark::Face;

/// What stands where words were cut.
const CUT: char = '…';

/// The faces by family, each with those that stand in for letters it lacks.
pub(crate) struct Faces {
    regular: Vec<FontRef<'static>>,
    strong: Vec<FontRef<'static>>,
    mono: Vec<FontRef<'static>>,
}

/// A letter of a face.
#[derive(Clone, Copy)]
pub(super) struct Letter<'a> {
    pub(super) font: &'a FontRef<'static>,
    pub(super) glyph: GlyphId,
    /// How far the next letter stands from it, in points.
    pub(super) advance: f32,
}

impl Faces {
    /// Those that the program brings along.
    pub(crate) fn bundled() -> Self {
        // A file that is no font has no letters; tests draw with all of them.
        let family = |faces: &[BundledFace]| faces.iter().filter_map(|face| FontRef::new(face.bytes).ok()).collect();
        Self {
            regular: family(&[INTER, NOTO]),
            strong: family(&[INTER_STRONG, NOTO_STRONG, INTER, NOTO]),
            mono: family(&[MONO, INTER, NOTO]),
        }
    }

    fn family(&self, face: Face) -> &[FontRef<'static>] {
        match face {
            _ if face.is_mono() => &self.mono,
            _ if face.is_strong() => &self.strong,
            _ => &self.regular,
        }
    }

    /// The letter in the first face that has it, else the sign for a missing one.
    pub(super) fn letter(&self, letter: char, face: Face) -> Option<Letter<'_>> {
        let family = self.family(face);
        let found = family.iter().find_map(|font| Some((font, font.charmap().map(letter)?)));
        let (font, glyph) = found.or_else(|| family.first().map(|font| (font, GlyphId::NOTDEF)))?;
        let metrics = font.glyph_metrics(Size::new(face.size()), LocationRef::default());
        Some(Letter { font, glyph, advance: metrics.advance_width(glyph).unwrap_or_default() })
    }

    /// The words, cut where they are longer than `room`.
    pub(super) fn within(&self, words: &str, face: Face, room: f32) -> String {
        if !room.is_finite() || self.width(words, face) <= room {
            return words.to_owned();
        }
        let mut left = room - self.width(&CUT.to_string(), face);
        let fits = |letter: &char| {
            left -= self.letter(*letter, face).map_or(0.0, |it| it.advance);
            left >= 0.0
        };
        let mut cut: String = words.chars().take_while(fits).collect();
        cut.push(CUT);
        cut
    }
}

impl Measure for Faces {
    fn width(&self, words: &str, face: Face) -> f32 {
        words.chars().filter_map(|letter| self.letter(letter, face)).map(|letter| letter.advance).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_can_be_read() {
        let faces = Faces::bundled();
        assert_eq!((faces.regular.len(), faces.strong.len(), faces.mono.len()), (2, 4, 3));
        for face in [Face::Body, Face::BodyStrong, Face::Mono] {
            for letter in ['a', '8', '存'] {
                let found = faces.letter(letter, face).unwrap();
                assert!(found.glyph != GlyphId::NOTDEF && found.advance > 3.0, "{letter}");
            }
            assert_eq!(faces.letter('\u{e000}', face).unwrap().glyph, GlyphId::NOTDEF);
        }
    }

    #[test]
    fn words_are_cut_to_their_room() {
        let faces = Faces::bundled();
        let long = "a rather long name 内存 of a plan";
        for room in [20.0, 60.0, 120.0] {
            let cut = faces.within(long, Face::Body, room);
            assert!(cut.ends_with(CUT) && faces.width(&cut, Face::Body) <= room, "{cut}");
        }
        assert_eq!(faces.within(long, Face::Body, f32::INFINITY), long);
    }
}
