//! Both languages have every word, with the same holes, in characters that the bundled fonts can draw.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use eframe::egui::FontFamily;
use eframe::egui::epaint::text::{Fonts, FontsView, TextOptions};
use rigplan::plan::Input;
use rigplan::plan::inputs::InputKind;
use rigplan::text::{Concept, Key, Locale, Placeholder};
use rigplan::ui::fonts;

use crate::rust_paths::rust_files;

/// The manuals, which are read in the window as well.
const MANUALS: [&str; 2] = [include_str!("../../docs/manual.md"), include_str!("../../docs/manual.zh.md")];
const FILES: [(Locale, &str); 2] =
    [(Locale::En, include_str!("../../data/locales/en.ron")), (Locale::Zh, include_str!("../../data/locales/zh.ron"))];

fn table(text: &str) -> BTreeMap<Key, String> {
    ron::from_str(text).unwrap_or_else(|error| panic!("a table of words, every key known: {error}"))
}

fn holes(sentence: &str) -> BTreeSet<String> {
    let inside = sentence.split('{').skip(1).filter_map(|part| part.split_once('}'));
    // Words that go by a number name what fills it first.
    inside.map(|(name, _)| name.split('|').next().unwrap_or_default().to_owned()).collect()
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

/// What stands behind a number goes by it: no sentence says "1 layers".
#[test]
fn no_sentence_says_one_and_many() {
    /// What ends in s behind a number or a name and is none of many: verbs of one, units, names of one.
    const ONE: &str = "GB/s MiB/s across asks begins buys carries costs describes does ends exists grows has holds is keeps less \
                       loss needs plus process runs spills stands stays takes tells this times tok/s waits was works";
    let mut wrong = Vec::new();
    for (key, sentence) in table(FILES[0].1) {
        // Billions of parameters are never one.
        let counted = Placeholder::ALL.iter().filter(|hole| **hole != Placeholder::Params);
        let holes: Vec<_> = counted.map(|hole| (*hole, "1")).collect();
        let said = Locale::En.sentence(key, &holes).replace('*', "");
        for (place, _) in said.match_indices("1 ") {
            let follows = |letter: char| letter.is_alphanumeric() || "-.+/:×".contains(letter);
            let written: String = said[place..].chars().take(4).collect();
            if said[..place].ends_with(follows) || sentence.contains(&written) {
                continue;
            }
            let word = said[place + 2..].split([' ', ',', ':', ';', ')']).next().unwrap_or_default();
            if word.len() > 2
                && word.starts_with(char::is_alphabetic)
                && word.ends_with('s')
                && !ONE.split(' ').any(|one| one == word)
            {
                wrong.push(format!("{key:?}: {said}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} slips\n{}", wrong.len(), wrong.join("\n"));
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
            let manual = MANUALS.iter().flat_map(|text| text.chars()).filter(|letter| !letter.is_control());
            for letter in words.flat_map(|word| word.chars().collect::<Vec<_>>()).chain(manual) {
                if !view.has_glyph(&eframe::egui::FontId::new(13.0, family.clone()), letter) {
                    missing.insert(format!("{family:?} {letter:?}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

/// Words that a sentence about a term may lean on; each is a term itself, or everyday speech.
const JARGON_EN: [&str; 34] = [
    "kv cache",
    "quantiz",
    "gradient",
    "optimizer",
    "activation",
    "tensor",
    "logit",
    "ubatch",
    "prefill",
    "decod",
    "throughput",
    "latency",
    "offload",
    "adapter",
    "checkpoint",
    "shard",
    "nvlink",
    "pcie",
    "kernel",
    "bandwidth",
    "recurrent",
    "inference",
    "embedding",
    "parallel",
    "pipeline",
    "epoch",
    "dropout",
    "unified",
    "sequence",
    "context",
    "allocator",
    "buffer",
    "batch",
    "precision",
];
const JARGON_ZH: [&str; 24] = [
    "KV",
    "量化",
    "梯度",
    "优化器",
    "激活",
    "缓冲",
    "张量",
    "logits",
    "预填充",
    "解码",
    "吞吐",
    "延迟",
    "卸载",
    "适配器",
    "检查点",
    "内核",
    "带宽",
    "循环",
    "嵌入",
    "并行",
    "上下文",
    "序列",
    "批",
    "精度",
];

#[test]
fn every_term_has_a_plain_sentence_in_both_languages() {
    let mut wrong = Vec::new();
    for concept in Concept::ALL {
        for (locale, longest, jargon) in
            [(Locale::En, 160, JARGON_EN.as_slice()), (Locale::Zh, 80, JARGON_ZH.as_slice())]
        {
            let (name, about) = (locale.word(concept.name()), locale.word(concept.about()));
            if about.chars().count() > longest || about.ends_with(['.', '。']) {
                wrong.push(format!("{concept:?} {locale:?} is too long or more than a sentence: {about}"));
            }
            let (name, about) = (name.to_lowercase(), about.to_lowercase());
            for word in jargon.iter().map(|word| word.to_lowercase()) {
                // Its own name may be taken apart.
                if about.contains(&word) && !name.contains(&word) {
                    wrong.push(format!("{concept:?} {locale:?} leans on “{word}”: {about}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for input in Input::all() {
        assert!(Concept::of(input.entry().label).is_some(), "{input:?} stands for no term");
    }
}

/// What is shown of a source beside its kind is the same in every language: names, places, dates.
#[test]
fn where_a_price_is_from_is_no_prose() {
    let catalog = rigplan::catalog::Catalog::embedded();
    let sources = catalog.cards().flat_map(|card| &card.prices).map(|price| &price.source);
    let rents = catalog.rents().map(|rent| &rent.source);
    let mut wrong = BTreeSet::new();
    for source in sources.chain(rents) {
        let plain = |word: &&str| word.len() > 2 && word.chars().all(|letter| letter.is_ascii_lowercase());
        if source.at.split([' ', '(', ')', ',']).filter(plain).count() > 0 {
            wrong.insert(source.at.clone());
        }
        assert!(!source.brief(Locale::Zh).is_empty(), "{source:?}");
        assert!(!source.text().contains("recalled"), "{source:?}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Where a figure can be read again is names and dates, which are the same in every language; of what kind the source is
/// stands beside it as a type, and is said in the reader's.
#[test]
fn places_of_sources_speak_no_language() {
    const ENGLISH: [&str; 17] = [
        "a",
        "an",
        "and",
        "by",
        "discussion",
        "documentation",
        "for",
        "from",
        "in",
        "issue",
        "of",
        "on",
        "report",
        "table",
        "the",
        "to",
        "with",
    ];
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let folders = [data.clone(), data.join("cards"), data.join("models")];
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let mut wrong = BTreeSet::new();
    let mut places = 0;
    for path in files.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|it| it == "ron")) {
        let text = std::fs::read_to_string(&path).unwrap();
        // The figures of cards and models are read by those who keep the tables; their prices by everybody.
        let lines =
            text.lines().filter(|line| line.contains("price") || line.contains("kind:") || line.contains("usd"));
        for place in lines.flat_map(|line| line.split("at: \"").skip(1)).filter_map(|rest| rest.split('"').next()) {
            places += 1;
            // What stands in quotation marks is a title.
            let plain = place.split('“').next().unwrap_or_default();
            if plain.split([' ', ',', '(', ')']).any(|word| ENGLISH.contains(&word)) {
                wrong.insert(place.to_owned());
            }
        }
    }
    assert!(places > 300, "{places}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
