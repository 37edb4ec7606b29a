//! The settings: what they change on screen, and that the plan is not touched by them.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use rigplan::app::{App, Settings};
use rigplan::text::Currency;

use super::support::Start;
use crate::support::{chord, click, ctrl, press};

fn settings(window: &egui_kittest::Harness<'_, App>) -> Settings {
    window.state().settings()
}

#[test]
fn prices_are_shown_in_the_chosen_currency() {
    let mut window = Start::again().window();
    ctrl(&mut window, Key::Comma);
    assert!(window.query_by_label_contains("For one US dollar").is_none(), "dollars need no rate");
    click(&mut window, "CNY");
    assert_eq!(settings(&window).currency, Currency::Cny);
    assert!(window.query_by_label_contains("European Central Bank").is_some(), "the rate has its source");
    window.get_by_role_and_label(Role::Button, "For one US dollar").click();
    window.run();
    ctrl(&mut window, Key::A);
    window.get_by_role_and_label(Role::TextInput, "For one US dollar").type_text("8");
    window.run();
    press(&mut window, Key::Enter);
    assert_eq!(settings(&window).cny_per_usd, Some(8.0), "typed");
    assert!(window.query_by_label_contains("Your own rate").is_some());
    click(&mut window, "Close");
    click(&mut window, "Card");
    let in_yuan =
        |node: &egui_kittest::kittest::AccessKitNode<'_>| node.value().is_some_and(|value| value.contains('¥'));
    assert!(window.query_all_by(in_yuan).next().is_some(), "the list of cards shows prices in yuan");
}

#[test]
fn motion_can_be_switched_off() {
    let mut window = Start::again().window();
    assert!(window.ctx.global_style().animation_time > 0.0);
    ctrl(&mut window, Key::Comma);
    click(&mut window, "Reduce motion");
    assert!(settings(&window).reduce_motion);
    assert_eq!(window.ctx.global_style().animation_time, 0.0);
}

#[test]
fn own_tables_are_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = Start { folder: Some(folder.path().to_owned()), ..Start::again() }.window();
    let tables = rigplan::system::folders::Folders::at(folder.path().to_owned()).overlay();
    std::fs::create_dir_all(tables.join("cards")).expect("created");
    std::fs::write(tables.join("cards/mine.ron"), "[(").expect("written");
    ctrl(&mut window, Key::Comma);
    assert!(window.query_by_label_contains("mine.ron").is_none(), "not read yet");
    click(&mut window, "Reload");
    assert!(window.query_by_label_contains("mine.ron").is_some(), "what is wrong with it is said");
}

#[test]
fn yuan_are_offered_with_chinese_once() {
    let mut window = Start::again().window();
    chord(&mut window, Modifiers::ALT, Key::L);
    click(&mut window, "改用人民币");
    assert_eq!(settings(&window).currency, Currency::Cny);
    chord(&mut window, Modifiers::ALT, Key::L);
    chord(&mut window, Modifiers::ALT, Key::L);
    assert!(window.query_by_label("改用人民币").is_none(), "once");
}
