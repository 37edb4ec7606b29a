//! Every control of every view, in both languages and both themes, as the accessibility tree lists them: it has a name, Tab
//! reaches it, the focus on it is seen, and using it leaves a window that can be used. Every dialog is served by keys alone.
//! The harness itself fails where a glyph is missing.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::support::Start;
use crate::support::{ctrl, press};
use eframe::egui::accesskit::{Action, Role};
use eframe::egui::epaint::ColorMode;
use eframe::egui::{Color32, Key, Rect, Shape, Theme, ThemePreference};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::app::{App, PersistedState, Settings};
use rigplan::plan::{Document, Runtime, Task};
use rigplan::share::plan_file;
use rigplan::text::{Key as Word, Locale};
use rigplan::ui::theme::Tokens;

type Window = Harness<'static, App>;

/// A control as it is found again in another window: what it is, what it is called, and which of those alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Control {
    role: String,
    name: String,
    nth: usize,
}

/// How many controls one after the other are used on the way to the last.
const DEPTH: usize = 3;
/// How many of those alike, such as the rows of a table or the entries of a list, are used.
const ALIKE: usize = 2;

/// What only the mouse uses, and keys and screen readers have otherwise: texts that can be marked, the bars beside what
/// scrolls, the area of a plot, a dialog's frame.
const FOR_THE_MOUSE: &[Role] = &[Role::Label, Role::ScrollBar, Role::Unknown, Role::Window];

fn node<'a>(window: &'a Window, control: &Control) -> Option<egui_kittest::Node<'a>> {
    interactive(window).find(|(found, _)| found == control).map(|(_, node)| node)
}

/// What can be clicked, typed into or moved.
fn interactive(window: &Window) -> impl Iterator<Item = (Control, egui_kittest::Node<'_>)> {
    let mut before: BTreeMap<(String, String), usize> = BTreeMap::new();
    window.root().children_recursive().filter_map(move |node| {
        let found = node.accesskit_node();
        let usable = [Action::Click, Action::SetValue].into_iter().any(|it| found.data().supports_action(it));
        if !usable || found.is_disabled() || FOR_THE_MOUSE.contains(&found.role()) {
            return None;
        }
        let (role, name) = (format!("{:?}", found.role()), found.label().unwrap_or_default());
        let alike = before.entry((role.clone(), name.clone())).or_default();
        let nth = *alike;
        *alike += 1;
        Some((Control { role, name, nth }, node))
    })
}

/// Those that keys can reach. Some take another name on the way: an explanation is of the row that the focus comes from.
fn focusable(window: &Window) -> BTreeMap<u64, Control> {
    let takes_keys = |node: &egui_kittest::Node<'_>| node.accesskit_node().data().supports_action(Action::Focus);
    interactive(window).filter(|(_, node)| takes_keys(node)).map(|(control, node)| (id(&node), control)).collect()
}

fn id(node: &egui_kittest::Node<'_>) -> u64 {
    node.accesskit_node().locate().0.0
}

/// The edges of what is drawn, and their colors.
fn edges(shape: &Shape, edges: &mut Vec<(Rect, Color32)>) {
    let color = match shape {
        Shape::Vec(shapes) => return shapes.iter().for_each(|shape| self::edges(shape, edges)),
        Shape::Rect(rect) => rect.stroke.color,
        Shape::Circle(circle) => circle.stroke.color,
        Shape::LineSegment { stroke, .. } => stroke.color,
        Shape::Path(path) => match path.stroke.color {
            ColorMode::Solid(color) => color,
            ColorMode::UV(_) => return,
        },
        _ => return,
    };
    edges.push((shape.visual_bounding_rect(), color));
}

/// Whether the focus on what stands at `rect` is drawn: by a ring in its color, in a field by its edge in that of text.
fn is_ring_drawn(window: &Window, rect: Rect, role: Role) -> bool {
    let t = Tokens::of_theme(window.ctx.theme());
    let is_field = matches!(role, Role::TextInput | Role::MultilineTextInput | Role::SpinButton);
    let mut drawn = Vec::new();
    window.output().shapes.iter().for_each(|clipped| edges(&clipped.shape, &mut drawn));
    drawn.iter().any(|(edge, color)| (*color == t.focus || is_field && *color == t.text) && edge.intersects(rect))
}

