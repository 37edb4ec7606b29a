//! What a later start brings back. A window that is dropped stands for one whose display is gone: nobody agreed to close
//! it.

use std::fs;
use std::path::{Path, PathBuf};

use eframe::egui::{Key, ThemePreference, ViewportEvent, ViewportId};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rigplan::advise::ranking::SortKey;
use rigplan::app::{App, PersistedState, Settings};
use rigplan::plan::Document;
use rigplan::share::plan_file;
use rigplan::system::folders::Folders;
use rigplan::text::{Currency, Locale};
use rigplan::ui::builder::BuildViewState;
use rigplan::ui::command::Tab;
use rigplan::ui::plan::PlotChoice;

use super::support::{Start, menu, rename};
use crate::support::{click, ctrl};

/// A user's folders, and starts of the program one after the other.
struct User {
    home: tempfile::TempDir,
}

impl User {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    fn folders(&self) -> Folders {
        Folders::at(self.home.path().join("config"))
    }

    fn start(&self, file: Option<&Path>) -> Harness<'static, App> {
        let kept = PersistedState::load(&self.folders()).or_else(|| Some(PersistedState::default()));
        let folder = Some(self.home.path().join("config"));
        Start { folder, kept, file: file.map(Path::to_owned), ..Start::default() }.window()
    }

    /// A window in which the document was renamed, and whose display is gone.
    fn crash(&self, file: Option<&Path>, renamed: &str) {
        rename(&mut self.start(file), renamed);
    }

    fn plan(&self, name: &str) -> PathBuf {
        let file = self.home.path().join(format!("{name}.ron"));
        let document = Document { name: name.to_owned(), ..Document::default() };
        fs::write(&file, plan_file::to_text(&document).unwrap()).unwrap();
        file
    }

    /// Holds the copy that a crash left, as a program that still ends does.
    fn hold(&self) -> fs::File {
        let folder = self.folders().recovery();
        let name = self.recovery().into_iter().find(|name| Path::new(name).extension().is_some_and(|it| it == "lock"));
        let lock = fs::File::options().read(true).write(true).open(folder.join(name.expect("a lock"))).unwrap();
        lock.try_lock().unwrap();
        lock
    }

    fn recovery(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folders().recovery()).into_iter().flatten();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

fn name(window: &Harness<'_, App>) -> String {
    window.state().document().name.clone()
}

#[test]
fn unsaved_changes_come_back_and_are_kept() {
    let user = User::new();
    let file = user.plan("mine");
    user.crash(Some(&file), "changed");
    let mut window = user.start(None);
    assert!(window.query_by_label("Restored unsaved changes to changed").is_some());
    assert_eq!((name(&window).as_str(), window.state().is_unsaved()), ("changed", true));
    click(&mut window, "Keep");
    assert!(window.state().notices().is_empty());
    ctrl(&mut window, Key::S);
    assert!(fs::read_to_string(&file).unwrap().contains("changed"), "to the file that they belong to");
    drop(window);
    assert_eq!(user.recovery(), Vec::<String>::new(), "saved, so nothing is left");
    let window = user.start(None);
    assert!(window.state().notices().is_empty());
    assert_eq!(name(&window), "changed", "the last document");
}

#[test]
fn they_can_be_discarded_and_even_then_undone() {
    let user = User::new();
    let file = user.plan("mine");
    user.crash(Some(&file), "changed");
    let mut window = user.start(None);
    click(&mut window, "Discard");
    assert_eq!((name(&window).as_str(), window.state().is_unsaved()), ("mine", false));
    ctrl(&mut window, Key::Z);
    assert_eq!(name(&window), "changed");
    ctrl(&mut window, Key::Y);
    drop(window);
    assert_eq!(user.recovery(), Vec::<String>::new());
}

#[test]
fn a_document_that_was_never_saved_comes_back() {
    let user = User::new();
    user.crash(None, "only here");
    // Ends abruptly once more before anything was answered.
    drop(user.start(None));
    let mut window = user.start(None);
    assert_eq!(name(&window), "only here");
    click(&mut window, "Discard");
    assert_eq!(*window.state().document(), Document::default());
}

#[test]
fn a_window_that_still_runs_keeps_its_own() {
    let user = User::new();
    let mut first = user.start(None);
    rename(&mut first, "first");
    let mut second = user.start(None);
    assert_eq!(name(&second), "", "the first one still has it");
    rename(&mut second, "second");
    drop(first);
    drop(second);
    let third = user.start(None);
    assert_eq!(name(&third), "second", "the newest");
    let fourth = user.start(None);
    assert_eq!(name(&fourth), "first", "the other, in a window of its own");
}

