//! Every view and dialog at the sizes of small and large windows, and of zoomed ones: no two texts lie over each other,
//! and none is cut or out of sight without an ellipsis.

use eframe::egui::accesskit::Role;
use eframe::egui::epaint::ClippedShape;
use eframe::egui::{Key, Pos2, Rangef, Rect, Shape, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::app::{App, PersistedState, Settings};
use rigplan::plan::{Document, Task};
use rigplan::share::plan_file;
use rigplan::system::detect::Detected;
use rigplan::text::{Concept, Key as Word, Locale};

use crate::app::start;
use crate::app::support::Start;
use crate::support::{ctrl, press};

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
/// So high that nothing of a page is below the window.
const PAGE: f32 = 2600.0;
/// What two texts may share: the empty edges of their boxes.
const SLACK: f32 = 2.5;
/// What of a text may be cut: the empty edge of its box.
const EDGE: f32 = 1.5;
/// Between what is scrolled and the edge of the window there may be a scroll bar.
const SCROLL_BAR: f32 = 12.0;

/// A text as it is seen.
struct Seen {
    words: String,
    /// Where it stands, and how much of that is in sight.
    whole: Rect,
    visible: Rect,
    clip: Rect,
    elided: bool,
    /// How many shapes were drawn before.
    place: usize,
}

/// What was drawn in a frame: its texts, and the grounds that hide what was drawn before them.
#[derive(Default)]
struct Drawn {
    texts: Vec<Seen>,
    grounds: Vec<(usize, Rect)>,
    shapes: usize,
    /// Behind what stands over everything else.
    backdrop: usize,
}

impl Drawn {
    fn of(shapes: &[ClippedShape], window: Vec2) -> Self {
        let mut drawn = Self::default();
        for clipped in shapes {
            drawn.collect(&clipped.shape, clipped.clip_rect, window);
        }
        drawn.texts.retain(|text| !text.words.trim().is_empty() && text.place > drawn.backdrop);
        drawn
    }

    fn collect(&mut self, shape: &Shape, clip: Rect, window: Vec2) {
        self.shapes += 1;
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| self.collect(shape, clip, window)),
            Shape::Rect(ground)
                if ground.fill.a() > 0 && ground.rect.contains_rect(Rect::from_min_size(Pos2::ZERO, window)) =>
            {
                self.backdrop = self.shapes;
            }
            Shape::Rect(ground) if ground.fill.is_opaque() => {
                self.grounds.push((self.shapes, ground.rect.intersect(clip)));
            }
            Shape::Text(text) => {
                for row in &text.galley.rows {
                    let whole = row.rect().translate(text.pos.to_vec2());
                    self.texts.push(Seen {
                        words: text.galley.text().to_owned(),
                        whole,
                        visible: whole.intersect(clip),
                        clip,
                        elided: text.galley.elided,
                        place: self.shapes,
                    });
                }
            }
            _ => {}
        }
    }

    /// Whether something drawn between two shapes hides this.
    fn is_hidden(&self, rect: Rect, after: usize, before: usize) -> bool {
        let mut between = self.grounds.iter().filter(|(place, _)| (after + 1..before).contains(place));
        between.any(|(_, ground)| ground.expand(SLACK).contains_rect(rect))
    }
}

