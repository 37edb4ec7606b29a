//! Scenes as pages: they take nothing from anywhere, hold every stop in both languages, and no name leaves its place.

use std::collections::BTreeSet;

use rigplan::catalog::{Catalog, TableFile};
use rigplan::plan::{CardChoice, Plan, SceneId};
use rigplan::scenes::spans::Tongue;
use rigplan::scenes::{Premise, Scene, twin};
use rigplan::share;
use rigplan::text::Locale;

use crate::scenes::scenes;

/// Elements without an end.
const VOID: [&str; 2] = ["meta", "input"];

/// What is wrong with the tags of a page: each is closed in its turn, each attribute is quoted, each id stands once.
pub(crate) fn faults_of_tags(page: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut ids = BTreeSet::new();
    let mut rest = page.strip_prefix("<!doctype html>").expect("a document type");
    while let Some((_, after)) = rest.split_once('<') {
        let Some((tag, tail)) = after.split_once('>') else {
            faults.push(format!("no end: {}", &after[..after.len().min(40)]));
            break;
        };
        rest = tail;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                faults.push(format!("</{name}> closes nothing"));
            }
            continue;
        }
        let (name, attributes) = tag.split_once([' ', '\n']).unwrap_or((tag, ""));
        let name = name.trim_end_matches('/');
        if attributes.matches('"').count() % 2 == 1 {
            faults.push(format!("a quote is open: {tag}"));
        }
        if let Some(id) = attributes.split(' ').find_map(|attribute| attribute.strip_prefix("id="))
            && !ids.insert(id.trim_matches('"').to_owned())
        {
            faults.push(format!("{id} stands twice"));
        }
        if !tag.ends_with('/') && !VOID.contains(&name) {
            open.push(name);
        }
        // What these hold is no markup.
        if ["style", "script"].contains(&name)
            && let Some(end) = rest.find(&format!("</{name}>"))
        {
            rest = &rest[end..];
        }
    }
    faults.extend(open.into_iter().map(|name| format!("<{name}> is open at the end")));
    faults
}

/// What stands between `begin` and one of `ends`, each time.
pub(crate) fn between<'a>(text: &'a str, begin: &'a str, ends: &[char]) -> BTreeSet<&'a str> {
    text.split(begin).skip(1).filter_map(|rest| rest.split(ends).next()).collect()
}

#[test]
fn tags_that_are_not_closed_are_seen() {
    assert!(faults_of_tags("<!doctype html><p>a<br/></p>").is_empty());
    for wrong in ["<p>", "</p>", "<p><b></p></b>", "<p class=\"x></p>", "<i id=\"a\"></i><b id=\"a\"></b>", "<p"] {
        assert!(!faults_of_tags(&format!("<!doctype html>{wrong}")).is_empty(), "{wrong}");
    }
}

#[test]
fn every_scene_is_a_page_that_needs_nothing() {
    let mut wrong = BTreeSet::new();
    for scene in scenes() {
        let name = scene.id.name();
        for (tongue, first) in [(Tongue::Kitchen, Locale::En), (Tongue::Plain, Locale::Zh)] {
            let page = share::page(&scene, tongue, first);
            wrong.extend(faults_of_tags(&page).into_iter().map(|fault| format!("{name}: {fault}")));
            for taken in
                ["http:", "https:", "src=", "href=", "@import", "<link", "<img", "<iframe", "fetch(", "XMLHttp", "{{"]
            {
                if page.contains(taken) {
                    wrong.insert(format!("{name}: takes {taken}"));
                }
            }
            let ids = between(&page, "<pattern id=\"", &['"']);
            let patterns = between(&page, "url(", &[')']);
            wrong.extend(
                patterns
                    .iter()
                    .filter(|pattern| !pattern.strip_prefix('#').is_some_and(|id| ids.contains(id)))
                    .map(|pattern| format!("{name}: url({pattern}) leads nowhere")),
            );
            let undefined = between(&page, "var(--", &[')']).into_iter().filter(|color| {
                let themes = page.matches(&format!("--{color}:")).count();
                themes == 0
            });
            wrong.extend(undefined.map(|color| format!("{name}: no color {color}")));
            if page.matches("<section class=\"stop\"").count() != 2 * scene.stops() {
                wrong.insert(format!("{name}: not every stop"));
            }
            if page.matches("role=\"img\" aria-label=\"").count() != 2 * scene.stops() {
                wrong.insert(format!("{name}: a picture without a name"));
            }
            for locale in Locale::ALL {
                for stop in twin::texts(&scene, tongue, locale) {
                    let words = [stop.heading, stop.name].into_iter().chain(stop.picture).chain(stop.answers);
                    let missing = words.filter(|said| !page.contains(&escaped(said)) && !is_marked(&page, said));
                    wrong.extend(missing.map(|said| format!("{name} {locale:?}: without {said}")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().take(40).collect::<Vec<_>>().join("\n"));
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}

/// Whether words stand in the page with marks of links among them.
fn is_marked(page: &str, said: &str) -> bool {
    let bare: String = page
        .split('<')
        .enumerate()
        .map(|(place, piece)| if place == 0 { piece } else { piece.split_once('>').map_or("", |(_, words)| words) })
        .collect();
    bare.contains(&escaped(said))
}

#[test]
fn a_hostile_name_is_only_words() {
    const NAME: &str = "\"><script>alert(1)</script>'&<!-- {vram} [kv:x] <stove>";
    const CARDS: &str = r#"[(id: "own", name: NAME, vendor: Nvidia, segment: Consumer, architecture: "Ada Lovelace",
        year: 2024, memory_gib: 48.0, ecc: false, form: Slots(2), source: "measured", confidence: High)]"#;
    let text = CARDS.replace("NAME", &format!("{NAME:?}"));
    let (catalog, errors) = Catalog::with_overlay(&[TableFile { name: "cards/own.ron".to_owned(), text }]);
    assert!(errors.is_empty(), "{errors:?}");
    let catalog = &catalog;
    let mut plan = Plan::default();
    plan.machine.cards[0].card = CardChoice::Catalog("own".to_owned());
    let scene = Scene::build(SceneId::YourPlan, Premise::new(&plan, catalog));
    assert!(scene.stops() > 0);
    let page = share::page(&scene, Tongue::Kitchen, Locale::En);
    assert!(faults_of_tags(&page).is_empty(), "{:?}", faults_of_tags(&page));
    assert_eq!(page.matches("<script").count(), 1, "the page's own");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !page.contains("<!--"));
}
