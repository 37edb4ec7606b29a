//! The Explain view: every scene by keyboard alone, nothing drawn while it waits, words that light up, handles, answers.

use std::collections::BTreeSet;

use eframe::egui::accesskit::Role;
use eframe::egui::{self, Key, Shape, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::app::{App, PersistedState, Settings};
use rigplan::catalog::Catalog;
use rigplan::plan::{Document, ModelChoice, Plan, SceneId, ScenePosition};
use rigplan::scenes::clock::Clock;
use rigplan::scenes::draw::{self, Beholder, Measure};
use rigplan::scenes::mark::{Anchor, Face, Mark, STAGE, Shape as Drawn};
use rigplan::scenes::spans::Tongue;
use rigplan::scenes::{Premise, Scene, all};
use rigplan::share::plan_file;
use rigplan::text::Locale;
use rigplan::ui::{fonts, theme};

use crate::app::support::Start;
use crate::support::{click, ctrl, press};

fn offloaded() -> Plan {
    let mut plan = Plan::default();
    plan.workload.model = ModelChoice::Catalog("llama-3.1-70b".to_owned());
    plan
}

/// A window on a scene that stands at its beginning.
fn window_on(scene: SceneId, locale: Locale, size: Vec2) -> Harness<'static, App> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("plan.rigplan.ron");
    let mut document = Document::of(offloaded());
    document.scene = Some(ScenePosition { scene, ..ScenePosition::default() });
    std::fs::write(&file, plan_file::to_text(&document).expect("a document")).expect("written");
    let settings = Settings { language: Some(locale), ..Settings::default() };
    let kept = Some(PersistedState { settings, ..PersistedState::default() });
    let start = Start { kept, file: Some(file), ..Start::default() };
    let mut window = start.window_in(Harness::builder().with_size(size).with_max_steps(400));
    drop(folder);
    ctrl(&mut window, Key::Num4);
    window
}

/// Which stop it says that it is at: "Stop 2 of 7".
fn stop(window: &Harness<'_, App>) -> (usize, usize) {
    let slider = window
        .get_all_by_role(Role::Slider)
        .find_map(|node| node.accesskit_node().label().filter(|label| label.starts_with("Stop ")))
        .expect("a timeline");
    let mut numbers = slider.split(' ').filter_map(|word| word.parse().ok());
    (numbers.next().expect("a stop"), numbers.next().expect("a count"))
}

#[test]
fn every_scene_goes_from_start_to_end_by_keyboard_alone() {
    for scene in all::ALL {
        let mut window = window_on(*scene, Locale::En, vec2(1440.0, 900.0));
        press(&mut window, Key::Home);
        let count = stop(&window).1;
        for at in 1..=count {
            assert_eq!(stop(&window), (at, count), "{}", scene.name());
            assert!(!window.ctx.has_requested_repaint(), "{} waits at {at}: no frame is asked for", scene.name());
            press(&mut window, Key::Space);
        }
        assert_eq!(stop(&window).0, count, "the last stop stays");
        press(&mut window, Key::ArrowLeft);
        assert_eq!(stop(&window).0, (count - 1).max(1), "one back");
        press(&mut window, Key::End);
        press(&mut window, Key::R);
        assert_eq!(stop(&window).0, count, "again to the end");
        press(&mut window, Key::Home);
        assert_eq!(stop(&window).0, 1);
        assert!(!window.state().is_unsaved(), "looking changes nothing");
    }
}

/// The rail that has the keyboard goes from stop to stop, and the focus stays on it.
#[test]
fn the_timeline_is_moved_by_its_own_keys() {
    let mut window = window_on(all::ALL[0], Locale::En, vec2(1440.0, 900.0));
    let rail = |window: &Harness<'_, App>| {
        let is_rail = |node: &egui_kittest::Node<'_>| {
            node.accesskit_node().label().is_some_and(|label| label.starts_with("Stop "))
        };
        window.get_all_by_role(Role::Slider).find(is_rail).map(|node| node.is_focused())
    };
    press(&mut window, Key::Home);
    let count = stop(&window).1;
    for _ in 0..80 {
        if rail(&window) == Some(true) {
            break;
        }
        press(&mut window, Key::Tab);
    }
    assert_eq!(rail(&window), Some(true), "Tab comes to it");
    for (key, wanted) in
        [(Key::ArrowRight, 2), (Key::ArrowRight, 3), (Key::ArrowLeft, 2), (Key::End, count), (Key::Home, 1)]
    {
        press(&mut window, key);
        assert_eq!(stop(&window).0, wanted, "{key:?}");
        assert_eq!(rail(&window), Some(true), "{key:?} leaves the focus where it is");
    }
}