/// A program that was killed while it wrote holds its copy until the disk has answered.
#[test]
fn what_a_dying_program_still_holds_comes_back_when_it_is_gone() {
    let user = User::new();
    user.crash(None, "held");
    let lock = user.hold();
    let mut window = user.start(None);
    assert_ne!(name(&window), "held");
    drop(lock);
    for _ in 0..100 {
        window.step();
    }
    assert_eq!((name(&window).as_str(), window.state().is_unsaved()), ("held", true));
    assert!(window.query_by_label("Restored unsaved changes to held").is_some());
    drop(window);
    // One who has begun something else is not disturbed: it comes back with the next start.
    let lock = user.hold();
    let mut window = user.start(None);
    rename(&mut window, "other");
    drop(lock);
    for _ in 0..100 {
        window.step();
    }
    assert_eq!(name(&window), "other");
}

#[test]
fn a_file_that_is_named_gets_its_own_changes_alone() {
    let user = User::new();
    let (mine, other) = (user.plan("mine"), user.plan("other"));
    user.crash(Some(&mine), "changed");
    let window = user.start(Some(&other));
    assert_eq!((name(&window).as_str(), window.state().notices().len()), ("other", 0));
    drop(window);
    let window = user.start(Some(&mine));
    assert_eq!((name(&window).as_str(), window.state().notices().len()), ("changed", 1));
}

#[test]
fn a_file_changed_after_the_crash_is_not_overwritten_unasked() {
    let user = User::new();
    let file = user.plan("mine");
    user.crash(Some(&file), "changed");
    fs::write(&file, plan_file::to_text(&Document { name: "theirs".to_owned(), ..Document::default() }).unwrap())
        .unwrap();
    let mut window = user.start(None);
    click(&mut window, "Keep");
    ctrl(&mut window, Key::S);
    assert!(window.query_by_label("Overwrite").is_some(), "asked");
    assert!(fs::read_to_string(&file).unwrap().contains("theirs"));
}

#[test]
fn changes_that_were_given_up_stay_away() {
    let user = User::new();
    let mut window = user.start(None);
    rename(&mut window, "gone");
    window.input_mut().viewports.get_mut(&ViewportId::ROOT).unwrap().events.push(ViewportEvent::Close);
    window.run();
    click(&mut window, "Don’t save");
    drop(window);
    let mut window = user.start(None);
    assert_eq!((name(&window).as_str(), window.state().notices().len()), ("", 0));
    rename(&mut window, "gone too");
    menu(&mut window, "New");
    click(&mut window, "Don’t save");
    drop(window);
    assert_eq!(user.recovery(), Vec::<String>::new());
}

#[test]
fn a_broken_copy_is_told_of_and_kept_aside() {
    let user = User::new();
    fs::create_dir_all(user.folders().recovery()).unwrap();
    let half = user.folders().recovery().join("1-2.ron");
    fs::write(&half, "(file: None, seen: No").unwrap();
    let window = user.start(None);
    let notices = window.state().notices();
    assert!(notices.len() == 1 && notices[0].contains("1-2.broken"), "{notices:?}");
    assert_eq!(fs::read_to_string(half.with_extension("broken")).unwrap(), "(file: None, seen: No");
    drop(window);
    assert!(user.start(None).state().notices().is_empty(), "told once");
}

#[test]
fn the_question_is_asked_in_chinese_too() {
    let user = User::new();
    user.crash(None, "方案");
    let settings = Settings { language: Some(Locale::Zh), ..Settings::default() };
    let kept = Some(PersistedState { settings, ..PersistedState::default() });
    let window = Start { folder: Some(user.home.path().join("config")), kept, ..Start::default() }.window();
    assert!(window.query_by_label("已恢复“方案”中未保存的更改").is_some());
    assert!(window.query_by_label("保留").is_some() && window.query_by_label("放弃").is_some());
}

#[test]
fn document_tab_order_filters_and_settings_come_back() {
    let user = User::new();
    let file = user.plan("mine");
    let mut window = user.start(Some(&file));
    click(&mut window, "Theme");
    ctrl(&mut window, Key::Num2);
    click(&mut window, "Sort by Price");
    click(&mut window, "Intel");
    drop(window);
    let after = PersistedState::load(&user.folders()).expect("kept");
    assert_eq!((after.views.document.as_deref(), after.views.tab), (Some(&*file), Tab::Cards));
    assert_eq!(after.views.cards.filter.rules().len(), 1);
    assert_eq!(after.views.cards.column, SortKey::Price);
    let window = user.start(None);
    assert_eq!(name(&window), "mine");
    assert_eq!(window.state().settings(), after.settings);
    assert!(window.query_by_label("Sort by Price").is_some(), "the cards are shown");
    drop(window);
    assert_eq!(PersistedState::load(&user.folders()), Some(after), "and nothing is lost by looking");
}

