//! What lies on the device, storage by storage, from its creation to its release.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use strum::EnumCount;

use super::walk::Walk;
use crate::estimate::answer::TrainingPhase;

/// What the CUDA caching allocator rounds every tensor up to.
const ROUND: f64 = 512.0;

/// What the elements of a storage are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::estimate::training) enum Of {
    /// Tokens' rows.
    Tokens,
    /// Logits, or their gradients.
    Logits,
    /// A weight, unpacked or in another type, or its gradient.
    Weight,
}

/// What a storage is to a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumCount)]
pub(in crate::estimate::training) enum Held {
    /// Made in the forward pass.
    Kept,
    /// Became a parameter's gradient.
    Gradient,
    /// Made in the backward pass.
    Temporary,
}

/// Bytes at the highest instant of a phase.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::estimate::training) struct Level {
    pub(in crate::estimate::training) kept: f64,
    pub(in crate::estimate::training) gradients: f64,
    pub(in crate::estimate::training) temporaries: f64,
    /// What of it is logits and their gradients.
    pub(in crate::estimate::training) logits: f64,
}

impl Level {
    pub(in crate::estimate::training) fn total(&self) -> f64 {
        self.kept + self.gradients + self.temporaries
    }
}

/// The highest instant of each phase that the device has a part in.
pub(in crate::estimate::training) type Levels = [Option<Level>; TrainingPhase::COUNT];

/// How many elements of how many bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate::training) struct Size {
    pub(in crate::estimate::training) elements: f64,
    pub(in crate::estimate::training) width: f64,
}

impl Size {
    pub(in crate::estimate::training) fn bytes(self) -> f64 {
        (self.elements * self.width / ROUND).ceil() * ROUND
    }
}

/// A storage that lies there at an instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate::training) struct Lying {
    pub(in crate::estimate::training) size: Size,
    pub(in crate::estimate::training) held: Held,
    pub(in crate::estimate::training) of: Of,
}

/// How high a phase is, as another replay of the same has told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Highest {
    pub(super) phase: TrainingPhase,
    pub(super) total: f64,
}

/// Counts storages.
#[derive(Debug)]
pub(super) struct Ledger {
    held: [Cell<f64>; Held::COUNT],
    logits: Cell<f64>,
    phase: Cell<Option<TrainingPhase>>,
    levels: RefCell<Levels>,
    /// Lists what lies there when this phase is as high as it will be.
    lists: Option<Highest>,
    lying: RefCell<BTreeMap<usize, Lying>>,
    /// What rounds that are not run would have lying there: how many of each.
    untold: RefCell<Vec<(Lying, f64)>>,
    listed: RefCell<Vec<(Lying, f64)>>,
    made: Cell<usize>,
    /// All that came and went.
    pub(super) walk: RefCell<Walk>,
}

/// What lies there at one instant, for another to be compared with.
#[derive(Debug)]
pub(super) struct Standing {
    held: [f64; Held::COUNT],
    logits: f64,
    /// Storage by storage, where those are listed.
    lying: Vec<Lying>,
}

impl Ledger {
    pub(super) fn new(lists: Option<Highest>) -> Rc<Self> {
        Rc::new(Self {
            held: Default::default(),
            logits: Cell::default(),
            phase: Cell::new(Some(TrainingPhase::Forward)),
            levels: RefCell::default(),
            lists,
            lying: RefCell::default(),
            untold: RefCell::default(),
            listed: RefCell::default(),
            made: Cell::default(),
            walk: RefCell::default(),
        })
    }

    pub(super) fn levels(&self) -> Levels {
        *self.levels.borrow()
    }

    /// What lies at the highest instant of the phase that is listed: how many of each.
    pub(super) fn listed(&self) -> Vec<(Lying, f64)> {
        self.listed.take()
    }

    /// What lies there now.
    pub(super) fn standing(&self) -> Standing {
        Standing {
            held: self.held.each_ref().map(Cell::get),
            logits: self.logits.get(),
            lying: if self.lists.is_some() { self.lying.borrow().values().copied().collect() } else { Vec::new() },
        }
    }

    /// What came and went since then does so many more times.
    pub(super) fn repeat_since(&self, before: &Standing, times: f64) {
        let more = |cell: &Cell<f64>, before: f64| cell.set(cell.get() + times * (cell.get() - before));
        for (cell, before) in self.held.iter().zip(before.held) {
            more(cell, before);
        }
        more(&self.logits, before.logits);
        if self.lists.is_some() {
            let untold = &mut self.untold.borrow_mut();
            self.lying.borrow().values().for_each(|one| count(untold, *one, times));
            before.lying.iter().for_each(|one| count(untold, *one, -times));
        }
    }

