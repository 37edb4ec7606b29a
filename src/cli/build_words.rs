//! The words of a build in English.

use super::columns::grouped;
use crate::advise::build::{Check, Line, PartKind, Total, Traded, Why};
use crate::catalog::parts::{Rule, Tier};
use crate::catalog::source::PriceKind;
use crate::plan::Runtime;

/// US dollars in whole ones.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "prices are positive and small")]
pub(super) fn money(usd: f64) -> String {
    format!("${}", grouped(usd.round().max(0.0) as u64))
}

/// US dollars with cents below a hundred.
pub(super) fn exact(usd: f64) -> String {
    if usd.abs() < 100.0 { format!("${usd:.2}") } else { money(usd) }
}

/// A total, and that it is the least where parts have no price.
pub(super) fn total(total: Total) -> String {
    let from = if total.unpriced > 0 { "from " } else { "" };
    format!("{from}{}", money(total.usd))
}

pub(super) const fn kind(kind: PartKind) -> &'static str {
    match kind {
        PartKind::System => "Machine",
        PartKind::Card => "GPU",
        PartKind::Ram => "RAM",
        PartKind::Processor => "CPU",
        PartKind::Board => "Board",
        PartKind::Disk => "Storage",
        PartKind::Supply => "Power",
        PartKind::Case => "Case",
        PartKind::Cooler => "Cooler",
    }
}

/// The name with its count and whether it is bought used.
pub(super) fn part(line: &Line<'_>) -> String {
    let count = if line.count > 1 { format!("{} × ", line.count) } else { String::new() };
    let used = line.price.is_some_and(|price| price.kind == PriceKind::Used) && line.owned < line.count;
    let owned = match line.owned {
        0 => String::new(),
        owned if owned == line.count => ", owned".to_owned(),
        owned => format!(", {owned} owned"),
    };
    format!("{count}{}{}{owned}", line.name, if used { ", used" } else { "" })
}

/// The date of a price, and that it is old.
pub(super) fn dated(line: &Line<'_>) -> String {
    let Some(price) = line.price else { return "no price".to_owned() };
    format!("{}{}", price.date, if line.stale { ", stale" } else { "" })
}

/// Why a part is there.
pub(super) fn why(why: Why, tier: Option<&Tier>) -> String {
    match why {
        Why::Kept => "kept".to_owned(),
        Why::Goal => "no other scores better at the goal for the money".to_owned(),
        Why::Rule(rule) => reason(rule, tier),
        Why::RamNeed { gib } => {
            format!("{gib:.0} GiB needed: system, host buffers, spilled weights, prompt cache")
        }
        Why::Slots { cards: 1, lanes } => format!("a slot at x{lanes}"),
        Why::Slots { cards, lanes } => format!("slots for {cards} cards at x{lanes} or wider"),
        Why::Power { draw } => format!("{draw:.0} W and a fifth to spare"),
        Why::Room { slots } => format!("takes the board and cards {slots} slots thick"),
        Why::Fits => "the cheapest that fits".to_owned(),
    }
}

fn reason(rule: Rule, tier: Option<&Tier>) -> String {
    let said = tier.and_then(|tier| tier.reason(|other| *other == rule));
    said.map_or_else(String::new, |reason| reason.en.clone())
}

pub(super) fn check(check: &Check) -> String {
    match *check {
        Check::Power { draw, watts } => {
            format!("power {draw:.0} of {watts:.0} W: {:.0} % spare", (1.0 - draw / watts) * 100.0)
        }
        Check::Slots { cards, slots, lanes, of_lanes } => {
            format!("{cards} of {slots} slots, {lanes} of {of_lanes} lanes")
        }
        Check::Link { lanes, r#gen, gb_s, preferred } => {
            let rate = gb_s.map(|rate| format!(", {rate:.0} GB/s")).unwrap_or_default();
            let narrow = if preferred { "" } else { ": narrower than wished, loading and splitting take longer" };
            format!("PCIe {gen}.0 x{lanes}{rate}{narrow}")
        }
        Check::Ram { gib, needed, vram } => format!("RAM {gib} GiB, {needed:.0} GiB needed; VRAM {vram:.0} GiB"),
        Check::RamAdvised { gib, advised } => {
            format!("RAM {gib} GiB is below the {advised} GiB that are advised for a node")
        }
        Check::Circuit { wall, carries } if wall > carries => {
            format!("{wall:.0} W from the wall: a household circuit carries {carries:.0} W for hours")
        }
        Check::Circuit { wall, carries } => format!("{wall:.0} W from the wall, of {carries:.0} W a circuit carries"),
    }
}

pub(super) fn traded(traded: &Traded) -> String {
    match *traded {
        Traded::Lanes { lanes, r#gen } => format!("wide slots: the cards run at PCIe {gen}.0 x{lanes}"),
        Traded::Ram { gib, advised } => {
            format!("RAM: {gib} GiB instead of the {advised} GiB advised, the money went to VRAM")
        }
        Traded::Warranty { parts: 1 } => "the warranty of a used part".to_owned(),
        Traded::Warranty { parts } => format!("the warranty of {parts} used parts"),
        Traded::SingleCard { cards } => {
            format!("one large card: {cards} cards hold more for the money, but share each token's work")
        }
        Traded::Freshness { parts: 1 } => "a fresh price: one is older than six months".to_owned(),
        Traded::Freshness { parts } => format!("fresh prices: {parts} are older than six months"),
        Traded::Unspent { usd } => format!("{} of the budget: no part makes it better at the goal", money(usd)),
    }
}

/// An engine by the name it gives itself.
pub(super) const fn engine(runtime: Runtime) -> &'static str {
    match runtime {
        Runtime::LlamaCpp => "llama.cpp",
        Runtime::Vllm => "vLLM",
        Runtime::Sglang => "SGLang",
        Runtime::Tgi => "TGI",
        Runtime::TensorRtLlm => "TensorRT-LLM",
        Runtime::Transformers => "Transformers",
    }
}
