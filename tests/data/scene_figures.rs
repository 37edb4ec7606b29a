//! Figures of scenes: no number is said that is no figure, and a figure follows what it comes from.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use rigplan::catalog::Catalog;
use rigplan::catalog::TableFile;
use rigplan::catalog::priced::Condition;
use rigplan::estimate::estimate;
use rigplan::plan::{CardChoice, ModelChoice, Plan, SceneId, Turned};
use rigplan::scenes::figure::Figure;
use rigplan::scenes::handle::Handle;
use rigplan::scenes::spans::Tongue;
use rigplan::scenes::{Premise, Scene, all};
use rigplan::text::Locale;
use rigplan::units::Bytes;

use crate::scenes::{plans, sayings, scenes};

/// The numbers of a text that stand by themselves: not within names such as `FP16` or `llama-3.1-8b`.
fn numbers(text: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "_.-,−".contains(letter);
    let words = text.split(|letter| !is_part(letter));
    let words =
        words.flat_map(|word| word.split(['-', '−']).map(|word| word.trim_matches(['.', ',']))).map(str::to_owned);
    words
        .filter(|word| word.starts_with(|letter: char| letter.is_ascii_digit()))
        .filter(|word| word.chars().all(|letter| letter.is_ascii_digit() || ".,".contains(letter)))
        .collect()
}

fn built(id: SceneId, catalog: &Catalog, plan: &Plan, turned: &Turned) -> Scene {
    Scene::build(id, Premise::new(plan, catalog).turned(turned))
}

/// The figures of a scene as they are said, those left out that choose a sentence.
fn said(scene: &Scene, locale: Locale) -> BTreeMap<&'static str, String> {
    let names = scene.figures.names().filter(|name| scene.figures.label(name).is_none());
    names.map(|name| (name, scene.figures.said(name, locale).unwrap_or_default())).collect()
}

#[test]
fn numbers_are_told_from_names() {
    assert_eq!(numbers("8–32 GB, FP16 Q4_K_M RTX 5060, 1,024 × 83.2."), ["8", "32", "5060", "1,024", "83.2"]);
    assert!(numbers("llama-3.1x8b INT4 v0").is_empty() && numbers("2026-09-05") == ["2026", "09", "05"]);
}

