//! What rounds of layers that a walk leaves out take and give back beyond themselves: what of them is kept for the backward pass,
//! and their gradients. All else they take where rounds that run took and gave it back.

use super::walk::{Event, Ran, Walk};

/// The round that those left out are like: it comes behind them in the forward pass and before them in the backward pass.
const LIKE: usize = 2;
/// The round before them in the forward pass.
const BEFORE: usize = 1;
/// The last round.
const LAST: usize = 3;

/// What outlives a round that is left out, or ends in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::estimate::training) enum Outlasting {
    /// A tensor of the forward pass, by its place among those of its round, is no more.
    Give(usize),
    /// A gradient of so many bytes.
    Gradient(u64),
}

/// A tensor of the forward pass that outlives its round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::estimate::training) struct KeptTensor {
    pub(in crate::estimate::training) bytes: u64,
    /// It goes when the forward pass is over: a copy of a weight that autocast made.
    pub(in crate::estimate::training) is_cast: bool,
}

/// Rounds that are left out, all alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::estimate::training) struct LeftOut {
    /// How many.
    pub(in crate::estimate::training) rounds: usize,
    /// They come when so many events of the walk are over: forward, where autocast's copies go, backward.
    pub(in crate::estimate::training) forward_at: usize,
    pub(in crate::estimate::training) casts_at: usize,
    pub(in crate::estimate::training) backward_at: usize,
    /// What a round of the forward pass leaves.
    pub(in crate::estimate::training) kept: Vec<KeptTensor>,
    /// What a round of the backward pass does about it.
    pub(in crate::estimate::training) backward: Vec<Outlasting>,
    /// Bytes of the tensors that come and go in a round of either pass, as they lie there when they are most.
    pub(in crate::estimate::training) passing: [Vec<u64>; 2],
}

impl Walk {
    /// The rounds that are not in it.
    pub(in crate::estimate::training) fn left_out(&self) -> Vec<LeftOut> {
        if self.repeated.is_empty() {
            return Vec::new();
        }
        let lives = self.lives();
        let found = self.repeated.iter().map(|repeated| {
            let (forward, backward) = (repeated.forward[LIKE], repeated.backward[LIKE]);
            let life = |place: usize| lives[forward.from.takes + place];
            let is_cast = |place: usize| life(place).to < repeated.backward[LAST].from.events;
            // What waits in RAM leaves the card two layers later, the last layers' never: those left out are not the last.
            let stays =
                |place: usize| life(place).to >= repeated.forward[LAST].to.events && (!self.offloads || is_cast(place));
            let takes = forward.to.takes - forward.from.takes;
            let kept: Vec<usize> = (0..takes).filter(|place| stays(*place)).collect();
            let kept_place = |take: usize| kept.binary_search(&take.checked_sub(forward.from.takes)?).ok();
            let events = self.events.get(backward.from.events..backward.to.events).unwrap_or_default();
            let mut taken = backward.from.takes;
            let does = events.iter().filter_map(|event| match *event {
                Event::Take(bytes) => {
                    taken += 1;
                    lives[taken - 1].is_gradient.then_some(Outlasting::Gradient(bytes))
                }
                Event::Give(take) => kept_place(take).map(Outlasting::Give),
                Event::Keep(_) => None,
            });
            LeftOut {
                rounds: repeated.more,
                forward_at: repeated.forward[BEFORE].to.events,
                casts_at: repeated.casts_gone,
                backward_at: backward.to.events,
                backward: does.collect(),
                passing: [
                    self.most_at_once(&lives, forward, |take| !stays(take - forward.from.takes)),
                    self.most_at_once(&lives, backward, |take| !lives[take].is_gradient),
                ],
                kept: kept
                    .iter()
                    .map(|place| KeptTensor { bytes: life(*place).bytes, is_cast: is_cast(*place) })
                    .collect(),
            }
        });
        found.collect()
    }

    /// The life of each tensor.
    fn lives(&self) -> Vec<Life> {
        let mut lives: Vec<Life> = Vec::with_capacity(self.takes);
        for (at, event) in self.events.iter().enumerate() {
            match *event {
                Event::Take(bytes) => lives.push(Life { bytes, from: at, to: usize::MAX, is_gradient: false }),
                Event::Give(take) => lives.iter_mut().skip(take).take(1).for_each(|life| life.to = at),
                Event::Keep(take) => lives.iter_mut().skip(take).take(1).for_each(|life| life.is_gradient = true),
            }
        }
        lives
    }
}

/// From which event to which a tensor is there.
#[derive(Debug, Clone, Copy)]
struct Life {
    bytes: u64,
    from: usize,
    to: usize,
    is_gradient: bool,
}

impl Walk {
    /// Bytes of a round's tensors, of those wanted, at the instant when they are most.
    fn most_at_once(&self, lives: &[Life], round: Ran, wanted: impl Fn(usize) -> bool) -> Vec<u64> {
        let taken = round.from.takes..round.to.takes;
        let is_counted = |take: usize| taken.contains(&take) && wanted(take);
        let (mut sum, mut most, mut instant, mut next) = (0_u64, 0, round.from.events, round.from.takes);
        for at in round.from.events..round.to.events {
            match self.events.get(at) {
                Some(Event::Take(bytes)) => {
                    sum = if is_counted(next) { sum.saturating_add(*bytes) } else { sum };
                    next += 1;
                }
                Some(Event::Give(take)) if is_counted(*take) => sum = sum.saturating_sub(lives[*take].bytes),
                _ => {}
            }
            if sum > most {
                (most, instant) = (sum, at);
            }
        }
        let there = |life: &&Life| life.from <= instant && life.to > instant;
        taken
            .clone()
            .filter(|take| wanted(*take))
            .map(|take| &lives[take])
            .filter(there)
            .map(|life| life.bytes)
            .collect()
    }
}
