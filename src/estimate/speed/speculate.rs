//! Tokens that are guessed ahead: what a step that checks them yields, and what it takes.
//!
//! A guess is taken with a chance that depends on what is written: of `n` guesses in a row `1 + a + … + aⁿ` tokens come of
//! a step, `a` being that chance. The step takes `n` guesses and one check of `n + 1` tokens a sequence.

use super::rates::DeviceRates;
use super::total::of;
use crate::estimate::answer::Speed;
use crate::estimate::host_rates::HostRates;
use crate::estimate::step::{Guesses, StepFacts};
use crate::units::Band;

/// `speed`, the plain one of these facts, as guesses change it.
pub(in crate::estimate) fn with_guesses<'a>(
    speed: &Speed,
    facts: &StepFacts,
    rates: &(impl Iterator<Item = Option<&'a DeviceRates<'a>>> + Clone),
    machine: &HostRates<'a>,
) -> Speed {
    let Some(guesses) = &facts.guesses else { return *speed };
    let seconds = |facts: &StepFacts| of(facts, rates, machine).decode.map(|rate| 1.0 / rate.expected);
    let steps = (seconds(facts), seconds(&guesses.check(facts)), seconds(&guesses.guess(facts)));
    let (Some(plain), Some(check), Some(guess)) = steps else { return *speed };
    let step = check + guesses.ahead * guess;
    let taken = &machine.speeds.guesses_taken;
    let gain = |taken: f64| tokens(taken, guesses) * plain / step;
    let gain = Band { low: gain(taken.low), expected: gain(taken.expected), high: gain(taken.high) };
    let faster = |rate: Band<f64>| Band {
        low: rate.low * gain.low,
        expected: rate.expected * gain.expected,
        high: rate.high * gain.high,
    };
    let energy = |energy: Band<f64>| Band {
        low: energy.low / gain.high,
        expected: energy.expected / gain.expected,
        high: energy.high / gain.low,
    };
    Speed {
        decode: speed.decode.map(faster),
        decode_total: speed.decode_total.map(faster),
        energy: speed.energy.map(energy),
        ..*speed
    }
}

/// Tokens that a step yields, guesses being taken with this chance until the first that is not.
fn tokens(taken: f64, guesses: &Guesses) -> f64 {
    if taken >= 1.0 { 1.0 + guesses.ahead } else { (1.0 - taken.powf(guesses.ahead + 1.0)) / (1.0 - taken) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::step::Guesser;

    #[test]
    fn guesses_yield_from_one_token_to_all_of_them() {
        let guesses = |ahead| Guesses { ahead, by: Guesser::OwnLayer { blocks: 1.0 } };
        assert!((tokens(0.0, &guesses(3.0)) - 1.0).abs() < 1e-9, "none is taken");
        assert!((tokens(1.0, &guesses(3.0)) - 4.0).abs() < 1e-9, "all are");
        assert!((tokens(0.5, &guesses(2.0)) - 1.75).abs() < 1e-9);
        assert!(tokens(0.7, &guesses(8.0)) < 1.0 / 0.3, "however many are guessed");
    }
}
