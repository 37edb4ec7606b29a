//! Every control of the Plan view, driven by its label.

use crate::support::{Scene, TALL, click, pick, plan, press, set, type_into, window, window_in};
use eframe::egui::{Key, accesskit::Role, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::catalog::quantization::{KvPrecision, Quantization};
use rigplan::plan::{CardChoice, GpuLayers, Logits, ModelChoice, OperatingSystem, Plan, Runtime};
use rigplan::text::Locale;
use rigplan::ui::command::Command;

fn tall() -> Harness<'static, Scene> {
    window(Scene::offload(), TALL)
}

#[test]
fn sliders_change_the_plan() {
    let mut harness = tall();
    set(&mut harness, "Context", 32_768.0);
    set(&mut harness, "Concurrent sequences", 8.0);
    set(&mut harness, "Layers on GPU", 20.0);
    set(&mut harness, "System RAM", 128.0);
    set(&mut harness, "Weight precision", 2.0);
    let plan = &harness.state().plan;
    assert_eq!(plan.workload.context, 32_768);
    assert_eq!(plan.workload.sequences, 8);
    assert_eq!(plan.workload.gpu_layers, GpuLayers::Count(20));
    assert_eq!(plan.machine.ram_gib, 128.0);
    assert_eq!(plan.workload.quantization, Quantization::Q8_0);
    set(&mut harness, "Model size", 13e9);
    assert_eq!(harness.state().plan.workload.model, ModelChoice::Size(13_000_000_000));
}

#[test]
fn keys_move_and_reset_a_slider() {
    let mut harness = tall();
    harness.get_by_role_and_label(Role::Slider, "Context").focus();
    harness.run();
    harness.key_press(Key::ArrowRight);
    harness.run();
    assert_eq!(harness.state().plan.workload.context, 32_768, "one tick further");
    harness.key_press_modifiers(eframe::egui::Modifiers::SHIFT, Key::ArrowLeft);
    harness.run();
    let fine = harness.state().plan.workload.context;
    assert!((26_000..32_768).contains(&fine), "a tenth of a tick back: {fine}");
    harness.key_press(Key::Delete);
    harness.run();
    assert_eq!(harness.state().plan.workload.context, 8192);
}

#[test]
fn most_layers_that_fit_means_auto() {
    let mut harness = tall();
    set(&mut harness, "Layers on GPU", 81.0);
    assert_eq!(harness.state().plan.workload.gpu_layers, GpuLayers::All);
    set(&mut harness, "Layers on GPU", 44.0);
    assert_eq!(harness.state().plan.workload.gpu_layers, GpuLayers::Auto);
}

#[test]
fn a_triangle_sets_what_still_fits() {
    let mut harness = tall();
    click(&mut harness, "Context: Set to 29,696");
    assert_eq!(harness.state().plan.workload.context, 29_696);
}

#[test]
fn values_are_typed() {
    let mut harness = tall();
    type_into(&mut harness, "Context, type a value", "16k");
    assert_eq!(harness.state().plan.workload.context, 16_384);
    type_into(&mut harness, "Prompt", "512");
    assert_eq!(harness.state().plan.workload.prompt_tokens, 512);
    type_into(&mut harness, "Context, type a value", "nonsense");
    assert_eq!(harness.state().plan.workload.context, 16_384, "what cannot be read changes nothing");
}

#[test]
fn nothing_moves_while_a_value_is_typed() {
    let mut harness = tall();
    let below = harness.get_by_role_and_label(Role::Slider, "System RAM").rect();
    click(&mut harness, "Context, type a value");
    harness.get_by_role_and_label(Role::TextInput, "Context, type a value");
    assert_eq!(harness.get_by_role_and_label(Role::Slider, "System RAM").rect(), below);
}

#[test]
fn a_model_is_found_by_typing() {
    let mut harness = tall();
    harness.get_by_role_and_label(Role::ComboBox, "Model").click();
    harness.run();
    harness.get_by_label("Search models").type_text("llama 3.1 8b");
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(harness.state().plan.workload.model, ModelChoice::Catalog("llama-3.1-8b".to_owned()));
}

#[test]
fn a_search_without_hits_says_so() {
    let mut harness = tall();
    harness.get_by_role_and_label(Role::ComboBox, "Model").click();
    harness.run();
    harness.get_by_label("Search models").type_text("zzzz");
    harness.run();
    harness.get_by_label("Nothing found for “zzzz”");
}