#[test]
fn an_answer_goes_on_and_is_remembered() {
    for answer in [Key::Num1, Key::Num2, Key::Num3] {
        let mut window = window_on(SceneId::Basics, Locale::En, vec2(1440.0, 900.0));
        press(&mut window, Key::Home);
        assert_eq!(
            window
                .get_all_by_role(Role::RadioButton)
                .filter(|node| node.accesskit_node().label().is_some_and(|it| it.starts_with("Yes")))
                .count(),
            2
        );
        press(&mut window, answer);
        assert_eq!(stop(&window).0, 2, "any answer goes on");
        let given =
            window.state().document().scene.as_ref().and_then(|scene| scene.answers.get(&SceneId::Basics)).copied();
        assert_eq!(
            given,
            Some(match answer {
                Key::Num1 => 0,
                Key::Num2 => 1,
                _ => 2,
            })
        );
    }
}

#[test]
fn words_light_up_with_what_they_name() {
    let mut window = window_on(SceneId::Basics, Locale::En, vec2(1440.0, 900.0));
    press(&mut window, Key::Home);
    let outlines = |window: &Harness<'_, App>| {
        let is_outline = |shape: &Shape| matches!(shape, Shape::Rect(rect) if rect.stroke.width == 2.0 && rect.fill == egui::Color32::TRANSPARENT);
        window.output().shapes.iter().filter(|shape| is_outline(&shape.shape)).count()
    };
    let before = outlines(&window);
    let caption = window.get_by_label_contains("Any answer goes on").rect();
    // The words "VRAM" stand in the first line of the caption.
    let mut lit = BTreeSet::new();
    let mut x = caption.left();
    while x < caption.right() {
        window.hover_at(egui::pos2(x, caption.top() + 12.0));
        window.run();
        lit.insert(outlines(&window));
        x += 24.0;
    }
    assert!(lit.iter().any(|count| *count > before), "some word outlines what it names: {before} {lit:?}");
}

#[test]
fn a_handle_turns_by_keyboard_and_goes_into_the_plan() {
    let mut window = window_on(SceneId::Basics, Locale::En, vec2(1440.0, 900.0));
    press(&mut window, Key::Home);
    for _ in 0..3 {
        press(&mut window, Key::ArrowRight);
    }
    window.get_by_role_and_label(Role::Slider, "How fast the RAM is").focus();
    window.run();
    press(&mut window, Key::ArrowRight);
    let plan = |window: &Harness<'_, App>| window.state().document().plans[0].plan.machine.ram_gb_s;
    assert_eq!(plan(&window), None, "a handle turns the picture alone");
    click(&mut window, "Put this into my plan");
    assert_eq!(plan(&window), Some(102.4));
    ctrl(&mut window, Key::Z);
    assert_eq!(plan(&window), None, "one step back");
}

/// The edges of the reader's own machine: RAM, cards and the chat, each with a slider that the keyboard turns.
#[test]
fn the_machine_of_the_plan_is_turned_by_keyboard() {
    let mut window = window_on(SceneId::YourPlan, Locale::En, vec2(1440.0, 900.0));
    press(&mut window, Key::Home);
    let sliders = |window: &Harness<'_, App>| {
        let label = |node: egui_kittest::Node<'_>| node.accesskit_node().label().unwrap_or_default();
        window.get_all_by_role(Role::Slider).map(label).filter(|label| label.starts_with("How ")).collect::<Vec<_>>()
    };
    assert!(sliders(&window).is_empty(), "handles rest until the last stop");
    press(&mut window, Key::End);
    assert_eq!(sliders(&window), ["How much RAM", "How many cards", "How long the chat"]);
    for name in ["How much RAM", "How many cards", "How long the chat"] {
        window.get_by_role_and_label(Role::Slider, name).focus();
        window.run();
        press(&mut window, Key::ArrowRight);
    }
    let before = window.state().document().plans[0].plan.clone();
    click(&mut window, "Put this into my plan");
    let after = window.state().document().plans[0].plan.clone();
    assert!(after.machine.ram_gib > before.machine.ram_gib, "RAM");
    assert_eq!(after.machine.cards[0].count, 2, "cards");
    assert!(after.workload.context > before.workload.context, "the chat");
    ctrl(&mut window, Key::Z);
    assert_eq!(window.state().document().plans[0].plan, before, "one step back");
}

