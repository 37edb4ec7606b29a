//! Every card for every model in the slider's eight quantizations on two threads (wanted: 150 ms or less), and the
//! ranking of all cards for one plan (wanted: 16 ms or less, the frame of a slider).

#![allow(missing_docs, reason = "criterion's macros make public functions")]

use std::hint::black_box;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use rigplan::advise::ranking::rank;
use rigplan::catalog::Catalog;
use rigplan::catalog::quantization::Quantization;
use rigplan::estimate::{Estimator, Lineup};
use rigplan::plan::{CardChoice, CardCount, ModelChoice, Plan};

/// The cores that the whole catalog is meant for.
const THREADS: usize = 2;

/// Threads that keep what they have learned from one round to the next, as those of the window do.
struct Workers {
    asked: Vec<Sender<u64>>,
    answers: Receiver<usize>,
}

impl Workers {
    fn start() -> Self {
        let (done, answers) = mpsc::channel();
        let asked = (0..THREADS)
            .map(|worker| {
                let (sender, rounds) = mpsc::channel::<u64>();
                let done = done.clone();
                let work = move || {
                    let mut estimator = Estimator::default();
                    for context in rounds {
                        done.send(whole_catalog(worker, context, &mut estimator)).unwrap_or_default();
                    }
                };
                drop(thread::Builder::new().name("ranking".to_owned()).spawn(work));
                sender
            })
            .collect();
        Self { asked, answers }
    }

    fn round(&self, context: u64) -> usize {
        for worker in &self.asked {
            worker.send(context).unwrap_or_default();
        }
        self.answers.iter().take(THREADS).sum()
    }
}

/// Every card for this worker's share of the models; how many answers that were.
fn whole_catalog(worker: usize, context: u64, estimator: &mut Estimator) -> usize {
    let catalog = Catalog::embedded();
    let mut plan = Plan::default();
    plan.workload.context = context;
    let mut answers = 0;
    let lineup = Lineup::of(&plan, catalog.cards().map(|card| one(&card.id)), catalog);
    for model in catalog.models().skip(worker).step_by(THREADS) {
        plan.workload.model = ModelChoice::Catalog(model.id.clone());
        for quantization in Quantization::SLIDER {
            plan.workload.quantization = quantization;
            let found = estimator.glances(black_box(&plan), &lineup);
            answers += found.iter().filter(|found| found.is_ok()).count();
        }
    }
    answers
}

fn one(id: &str) -> Vec<CardCount> {
    vec![CardCount::of(CardChoice::Catalog(id.to_owned()), 1)]
}

fn all_cards(criterion: &mut Criterion) {
    let workers = Workers::start();
    let mut group = criterion.benchmark_group("all cards × all models × eight quantizations");
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    group.bench_function("two threads", |bencher| bencher.iter(|| workers.round(8192)));
    group.finish();
}

/// The Cards view while a slider moves: each time another context, so that nothing is known yet.
fn one_plan(criterion: &mut Criterion) {
    let catalog = Catalog::embedded();
    let mut group = criterion.benchmark_group("all cards for one plan");
    for model in ["llama-3.1-8b", "llama-3.1-70b", "qwen3-235b-a22b", "deepseek-v3"] {
        let mut plan = Plan::default();
        plan.workload.model = ModelChoice::Catalog(model.to_owned());
        group.bench_function(format!("{model}, as before"), |bencher| bencher.iter(|| rank(black_box(&plan), catalog)));
        let mut context = 512;
        group.bench_function(format!("{model}, context moves"), |bencher| {
            bencher.iter(|| {
                context = if context > 120_000 { 512 } else { context + 256 };
                plan.workload.context = context;
                rank(black_box(&plan), catalog)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, all_cards, one_plan);
criterion_main!(benches);
