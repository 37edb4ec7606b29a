//! Plans that travel, on the command line: as a text, in a picture, with the rows that they used.

use std::fs;

use rigplan::catalog::Catalog;
use rigplan::catalog::frozen::RowDetail;
use rigplan::plan::{Document, ModelChoice};
use rigplan::share::carrier::link::to_link;
use rigplan::share::carrier::png;
use rigplan::share::plan_file;
use tempfile::TempDir;

use crate::run::run_in;

fn document() -> Document {
    let mut document = Document::default();
    document.plans[0].plan.workload.model = ModelChoice::Catalog("qwen3-8b".to_owned());
    document
}

#[test]
fn a_command_takes_a_plan_in_whatever_carries_it() {
    let home = TempDir::new().expect("a folder");
    let link = to_link(&document()).expect("a text");
    let picture = png::put_in(include_bytes!("../../assets/icon.png"), &link).expect("a picture");
    fs::write(home.path().join("plan.png"), picture).expect("written");
    fs::write(home.path().join("plan.txt"), &link).expect("written");
    fs::write(home.path().join("plan.ron"), plan_file::to_text(&document()).expect("a text")).expect("written");
    let (_, expected, _) = run_in(home.path(), &["estimate", "plan.ron"], "");
    assert!(expected.contains("Qwen3 8B"), "{expected}");
    for plan in ["plan.png", "plan.txt", &link] {
        let (exit, out, err) = run_in(home.path(), &["estimate", plan], "");
        assert_eq!((exit, out.as_str(), err.as_str()), (0, expected.as_str(), ""), "{plan}");
    }
    fs::write(home.path().join("plain.png"), include_bytes!("../../assets/icon.png")).expect("written");
    for (plan, says) in [("plain.png", "a picture without a plan in it"), (&link[..40], "the text is cut off")] {
        let (exit, out, err) = run_in(home.path(), &["estimate", plan], "");
        assert_eq!((exit, out.as_str(), err.lines().count()), (2, "", 1), "{plan}: {err}");
        assert!(err.contains(says), "{err}");
    }
}

#[test]
fn rows_that_came_along_count_and_what_changed_is_said() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let home = TempDir::new().expect("a folder");
    let text = plan_file::to_text(&document().with_rows(Catalog::embedded(), RowDetail::Whole)).expect("a text");
    fs::write(home.path().join("plan.ron"), text).expect("written");
    let estimate = || run_in(home.path(), &["estimate", "--json", "plan.ron"], "");
    let before = estimate();
    assert_eq!(before.2, "");
    let mut card = Catalog::embedded().card("rtx-4090").expect("a card").clone();
    card.bandwidth_gb_s = Some(504.0);
    (card.bus_width_bit, card.data_rate_gbps) = (None, None);
    let tables = home.path().join("rigplan/data/cards");
    fs::create_dir_all(&tables).expect("created");
    fs::write(tables.join("later.ron"), ron::to_string(&vec![card]).expect("a text")).expect("written");
    let after = estimate();
    assert_eq!((after.0, &after.1), (before.0, &before.1), "the same answer");
    assert!(after.2.contains("As it was saved: RTX 4090 now 504 GB/s, was 1,008 GB/s"), "{}", after.2);
    assert!(after.2.contains("--today"), "{}", after.2);
    let today = run_in(home.path(), &["estimate", "--json", "--today", "plan.ron"], "");
    assert_ne!(today.1, before.1, "today's rows");
    assert!(today.2.contains("With today’s figures: RTX 4090 now 504 GB/s, was 1,008 GB/s"), "{}", today.2);
    // Wherever a plan file is read.
    for command in [
        &["compare", "plan.ron", "plan.ron"][..],
        &["export", "--text", "plan.ron"],
        &["cards", "--plan", "plan.ron"],
        &["runs", "--plan", "plan.ron"],
        &["launch", "plan.ron"],
        &["explain", "your-plan", "plan.ron"],
        &["build", "--budget", "1500", "--plan", "plan.ron"],
    ] {
        let kept = run_in(home.path(), command, "");
        let today = run_in(home.path(), &[command, &["--today"]].concat(), "");
        assert!(kept.2.contains("As it was saved") && kept.0 < 2, "{command:?}: {}", kept.2);
        assert!(today.2.contains("With today’s figures") && today.0 < 2, "{command:?}: {}", today.2);
    }
    // Each file of a comparison counts with its own rows.
    fs::write(home.path().join("now.ron"), plan_file::to_text(&document()).expect("a text")).expect("written");
    let both = run_in(home.path(), &["compare", "--json", "plan.ron", "now.ron"], "").1;
    let answer: serde_json::Value = serde_json::from_str(&both).expect("JSON");
    assert_ne!(answer["plans"][0]["figures"], answer["plans"][1]["figures"], "{both}");
}
