//! What follows from a plan, or from another question, and takes long, worked out beside the window: a slider must not
//! wait.

use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::catalog::Catalog;
use crate::plan::Machine;
use crate::system::Wake;

/// What is worked out for one question.
pub(super) trait BackgroundTask: Send + 'static {
    /// What is asked: most often a plan.
    type Question: Clone + PartialEq + Send + 'static;

    /// The name of the thread.
    const NAME: &'static str;

    /// Works it out from what is known.
    fn of(question: Self::Question, catalog: &Arc<Catalog>) -> Self;

    /// The question that it holds for.
    fn question(&self) -> &Self::Question;
}

/// What is worked out for a machine alone.
pub(super) trait OfMachine: Send + 'static {
    /// The name of the thread.
    const NAME: &'static str;

    /// Works it out.
    fn of(machine: &Machine, catalog: &Arc<Catalog>) -> Self;
}

/// The same with the machine that it holds for.
#[derive(Debug)]
pub(super) struct OnMachine<T> {
    machine: Machine,
    pub(super) found: T,
}

impl<T: OfMachine> BackgroundTask for OnMachine<T> {
    type Question = Machine;

    const NAME: &'static str = T::NAME;

    fn of(machine: Machine, catalog: &Arc<Catalog>) -> Self {
        Self { found: T::of(&machine, catalog), machine }
    }

    fn question(&self) -> &Machine {
        &self.machine
    }
}

/// A question and the catalog that it is asked of: answers from another one hold no longer.
#[derive(Debug)]
struct CatalogQuestion<Q> {
    question: Q,
    catalog: Arc<Catalog>,
}

/// An answer and the catalog that it came from.
#[derive(Debug)]
struct Answered<A> {
    answer: A,
    catalog: Arc<Catalog>,
}

impl<A: BackgroundTask> Answered<A> {
    fn is_of(&self, catalog: &Arc<Catalog>) -> bool {
        Arc::ptr_eq(&self.catalog, catalog)
    }
}

/// Where the thread leaves its newest answer.
#[derive(Debug)]
struct Tray<A> {
    answer: Option<Answered<A>>,
    /// A frame waits just now, so that it need not be woken.
    awaited: bool,
}

/// Works answers out on a thread of its own, which ends with this.
#[derive(Debug)]
pub(super) struct Background<A: BackgroundTask> {
    questions: Sender<CatalogQuestion<A::Question>>,
    tray: Arc<(Mutex<Tray<A>>, Condvar)>,
    patience: Duration,
}

impl<A: BackgroundTask> Background<A> {
    /// Starts the thread. `patience` is how long a frame waits for an answer that comes at once.
    pub(super) fn start(wake: Wake, patience: Duration) -> Self {
        let (questions, asked) = mpsc::channel::<CatalogQuestion<A::Question>>();
        let tray = Arc::new((Mutex::new(Tray { answer: None, awaited: false }), Condvar::new()));
        let shared = Arc::clone(&tray);
        let work = move || {
            while let Ok(first) = asked.recv() {
                // Of all that was asked meanwhile only the last still matters.
                let CatalogQuestion { question, catalog } = asked.try_iter().last().unwrap_or(first);
                let answer = Answered { answer: A::of(question, &catalog), catalog };
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
        Self { questions, tray, patience }
    }

    /// Asks; the answer where it comes at once, else it comes later.
    pub(super) fn ask(&self, question: &A::Question, catalog: &Arc<Catalog>) -> Option<A> {
        self.send(question, catalog);
        self.wait(question, catalog)
    }

    /// Asks without waiting, so that several may be asked before one of them is waited for.
    pub(super) fn send(&self, question: &A::Question, catalog: &Arc<Catalog>) {
        open(&self.tray.0).awaited = true;
        let question = CatalogQuestion { question: question.clone(), catalog: Arc::clone(catalog) };
        // Fails where there is no thread; then there will be no answer either.
        drop(self.questions.send(question));
    }

    /// The answer to what was asked last, where it comes at once.
    pub(super) fn wait(&self, question: &A::Question, catalog: &Arc<Catalog>) -> Option<A> {
        let tray = open(&self.tray.0);
        let wanted = |found: &Answered<A>| found.is_of(catalog) && found.answer.question() == question;
        let missing = |tray: &mut Tray<A>| !tray.answer.as_ref().is_some_and(wanted);
        let (mut tray, _) =
            self.tray.1.wait_timeout_while(tray, self.patience, missing).unwrap_or_else(PoisonError::into_inner);
        tray.awaited = false;
        tray.answer.take().filter(wanted).map(|found| found.answer)
    }

    /// The newest answer that has come, where it is of this catalog.
    pub(super) fn answer(&self, catalog: &Arc<Catalog>) -> Option<A> {
        open(&self.tray.0).answer.take().filter(|found| found.is_of(catalog)).map(|found| found.answer)
    }
}

/// What threads that work beside the window are started with.
#[derive(Clone)]
pub(super) struct Workers {
    pub(super) wake: Wake,
    /// How long a frame waits for an answer that comes at once.
    pub(super) patience: Duration,
}

/// The newest answer, and the question that was asked last. Its thread starts with the first question.
pub(super) struct Latest<A: BackgroundTask> {
    workers: Workers,
    background: Option<Background<A>>,
    asked: Option<A::Question>,
    answer: Option<A>,
}

impl<A: BackgroundTask> Latest<A> {
    pub(super) fn new(workers: &Workers) -> Self {
        Self { workers: workers.clone(), background: None, asked: None, answer: None }
    }

    /// Asks where the question is another one than before, and takes what has come. Until the next has come the answer is
    /// still the one before.
    pub(super) fn refresh(&mut self, question: &A::Question, catalog: &Arc<Catalog>) {
        let Workers { wake, patience } = &self.workers;
        let background = self.background.get_or_insert_with(|| Background::start(Arc::clone(wake), *patience));
        let answer = if self.asked.as_ref() == Some(question) {
            background.answer(catalog)
        } else {
            self.asked = Some(question.clone());
            background.ask(question, catalog)
        };
        if answer.is_some() {
            self.answer = answer;
        }
    }

    /// The newest answer.
    pub(super) const fn answer(&self) -> Option<&A> {
        self.answer.as_ref()
    }

    /// Makes the next refresh ask anew.
    pub(super) fn forget(&mut self) {
        self.asked = None;
    }
}

impl<A: BackgroundTask> std::fmt::Debug for Latest<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Latest").field("of", &A::NAME).field("answered", &self.answer.is_some()).finish_non_exhaustive()
    }
}

/// The tray itself; a thread that died leaves it as it was.
fn open<A>(tray: &Mutex<Tray<A>>) -> MutexGuard<'_, Tray<A>> {
    tray.lock().unwrap_or_else(PoisonError::into_inner)
}
