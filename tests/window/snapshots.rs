//! The views as they look at 1440×900, drawn by a software Vulkan driver and held against the pictures in
//! `tests/snapshots`. `UPDATE_SNAPSHOTS=1 cargo test --features snapshots --test window snapshots` takes them anew.

use std::panic::catch_unwind;

use crate::app::start;
use crate::app::support::Start;
use crate::build::{Scene as BuildScene, starter};
use crate::rent::Scene as RentScene;
use crate::support::{View, chord, click, ctrl, press, window_in};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Theme, ThemePreference, Vec2, vec2};
use eframe::wgpu::Backends;
use egui_kittest::kittest::Queryable;
use egui_kittest::wgpu::{WgpuTestRenderer, default_wgpu_setup};
use egui_kittest::{Harness, HarnessBuilder, SnapshotOptions, SnapshotResults};
use rigplan::app::{App, PersistedState, Settings};
use rigplan::plan::{CardChoice, Document, GpuLayers, ModelChoice, Plan, Runtime, SceneId, ScenePosition, Task};
use rigplan::share::plan_file;
use rigplan::text::Locale;

const SIZE: Vec2 = vec2(1440.0, 900.0);

/// A renderer of Vulkan's, where there is one.
fn renderer() -> Option<WgpuTestRenderer> {
    let mut setup = default_wgpu_setup();
    if let eframe::egui_wgpu::WgpuSetup::CreateNew(new) = &mut setup {
        new.instance_descriptor.backends = Backends::VULKAN;
    }
    catch_unwind(std::panic::AssertUnwindSafe(|| WgpuTestRenderer::from_setup(setup))).ok()
}

/// Draws pixel by pixel the same everywhere; not one may differ in a way that is seen.
fn builder<S>() -> HarnessBuilder<S> {
    let strict = SnapshotOptions::new().threshold(0.05).max_failed_pixels(0);
    Harness::builder().with_size(SIZE).with_options(strict).renderer(renderer().expect("it was there before"))
}

/// The whole window over a plan.
fn app(plan: Plan, theme: ThemePreference, locale: Locale) -> Harness<'static, App> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut document = Document::default();
    document.plans[0].plan = plan;
    let file = folder.path().join("plan.ron");
    std::fs::write(&file, plan_file::to_text(&document).expect("a plan")).expect("written");
    let settings = Settings { theme, language: Some(locale), reduce_motion: true, ..Settings::default() };
    let kept = Some(PersistedState { settings, ..PersistedState::default() });
    Start { kept, file: Some(file), ..Start::default() }.window_in(builder())
}

/// The whole window on three ways to run a model, the second held against the others.
fn compared(theme: ThemePreference, locale: Locale) -> Harness<'static, App> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("plan.ron");
    std::fs::write(&file, plan_file::to_text(&crate::app::compare::ways()).expect("plans")).expect("written");
    let settings = Settings { theme, language: Some(locale), reduce_motion: true, ..Settings::default() };
    let kept = Some(PersistedState { settings, ..PersistedState::default() });
    let mut window = Start { kept, file: Some(file), ..Start::default() }.window_in(builder());
    ctrl(&mut window, Key::Num5);
    chord(&mut window, Modifiers::ALT, Key::Num2);
    let below_bar = |node: &egui_kittest::Node<'_>| node.rect().top() > 48.0;
    window.query_all_by_role(Role::RadioButton).filter(below_bar).nth(1).expect("the second letter").click();
    window.run();
    window
}

/// The whole window on a scene, so many stops on.
fn scene(scene: SceneId, stop: usize, theme: ThemePreference, locale: Locale) -> Harness<'static, App> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut document = Document::of(plan(seventy));
    document.scene = Some(ScenePosition { scene, ..ScenePosition::default() });
    let file = folder.path().join("plan.ron");
    std::fs::write(&file, plan_file::to_text(&document).expect("a plan")).expect("written");
    let settings = Settings { theme, language: Some(locale), ..Settings::default() };
    let kept = Some(PersistedState { settings, ..PersistedState::default() });
    let mut window = Start { kept, file: Some(file), ..Start::default() }.window_in(builder().with_max_steps(400));
    ctrl(&mut window, Key::Num4);
    press(&mut window, Key::Home);
    for _ in 0..stop {
        press(&mut window, Key::ArrowRight);
    }
    window
}

