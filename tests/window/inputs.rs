//! The rows of the inputs, by the table: what the command line takes can be typed, and touching a field keeps its value.

use crate::support::{Scene, TALL, click, plan, plans_with_every_input, press, type_into, window};
use eframe::egui::Key;
use eframe::egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rigplan::catalog::Catalog;
use rigplan::plan::inputs::{InputKind, InputValue};
use rigplan::plan::{Input, Plan};
use rigplan::text::Locale;

/// The plan view with everything unfolded.
fn unfolded(plan: Plan) -> Harness<'static, Scene> {
    let mut scene = Scene::of(plan);
    scene.state.advanced = true;
    window(scene, TALL)
}

/// The field that an input is typed into, where it has one.
fn field(harness: &Harness<'_, Scene>, input: Input) -> Option<String> {
    let name = Locale::En.word(input.entry().label);
    let on_slider = format!("{name}, type a value");
    [on_slider, name.to_owned()]
        .into_iter()
        .find(|label| harness.query_by_role_and_label(Role::Button, label.as_str()).is_some())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "figures of ranges of whole numbers")]
fn number(kind: &InputKind, number: f64) -> InputValue {
    if kind.is_real() { InputValue::Real(number) } else { InputValue::Whole(number as u64) }
}

#[test]
fn what_the_command_line_takes_can_be_typed() {
    let mut typed = Vec::new();
    for plan in plans_with_every_input() {
        let mut harness = unfolded(plan.clone());
        for input in Input::all().filter(|input| input.applies(&plan, Catalog::embedded())) {
            let kind = &input.entry().kind;
            let Some((low, high)) = kind.ends().filter(|_| !matches!(kind, InputKind::CountOr(..))) else { continue };
            let Some(label) = field(&harness, input) else { continue };
            // No prompt is longer than the context.
            harness.state_mut().plan.workload.context = plan.workload.context.max(100_000_000);
            harness.run();
            for value in [high, low] {
                type_into(&mut harness, &label, &value.to_string());
                assert_eq!(input.get(&harness.state().plan), number(kind, value), "{label}: {value} typed");
            }
            let before = harness.state().plan.clone();
            type_into(&mut harness, &label, &(high * 2.0).to_string());
            press(&mut harness, Key::Escape);
            assert_eq!(harness.state().plan, before, "{label}: what is out of range is not taken");
            typed.push(input);
            harness.state_mut().plan = plan.clone();
            harness.run();
        }
    }
    for input in Input::all().filter(|input| input.entry().kind.ends().is_some()) {
        // A list of stages, and layers that words may stand for.
        let listed = [Input::ZeroStage, Input::GpuLayers, Input::CpuExperts].contains(&input);
        assert!(listed || typed.contains(&input), "{} cannot be typed", input.entry().key);
    }
}

#[test]
fn touching_a_field_keeps_a_value_beyond_its_slider() {
    for plan in plans_with_every_input() {
        let mut harness = window(Scene::of(plan.clone()), TALL);
        let sliders = [Input::Context, Input::SequenceLength];
        let has_rail = |input: &Input| sliders.contains(input) || !input.entry().rail.is_empty();
        for input in Input::all().filter(has_rail).filter(|input| input.applies(&plan, Catalog::embedded())) {
            let entry = input.entry();
            let (_, high) = entry.kind.ends().expect("a range");
            let mut beyond = plan.clone();
            input.set(&mut beyond, number(&entry.kind, high)).expect("within the range");
            harness.state_mut().plan = beyond.clone();
            harness.run();
            let name = Locale::En.word(entry.label);
            let slider = harness.get_by_role_and_label(Role::Slider, name);
            let knob = slider.rect().right_center();
            slider.focus();
            harness.run();
            press(&mut harness, Key::ArrowRight);
            press(&mut harness, Key::End);
            harness.drag_at(knob);
            harness.drop_at(knob);
            harness.run();
            click(&mut harness, &format!("{name}, type a value"));
            press(&mut harness, Key::Enter);
            assert_eq!(input.get(&harness.state().plan), input.get(&beyond), "{name} was touched");
        }
    }
}

#[test]
fn counts_are_decimal_and_contexts_binary() {
    let mut training = plans_with_every_input().pop().expect("a training plan");
    training.workload.training.epochs = 1;
    let mut harness = unfolded(training);
    for (label, text, input, expected) in [
        ("Data set", "10M", Input::DatasetTokens, 10_000_000),
        ("Data set", "15T", Input::DatasetTokens, 15_000_000_000_000),
        ("Epochs", "1k", Input::Epochs, 1000),
        ("Sequence length, type a value", "8k", Input::SequenceLength, 8192),
    ] {
        type_into(&mut harness, label, text);
        assert_eq!(input.get(&harness.state().plan), InputValue::Whole(expected), "{label}: {text}");
    }
}

