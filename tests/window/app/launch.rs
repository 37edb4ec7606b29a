//! What starts the plan, explained in a dialog; and commands that are pasted become plans.

use eframe::egui::{Event, Key, OutputCommand};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rigplan::app::App;
use rigplan::plan::{ModelChoice, Plan, Runtime};

use super::support::Start;
use crate::support::{click, ctrl, press};

fn plan(window: &Harness<'_, App>) -> Plan {
    window.state().document().plans[0].plan.clone()
}

fn paste(window: &mut Harness<'_, App>, text: &str) {
    window.event(Event::Paste(text.to_owned()));
    window.run();
}

#[test]
fn the_lines_that_start_the_plan_are_explained_and_copied() {
    let mut window = Start::again().window();
    ctrl(&mut window, Key::L);
    window.get_by_label("-c 8192");
    assert!(window.query_by_label_contains("one sequence may have 8192 tokens").is_some());
    click(&mut window, "Ollama");
    window.get_by_label("PARAMETER num_ctx 8192");
    window.get_by_label("Copy").click();
    window.step();
    let copied = window.output().platform_output.commands.iter().any(
        |command| matches!(command, OutputCommand::CopyText(text) if text.contains("FROM ./Llama-3.1-8B-Instruct-Q4_K_M.gguf\n")),
    );
    assert!(copied, "the whole file");
    press(&mut window, Key::Escape);
    assert!(window.query_by_label("PARAMETER num_ctx 8192").is_none(), "Escape leaves it");
}

#[test]
fn a_pasted_command_is_offered_as_a_plan_and_can_be_taken_back() {
    let mut window = Start::again().window();
    let before = plan(&window);
    paste(&mut window, "vllm serve Qwen/Qwen3-8B --max-model-len 4096 --swap-space 4");
    assert_eq!(plan(&window), before, "nothing is done unasked");
    click(&mut window, "Plan from command");
    let taken = plan(&window).workload;
    assert_eq!((taken.runtime, taken.context), (Runtime::Vllm, 4096));
    assert_eq!(taken.model, ModelChoice::Catalog("qwen3-8b".to_owned()));
    assert!(window.state().notices().iter().any(|line| line.contains("not read: --swap-space 4")));
    ctrl(&mut window, Key::Z);
    assert_eq!(plan(&window), before, "one step back");
}

#[test]
fn a_pasted_command_that_cannot_be_read_is_one_line() {
    let mut window = Start::again().window();
    let before = plan(&window);
    paste(&mut window, "vllm serve nobody-knows-7x");
    click(&mut window, "Plan from command");
    assert_eq!(plan(&window), before);
    assert!(window.state().notices().iter().any(|line| line.contains("unknown model nobody-knows-7x")));
    paste(&mut window, "hello, world");
    assert!(window.query_by_label("Plan from command").is_none(), "no command");
}
