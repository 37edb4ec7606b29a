//! Good files of every kind, changed at random in a few places: whatever comes of it is read or refused in one line, and what
//! is read can be estimated and travels on as it is. `RIGPLAN_MUTATIONS` says how many of each, `RIGPLAN_SEED` which.

#![allow(clippy::expect_used, clippy::cast_possible_truncation, reason = "tests fail by panicking")]

use std::path::Path;
use std::sync::Arc;

use rigplan::catalog::Catalog;
use rigplan::catalog::model::Model;
use rigplan::estimate::estimate;
use rigplan::model::file::gguf::Header;
use rigplan::model::file::{from_config, safetensors};
use rigplan::plan::{Document, ModelChoice, Plan, Runtime, Task};
use rigplan::share::carrier::link::{from_link, shareable, to_link};
use rigplan::share::carrier::{html, read_any, svg};
use rigplan::share::plan_file;

use crate::imported::header;
use crate::model_files::configs;

/// So many changes of each kind of file in every run.
const CASES: u32 = 60;
/// What numbers are replaced by.
const EXTREMES: [&str; 12] =
    ["0", "-1", "1", "2", "65536", "4294967296", "18446744073709551615", "1e308", "NaN", "null", "\"\"", "[]"];
/// The same where they stand in binary.
const WIDE: [u64; 6] = [0, 1, 255, 1 << 31, 1 << 62, u64::MAX];

fn asked(name: &str, usual: u32) -> u32 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Numbers that follow from the seed alone.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    /// A few changes of a file.
    fn change(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            let end = (at + 1 + self.below(40)).min(bytes.len());
            match self.below(7) {
                _ if bytes.is_empty() => bytes.push(b'('),
                0 => bytes[at] ^= 1 << self.below(8),
                1 => drop(bytes.drain(at..end)),
                2 => {
                    let again = bytes[at..end].to_vec();
                    bytes.splice(at..at, again);
                }
                3 => {
                    let wide = WIDE[self.below(WIDE.len())].to_le_bytes();
                    let end = (at + 8).min(bytes.len());
                    bytes.splice(at..end, wide);
                }
                4 => bytes.truncate(at),
                _ => self.replace_number(bytes, at),
            }
        }
    }

    /// The next number behind a place becomes another.
    fn replace_number(&mut self, bytes: &mut Vec<u8>, from: usize) {
        let Some(start) = bytes[from..].iter().position(u8::is_ascii_digit).map(|digit| from + digit) else { return };
        let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        bytes.splice(start..start + length, self.of(&EXTREMES).bytes());
    }
}

/// Changes each of `files` again and again.
fn every(files: &[Vec<u8>], check: impl Fn(&[u8])) {
    let seed = u64::from(asked("RIGPLAN_SEED", 1));
    for case in 0..u64::from(asked("RIGPLAN_MUTATIONS", CASES)) {
        let mut chance = Chance(seed << 32 | case);
        let mut bytes = files[chance.below(files.len())].clone();
        chance.change(&mut bytes);
        // Which it was is told where the check fails.
        let _told = Told { seed, case };
        check(&bytes);
    }
}

/// Names the case where a check panics.
struct Told {
    seed: u64,
    case: u64,
}

#[expect(clippy::print_stdout, reason = "what to ask for to see it again")]
impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("seed {}, case {}", self.seed, self.case);
        }
    }
}

fn one_line(error: &impl ToString) {
    let line = error.to_string();
    assert_eq!(line.lines().count(), 1, "{line}");
}

/// What a plan comes to with every engine and task: an answer or an error, never a panic.
fn estimated(mut plan: Plan) {
    for runtime in [Runtime::LlamaCpp, Runtime::Vllm, Runtime::Transformers] {
        plan.workload.choose_runtime(runtime);
        drop(estimate(&plan, Catalog::embedded()));
    }
    plan.workload.task = Task::Qlora;
    drop(estimate(&plan, Catalog::embedded()));
}

fn estimated_model(model: Model) {
    let mut plan = Plan::default();
    plan.workload.model = ModelChoice::File { path: "a-file".into(), model: Arc::new(model) };
    estimated(plan);
}

