//! The ladder of ways for terminals and scripts: `rigplan estimate --ways`.

use std::fmt::Write;

use serde::Serialize;

use super::columns::{known, wide};
use super::json::sorted;
use super::words::verdict;
use crate::advise::remedies::words::{self as remedy_words, Speech, group};
use crate::advise::remedies::{Cost, Ladder, PlanOutcome, Remedy, RemedyGroup, Standing, methods, parameters};
use crate::catalog::Catalog;
use crate::catalog::origin::Origin;
use crate::catalog::quality::{LossWord, QualityLoss};
use crate::catalog::source::PriceKind;
use crate::estimate::Verdict;
use crate::plan::Plan;
use crate::text::{Key, Locale};
use crate::units::{Band, Bytes, Usd};

/// The ladder in lines for a terminal.
pub(super) fn show(ladder: &Ladder, plan: &Plan, catalog: &Catalog, locale: Locale) -> String {
    let speech = Speech { locale, catalog, before: plan };
    let mut out = String::new();
    if !ladder.first.is_empty() {
        heading(&mut out, Key::GroupFirst, locale);
    }
    for way in &ladder.first {
        line(&mut out, &speech.way(way), (&way.plan, &way.after), &rest(way, &speech, catalog), &speech);
    }
    if !(ladder.first.is_empty() || ladder.recipes.is_empty()) {
        out.push('\n');
    }
    for recipe in &ladder.recipes {
        let bought = format!("{}  {}", speech.cost(&recipe.cost), speech.recipe(recipe));
        line(&mut out, &speech.title(recipe), (&recipe.plan, &recipe.after), &bought, &speech);
    }
    for step in RemedyGroup::ALL {
        let mut ways = ladder.of(step).peekable();
        let software = ladder.software.as_ref().filter(|_| step == RemedyGroup::Quantize);
        let advised = ladder.advice.iter().any(|advice| advice.group == step);
        if ways.peek().is_some() || software.is_some() || advised {
            heading(&mut out, remedy_words::heading(step, plan, catalog), locale);
        }
        for way in ways {
            line(&mut out, &speech.way(way), (&way.plan, &way.after), &rest(way, &speech, catalog), &speech);
        }
        for advice in ladder.advice.iter().filter(|advice| advice.group == step) {
            // A string takes everything.
            let _ = writeln!(out, "  {}", locale.word(advice.topic.words()));
            if let Some(command) = &advice.command {
                let _ = writeln!(out, "      {command}");
            }
        }
        if let Some(way) = software {
            let name = speech.software(&ladder.now, &way.after);
            line(&mut out, &name, (&way.plan, &way.after), &rest(way, &speech, catalog), &speech);
        }
    }
    out
}

/// The heading of a group: its name and nothing that could be read as a row.
fn heading(out: &mut String, key: Key, locale: Locale) {
    // A string takes everything.
    let _ = writeln!(out, "  - {} -", locale.word(key));
}

/// A row: verdict, what is changed, speed, and the rest.
fn line(out: &mut String, name: &str, (plan, after): (&Plan, &PlanOutcome), rest: &str, speech: &Speech<'_>) {
    let locale = speech.locale;
    let rate = known(speech.rate(after, plan.workload.sequences), locale);
    let verdict = verdict(after.verdict, locale);
    let blanks = |width: usize, text: &str| " ".repeat(width.saturating_sub(wide(text)));
    let (after_verdict, after_name, before_rate) = (blanks(18, verdict), blanks(44, name), blanks(13, &rate));
    // A string takes everything.
    let _ = writeln!(out, "  {verdict}{after_verdict} {name}{after_name} {before_rate}{rate}  {}", rest.trim_end());
}

fn rest(way: &Remedy, speech: &Speech<'_>, catalog: &Catalog) -> String {
    let lowers = methods(&way.change).next().is_some();
    let loss = if lowers { speech.loss(way.loss, parameters(&way.plan, catalog)) } else { String::new() };
    if way.standing == Standing::Now {
        return speech.locale.word(Key::StandingNow).to_owned();
    }
    format!("{}  {loss}", speech.cost(&way.cost))
}

/// The ladder as the contract spells it.
#[derive(Debug, Serialize)]
pub(super) struct LadderJson {
    advice: Vec<AdviceJson>,
    first: Vec<RemedyJson>,
    recipes: Vec<RecipeJson>,
    software: Option<RemedyJson>,
    ways: Vec<RemedyJson>,
}

impl LadderJson {
    pub(super) fn of(ladder: &Ladder, plan: &Plan, catalog: &Catalog) -> Self {
        let speech = Speech { locale: Locale::En, catalog, before: plan };
        let recipes = ladder.recipes.iter().map(|it| RecipeJson {
            after: (&it.after).into(),
            changes: it.changes.iter().map(|change| speech.change(change, &it.after)).collect(),
            cost: CostJson::of(&it.cost),
            goal: speech.title(it),
            quality_lost: it.loss.map(LossJson::from),
        });
        let way = |it: &Remedy, change: String| RemedyJson {
            after: (&it.after).into(),
            change,
            cost: CostJson::of(&it.cost),
            group: Locale::En.word(group(it.group)),
            quality_lost: it.loss.map(LossJson::from),
            standing: it.standing,
        };
        let named = |it: &Remedy| way(it, speech.way(it));
        let advice = ladder.advice.iter().map(|it| AdviceJson {
            command: it.command.clone(),
            group: Locale::En.word(group(it.group)),
            says: Locale::En.word(it.topic.words()),
        });
        Self {
            advice: advice.collect(),
            first: ladder.first.iter().map(named).collect(),
            recipes: recipes.collect(),
            software: ladder.software.as_ref().map(|it| way(it, speech.software(&ladder.now, &it.after))),
            ways: ladder.ways.iter().map(named).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
struct AdviceJson {
    command: Option<String>,
    group: &'static str,
    says: &'static str,
}

#[derive(Debug, Serialize)]
struct RecipeJson {
    after: PlanOutcomeJson,
    changes: Vec<String>,
    cost: Option<CostJson>,
    goal: String,
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
    Usd { date: String, kind: PriceKind, source: String, spared_usd: Option<Usd>, usd: Usd },
    Rent { cloud: String, date: String, source: String, usd_per_hour: Usd },
}

impl CostJson {
    /// `None` where there is no price.
    fn of(cost: &Cost) -> Option<Self> {
        let sources = |source: &[Origin]| source.iter().map(Origin::text).collect::<Vec<_>>().join("; ");
        match cost {
            Cost::Rent { usd_per_hour, cloud, date, source } => Some(Self::Rent {
                cloud: cloud.to_string(),
                date: date.as_str().to_owned(),
                source: sources(source),
                usd_per_hour: *usd_per_hour,
            }),
            Cost::Nothing => Some(Self::Nothing { usd: 0 }),
            Cost::NoPrice => None,
            Cost::Usd { usd, spared, kind, date, source } => Some(Self::Usd {
                date: date.as_str().to_owned(),
                kind: *kind,
                source: sources(source),
                spared_usd: *spared,
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