#[test]
fn settings_that_cannot_be_read_begin_anew() {
    let user = User::new();
    fs::create_dir_all(user.folders().settings().parent().unwrap()).unwrap();
    fs::write(user.folders().settings(), [0xff, 0x00]).unwrap();
    assert_eq!(PersistedState::load(&user.folders()), Some(PersistedState::default()));
}

#[test]
fn settings_of_another_version_are_read_as_far_as_they_go() {
    let user = User::new();
    for file in [user.folders().settings(), user.folders().views()] {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
    }
    fs::write(user.folders().settings(), "(\n    gigabytes: true,\n    language: Some(Zh),\n)").unwrap();
    fs::write(user.folders().views(), "(\n    tab: Cards,\n    compared: [1, 2],\n)").unwrap();
    let kept = PersistedState::load(&user.folders()).expect("kept");
    assert_eq!((kept.settings.language, kept.views.tab), (Some(Locale::Zh), Tab::Cards));
    assert_eq!(kept.settings, Settings { language: Some(Locale::Zh), ..Settings::default() });
}

/// The files of every earlier version hold the same choices, as far as it knew them.
#[test]
fn what_earlier_versions_kept_comes_back() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/kept");
    let mut versions: Vec<PathBuf> = fs::read_dir(fixtures).unwrap().map(|entry| entry.unwrap().path()).collect();
    versions.sort();
    assert_eq!(versions.len(), 5);
    for version in &versions {
        let user = User::new();
        let (settings, views) = (user.folders().settings(), user.folders().views());
        fs::create_dir_all(views.parent().unwrap()).unwrap();
        fs::copy(version.join("settings.ron"), &settings).unwrap();
        fs::copy(version.join("views.ron"), &views).unwrap();
        let kept = PersistedState::load(&user.folders()).expect("kept");
        let text = fs::read_to_string(&settings).unwrap() + &fs::read_to_string(&views).unwrap();
        let knew = |field: &str| text.contains(field);
        let name = version.display();
        let wanted = Settings {
            theme: ThemePreference::Light,
            language: Some(Locale::Zh),
            currency: Currency::Cny,
            cny_per_usd: Some(7.2),
            eur_per_usd: Some(0.9),
            reduce_motion: true,
            yuan_offered: knew("yuan_offered"),
            started_in: None,
        };
        assert_eq!(kept.settings, wanted, "{name}");
        let document = Path::new("/home/mine/plans/two cards.rigplan.ron");
        assert_eq!((kept.views.document.as_deref(), kept.views.tab), (Some(document), Tab::Cards), "{name}");
        assert!(kept.views.plan.advanced && kept.views.plan.plot == PlotChoice::Phases, "{name}");
        let cards = &kept.views.cards;
        assert_eq!(
            (cards.filter.rules().len(), cards.column, cards.pinned.len()),
            (8, SortKey::FairPrice, 1),
            "{name}"
        );
        assert!(cards.selected.is_some() && cards.side, "{name}");
        assert_eq!(
            (cards.query.as_str(), cards.lifted_budget.is_some()),
            (if knew("query") { "rtx" } else { "" }, knew("query"))
        );
        assert_eq!(kept.views.build != BuildViewState::default(), knew("rent"), "{name}");
        let window = user.start(None);
        assert_eq!(window.state().settings(), wanted, "{name}");
    }
}

#[test]
fn a_choice_that_is_no_longer_known_takes_no_other_with_it() {
    let user = User::new();
    let (settings, views) = (user.folders().settings(), user.folders().views());
    fs::create_dir_all(views.parent().unwrap()).unwrap();
    fs::write(
        settings,
        "(\n    theme: Sepia,\n    language: Some(Zh),\n    currency: [3],\n    reduce_motion: true,\n)",
    )
    .unwrap();
    fs::write(
        views,
        "(\n    document: Some(\"a.ron\"),\n    tab: Map,\n    cards: (column: Beauty),\n    plan: (plot: Length),\n)",
    )
    .unwrap();
    let kept = PersistedState::load(&user.folders()).expect("kept");
    assert_eq!(kept.settings, Settings { language: Some(Locale::Zh), reduce_motion: true, ..Settings::default() });
    assert_eq!((kept.views.document.as_deref(), kept.views.tab), (Some(Path::new("a.ron")), Tab::Plan));
    assert_eq!(kept.views.plan.plot, PlotChoice::Length);
}