fn fixtures(folder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder);
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<_> = entries.filter(|path| path.extension().is_some_and(|it| it == "ron")).collect();
    paths.sort();
    paths.into_iter().map(|path| std::fs::read(path).expect("readable")).collect()
}

fn documents() -> Vec<Document> {
    fixtures("valid").iter().filter_map(|bytes| read_any(bytes).ok()).collect()
}

fn travels(document: &Document) {
    if let Ok(link) = to_link(document) {
        assert_eq!(from_link(&link).as_ref(), Ok(&*shareable(document)));
    }
    let mut settled = document.clone();
    settled.settle_rows(Catalog::embedded());
    let kept = Catalog::embedded().with_frozen(&settled.frozen);
    for named in settled.plans.into_iter().take(3) {
        drop(estimate(&named.plan, &kept));
        estimated(named.plan);
    }
}

#[test]
fn changed_plan_files_are_read_or_refused() {
    every(&[fixtures("valid"), fixtures("hostile")].concat(), |bytes| match plan_file::from_bytes(bytes) {
        Ok(document) => {
            let text = plan_file::to_text(&document).expect("what was read can be written");
            assert_eq!(plan_file::from_text(&text).as_ref(), Ok(&document));
            travels(&document);
        }
        Err(error) => one_line(&error),
    });
}

#[test]
fn changed_carriers_are_read_or_refused() {
    let links: Vec<String> = documents().iter().filter_map(|document| to_link(document).ok()).collect();
    let carried = links.iter().flat_map(|link| {
        [
            link.clone(),
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{}</svg>", svg::metadata(link)),
            format!("<html><head>{}</head></html>", html::script(link)),
        ]
    });
    let files: Vec<Vec<u8>> = carried.map(String::into_bytes).collect();
    every(&files, |bytes| match read_any(bytes) {
        Ok(document) => travels(&document),
        Err(error) => one_line(&error),
    });
}

#[test]
fn changed_gguf_headers_are_read_or_refused() {
    let ids = ["llama-3.2-1b", "qwen3-0.6b", "qwen3-30b-a3b", "gemma-3-1b"];
    let models = ids.into_iter().filter_map(|id| Catalog::embedded().model(id));
    let files: Vec<Vec<u8>> = models.map(|model| header(model).bytes()).collect();
    every(&files, |bytes| match Header::read(bytes).and_then(|header| header.into_model("changed")) {
        Ok(model) => estimated_model(model),
        Err(error) => one_line(&error),
    });
}

#[test]
fn changed_configs_are_read_or_refused() {
    let files: Vec<Vec<u8>> = configs().into_iter().map(|(_, config)| config.to_string().into_bytes()).collect();
    every(&files, |bytes| match from_config(bytes, "changed") {
        Ok(model) => estimated_model(model),
        Err(error) => one_line(&error),
    });
}

#[test]
fn changed_safetensors_are_read_or_refused() {
    let head = |json: &str| [&(json.len() as u64).to_le_bytes()[..], json.as_bytes()].concat();
    let files = [
        head(
            "{\"__metadata__\":{\"format\":\"pt\"},\"model.embed_tokens.weight\":{\"dtype\":\"BF16\",\"shape\":[512,128],\
             \"data_offsets\":[0,131072]},\"lm_head.weight\":{\"dtype\":\"F32\",\"shape\":[512,128],\"data_offsets\":[131072,\
             393216]}}",
        ),
        head("{\"a.qweight\":{\"dtype\":\"I32\",\"shape\":[16,128],\"data_offsets\":[0,8192]}}"),
        b"{\"metadata\":{\"total_size\":16060522496},\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\"}}"
            .to_vec(),
    ];
    every(&files, |bytes| {
        safetensors::files_of_index(bytes).map_or_else(|error| one_line(&error), drop);
        match safetensors::read(bytes) {
            Ok(weights) => {
                let known = Catalog::embedded().model("llama-3.2-1b").expect("a model of the catalog");
                let mut fields = known.clone().into_fields();
                weights.totals.describe(&mut fields);
                Model::new(fields).map_or_else(|error| one_line(&error), estimated_model);
            }
            Err(error) => one_line(&error),
        }
    });
}
