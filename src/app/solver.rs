//! Limits, curve and ways, worked out beside the window: they ask for hundreds of estimates, and a slider must not wait.
//! Limits and curve come first; the ways, which take longer, follow.

use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::advise::inverse::{Limits, limits};
use crate::advise::sweep::{ContextPoint, memory_against_context};
use crate::advise::ways::{Ladder, ladder};
use crate::catalog::Catalog;
use crate::plan::{ModelChoice, Plan};
use crate::system::Wake;

/// The share of a frame's patience that is spent on waiting for the ways.
const PATIENCE_FOR_WAYS: u32 = 16;

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

/// The ways of one plan.
#[derive(Debug, Default)]
pub(super) struct Ways {
    pub(super) plan: Plan,
    /// `None` where the plan cannot be estimated.
    pub(super) ladder: Option<Ladder>,
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
    ways: Option<Ways>,
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
            let mut next = asked.recv().ok();
            while let Some(plan) = next {
                // Of all that was asked meanwhile only the last still matters.
                let plan = asked.try_iter().last().unwrap_or(plan);
                let solved = Solved::of(plan.clone(), catalog);
                leave(&shared, &wake, |tray| tray.solved = Some(solved));
                // The ways of a plan that is no more need not be looked for.
                next = asked.try_iter().last();
                if next.is_none() {
                    let ladder = ladder(&plan, catalog);
                    leave(&shared, &wake, |tray| tray.ways = Some(Ways { plan, ladder }));
                    next = asked.recv().ok();
                }
            }
        };
        // Where no thread can be started nothing answers: the window does without.
        drop(thread::Builder::new().name("limits".to_owned()).spawn(work));
        Self { plans, tray, patience }
    }

    /// Asks for `plan`; the answers where they come at once, else they come later.
    pub(super) fn ask(&self, plan: &Plan) -> (Option<Solved>, Option<Ways>) {
        // Fails where there is no thread; then there will be no answer either.
        if self.plans.send(plan.clone()).is_err() {
            return (None, None);
        }
        let mut tray = open(&self.tray.0);
        tray.awaited = true;
        let unsolved = |tray: &mut Tray| tray.solved.as_ref().is_none_or(|solved| solved.plan != *plan);
        let wayless = |tray: &mut Tray| tray.ways.as_ref().is_none_or(|ways| ways.plan != *plan);
        let (tray, late) =
            self.tray.1.wait_timeout_while(tray, self.patience, unsolved).unwrap_or_else(PoisonError::into_inner);
        let left = if late.timed_out() { Duration::ZERO } else { self.patience / PATIENCE_FOR_WAYS };
        let (mut tray, _) = self.tray.1.wait_timeout_while(tray, left, wayless).unwrap_or_else(PoisonError::into_inner);
        tray.awaited = false;
        let solved = tray.solved.take().filter(|solved| solved.plan == *plan);
        (solved, tray.ways.take().filter(|ways| ways.plan == *plan))
    }

    /// The newest answers that have come.
    pub(super) fn answers(&self) -> (Option<Solved>, Option<Ways>) {
        let mut tray = open(&self.tray.0);
        (tray.solved.take(), tray.ways.take())
    }
}

/// Puts an answer on the tray, and wakes the window where no frame waits for it.
fn leave(shared: &(Mutex<Tray>, Condvar), wake: &Wake, put: impl FnOnce(&mut Tray)) {
    let awaited = {
        let mut tray = open(&shared.0);
        put(&mut tray);
        tray.awaited
    };
    shared.1.notify_one();
    if !awaited {
        wake();
    }
}

/// The tray itself; a thread that died leaves it as it was.
fn open(tray: &Mutex<Tray>) -> MutexGuard<'_, Tray> {
    tray.lock().unwrap_or_else(PoisonError::into_inner)
}