/// A view whose words depend on the day, alone.
fn view<V: View + 'static>(view: V, theme: Theme) -> Harness<'static, V> {
    window_in(builder().with_theme(theme), view)
}

/// The start page over a machine and three recent files.
fn start_page(theme: ThemePreference, locale: Locale) -> Harness<'static, App> {
    let home = tempfile::tempdir().expect("a folder");
    let files = [
        start::document(home.path(), "70B on one 4090", 2, seventy),
        start::document(home.path(), "LoRA on my notes", 1, |plan| plan.workload.task = Task::Qlora),
        home.path().join("On the other disk.ron"),
    ];
    let folder = Some(start::remembering(home.path(), &files));
    let settings = Settings { theme, language: Some(locale), reduce_motion: true, ..Settings::default() };
    let kept = Some(PersistedState { settings, ..PersistedState::default() });
    Start { kept, folder, found: start::machine(), page: true, ..Start::default() }.window_in(builder())
}

fn tab(window: &mut Harness<'_, App>, nth: usize) {
    window.get_all_by_role(Role::Tab).nth(nth).expect("a tab").click();
    window.run();
}

fn plan(change: impl FnOnce(&mut Plan)) -> Plan {
    let mut plan = Plan::default();
    change(&mut plan);
    plan
}

fn seventy(plan: &mut Plan) {
    plan.workload.model = ModelChoice::Catalog("llama-3.1-70b".to_owned());
}

#[test]
fn the_views_look_as_they_did() {
    if renderer().is_none() {
        println!("no Vulkan driver: not compared");
        return;
    }
    let (light, dark) = (ThemePreference::Light, ThemePreference::Dark);
    let mut results = SnapshotResults::new();
    let mut take = |mut window: Harness<'static, App>, name: &str| {
        results.add(window.try_snapshot(name));
    };
    take(app(Plan::default(), light, Locale::En), "plan_fits_light_en");
    take(app(plan(seventy), dark, Locale::Zh), "plan_offload_dark_zh");
    let too_large = plan(|plan| {
        seventy(plan);
        plan.workload.gpu_layers = GpuLayers::All;
    });
    take(app(too_large, light, Locale::Zh), "plan_does_not_fit_light_zh");
    let server = plan(|plan| {
        plan.workload.choose_runtime(Runtime::Vllm);
        plan.machine.cards[0].card = CardChoice::Catalog("h100-sxm5".to_owned());
    });
    take(app(server, dark, Locale::En), "plan_server_dark_en");
    let training = plan(|plan| plan.workload.task = Task::Qlora);
    take(app(training.clone(), light, Locale::En), "plan_training_light_en");
    take(app(training, dark, Locale::Zh), "plan_training_dark_zh");
    for (theme, locale, name) in [(light, Locale::En, "cards_light_en"), (dark, Locale::Zh, "cards_dark_zh")] {
        let mut window = app(plan(seventy), theme, locale);
        tab(&mut window, 1);
        take(window, name);
    }
    for (theme, locale, name) in [(dark, Locale::En, "compare_dark_en"), (light, Locale::Zh, "compare_light_zh")] {
        take(compared(theme, locale), name);
    }
    take(scene(SceneId::Basics, 2, dark, Locale::En), "explain_basics_dark_en");
    take(scene(SceneId::YourPlan, 2, light, Locale::Zh), "explain_plan_light_zh");
    take(start_page(dark, Locale::En), "start_dark_en");
    take(start_page(light, Locale::Zh), "start_light_zh");
    let mut preferences = app(Plan::default(), dark, Locale::En);
    ctrl(&mut preferences, Key::Comma);
    take(preferences, "preferences_dark_en");
    let mut menu = app(Plan::default(), light, Locale::En);
    click(&mut menu, "File");
    take(menu, "file_menu_light_en");
    for (theme, locale, name) in
        [(Theme::Light, Locale::En, "build_light_en"), (Theme::Dark, Locale::Zh, "build_dark_zh")]
    {
        let mut scene = BuildScene::new(starter());
        scene.locale = locale;
        results.add(view(scene, theme).try_snapshot(name));
    }
    let mut rent = RentScene::new();
    rent.locale = Locale::Zh;
    results.add(view(rent, Theme::Light).try_snapshot("rent_light_zh"));
    results.unwrap();
}