#[test]
fn precision_of_weights_and_cache_is_chosen() {
    let mut harness = tall();
    click(&mut harness, "Q8_0");
    let cache = harness.state().plan.workload.kv_cache;
    assert_eq!((cache.k, cache.v), (KvPrecision::q8_0, KvPrecision::q8_0));
    harness.get_by_role_and_label(Role::ComboBox, "All precisions").click();
    harness.run();
    harness.get_by_role_and_label(Role::ListBoxOption, "Q5_K_S").click();
    harness.run();
    assert_eq!(harness.state().plan.workload.quantization, Quantization::Q5_K_S);
}

#[test]
fn advanced_options_unfold() {
    let mut harness = tall();
    assert!(harness.query_by_label("Flash attention").is_none());
    click(&mut harness, "Advanced");
    click(&mut harness, "Flash attention");
    click(&mut harness, "Unified KV");
    click(&mut harness, "Full cache for sliding windows");
    click(&mut harness, "Whole batch");
    pick(&mut harness, "Precision of keys", "Q5_1");
    pick(&mut harness, "Backend", "Vulkan");
    type_into(&mut harness, "Physical batch (ubatch)", "1024");
    type_into(&mut harness, "Prompt cache, at most", "2");
    type_into(&mut harness, "Tokens cached at the start", "4096");
    let workload = &harness.state().plan.workload;
    assert!(!workload.flash_attention && workload.unified_kv && workload.swa_full);
    assert_eq!(workload.logits, Logits::All);
    assert_eq!(workload.kv_cache.k, KvPrecision::q5_1);
    assert!(workload.backend.is_some());
    assert_eq!((workload.ubatch, workload.prompt_cache_gib, workload.depth), (1024, 2.0, Some(4096)));
}

#[test]
fn cards_are_added_counted_changed_and_removed() {
    let mut harness = tall();
    click(&mut harness, "One GeForce RTX 4090 more");
    assert_eq!(harness.state().plan.machine.cards[0].count, 2);
    click(&mut harness, "Add another card");
    assert_eq!(harness.state().plan.machine.cards.len(), 1, "which card is asked first");
    harness.get_by_label("Search cards").type_text("rtx 3090");
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert!(
        matches!(&harness.state().plan.machine.cards[1].card, CardChoice::Catalog(id) if id.starts_with("rtx-3090"))
    );
    harness.get_by_role_and_label(Role::ComboBox, "Card 2").click();
    harness.run();
    harness.get_by_label("Search cards").type_text("rtx 4090");
    harness.run();
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().plan.machine.cards.len(), 1, "the same card has one row");
    assert_eq!(harness.state().plan.machine.cards[0].count, 3);
}

#[test]
fn a_double_click_removes_one_row() {
    // As fast as a hand.
    let builder = Harness::builder().with_size(TALL).with_step_dt(0.02);
    let mut harness = window_in(builder, Scene::offload());
    let second = plan("llama-3.1-8b", &[("rtx-3090", 1), ("rtx-4080", 1)]).machine.cards;
    harness.state_mut().plan.machine.cards.extend(second);
    harness.run();
    let place = harness.get_by_label("Remove GeForce RTX 4090").rect().center();
    for _ in 0..2 {
        harness.drag_at(place);
        harness.drop_at(place);
        harness.step();
    }
    harness.run();
    let left: Vec<u32> = harness.state().plan.machine.cards.iter().map(|kind| kind.count).collect();
    assert_eq!(left, [1, 1], "one row went, none grew");
}

#[test]
fn a_runtime_says_what_it_changes_besides() {
    let mut harness = tall();
    pick(&mut harness, "Runtime", "vLLM");
    harness.get_by_label("Also changed: Weight precision Q4_K_M → INT4");
    harness.state_mut().plan.workload.quantization = Quantization::bf16;
    harness.run();
    assert!(harness.query_by_label_contains("Also changed").is_none(), "it stands no longer");
}

