//! Layers that come round again and again: a few rounds run, and what the others would add is told from those.
//!
//! Between two rounds that follow one of their own kind as much more lies there each time, whatever was there before; so does
//! backward take it away again. What lies there at an instant of a round therefore rises or falls evenly from round to round
//! and is highest in the first or the last of them: both run, and what is highest is found without the others.

use std::cell::{Cell, RefCell};

use super::block::BlockProgram;
use super::ledger::Standing;
use super::recipe::WEIGHTS;
use super::tape::Tape;
use super::walk::{Pass, RUN};

/// Layers up to which a round is looked for.
const LONGEST: usize = 16;

/// Which of a model's layers run.
#[derive(Debug)]
pub(super) struct Rounds {
    /// Of each that runs, which it is of all.
    pub(super) layers: Vec<usize>,
    repeats: Vec<Repeat>,
}

/// Rounds of which some are left out behind the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Repeat {
    /// The first layer, among those that run.
    first: usize,
    /// Layers of a round.
    length: usize,
    /// Rounds left out.
    more: usize,
}

impl Repeat {
    /// Where a round that runs begins.
    const fn round(self, number: usize) -> usize {
        self.first + number * self.length
    }
}

impl Rounds {
    /// The fewest layers that tell the step of all.
    pub(super) fn of(kinds: &[usize]) -> Self {
        let mut rounds = Self { layers: Vec::new(), repeats: Vec::new() };
        let mut at = 0;
        while at < kinds.len() {
            let Some((length, count)) = longest_repeat(kinds.get(at..).unwrap_or_default()) else {
                rounds.layers.push(at);
                at += 1;
                continue;
            };
            let end = at + length * count;
            let first = rounds.layers.len();
            rounds.repeats.push(Repeat { first, length, more: count - RUN });
            rounds.layers.extend((at..at + 2 * length).chain(end - 2 * length..end));
            at = end;
        }
        rounds
    }

    /// All of them.
    #[cfg(test)]
    pub(super) fn whole(kinds: &[usize]) -> Self {
        Self { layers: (0..kinds.len()).collect(), repeats: Vec::new() }
    }
}

/// How many layers that come round leave out most, and how often they come.
fn longest_repeat(kinds: &[usize]) -> Option<(usize, usize)> {
    let mut best = None;
    let mut fewest = kinds.len();
    for length in 1..=LONGEST.min(kinds.len() / (RUN + 1)) {
        let like = kinds.iter().zip(kinds.iter().skip(length)).take_while(|(one, next)| one == next).count();
        let count = like / length + 1;
        let left = kinds.len() - count.saturating_sub(RUN) * length;
        if count > RUN && left < fewest {
            fewest = left;
            best = Some((length, count));
        }
    }
    best
}

/// A number for each kind of layer.
pub(in crate::estimate::training) fn kinds(layers: &[BlockProgram]) -> Vec<usize> {
    let mut known: Vec<&BlockProgram> = Vec::new();
    let number = |layer| {
        known.iter().position(|known| *known == layer).unwrap_or_else(|| {
            known.push(layer);
            known.len() - 1
        })
    };
    layers.iter().map(number).collect()
}

/// A step whose rounds are told while it runs.
#[derive(Debug)]
pub(super) struct Repeating<'a> {
    tape: &'a Tape,
    rounds: &'a Rounds,
    /// What lay there where a round began.
    before: RefCell<Option<Standing>>,
    /// Layers that backward has not come to.
    left: Cell<usize>,
}

impl<'a> Repeating<'a> {
    pub(super) fn new(tape: &'a Tape, rounds: &'a Rounds) -> Self {
        tape.ledger.walk.borrow_mut().repeats(rounds.repeats.iter().map(|repeat| repeat.more));
        Self { tape, rounds, before: RefCell::default(), left: Cell::new(usize::MAX) }
    }

    /// A layer is about to run; or, behind the last, what follows.
    pub(super) fn begin(&self, layer: usize) {
        for (number, repeat) in self.rounds.repeats.iter().enumerate() {
            let walk = &mut self.tape.ledger.walk.borrow_mut();
            for round in (0..=RUN).filter(|round| layer == repeat.round(*round)) {
                round.checked_sub(1).iter().for_each(|before| walk.end(number, Pass::Forward, *before));
                walk.begin(number, Pass::Forward, round);
            }
        }
        for repeat in &self.rounds.repeats {
            if layer == repeat.round(1) {
                self.stand();
            } else if layer == repeat.round(2) {
                self.repeat(*repeat);
            }
        }
    }

    /// The forward pass is over: autocast lets its copies of weights go.
    pub(super) fn forget_casts(&self) {
        for (number, repeat) in self.rounds.repeats.iter().enumerate() {
            let round = repeat.round(1) * WEIGHTS..repeat.round(2) * WEIGHTS;
            self.stand();
            self.tape.casts.borrow_mut().retain(|number, _| !round.contains(number));
            self.tape.ledger.walk.borrow_mut().forget_casts(number);
            self.repeat(*repeat);
        }
        self.tape.casts.borrow_mut().clear();
    }

    /// Backward has come to the last of so many layers.
    pub(super) fn differentiate(&self, left: usize) {
        let before = self.left.replace(left);
        let comes_to = |layer: usize| left <= layer && before > layer;
        for (number, repeat) in self.rounds.repeats.iter().enumerate() {
            let walk = &mut self.tape.ledger.walk.borrow_mut();
            for round in (0..=RUN).rev().filter(|round| comes_to(repeat.round(*round))) {
                walk.end(number, Pass::Backward, round);
                round.checked_sub(1).iter().for_each(|next| walk.begin(number, Pass::Backward, *next));
            }
        }
        for repeat in self.rounds.repeats.iter().rev() {
            if comes_to(repeat.round(3)) {
                self.stand();
            }
            if comes_to(repeat.round(2)) {
                self.repeat(*repeat);
            }
        }
    }

    fn stand(&self) {
        *self.before.borrow_mut() = Some(self.tape.ledger.standing());
    }

    fn repeat(&self, repeat: Repeat) {
        if let Some(before) = self.before.take() {
            self.tape.ledger.repeat_since(&before, repeat.more as f64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Layers that run, and what is left out.
    fn found(kinds: &[usize]) -> (Vec<usize>, Vec<(usize, usize, usize)>) {
        let rounds = Rounds::of(kinds);
        (rounds.layers, rounds.repeats.iter().map(|it| (it.first, it.length, it.more)).collect())
    }

    #[test]
    fn rounds_are_found_wherever_they_begin() {
        assert_eq!(found(&[0; 4]), (vec![0, 1, 2, 3], vec![]));
        assert_eq!(found(&[0; 10]), (vec![0, 1, 8, 9], vec![(0, 1, 6)]));
        let dense_first: Vec<usize> = [0, 0, 0].into_iter().chain([1; 58]).collect();
        assert_eq!(found(&dense_first), (vec![0, 1, 2, 3, 4, 59, 60], vec![(3, 1, 54)]));
        let hybrid: Vec<usize> = [0, 0, 0, 1].repeat(12);
        let (layers, repeats) = found(&hybrid);
        assert_eq!((layers.len(), repeats), (16, vec![(0, 4, 8)]));
        let with_rest: Vec<usize> = [2].into_iter().chain([0, 1].repeat(6)).chain([0, 3]).collect();
        let (layers, repeats) = found(&with_rest);
        assert_eq!(layers, [0, 1, 2, 3, 4, 9, 10, 11, 12, 13, 14]);
        assert_eq!(repeats, [(1, 2, 2)]);
    }
}
