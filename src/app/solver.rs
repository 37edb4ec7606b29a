//! Limits and curves, worked out beside the window: they ask for hundreds of estimates, and a slider must not wait.

use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::advise::inverse::{Limits, limits};
use crate::advise::sweep::{ContextPoint, SpeedCurves, memory_against_context};
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
    /// Speed against layers and against sequences.
    pub(super) speeds: SpeedCurves,
}

impl Solved {
    /// What cannot be estimated has no limits and no curves; the estimate says why.
    fn of(plan: Plan, catalog: &Catalog) -> Self {
        let limits = limits(&plan, catalog).unwrap_or_default();
        let curve = memory_against_context(&plan, catalog, longest(&plan, catalog)).unwrap_or_default();
        let speeds = SpeedCurves::of(&plan, catalog);
        Self { plan, limits, curve, speeds }
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

/// Where the thread leaves its newest answer.
#[derive(Debug, Default)]
struct Tray {
    solved: Option<Solved>,
    /// A frame waits just now, so that it need not be woken.
    awaited: bool,
}

/// Works limits and curves out on a thread of its own, which ends with this.
#[derive(Debug)]
pub(super) struct Solver {
    plans: Sender<Plan>,
    tray: Arc<(Mutex<Tray>, Condvar)>,
    patience: Duration,
}

impl Solver {
    /// Starts the thread. `patience` is how long a frame waits for an answer that comes at once.
    pub(super) fn start(catalog: &'static Catalog, wake: Wake, patience: Duration) -> Self {
        let (plans, asked) = mpsc::channel::<Plan>();
        let tray = Arc::new((Mutex::new(Tray::default()), Condvar::new()));
        let shared = Arc::clone(&tray);
        let work = move || {
            while let Ok(plan) = asked.recv() {
                // Of all that was asked meanwhile only the last still matters.
                let plan = asked.try_iter().last().unwrap_or(plan);
                let solved = Solved::of(plan, catalog);
                let awaited = {
                    let mut tray = open(&shared.0);
                    tray.solved = Some(solved);
                    tray.awaited
                };
                shared.1.notify_one();
                if !awaited {
                    wake();
                }
            }
        };
        // Where no thread can be started nothing answers: the window does without.
        drop(thread::Builder::new().name("limits".to_owned()).spawn(work));
        Self { plans, tray, patience }
    }

    /// Asks for `plan`; the answer where it comes at once, else it comes later.
    pub(super) fn ask(&self, plan: &Plan) -> Option<Solved> {
        // Fails where there is no thread; then there will be no answer either.
        self.plans.send(plan.clone()).ok()?;
        let mut tray = open(&self.tray.0);
        tray.awaited = true;
        let missing = |tray: &mut Tray| tray.solved.as_ref().is_none_or(|solved| solved.plan != *plan);
        let (mut tray, _) =
            self.tray.1.wait_timeout_while(tray, self.patience, missing).unwrap_or_else(PoisonError::into_inner);
        tray.awaited = false;
        tray.solved.take().filter(|solved| solved.plan == *plan)
    }

    /// The newest answer that has come.
    pub(super) fn answer(&self) -> Option<Solved> {
        open(&self.tray.0).solved.take()
    }
}

/// The tray itself; a thread that died leaves it as it was.
fn open(tray: &Mutex<Tray>) -> MutexGuard<'_, Tray> {
    tray.lock().unwrap_or_else(PoisonError::into_inner)
}