#[test]
fn the_list_of_models_keeps_its_height_and_judges_each() {
    let mut harness = tall();
    harness.get_by_role_and_label(Role::ComboBox, "Model").click();
    harness.run();
    let rows = |harness: &egui_kittest::Harness<'_, Scene>| harness.get_all_by_role(Role::ListBoxOption).count();
    let all = rows(&harness);
    assert!(all > 8, "{all} rows in sight");
    for query in ["llama3", ""] {
        crate::support::ctrl(&mut harness, Key::A);
        press(&mut harness, Key::Backspace);
        harness.get_by_label("Search models").type_text(query);
        harness.run();
    }
    assert!(rows(&harness) >= all - 1, "as high as before");
    crate::support::ctrl(&mut harness, Key::A);
    harness.get_by_label("Search models").type_text("千问 2.5 0.5");
    harness.run();
    let small = harness.get_by_role_and_label(Role::ListBoxOption, "Qwen2.5 0.5B");
    assert!(small.accesskit_node().value().is_some_and(|value| value.starts_with("Fits")), "its verdict is said");
    press(&mut harness, Key::End);
    press(&mut harness, Key::ArrowUp);
    press(&mut harness, Key::Enter);
    assert!(matches!(harness.state().plan.workload.model, ModelChoice::Size(_)), "planned by its size");
}

#[test]
fn the_cpu_alone_and_back() {
    let mut harness = tall();
    click(&mut harness, "Advanced");
    click(&mut harness, "CPU only");
    assert!(harness.state().plan.machine.cards.is_empty());
    click(&mut harness, "CPU only");
    assert_eq!(harness.state().plan.machine.cards.len(), 1);
}

#[test]
fn the_machine_around_the_cards() {
    let mut harness = tall();
    click(&mut harness, "Screen on this card");
    click(&mut harness, "Windows");
    let node = harness.get_by_role_and_label(Role::ComboBox, "PCIe slot");
    assert_eq!(node.value().as_deref(), Some("PCIe 4.0 x16 (assumed)"));
    pick(&mut harness, "PCIe slot", "PCIe 3.0 x4");
    pick(&mut harness, "Disk", "NVMe PCIe 4.0");
    let machine = &harness.state().plan.machine;
    assert_eq!((machine.pcie_gen, machine.pcie_lanes, machine.disk_gb_s), (Some(3), Some(4), Some(7.45)));
    pick(&mut harness, "Disk", "not set");
    pick(&mut harness, "PCIe slot", "as the card");
    let machine = &harness.state().plan.machine;
    assert_eq!((machine.pcie_gen, machine.pcie_lanes, machine.disk_gb_s), (None, None, None));
    click(&mut harness, "Advanced");
    type_into(&mut harness, "PCIe generation", "3");
    type_into(&mut harness, "Lanes", "8");
    type_into(&mut harness, "RAM bandwidth", "102.4");
    type_into(&mut harness, "Disk read rate", "7");
    let machine = &harness.state().plan.machine;
    assert!(machine.screen && machine.os == OperatingSystem::Windows);
    assert_eq!((machine.pcie_gen, machine.pcie_lanes), (Some(3), Some(8)));
    assert_eq!((machine.ram_gb_s, machine.disk_gb_s), (Some(102.4), Some(7.0)));
    click(&mut harness, "Use this machine");
    assert_eq!(harness.state().commands, [Command::UseThisMachine]);
}

#[test]
fn a_row_explains_itself_to_the_keyboard_and_is_copied() {
    let mut harness = tall();
    harness.state_mut().state.why = None;
    harness.run();
    assert!(harness.query_by_label_contains("why 2.50 GiB").is_none());
    harness.get_by_label_contains("KV cache, Total 2.50 GiB").focus();
    harness.run();
    harness.get_by_label_contains("why 2.50 GiB");
    harness.key_press(Key::Enter);
    harness.run();
    let copied = "KV cache, Total 2.50 GiB, In VRAM 1.34 GiB, In RAM 1.16 GiB, Per token 11 ms";
    assert_eq!(harness.state().commands, [Command::Copy(copied.to_owned())]);
}

#[test]
fn what_is_not_known_is_said_so() {
    let mut scene = Scene::offload();
    if let Ok(estimate) = &mut scene.estimate {
        estimate.verdict = None;
        estimate.devices[0].parts.kv_cache = None;
        estimate.devices[0].total = None;
        estimate.devices[0].free = None;
    }
    let harness = window(scene, TALL);
    harness.get_by_label_contains("KV cache, Total no data");
    harness.get_by_label_contains("No data");
}

#[test]
fn a_bar_and_the_plot_have_words() {
    let harness = tall();
    harness.get_by_label_contains("GPU: Weights 21.35 GiB, KV cache 1.34 GiB");
    harness.get_by_label_contains("Needed at 8,192 tokens");
}