#[test]
fn every_number_that_is_said_is_a_figure() {
    let mut wrong = BTreeSet::new();
    for scene in scenes() {
        for locale in Locale::ALL {
            // A figure may be named by a label that has others in it, and a device has its index.
            let figures: BTreeSet<String> =
                said(&scene, locale).values().flat_map(|said| numbers(said)).chain(["0".to_owned()]).collect();
            for tongue in Tongue::ALL {
                for (place, words) in sayings(scene.script) {
                    let filled = scene.plain(words, tongue, locale);
                    let stray = numbers(&filled).into_iter().filter(|number| !figures.contains(number));
                    wrong.extend(
                        stray.map(|number| format!("{} {place} {locale:?}: {number}: {filled}", scene.id.name())),
                    );
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().take(40).collect::<Vec<_>>().join("\n"));
}

#[test]
fn figures_say_the_same_in_both_languages() {
    let mut wrong = BTreeSet::new();
    for scene in scenes() {
        let (en, zh) = (said(&scene, Locale::En), said(&scene, Locale::Zh));
        for (name, english) in en {
            let chinese = zh.get(name).cloned().unwrap_or_default();
            if chinese.is_empty() != english.is_empty() || english.contains("NaN") || english.contains("inf ") {
                wrong.insert(format!("{} {name}: {english:?} {chinese:?}", scene.id.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

/// A handle that is turned changes what the scene says or shows.
#[test]
fn what_is_turned_is_seen() {
    let mut wrong = BTreeSet::new();
    let catalog = Catalog::embedded();
    for plan in plans() {
        for id in all::ALL {
            let scene = built(*id, catalog, &plan, &Turned::default());
            for Handle { id: handle, notches, at, .. } in &scene.handles {
                let other = if *at + 1 < notches.len() { at + 1 } else { at.saturating_sub(1) };
                let turned = built(*id, catalog, &plan, &Turned::from([(*handle, other)]));
                let now = turned.handles.iter().find(|is| is.id == *handle).map(|is| is.at);
                if notches.len() < 2 || now != Some(other) {
                    wrong.insert(format!("{}: {handle:?} stays at {now:?}", id.name()));
                }
                if turned.figures == scene.figures && turned.pictures == scene.pictures {
                    wrong.insert(format!("{}: {handle:?} changes nothing", id.name()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

/// The reader's own plan is told with its own figures.
#[test]
fn the_readers_plan_has_its_own_figures() {
    let catalog = Catalog::embedded();
    let changed = |change: fn(&mut Plan)| {
        let mut plan = Plan::default();
        change(&mut plan);
        plan
    };
    let card = |plan: &mut Plan, id: &str| plan.machine.cards[0].card = CardChoice::Catalog(id.to_owned());
    let mut others = plans();
    others.push(changed(|plan| plan.workload.context = 65_536));
    others.push(changed(|plan| plan.machine.ram_gib = 128.0));
    others.push(changed(|plan| plan.workload.model = ModelChoice::Catalog("qwen3-32b".to_owned())));
    let mut faster = Plan::default();
    card(&mut faster, "rtx-5090");
    others.push(faster);
    let mut seen = BTreeSet::new();
    for plan in &others {
        let found = estimate(plan, catalog).expect("an answer");
        let scene = built(SceneId::YourPlan, catalog, plan, &Turned::default());
        let said = said(&scene, Locale::En);
        let is = |name: &str, figure: Figure| {
            assert_eq!(said.get(name), Some(&figure.say(Locale::En)), "{name} of {:?}", plan.workload.model);
        };
        is("vram", Figure::Gib(found.devices.iter().map(|device| device.capacity).fold(Bytes::ZERO, |a, b| a + b)));
        is("ram", Figure::Gib(Bytes::from_gib(plan.machine.ram_gib)));
        is("layers", Figure::Count(found.devices.iter().map(|device| u64::from(device.gpu_layers)).sum()));
        let rate = found.speed.decode.or(found.speed.train).map_or(0.0, |band| band.expected);
        is("speed", Figure::WordsPerSecond(rate));
        seen.insert(format!("{said:?}"));
    }
    assert_eq!(seen.len(), others.len(), "no two plans are told alike");
}

/// The cards of the catalog with twice the bandwidth: memory of twice the rate.
fn twice_as_fast() -> Catalog {
    const KEYS: [&str; 2] = ["bandwidth_gb_s: ", "data_rate_gbps: "];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/cards");
    let files = std::fs::read_dir(folder).expect("cards").map(|file| file.expect("a file").path()).map(|path| {
        let text = std::fs::read_to_string(&path).expect("text");
        let text = KEYS.iter().fold(text, |text, key| doubled(&text, key));
        TableFile { name: format!("cards/{}", path.file_name().expect("a name").to_string_lossy()), text }
    });
    let (catalog, errors) = Catalog::with_overlay(&files.collect::<Vec<_>>());
    let faults: Vec<String> = errors.iter().take(3).map(|error| format!("{error:?}")).collect();
    assert!(faults.is_empty(), "{} faults: {faults:?}", errors.len());
    catalog
}

/// The text with twice the number behind each `key`.
fn doubled(text: &str, key: &str) -> String {
    let mut parts = text.split(key);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(part.len());
        let number: f64 = part[..end].parse().unwrap_or_else(|_| panic!("{key}{}", &part[..part.len().min(20)]));
        write!(out, "{key}{:.4}{}", 2.0 * number, &part[end..]).expect("a text");
    }
    out
}

/// The catalog with every card at twice its price.
fn twice_as_dear() -> Catalog {
    let shipped = Catalog::embedded();
    let mut text = String::from("[\n");
    for card in shipped.cards() {
        for (condition, kind) in Condition::ALL.into_iter().zip(["Street", "Used"]) {
            if let Some(price) = shipped.card_price(card, condition) {
                let (id, usd) = (&card.id, 2.0 * f64::from(price.expected_usd()));
                writeln!(
                    text,
                    "(part: \"{id}\", kind: {kind}, usd: {usd:.1}, date: \"2026-11-22\", source: \"typed by you\"),"
                )
                .expect("a text");
            }
        }
    }
    text.push_str("]\n");
    let (catalog, errors) = Catalog::with_overlay(&[TableFile { name: "own_prices.ron".to_owned(), text }]);
    assert!(errors.is_empty(), "{errors:?}");
    catalog
}

/// Another catalog has other figures: those of cards follow their bandwidth, those of money their prices.
#[test]
fn figures_follow_the_catalog() {
    let plan = Plan::default();
    let told = |catalog: &Catalog| -> BTreeMap<SceneId, BTreeMap<&str, String>> {
        let scene = |id: &SceneId| (*id, said(&built(*id, catalog, &plan, &Turned::default()), Locale::En));
        all::ALL.iter().map(scene).collect()
    };
    let (shipped, fast, dear) = (told(Catalog::embedded()), told(&twice_as_fast()), told(&twice_as_dear()));
    for (id, figures) in &shipped {
        let changed = |other: &BTreeMap<SceneId, BTreeMap<&str, String>>| -> BTreeSet<&str> {
            figures.iter().filter(|(name, said)| other[id].get(*name) != Some(said)).map(|(name, _)| *name).collect()
        };
        let (by_speed, by_price) = (changed(&fast), changed(&dear));
        println!("{}: {} figures, by bandwidth {by_speed:?}, by price {by_price:?}", id.name(), figures.len());
        let has = |sign: &str| figures.values().any(|said| said.contains(sign));
        assert!(!has("$") || !by_price.is_empty(), "{}: no price follows the price book", id.name());
        // A figure of a card's VRAM is said to be one.
        let vram = figures.keys().filter(|name| name.contains("vram_rate")).copied();
        let typed: Vec<&str> = vram.filter(|name| !by_speed.contains(name)).collect();
        assert!(typed.is_empty(), "{}: {typed:?} follow no card", id.name());
    }
    assert_eq!(fast[&SceneId::Basics]["vram_rate"], "896 GB/s");
}
