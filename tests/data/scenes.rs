//! Scenes: words in both languages that stay short, figures that come from the estimate, pictures that say what the words say.

use std::collections::{BTreeMap, BTreeSet};

use rigplan::advise::remedies::ladder;
use rigplan::catalog::Catalog;
use rigplan::plan::{Plan, SceneId};
use rigplan::scenes::clock::Clock;
use rigplan::scenes::draw::{self, Beholder, ByRule, Thing};
use rigplan::scenes::mark::{Fill, Ink, STAGE, Shape};
use rigplan::scenes::script::{self, Said, Script};
use rigplan::scenes::spans::{self, Tongue};
use rigplan::scenes::{Premise, Scene, all, twin};
use rigplan::text::Locale;

const MOST_STOPS: usize = 7;
const MOST_SECONDS: f32 = 90.0;
const MOST_WORDS: usize = 40;
const MOST_LETTERS: usize = 80;

pub(crate) fn plans() -> Vec<Plan> {
    let large = Plan::default();
    let mut offload = Plan::default();
    offload.workload.model = rigplan::plan::ModelChoice::Catalog("llama-3.1-70b".to_owned());
    let mut cpu = Plan::default();
    cpu.machine.cards.clear();
    let mut server = Plan::default();
    server.workload.choose_runtime(rigplan::plan::Runtime::Vllm);
    let mut training = Plan::default();
    training.workload.task = rigplan::plan::Task::Qlora;
    vec![large, offload, cpu, server, training]
}

pub(crate) fn scenes() -> Vec<Scene> {
    let catalog = Catalog::embedded();
    let plans = plans();
    let built = plans.iter().flat_map(|plan| {
        let ladder = ladder(plan, catalog);
        let build =
            |id: &SceneId| Scene::build(*id, Premise { ladder: ladder.as_ref(), ..Premise::new(plan, catalog) });
        all::ALL.iter().map(build).collect::<Vec<_>>()
    });
    built.collect()
}

/// All that a script says, each with where it stands.
pub(crate) fn sayings(script: &Script) -> Vec<(String, &Said)> {
    let mut out = vec![("title".to_owned(), &script.title), ("about".to_owned(), &script.about)];
    for (place, stop) in script.stops.iter().enumerate() {
        for (name, said) in [
            ("name", &stop.name),
            ("heading", &stop.heading),
            ("sub", &stop.sub),
            ("caption", &stop.caption),
            ("note", &stop.note),
        ] {
            out.push((format!("stop {place} {name}"), said));
        }
        out.extend(stop.answers.iter().chain(&stop.replies).map(|said| (format!("stop {place} answer"), said)));
    }
    out.extend(script.labels.iter().map(|(name, said)| (format!("label {name}"), said)));
    out
}