    fn list(&self) -> Vec<(Lying, f64)> {
        let mut listed = self.untold.borrow().clone();
        self.lying.borrow().values().for_each(|one| count(&mut listed, *one, 1.0));
        listed.retain(|(_, count)| *count != 0.0);
        listed
    }

    /// A phase begins; none = one that is no higher than the others.
    pub(super) fn enter(&self, phase: Option<TrainingPhase>) {
        self.phase.set(phase);
    }

    /// Bytes made in the forward pass that are there.
    pub(super) fn kept(&self) -> f64 {
        self.held[Held::Kept as usize].get()
    }

    /// Bytes of gradients that are there.
    pub(super) fn gradients(&self) -> f64 {
        self.held[Held::Gradient as usize].get()
    }

    fn add(&self, held: Held, bytes: f64) {
        let cell = &self.held[held as usize];
        cell.set(cell.get() + bytes);
    }

    /// Keeps what lies there now if it is the most of the present phase.
    fn note(&self) {
        let Some(phase) = self.phase.get() else { return };
        let [kept, gradients, temporaries] =
            [Held::Kept, Held::Gradient, Held::Temporary].map(|held| self.held[held as usize].get());
        let level = Level { kept, gradients, temporaries, logits: self.logits.get() };
        let highest = &mut self.levels.borrow_mut()[phase as usize];
        if highest.is_none_or(|highest| highest.total() < level.total()) {
            *highest = Some(level);
            if self.lists.is_some_and(|it| it.phase == phase && it.total <= level.total()) {
                *self.listed.borrow_mut() = self.list();
            }
        }
    }
}

/// So many more of these.
fn count(counted: &mut Vec<(Lying, f64)>, one: Lying, times: f64) {
    match counted.iter_mut().find(|(known, _)| *known == one) {
        Some((_, count)) => *count += times,
        None => counted.push((one, times)),
    }
}

/// Memory that tensors share.
#[derive(Debug)]
pub(super) struct Storage {
    ledger: Rc<Ledger>,
    pub(super) size: Size,
    held: Cell<Held>,
    pub(super) of: Of,
    number: usize,
    /// Its number in the walk.
    taken: Cell<usize>,
    /// It waits in RAM.
    away: Cell<bool>,
}

impl Storage {
    pub(super) fn new(ledger: &Rc<Ledger>, size: Size, held: Held, of: Of) -> Rc<Self> {
        let number = ledger.made.get();
        ledger.made.set(number + 1);
        let made = Self {
            ledger: Rc::clone(ledger),
            size,
            held: Cell::new(held),
            of,
            number,
            taken: Cell::default(),
            away: Cell::new(false),
        };
        made.lie();
        Rc::new(made)
    }

    /// It became a parameter's gradient.
    pub(super) fn become_gradient(&self) {
        self.ledger.walk.borrow_mut().keep(self.taken.get());
        self.ledger.add(self.held.replace(Held::Gradient), -self.size.bytes());
        self.ledger.add(Held::Gradient, self.size.bytes());
        if let Some(lying) = self.ledger.lying.borrow_mut().get_mut(&self.number) {
            lying.held = Held::Gradient;
        }
    }

    /// It is put into RAM.
    pub(super) fn leave(&self) {
        if !self.away.replace(true) {
            self.lie_no_more();
        }
    }

    /// It is back from RAM.
    pub(super) fn come_back(&self) {
        if self.away.replace(false) {
            self.lie();
        }
    }

    fn lie(&self) {
        let Self { ref ledger, size, of, number, .. } = *self;
        let held = self.held.get();
        ledger.add(held, size.bytes());
        self.taken.set(ledger.walk.borrow_mut().take(size.bytes()));
        if of == Of::Logits {
            ledger.logits.set(ledger.logits.get() + size.bytes());
        }
        if ledger.lists.is_some() {
            ledger.lying.borrow_mut().insert(number, Lying { size, held, of });
        }
        ledger.note();
    }

    fn lie_no_more(&self) {
        self.ledger.walk.borrow_mut().give(self.taken.get());
        self.ledger.add(self.held.get(), -self.size.bytes());
        if self.of == Of::Logits {
            self.ledger.logits.set(self.ledger.logits.get() - self.size.bytes());
        }
        if self.ledger.lists.is_some() {
            self.ledger.lying.borrow_mut().remove(&self.number);
        }
    }
}

impl Drop for Storage {
    fn drop(&mut self) {
        if !self.away.get() {
            self.lie_no_more();
        }
    }
}