/// What is wrong with the texts of a frame: those over each other, those cut at a side, those beside the window. What is
/// scrolled sideways may end where the window ends.
fn faults(shapes: &[ClippedShape], window: Vec2, scrolled: bool) -> Vec<String> {
    let drawn = Drawn::of(shapes, window);
    let across = Rangef::new(0.0, window.x);
    let mut faults = Vec::new();
    let is_seen = |text: &&Seen| text.visible.width() > 1.0 && text.visible.height() > 3.0;
    for text in &drawn.texts {
        let in_sight = text.whole.y_range().intersection(text.clip.y_range()).span() > 3.0;
        let cut = text.whole.width() - text.visible.width().max(0.0) > EDGE && in_sight && !text.elided;
        let at_edge = text.clip.left() <= across.min + EDGE || text.clip.right() >= across.max - SCROLL_BAR;
        if cut && !(scrolled && at_edge) && !drawn.is_hidden(text.visible, text.place, drawn.shapes + 1) {
            faults.push(format!("cut: {:?} at {:?} to {:?}", text.words, text.whole, text.visible));
        }
    }
    let seen: Vec<&Seen> = drawn.texts.iter().filter(is_seen).collect();
    for (place, text) in seen.iter().enumerate() {
        for other in &seen[place + 1..] {
            let shared = text.visible.intersect(other.visible);
            let over = shared.width() > SLACK && shared.height() > SLACK && text.visible != other.visible;
            if over && !drawn.is_hidden(shared, text.place, other.place) {
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

/// Asks for a command by its name, as the palette finds it in either language.
fn ask(window: &mut Harness<'static, App>, command: Word) {
    ctrl(window, Key::K);
    if command == Word::Palette {
        return;
    }
    window.get_by_role(Role::TextInput).type_text(Locale::En.word(command).trim_end_matches('…'));
    window.run_ok();
    press(window, Key::Enter);
    window.run_ok();
}

/// Something that is seen in the window.
struct View {
    name: &'static str,
    /// What is asked for to see it; none = what is there at first.
    command: Option<Word>,
    /// Whether it stands over the views, and Escape leaves it.
    over: bool,
    /// A page that is longer than the window is looked at whole.
    page: bool,
    /// In windows narrower than this it is scrolled sideways.
    least_width: f32,
}

impl View {
    const fn page(name: &'static str, command: Option<Word>, least_width: f32) -> Self {
        Self { name, command, over: false, page: true, least_width }
    }

    const fn over(name: &'static str, command: Word) -> Self {
        Self { name, command: Some(command), over: true, page: false, least_width: 0.0 }
    }

    /// Its faults in every size.
    fn faults(&self, window: &mut Harness<'static, App>, locale: Locale) -> Vec<String> {
        if let Some(command) = self.command {
            ask(window, command);
        }
        let mut found = Vec::new();
        for (width, height) in SIZES {
            for height in [Some(height), Some(PAGE).filter(|_| self.page)].into_iter().flatten() {
                window.set_size(vec2(width, height));
                window.run_ok();
                let all = faults(&window.output().shapes, vec2(width, height), width < self.least_width);
                let place = format!("{locale:?} {} {width} × {height}", self.name);
                found.extend(all.into_iter().map(|fault| format!("{place}: {fault}")));
                // The way out of what stands over the views is in sight.
                let inside = Rect::from_min_size(Pos2::ZERO, vec2(width, height));
                let close = window.query_all_by_label(locale.word(Word::Close)).filter(|_| self.over);
                let away = close.filter(|button| !inside.contains_rect(button.rect()));
                found.extend(away.map(|button| format!("{place}: out of reach, {:?}", button.rect())));
            }
        }
        window.set_size(vec2(1440.0, 900.0));
        window.run_ok();
        // What is typed into is left first.
        for _ in 0..if self.over { 2 } else { 0 } {
            press(window, Key::Escape);
        }
        found
    }
}

/// The center of a plan narrower than this is scrolled.
const PLAN: f32 = 560.0;
/// The columns of the builds, and the table of cards, are scrolled in windows narrower than these.
const BUILDS: f32 = 1300.0;
const CARDS: f32 = 900.0;

/// Fails where a view has a fault, in any size or language.
fn assert_clear(task: Task, views: &[View]) {
    let mut found = Vec::new();
    for locale in Locale::ALL {
        let mut document = Document::default();
        document.plans[0].plan.workload.task = task;
        let mut window = open(&document, locale, vec2(1440.0, 900.0));
        for view in views {
            found.extend(view.faults(&mut window, locale));
        }
    }
    assert!(found.is_empty(), "{} faults\n{}", found.len(), found.join("\n"));
}

#[test]
fn texts_of_a_serving_plan_stand_clear_of_each_other() {
    assert_clear(Task::Serve, &[View::page("plan", None, PLAN)]);
}

#[test]
fn texts_of_a_training_plan_stand_clear_of_each_other() {
    assert_clear(Task::Lora, &[View::page("training", None, PLAN)]);
}

#[test]
fn texts_of_cards_stand_clear_of_each_other() {
    assert_clear(Task::Serve, &[View::page("cards", Some(Word::Cards), CARDS)]);
}

#[test]
fn texts_of_builds_and_of_renting_stand_clear_of_each_other() {
    assert_clear(Task::Serve, &[View::page("builds", Some(Word::Build), BUILDS)]);
}

/// The comparison is scrolled sideways in windows narrower than this, and so are its tables of many plans.
const COMPARED: f32 = 900.0;

#[test]
fn texts_of_a_comparison_stand_clear_of_each_other() {
    let view = || View::page("comparison", Some(Word::Compare), COMPARED);
    assert_clear(Task::Serve, &[view()]);
    let mut found = Vec::new();
    for locale in Locale::ALL {
        let mut window = open(&crate::app::compare::ways(), locale, vec2(1440.0, 900.0));
        found.extend(view().faults(&mut window, locale));
    }
    assert!(found.is_empty(), "{} faults\n{}", found.len(), found.join("\n"));
}

#[test]
fn texts_of_what_stands_over_the_views_stand_clear_of_each_other() {
    let over = [
        View::over("price book", Word::PriceBook),
        View::over("settings", Word::Settings),
        View::over("glossary", Word::Glossary),
        View::over("palette", Word::Palette),
        View::over("manual", Word::Manual),
        View::over("keys", Word::KeyboardList),
        View::over("about", Word::About),
        View::over("notes", Word::Notes),
        View::over("measurements", Word::Measurements),
        View::over("this machine", Word::UseThisMachine),
    ];
    assert_clear(Task::Serve, &over);
}

#[test]
fn texts_of_the_start_page_stand_clear_of_each_other() {
    let home = tempfile::tempdir().expect("a folder");
    let long = "A plan with a name that is much longer than any row of the list is wide";
    let files = [
        start::document(home.path(), long, 100, |_| ()),
        start::document(home.path(), "eight", 1, |_| ()),
        home.path().join("gone.ron"),
    ];
    let config = start::remembering(home.path(), &files);
    let mut found = Vec::new();
    for locale in Locale::ALL {
        for detected in [Detected::default(), start::machine()] {
            let settings = Settings { language: Some(locale), reduce_motion: true, ..Settings::default() };
            let kept = Some(PersistedState { settings, ..PersistedState::default() });
            let folder = Some(config.clone());
            let mut window = Start { kept, folder, found: detected, page: true, ..Start::default() }.window();
            found.extend(View::page("start", None, 0.0).faults(&mut window, locale));
        }
    }
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

/// What one reading is made of is said beside the others, which are compared with it.
#[test]
fn the_tip_of_a_reading_covers_no_other() {
    let about = [Concept::Decode, Concept::Prefill, Concept::LoadTime, Concept::BoardPower];
    for (width, height) in [(1100.0, 700.0), (1280.0, 800.0), (1440.0, 900.0)] {
        let mut window = open(&Document::default(), Locale::En, vec2(width, height));
        for concept in about {
            let name = Locale::En.word(concept.name());
            let readings: Vec<(String, Rect)> = window
                .query_all_by_role(Role::Button)
                .filter_map(|node| Some((node.accesskit_node().label()?, node.rect())))
                .filter(|(label, _)| about.iter().any(|it| label.starts_with(Locale::En.word(it.name()))))
                .collect();
            let own = readings.iter().position(|(label, _)| label.starts_with(name)).expect("a reading");
            window.hover_at(readings[own].1.center());
            (0..40).for_each(|_| window.step());
            let drawn = Drawn::of(&window.output().shapes, vec2(width, height));
            let said = Locale::En.word(concept.about());
            let tip = drawn.texts.iter().find(|text| text.words.ends_with(said)).expect("a tip");
            let under =
                drawn.grounds.iter().rev().find(|(place, it)| *place < tip.place && it.contains_rect(tip.whole));
            let (_, ground) = *under.expect("its ground");
            let others = readings.iter().enumerate().filter(|(place, _)| *place != own);
            let covered: Vec<_> = others.filter(|(_, (_, rect))| ground.shrink(2.0).intersects(*rect)).collect();
            assert!(covered.is_empty(), "{width} × {height}: {name} over {covered:?}");
        }
    }
}
