//! Model files: from the menu, dropped on the window, and those that describe nothing.

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::sync::mpsc::{self, Sender};

use eframe::egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rigplan::app::App;
use rigplan::catalog::Catalog;
use rigplan::catalog::model::Model;
use rigplan::plan::ModelChoice;
use rigplan::system::model_path::ReadModel;

use super::support::{Start, menu};
use crate::support::{click, ctrl, press};

/// A small Llama as Hugging Face describes it.
const CONFIG: &str = r#"{"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_size":2048,
    "intermediate_size":8192,"num_hidden_layers":16,"num_attention_heads":32,"num_key_value_heads":8,"head_dim":64,
    "vocab_size":128256,"max_position_embeddings":131072,"tie_word_embeddings":true,"torch_dtype":"bfloat16"}"#;

fn choice<'a>(window: &'a Harness<'_, App>) -> &'a ModelChoice {
    &window.state().document().plans[0].plan.workload.model
}

fn written(folder: &Path, text: &str) -> std::path::PathBuf {
    let file = folder.join("config.json");
    fs::write(&file, text).expect("a folder of its own");
    file
}

#[test]
fn a_model_file_is_taken_into_the_plan_and_can_be_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), CONFIG);
    let (script, mut window) = Start::again().scripted();
    let before = choice(&window).clone();
    script.will_choose(&file);
    menu(&mut window, "Open a model file…");
    let ModelChoice::File { path, model } = choice(&window) else { panic!("not read") };
    assert_eq!((path, model.num_hidden_layers), (&file, 16), "what the file says");
    assert!(window.state().is_unsaved(), "it is an edit");
    ctrl(&mut window, Key::Z);
    assert_eq!(*choice(&window), before, "one step back");
}

#[test]
fn a_file_that_describes_no_model_leaves_the_plan_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "{\"no\":\"model\"}");
    let (script, mut window) = Start::again().scripted();
    let before = choice(&window).clone();
    script.will_choose(&file);
    menu(&mut window, "Open a model file…");
    assert_eq!(*choice(&window), before, "untouched");
    assert!(window.query_by_label_contains("config.json").is_some(), "one line names the file");
}

#[test]
fn the_list_of_models_ends_with_opening_a_file() {
    let start = Start::again();
    let questions = std::rc::Rc::clone(&start.script.questions);
    let mut window = start.window();
    click(&mut window, "Model");
    for _ in 0..400 {
        window.key_press(Key::ArrowDown);
    }
    // The list moves on for some frames.
    window.run_steps(20);
    press(&mut window, Key::Enter);
    assert_eq!(questions.borrow().len(), 1, "a file is asked for");
}

/// A window that reads from a slow disk, and the disk's end of it.
fn slow() -> (Harness<'static, App>, Sender<ReadModel>) {
    let (disk, answer) = mpsc::channel();
    let start = Start { reader: Some(RefCell::new(Some(answer))), ..Start::again() };
    start.script.will_choose(Path::new("/far/away.gguf"));
    let mut window = start.window();
    menu(&mut window, "Open a model file…");
    assert_eq!(window.state().notices(), ["Reading away.gguf…"], "the window goes on and says what it waits for");
    (window, disk)
}

fn known() -> Model {
    Catalog::embedded().model("qwen3-8b").expect("a model").clone()
}

#[test]
fn a_slow_model_file_comes_later() {
    let (mut window, disk) = slow();
    disk.send(Ok(known())).expect("somebody waits");
    window.run();
    let ModelChoice::File { model, .. } = choice(&window) else { panic!("not taken") };
    assert_eq!(model.id, "qwen3-8b");
    assert!(window.state().notices().is_empty(), "nothing is read any more");
}

#[test]
fn escape_gives_a_slow_model_file_up() {
    let (mut window, disk) = slow();
    let before = choice(&window).clone();
    press(&mut window, Key::Escape);
    assert!(window.state().notices().is_empty(), "it is given up");
    assert!(disk.send(Ok(known())).is_err(), "nobody waits");
    window.run();
    assert_eq!(*choice(&window), before, "untouched");
}