#[test]
fn the_language_changes_and_everything_else_stays() {
    let mut harness = tall();
    click(&mut harness, "Advanced");
    set(&mut harness, "Context", 32_768.0);
    harness.state_mut().locale = Locale::Zh;
    harness.run();
    harness.get_by_label("物理批大小（ubatch）");
    assert_eq!(harness.state().plan.workload.context, 32_768);
    set(&mut harness, "上下文长度", 2048.0);
    assert_eq!(harness.state().plan.workload.context, 2048);
}

/// The harness itself fails on a missing glyph and on a control without a name.
#[test]
fn both_languages_are_drawn_in_every_state_and_size() {
    for size in [vec2(1100.0, 652.0), vec2(1440.0, 852.0)] {
        for locale in Locale::ALL {
            for make in [Scene::offload, Scene::fits, Scene::does_not_fit] {
                let mut scene = make();
                scene.locale = locale;
                scene.state.advanced = true;
                window(scene, size);
            }
        }
    }
}

#[test]
fn an_idle_window_draws_no_frame() {
    let mut harness = tall();
    harness.run();
    assert!(harness.run() <= 1, "an idle view asks for no repaint");
}

/// A model that a server holds on one card.
fn served(model: &str) -> Plan {
    let mut plan = plan(model, &[("h200-sxm", 1)]);
    plan.workload.runtime = Runtime::Vllm;
    plan.workload.quantization = Quantization::fp8;
    plan
}

/// Real estimates of machines that are drawn differently, in both languages; each has words of its own.
#[test]
fn every_kind_of_machine_is_drawn() {
    let machines = [
        (plan("llama-3.1-8b", &[]), "Everything runs on the CPU"),
        (plan("llama-3.1-70b", &[("apple-m2-max", 1)]), "unified memory"),
        (plan("llama-3.1-70b", &[("rtx-4090", 1), ("rtx-3090", 1)]), "GPU 1: Weights"),
        (plan("llama-3.1-405b", &[("rtx-4090", 8)]), "GPU 7: Weights"),
        (plan("llama-3.1-405b", &[("rtx-4090", 16)]), "GPU: Weights"),
        (served("deepseek-v4-pro"), "cannot be laid out"),
        (plan("qwen3-235b-a22b", &[("rtx-4090", 1)]), "Experts in RAM"),
        (plan("no-such-model", &[("rtx-4090", 1)]), "Unknown model \"no-such-model\""),
    ];
    for (plan, words) in machines {
        let mut harness = window(Scene::of(plan), TALL);
        assert!(harness.query_all_by_label_contains(words).next().is_some(), "{words}");
        harness.state_mut().locale = Locale::Zh;
        harness.run();
    }
}

#[test]
fn another_engine_brings_its_own_options() {
    let mut plan = plan("llama-3.1-8b", &[("rtx-4090", 2)]);
    plan.workload.context = 16_384;
    let mut harness = window(Scene::of(plan), TALL);
    pick(&mut harness, "Runtime", "vLLM");
    let workload = &harness.state().plan.workload;
    assert_eq!((workload.runtime, workload.quantization), (Runtime::Vllm, Quantization::int4), "the nearest precision");
    let server = harness.state().plan.clone();
    let mut harness = window(Scene::of(server), TALL);
    click(&mut harness, "Advanced");
    for of_llamacpp in ["Layers on GPU", "Flash attention", "Physical batch (ubatch)", "Prompt cache, at most"] {
        assert!(harness.query_by_label(of_llamacpp).is_none(), "{of_llamacpp} does nothing with vLLM");
    }
    assert!(
        harness.query_all_by_label_contains("Reserved KV pool").next().is_some(),
        "the table says what is reserved"
    );
    click(&mut harness, "FP8");
    type_into(&mut harness, "VRAM share", "0.8");
    type_into(&mut harness, "Most sequences", "64");
    type_into(&mut harness, "Most tokens per batch", "4096");
    click(&mut harness, "No CUDA graphs");
    pick(&mut harness, "Tensor parallel", "1");
    pick(&mut harness, "Engine version", "0.17");
    let workload = &harness.state().plan.workload;
    let server = workload.server;
    assert_eq!((server.gpu_memory_utilization, server.max_num_seqs), (Some(0.8), Some(64)));
    assert_eq!((server.max_batched_tokens, server.enforce_eager), (Some(4096), true));
    assert_eq!((workload.tensor_parallel, workload.kv_cache.v), (Some(1), KvPrecision::fp8));
    assert_eq!(workload.runtime_version.map(|version| version.to_string()).as_deref(), Some("0.17"));
}
