//! The price book: typed, reverted, written as a table and read back.

use std::fs;
use std::path::PathBuf;

use eframe::egui::Key;
use eframe::egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::app::App;
use tempfile::TempDir;

use super::support::{Script, Start, menu};
use crate::support::{click, ctrl, press};

/// A window with the book open, its folder, and what its dialogs will answer.
fn book() -> (Harness<'static, App>, TempDir, Script) {
    let home = tempfile::tempdir().expect("a folder");
    let script = Script::default();
    let start = Start { folder: Some(home.path().to_owned()), script: script.clone(), ..Start::again() };
    let mut window = start.window();
    menu(&mut window, "Price book");
    (window, home, script)
}

fn search(window: &mut Harness<'_, App>, words: &str) {
    window.get_by_label("Search cards and parts").focus();
    window.run();
    ctrl(window, Key::A);
    window.get_by_label("Search cards and parts").type_text(words);
    window.run();
}

/// Types a price over that of `name`.
fn type_price(window: &mut Harness<'_, App>, name: &str, typed: &str) {
    click(window, name);
    ctrl(window, Key::A);
    window.get_by_role_and_label(Role::TextInput, name).type_text(typed);
    window.run();
    press(window, Key::Enter);
}

/// What a price says.
fn price(window: &Harness<'_, App>, name: &str) -> String {
    window.get_by_role_and_label(Role::Button, name).accesskit_node().value().unwrap_or_default()
}

const USED: &str = "Price of GeForce RTX 3090, used";
const BOARD: &str = "Price of AM5 ATX board, new";

#[test]
fn a_price_is_typed_kept_and_taken_back() {
    let (mut window, home, _) = book();
    let file = home.path().join("data/own_prices.ron");
    search(&mut window, "rtx-3090");
    let shipped = price(&window, USED);
    type_price(&mut window, USED, "dear");
    window.get_by_label("“dear” is no price: type what one costs, such as 650");
    assert!(!file.exists() && price(&window, USED) == shipped, "nothing was kept");
    type_price(&mut window, USED, "601");
    assert_eq!(price(&window, USED), "$601");
    assert!(fs::read_to_string(&file).unwrap().contains("rtx-3090"));
    search(&mut window, "am5 atx");
    type_price(&mut window, BOARD, "151");
    assert_eq!(price(&window, BOARD), "$151", "parts as well as cards");
    click(&mut window, "My own");
    search(&mut window, " ");
    assert_eq!(window.get_all_by_label_contains("take the catalog’s again").count(), 2);
    click(&mut window, &format!("{USED}: take the catalog’s again"));
    assert!(window.query_by_label(USED).is_none(), "no more of the user's own");
    click(&mut window, "All");
    search(&mut window, "rtx-3090");
    assert_eq!(price(&window, USED), shipped);
    assert!(fs::read_to_string(&file).unwrap().contains("am5-atx"), "the other stays");
    click(&mut window, "Close");
    assert!(window.query_by_label("Search cards and parts").is_none());
}

#[test]
fn escape_leaves_a_price_before_it_leaves_the_book() {
    let (mut window, home, _) = book();
    search(&mut window, "rtx-3090");
    let shipped = price(&window, USED);
    click(&mut window, USED);
    window.get_by_role_and_label(Role::TextInput, USED).type_text("9");
    window.run();
    press(&mut window, Key::Escape);
    assert_eq!(price(&window, USED), shipped);
    assert!(!home.path().join("data").exists());
    press(&mut window, Key::Escape);
    assert!(window.query_by_label("Search cards and parts").is_none(), "the second closes it");
}

#[test]
fn the_book_goes_to_a_table_and_back() {
    let (mut window, home, script) = book();
    let table = home.path().join("prices.csv");
    // Without the ending: it is added.
    script.will_choose(&home.path().join("prices"));
    click(&mut window, "Export CSV…");
    window.run();
    let text = fs::read_to_string(&table).unwrap();
    assert!(text.starts_with("part,name,goods,kind,usd,date,source\r\n") && text.lines().count() > 700, "whole");
    let changed = "part,kind,usd\nrtx-3090,used,602\nno-such,new,5\nam5-atx,new,dear\nam5-atx,,152\n";
    fs::write(&table, changed).unwrap();
    script.will_choose(&table);
    click(&mut window, "Import CSV…");
    window.run();
    window.get_by_label("2 prices taken, 0 lines as before, 2 left out");
    window
        .get_by_label("Line 3, column part: “no-such” is no part of the catalog; name it by its id, such as rtx-4090");
    window.get_by_label_contains("Line 4, column usd: “dear” is no price");
    search(&mut window, "rtx-3090");
    assert_eq!(price(&window, USED), "$602");
    fs::write(&table, [0xff, 0xfe, 0x00]).unwrap();
    script.will_choose(&table);
    click(&mut window, "Import CSV…");
    window.run();
    window.get_by_label("prices.csv is no text; save the table as CSV in UTF-8");
    assert_eq!(price(&window, USED), "$602", "nothing is lost");
    let questions = script.questions.borrow();
    assert!(questions.iter().all(|question| question.extensions == ["csv"]));
    assert_eq!(questions[0].file_name.as_deref(), Some("prices.csv"));
}