#[test]
fn what_can_be_left_open_is_given_back_by_an_empty_field() {
    for plan in plans_with_every_input() {
        let mut harness = unfolded(plan.clone());
        let open = |input: &Input| input.entry().unset.is_some() && input.entry().kind.ends().is_some();
        for input in Input::all().filter(open).filter(|input| input.applies(&plan, Catalog::embedded())) {
            let (low, _) = input.entry().kind.ends().expect("a range");
            input.set(&mut harness.state_mut().plan, number(&input.entry().kind, low)).expect("within the range");
            harness.run();
            let Some(label) = field(&harness, input) else { continue };
            click(&mut harness, &label);
            crate::support::ctrl(&mut harness, Key::A);
            press(&mut harness, Key::Backspace);
            press(&mut harness, Key::Enter);
            assert_eq!(input.get(&harness.state().plan), InputValue::Unset, "{label}");
        }
    }
}

#[test]
fn rules_for_tensors_are_typed_as_the_engine_reads_them() {
    let mut harness = unfolded(plan("qwen3-30b-a3b", &[("rtx-4090", 1)]));
    type_into(&mut harness, "Tensors by pattern", "exps");
    assert!(harness.query_by_label_contains("is no rule for tensors").is_some(), "the reason is told");
    press(&mut harness, Key::Escape);
    type_into(&mut harness, "Tensors by pattern", r"blk\.[0-3]\.ffn_.*_exps=CPU");
    let rules = harness.state().plan.workload.override_tensors.to_string();
    assert_eq!(rules, r"blk\.[0-3]\.ffn_.*_exps=CPU");
}

#[test]
fn what_cannot_stand_stays_in_its_field_with_the_reason() {
    let mut harness = window(Scene::of(plan("llama-3.1-8b", &[("rtx-4090", 1)])), TALL);
    type_into(&mut harness, "Prompt", "9,000");
    harness.get_by_label("Longer than the context of 8,192 tokens");
    let field = harness.get_by_role_and_label(Role::TextInput, "Prompt");
    assert_eq!(field.value().as_deref(), Some("9,000"), "what was typed is still there");
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label_contains("Longer than").is_none(), "given up");
    type_into(&mut harness, "Context, type a value", "nothing");
    harness.get_by_label("Give a number from 1 to 100,000,000");
    crate::support::type_over(&mut harness, "Context, type a value", "32k");
    assert_eq!(harness.state().plan.workload.context, 32_768);
    type_into(&mut harness, "System RAM, type a value", "１２８ GB");
    assert!((harness.state().plan.machine.ram_gib - 128.0).abs() < 1e-9, "{}", harness.state().plan.machine.ram_gib);
}

#[test]
fn a_field_is_typed_over_and_stepped() {
    let mut harness = window(Scene::of(plan("llama-3.1-8b", &[("rtx-4090", 1)])), TALL);
    click(&mut harness, "Prompt");
    harness.get_by_role_and_label(Role::TextInput, "Prompt").type_text("4096");
    harness.run();
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().plan.workload.prompt_tokens, 4096, "all was selected");
    click(&mut harness, "Prompt");
    press(&mut harness, Key::ArrowUp);
    press(&mut harness, Key::Enter);
    assert_eq!(harness.state().plan.workload.prompt_tokens, 4196);
}

#[test]
fn an_arrow_right_after_tab_moves_the_slider_and_not_the_focus() {
    let mut harness = window(Scene::of(plan("llama-3.1-8b", &[("rtx-4090", 1)])), TALL);
    let before = harness.state().plan.workload.context;
    // What stands before the slider in the order of Tab.
    harness.get_by_label("Q4_0").focus();
    harness.step();
    harness.key_press(Key::Tab);
    harness.step();
    harness.key_press(Key::ArrowRight);
    harness.step();
    harness.step();
    assert!(harness.get_by_role_and_label(Role::Slider, "Context").is_focused());
    assert!(harness.state().plan.workload.context > before);
}

#[test]
fn one_memory_has_no_rows_for_what_comes_with_it() {
    let mut mac = plan("llama-3.1-8b", &[("apple-m3-ultra", 1)]);
    mac.machine.ram_gib = 256.0;
    let harness = window(Scene::of(mac), TALL);
    for absent in
        ["Add another card", "Screen on this card", "System", "System RAM, type a value", "Memory of one card"]
    {
        assert!(harness.query_by_label(absent).is_none(), "{absent}");
    }
    harness.get_by_label_contains("This plan names 256 GiB of RAM");
}
