//! The walk of a step with all its rounds: those that did not run are written out after their like.

use super::walk::{Event, Ran, Repeated, Walk};

/// The second round stands for those left out, in the forward pass; in the backward pass, which comes from behind, the third.
const FORWARD_LIKE: usize = 1;
const BACKWARD_LIKE: usize = 2;

impl Walk {
    /// All events, at most so many of the rounds that are left out among them.
    pub(in crate::estimate::training) fn written(&self, most: usize) -> Vec<Event> {
        let writing = Writing {
            walk: self,
            repeats: self.repeated.iter().map(|it| Repeat::of(it, most)).collect(),
            numbers: vec![None; self.takes],
            written: Vec::with_capacity(self.events.len()),
            takes: 0,
        };
        writing.write()
    }
}

/// Numbers of the tensors of rounds that are written out, by round and place.
type Numbers = Vec<Vec<usize>>;

/// Rounds that ran, and what became of those left out.
struct Repeat<'a> {
    ran: &'a Repeated,
    more: usize,
    forward: Numbers,
    backward: Numbers,
}

impl<'a> Repeat<'a> {
    fn of(ran: &'a Repeated, most: usize) -> Self {
        let more = ran.more.min(most);
        Self { ran, more, forward: vec![Vec::new(); more], backward: vec![Vec::new(); more] }
    }

    /// Which round of all is the one that ran as this.
    const fn round(&self, ran: usize) -> usize {
        if ran <= FORWARD_LIKE { ran } else { ran + self.more }
    }

    /// In which pass and round that ran a tensor was taken, and its place there; backward rounds end alike.
    fn made(&self, take: usize) -> Option<Made> {
        let within = |ran: &Ran| (ran.from.takes..ran.to.takes).contains(&take);
        if let Some(round) = self.ran.forward.iter().position(within) {
            return Some(Made { forward: true, round, place: take - self.ran.forward[round].from.takes });
        }
        let round = self.ran.backward.iter().position(within)?;
        Some(Made { forward: false, round, place: self.ran.backward[round].to.takes - take })
    }
}

#[derive(Debug, Clone, Copy)]
struct Made {
    forward: bool,
    round: usize,
    place: usize,
}

/// A round at work: which repeat, which it is of those that ran and of all.
#[derive(Debug, Clone, Copy)]
struct AtWork {
    repeat: usize,
    ran: usize,
    round: usize,
}

struct Writing<'a> {
    walk: &'a Walk,
    repeats: Vec<Repeat<'a>>,
    /// What became of the numbers of tensors that ran.
    numbers: Vec<Option<usize>>,
    written: Vec<Event>,
    takes: usize,
}

impl Writing<'_> {
    fn write(mut self) -> Vec<Event> {
        let mut taken = 0;
        for (at, event) in self.walk.events.iter().enumerate() {
            self.write_rounds(at);
            match *event {
                Event::Take(bytes) => {
                    let number = self.take(bytes);
                    self.numbers[taken] = Some(number);
                    taken += 1;
                }
                Event::Give(take) => {
                    let given = self.at_work(at).map_or(self.numbers[take], |work| self.given(take, work));
                    self.written.extend(given.map(Event::Give));
                }
                Event::Keep(take) => self.written.extend(self.numbers[take].map(Event::Keep)),
            }
        }
        self.write_rounds(self.walk.events.len());
        self.written
    }

    fn take(&mut self, bytes: u64) -> usize {
        self.written.push(Event::Take(bytes));
        self.takes += 1;
        self.takes - 1
    }

    /// The round that an event is in.
    fn at_work(&self, at: usize) -> Option<AtWork> {
        let within = |ran: &Ran| (ran.from.events..ran.to.events).contains(&at);
        self.repeats.iter().enumerate().find_map(|(number, repeat)| {
            let ran = repeat.ran.forward.iter().position(within);
            let ran = ran.or_else(|| repeat.ran.backward.iter().position(within))?;
            Some(AtWork { repeat: number, ran, round: repeat.round(ran) })
        })
    }

    /// What a tensor that ran is to a round: as far away as it was from the one that ran.
    fn given(&self, take: usize, work: AtWork) -> Option<usize> {
        let repeat = &self.repeats[work.repeat];
        let Some(made) = repeat.made(take) else {
            // What is of no round is given back once.
            return self.numbers[take].filter(|_| work.round == repeat.round(work.ran));
        };
        let near = made.round.abs_diff(work.ran) <= 1;
        let round = if near { (work.round + made.round).checked_sub(work.ran)? } else { repeat.round(made.round) };
        let (ran, numbers) = if made.forward {
            (&repeat.ran.forward, &repeat.forward)
        } else {
            (&repeat.ran.backward, &repeat.backward)
        };
        let left_out = FORWARD_LIKE + 1..FORWARD_LIKE + 1 + repeat.more;
        if left_out.contains(&round) {
            let like = repeat.ran.backward[BACKWARD_LIKE];
            let all = like.to.takes - like.from.takes;
            let place = if made.forward { made.place } else { all.checked_sub(made.place)? };
            return numbers.get(round - left_out.start)?.get(place).copied();
        }
        let ran = ran.get(if round < left_out.start { round } else { round - repeat.more })?;
        let take = if made.forward { ran.from.takes + made.place } else { ran.to.takes.checked_sub(made.place)? };
        self.numbers.get(take).copied().flatten()
    }

    /// Where rounds were left out they are written.
    fn write_rounds(&mut self, at: usize) {
        for number in 0..self.repeats.len() {
            let Repeat { ran, more, .. } = self.repeats[number];
            let (forward, backward) = (ran.forward[FORWARD_LIKE], ran.backward[BACKWARD_LIKE]);
            let rounds = FORWARD_LIKE + 1..FORWARD_LIKE + 1 + more;
            let like = |round| AtWork { repeat: number, ran: FORWARD_LIKE, round };
            if at == forward.to.events && at > forward.from.events {
                rounds.clone().for_each(|round| self.write_round(forward, like(round), true));
            }
            if at == ran.between.to.events && at > ran.between.from.events {
                rounds.clone().for_each(|round| self.write_round(ran.between, like(round), true));
            }
            if at == backward.to.events && at > backward.from.events {
                for round in rounds.rev() {
                    self.write_round(backward, AtWork { ran: BACKWARD_LIKE, ..like(round) }, false);
                }
            }
        }
    }

    fn write_round(&mut self, like: Ran, work: AtWork, forward: bool) {
        for event in &self.walk.events[like.from.events..like.to.events] {
            match *event {
                Event::Take(bytes) => {
                    let number = self.take(bytes);
                    let repeat = &mut self.repeats[work.repeat];
                    let numbers = if forward { &mut repeat.forward } else { &mut repeat.backward };
                    numbers[work.round - FORWARD_LIKE - 1].push(number);
                }
                Event::Give(take) => {
                    let given = self.given(take, work);
                    self.written.extend(given.map(Event::Give));
                }
                Event::Keep(take) => {
                    let kept = self.given(take, work);
                    self.written.extend(kept.map(Event::Keep));
                }
            }
        }
    }
}
