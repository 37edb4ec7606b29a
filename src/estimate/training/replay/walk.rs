//! What a step takes and gives back, one after the other, as the allocator sees it; rounds that are not run are written out after
//! those that are.

use super::rounds::RUN;

/// Something that a step does with memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::estimate::training) enum Event {
    /// A tensor of so many bytes.
    Take(u64),
    /// The tensor that was taken as this, counted from the first, is no more.
    Give(usize),
    /// It has become a parameter's gradient.
    Keep(usize),
}

/// Which way a step goes through the layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    Forward,
    Backward,
}

/// Where it stands: so many events and tensors were before.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct At {
    pub(super) events: usize,
    pub(super) takes: usize,
}

/// A round that ran.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ran {
    pub(super) from: At,
    pub(super) to: At,
}

/// The rounds of layers that come round, of which `more` are left out behind the second.
#[derive(Debug, Clone, Default)]
pub(super) struct Repeated {
    pub(super) more: usize,
    /// Layers of a round.
    length: usize,
    pub(super) forward: [Ran; RUN],
    pub(super) backward: [Ran; RUN],
    /// Where autocast lets the second round's copies of weights go.
    pub(super) between: Ran,
}

/// What a step did.
#[derive(Debug, Clone, Default)]
pub(in crate::estimate::training) struct Walk {
    pub(super) events: Vec<Event>,
    pub(super) takes: usize,
    pub(super) repeated: Vec<Repeated>,
}

impl Walk {
    /// So many of its layers come round so often more than they run.
    pub(super) fn repeats(&mut self, rounds: impl IntoIterator<Item = (usize, usize)>) {
        let repeated = |(length, more)| Repeated { more, length, ..Repeated::default() };
        self.repeated = rounds.into_iter().map(repeated).collect();
    }

    /// A tensor is made; its number.
    pub(super) fn take(&mut self, bytes: f64) -> usize {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
        self.events.push(Event::Take(bytes as u64));
        self.takes += 1;
        self.takes - 1
    }

    pub(super) fn give(&mut self, take: usize) {
        self.events.push(Event::Give(take));
    }

    pub(super) fn keep(&mut self, take: usize) {
        self.events.push(Event::Keep(take));
    }

    const fn now(&self) -> At {
        At { events: self.events.len(), takes: self.takes }
    }

    /// A round begins.
    pub(super) fn begin(&mut self, repeat: usize, pass: Pass, round: usize) {
        let now = self.now();
        if let Some(ran) = self.ran(repeat, pass, round) {
            *ran = Ran { from: now, to: now };
        }
    }

    /// It is over.
    pub(super) fn end(&mut self, repeat: usize, pass: Pass, round: usize) {
        let now = self.now();
        if let Some(ran) = self.ran(repeat, pass, round) {
            ran.to = now;
        }
    }

    /// What `letting` gives back is of the second round.
    pub(super) fn begin_between(&mut self, repeat: usize) {
        let now = self.now();
        if let Some(repeated) = self.repeated.get_mut(repeat) {
            repeated.between = Ran { from: now, to: now };
        }
    }

    pub(super) fn end_between(&mut self, repeat: usize) {
        let now = self.now();
        if let Some(repeated) = self.repeated.get_mut(repeat) {
            repeated.between.to = now;
        }
    }

    fn ran(&mut self, repeat: usize, pass: Pass, round: usize) -> Option<&mut Ran> {
        let repeated = self.repeated.get_mut(repeat)?;
        match pass {
            Pass::Forward => repeated.forward.get_mut(round),
            Pass::Backward => repeated.backward.get_mut(round),
        }
    }

    /// The most rounds to write out so that there are no more than so many events.
    pub(in crate::estimate::training) fn rounds_within(&self, events: usize) -> usize {
        let of = |ran: &Ran| ran.to.events - ran.from.events;
        let each: usize = self.repeated.iter().map(|it| of(&it.forward[1]) + of(&it.backward[2])).sum();
        events.saturating_sub(self.events.len()) / each.max(1)
    }

    /// Layers that are not there when so many rounds of those left out are written.
    pub(in crate::estimate::training) fn layers_left_out(&self, rounds: usize) -> usize {
        self.repeated.iter().map(|it| it.more.saturating_sub(rounds) * it.length).sum()
    }
}
