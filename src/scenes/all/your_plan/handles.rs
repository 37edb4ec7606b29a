//! What of the reader's plan can be turned: the table's edge, the stove's, the pile of the chat.

use super::machine::Machine;
use crate::catalog::Catalog;
use crate::estimate::{Estimate, Verdict};
use crate::plan::{HandleId, Plan, Turned};
use crate::scenes::figure::Figure;
use crate::scenes::handle::{Edge, Handle, Notch, Turn};
use crate::units::Bytes;

use super::super::kit::{found as find, with};

/// RAM as it is sold, in GiB.
const RAM_GIB: [f64; 9] = [8.0, 16.0, 32.0, 64.0, 96.0, 128.0, 192.0, 256.0, 512.0];
/// Two channels of DDR4-3200 to eight of a workstation.
const RAM_RATES: [f64; 6] = [51.2, 83.2, 102.4, 128.0, 256.0, 307.2];
const CARDS: [u32; 4] = [1, 2, 4, 8];
const CONTEXTS: [u64; 7] = [2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072];

/// The handles of a plan, as they stand.
pub(super) fn handles(
    plan: &Plan,
    found: &Estimate,
    machine: &Machine,
    catalog: &Catalog,
    turned: &Turned,
) -> Vec<Handle> {
    let of = Turns { plan, found, catalog, turned };
    let mut out = Vec::new();
    if !machine.is_pool {
        out.push(of.ram());
        match &*plan.machine.cards {
            [] => out.push(of.speed(machine.ram_rate)),
            [kind] => out.push(of.cards(kind.count)),
            _ => {}
        }
    }
    out.push(of.length());
    out
}

struct Turns<'a> {
    plan: &'a Plan,
    found: &'a Estimate,
    catalog: &'a Catalog,
    turned: &'a Turned,
}

impl Turns<'_> {
    /// The table's edge: how much RAM. The mark stands where all that lies there has room.
    fn ram(&self) -> Handle {
        let own = self.plan.machine.ram_gib;
        let values = sorted(&RAM_GIB, own);
        let needed = self.found.host.os + self.found.host.total.unwrap_or_default();
        let limit = values.iter().position(|gib| *gib >= needed.gib());
        let notches = values.iter().map(|gib| notch(Turn::RamGib(*gib), Figure::Gib(Bytes::from_gib(*gib)))).collect();
        let yours = values.iter().position(|gib| *gib == own);
        Handle { limit, ..self.handle(HandleId::Ram, "turn_ram_size", notches, yours, ("ram", Edge::Right)) }
    }

    /// How fast the RAM is, where it decides alone.
    fn speed(&self, own: f64) -> Handle {
        let values = sorted(&RAM_RATES, own);
        let yours = values.iter().position(|rate| *rate == own);
        let notches = values.iter().map(|rate| notch(Turn::RamSpeed(*rate), Figure::GbPerSecond(*rate))).collect();
        self.handle(HandleId::RamSpeed, "turn_ram", notches, yours, ("path_ram", Edge::Top))
    }

    /// The stove's edge: how many cards. The mark stands where nothing is left for RAM.
    fn cards(&self, own: u32) -> Handle {
        let mut values = CARDS.to_vec();
        values.push(own);
        values.sort_unstable();
        values.dedup();
        let yours = values.iter().position(|count| *count == own);
        let holds = |count: &u32| {
            let plan = with(self.plan, |plan| Turn::Cards(*count).apply(plan));
            find(&plan, self.catalog).is_some_and(|found| super::super::kit::fits(&found))
        };
        let limit = values.iter().position(holds);
        let notches = values.iter().map(|count| notch(Turn::Cards(*count), Figure::Count(u64::from(*count)))).collect();
        Handle { limit, ..self.handle(HandleId::Cards, "turn_cards", notches, yours, ("vram", Edge::Right)) }
    }

    /// The pile: how long the chat, or in training a sequence, is. The mark stands at the last that runs as the plan does.
    fn length(&self) -> Handle {
        let own = self.plan.workload.length();
        let known = self.plan.workload.model.known(self.catalog);
        let most = known.and_then(|model| model.max_position_embeddings).unwrap_or(own).max(own);
        let mut values = CONTEXTS.to_vec();
        values.push(own);
        values.retain(|tokens| *tokens <= most);
        values.sort_unstable();
        values.dedup();
        let yours = values.iter().position(|tokens| *tokens == own);
        let runs = |tokens: &u64| {
            let plan = with(self.plan, |plan| Turn::Context(*tokens).apply(plan));
            find(&plan, self.catalog).is_some_and(|then| is_no_worse(&then, self.found))
        };
        let limit = values.partition_point(runs).checked_sub(1);
        let notches = values.iter().map(|tokens| notch(Turn::Context(*tokens), Figure::Tokens(*tokens))).collect();
        let name = if self.plan.workload.task.trains() { "turn_length" } else { "turn_context" };
        let on = if self.found.devices.is_empty() { "ram" } else { "vram" };
        Handle { limit, ..self.handle(HandleId::Context, name, notches, yours, (on, Edge::Top)) }
    }

    fn handle(
        &self,
        id: HandleId,
        name: &'static str,
        notches: Vec<Notch>,
        yours: Option<usize>,
        (on, edge): (&'static str, Edge),
    ) -> Handle {
        let at = self.turned.get(&id).copied().or(yours).unwrap_or(0).min(notches.len().saturating_sub(1));
        Handle { id, name: name.into(), notches, at, yours, limit: None, on, edge }
    }
}

/// The plan with what was turned, each handle that stands elsewhere than the plan.
pub(super) fn turned(plan: &Plan, handles: &[Handle]) -> Plan {
    let moved = handles.iter().filter(|handle| Some(handle.at) != handle.yours);
    with(plan, |plan| moved.filter_map(Handle::notch).for_each(|notch| notch.turn.apply(plan)))
}

fn is_no_worse(then: &Estimate, now: &Estimate) -> bool {
    let rank = |found: &Estimate| match found.verdict {
        Some(Verdict::Fits | Verdict::Tight) => 2,
        Some(Verdict::Offload) => 1,
        Some(Verdict::DoesNotFit) | None => 0,
    };
    rank(then) >= rank(now).max(1)
}

/// The values with the plan's own among them, in order.
fn sorted(values: &[f64], own: f64) -> Vec<f64> {
    let mut all = values.to_vec();
    all.push(own);
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

fn notch(turn: Turn, words: Figure) -> Notch {
    Notch { turn, words: words.into() }
}
