//! The manual as it is read in the window: the text that stands in `docs/`, with its headings, lists and emphasis.

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{FontId, Label, RichText, ScrollArea, Ui};

use super::fonts::Type;
use super::theme::{Tokens, space};
use crate::text::Locale;

/// The text in a language.
const fn text(locale: Locale) -> &'static str {
    match locale {
        Locale::En => include_str!("../../docs/manual.md"),
        Locale::Zh => include_str!("../../docs/manual.zh.md"),
    }
}

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// A heading and how deep it lies, from 1.
    Heading(usize, String),
    /// An entry of a list.
    Entry(String),
    /// A row of a table, its cells one after the other.
    Row(String),
    /// A paragraph.
    Paragraph(String),
}

/// The pieces of a text in Markdown. Lines that follow each other are one piece.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut goes_on = false;
    for line in text.lines() {
        let line = line.trim();
        let depth = line.chars().take_while(|letter| *letter == '#').count();
        if line.is_empty() || line.starts_with("<!--") || line.starts_with("| ---") {
            goes_on = false;
        } else if depth > 0 {
            pieces.push(Piece::Heading(depth, line.trim_start_matches(['#', ' ']).to_owned()));
            goes_on = false;
        } else if let Some(entry) = line.strip_prefix("- ") {
            pieces.push(Piece::Entry(entry.to_owned()));
            goes_on = true;
        } else if line.starts_with('|') {
            let cells = line.trim_matches('|').split('|').map(str::trim).filter(|cell| !cell.is_empty());
            pieces.push(Piece::Row(cells.collect::<Vec<_>>().join(" · ")));
            goes_on = false;
        } else {
            match pieces.last_mut().filter(|_| goes_on) {
                Some(Piece::Entry(before) | Piece::Paragraph(before)) => add(before, line),
                _ => pieces.push(Piece::Paragraph(line.to_owned())),
            }
            goes_on = true;
        }
    }
    pieces
}

/// Goes on with a line: apart where letters of words meet, and as it is among Chinese ones.
fn add(before: &mut String, line: &str) {
    let wide = |letter: Option<char>| letter.is_some_and(|letter| letter >= '\u{2e80}');
    if !(wide(before.chars().last()) && wide(line.chars().next())) {
        before.push(' ');
    }
    before.push_str(line);
}

/// A line with what is emphasized in it, and what is typed as it stands.
fn job(ui: &Ui, text: &str) -> LayoutJob {
    let t = Tokens::of(ui);
    let mut job = LayoutJob::default();
    let mut put = |words: &str, font: FontId, color| job.append(words, 0.0, TextFormat::simple(font, color));
    let (mut rest, mut strong) = (text, false);
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("**") {
            (rest, strong) = (after, !strong);
        } else if let Some((typed, after)) = rest.strip_prefix('`').and_then(|rest| rest.split_once('`')) {
            put(typed, Type::Mono.font(), t.text);
            rest = after;
        } else {
            let end = rest.char_indices().skip(1).find(|(at, _)| rest[*at..].starts_with(['*', '`']));
            let (words, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
            let (font, color) = if strong { (Type::BodyStrong, t.text) } else { (Type::Body, t.sec) };
            put(words.trim_matches('*'), font.font(), color);
            rest = after;
        }
    }
    job
}

/// Shows the manual in the room there is.
pub fn show(ui: &mut Ui, locale: Locale) {
    let t = Tokens::of(ui);
    ScrollArea::vertical().id_salt("manual").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = space::S;
        for piece in pieces(text(locale)) {
            match piece {
                // Its name stands over it.
                Piece::Heading(1, _) => {}
                Piece::Heading(depth, words) => {
                    let font = if depth == 2 { Type::Section } else { Type::BodyStrong };
                    ui.add_space(space::M);
                    ui.add(Label::new(RichText::new(words).font(font.font()).color(t.text)).wrap());
                }
                Piece::Entry(words) => {
                    ui.horizontal_top(|ui| {
                        ui.label(RichText::new("•").font(Type::Body.font()).color(t.faint));
                        ui.add(Label::new(job(ui, &words)).wrap().selectable(true));
                    });
                }
                Piece::Row(words) => {
                    ui.add(Label::new(RichText::new(words).font(Type::Small.font()).color(t.sec)).wrap());
                }
                Piece::Paragraph(words) => {
                    ui.add(Label::new(job(ui, &words)).wrap().selectable(true));
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_follow_each_other_are_one_piece() {
        let found = pieces("# A\n\none\ntwo\n- a `b`\n  c\n\n| x | y |\n| --- | --- |\n| 1 | |\n<!-- m -->\n一\n二\n");
        let wanted = [
            Piece::Heading(1, "A".to_owned()),
            Piece::Paragraph("one two".to_owned()),
            Piece::Entry("a `b` c".to_owned()),
            Piece::Row("x · y".to_owned()),
            Piece::Row("1".to_owned()),
            Piece::Paragraph("一二".to_owned()),
        ];
        assert_eq!(found, wanted);
    }

    /// Both have the same chapters, in the same order.
    #[test]
    fn the_manuals_have_the_same_chapters() {
        let depths = |locale| {
            let depth = |piece: &Piece| if let Piece::Heading(depth, _) = piece { Some(*depth) } else { None };
            pieces(text(locale)).iter().filter_map(depth).collect::<Vec<_>>()
        };
        assert_eq!(depths(Locale::En), depths(Locale::Zh));
        assert!(depths(Locale::En).len() > 20);
    }
}
