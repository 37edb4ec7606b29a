//! What is done with the bytes of each target: read, and whatever was read goes through all that follows. The tests of the
//! program run the same over their fixtures and mutations of them.

use std::sync::Arc;

use rigplan::advise::diagnose::{diagnose, words};
use rigplan::catalog::model::Model;
use rigplan::catalog::own_prices;
use rigplan::catalog::source::Date;
use rigplan::catalog::{Catalog, OVERLAY_TABLES, TableFile};
use rigplan::cli::jsonl::JsonlSession;
use rigplan::estimate::estimate;
use rigplan::model::file::gguf::Header;
use rigplan::model::file::{from_config, safetensors};
use rigplan::plan::{Document, Machine, ModelChoice, Plan, Runtime, Task};
use rigplan::share::carrier::link::{from_link, is_in, shareable, to_link};
use rigplan::share::carrier::read_any;
use rigplan::share::launch::read::{is_command, read_command};
use rigplan::share::runtime_log::RuntimeLog;
use rigplan::share::runtime_log::against::against;
use rigplan::share::runtime_log::plan::of_error;
use rigplan::share::{llama_bench, plan_file, price_csv};
use rigplan::system::detect::Detected;
use rigplan::text::{Fault, Locale};

const TRAINING: [Task; 3] = [Task::Full, Task::Lora, Task::Qlora];

/// The day that prices are read on.
const TODAY: &str = "2026-11-22";