/// What waits out of sight costs nothing: of a table of something else the first lines are listed, and five drawn.
#[test]
fn a_table_of_something_else_is_listed_as_far_as_it_is_seen() {
    let (mut window, home, script) = book();
    let table = home.path().join("prices.csv");
    fs::write(&table, "part,usd\n".to_owned() + &"no-such,5\n".repeat(100_000)).unwrap();
    script.will_choose(&table);
    click(&mut window, "Import CSV…");
    window.run();
    window.get_by_label("0 prices taken, 0 lines as before, 100,000 left out");
    assert_eq!(window.query_all_by_label_contains("is no part of the catalog").count(), 4);
}

#[test]
fn a_part_is_one_row_and_its_heads_stand_over_its_prices() {
    let (mut window, _home, _) = book();
    search(&mut window, "rtx-3090");
    for kind in ["used", "launch"] {
        let name = format!("Price of GeForce RTX 3090, {kind}");
        assert!(price(&window, &name).starts_with('$'), "{name}");
    }
    let top = |name: &str| window.get_by_role_and_label(Role::Button, name).rect().top();
    assert_eq!(top(USED), top("Price of GeForce RTX 3090, launch"));
    // No currency moves the table.
    let before = window.get_by_role_and_label(Role::Button, USED).rect();
    click(&mut window, "CNY");
    assert_eq!(window.get_by_role_and_label(Role::Button, USED).rect(), before);
}

#[test]
fn an_empty_book_says_what_to_do_and_a_click_beside_it_loses_nothing() {
    let (mut window, home, _) = book();
    click(&mut window, "My own");
    window.get_by_label_contains("No price of your own yet: click a price");
    click(&mut window, "Show all");
    search(&mut window, "rtx-3090");
    click(&mut window, USED);
    ctrl(&mut window, Key::A);
    window.get_by_role_and_label(Role::TextInput, USED).type_text("612");
    window.run();
    crate::app::support::drag(&mut window, &[eframe::egui::pos2(10.0, 500.0)]);
    assert!(window.query_by_label("Search cards and parts").is_some(), "the book stays open");
    assert_eq!(price(&window, USED), "$612");
    assert!(fs::read_to_string(home.path().join("data/own_prices.ron")).unwrap().contains("612"), "and is kept");
}

#[test]
fn an_own_file_with_mistakes_is_named_by_line_and_not_written_over() {
    let home = tempfile::tempdir().unwrap();
    let file: PathBuf = home.path().join("data/own_prices.ron");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let line = |part: &str, usd: &str| {
        format!("(part: \"{part}\", kind: Used, usd: {usd}, date: \"2026-11-20\", source: \"a shop\"),\n")
    };
    let text = format!("[\n{}{}{}]\n", line("rtx-3090", "605.0"), line("rtx-4090", "dear"), line("no-such", "5.0"));
    fs::write(&file, &text).unwrap();
    let start = Start { folder: Some(home.path().to_owned()), ..Start::again() };
    let mut window = start.window();
    menu(&mut window, "Price book");
    window.get_by_label_contains("own_prices.ron:3:");
    window.get_by_label_contains("own_prices.ron:4: `no-such`: no card or part of this id");
    search(&mut window, "rtx-3090");
    assert_eq!(price(&window, USED), "$605", "the good line counts");
    type_price(&mut window, USED, "606");
    assert_eq!(fs::read_to_string(&file).unwrap(), text, "as it was");
}

#[test]
fn prices_are_typed_in_the_currency_that_is_shown() {
    let (mut window, home, _) = book();
    click(&mut window, "CNY");
    window.get_by_label_contains("European Central Bank");
    search(&mut window, "rtx-3090");
    type_price(&mut window, USED, "¥6,705");
    let kept = fs::read_to_string(home.path().join("data/own_prices.ron")).unwrap();
    let usd: f64 = kept.split("usd:").nth(1).unwrap().split(',').next().unwrap().parse().unwrap();
    assert!((999.0..1001.0).contains(&usd), "{usd} at the published rate");
}

/// Tab comes to the table once; within it arrows go from price to price, and what is typed there is kept.
#[test]
fn the_table_is_one_stop_of_the_keyboard() {
    let (mut window, home, _) = book();
    search(&mut window, "rtx-3090");
    let at = |window: &Harness<'_, App>| {
        let table = window.get_by_role(Role::Grid);
        assert!(table.is_focused(), "the table keeps the keyboard");
        table.accesskit_node().value().unwrap_or_default()
    };
    for _ in 0..40 {
        if window.get_by_role(Role::Grid).is_focused() {
            break;
        }
        press(&mut window, Key::Tab);
    }
    assert!(at(&window).starts_with("Price of GeForce RTX 3090, new"), "{}", at(&window));
    press(&mut window, Key::ArrowRight);
    assert!(at(&window).starts_with(USED), "{}", at(&window));
    let shipped = price(&window, USED);
    press(&mut window, Key::Enter);
    ctrl(&mut window, Key::A);
    window.get_by_role_and_label(Role::TextInput, USED).type_text("601");
    window.run();
    press(&mut window, Key::Enter);
    assert_eq!(price(&window, USED), "$601");
    assert!(at(&window).ends_with("$601"), "{}", at(&window));
    assert!(home.path().join("data/own_prices.ron").exists());
    press(&mut window, Key::Delete);
    assert_eq!(price(&window, USED), shipped, "the catalog's again");
    press(&mut window, Key::End);
    let last = at(&window);
    press(&mut window, Key::Home);
    assert_ne!(at(&window), last, "to the ends");
    press(&mut window, Key::Tab);
    assert!(!window.get_by_role(Role::Grid).is_focused(), "Tab leaves the table");
}