/// A name without its figures and what they are of, so that those of a table or a list are alike.
fn kind(control: &Control) -> String {
    if ["Row", "ListBoxOption"].contains(&control.role.as_str()) {
        return control.role.clone();
    }
    let words = control.name.split(|letter: char| letter.is_ascii_digit() || ",:，：".contains(letter)).next();
    format!("{} {}", control.role, words.unwrap_or_default())
}

/// One window, and what was found in it.
struct Walk {
    locale: Locale,
    theme: Theme,
    document: Document,
    /// The view, by its place among the tabs.
    tab: usize,
    window: Window,
    seen: BTreeSet<Control>,
    /// How many of each kind were seen.
    alike: BTreeMap<String, usize>,
    violations: BTreeSet<String>,
    used: usize,
}

fn open(document: &Document, locale: Locale, theme: Theme, tab: usize) -> Window {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("plan.ron");
    std::fs::write(&file, plan_file::to_text(document).expect("a plan")).expect("written");
    let theme = if theme == Theme::Dark { ThemePreference::Dark } else { ThemePreference::Light };
    let settings = Settings { language: Some(locale), reduce_motion: true, theme, ..Settings::default() };
    let kept = Some(PersistedState { settings, ..PersistedState::default() });
    let config = Some(folder.path().join("config"));
    let mut window = Start { kept, file: Some(file), folder: config, ..Start::default() }.window();
    window.get_all_by_role(Role::Tab).nth(tab).expect("a tab").click();
    window.run_ok();
    window
}

impl Walk {
    fn new(locale: Locale, theme: Theme, document: Document) -> Self {
        let window = open(&document, locale, theme, 0);
        Self {
            locale,
            theme,
            document,
            tab: 0,
            window,
            seen: BTreeSet::new(),
            alike: BTreeMap::new(),
            violations: BTreeSet::new(),
            used: 0,
        }
    }

    /// Uses all controls of a view, and what they open.
    fn view(&mut self, tab: usize) {
        self.tab = tab;
        self.reopen();
        self.tab_through();
        self.explore(&mut Vec::new());
    }

    fn reopen(&mut self) {
        self.window = open(&self.document, self.locale, self.theme, self.tab);
    }

    /// Uses what was not used yet, here where these controls led.
    fn explore(&mut self, way: &mut Vec<Control>) {
        let mut fresh = Vec::new();
        for (control, node) in interactive(&self.window) {
            if control.name.trim().is_empty() {
                self.violations.insert(format!("no name: {} at {:?} after {way:?}", control.role, node.rect()));
            }
            if control.role == "Tab" || self.seen.contains(&control) {
                continue;
            }
            let alike = self.alike.entry(kind(&control)).or_default();
            if *alike < ALIKE {
                *alike += 1;
                self.seen.insert(control.clone());
                fresh.push(control);
            }
        }
        for control in fresh {
            if !self.reach(way, &control) {
                continue;
            }
            self.activate(&control);
            self.used += 1;
            if self.window.state().locale() != self.locale {
                self.reopen();
            }
            if interactive(&self.window).next().is_none() {
                self.violations.insert(format!("nothing is left after {way:?}, {control:?}"));
                self.reopen();
            }
            if way.len() + 1 < DEPTH {
                way.push(control);
                self.explore(way);
                way.pop();
            }
        }
    }

    fn activate(&mut self, control: &Control) -> bool {
        let Some(node) = node(&self.window, control) else { return false };
        node.click_accesskit();
        self.window.run_ok();
        true
    }

    /// Sees to it that a control is in sight: by what it is behind, at worst in a new window.
    fn reach(&mut self, way: &[Control], control: &Control) -> bool {
        if node(&self.window, control).is_some() {
            return true;
        }
        for again in [false, true] {
            if again {
                self.reopen();
            }
            for _ in 0..2 {
                self.window.key_press(Key::Escape);
                self.window.run_ok();
            }
            if way.iter().all(|step| self.activate(step)) && node(&self.window, control).is_some() {
                return true;
            }
        }
        false
    }

    /// Tab comes by every control of a view.
    fn tab_through(&mut self) {
        let wanted = focusable(&self.window);
        let place = format!("{:?} view {}:", self.locale, self.tab);
        self.tab_to(&wanted, &place);
    }

