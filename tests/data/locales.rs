//! Both languages have every word, with the same holes, in characters that the bundled fonts can draw.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use eframe::egui::FontFamily;
use eframe::egui::epaint::text::{Fonts, FontsView, TextOptions};
use rigplan::plan::Input;
use rigplan::plan::inputs::InputKind;
use rigplan::text::{Key, Locale, Placeholder};
use rigplan::ui::fonts;

use crate::rust_paths::rust_files;

const FILES: [(Locale, &str); 2] =
    [(Locale::En, include_str!("../../data/locales/en.ron")), (Locale::Zh, include_str!("../../data/locales/zh.ron"))];

fn table(text: &str) -> BTreeMap<Key, String> {
    ron::from_str(text).unwrap_or_else(|error| panic!("a table of words, every key known: {error}"))
}

fn holes(sentence: &str) -> BTreeSet<String> {
    sentence.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn every_key_has_words_in_both_languages() {
    let mut wrong = Vec::new();
    for (locale, text) in FILES {
        let words = table(text);
        for key in Key::ALL {
            if words.get(key).is_none_or(|word| word.trim().is_empty()) {
                wrong.push(format!("{locale:?} lacks {key:?}"));
            }
        }
        let lines = text.lines().filter(|line| line.trim_end().ends_with("\",")).count();
        if lines != words.len() {
            wrong.push(format!("{locale:?} says something twice: {lines} lines, {} keys", words.len()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A word stands in no table that nobody says: every key is named in some file of the program beside the list of keys.
#[test]
fn every_key_is_said_somewhere() {
    let files = rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let named: BTreeSet<&str> = files
        .iter()
        .filter(|(path, _)| path.as_str() != "text/key.rs")
        .flat_map(|(_, text)| text.split(|letter: char| !letter.is_alphanumeric() && letter != '_'))
        .collect();
    let unsaid: Vec<_> = Key::ALL.iter().map(|key| format!("{key:?}")).filter(|key| !named.contains(&**key)).collect();
    assert!(unsaid.is_empty(), "{unsaid:?}");
}

#[test]
fn sentences_have_the_same_known_holes() {
    let (en, zh) = (table(FILES[0].1), table(FILES[1].1));
    let mut known: BTreeSet<String> = Placeholder::ALL.iter().map(|hole| hole.name().to_owned()).collect();
    for entry in Input::all().map(Input::entry) {
        known.insert(entry.key.to_owned());
        if let InputKind::Choice(choices) = &entry.kind {
            known.extend(choices.names.iter().map(|choice| format!("{}.{choice}", entry.key)));
        }
    }
    let mut wrong = Vec::new();
    for key in Key::ALL {
        let (here, there) = (holes(&en[key]), holes(&zh[key]));
        if here != there {
            wrong.push(format!("{key:?}: {here:?} in English, {there:?} in Chinese"));
        }
        if let Some(stranger) = here.iter().find(|name| !known.contains(*name)) {
            wrong.push(format!("{key:?}: nothing fills {{{stranger}}}"));
        }
        if en[key].matches('*').count() % 2 + zh[key].matches('*').count() % 2 > 0 {
            wrong.push(format!("{key:?}: a star is not closed"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_bundled_fonts_draw_every_word() {
    let mut fonts = Fonts::new(TextOptions::default(), fonts::definitions());
    let mut view: FontsView<'_> = fonts.with_pixels_per_point(1.0);
    let mut missing = BTreeSet::new();
    for family in [FontFamily::Proportional, FontFamily::Monospace, fonts::strong()] {
        for (locale, text) in FILES {
            let words = table(text).into_values().chain([locale.name().to_owned(), "−–×·0123456789".to_owned()]);
            for letter in words.flat_map(|word| word.chars().collect::<Vec<_>>()) {
                if !view.has_glyph(&eframe::egui::FontId::new(13.0, family.clone()), letter) {
                    missing.insert(format!("{family:?} {letter:?}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}
