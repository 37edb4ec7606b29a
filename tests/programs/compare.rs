//! `rigplan compare`: text, Markdown and JSON say the same; what cannot be compared is one line.

use std::path::Path;

use rigplan::plan::{CardChoice, CardCount, Document, ModelChoice, NamedPlan, Plan};
use rigplan::share::plan_file;
use serde_json::Value;
use tempfile::TempDir;

use crate::run::run_in;

fn on(cards: &[&str]) -> Plan {
    let mut plan = Plan::default();
    plan.workload.model = ModelChoice::Catalog("llama-3.1-70b".to_owned());
    let kind = |card: &&str| CardCount::of(CardChoice::Catalog((*card).to_owned()), 1);
    plan.machine.cards = cards.iter().map(kind).collect();
    plan
}

/// Two files: two plans in the first, one in the second.
fn files(home: &Path) {
    let named = |name: &str, plan| NamedPlan { name: name.to_owned(), plan };
    let two = vec![named("One 4090", on(&["rtx-4090"])), named("Two cards", on(&["rtx-4090", "rtx-3090"]))];
    let one = vec![named("", on(&["rtx-4090", "rtx-4090"]))];
    for (name, plans) in [("two.ron", two), ("one.ron", one)] {
        let document = Document { plans, ..Document::default() };
        std::fs::write(home.join(name), plan_file::to_text(&document).expect("a plan")).expect("written");
    }
}

#[test]
fn plans_of_files_stand_side_by_side_as_text_markdown_and_json() {
    let home = TempDir::new().expect("a folder");
    files(home.path());
    let (code, text, errors) = run_in(home.path(), &["compare", "two.ron", "one.ron", "--base", "c"], "");
    assert_eq!((code, errors.as_str()), (0, ""));
    for words in ["A One 4090", "C Llama 3.1 70B", "(baseline)", "B is about as fast as C and costs $", "Quality"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(text.contains("The same in all") && text.contains("RTX 3090 used"), "{text}");
    let (_, markdown, _) = run_in(home.path(), &["compare", "two.ron", "one.ron", "--markdown"], "");
    assert!(markdown.contains("| A One 4090 (baseline) |") && markdown.contains("| Decode, tok/s |"), "{markdown}");
    let (_, json, _) = run_in(home.path(), &["compare", "two.ron", "one.ron", "--base", "C", "--json"], "");
    let answer: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(answer["base"], "C");
    let figure = |plan: usize, figure: &str| answer["plans"][plan]["figures"][figure].clone();
    assert_eq!(figure(2, "decode")["beside_base"], "same");
    assert_eq!((&figure(0, "decode")["beside_base"], &figure(0, "decode")["better"]), (&"less".into(), &false.into()));
    assert!(figure(1, "price")["by"].as_f64().is_some_and(|usd| usd < 0.0));
    assert!(answer["plans"][1]["prices"][1]["date"].is_string());
}

#[test]
fn what_cannot_be_compared_is_one_line_and_code_2() {
    let home = TempDir::new().expect("a folder");
    files(home.path());
    let all = ["compare", "two.ron", "two.ron", "two.ron", "two.ron"];
    for arguments in [
        &["compare", "one.ron"][..],
        &["compare"],
        &["compare", "none.ron", "two.ron"],
        &["compare", "two.ron", "--base", "Z"],
        &["compare", "two.ron", "--json", "--markdown"],
        &all,
    ] {
        let (code, output, errors) = run_in(home.path(), arguments, "");
        assert_eq!((code, output.as_str(), errors.lines().count()), (2, "", 1), "{arguments:?}: {errors}");
    }
}