/// What a scene asks of a build goes to the document's build, as one step.
#[test]
fn a_budget_is_asked_of_the_build() {
    let mut window = window_on(SceneId::Tiers, Locale::En, vec2(1440.0, 900.0));
    press(&mut window, Key::Home);
    press(&mut window, Key::End);
    window.get_by_role_and_label(Role::Slider, "How much may be spent").focus();
    window.run();
    press(&mut window, Key::ArrowRight);
    click(&mut window, "Ask for this in Build");
    let budget = |window: &Harness<'_, App>| window.state().document().build.as_ref().map(|build| build.budget_usd.0);
    assert_eq!(budget(&window), Some(10_000.0));
    ctrl(&mut window, Key::Z);
    assert_eq!(budget(&window), None, "one step back");
}

/// A way out that has the keyboard is seen on the stage before it is taken.
#[test]
fn a_way_out_is_previewed() {
    let mut window = window_on(SceneId::YourPlan, Locale::En, vec2(1440.0, 900.0));
    press(&mut window, Key::Home);
    for _ in 0..4 {
        press(&mut window, Key::ArrowRight);
    }
    let words = |window: &Harness<'_, App>| {
        let is_said =
            |shape: &Shape| matches!(shape, Shape::Text(text) if text.galley.text().contains("with the change"));
        window.output().shapes.iter().filter(|shape| is_said(&shape.shape)).count()
    };
    assert_eq!(words(&window), 0);
    let button = window
        .get_all_by_role(Role::Button)
        .find(|node| {
            node.accesskit_node().label().is_some_and(|label| label.contains("GiB") && label.contains("tok/s"))
        })
        .expect("a way out");
    button.focus();
    window.run();
    assert_eq!(words(&window), 1, "both speeds stand beside the picture");
}

#[test]
fn a_scene_is_taken_along_as_a_page_and_as_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("scene.html");
    let start = Start::again();
    start.script.will_choose(&page);
    let mut window = start.window();
    ctrl(&mut window, Key::Num4);
    press(&mut window, Key::Home);
    crate::support::pick(&mut window, "Take along", "Web page…");
    window.run_ok();
    let text = std::fs::read_to_string(&page).expect("a page was written");
    assert!(text.starts_with("<!doctype html>") && text.contains("14 GB"), "the scene");
    assert!(window.state().notices()[0].starts_with("Saved "), "{:?}", window.state().notices());
    crate::support::pick(&mut window, "Take along", "Copy as text");
    window.run_ok();
}

#[test]
fn a_term_of_the_glossary_leads_to_its_scene() {
    let mut window = Start::again().window();
    press(&mut window, Key::F1);
    window.get_by_role_and_label(Role::TextInput, "Search terms, in either language").type_text("KV cache");
    window.run();
    let button = window
        .get_all_by_role(Role::Button)
        .find(|node| node.accesskit_node().label().is_some_and(|label| label == "In pictures: Long chats"));
    button.expect("the scene of a term").click();
    window.run_ok();
    press(&mut window, Key::Home);
    let shown = window.state().document().scene.as_ref().map(|scene| scene.scene);
    assert_eq!(shown, Some(SceneId::LongChats), "its scene");
}

#[test]
fn the_position_travels_with_the_document() {
    let mut window = window_on(SceneId::YourPlan, Locale::En, vec2(1440.0, 900.0));
    press(&mut window, Key::Home);
    press(&mut window, Key::ArrowRight);
    press(&mut window, Key::K);
    let scene = window.state().document().scene.clone().expect("somebody looked");
    assert!(scene.plain_words && scene.scene == SceneId::YourPlan && scene.time > 0.0);
    ctrl(&mut window, Key::Num1);
    ctrl(&mut window, Key::Num4);
    assert_eq!(stop(&window).0, 2, "where it was left");
}

#[test]
fn whom_movement_disturbs_sees_before_and_after() {
    let settings = Settings { reduce_motion: true, language: Some(Locale::En), ..Settings::default() };
    let kept = Some(PersistedState { settings, ..PersistedState::default() });
    let mut window = Start { kept, ..Start::default() }.window();
    ctrl(&mut window, Key::Num4);
    press(&mut window, Key::Home);
    window.key_press(Key::Space);
    for _ in 0..3 {
        window.step();
    }
    assert_eq!(stop(&window).0, 2, "at once");
    assert!(!window.ctx.has_requested_repaint(), "no movement");
}

/// Widths by the bundled fonts.
struct Fonts {
    ctx: egui::Context,
    scale: f32,
}

impl Fonts {
    fn new(scale: f32) -> Self {
        let ctx = egui::Context::default();
        theme::install(&ctx);
        let mut drawn = ctx.run_ui(egui::RawInput::default(), |_ui| {});
        // Nobody paints it.
        drawn.textures_delta.clear();
        Self { ctx, scale }
    }
}

