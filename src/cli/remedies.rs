//! The ladder of ways for terminals and scripts: `rigplan estimate --ways`.

use std::fmt::Write;

use serde::Serialize;

use super::columns::{known, wide};
use super::json::sorted;
use super::words::verdict;
use crate::advise::remedies::words::{Speech, goal, group};
use crate::advise::remedies::{Cost, Ladder, PlanOutcome, Remedy, RemedyGroup, Standing, parameters};
use crate::catalog::Catalog;
use crate::catalog::origin::Origin;
use crate::catalog::quality::{LossWord, QualityLoss};
use crate::catalog::source::PriceKind;
use crate::estimate::Verdict;
use crate::plan::Plan;
use crate::text::{Locale, decimal};
use crate::units::{Band, Bytes, Usd};

/// The ladder in lines for a terminal.
pub(super) fn show(ladder: &Ladder, plan: &Plan, catalog: &Catalog, locale: Locale) -> String {
    let speech = Speech { locale, catalog, before: plan };
    let mut out = String::new();
    let mut line = |name: &str, after: &PlanOutcome, rest: &str| {
        let rate = known(after.decode.map(|it| format!("{} tok/s", decimal(it.expected, 1))), locale);
        let verdict = verdict(after.verdict, locale);
        let blanks = |width: usize, text: &str| " ".repeat(width.saturating_sub(wide(text)));
        let (after_verdict, after_name, before_rate) = (blanks(18, verdict), blanks(44, name), blanks(13, &rate));
        // A string takes everything.
        let _ = writeln!(out, "  {verdict}{after_verdict} {name}{after_name} {before_rate}{rate}  {rest}");
    };
    for recipe in &ladder.recipes {
        let title = locale.word(goal(recipe.goal));
        line(title, &recipe.after, &format!("{}  {}", speech.cost(&recipe.cost), speech.recipe(recipe)));
    }
    for step in RemedyGroup::ALL {
        let mut ways = ladder.of(step).peekable();
        if ways.peek().is_some() {
            line(&format!("- {} -", locale.word(group(step))), &ladder.now, "");
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

/// The ladder as the contract spells it.
#[derive(Debug, Serialize)]
pub(super) struct LadderJson {
    recipes: Vec<RecipeJson>,
    ways: Vec<RemedyJson>,
}

impl LadderJson {
    pub(super) fn of(ladder: &Ladder, plan: &Plan, catalog: &Catalog) -> Self {
        let speech = Speech { locale: Locale::En, catalog, before: plan };
        let recipes = ladder.recipes.iter().map(|it| RecipeJson {
            after: (&it.after).into(),
            changes: it.changes.iter().map(|change| speech.change(change, &it.after)).collect(),
            cost: CostJson::of(&it.cost),
            goal: Locale::En.word(goal(it.goal)),
            quality_lost: it.loss.map(LossJson::from),
        });
        let ways = ladder.ways.iter().map(|it| RemedyJson {
            after: (&it.after).into(),
            change: speech.way(it),
            cost: CostJson::of(&it.cost),
            group: Locale::En.word(group(it.group)),
            quality_lost: it.loss.map(LossJson::from),
            standing: it.standing,
        });
        Self { recipes: recipes.collect(), ways: ways.collect() }
    }
}

#[derive(Debug, Serialize)]
struct RecipeJson {
    after: PlanOutcomeJson,
    changes: Vec<String>,
    cost: Option<CostJson>,
    goal: &'static str,
    quality_lost: Option<LossJson>,
}

#[derive(Debug, Serialize)]
struct RemedyJson {
    after: PlanOutcomeJson,
    change: String,
    cost: Option<CostJson>,
    group: &'static str,
    quality_lost: Option<LossJson>,
    standing: Standing,
}

#[derive(Debug, Serialize)]
struct PlanOutcomeJson {
    #[serde(serialize_with = "sorted")]
    decode_tokens_per_s: Option<Band<f64>>,
    in_ram_bytes: Bytes,
    needed_bytes: Bytes,
    verdict: Verdict,
    vram_bytes: Bytes,
    waiting: u32,
}

impl From<&PlanOutcome> for PlanOutcomeJson {
    fn from(it: &PlanOutcome) -> Self {
        Self {
            decode_tokens_per_s: it.decode,
            in_ram_bytes: it.in_ram,
            needed_bytes: it.needed,
            verdict: it.verdict,
            vram_bytes: it.vram,
            waiting: it.waiting,
        }
    }
}

/// What a change costs; nothing at all has no date and no source.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum CostJson {
    Nothing { usd: u8 },
    Usd { date: String, kind: PriceKind, source: String, usd: Usd },
}

impl CostJson {
    /// `None` where there is no price.
    fn of(cost: &Cost) -> Option<Self> {
        match cost {
            Cost::Nothing => Some(Self::Nothing { usd: 0 }),
            Cost::NoPrice => None,
            Cost::Usd { usd, kind, date, source } => Some(Self::Usd {
                date: date.as_str().to_owned(),
                kind: *kind,
                source: source.iter().map(Origin::text).collect::<Vec<_>>().join("; "),
                usd: *usd,
            }),
        }
    }
}

#[derive(Debug, Serialize)]
struct LossJson {
    doubtful: bool,
    word: LossWord,
}

impl From<QualityLoss> for LossJson {
    fn from(it: QualityLoss) -> Self {
        Self { doubtful: it.is_doubtful(), word: it.word }
    }
}
