//! What follows from a plan and takes long, worked out beside the window: a slider must not wait.

use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::catalog::Catalog;
use crate::plan::Plan;
use crate::system::Wake;

/// What is worked out for one plan.
pub(super) trait Answer: Send + 'static {
    /// The name of the thread.
    const NAME: &'static str;

    /// Works it out.
    fn of(plan: Plan, catalog: &'static Catalog) -> Self;

    /// The plan that it holds for.
    fn plan(&self) -> &Plan;
}

/// Where the thread leaves its newest answer.
#[derive(Debug)]
struct Tray<A> {
    answer: Option<A>,
    /// A frame waits just now, so that it need not be woken.
    awaited: bool,
}

/// Works answers out on a thread of its own, which ends with this.
#[derive(Debug)]
pub(super) struct Background<A> {
    plans: Sender<Plan>,
    tray: Arc<(Mutex<Tray<A>>, Condvar)>,
    patience: Duration,
}

impl<A: Answer> Background<A> {
    /// Starts the thread. `patience` is how long a frame waits for an answer that comes at once.
    pub(super) fn start(catalog: &'static Catalog, wake: Wake, patience: Duration) -> Self {
        let (plans, asked) = mpsc::channel::<Plan>();
        let tray = Arc::new((Mutex::new(Tray { answer: None, awaited: false }), Condvar::new()));
        let shared = Arc::clone(&tray);
        let work = move || {
            while let Ok(plan) = asked.recv() {
                // Of all that was asked meanwhile only the last still matters.
                let plan = asked.try_iter().last().unwrap_or(plan);
                let answer = A::of(plan, catalog);
                let awaited = {
                    let mut tray = open(&shared.0);
                    tray.answer = Some(answer);
                    tray.awaited
                };
                shared.1.notify_one();
                if !awaited {
                    wake();
                }
            }
        };
        // Where no thread can be started nothing answers: the window does without.
        drop(thread::Builder::new().name(A::NAME.to_owned()).spawn(work));
        Self { plans, tray, patience }
    }

    /// Asks for `plan`; the answer where it comes at once, else it comes later.
    pub(super) fn ask(&self, plan: &Plan) -> Option<A> {
        // Fails where there is no thread; then there will be no answer either.
        self.plans.send(plan.clone()).ok()?;
        let mut tray = open(&self.tray.0);
        tray.awaited = true;
        let missing = |tray: &mut Tray<A>| tray.answer.as_ref().is_none_or(|answer| answer.plan() != plan);
        let (mut tray, _) =
            self.tray.1.wait_timeout_while(tray, self.patience, missing).unwrap_or_else(PoisonError::into_inner);
        tray.awaited = false;
        tray.answer.take().filter(|answer| answer.plan() == plan)
    }

    /// The newest answer that has come.
    pub(super) fn answer(&self) -> Option<A> {
        open(&self.tray.0).answer.take()
    }
}

/// The tray itself; a thread that died leaves it as it was.
fn open<A>(tray: &Mutex<Tray<A>>) -> MutexGuard<'_, Tray<A>> {
    tray.lock().unwrap_or_else(PoisonError::into_inner)
}
