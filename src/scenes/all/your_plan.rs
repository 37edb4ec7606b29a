//! The reader's own plan: its machine, what it needs, where that lies, what a word takes, what helps.

mod machine;
mod ways;
mod words;

use super::kit::{found, with};
use crate::estimate::{Estimate, Verdict};
use crate::plan::{HandleId, Plan, SceneId};
use crate::scenes::draw::lane::Lane;
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::ring::Ring;
use crate::scenes::draw::worker::{Trade, Worker};
use crate::scenes::figure::Figure;
use crate::scenes::handle::{Edge, Handle, Notch, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};
use machine::{Machine, Pile};

/// Where RAM and VRAM stand.
const LEFT: Area = Area::new(10.0, 80.0, 600.0, 476.0);
const RIGHT: Area = Area::new(690.0, 80.0, 640.0, 476.0);
/// Two channels of DDR4-3200 to eight of a workstation.
const RAM_RATES: [f64; 6] = [51.2, 83.2, 102.4, 128.0, 256.0, 307.2];
const CARDS: [u32; 4] = [1, 2, 4, 8];
/// Seconds that the ring runs.
const RUNS: f32 = 3.0;

/// The plan, what it comes to, and the same with the handles as they stand.
struct Told<'a> {
    premise: Premise<'a>,
    plan: &'a Plan,
    found: Estimate,
    machine: Machine,
    turned: (Plan, Estimate),
    handle: Option<Handle>,
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::YourPlan);
    let Some(told) = Told::of(premise) else { return empty };
    let offers = ways::offers(&told);
    let figures = words::figures(&told, !offers.is_empty());
    let pictures = vec![
        stands(&told, Pile::Nothing),
        stands(&told, Pile::Asked),
        stands(&told, Pile::Placed),
        lap(&told),
        stands(&told, Pile::Placed),
        trial(&told),
    ];
    let handles = told.handle.into_iter().collect();
    Scene { figures, pictures, handles, offers, ..empty }
}

impl<'a> Told<'a> {
    fn of(premise: Premise<'a>) -> Option<Self> {
        let found = found(premise.plan, premise.catalog)?;
        let machine = Machine::of(premise.plan, premise.catalog, &found);
        let handle = handle(premise, &machine);
        let turn = handle.as_ref().and_then(Handle::notch).map(|notch| &notch.turn);
        let is_turned = handle.as_ref().is_some_and(|handle| Some(handle.at) != handle.yours);
        let turned = with(premise.plan, |plan| {
            if let Some(turn) = turn.filter(|_| is_turned) {
                turn.apply(plan);
            }
        });
        let then = super::kit::found(&turned, premise.catalog).unwrap_or_else(|| found.clone());
        Some(Self { premise, plan: premise.plan, found, machine, turned: (turned, then), handle })
    }

    fn verdict(&self) -> Option<Verdict> {
        self.found.verdict
    }

    /// Words, or in training tokens, a second; `None` where no law is known.
    fn rate(found: &Estimate) -> Option<f64> {
        found.speed.decode.or(found.speed.train).map(|band| band.expected)
    }
}

/// More cards where there are any, else faster RAM. What is planned is always one of the notches.
fn handle(premise: Premise<'_>, machine: &Machine) -> Option<Handle> {
    let turned = |id| premise.turned.get(&id).copied();
    let [card] = &*premise.plan.machine.cards else {
        if !premise.plan.machine.cards.is_empty() {
            return None;
        }
        let mut rates = RAM_RATES.to_vec();
        rates.push(machine.ram_rate);
        rates.sort_by(f64::total_cmp);
        rates.dedup();
        let yours = rates.iter().position(|rate| *rate == machine.ram_rate);
        let notches = rates.iter().map(|rate| notch(Turn::RamSpeed(*rate), Figure::GbPerSecond(*rate))).collect();
        let at = turned(HandleId::RamSpeed).or(yours).unwrap_or(0).min(rates.len() - 1);
        let name = "turn_ram".into();
        return Some(Handle {
            id: HandleId::RamSpeed,
            name,
            notches,
            at,
            yours,
            limit: None,
            on: "ram",
            edge: Edge::Right,
        });
    };
    if machine.is_pool {
        return None;
    }
    let mut counts = CARDS.to_vec();
    counts.push(card.count);
    counts.sort_unstable();
    counts.dedup();
    let yours = counts.iter().position(|count| *count == card.count);
    let notches = counts.iter().map(|count| notch(Turn::Cards(*count), Figure::Count(u64::from(*count)))).collect();
    let at = turned(HandleId::Cards).or(yours).unwrap_or(0).min(counts.len() - 1);
    Some(Handle {
        id: HandleId::Cards,
        name: "turn_cards".into(),
        notches,
        at,
        yours,
        limit: None,
        on: "vram",
        edge: Edge::Right,
    })
}

