//! What comes nearest to a wish that nothing satisfies.

use super::checks::kept_out_of_data_centers;
use super::fault::{Lack, Nearest};
use super::find::{Asked, contradiction, from_market, once};
use super::market::Market;
use super::outcome::Build;
use crate::catalog::parts::TierId;
use crate::plan::BuildRequest;

/// More locks than this are let go one at a time or all together: pairs of many are too many to try.
const MOST_PAIRED: usize = 8;

/// What the request comes to without the fewest kept parts that stand in the way: one, two, or all of them.
pub(super) fn without_locks<'a>(asked: &Asked<'_, 'a>) -> Option<Nearest<'a>> {
    let count = asked.request.locks.len();
    let one = (0..count).rev().map(|place| vec![place]);
    let pairs = (0..count).rev().flat_map(|high| (0..high).rev().map(move |low| vec![low, high]));
    let pairs = pairs.filter(|_| count <= MOST_PAIRED);
    one.chain(pairs)
        .chain([(0..count).collect()])
        .filter(|gone| !gone.is_empty())
        .find_map(|gone| without(asked, &gone))
}

/// What the request comes to without the locks at these places, the lowest first.
fn without<'a>(asked: &Asked<'_, 'a>, places: &[usize]) -> Option<Nearest<'a>> {
    let mut request = asked.request.clone();
    let mut gone: Vec<_> = places.iter().rev().map(|place| request.locks.remove(*place).part).collect();
    gone.reverse();
    // Where something else stands in the way as well, these are not the culprits.
    contradiction(&Market::of(&request, asked.catalog)).is_none().then_some(())?;
    Some(Nearest::of(once(asked, &request)?, Lack::Locks(gone)))
}

/// What the request comes to louder, with less speed, in another tier, or without some of the kept parts.
pub(super) fn anything<'a>(asked: &Asked<'_, 'a>) -> Option<Nearest<'a>> {
    louder(asked).or_else(|| slower(asked)).or_else(|| other_tier(asked)).or_else(|| without_locks(asked))
}

fn louder<'a>(asked: &Asked<'_, 'a>) -> Option<Nearest<'a>> {
    let request = asked.request.quiet.then(|| BuildRequest { quiet: false, ..asked.request.clone() })?;
    Some(Nearest::of(once(asked, &request)?, Lack::Quiet))
}

/// What the request would come to at prices that nobody asks any more.
pub(super) fn at_any_price<'a>(asked: &Asked<'_, 'a>) -> Option<Nearest<'a>> {
    let market = Market::at_any_price(asked.request, asked.catalog);
    Some(Nearest::of(from_market(asked, &market)?, Lack::Prices))
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
    Some(Nearest::of(build, Lack::Speed { least, reached }))
}

/// Nothing that is slower is worth a word, in tokens/s.
const SLOWEST: f64 = 1.0;

fn other_tier<'a>(asked: &Asked<'_, 'a>) -> Option<Nearest<'a>> {
    let others = TierId::ALL.into_iter().filter(|tier| *tier != asked.request.tier);
    others.rev().find_map(|tier| {
        let request = BuildRequest { tier, ..asked.request.clone() };
        let build = once(asked, &request)?;
        let unlicensed = asked.request.tier == TierId::Enterprise && kept_out_of_data_centers(&build.choice) > 0;
        Some(Nearest { unlicensed, ..Nearest::of(build, Lack::Tier(tier)) })
    })
}

impl<'a> Nearest<'a> {
    fn of(build: Build<'a>, lacks: Lack) -> Self {
        Self { build: Box::new(build), lacks, unlicensed: false }
    }
}
