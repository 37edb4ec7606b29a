//! What comes nearest to a wish that nothing satisfies.

use super::fault::{Lack, Nearest};
use super::find::{Asked, contradiction, once};
use super::market::Market;
use crate::catalog::parts::TierId;
use crate::plan::BuildRequest;

/// What the request comes to without the first kept part that stands in the way.
pub(super) fn without_a_lock<'a>(asked: &Asked<'_, 'a>) -> Option<Nearest<'a>> {
    (0..asked.request.locks.len()).rev().find_map(|place| {
        let mut request = asked.request.clone();
        let lock = request.locks.remove(place);
        // One at a time: where several stand in the way, none is the culprit.
        contradiction(&Market::of(&request, asked.catalog)).is_none().then_some(())?;
        Some(Nearest { build: Box::new(once(asked, &request)?), lacks: Lack::Lock(lock.part) })
    })
}

/// What the request comes to with less speed, in another tier, or without one of the kept parts.
pub(super) fn anything<'a>(asked: &Asked<'_, 'a>) -> Option<Nearest<'a>> {
    slower(asked).or_else(|| other_tier(asked)).or_else(|| without_a_lock(asked))
}

fn slower<'a>(asked: &Asked<'_, 'a>) -> Option<Nearest<'a>> {
    let goal = asked.request.goal;
    let least = goal.least_decode().filter(|least| *least > 0.0)?;
    // Whatever runs is large enough; how fast is left to the machine.
    let mut request = asked.request.clone();
    let mut nearest = None;
    let mut speed = least;
    while nearest.is_none() && speed > SLOWEST {
        speed /= 2.0;
        request.goal = goal.at_least(speed);
        nearest = once(asked, &request);
    }
    let build = nearest?;
    let reached = build.estimate.speed.decode.map(|band| band.expected);
    Some(Nearest { build: Box::new(build), lacks: Lack::Speed { least, reached } })
}

/// Nothing that is slower is worth a word, in tokens/s.
const SLOWEST: f64 = 1.0;

fn other_tier<'a>(asked: &Asked<'_, 'a>) -> Option<Nearest<'a>> {
    let others = TierId::ALL.into_iter().filter(|tier| *tier != asked.request.tier);
    others.rev().find_map(|tier| {
        let request = BuildRequest { tier, ..asked.request.clone() };
        Some(Nearest { build: Box::new(once(asked, &request)?), lacks: Lack::Tier(tier) })
    })
}