    /// Tab comes by every one of these; what it came by.
    fn tab_to(&mut self, wanted: &BTreeMap<u64, Control>, place: &str) -> BTreeSet<u64> {
        let mut reached = BTreeSet::new();
        for _ in 0..wanted.len() * 2 + 20 {
            self.window.key_press(Key::Tab);
            self.window.step();
            let Some(focused) = self.focused() else { continue };
            if let Some(control) = wanted.get(&focused)
                && !self.is_focus_seen()
            {
                self.violations.insert(format!("{place} the focus is not seen on {control:?}"));
            }
            reached.insert(focused);
            if wanted.keys().all(|id| reached.contains(id)) {
                return reached;
            }
        }
        let missed = wanted.iter().filter(|(id, _)| !reached.contains(id));
        let missed = missed.map(|(_, control)| format!("{place} Tab does not reach {control:?}"));
        self.violations.extend(missed);
        reached
    }

    /// What has the keyboard.
    fn focused(&self) -> Option<u64> {
        self.window.root().children_recursive().find(egui_kittest::Node::is_focused).map(|node| id(&node))
    }

    /// Whether one sees what has the keyboard, at the latest once it is scrolled to.
    fn is_focus_seen(&mut self) -> bool {
        (0..3).any(|_| {
            let focused = self.window.root().children_recursive().find(egui_kittest::Node::is_focused);
            let focused = focused.map(|node| (node.rect(), node.accesskit_node().role()));
            let seen = focused.is_some_and(|(rect, role)| is_ring_drawn(&self.window, rect, role));
            if !seen {
                self.window.step();
            }
            seen
        })
    }

    /// Opens a dialog by its name, comes by all that is in it, and leaves it, with keys alone.
    fn dialog(&mut self, command: Word) {
        self.reopen();
        let before = focusable(&self.window);
        ctrl(&mut self.window, Key::K);
        self.window.get_by_role(Role::TextInput).type_text(self.locale.word(command).trim_end_matches('…'));
        self.window.run_ok();
        press(&mut self.window, Key::Enter);
        self.window.run_ok();
        let mut inside = focusable(&self.window);
        inside.retain(|id, _| !before.contains_key(id));
        let place = format!("{command:?}:");
        if inside.is_empty() {
            self.violations.insert(format!("{place} nothing opened"));
        }
        let reached = self.tab_to(&inside, &place);
        let outside = reached.iter().filter_map(|id| before.get(id));
        self.violations.extend(outside.map(|control| format!("{place} Tab leaves it for {control:?}")));
        // What is typed into is left first.
        for _ in 0..2 {
            press(&mut self.window, Key::Escape);
        }
        if focusable(&self.window).keys().any(|id| inside.contains_key(id)) {
            self.violations.insert(format!("{place} Escape does not leave it"));
        }
        self.used += 1;
    }

    fn end(self, least: usize) {
        assert!(self.used >= least, "{} controls", self.used);
        let violations: Vec<String> = self.violations.into_iter().collect();
        assert!(violations.is_empty(), "{} violations\n{}", violations.len(), violations.join("\n"));
    }
}

fn every_view(locale: Locale, theme: Theme) {
    let mut walk = Walk::new(locale, theme, Document::default());
    for tab in 0..walk.window.get_all_by_role(Role::Tab).count() {
        walk.view(tab);
    }
    walk.end(100);
}

#[test]
fn every_control_serves_in_english_and_dark() {
    every_view(Locale::En, Theme::Dark);
}

#[test]
fn every_control_serves_in_chinese_and_light() {
    every_view(Locale::Zh, Theme::Light);
}

#[test]
fn every_control_of_a_server_and_of_training_serves() {
    for (locale, theme, task) in [(Locale::En, Theme::Light, Task::Serve), (Locale::Zh, Theme::Dark, Task::Lora)] {
        let mut document = Document::default();
        document.plans[0].plan.workload.choose_runtime(Runtime::Vllm);
        document.plans[0].plan.workload.task = task;
        let mut walk = Walk::new(locale, theme, document);
        walk.view(0);
        walk.end(100);
    }
}

#[test]
fn every_dialog_is_served_by_keys_alone() {
    const DIALOGS: [Word; 11] = [
        Word::Settings,
        Word::Glossary,
        Word::KeyboardList,
        Word::About,
        Word::Notes,
        Word::Measurements,
        Word::UseThisMachine,
        Word::Launch,
        Word::Versions,
        Word::LocalModels,
        Word::PriceBook,
    ];
    for (locale, theme) in [(Locale::En, Theme::Light), (Locale::Zh, Theme::Dark)] {
        let mut walk = Walk::new(locale, theme, Document::default());
        for dialog in DIALOGS {
            walk.dialog(dialog);
        }
        walk.end(DIALOGS.len());
    }
}
