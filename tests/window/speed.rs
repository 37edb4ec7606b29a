//! Speed in the Plan view: the metric strip, time per token, the plots, and sequences from people.

use crate::support::{Scene, TALL, click, plan, type_into, window};
use eframe::egui::{accesskit::Role, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::estimate::Verdict;
use rigplan::estimate::speed::Speed;
use rigplan::plan::GpuLayers;
use rigplan::text::Locale;
use rigplan::ui::command::Command;

/// The same scene with other speeds.
fn with_speed(change: impl FnOnce(&mut Speed)) -> Scene {
    let mut scene = Scene::offload();
    if let Ok(estimate) = &mut scene.estimate {
        change(&mut estimate.speed);
    }
    scene
}

#[test]
fn every_reading_has_its_band() {
    let harness = window(Scene::offload(), TALL);
    for words in ["Decode 2.9 tok/s (2.4–3.3)", "Prefill 350 tok/s (290–400)", "Load time 8 s (6.7–9.0)"] {
        harness.get_by_label(words);
    }
    harness.get_by_label("First token, 2,048 in 5.9 s (5.0–6.7)");
    harness.get_by_label("Board power 130 W (110–150)");
    harness.get_by_label_contains("Limited by RAM bandwidth, 91 % of the time; one user");
}

#[test]
fn the_verdict_says_what_spilling_costs() {
    let harness = window(Scene::offload(), TALL);
    harness.get_by_label("19.4 GiB spills to RAM; decode falls from ~18 to ~2.9 tok/s");
    let harness = window(Scene::fits(), TALL);
    harness.get_by_label("Nothing spills to RAM; decode about 18 tok/s, room for 22k tokens of context");
}

#[test]
fn the_table_says_what_a_token_waits_for() {
    let harness = window(Scene::offload(), TALL);
    harness.get_by_label_contains("In RAM 18.24 GiB, Per token 333 ms");
    harness.get_by_label_contains("In RAM 1.16 GiB, Per token 11 ms");
    harness.get_by_label_contains("Needed, Total 42.93 GiB, In VRAM 23.49 GiB, In RAM 19.44 GiB, Per token 345 ms");
}

#[test]
fn several_users_have_both_rates() {
    let mut scene = with_speed(|speed| speed.decode_total = Some(crate::support::band(23.2)));
    scene.plan.workload.sequences = 8;
    let harness = window(scene, TALL);
    harness.get_by_label_contains("Decode 2.9 each, 23 in all tok/s");
    harness.get_by_label_contains("23 (19–26) tok/s in all for 8 users");
    harness.get_by_label_contains("~2.9 tok/s each, 23 in all");
}

#[test]
fn what_is_not_known_is_no_figure() {
    let mut scene = with_speed(|speed| *speed = Speed::default());
    scene.speeds = rigplan::advise::sweep::SpeedCurves::default();
    let harness = window(scene, TALL);
    harness.get_by_label("Decode no data");
    harness.get_by_label("Board power no data");
    assert!(harness.query_all_by_label_contains("44 of 81 layers on GPU").count() > 0, "the layers are known");
}

#[test]
fn a_file_larger_than_the_ram_pages() {
    let scene = with_speed(|speed| *speed = Speed { pages: true, ..Speed::default() });
    let harness = window(scene, TALL);
    assert!(harness.query_all_by_label_contains("the file is larger than RAM").count() >= 2, "strip and verdict");
    assert!(harness.query_by_label_contains("tok/s (").is_none(), "no speed is made up");
}

#[test]
fn a_measured_figure_has_a_word_for_its_band() {
    let measured = |speed: &mut Speed| {
        speed.decode = Some(rigplan::units::Band { low: 3.1, expected: 3.1, high: 3.1 });
    };
    let harness = window(with_speed(measured), TALL);
    harness.get_by_label("Decode 3.1 tok/s (measured)");
}

#[test]
fn the_plots_have_words_and_are_chosen() {
    let mut harness = window(Scene::offload(), TALL);
    harness.get_by_label_contains("Decode speed against layers on GPU; 0 layers: 1.4");
    click(&mut harness, "Sequences");
    harness.get_by_label_contains("3 sequences: 17 tok/s each, 50 in all");
    assert!(harness.query_by_label_contains("Decode speed against layers").is_none(), "one in place of the other");
    // In a low window one plot stands for all three.
    let mut harness = window(Scene::offload(), vec2(1100.0, 652.0));
    assert!(harness.query_by_label_contains("VRAM and RAM against context").is_none());
    harness.get_by_role_and_label(Role::RadioButton, "Context").click();
    harness.run();
    harness.get_by_label_contains("VRAM and RAM against context");
}

/// In the least window a plot is seen without scrolling, whatever the number of cards; an explanation covers it only
/// while its row is looked at.
#[test]
fn a_low_window_shows_a_plot() {
    let mut server = plan("llama-3.1-70b", &[("rtx-4090", 4)]);
    server.workload.choose_runtime(rigplan::plan::Runtime::Vllm);
    server.workload.quantization = rigplan::catalog::quantization::Quantization::awq;
    let plans = [plan("llama-3.1-70b", &[("rtx-4090", 1)]), plan("llama-3.1-70b", &[("rtx-3090", 2)]), server];
    let plans = plans.into_iter().chain([plan("llama-3.1-8b", &[("rtx-4090", 1)])]);
    for plan in plans {
        let mut harness = window(Scene::of(plan), vec2(1100.0, 652.0));
        // The strip with the ways' button is 40 high.
        let choice = harness.get_by_role_and_label(Role::RadioButton, "Context").rect();
        let row = harness.get_by_label_contains("KV cache, Total").rect();
        assert!(choice.top() + 150.0 < 612.0 && choice.left() > row.right(), "{choice:?} beside {row:?}");
        harness.hover_at(row.center());
        harness.run();
        let why = harness.get_by_label_contains("KV cache: why").rect();
        let glossary = harness.get_by_role_and_label(Role::Link, "In the glossary: F1").rect();
        assert!(why.contains_rect(glossary), "{glossary:?} in {why:?}");
        harness.hover_at(vec2(700.0, 60.0).to_pos2());
        harness.run();
        assert!(harness.query_by_label_contains("KV cache: why").is_none(), "the plot is seen again");
    }
}

#[test]
fn what_does_not_fit_has_no_speed_and_says_so() {
    let mut plan = plan("llama-3.1-70b", &[("rtx-4090", 1)]);
    plan.workload.choose_runtime(rigplan::plan::Runtime::Vllm);
    let harness = window(Scene::of(plan), TALL);
    harness.get_by_label("Decode No speed: it does not fit");
    assert!(harness.query_by_label_contains("VRAM against context").is_some(), "a server keeps nothing in RAM");
    assert!(harness.query_by_label_contains("VRAM and RAM against context").is_none());
    assert!(harness.query_by_label_contains("Compute buffer, ").is_none(), "its activations are called that");
}

#[test]
fn a_speed_says_where_it_comes_from() {
    let mut harness = window(Scene::of(plan("qwen3-30b-a3b", &[("rtx-3090", 1)])), TALL);
    let cell = harness.get_all_by_role(Role::Button).find(|node| {
        node.accesskit_node().label().is_some_and(|label| label.starts_with("Decode ") && label.contains("tok/s ("))
    });
    let cell = cell.expect("the reading").rect();
    harness.hover_at(cell.center());
    harness.run_steps(60);
    harness.get_by_label_contains("measurements on such cards");
    harness.get_by_label_contains("for such cards; wider for routed experts");
}

#[test]
fn a_click_on_the_cliff_sets_the_layers() {
    let mut harness = window(Scene::offload(), TALL);
    let title = harness.get_by_label_contains("Decode speed against layers on GPU").rect();
    // Somewhere in the left half of the plot under the title: fewer layers than now.
    harness.hover_at(title.left_bottom() + vec2(120.0, 200.0));
    harness.run();
    harness.drag_at(title.left_bottom() + vec2(120.0, 200.0));
    harness.drop_at(title.left_bottom() + vec2(120.0, 200.0));
    harness.run();
    let layers = harness.state().plan.workload.gpu_layers;
    assert!(matches!(layers, GpuLayers::Count(1..44)), "{layers:?}");
}

#[test]
fn people_become_sequences() {
    let mut harness = window(Scene::offload(), TALL);
    click(&mut harness, "from users…");
    type_into(&mut harness, "Users", "100");
    type_into(&mut harness, "One request takes", "30");
    harness.get_by_label_contains("100 × 12 per hour × 30 s / 3,600 = 10 in flight");
    click(&mut harness, "the average");
    click(&mut harness, "Apply 10 sequences");
    assert_eq!(harness.state().plan.workload.sequences, 10);
    assert!(harness.query_by_label("Sequences from users").is_none(), "the popover is closed");
    click(&mut harness, "from users…");
    click(&mut harness, "by share active");
    type_into(&mut harness, "Active at once", "5");
    click(&mut harness, "95 % of the time");
    click(&mut harness, "Apply 9 sequences");
    assert_eq!(harness.state().plan.workload.sequences, 9, "Poisson: P(X ≤ 9 | 5) = 0.968, P(X ≤ 8 | 5) = 0.932");
}

#[test]
fn a_click_on_a_speed_asks_for_a_measurement() {
    let mut harness = window(Scene::offload(), TALL);
    harness.get_by_label_contains("Decode 2.9 tok/s").click();
    harness.run();
    assert_eq!(harness.state().commands, [Command::Measurements]);
}

/// Real estimates, in both languages and at the least and the usual size: nothing panics, every control has a name.
#[test]
fn real_speeds_are_drawn_everywhere() {
    let mut fast = plan("llama-3.1-8b", &[("rtx-4090", 1)]);
    fast.workload.sequences = 16;
    let mut slow = plan("llama-3.1-70b", &[("rtx-4090", 1)]);
    slow.machine.ram_gb_s = Some(83.2);
    for plan in [fast, slow, plan("llama-3.1-8b", &[]), plan("llama-3.1-70b", &[("apple-m2-max", 1)])] {
        for size in [vec2(1100.0, 652.0), vec2(1440.0, 852.0)] {
            let mut harness = window(Scene::of(plan.clone()), size);
            let verdict = harness.state().estimate.as_ref().ok().and_then(|estimate| estimate.verdict);
            assert_ne!(verdict, None::<Verdict>, "all of these are known");
            harness.state_mut().locale = Locale::Zh;
            harness.run();
        }
    }
}
