//! What `llama-bench` printed, pasted: rows of its Markdown table, its JSON, JSON lines or CSV.

mod names;
mod table;

use serde::Deserialize;

use crate::catalog::Catalog;
use crate::catalog::quantization::Quantization;
use crate::catalog::runtime::Backend;
use crate::catalog::speed::{Measured, Timed};
use crate::text::{Fault, Join, JsonFault, Key, Phrase, Placeholder, foreign, printed_in_english};

/// One measurement as llama-bench names it.
#[derive(Debug, Clone, PartialEq)]
pub struct BenchRow {
    /// The model in the tool's words, such as `llama 8B Q4_K - Medium`.
    pub model: String,
    /// Parameters of the model.
    pub parameters: Option<u64>,
    /// How its weights are stored, where the name says so.
    pub quantization: Option<Quantization>,
    /// The compute library.
    pub backend: Option<Backend>,
    /// Layers on the GPU.
    pub gpu_layers: Option<u32>,
    /// What was timed.
    pub test: Timed,
    /// Tokens cached when the run started.
    pub depth: u64,
    /// Tokens of the run.
    pub tokens: u64,
    /// The result.
    pub tokens_per_s: f64,
}

/// A line that looks like a measurement and is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct BenchLineError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: BenchProblem,
}

/// What can be wrong with what llama-bench printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BenchProblem {
    /// Nothing in it is a measurement.
    Nothing,
    /// It is none of the tool's JSON.
    Json(JsonFault),
    /// A row of a table without its heading.
    NoHeading,
    /// More or fewer cells than the heading has.
    Cells,
    /// A heading without this column.
    NoColumn(&'static str),
    /// A test that is neither of a prompt nor of decoding.
    Test(String),
    /// No rate.
    Rate(String),
    /// A line of CSV without the fields that it needs.
    Fields,
}

/// What a line of CSV needs to have.
const NEEDED: [&str; 4] = ["model_type", "n_prompt", "n_gen", "avg_ts"];

impl Fault for BenchLineError {
    /// Where, what, and what to do.
    fn phrase(&self) -> Phrase {
        let words = match &self.problem {
            BenchProblem::Nothing => Phrase::new(Key::BenchNothing),
            BenchProblem::Json(fault) => Phrase::new(Key::BenchJson).with_phrase(Placeholder::Value, fault.phrase()),
            BenchProblem::NoHeading => Phrase::new(Key::BenchNoHeading),
            BenchProblem::Cells => Phrase::new(Key::BenchCells),
            BenchProblem::NoColumn(name) => Phrase::new(Key::BenchNoColumn).with(Placeholder::Name, name),
            BenchProblem::Test(text) => Phrase::new(Key::BenchTest).with(Placeholder::Value, foreign(text)),
            BenchProblem::Rate(text) => Phrase::new(Key::BenchRate).with(Placeholder::Value, foreign(text)),
            BenchProblem::Fields => Phrase::new(Key::BenchFields).with_list(Placeholder::Name, Join::And, NEEDED),
        };
        Phrase::new(Key::BenchLine).with(Placeholder::Line, self.line).with_phrase(Placeholder::Value, words)
    }
}

printed_in_english!(BenchLineError);

/// How weights are stored, as llama.cpp's logs and tables name it, such as `Q4_K - Medium`.
pub(in crate::share) fn stored(name: &str) -> Option<Quantization> {
    names::quantization(name)
}

/// Parameters as llama.cpp writes them, such as `8.03 B`.
pub(in crate::share) fn counted(text: &str) -> Option<u64> {
    names::parameters(text)
}

