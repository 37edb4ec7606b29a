//! What a step takes and gives back, one after the other, as the allocator sees it, and where rounds of layers that come round
//! begin and end in it.

/// Rounds that run: the first and the last, whose neighbors are other layers, and two between, whose neighbors are their like.
pub(super) const RUN: usize = 4;

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
    pub(super) forward: [Ran; RUN],
    pub(super) backward: [Ran; RUN],
    /// Where autocast has let the second round's copies of weights go.
    pub(super) casts_gone: usize,
}

/// What a step did.
#[derive(Debug, Clone, Default)]
pub(in crate::estimate::training) struct Walk {
    pub(super) events: Vec<Event>,
    pub(super) takes: usize,
    pub(super) repeated: Vec<Repeated>,
    /// Inputs of layers wait in RAM: a layer keeps nothing for the backward pass.
    pub(super) offloads: bool,
}

impl Walk {
    /// In order.
    pub(in crate::estimate::training) fn events(&self) -> &[Event] {
        &self.events
    }

    /// Some of its layers come round so often more than they run.
    pub(super) fn repeats(&mut self, more: impl IntoIterator<Item = usize>) {
        self.repeated = more.into_iter().map(|more| Repeated { more, ..Repeated::default() }).collect();
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

    /// Autocast has let the second round's copies of weights go.
    pub(super) fn forget_casts(&mut self, repeat: usize) {
        let now = self.now().events;
        if let Some(repeated) = self.repeated.get_mut(repeat) {
            repeated.casts_gone = now;
        }
    }

    fn ran(&mut self, repeat: usize, pass: Pass, round: usize) -> Option<&mut Ran> {
        let repeated = self.repeated.get_mut(repeat)?;
        match pass {
            Pass::Forward => repeated.forward.get_mut(round),
            Pass::Backward => repeated.backward.get_mut(round),
        }
    }
}
