//! A plan with its context, its sequences and the precision of its weights moved: the answers to all of that at once.

use super::super::sheet::{PartTable, RATE, RowOf, SECONDS, Sheet, banded};
use crate::catalog::Catalog;
use crate::catalog::quantization::Quantization;
use crate::estimate::{EstimateError, Estimator, Verdict};
use crate::plan::{ModelChoice, Plan, Runtime};
use crate::text::{self, Key, Locale};

/// The shortest context.
const SHORTEST: u64 = 512;
/// The longest where nobody says what the model was trained for.
const USUAL_LONGEST: u64 = 131_072;
/// The most sequences of an engine that batches many users, and of the others.
const MOST_SERVED: u32 = 1024;
const MOST_AT_ONCE: u32 = 64;

/// What is moved along one axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridAxis {
    /// What it is called.
    pub name: Key,
    /// Each stop as it is written.
    pub stops: Vec<String>,
    /// Where the plan itself stands.
    pub own: usize,
}

/// What one position comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum GridCell {
    /// An answer.
    Answer {
        /// The verdict; `None` where it cannot be known.
        verdict: Option<Verdict>,
        /// Speeds with their bands: decoding or training, prompts, seconds to the first token; empty where not known.
        rates: [String; 3],
        /// What lies where.
        table: PartTable,
    },
    /// It cannot be estimated.
    Refused(EstimateError),
}

/// The answers at every position, the last axis running fastest.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Context, sequences, precision.
    pub axes: [GridAxis; 3],
    /// One a position.
    pub cells: Vec<GridCell>,
}

/// The values that a plan is moved over.
struct Stops {
    lengths: Vec<u64>,
    at_once: Vec<u32>,
    weights: Vec<Quantization>,
}

impl Grid {
    /// Asks for every position.
    pub fn of(plan: &Plan, catalog: &Catalog) -> Self {
        let stops = Stops::of(plan, catalog);
        let mut estimator = Estimator::default();
        let mut cells = Vec::with_capacity(stops.lengths.len() * stops.at_once.len() * stops.weights.len());
        for &length in &stops.lengths {
            for &at_once in &stops.at_once {
                for &weights in &stops.weights {
                    let moved = moved(plan, length, at_once, weights);
                    cells.push(cell(&moved, catalog, &mut estimator));
                }
            }
        }
        Self { axes: stops.axes(plan), cells }
    }

    /// Where a position stands among the cells.
    pub fn place(&self, [length, at_once, weights]: [usize; 3]) -> usize {
        (length * self.axes[1].stops.len() + at_once) * self.axes[2].stops.len() + weights
    }
}

/// The plan at a position.
fn moved(plan: &Plan, length: u64, at_once: u32, weights: Quantization) -> Plan {
    let mut moved = plan.clone();
    moved.workload.set_length(length);
    moved.workload.set_at_once(at_once);
    moved.workload.quantization = weights;
    // A prompt is part of the context, and so is what was cached before.
    if !moved.workload.task.trains() && length != plan.workload.context {
        moved.workload.prompt_tokens = plan.workload.prompt_tokens.min(length);
        moved.workload.depth = plan.workload.depth.map(|depth| depth.min(length));
    }
    moved
}

fn cell(plan: &Plan, catalog: &Catalog, estimator: &mut Estimator) -> GridCell {
    let found = match estimator.estimate(plan, catalog) {
        Ok(found) => found,
        Err(error) => return GridCell::Refused(error),
    };
    let speed = &found.speed;
    let rates = [(speed.decode.or(speed.train), RATE), (speed.prefill, RATE), (speed.first_token, SECONDS)];
    let sheet = Sheet { title: "", plan, estimate: &found, catalog, link: None };
    GridCell::Answer {
        verdict: found.verdict,
        rates: rates.map(|(band, unit)| band.map(|band| banded(band, unit)).unwrap_or_default()),
        table: PartTable::of(&sheet, Locale::En),
    }
}

impl Stops {
    fn of(plan: &Plan, catalog: &Catalog) -> Self {
        let workload = &plan.workload;
        let trains = workload.task.trains();
        let trained = workload.model.known(catalog).and_then(|model| model.max_position_embeddings);
        let longest = trained.unwrap_or(USUAL_LONGEST).max(workload.length());
        let mut lengths: Vec<u64> = std::iter::successors(Some(SHORTEST), |length| length.checked_mul(2))
            .take_while(|length| *length <= longest)
            .chain([longest, workload.length()])
            .collect();
        lengths.sort_unstable();
        lengths.dedup();
        let own = if trains { workload.training.micro_batch } else { workload.sequences };
        let serves = !trains && !matches!(workload.runtime, Runtime::LlamaCpp | Runtime::Transformers);
        let most = if serves { MOST_SERVED } else { MOST_AT_ONCE };
        let doubled = std::iter::successors(Some(1_u32), |count| count.checked_mul(2));
        let mut at_once: Vec<u32> = doubled.take_while(|count| *count <= most).chain([own]).collect();
        at_once.sort_unstable();
        at_once.dedup();
        Self { lengths, at_once, weights: weights(plan, catalog) }
    }

    fn axes(&self, plan: &Plan) -> [GridAxis; 3] {
        let workload = &plan.workload;
        let trains = workload.task.trains();
        let names = if trains { [Key::SequenceLength, Key::MicroBatch] } else { [Key::Context, Key::Sequences] };
        let at_once = if trains { workload.training.micro_batch } else { workload.sequences };
        let own = |place: Option<usize>| place.unwrap_or_default();
        [
            GridAxis {
                name: names[0],
                stops: self.lengths.iter().map(|length| text::count(*length)).collect(),
                own: own(self.lengths.iter().position(|it| *it == workload.length())),
            },
            GridAxis {
                name: names[1],
                stops: self.at_once.iter().map(|count| text::count((*count).into())).collect(),
                own: own(self.at_once.iter().position(|it| *it == at_once)),
            },
            GridAxis {
                name: Key::WeightPrecision,
                stops: self.weights.iter().map(ToString::to_string).collect(),
                own: own(self.weights.iter().position(|it| *it == workload.quantization)),
            },
        ]
    }
}

/// The steps of the precision slider with the plan's own among them; that alone where a file or a method decides.
fn weights(plan: &Plan, catalog: &Catalog) -> Vec<Quantization> {
    let own = plan.workload.quantization;
    let as_stored = matches!(&plan.workload.model, ModelChoice::File { model, .. } if !model.file_tensors.is_empty());
    if as_stored || plan.workload.task.trains() {
        return vec![own];
    }
    let bits = |it: &Quantization| it.facts().map_or(0.0, |facts| facts.bits_per_weight);
    let mut steps = plan.workload.precisions(catalog);
    if !steps.contains(&own) {
        steps.push(own);
        steps.sort_by(|a, b| bits(b).total_cmp(&bits(a)));
    }
    steps
}

impl GridCell {
    /// The amount of a row in a place as it is printed; nothing where there is none of it.
    pub fn amount(&self, of: RowOf, place: usize) -> Option<&str> {
        let Self::Answer { table, .. } = self else { return None };
        table.rows.iter().find(|row| row.of == of)?.cells.get(place).map(String::as_str)
    }
}