/// Reads pasted output. Lines that are no part of a table (the tool says much more) are passed over; a row that cannot
/// be read is named, and the others count. Text without any row is one error.
pub fn parse(text: &str) -> (Vec<BenchRow>, Vec<BenchLineError>) {
    let trimmed = text.trim_start();
    let (rows, mut errors) = if trimmed.starts_with('[') || trimmed.starts_with('{') {
        json(text)
    } else if text.lines().any(|line| line.contains("avg_ts") && line.contains(',')) {
        table::csv(text)
    } else {
        table::markdown(text)
    };
    if rows.is_empty() && errors.is_empty() {
        errors.push(BenchLineError { line: 1, problem: BenchProblem::Nothing });
    }
    (rows, errors)
}

impl BenchRow {
    /// Models of the catalog with as many parameters, those whose name fits the tool's words first.
    pub fn models<'a>(&self, catalog: &'a Catalog) -> Vec<&'a str> {
        let Some(parameters) = self.parameters else { return Vec::new() };
        let near = |known: u64| known.abs_diff(parameters) as f64 <= 0.01 * parameters as f64;
        let family = self.model.split([' ', '-']).next().unwrap_or_default().trim_end_matches(char::is_numeric);
        let mut found: Vec<_> = catalog
            .models()
            .filter(|model| model.total_parameters.is_some_and(near))
            .map(|model| model.id.as_str())
            .collect();
        found.sort_by_key(|id| !id.starts_with(family));
        found
    }

    /// The measurement of `card` with `model`, both by id, on this day; `None` where the quantization is not known.
    pub fn measured(&self, card: &str, model: &str, date: &str) -> Option<Measured> {
        Some(Measured {
            card: card.to_owned(),
            model: model.to_owned(),
            quantization: self.quantization?,
            backend: self.backend,
            test: self.test,
            depth: self.depth,
            tokens: self.tokens,
            tokens_per_s: self.tokens_per_s,
            date: date.to_owned(),
            note: Some("llama-bench".to_owned()),
        })
    }
}

/// What a row needs of the tool's JSON.
#[derive(Debug, Deserialize)]
struct BenchRecord {
    model_type: String,
    #[serde(default)]
    model_n_params: Option<u64>,
    #[serde(default)]
    backends: Option<String>,
    #[serde(default)]
    n_gpu_layers: Option<i64>,
    n_prompt: u64,
    n_gen: u64,
    #[serde(default)]
    n_depth: u64,
    avg_ts: f64,
}

fn json(text: &str) -> (Vec<BenchRow>, Vec<BenchLineError>) {
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    let error = |line: usize, fault: JsonFault| BenchLineError { line, problem: BenchProblem::Json(fault) };
    if text.trim_start().starts_with('[') {
        match serde_json::from_str::<Vec<BenchRecord>>(text) {
            Ok(records) => records.into_iter().filter_map(BenchRecord::row).for_each(|row| rows.push(row)),
            Err(found) => errors.push(error(found.line(), JsonFault::of(&found))),
        }
        return (rows, errors);
    }
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str::<BenchRecord>(line) {
            Ok(record) => rows.extend(record.row()),
            Err(found) => errors.push(error(index + 1, JsonFault { line: index + 1, ..JsonFault::of(&found) })),
        }
    }
    (rows, errors)
}

impl BenchRecord {
    /// A prompt or a decode run; a run of both at once tells neither rate.
    fn row(self) -> Option<BenchRow> {
        let (test, tokens) = match (self.n_prompt, self.n_gen) {
            (tokens, 0) => (Timed::Prefill, tokens),
            (0, tokens) => (Timed::Decode, tokens),
            _ => return None,
        };
        let sound = tokens > 0 && self.avg_ts.is_finite() && self.avg_ts > 0.0;
        sound.then(|| BenchRow {
            quantization: names::quantization(&self.model_type),
            model: self.model_type,
            parameters: self.model_n_params,
            backend: self.backends.as_deref().and_then(names::backend),
            gpu_layers: self.n_gpu_layers.and_then(|layers| u32::try_from(layers).ok()),
            test,
            depth: self.n_depth,
            tokens,
            tokens_per_s: self.avg_ts,
        })
    }
}
