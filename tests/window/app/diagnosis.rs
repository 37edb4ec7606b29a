//! Which memory ran out: an error that is pasted is read, by itself or in its dialog, in both languages.

use eframe::egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rigplan::app::App;

use super::commands::ask;
use super::support::Start;
use crate::support::click;

const ERROR: &str = "RuntimeError: CUDA out of memory. Tried to allocate 2.50 GiB (GPU 1; 8.00 GiB total capacity; 5.50 GiB already \
                     allocated; 1.25 GiB free; 6.00 GiB reserved in total by PyTorch)";

fn paste(window: &mut Harness<'_, App>, text: &str) {
    window.event(Event::Paste(text.to_owned()));
    window.run();
}

#[test]
fn an_error_that_is_pasted_anywhere_is_read() {
    let mut window = Start::again().window();
    let before = window.state().document().clone();
    paste(&mut window, ERROR);
    assert!(window.query_by_label("VRAM ran out").is_some());
    assert!(window.query_by_label_contains("1.25 GiB free of 8.00 GiB").is_some());
    assert!(window.query_by_label_contains("said by PyTorch").is_some(), "as people write it");
    assert!(window.query_by_label_contains("1. Load the model in fewer bits").is_some());
    click(&mut window, "See what the plan can change");
    assert!(window.query_by_label("VRAM ran out").is_none());
    assert_eq!(*window.state().document(), before, "nothing is changed by reading");
}

#[test]
fn the_dialog_opens_by_keys_takes_a_text_and_leaves_by_escape() {
    let mut window = Start::again().window();
    ask(&mut window, Key::O);
    window.run();
    assert!(window.query_by_label("Which memory ran out?").is_some());
    paste(&mut window, "all is well");
    assert!(window.query_by_label_contains("Nothing in this text tells of a memory").is_some());
    paste(&mut window, ERROR);
    assert!(window.query_by_label("VRAM ran out").is_some());
    window.key_press(Key::Escape);
    window.run();
    assert!(window.query_by_label("Which memory ran out?").is_none());
}

#[test]
fn a_cure_is_put_into_the_plan_as_one_step() {
    let mut window = Start::again().window();
    let before = window.state().document().clone();
    paste(&mut window, "CUDA error: out of memory\n  current device: 0, in function alloc at ggml-cuda.cu:431");
    window.get_all_by_label("Open in plan").next().expect("a cure of the plan").click();
    window.run();
    assert!(window.query_by_label("VRAM ran out").is_none());
    let changed = window.state().document().clone();
    assert_ne!(changed, before);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.run();
    assert_eq!(*window.state().document(), before, "one step back");
}

#[test]
fn cures_speak_the_language_of_the_window_and_are_of_the_plan_at_hand() {
    let mut window = Start::again().window();
    paste(&mut window, "CUDA error: out of memory\n  current device: 0, in function alloc at ggml-cuda.cu:431");
    assert!(window.query_all_by_label_contains("in the plan").next().is_some());
    click(&mut window, "Language, English");
    window.run();
    assert!(window.query_all_by_label_contains("in the plan").next().is_none(), "all of it is in Chinese");
}

#[test]
fn a_log_that_is_pasted_is_held_against_the_estimate() {
    let mut window = Start::again().window();
    paste(
        &mut window,
        "llama_model_loader: loaded meta data with 30 key-value pairs and 291 tensors from /m/Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf (version GGUF V3)\n\
         load_tensors: offloaded 33/33 layers to GPU\nload_tensors:        CUDA0 model buffer size =  4403.49 MiB\n\
         llama_context: n_ctx         = 4096\nllama_kv_cache:      CUDA0 KV buffer size =   512.00 MiB\n",
    );
    assert!(window.query_by_label("Held against the estimate").is_some());
    assert!(window.get_all_by_label("the same").count() >= 2, "weights and KV cache are exact");
    click(&mut window, "Open as plan");
    let plan = &window.state().document().plans[0].plan;
    assert_eq!(plan.workload.context, 4096);
}
