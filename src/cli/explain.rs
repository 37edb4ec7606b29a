//! `rigplan explain`: a scene as text, as data or as a page, and which scenes there are.

use std::collections::BTreeMap;

use serde::Serialize;

use super::args::ExplainArgs;
use super::columns::{Align, columns};
use super::language_flag::Language;
use super::problem::Problem;
use super::{GOOD, catalog, json, opened, print};
use crate::advise::remedies::ladder;
use crate::catalog::Catalog;
use crate::estimate::estimate as estimated;
use crate::plan::{Plan, SceneId};
use crate::scenes::script::Script;
use crate::scenes::spans::{self, Tongue};
use crate::scenes::twin::{self, StopText};
use crate::scenes::{Premise, Scene, all};
use crate::share;
use crate::system::storage;
use crate::text::{Key, Locale, Placeholder, nearest, one_line};

/// Shows the scene, or lists them all. What a plan comes to does not change the exit code. `named` is the language that
/// was asked for: data is in English unless it was.
pub(super) fn run(args: &ExplainArgs, locale: Locale, named: Option<Language>) -> Result<u8, Problem> {
    let locale = if args.json { named.map_or(Locale::En, Locale::from) } else { locale };
    let tongue = if args.plain { Tongue::Plain } else { Tongue::Kitchen };
    let Some(name) = &args.scene else {
        if args.html.is_some() {
            return Err(Problem::NoScene);
        }
        return print(&list(args.json, locale)).map(|()| GOOD);
    };
    let id = SceneId::named(name).filter(|id| all::ALL.contains(id)).ok_or_else(|| unknown(name))?;
    let mut catalog = catalog(locale);
    let plan = match &args.plan {
        Some(path) => opened::first_plan(path, args.rows, &mut catalog, locale)?,
        None => Plan::default(),
    };
    let catalog: &Catalog = &catalog;
    let ladder = (id == SceneId::YourPlan).then(|| ladder(&plan, catalog)).flatten();
    let scene = Scene::build(id, Premise { ladder: ladder.as_ref(), ..Premise::new(&plan, catalog) });
    if scene.stops() == 0 {
        estimated(&plan, catalog)?;
        return Err(Problem::EmptyScene(id));
    }
    if let Some(path) = &args.html {
        let page = share::page(&scene, tongue, locale);
        let write = if args.replace { storage::write } else { storage::write_new };
        return write(path, &page).map(|()| GOOD).map_err(Problem::from);
    }
    let out = if args.json { json::line(&SceneJson::of(&scene, tongue, locale)) } else { text(&scene, tongue, locale) };
    print(&out).map(|()| GOOD)
}

fn unknown(name: &str) -> Problem {
    let names = all::ALL.iter().map(|id| id.name());
    Problem::UnknownScene { name: name.to_owned(), nearest: nearest(name, names).first().copied() }
}

/// The scenes, each with its sentence.
fn list(as_json: bool, locale: Locale) -> Vec<u8> {
    let about = |id: &SceneId| Script::of(*id).about.of(locale).to_owned();
    if as_json {
        return json::list(all::ALL.iter().map(|id| ListedSceneJson {
            scene: id.name(),
            title: Script::of(*id).title.of(locale),
            about: about(id),
        }));
    }
    let rows: Vec<[String; 2]> = all::ALL.iter().map(|id| [id.name().to_owned(), about(id)]).collect();
    columns([Align::Left, Align::Left], &rows).into_bytes()
}

/// A scene as a terminal shows it.
fn text(scene: &Scene, tongue: Tongue, locale: Locale) -> Vec<u8> {
    let plain = |said| scene.plain(said, tongue, locale);
    let mut lines = vec![plain(&scene.script.title), plain(&scene.script.about)];
    for (place, stop) in twin::texts(scene, tongue, locale).into_iter().enumerate() {
        lines.push(String::new());
        lines.push(format!("{}. {}", place + 1, stop.heading));
        let note = Some(stop.note).filter(|note| !note.is_empty());
        let note = note.map(|note| locale.sentence(Key::ExplainNote, &[(Placeholder::Value, &note)]));
        let letters = ('a'..='z').map(|letter| format!("{letter}) "));
        let answers = stop.answers.iter().zip(letters).map(|(answer, letter)| format!("{letter}{answer}"));
        let offers = stop.offers.iter().map(|offer| format!("- {offer}"));
        let said = Some(stop.sub).into_iter().filter(|sub| !sub.is_empty()).chain(answers).chain(stop.picture);
        lines.extend(said.chain([stop.caption]).chain(offers).chain(note).map(|line| format!("   {line}")));
    }
    // Names come from files.
    let mut out: String = lines.iter().map(|line| one_line(line)).collect::<Vec<_>>().join("\n");
    out.push('\n');
    out.into_bytes()
}

#[derive(Serialize)]
struct ListedSceneJson {
    scene: &'static str,
    title: &'static str,
    about: String,
}

#[derive(Serialize)]
struct SceneJson {
    scene: &'static str,
    title: String,
    about: String,
    words: &'static str,
    figures: BTreeMap<&'static str, String>,
    stops: Vec<StopJson>,
}

#[derive(Serialize)]
struct StopJson {
    name: String,
    heading: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    sub: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    answers: Vec<AnswerJson>,
    picture: Vec<String>,
    caption: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    note: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    offers: Vec<String>,
}

#[derive(Serialize)]
struct AnswerJson {
    answer: String,
    reply: String,
}

impl SceneJson {
    fn of(scene: &Scene, tongue: Tongue, locale: Locale) -> Self {
        // A sum names what its terms light up with.
        let said = |name| spans::strip(&scene.figures.said(name, locale).unwrap_or_default());
        // Those that choose a sentence are told by the sentence.
        let names = scene.figures.names().filter(|name| scene.figures.label(name).is_none());
        Self {
            scene: scene.id.name(),
            title: scene.plain(&scene.script.title, tongue, locale),
            about: scene.plain(&scene.script.about, tongue, locale),
            words: match tongue {
                Tongue::Kitchen => "kitchen",
                Tongue::Plain => "plain",
            },
            figures: names.map(|name| (name, said(name))).collect(),
            stops: twin::texts(scene, tongue, locale).into_iter().map(StopJson::of).collect(),
        }
    }
}

impl StopJson {
    fn of(stop: StopText) -> Self {
        let StopText { name, heading, sub, answers, replies, picture, caption, note, offers } = stop;
        let answers = answers.into_iter().zip(replies).map(|(answer, reply)| AnswerJson { answer, reply }).collect();
        Self { name, heading, sub, answers, picture, caption, note, offers }
    }
}
