//! Limits and curve, worked out beside the window: they ask for hundreds of estimates, and a slider must not wait.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crate::advise::inverse::{Limits, limits};
use crate::advise::sweep::{ContextPoint, memory_against_context};
use crate::catalog::Catalog;
use crate::plan::{ModelChoice, Plan};
use crate::system::Wake;

/// Where the curve ends for a model of which it is not known how long its context may be, in tokens.
const USUAL: u64 = 131_072;

/// What was worked out for one plan.
#[derive(Debug, Default)]
pub(super) struct Solved {
    pub(super) plan: Plan,
    /// What still fits with all else equal.
    pub(super) limits: Limits,
    /// Memory against context.
    pub(super) curve: Vec<ContextPoint>,
}

impl Solved {
    /// What cannot be estimated has no limits and no curve; the estimate says why.
    fn of(plan: Plan, catalog: &Catalog) -> Self {
        let limits = limits(&plan, catalog).unwrap_or_default();
        let curve = memory_against_context(&plan, catalog, longest(&plan, catalog)).unwrap_or_default();
        Self { plan, limits, curve }
    }
}

/// Where the curve ends, in tokens: at what the model was trained for, or beyond where the plan asks for more.
fn longest(plan: &Plan, catalog: &Catalog) -> u64 {
    let trained = match &plan.workload.model {
        ModelChoice::Catalog(id) => catalog.model(id).and_then(|model| model.max_position_embeddings),
        ModelChoice::File { model, .. } => model.max_position_embeddings,
        ModelChoice::Size(_) => None,
    };
    trained.unwrap_or(USUAL).max(plan.workload.context)
}

/// Works limits and curves out on a thread of its own, which ends with this.
#[derive(Debug)]
pub(super) struct Solver {
    plans: Sender<Plan>,
    answers: Receiver<Solved>,
    patience: Duration,
}

impl Solver {
    /// Starts the thread. `patience` is how long a frame waits for an answer that comes at once.
    pub(super) fn start(catalog: &'static Catalog, wake: Wake, patience: Duration) -> Self {
        let (plans, asked) = mpsc::channel::<Plan>();
        let (answer, answers) = mpsc::channel();
        let work = move || {
            while let Ok(plan) = asked.recv() {
                // Of all that was asked meanwhile only the last still matters.
                let plan = asked.try_iter().last().unwrap_or(plan);
                if answer.send(Solved::of(plan, catalog)).is_err() {
                    return;
                }
                wake();
            }
        };
        // Where no thread can be started nothing answers: the window does without.
        drop(thread::Builder::new().name("limits".to_owned()).spawn(work));
        Self { plans, answers, patience }
    }

    /// Asks for `plan`; the answer where it comes at once, else it comes later.
    pub(super) fn ask(&self, plan: &Plan) -> Option<Solved> {
        // Fails where no thread could be started; then there is no answer either.
        drop(self.plans.send(plan.clone()));
        let end = Instant::now() + self.patience;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let solved = self.answers.recv_timeout(left).ok()?;
            if solved.plan == *plan {
                return Some(solved);
            }
        }
    }

    /// The newest answer that has come.
    pub(super) fn answer(&self) -> Option<Solved> {
        self.answers.try_iter().last()
    }
}
