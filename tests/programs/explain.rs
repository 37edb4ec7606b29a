//! `rigplan explain`: scenes as text, as data and as pages.

use std::fs;

use rigplan::plan::SceneId;
use rigplan::scenes::all;
use serde_json::Value;
use tempfile::TempDir;

use crate::run::{rigplan, run, run_in};
use crate::support::english::has_han;

/// A plan that does not fit anywhere.
const TOO_LARGE: &str = "(schema_version: 1, plans: [(plan: (workload: (model: Catalog(\"llama-3.1-405b\")), \
     machine: (ram_gib: 8)))])";

#[test]
fn all_scenes_are_listed_a_line_each() {
    for lang in ["en", "zh"] {
        let (exit, out, err) = run(&["explain", "--lang", lang]);
        assert_eq!((exit, err.as_str()), (0, ""));
        let names: Vec<&str> = out.lines().filter_map(|line| line.split_whitespace().next()).collect();
        assert_eq!(names, all::ALL.iter().map(|id| id.name()).collect::<Vec<_>>());
        assert_eq!(has_han(&out), lang == "zh", "{out}");
    }
    let (_, out, _) = run(&["explain", "--json"]);
    let listed: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(listed.as_array().map(Vec::len), Some(all::ALL.len()));
    assert!(listed[0]["about"].is_string() && listed[0]["title"].is_string());
}

#[test]
fn a_scene_is_told_whatever_comes_of_the_plan() {
    let home = TempDir::new().expect("a folder");
    fs::write(home.path().join("plan.ron"), TOO_LARGE).expect("written");
    for id in [SceneId::YourPlan, SceneId::Basics] {
        for (lang, is_han) in [("en", false), ("zh", true)] {
            for plain in [None, Some("--plain")] {
                let arguments: Vec<&str> =
                    ["explain", id.name(), "plan.ron", "--lang", lang].into_iter().chain(plain).collect();
                let (exit, out, err) = run_in(home.path(), &arguments, "");
                assert_eq!((exit, err.as_str()), (0, ""), "{arguments:?}");
                assert!(has_han(&out) == is_han && out.contains("\n1. ") && out.contains("\n5. "), "{out}");
                assert!(!out.contains(['{', '}', '[', ']']), "a mark is left: {out}");
            }
        }
    }
    let (_, kitchen, _) = run(&["explain", "basics"]);
    let (_, plain, _) = run(&["explain", "basics", "--plain"]);
    assert!(kitchen.contains("the stove") && plain.contains("in VRAM") && kitchen != plain);
    let (_, fits, _) = run(&["explain", "your-plan"]);
    let (_, large, _) = run_in(home.path(), &["explain", "your-plan", "plan.ron"], "");
    assert!(large.contains("405B") && !fits.contains("405B"), "the reader's own plan is told");
}

#[test]
fn what_is_wrong_is_one_line() {
    let home = TempDir::new().expect("a folder");
    let unknown = "(schema_version: 1, plans: [(plan: (workload: (model: Catalog(\"lama-3.1-8b\"))))])";
    fs::write(home.path().join("unknown.ron"), unknown).expect("written");
    let cases: [(&[&str], &str); 7] = [
        (&["explain", "basc"], "no scene basc, nearest: basics"),
        (&["explain", "lora\u{1b}[31m<b>"], "nearest: lora"),
        (&["explain", "--html", "x.html"], "name the scene"),
        (&["explain", "basics", "missing.ron"], "missing.ron: no such file"),
        (&["explain", "your-plan", "unknown.ron"], "nearest: llama-3.1-8b"),
        (&["explain", "basics", "--json", "--html", "x.html"], "--html"),
        (&["explain", "basics", "--html", "nowhere/x.html"], "its folder does not exist"),
    ];
    for (arguments, said) in cases {
        let (exit, out, err) = run_in(home.path(), arguments, "");
        assert_eq!((exit, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert!(err.starts_with("rigplan: ") && err.contains(said), "{arguments:?}: {err}");
        assert_eq!(err.lines().count(), 1, "{arguments:?}: {err}");
    }
}

#[test]
fn data_says_what_the_text_says() {
    let home = TempDir::new().expect("a folder");
    let spoken = |arguments: &[&str]| -> Value {
        let output = rigplan(home.path()).env("LC_ALL", "zh_CN.UTF-8").args(arguments).output().expect("it runs");
        serde_json::from_slice(&output.stdout).expect("JSON")
    };
    let scene = spoken(&["explain", "basics", "--json"]);
    assert!(!has_han(&scene.to_string()), "English unless it is asked otherwise: {scene}");
    assert!(has_han(&spoken(&["explain", "basics", "--json", "--lang", "zh"]).to_string()));
    assert_eq!((&scene["scene"], &scene["words"]), (&Value::from("basics"), &Value::from("kitchen")));
    assert_eq!(scene["figures"]["vram"], "8 GB");
    let stops = scene["stops"].as_array().expect("stops");
    let (_, text, _) = run(&["explain", "basics"]);
    for stop in stops {
        for key in ["name", "heading", "caption"] {
            assert!(!stop[key].as_str().expect("a text").is_empty());
        }
        assert!(text.contains(stop["heading"].as_str().expect("a text")));
        for thing in stop["picture"].as_array().expect("a list") {
            assert!(text.contains(thing.as_str().expect("a text")), "{thing}");
        }
    }
    assert_eq!(stops[0]["answers"].as_array().map(Vec::len), Some(3));
    assert!(stops[0]["answers"][0]["reply"].is_string());
    for id in all::ALL {
        let scene = spoken(&["explain", id.name(), "--json"]);
        let figures = scene["figures"].as_object().expect("figures");
        assert!(figures.values().all(|said| !said.as_str().expect("a text").contains('{')), "{}", id.name());
    }
}

#[test]
fn a_page_is_written_whole_and_over_nothing() {
    let home = TempDir::new().expect("a folder");
    let page = home.path().join("x.html");
    let (exit, out, err) = run_in(home.path(), &["explain", "basics", "--html", "x.html"], "");
    assert_eq!((exit, out.as_str(), err.as_str()), (0, "", ""));
    let first = fs::read_to_string(&page).expect("UTF-8");
    assert!(first.starts_with("<!doctype html>\n<html lang=\"en\">") && first.ends_with("</html>\n"));
    let (exit, _, err) = run_in(home.path(), &["explain", "basics", "--html", "x.html", "--lang", "zh"], "");
    assert_eq!((exit, err.lines().count()), (2, 1));
    assert!(err.contains("x.html") && err.contains("--replace"), "{err}");
    assert_eq!(fs::read_to_string(&page).expect("text"), first, "it stays as it was");
    let (exit, _, err) = run_in(home.path(), &["explain", "basics", "--html", "x.html", "--lang=zh", "--replace"], "");
    assert_eq!((exit, err.as_str()), (0, ""));
    assert!(fs::read_to_string(&page).expect("text").contains("<html lang=\"zh-CN\">"));
    assert_eq!(fs::read_dir(home.path()).expect("a folder").count(), 1, "nothing is left beside it");
}