fn notch(turn: Turn, words: Figure) -> Notch {
    Notch { turn, words: words.into() }
}

/// RAM and VRAM with what lies in them.
fn stands(told: &Told<'_>, pile: Pile) -> Picture {
    Picture::of(shelves(&told.machine, &told.found, pile))
}

fn shelves(machine: &Machine, found: &Estimate, pile: Pile) -> Vec<Placed> {
    let mut things = Vec::new();
    if !machine.is_pool {
        things.push(Placed::new("ram", LEFT, machine.ram(found, pile)).linked(Link::Ram));
    }
    if !found.devices.is_empty() {
        things.push(Placed::new("vram", RIGHT, machine.vram(found, pile)).linked(Link::Vram));
    }
    things
}

/// The ring of all that a word reads, and the ways it comes by.
fn lap(told: &Told<'_>) -> Picture {
    let Some(rate) = Told::rate(&told.found) else { return stands(told, Pile::Placed) };
    let machine = &told.machine;
    let mut things = Vec::new();
    let ring = Ring {
        component: crate::estimate::Memory::Weights,
        pieces: 14,
        lap: 1.0 / rate.max(f64::MIN_POSITIVE),
        reading: Figure::Seconds(1.0 / rate.max(f64::MIN_POSITIVE)).into(),
        unit: "lap".into(),
        role: "dish".into(),
        runs: RUNS,
        radii: [106.0, 68.0],
    };
    things.push(Placed::new("ring", Area::new(70.0, 170.0, 220.0, 220.0), ring).linked(Link::Weights));
    let mut way =
        |id, worker, gb_s: f64, y: f32, (trade, name, role, link): (Trade, &'static str, &'static str, Link)| {
            let lane = Lane {
                gb_s,
                scale: (gb_s.max(machine.widest()) / 110.0).max(8.0),
                rate: Figure::GbPerSecond(gb_s).into(),
                role: "path".into(),
                cargo: Some(crate::estimate::Memory::Weights),
                limit: None,
                runs: RUNS,
                back: false,
            };
            things.push(Placed::new(id, Area::new(370.0, y, 330.0, 116.0), lane).linked(link));
            let worker_thing = Worker { trade, name: name.into(), role: role.into() };
            things.push(Placed::new(worker, Area::new(740.0, y, 90.0, 116.0), worker_thing).linked(link));
        };
    if let Some(rate) = machine.vram_rate.filter(|_| !told.found.devices.is_empty()) {
        way("path_vram", "gpu", rate, 116.0, (Trade::Wok, "gpu", "role_gpu", Link::Vram));
    }
    if !machine.is_pool && (told.found.devices.is_empty() || told.verdict() == Some(Verdict::Offload)) {
        way("path_ram", "cpu", machine.ram_rate, 316.0, (Trade::Hat, "cpu", "role_cpu", Link::Ram));
    }
    let unit = if told.plan.workload.task.trains() { "tokens" } else { "words" };
    things.push(Placed::new("words", Area::new(900.0, 210.0, 420.0, 120.0), reading(Some(rate), unit, "now")));
    Picture::of(things)
}

/// What lies where with the handles as they stand, and both speeds.
fn trial(told: &Told<'_>) -> Picture {
    let (plan, found) = &told.turned;
    let machine = Machine::of(plan, told.premise.catalog, found);
    let mut things = shelves(&machine, found, Pile::Placed);
    let unit = if told.plan.workload.task.trains() { "tokens" } else { "words" };
    let above = |x: f32| Area::new(x, 80.0, 300.0, 80.0);
    things.push(Placed::new("now", above(10.0), reading(Told::rate(&told.found), unit, "now")));
    things.push(Placed::new("then", above(360.0), reading(Told::rate(found), unit, "then")));
    Picture::of(things)
}

fn reading(rate: Option<f64>, unit: &'static str, about: &'static str) -> Reading {
    let figure = rate.map_or_else(|| Say::Name("?".to_owned()), |rate| Figure::WordsPerSecond(rate).into());
    Reading { figure, unit: unit.into(), about: about.into() }
}