fn holes(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

/// Numbers that stand in a sentence by themselves, not in a hole, a kitchen word or a name such as `FP16` or `Q4_K_M`.
fn bare_numbers(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut depth = 0;
    let mut word = String::new();
    for letter in text.chars().chain([' ']) {
        match letter {
            '{' | '<' => depth += 1,
            '}' | '>' => depth -= 1,
            _ if depth > 0 => {}
            _ if letter.is_ascii_alphanumeric() || "_.-".contains(letter) => word.push(letter),
            _ => {
                let bare = word.trim_matches(|letter| ".-".contains(letter));
                // The index of a device is no figure.
                if !bare.is_empty()
                    && bare != "0"
                    && bare.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
                {
                    out.push(bare.to_owned());
                }
                word.clear();
            }
        }
    }
    out
}

#[test]
fn scripts_read_and_say_the_same_in_both_languages() {
    let mut wrong = Vec::new();
    let twins: BTreeMap<String, script::Twin> =
        ron::from_str(include_str!("../../data/scenes/words.ron")).expect("the kitchen's words");
    assert_eq!(&twins, script::twins());
    for (id, text) in script::FILES {
        let script: Script = match ron::from_str(text) {
            Ok(script) => script,
            Err(error) => {
                wrong.push(format!("{}: {error}", id.name()));
                continue;
            }
        };
        if script.stops.is_empty() || script.stops.len() > MOST_STOPS {
            wrong.push(format!("{}: {} stops", id.name(), script.stops.len()));
        }
        for (place, said) in sayings(&script) {
            let at = format!("{} {place}", id.name());
            if said.en.is_empty() != said.zh.is_empty() {
                wrong.push(format!("{at}: one language only"));
            }
            if holes(&said.en) != holes(&said.zh) && !place.starts_with("label") {
                wrong.push(format!("{at}: other figures: {:?} {:?}", holes(&said.en), holes(&said.zh)));
            }
            for text in [&said.en, &said.zh] {
                for number in bare_numbers(text) {
                    wrong.push(format!("{at}: a typed number, {number}"));
                }
            }
        }
        for stop in &script.stops {
            if stop.replies.len() != stop.answers.len() {
                wrong.push(format!("{}: a reply for each answer", id.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_scene_has_a_picture_a_stop_and_stays_short() {
    let mut wrong = BTreeSet::new();
    for scene in scenes() {
        let name = scene.id.name();
        if scene.pictures.len() != scene.script.stops.len() || scene.pictures.is_empty() {
            wrong.insert(format!("{name}: {} pictures, {} stops", scene.pictures.len(), scene.script.stops.len()));
        }
        let clock = Clock::of(&scene);
        if clock.length() > MOST_SECONDS {
            wrong.insert(format!("{name}: {} s", clock.length()));
        }
        for (locale, tongue) in every_way() {
            for (place, stop) in scene.script.stops.iter().enumerate() {
                let caption = scene.plain(&stop.caption, tongue, locale);
                let words = caption.split_whitespace().count();
                let letters = caption.chars().filter(|letter| !letter.is_whitespace()).count();
                let long = if locale == Locale::En { words > MOST_WORDS } else { letters > MOST_LETTERS };
                if long {
                    wrong.insert(format!("{name} stop {place}: {words} words, {letters} letters: {caption}"));
                }
            }
            for (place, said) in sayings(scene.script) {
                let filled = scene.plain(said, tongue, locale);
                if filled.contains(['{', '}', '<', '[', ']']) {
                    wrong.insert(format!("{name} {place}: {filled}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

/// Who asked for plain words hears nothing of the kitchen.
#[test]
fn plain_words_are_plain() {
    let kitchen = [
        "stove",
        "prep table",
        "the dish",
        "a dish",
        "the chef",
        "wok team",
        "the runner",
        "灶台",
        "备料台",
        "总厨",
        "炒锅",
        "传菜",
    ];
    let mut wrong = BTreeSet::new();
    for scene in scenes() {
        for locale in Locale::ALL {
            for (place, said) in sayings(scene.script) {
                let filled = scene.plain(said, Tongue::Plain, locale);
                if kitchen.iter().any(|word| filled.to_lowercase().contains(word)) {
                    wrong.insert(format!("{} {place}: {filled}", scene.id.name()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

fn every_way() -> impl Iterator<Item = (Locale, Tongue)> {
    Locale::ALL.into_iter().flat_map(|locale| Tongue::ALL.into_iter().map(move |tongue| (locale, tongue)))
}

/// Nothing is drawn beyond the stage, and no words reach over its edge, at any moment.
#[test]
fn everything_stands_on_the_stage() {
    let mut wrong = BTreeSet::new();
    for scene in scenes() {
        let clock = Clock::of(&scene);
        let ends: Vec<f32> =
            clock.stops.iter().flat_map(|stop| [f32::midpoint(stop.start, stop.end), stop.end]).collect();
        for (locale, tongue) in every_way() {
            for time in &ends {
                let beholder = Beholder { locale, tongue, measure: &ByRule };
                for mark in draw::draw(&scene, &clock, *time, beholder) {
                    let [left, right, top, bottom] = reach(&mark.shape);
                    let out = left < -1.0 || right > STAGE[0] + 1.0 || top < -1.0 || bottom > STAGE[1] + 1.0;
                    if out || [left, right, top, bottom].iter().any(|edge| !edge.is_finite()) {
                        let at = clock.stop_at(*time);
                        wrong.insert(format!("{} stop {at}: {:?} at {left} {top}", scene.id.name(), mark.shape));
                    }
                }
            }
        }
    }
    let shown: Vec<_> = wrong.iter().take(20).cloned().collect();
    assert!(wrong.is_empty(), "{} marks\n{}", wrong.len(), shown.join("\n"));
}

/// Where a scene rests no words lie under a plate or across others.
#[test]
fn no_words_are_covered() {
    let mut wrong = BTreeSet::new();
    for scene in scenes() {
        let clock = Clock::of(&scene);
        for (locale, tongue) in every_way() {
            for stop in &clock.stops {
                let beholder = Beholder { locale, tongue, measure: &ByRule };
                let marks = draw::draw(&scene, &clock, stop.end, beholder);
                for (index, mark) in marks.iter().enumerate() {
                    let Shape::Text { words, .. } = &mark.shape else { continue };
                    let covers = |other: &Shape| match other {
                        Shape::Rect { fill: Fill::Plain(Ink::Raised), .. } | Shape::Text { .. } => {
                            is_across(&mark.shape, other)
                        }
                        _ => false,
                    };
                    if let Some(over) = marks[index + 1..].iter().find(|over| covers(&over.shape)) {
                        wrong.insert(format!("{} at {}: {words:?} under {:?}", scene.id.name(), stop.end, over.shape));
                    }
                }
            }
        }
    }
    let shown: Vec<_> = wrong.iter().take(30).cloned().collect();
    assert!(wrong.is_empty(), "{} words\n{}", wrong.len(), shown.join("\n"));
}

/// Whether two shapes share more than their edges.
fn is_across(one: &Shape, other: &Shape) -> bool {
    const EDGE: f32 = 2.0;
    let ([left, right, top, bottom], [l, r, t, b]) = (reach(one), reach(other));
    left + EDGE < r && l + EDGE < right && top + EDGE < b && t + EDGE < bottom
}

/// What a shape covers: left, right, top, bottom. Text by the rule that is a little too wide.
fn reach(shape: &Shape) -> [f32; 4] {
    use rigplan::scenes::draw::Measure as _;
    use rigplan::scenes::mark::Anchor;
    let of_points = |points: &[[f32; 2]]| {
        let fold = |axis: usize, by: fn(f32, f32) -> f32, from: f32| points.iter().map(|at| at[axis]).fold(from, by);
        let (low, high) = (f32::INFINITY, f32::NEG_INFINITY);
        [fold(0, f32::min, low), fold(0, f32::max, high), fold(1, f32::min, low), fold(1, f32::max, high)]
    };
    match shape {
        Shape::Rect { area, .. } => [area.x, area.right(), area.y, area.bottom()],
        Shape::Path { points, .. } | Shape::Polygon { points, .. } => of_points(points),
        Shape::Disc { center, radius, .. } => {
            [center[0] - radius, center[0] + radius, center[1] - radius, center[1] + radius]
        }
        Shape::Text { at, anchor, words, face, room, .. } => {
            let width = ByRule.width(words, *face).min(*room);
            let left = match anchor {
                Anchor::Start => at[0],
                Anchor::Middle => at[0] - width / 2.0,
                Anchor::End => at[0] - width,
            };
            [left, left + width, at[1] - face.size() / 2.0, at[1] + face.size() / 2.0]
        }
    }
}

/// Every stop is heard as sentences with an end, every memory in it with its amounts, and nothing is left unfilled.
#[test]
fn every_stop_is_told_in_sentences() {
    let mut wrong = BTreeSet::new();
    for scene in scenes() {
        for (locale, tongue) in every_way() {
            for (stop, text) in twin::texts(&scene, tongue, locale).into_iter().enumerate() {
                let at = |what: &str| format!("{} stop {stop} {locale:?}: {what}", scene.id.name());
                let is_over = |line: &String| line.ends_with(['.', '!', '?', '。', '！', '？', '…']);
                for line in text.picture.iter().chain(&text.offers) {
                    if !is_over(line) || line.contains(['{', '}', '[', ']', '<']) || line.contains("?:") {
                        wrong.insert(at(line));
                    }
                }
                let memories = scene.pictures[stop].things.iter().filter(|placed| {
                    matches!(&placed.thing, Thing::Shelf(_)) || matches!(&placed.thing, Thing::Bars(_))
                });
                for placed in memories {
                    let told = placed.thing.acts().describe(&scene, tongue, locale);
                    if !told.chars().any(|letter| letter.is_ascii_digit()) {
                        wrong.insert(at(&told));
                    }
                }
                if text.picture.is_empty() {
                    wrong.insert(at("nothing is told"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().take(30).collect::<Vec<_>>().join("\n"));
}

/// What a way out would look like is drawn where the stage shows memory, and it stands on the stage.
#[test]
fn ways_out_are_previewed() {
    let mut seen = 0;
    for scene in scenes() {
        for offer in &scene.offers {
            let Some(picture) = &offer.preview else { continue };
            seen += 1;
            assert_ne!(Some(picture), scene.pictures.get(offer.stop), "{}: a change is seen", scene.id.name());
            for locale in Locale::ALL {
                let beholder = Beholder { locale, tongue: Tongue::Kitchen, measure: &ByRule };
                for mark in draw::still(&scene, picture, beholder) {
                    let [left, right, top, bottom] = reach(&mark.shape);
                    let out = left < -1.0 || right > STAGE[0] + 1.0 || top < -1.0 || bottom > STAGE[1] + 1.0;
                    assert!(!out, "{}: {:?}", scene.id.name(), mark.shape);
                }
            }
        }
        if scene.id == SceneId::YourPlan {
            assert!(scene.offers.iter().all(|offer| offer.preview.is_some()));
        }
    }
    assert!(seen > 20, "{seen} previews");
}

/// What helps takes long to find: a scene is built without it, says so, and has it once it is there.
#[test]
fn what_helps_is_waited_for() {
    let (catalog, plan) = (Catalog::embedded(), &plans()[1]);
    let without = Scene::build(SceneId::YourPlan, Premise::new(plan, catalog));
    let stop = without.script.stops.iter().position(|stop| stop.heading.en == "{ways_heading}").expect("the stop");
    let heading = |scene: &Scene| scene.plain(&scene.script.stops[stop].heading, Tongue::Plain, Locale::En);
    assert!(without.offers.is_empty() && heading(&without) == "What helps?");
    let found = ladder(plan, catalog);
    let with = Scene::build(SceneId::YourPlan, Premise { ladder: found.as_ref(), ..Premise::new(plan, catalog) });
    let first = &found.expect("a ladder").first;
    assert_eq!(with.offers.len(), first.len());
    assert!(with.offers.iter().zip(first).all(|(offer, way)| *offer.plan == way.plan && offer.stop == stop));
    assert_eq!(heading(&with), "What helps first");
}

#[test]
fn names_of_scenes_lead_back() {
    for id in all::ALL {
        assert_eq!(SceneId::named(id.name()), Some(*id));
        assert!(!Script::of(*id).title.is_empty(), "{} has a title", id.name());
    }
    assert_eq!(spans::strip("a [kv:cache] b"), "a cache b");
}
