//! What `PyTorch`'s allocator reserves of a card over the steps of a run.
//!
//! Weights come first, then a step, then the optimizer's states, which find room where the step's tensors lay, then steps until
//! nothing more is asked of the card. Of rounds of layers that the walk leaves out only what outlives them is taken
//! (`replay/left_out.rs`), while the room of what comes and goes in a round is kept for it.

use super::lasting::LastingTensors;
use super::program::ProgramPart;
use super::replay::{Event, LeftOut, Outlasting, Walk};
use crate::estimate::caching_allocator::{CachingAllocator, Lent, OutOfMemory, Segments};
use crate::plan::Training;

/// Steps after which nothing new is expected, and the part of what is reserved that is nothing new.
const MOST_STEPS: usize = 3;
const LITTLE: u64 = 512;

/// What the blocks of a card depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ReserveKey {
    pub(super) part: ProgramPart,
    pub(super) training: Training,
    /// Cards that run different sequences.
    pub(super) data: u64,
    /// Bytes that the card offers beside its context.
    pub(super) capacity: u64,
}

/// Bytes of a card at most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reserved {
    /// Asked of the card: what it shows beside the context.
    pub(super) asked: u64,
    /// In segments in which a tensor lay: what could not be given back to the card.
    pub(super) held: u64,
    /// Handed out.
    pub(super) allocated: u64,
}

impl Reserved {
    /// Beside the tensors in the segments in which one lay.
    pub(super) const fn fragments(&self) -> u64 {
        self.held.saturating_sub(self.allocated)
    }

    /// In segments that the card gets back before memory is out.
    pub(super) const fn cached(&self) -> u64 {
        self.asked.saturating_sub(self.held)
    }
}

/// Runs the steps of a card that offers so many bytes beside its context.
///
/// # Errors
/// The card has no more.
pub(super) fn reserved(
    lasting: &LastingTensors,
    walk: &Walk,
    segments: Segments,
    capacity: u64,
) -> Result<Reserved, OutOfMemory> {
    let mut card =
        Card { allocator: CachingAllocator::new(segments, capacity), most: Reserved::default(), in_passing: false };
    for bytes in &lasting.weights {
        card.take(*bytes)?;
    }
    let left_out = walk.left_out();
    let mut has_states = false;
    for _ in 0..MOST_STEPS {
        let before = card.allocator.reserved();
        let mut there = MicroBatch::of(walk, &left_out, lasting.shares, false).run(&mut card)?;
        if lasting.accumulates {
            there.extend(MicroBatch::of(walk, &left_out, lasting.shares, true).run(&mut card)?);
        }
        if !has_states {
            for bytes in &lasting.states {
                card.take(*bytes)?;
            }
        }
        for working in &lasting.working {
            let taken = working.iter().map(|bytes| card.take(*bytes)).collect::<Result<Vec<_>, _>>()?;
            for lent in taken {
                card.allocator.give(lent);
            }
        }
        for lent in there {
            card.allocator.give(lent);
        }
        let grown = card.allocator.reserved().saturating_sub(before);
        if has_states && grown <= before / LITTLE {
            break;
        }
        has_states = true;
    }
    Ok(card.most)
}

struct Card {
    allocator: CachingAllocator,
    most: Reserved,
    /// What is taken only keeps its room, and counts for nothing.
    in_passing: bool,
}

impl Card {
    fn take(&mut self, bytes: u64) -> Result<Lent, OutOfMemory> {
        let lent = self.allocator.take(bytes)?;
        self.most.asked = self.most.asked.max(self.allocator.reserved());
        if !self.in_passing {
            self.most.held = self.most.held.max(self.allocator.held());
            self.most.allocated = self.most.allocated.max(self.allocator.allocated());
        }
        Ok(lent)
    }
}

/// Where rounds are left out.
#[derive(Debug, Clone, Copy)]
enum Gap {
    Forward,
    Casts,
    Backward,
}

/// Forward and backward of one micro-batch.
struct MicroBatch<'a> {
    walk: &'a Walk,
    left_out: &'a [LeftOut],
    shares: u64,
    /// Gradients are added to those that lie there.
    summed: bool,
    /// Gaps by where in the walk they are.
    gaps: Vec<(usize, Gap, usize)>,
    /// Of each gap: what its rounds keep, round by round.
    kept: Vec<Vec<Option<Lent>>>,
    /// Gradients of rounds that are left out.
    gradients: Vec<Lent>,
}

