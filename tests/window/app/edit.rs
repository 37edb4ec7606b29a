//! Undo and redo, the unsaved mark, theme and language.

use eframe::egui::{Key, Modifiers, Theme, ThemePreference, lerp};
use egui_kittest::kittest::Queryable;
use rigplan::text::Locale;

use super::support::{Start, drag, rename};
use crate::support::{chord, click, ctrl, press};

fn context(window: &egui_kittest::Harness<'_, rigplan::app::App>) -> u64 {
    window.state().document().plans[0].plan.workload.context
}

#[test]
fn a_drag_of_a_slider_is_one_step() {
    let mut window = Start::again().window();
    let before = context(&window);
    let rail = window.get_by_label("Context").rect();
    let at = |share: f32| rail.lerp_inside(eframe::egui::vec2(share, 0.5));
    let points: Vec<_> = (0..8).map(|step| at(lerp(0.3..=0.9, step as f32 / 8.0))).collect();
    drag(&mut window, &points);
    let after = context(&window);
    assert_ne!(before, after, "the slider moved");
    assert!(window.state().is_unsaved(), "and that is a change");
    click(&mut window, "Undo: context");
    assert_eq!(context(&window), before, "one step goes all the way back");
    assert!(!window.state().is_unsaved(), "to what was there before");
    click(&mut window, "Redo: context");
    assert_eq!(context(&window), after, "and all the way forth");
}

#[test]
fn edits_are_undone_by_keys_in_their_order() {
    let mut window = Start::again().window();
    rename(&mut window, "one");
    rename(&mut window, "two");
    let name = |window: &egui_kittest::Harness<'_, rigplan::app::App>| window.state().document().name.clone();
    ctrl(&mut window, Key::Z);
    assert_eq!(name(&window), "one");
    ctrl(&mut window, Key::Z);
    assert_eq!(name(&window), "");
    chord(&mut window, Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(name(&window), "one");
    ctrl(&mut window, Key::Y);
    assert_eq!(name(&window), "two");
}

#[test]
fn escape_leaves_the_name_as_it_was() {
    let mut window = Start::again().window();
    rename(&mut window, "kept");
    window.get_by_label_contains("Plan name,").click();
    window.run();
    window.get_by_label("Plan name").type_text("not this");
    window.run();
    press(&mut window, Key::Escape);
    assert_eq!(window.state().document().name, "kept");
}

#[test]
fn the_unsaved_mark_is_there_exactly_while_something_would_be_lost() {
    let mut window = Start::again().window();
    assert!(window.query_by_label_contains("unsaved changes").is_none(), "nothing to lose at the start");
    rename(&mut window, "mine");
    assert!(window.query_by_label_contains("unsaved changes").is_some(), "marked");
    ctrl(&mut window, Key::Z);
    assert!(window.query_by_label_contains("unsaved changes").is_none(), "back to what was there");
}

#[test]
fn the_language_switches_at_run_time_and_the_plan_stays() {
    let mut window = Start::again().window();
    rename(&mut window, "mine");
    window.get_by_label_contains("Language,").click();
    window.run();
    assert_eq!(window.state().locale(), Locale::Zh);
    assert!(window.query_by_label("文件").is_some(), "the menu speaks Chinese");
    assert!(window.query_by_label("File").is_none(), "and no English");
    assert_eq!(window.state().document().name, "mine", "the plan is as it was");
}

#[test]
fn theme_and_language_are_chosen_in_the_settings() {
    let mut window = Start::again().window();
    ctrl(&mut window, Key::Comma);
    click(&mut window, "Light");
    assert_eq!(window.state().settings().theme, ThemePreference::Light);
    assert_eq!(window.ctx.theme(), Theme::Light);
    click(&mut window, "中文");
    assert_eq!(window.state().settings().language, Some(Locale::Zh));
    press(&mut window, Key::Escape);
    assert!(window.query_by_label("设置").is_none(), "Escape closes them");
    click(&mut window, "主题");
    assert_eq!(window.state().settings().theme, ThemePreference::Dark);
}

#[test]
fn an_idle_window_asks_for_no_frame() {
    let mut window = Start::again().window();
    rename(&mut window, "mine");
    // `run` draws until nothing asks for another frame, and fails where that never happens.
    window.run();
    let wanted = window.output().viewport_output.values().map(|output| output.repaint_delay).min();
    assert!(wanted.is_none_or(|delay| delay.as_secs() > 60), "a frame is wanted after {wanted:?}");
}

#[test]
fn the_file_menu_and_its_prompts_work_from_the_keyboard() {
    let mut window = Start::again().window();
    rename(&mut window, "mine");
    window.get_by_label("File").focus();
    window.run();
    press(&mut window, Key::Space);
    press(&mut window, Key::Tab);
    assert!(window.get_by_label_contains("New").is_focused(), "the first line of the menu");
    press(&mut window, Key::Enter);
    assert!(window.get_by_label("Save").is_focused(), "the prompt takes the keyboard");
    press(&mut window, Key::Tab);
    press(&mut window, Key::Enter);
    assert_eq!(window.state().document().name, "", "not saved, and a new plan");
}

#[test]
fn arrow_keys_move_a_slider_and_are_undone() {
    let mut window = Start::again().window();
    let before = context(&window);
    window.get_by_label("Context").focus();
    window.run();
    press(&mut window, Key::ArrowRight);
    assert!(context(&window) > before, "to the right is more");
    ctrl(&mut window, Key::Z);
    assert_eq!(context(&window), before, "one step back");
}
