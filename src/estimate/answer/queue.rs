//! Sequences that run at once, and those that wait: a server engine whose pool holds fewer than are asked for starts all the
//! same, and takes the next as soon as one is done.

use super::{Estimate, Speed};
use crate::estimate::Verdict;
use crate::plan::Workload;
use crate::units::Band;

/// How many sequences run at once, which is what the caches are counted for, and how many wait for one of them to end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Queue {
    /// Run at once.
    pub running: u32,
    /// Wait.
    pub waiting: u32,
}

impl Queue {
    /// All run at once.
    pub const fn none(sequences: u32) -> Self {
        Self { running: sequences, waiting: 0 }
    }

    /// The share of the time in which a sequence runs, where all take turns.
    fn share(self) -> f64 {
        f64::from(self.running) / f64::from(self.running.saturating_add(self.waiting).max(1))
    }
}

impl Estimate {
    /// Whether the plan holds and none of its sequences waits.
    pub fn serves_all(&self) -> bool {
        self.queue.waiting == 0 && self.verdict.is_some_and(|verdict| verdict != Verdict::DoesNotFit)
    }

    /// Tokens a second that each sequence receives on average, those that wait included.
    pub fn decode_of_each(&self) -> Option<Band<f64>> {
        match self.queue.waiting {
            0 => self.speed.decode,
            _ => self.speed.decode.map(|decode| decode.map(|rate| rate * self.queue.share())),
        }
    }
}

impl Speed {
    /// Seconds to the first token of the last in line, where sequences wait; `None` where none does or speeds are not known.
    ///
    /// Every sequence takes its prompt and then a step for each token up to the context. Of those that run one ends after
    /// each `1 / running` of that time, so that the last of those that wait begins after `waiting / running` of it.
    pub(in crate::estimate) fn of_last_in_line(&self, queue: Queue, workload: &Workload) -> Option<Band<f64>> {
        let turns = f64::from(queue.waiting) / f64::from(queue.running.max(1));
        let (first, decode) = (self.first_token.filter(|_| queue.waiting > 0)?, self.decode?);
        let written = workload.context.saturating_sub(workload.prompt_tokens) as f64;
        let at = |first: f64, rate: f64| first + turns * (first + written / rate);
        (decode.low > 0.0).then(|| Band {
            low: at(first.low, decode.high),
            expected: at(first.expected, decode.expected),
            high: at(first.high, decode.low),
        })
    }
}

impl Speed {
    /// Tokens a second over all sequences where each that ends is followed by another with its prompt, so that prompts take
    /// their part of the time; `None` without prompts or answers, or where speeds are not known.
    pub(in crate::estimate) fn with_prompts(&self, workload: &Workload) -> Option<Band<f64>> {
        let written = workload.context.saturating_sub(workload.prompt_tokens);
        let (total, prefill) = (self.decode_total?, self.prefill?);
        if workload.prompt_tokens == 0 || written == 0 {
            return None;
        }
        let read = workload.prompt_tokens as f64 / written as f64;
        let rate = |total: f64, prefill: f64| 1.0 / (1.0 / total + read / prefill);
        Some(Band {
            low: rate(total.low, prefill.low),
            expected: rate(total.expected, prefill.expected),
            high: rate(total.high, prefill.high),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_in_line_waits_for_its_turn() {
        let band = |expected: f64| Some(Band { low: expected, expected, high: expected });
        let speed = Speed { first_token: band(2.0), decode: band(50.0), ..Speed::default() };
        let workload = Workload { context: 2000, prompt_tokens: 1000, ..Workload::default() };
        let wait = |running, waiting| speed.of_last_in_line(Queue { running, waiting }, &workload);
        assert_eq!(wait(4, 0), None);
        // A sequence takes 2 s + 1000 / 50 = 22 s; with four at once one ends every 5.5 s.
        assert_eq!(wait(4, 1).map(|it| it.expected), Some(7.5));
        assert_eq!(wait(4, 8).map(|it| it.expected), Some(46.0));
    }

    #[test]
    fn prompts_take_their_part_of_the_time() {
        let band = |expected: f64| Some(Band { low: expected, expected, high: expected });
        let speed = Speed { decode_total: band(100.0), prefill: band(1000.0), ..Speed::default() };
        let workload = |context, prompt_tokens| Workload { context, prompt_tokens, ..Workload::default() };
        // 1,000 tokens read in 1 s for each 100 written in 1 s.
        assert_eq!(speed.with_prompts(&workload(1100, 1000)).map(|it| it.expected), Some(50.0));
        assert_eq!(speed.with_prompts(&workload(1000, 0)), None);
        assert_eq!(speed.with_prompts(&workload(1000, 1000)), None);
    }
}
