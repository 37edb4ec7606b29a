//! `rigplan export`: a plan in every form, without a display.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::run::{rigplan, run_in};
use crate::support::english::has_han;

const TWO: &str = "(schema_version: 1, name: \"Which way\", plans: [(name: \"One\", plan: ()), \
     (name: \"Two\", plan: (workload: (context: 16384)))])";

fn home() -> TempDir {
    let home = TempDir::new().expect("a folder");
    fs::write(home.path().join("two.ron"), TWO).expect("written");
    home
}

#[test]
fn every_form_is_written_to_standard_output() {
    let home = home();
    for (form, begins) in [
        ("--html", "<!doctype html>"),
        ("--svg", "<svg xmlns="),
        ("--markdown", "## Which way, One\n"),
        ("--text", "Which way, One\nFits\n"),
        ("--json", "{\"name\":\"Which way, One\""),
    ] {
        let (exit, out, err) = run_in(home.path(), &["export", "two.ron", form], "");
        assert_eq!((exit, err.as_str()), (0, ""), "{form}");
        assert!(out.starts_with(begins) && out.ends_with('\n'), "{form}: {}", &out[..out.len().min(200)]);
    }
    let output = rigplan(home.path()).args(["export", "two.ron", "--png"]).output().expect("it runs");
    assert!(output.status.success() && output.stdout.starts_with(b"\x89PNG\r\n"));
    let (_, zh, _) = run_in(home.path(), &["export", "two.ron", "--text", "--lang", "zh"], "");
    assert!(has_han(&zh));
}

#[test]
fn the_answer_is_that_of_an_estimate() {
    let home = home();
    let (_, out, _) = run_in(home.path(), &["export", "two.ron", "--json", "--plan", "2"], "");
    let exported: Value = serde_json::from_str(&out).expect("JSON");
    let (_, out, _) = run_in(home.path(), &["estimate", "two.ron", "--json", "--ways", "--context", "16384"], "");
    let estimated: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(exported["name"], "Which way, Two");
    for key in ["verdict", "devices", "host", "speed", "ways", "weights_bytes"] {
        assert_eq!(exported["estimate"][key], estimated[key], "{key}");
    }
}

#[test]
fn a_file_is_written_once_and_into_a_folder_by_the_name_of_the_plan() {
    let home = home();
    let export = |more: &[&str]| {
        let arguments: Vec<&str> = ["export", "two.ron"].into_iter().chain(more.iter().copied()).collect();
        run_in(home.path(), &arguments, "")
    };
    assert_eq!(export(&["--svg", "-o", "a.svg"]), (0, String::new(), String::new()));
    let first = fs::read(home.path().join("a.svg")).expect("written");
    let (exit, out, err) = export(&["--svg", "-o", "a.svg", "--plan", "2"]);
    assert!(exit == 2 && out.is_empty() && err.contains("--replace"), "{err}");
    assert_eq!(fs::read(home.path().join("a.svg")).expect("still there"), first);
    assert_eq!(export(&["--svg", "-o", "a.svg", "--plan", "2", "--replace"]).0, 0);
    assert_ne!(fs::read(home.path().join("a.svg")).expect("written"), first);
    assert_eq!(export(&["--svg", "-o", "d.svg", "--dark"]).0, 0);
    assert_ne!(fs::read(home.path().join("d.svg")).expect("written"), first, "in other colors");
    for (form, ending) in [("--png", "png"), ("--html", "html"), ("--markdown", "md")] {
        assert_eq!(export(&[form, "--output", "."]).0, 0);
        assert!(home.path().join(format!("Which way, One.rigplan.{ending}")).is_file(), "{ending}");
    }
}

#[test]
fn what_is_wrong_is_one_line() {
    let home = home();
    fs::write(
        home.path().join("unknown.ron"),
        TWO.replace("plan: ()", "plan: (workload: (model: Catalog(\"lama-3.1-8b\")))"),
    )
    .expect("written");
    for (arguments, said) in [
        (&["export", "two.ron"][..], "--html or --png or --svg or --markdown or --text or --json"),
        (&["export", "two.ron", "--png", "--svg"], "--svg"),
        (&["export", "--png"], "PLAN.ron"),
        (&["export", "two.ron", "--text", "--plan", "3"], "there is no plan 3: the file has 2"),
        (&["export", "two.ron", "--text", "--plan", "0"], "there is no plan 0"),
        (&["export", "two.ron", "--text", "--plan", "x"], "--plan"),
        (&["export", "none.ron", "--text"], "none.ron"),
        (&["export", "unknown.ron", "--text"], "llama-3.1-8b"),
        (&["export", "two.ron", "--text", "-o", "no/where.txt"], "no/where.txt"),
        (&["export", "two.ron", "--text", "--replace"], "--output"),
    ] {
        let (exit, out, err) = run_in(home.path(), arguments, "");
        assert_eq!((exit, out.as_str(), err.lines().count()), (2, "", 1), "{arguments:?}: {err}");
        assert!(err.contains(said), "{arguments:?}: {err}");
    }
}
