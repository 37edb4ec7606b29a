//! Lines over the lower edge of the window: none moves from under the pointer when another comes or goes.

use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Pos2, Rect};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rigplan::app::App;

use super::support::Start;
use crate::support::{ctrl, press};

const OFFER: &str = "Plan from command";

fn button(window: &Harness<'_, App>) -> Rect {
    window.get_by_label(OFFER).rect()
}

#[test]
fn a_button_stays_under_the_pointer_when_the_line_below_it_ends() {
    let mut window = Start::again().window();
    ctrl(&mut window, Key::D);
    let plans = window.state().document().plans.len();
    ctrl(&mut window, Key::K);
    window.get_by_role(Role::TextInput).type_text("Delete plan");
    window.run();
    press(&mut window, Key::Enter);
    assert_eq!(window.state().document().plans.len(), plans - 1);
    assert!(window.state().notices().iter().any(|line| line.starts_with("Deleted")), "one line");
    window.event(Event::Paste("vllm serve Qwen/Qwen3-8B --max-model-len 4096".to_owned()));
    window.run();
    assert_eq!(window.state().notices().len(), 2, "and one over it");
    let before = button(&window);
    window.hover_at(before.center());
    window.run();
    ctrl(&mut window, Key::Z);
    assert_eq!(window.state().notices().len(), 1, "what was done is taken back, so its line goes");
    assert_eq!(button(&window), before, "the other stays where it is pointed at");
    window.hover_at(Pos2::new(20.0, 20.0));
    window.run();
    assert!(button(&window).top() > before.top() + 8.0, "then it takes the room");
}