/// A target: its name and what it does.
pub type Body = (&'static str, fn(&[u8]));

/// Every target.
pub const ALL: &[Body] = &[
    ("plan_file", plan_file),
    ("carrier", carrier),
    ("share_text", share_text),
    ("gguf_header", gguf_header),
    ("config_json", config_json),
    ("safetensors_index", safetensors_index),
    ("jsonl_request", jsonl_request),
    ("overlay_table", overlay_table),
    ("price_csv", price_csv),
    ("pasted_error", pasted_error),
    ("runtime_log", runtime_log),
    ("command_text", command_text),
    ("llama_bench", bench_text),
    ("machine_file", machine_file),
];

/// Estimates a model with every engine and every task, the rest of the plan by default.
fn estimate_model(model: Model) {
    let mut plan = Plan::default();
    plan.workload.model = ModelChoice::File { path: "fuzzed".into(), model: Arc::new(model) };
    estimate_as_every_job(plan);
}

/// Estimates a plan with every engine and every task in place of its own.
fn estimate_as_every_job(mut plan: Plan) {
    plan.workload.task = Task::Serve;
    for runtime in Runtime::ALL {
        plan.workload.choose_runtime(*runtime);
        drop(estimate(&plan, Catalog::embedded()));
    }
    for task in TRAINING {
        plan.workload.task = task;
        drop(estimate(&plan, Catalog::embedded()));
    }
}

/// A fault is one line in both languages.
fn said(fault: &impl Fault) {
    for locale in Locale::ALL {
        let line = fault.say(locale);
        assert!(!line.is_empty() && !line.contains(char::is_control), "{line:?}");
    }
}

/// Plan files: whatever the bytes, a document or one line; a document that was read is read again as it was, and each of
/// its plans is estimated.
pub fn plan_file(bytes: &[u8]) {
    let document = match plan_file::from_bytes(bytes) {
        Ok(document) => document,
        Err(error) => return said(&error),
    };
    let text = plan_file::to_text(&document).expect("what was read can be written");
    assert_eq!(plan_file::from_text(&text).expect("what was written can be read"), document);
    for own in document.plans {
        drop(estimate(&own.plan, Catalog::embedded()));
        estimate_as_every_job(own.plan);
    }
}

/// Whatever is opened: whatever the bytes, a document or one line; a document that was read travels on as it is.
pub fn carrier(bytes: &[u8]) {
    match read_any(bytes) {
        Ok(document) => {
            let Ok(link) = to_link(&document) else { return };
            assert_eq!(from_link(&link).expect("what was written can be read"), *shareable(&document));
        }
        Err(error) => said(&error),
    }
}

/// A text that somebody sent: one that holds a plan gives a document or one line, and so does a document packed anew whose
/// text is the rest.
pub fn share_text(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let read = from_link(&text);
    match &read {
        Ok(document) => {
            assert!(is_in(&text), "a text that holds a plan is known by its look");
            let link = to_link(document).expect("what came as a text can go as one");
            assert_eq!(from_link(&link).expect("what was written can be read"), *shareable(document));
        }
        Err(error) => said(error),
    }
    let named = Document { name: text.into_owned(), ..Document::default() };
    if let Ok(link) = to_link(&named) {
        let read = from_link(&link).expect("what was written can be read");
        assert_eq!(read.plans, named.plans);
    }
}

/// Headers of GGUF files, and the models that they describe, estimated.
pub fn gguf_header(bytes: &[u8]) {
    match Header::read(bytes).and_then(|header| header.into_model("fuzzed")) {
        Ok(model) => estimate_model(model),
        Err(error) => said(&error),
    }
}

/// `config.json` of a model; one that is understood is estimated.
pub fn config_json(bytes: &[u8]) {
    match from_config(bytes, "fuzzed") {
        Ok(model) => estimate_model(model),
        Err(error) => said(&error),
    }
}

/// Headers of safetensors files and the index over several of them; what a header adds to a model is checked and
/// estimated.
pub fn safetensors_index(bytes: &[u8]) {
    drop(safetensors::files_of_index(bytes));
    let Ok(weights) = safetensors::read(bytes) else { return };
    let Some(known) = Catalog::embedded().model("llama-3.2-1b") else { return };
    let mut fields = known.clone().into_fields();
    weights.totals.describe(&mut fields);
    if let Ok(model) = Model::new(fields) {
        estimate_model(model);
    }
}

/// One request of `rigplan estimate --jsonl`: one line is answered with one line, whatever is in it.
pub fn jsonl_request(line: &[u8]) {
    // A model's path would read files of this machine.
    if line.contains(&b'/') {
        return;
    }
    let mut out = Vec::new();
    JsonlSession::new(Catalog::embedded()).answer(line, &mut out);
    assert!(!out.contains(&b'\n'), "one line, whose end is written by the caller");
    assert!(out.is_empty() || serde_json::from_slice::<serde_json::Value>(&out).is_ok(), "an answer is JSON");
}

/// A table of the user's, which one by the first byte: what cannot be used is one line each, and the catalog that comes
/// of it answers.
pub fn overlay_table(bytes: &[u8]) {
    let Some((which, text)) = bytes.split_first() else { return };
    let Ok(text) = str::from_utf8(text) else { return };
    let table = OVERLAY_TABLES[usize::from(*which) % OVERLAY_TABLES.len()];
    let file = TableFile { name: format!("{table}.ron"), text: text.to_owned() };
    let (catalog, faults) = Catalog::with_overlay(&[file]);
    faults.iter().for_each(said);
    let mut plan = Plan::default();
    let models = catalog.models().filter(|model| Catalog::embedded().model(&model.id).is_none_or(|it| it != *model));
    for model in models.take(4) {
        plan.workload.model = ModelChoice::Catalog(model.id.clone());
        drop(estimate(&plan, &catalog));
    }
    drop(estimate(&Plan::default(), &catalog));
}

/// Prices from a spreadsheet or a file of one's own: each line counts or is named, and what counts is written as it was.
pub fn price_csv(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(today) = Date::try_from(TODAY.to_owned()) else { return };
    let catalog = Catalog::embedded();
    let imported = price_csv::read(&text, catalog, &today, "prices.csv");
    imported.errors.iter().for_each(said);
    let mut faults = Vec::new();
    let own = own_prices::read("own_prices.ron", &text, &mut faults);
    faults.iter().for_each(said);
    for prices in [imported.prices, own] {
        let (catalog, _) = catalog.with_own_prices("own_prices.ron", prices);
        let book = price_csv::to_text(&catalog.price_book());
        let formula = |line: &str| line.starts_with(['=', '+', '-', '@']);
        assert!(!book.lines().any(formula), "a line that a spreadsheet calculates");
        let again = price_csv::read(&book, &catalog, &today, "prices.csv");
        assert_eq!(again.errors, [], "what was written can be read");
    }
}

/// An error or a log that somebody pasted: what is said of it is one line each, and its cures are plans that answer.
pub fn pasted_error(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Some(finding) = diagnose(&text) else { return };
    assert!(text.is_char_boundary(finding.at), "what was found lies within the text");
    for locale in Locale::ALL {
        assert!(!words::headline(&finding, locale).is_empty());
        drop(words::figures(&finding, locale));
    }
    if let Some(logged) = of_error(&text, &finding, None, Catalog::embedded()) {
        drop(estimate(&logged.plan, Catalog::embedded()));
    }
}

/// A runtime's log: what it says is held against the estimate of the plan that it amounts to.
pub fn runtime_log(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Some(log) = RuntimeLog::read(&text) else { return };
    let catalog = Catalog::embedded();
    match log.plan(&Machine::default(), catalog) {
        Ok(logged) => drop(against(&log, &logged.plan, Some(&logged), catalog, TODAY)),
        Err(fault) => said(&fault),
    }
    drop(against(&log, &Plan::default(), None, catalog, TODAY));
}

/// A command or a Modelfile: a plan that can be saved and estimated, or one line.
pub fn command_text(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let is_one = is_command(&text);
    match read_command(&text, Catalog::embedded()) {
        Ok(read) => {
            assert!(is_one, "what is read as a command looks like one");
            for locale in Locale::ALL {
                drop(read.remark().say(locale));
            }
            plan_file::to_text(&Document::of(read.plan.clone())).expect("what a command comes to can be saved");
            drop(estimate(&read.plan, Catalog::embedded()));
        }
        Err(fault) => said(&fault),
    }
}

/// What `llama-bench` printed.
pub fn bench_text(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (rows, errors) = llama_bench::parse(&text);
    errors.iter().for_each(said);
    for row in rows {
        drop(row.models(Catalog::embedded()));
        drop(row.measured("rtx-4090", "llama-3.1-8b", TODAY));
    }
}

/// A machine that was saved elsewhere: one that is read is written and read again as it was.
pub fn machine_file(bytes: &[u8]) {
    match Detected::from_description(bytes) {
        Ok(machine) => {
            let text = machine.described();
            let again = Detected::from_description(text.as_bytes()).expect("what was written can be read");
            assert_eq!(again.described(), text);
        }
        Err(fault) => said(&fault),
    }
}