impl<'a> MicroBatch<'a> {
    fn of(walk: &'a Walk, left_out: &'a [LeftOut], shares: u64, summed: bool) -> Self {
        let mut gaps: Vec<(usize, Gap, usize)> = left_out
            .iter()
            .enumerate()
            .flat_map(|(number, gap)| {
                [(gap.forward_at, Gap::Forward), (gap.casts_at, Gap::Casts), (gap.backward_at, Gap::Backward)]
                    .map(|(at, kind)| (at, kind, number))
            })
            .collect();
        gaps.sort_by_key(|(at, ..)| *at);
        let kept = vec![Vec::new(); left_out.len()];
        Self { walk, left_out, shares, summed, gaps, kept, gradients: Vec::new() }
    }

    /// What is left of it: its gradients.
    fn run(mut self, card: &mut Card) -> Result<Vec<Lent>, OutOfMemory> {
        let events = self.walk.events();
        let mut there: Vec<(u64, Option<Lent>)> = Vec::with_capacity(events.len() / 2);
        let mut gaps = std::mem::take(&mut self.gaps).into_iter().peekable();
        for (at, event) in events.iter().enumerate() {
            while let Some((_, gap, number)) = gaps.next_if(|(place, ..)| *place == at) {
                self.cross(gap, number, card)?;
            }
            match *event {
                Event::Take(bytes) => there.push((bytes, Some(card.take(bytes)?))),
                Event::Give(take) => {
                    if let Some(lent) = there.get_mut(take).and_then(|(_, lent)| lent.take()) {
                        card.allocator.give(lent);
                    }
                }
                Event::Keep(take) if self.summed || self.shares > 1 => {
                    let Some((bytes, place)) = there.get_mut(take) else { continue };
                    let Some(lent) = place.take() else { continue };
                    *place = self.shared(*bytes, card)?;
                    card.allocator.give(lent);
                }
                Event::Keep(_) => {}
            }
        }
        for (_, gap, number) in gaps {
            self.cross(gap, number, card)?;
        }
        Ok(there.into_iter().filter_map(|(_, lent)| lent).chain(self.gradients).collect())
    }

    /// What this card keeps of a gradient.
    fn shared(&self, bytes: u64, card: &mut Card) -> Result<Option<Lent>, OutOfMemory> {
        if self.summed { Ok(None) } else { card.take(bytes / self.shares.max(1)).map(Some) }
    }

    /// What rounds that are left out leave, or take away.
    fn cross(&mut self, gap: Gap, number: usize, card: &mut Card) -> Result<(), OutOfMemory> {
        let left_out = &self.left_out[number];
        let passing = match gap {
            Gap::Forward => &left_out.passing[0],
            Gap::Backward => &left_out.passing[1],
            Gap::Casts => &[][..],
        };
        card.in_passing = true;
        let room = passing.iter().map(|bytes| card.take(*bytes)).collect::<Result<Vec<_>, _>>()?;
        match gap {
            Gap::Forward => {
                for tensor in (0..left_out.rounds).flat_map(|_| &left_out.kept) {
                    let lent = card.take(tensor.bytes)?;
                    self.kept[number].push(Some(lent));
                }
            }
            Gap::Casts => {
                let tensors = left_out.kept.iter().cycle();
                for (lent, _) in self.kept[number].iter_mut().zip(tensors).filter(|(_, tensor)| tensor.is_cast) {
                    lent.take().into_iter().for_each(|lent| card.allocator.give(lent));
                }
            }
            Gap::Backward => self.differentiate(number, card)?,
        }
        for lent in room {
            card.allocator.give(lent);
        }
        card.in_passing = false;
        Ok(())
    }

    /// The rounds that are left out, from behind.
    fn differentiate(&mut self, number: usize, card: &mut Card) -> Result<(), OutOfMemory> {
        let left_out = &self.left_out[number];
        for _ in 0..left_out.rounds {
            let from = self.kept[number].len().saturating_sub(left_out.kept.len());
            let mut round = self.kept[number].split_off(from);
            for does in &left_out.backward {
                match *does {
                    Outlasting::Give(place) => {
                        if let Some(lent) = round.get_mut(place).and_then(Option::take) {
                            card.allocator.give(lent);
                        }
                    }
                    Outlasting::Gradient(bytes) => {
                        let lent = self.shared(bytes, card)?;
                        self.gradients.extend(lent);
                    }
                }
            }
            round.into_iter().flatten().for_each(|lent| card.allocator.give(lent));
        }
        Ok(())
    }
}
