//! The ladder of ways for terminals and scripts: `rigplan estimate --ways`.

use std::fmt::Write;

use serde_json::{Value, json};

use super::words::{verdict, verdict_key};
use crate::advise::remedies::words::{Speech, goal, group};
use crate::advise::remedies::{Cost, Group, Ladder, Outcome, Remedy, Standing, parameters};
use crate::catalog::Catalog;
use crate::catalog::quality::Loss;
use crate::plan::Plan;
use crate::text::{Locale, decimal};

/// The ladder in lines for a terminal.
pub(super) fn show(ladder: &Ladder, plan: &Plan, catalog: &Catalog) -> String {
    let speech = Speech { locale: Locale::En, catalog, before: plan };
    let mut out = String::new();
    let mut line = |name: &str, after: &Outcome, rest: &str| {
        let rate = after.decode.map_or_else(|| "no data".to_owned(), |it| format!("{} tok/s", decimal(it.expected, 1)));
        // A string takes everything.
        let _ = writeln!(out, "  {:<18} {name:<44} {rate:>13}  {rest}", verdict(after.verdict));
    };
    for recipe in &ladder.recipes {
        let title = Locale::En.word(goal(recipe.goal));
        line(title, &recipe.after, &format!("{}  {}", speech.cost(&recipe.cost), speech.recipe(recipe)));
    }
    for step in Group::ALL {
        let mut ways = ladder.of(step).peekable();
        if ways.peek().is_some() {
            line(&format!("- {} -", Locale::En.word(group(step))), &ladder.now, "");
        }
        for way in ways {
            line(&speech.way(way), &way.after, &rest(way, &speech, catalog));
        }
    }
    out
}

fn rest(way: &Remedy, speech: &Speech<'_>, catalog: &Catalog) -> String {
    let loss = crate::advise::remedies::method(&way.change)
        .map(|_| speech.loss(way.loss, parameters(&way.plan, catalog)))
        .unwrap_or_default();
    format!("{}  {loss}", speech.cost(&way.cost))
}

/// The ladder as one JSON value.
pub(super) fn json(ladder: &Ladder, plan: &Plan, catalog: &Catalog) -> Value {
    let speech = Speech { locale: Locale::En, catalog, before: plan };
    let recipes = ladder.recipes.iter().map(|it| {
        let changes: Vec<String> = it.changes.iter().map(|change| speech.change(change, &it.after)).collect();
        json!({"goal": Locale::En.word(goal(it.goal)), "changes": changes, "after": outcome(&it.after),
            "cost": cost(&it.cost), "quality_lost": loss(it.loss)})
    });
    let ways = ladder.ways.iter().map(|it| {
        let standing = match it.standing {
            Standing::Offered => "offered",
            Standing::Now => "now",
            Standing::NoChange => "no_change",
        };
        json!({"group": Locale::En.word(group(it.group)), "change": speech.way(it), "standing": standing,
            "after": outcome(&it.after), "cost": cost(&it.cost), "quality_lost": loss(it.loss)})
    });
    json!({"recipes": recipes.collect::<Vec<_>>(), "ways": ways.collect::<Vec<_>>()})
}

fn outcome(it: &Outcome) -> Value {
    let rate = it.decode.map(|band| json!({"low": band.low, "expected": band.expected, "high": band.high}));
    json!({"verdict": verdict_key(it.verdict).trim_matches('"'), "needed_bytes": it.needed.0, "vram_bytes": it.vram.0,
        "in_ram_bytes": it.in_ram.0, "decode_tokens_per_s": rate})
}

fn cost(it: &Cost) -> Value {
    match it {
        Cost::Nothing => json!({"usd": 0}),
        Cost::NoPrice => Value::Null,
        Cost::Usd { usd, kind, date, source } => {
            json!({"usd": usd, "kind": kind, "date": date.as_str(), "source": source})
        }
    }
}

fn loss(it: Option<Loss>) -> Value {
    it.map_or(Value::Null, |it| json!({"word": format!("{:?}", it.word).to_lowercase(), "doubtful": it.is_doubtful()}))
}
