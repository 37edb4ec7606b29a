//! Every view at the sizes of small and large windows, and of zoomed ones: no two texts lie over each other, and none is
//! cut without an ellipsis.

use eframe::egui::accesskit::Role;
use eframe::egui::epaint::ClippedShape;
use eframe::egui::{Rect, Shape, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rigplan::app::{App, PersistedState, Settings};
use rigplan::plan::{Document, Task};
use rigplan::share::plan_file;
use rigplan::text::Locale;

use crate::app::support::Start;

/// Windows, and what 1440 × 900 leaves at a zoom of 200 % and 300 %.
const SIZES: [(f32, f32); 7] = [
    (480.0, 300.0),
    (720.0, 450.0),
    (900.0, 600.0),
    (1100.0, 700.0),
    (1280.0, 800.0),
    (1440.0, 900.0),
    (2560.0, 1440.0),
];
/// What two texts may share: the empty edges of their boxes.
const SLACK: f32 = 2.5;

/// A text as it is seen.
struct Seen {
    words: String,
    /// Where it stands, and how much of that is in sight.
    whole: Rect,
    visible: Rect,
    elided: bool,
}

/// The texts of a frame, from the lowest to the highest.
fn texts(shapes: &[ClippedShape]) -> Vec<Seen> {
    let mut found = Vec::new();
    for clipped in shapes {
        collect(&clipped.shape, clipped.clip_rect, &mut found);
    }
    found.retain(|text| !text.words.trim().is_empty() && text.visible.width() > 1.0 && text.visible.height() > 3.0);
    found
}

fn collect(shape: &Shape, clip: Rect, found: &mut Vec<Seen>) {
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, clip, found)),
        Shape::Text(text) => {
            let words = text.galley.text().to_owned();
            let elided = text.galley.elided;
            for row in &text.galley.rows {
                let whole = row.rect().translate(text.pos.to_vec2());
                let visible = whole.intersect(clip);
                found.push(Seen { words: words.clone(), whole, visible, elided });
            }
        }
        _ => {}
    }
}

/// What is wrong with the texts of a frame: those over each other, those cut at a side. The center of a window narrower
/// than it is scrolled, and so ends where the window ends.
fn faults(shapes: &[ClippedShape], scrolled: bool) -> Vec<String> {
    let texts = texts(shapes);
    let mut faults = Vec::new();
    for (place, text) in texts.iter().enumerate() {
        if text.visible.width() < text.whole.width() - 1.5 && !text.elided && !scrolled {
            faults.push(format!("cut: {:?} at {:?} to {:?}", text.words, text.whole, text.visible));
        }
        for other in &texts[place + 1..] {
            let shared = text.visible.intersect(other.visible);
            if shared.width() > SLACK && shared.height() > SLACK && text.visible != other.visible {
                faults.push(format!("over each other: {:?} {:?} at {:?}", text.words, other.words, shared));
            }
        }
    }
    faults
}

fn open(document: &Document, locale: Locale, size: Vec2) -> Harness<'static, App> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("plan.ron");
    std::fs::write(&file, plan_file::to_text(document).expect("a plan")).expect("written");
    let settings = Settings { language: Some(locale), reduce_motion: true, ..Settings::default() };
    let kept = Some(PersistedState { settings, ..PersistedState::default() });
    let mut window = Start { kept, file: Some(file), ..Start::default() }.window();
    window.set_size(size);
    window.run_ok();
    window
}

/// The faults of one plan in the Plan view, in every size and both languages.
fn plan_view(task: Task) -> Vec<String> {
    let mut found = Vec::new();
    for locale in Locale::ALL {
        for (width, height) in SIZES {
            let mut document = Document::default();
            document.plans[0].plan.workload.task = task;
            let window = open(&document, locale, vec2(width, height));
            let all = faults(&window.output().shapes, width < 560.0);
            found.extend(all.into_iter().map(|fault| format!("{locale:?} {width} × {height}: {fault}")));
        }
    }
    found
}

#[test]
fn texts_of_a_serving_plan_stand_clear_of_each_other() {
    let found = plan_view(Task::Serve);
    assert!(found.is_empty(), "{} faults\n{}", found.len(), found.join("\n"));
}

#[test]
fn texts_of_a_training_plan_stand_clear_of_each_other() {
    let found = plan_view(Task::Lora);
    assert!(found.is_empty(), "{} faults\n{}", found.len(), found.join("\n"));
}

#[test]
fn a_narrow_window_has_its_inputs_in_a_drawer() {
    let mut window = open(&Document::default(), Locale::En, vec2(720.0, 450.0));
    assert!(window.query_by_role_and_label(Role::ComboBox, "Model").is_none(), "closed at first");
    crate::support::click(&mut window, "Inputs");
    window.get_by_role_and_label(Role::ComboBox, "Model");
    crate::support::pick(&mut window, "View", "Cards");
    assert!(window.query_by_label("Inputs").is_none(), "another view");
}