impl Measure for Fonts {
    fn width(&self, words: &str, face: Face) -> f32 {
        let font = fonts::of_stage(face, self.scale);
        let ink = egui::Color32::WHITE;
        self.ctx.fonts_mut(|fonts| fonts.layout_no_wrap(words.to_owned(), font, ink).size().x) / self.scale
    }
}

/// Where a line of text stands on the stage, as tall as its letters.
fn rect_of(mark: &Mark, fonts: &Fonts) -> Option<(egui::Rect, String)> {
    let Drawn::Text { at, anchor, words, face, room, .. } = &mark.shape else { return None };
    let width = fonts.width(words, *face);
    let words = if width <= room + 1.0 { words.clone() } else { format!("{words} (cut)") };
    let left = match anchor {
        Anchor::Start => at[0],
        Anchor::Middle => at[0] - width / 2.0,
        Anchor::End => at[0] - width,
    };
    let height = face.size().max(11.0 / fonts.scale) * 0.72;
    Some((egui::Rect::from_min_size(egui::pos2(left, at[1] - height / 2.0), vec2(width, height)), words))
}

/// At the end of every stop of every scene, in both languages, with both kinds of words, at the scale of a large window, of
/// 1100 × 700, and of one zoomed to 75 %: no text reaches beyond the stage or lies over another.
#[test]
fn texts_on_the_stage_stand_clear_of_each_other() {
    let catalog = Catalog::embedded();
    let mut wrong = BTreeSet::new();
    for scale in [1.0, 0.66, 1.33] {
        let fonts = Fonts::new(scale);
        for plan in [Plan::default(), offloaded()] {
            for id in all::ALL {
                let scene = Scene::build(*id, Premise::new(&plan, catalog));
                let clock = Clock::of(&scene);
                for (locale, tongue) in Locale::ALL.into_iter().flat_map(|it| Tongue::ALL.map(|tongue| (it, tongue))) {
                    for (place, times) in clock.stops.iter().enumerate() {
                        let marks = draw::draw(&scene, &clock, times.end, Beholder { locale, tongue, measure: &fonts });
                        let texts: Vec<_> = marks.iter().filter_map(|mark| rect_of(mark, &fonts)).collect();
                        let stage = egui::Rect::from_min_size(egui::Pos2::ZERO, vec2(STAGE[0], STAGE[1])).expand(2.0);
                        for (nth, (rect, words)) in texts.iter().enumerate() {
                            if words.ends_with("(cut)") {
                                wrong.insert(format!("{} stop {place} {locale:?} x{scale}: {words}", id.name()));
                            }
                            if !stage.contains_rect(*rect) {
                                wrong.insert(format!(
                                    "{} stop {place} {locale:?} x{scale}: beyond the stage: {words}",
                                    id.name()
                                ));
                            }
                            for (other, theirs) in &texts[..nth] {
                                if rect.shrink(0.5).intersects(other.shrink(0.5)) {
                                    wrong.insert(format!(
                                        "{} stop {place} {locale:?} x{scale}: \"{words}\" over \"{theirs}\"",
                                        id.name()
                                    ));
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    let shown: Vec<_> = wrong.iter().take(40).cloned().collect();
    assert!(wrong.is_empty(), "{} faults\n{}", wrong.len(), shown.join("\n"));
}

/// Beside sliders or ways out, in windows of 1100 × 700 and 900 × 600, what is said is not cut.
#[test]
fn captions_have_room_beside_what_helps() {
    const HEIGHT: f32 = 94.0;
    let (catalog, plan) = (Catalog::embedded(), offloaded());
    let fonts = Fonts::new(1.0);
    let mut wrong = BTreeSet::new();
    for id in all::ALL {
        let scene = Scene::build(*id, Premise::new(&plan, catalog));
        for (locale, tongue) in Locale::ALL.into_iter().flat_map(|it| Tongue::ALL.map(|tongue| (it, tongue))) {
            for (place, words) in scene.script.stops.iter().enumerate() {
                let said = scene.plain(&words.caption, tongue, locale);
                for width in [513.0, 420.0] {
                    let ink = egui::Color32::WHITE;
                    let font = fonts::Type::LeadStrong.font();
                    let galley = fonts.ctx.fonts_mut(|fonts| fonts.layout(said.clone(), font, ink, width));
                    let lines = galley.rows.len() as f32;
                    if lines * 20.0 > HEIGHT {
                        wrong.insert(format!("{} stop {place} {locale:?} at {width}: {lines} lines", id.name()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}
