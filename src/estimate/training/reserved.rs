//! What `PyTorch`'s allocator reserves of a card over the steps of a run.
//!
//! Weights come first, then a step, then the optimizer's states, which find room where the step's tensors lay, then steps until
//! nothing more is asked of the card. Small tensors are counted, not placed: they fill their segments but for the last.

use super::replay::Event;
use crate::estimate::caching_allocator::{CachingAllocator, Lent, SMALL, SMALL_SEGMENT, Segments};

/// Steps after which nothing new is expected.
const MOST_STEPS: usize = 3;

/// Tensors that lie on a card beside those of a step, and what becomes of a step's gradients.
#[derive(Debug, Clone, Default)]
pub(super) struct Residents {
    /// Weights, in the order in which they come.
    pub(super) weights: Vec<u64>,
    /// States that the optimizer makes at its first step.
    pub(super) states: Vec<u64>,
    /// What it works with at each.
    pub(super) passing: Vec<u64>,
    /// Cards that share out each gradient as soon as it is there.
    pub(super) shares: u64,
    /// Gradients of further micro-batches are added to those that lie there.
    pub(super) accumulates: bool,
}

/// Bytes of a card at most.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Reserved {
    pub(super) reserved: u64,
    pub(super) allocated: u64,
}

/// Runs a card's steps.
pub(super) fn reserved(residents: &Residents, step: &[Event], segments: Segments) -> Reserved {
    let mut card = Card { allocator: CachingAllocator::new(segments), small: 0, most_small: 0, allocated: 0 };
    for bytes in &residents.weights {
        card.take(*bytes);
    }
    let mut has_states = false;
    for _ in 0..MOST_STEPS {
        let before = card.allocator.reserved();
        let mut lying = card.micro_batch(step, residents.shares, false);
        if residents.accumulates {
            lying.extend(card.micro_batch(step, residents.shares, true));
        }
        if !has_states {
            for bytes in &residents.states {
                card.take(*bytes);
            }
        }
        lying.extend(residents.passing.iter().map(|bytes| card.take(*bytes)));
        for tensor in lying {
            card.give(tensor);
        }
        if has_states && card.allocator.reserved() == before {
            break;
        }
        has_states = true;
    }
    let small = card.most_small.next_multiple_of(SMALL_SEGMENT);
    Reserved { reserved: card.allocator.reserved() + small, allocated: card.allocated }
}

/// A tensor on the card.
#[derive(Debug, Clone, Copy)]
struct Lying {
    bytes: u64,
    /// None of a small one.
    lent: Option<Lent>,
}

struct Card {
    allocator: CachingAllocator,
    /// Bytes of small tensors, now and at most.
    small: u64,
    most_small: u64,
    /// The most that was handed out at once.
    allocated: u64,
}

impl Card {
    fn take(&mut self, bytes: u64) -> Lying {
        let lent = if bytes <= SMALL {
            self.small += bytes;
            self.most_small = self.most_small.max(self.small);
            None
        } else {
            Some(self.allocator.take(bytes))
        };
        self.allocated = self.allocated.max(self.allocator.allocated() + self.small);
        Lying { bytes, lent }
    }

    fn give(&mut self, Lying { bytes, lent }: Lying) {
        match lent {
            Some(lent) => self.allocator.give(lent, bytes),
            None => self.small -= bytes,
        }
    }

    /// Forward and backward of one micro-batch; what is left of it: its gradients.
    fn micro_batch(&mut self, events: &[Event], shares: u64, summed: bool) -> Vec<Lying> {
        let mut lying: Vec<Option<Lying>> = Vec::with_capacity(events.len() / 2);
        for event in events {
            match *event {
                Event::Take(bytes) => {
                    let taken = self.take(bytes);
                    lying.push(Some(taken));
                }
                Event::Give(take) => {
                    if let Some(tensor) = lying.get_mut(take).and_then(Option::take) {
                        self.give(tensor);
                    }
                }
                Event::Keep(take) if summed || shares > 1 => {
                    let Some(place) = lying.get_mut(take) else { continue };
                    let Some(tensor) = place.take() else { continue };
                    let part = (!summed).then(|| self.take(tensor.bytes / shares));
                    self.give(tensor);
                    *place = part;
                }
                Event::Keep(_) => {}
            }
        }
        lying.into_iter().flatten().collect()
    }
}
