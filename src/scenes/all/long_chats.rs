//! Long chats: the KV cache grows with every token and every user until nothing is left.

use super::kit::{example, found, with, words_a_second};
use super::memory::{
    BAR, MANY, at_notch, bare, bars, device, end_of, fits, gib, needs, notches, offer, part, portions, reading,
};
use crate::advise::inverse::largest_context_in_vram;
use crate::advise::remedies::Change;
use crate::catalog::Catalog;
use crate::catalog::quantization::{KvPrecision, Quantization};
use crate::estimate::{Estimate, Memory, Verdict};
use crate::plan::{HandleId, ModelChoice, Plan, SceneId};
use crate::scenes::draw::axis::Axis;
use crate::scenes::draw::bars::{Bar, Bars};
use crate::scenes::draw::blocks::{Block, BlockRow, Blocks};
use crate::scenes::draw::bubble::Bubble;
use crate::scenes::draw::curve::{Curve, Series, Sign};
use crate::scenes::draw::key::Key;
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::shelf::{Lies, Portion};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::offer::Offer;
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};
use crate::units::Bytes;

const MODEL: &str = "llama-3.1-8b";
/// Of the same size, with keys and values for every head.
const UNGROUPED: &str = "llama-2-7b";
const CARD: &str = "rtx-5060";
const SHORT: u64 = 4096;
const MIDDLE: u64 = 16_384;
const LONG: u64 = 32_768;
const EACH: u64 = 8192;
const USERS: [u32; 3] = [1, 2, 4];
/// Contexts that the handle snaps to.
const CONTEXTS: [u64; 7] = [4096, 8192, 12_288, 16_384, 20_480, 24_576, 32_768];
const CONTEXT_AT: usize = 3;
/// Tokens of the picture that shows them one by one.
const SHOWN: u16 = 24;
const CURES: usize = 5;

/// Room for names of rows, in points.
const NAMES: f32 = 190.0;

struct Story<'a> {
    catalog: &'a Catalog,
    plan: Plan,
    short: Estimate,
    long: Estimate,
    /// Contexts of the curve, each with what it comes to.
    grows: Vec<(u64, Estimate)>,
    most: u64,
    users: Vec<(u32, Estimate)>,
    ungrouped: Estimate,
    grouped: Estimate,
    smaller: Estimate,
    smaller_most: u64,
    tried: Estimate,
    at: usize,
}

impl<'a> Story<'a> {
    fn tell(premise: Premise<'a>) -> Option<Self> {
        let catalog = premise.catalog;
        let at = at_notch(premise, HandleId::Context, CONTEXT_AT, CONTEXTS.len());
        let plan = example(ModelChoice::Catalog(MODEL.to_owned()), Quantization::Q4_K_M, CARD);
        let at_length = |tokens| with(&plan, |plan| plan.workload.context = tokens);
        let of = |plan: &Plan| found(plan, catalog);
        let grows = [256, SHORT, EACH, MIDDLE, LONG].map(|tokens| Some((tokens, of(&at_length(tokens))?)));
        let users = USERS.map(|count| {
            let plan = with(&at_length(EACH), |plan| plan.workload.sequences = count);
            Some((count, of(&plan)?))
        });
        let ungrouped = with(&at_length(MIDDLE), |plan| {
            plan.workload.model = ModelChoice::Catalog(UNGROUPED.to_owned());
        });
        let smaller = crate::advise::remedies::changed(&at_length(MIDDLE), &[Change::KvCache(KvPrecision::q8_0)]);
        Some(Self {
            catalog,
            short: of(&plan)?,
            long: of(&at_length(LONG))?,
            grows: grows.into_iter().collect::<Option<_>>()?,
            most: largest_context_in_vram(&plan, catalog)?,
            users: users.into_iter().collect::<Option<_>>()?,
            ungrouped: of(&ungrouped)?,
            grouped: of(&at_length(MIDDLE))?,
            smaller: of(&smaller)?,
            smaller_most: largest_context_in_vram(&smaller, catalog)?,
            tried: of(&at_length(*CONTEXTS.get(at)?))?,
            at,
            plan,
        })
    }

    fn usable(&self) -> Option<Bytes> {
        Some(device(&self.short)?.usable)
    }

    /// What one token adds, read off two estimates.
    fn per_token(&self) -> Option<Bytes> {
        let [first, .., last] = self.grows.as_slice() else { return None };
        let more = kv(&last.1)?.0.checked_sub(kv(&first.1)?.0)?;
        more.checked_div(last.0 - first.0).map(Bytes)
    }
}

fn kv(found: &Estimate) -> Option<Bytes> {
    device(found)?.parts.kv_cache
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::LongChats);
    let Some(story) = Story::tell(premise) else { return empty };
    let (Some(figures), Some(pictures)) = (figures(&story), pictures(&story)) else { return empty };
    Scene { figures, pictures, handles: vec![context(&story)], offers: offers(&story), ..empty }
}

fn figures(story: &Story<'_>) -> Option<Figures> {
    let model = story.catalog.model(MODEL)?;
    let ungrouped = story.catalog.model(UNGROUPED)?;
    let per_token = story.per_token()?;
    let values = (model.num_hidden_layers * model.num_key_value_heads * model.head_dim).max(1);
    let kib = |bytes: u64| Figure::Number(bytes as f64 / 1024.0);
    Some(
        Figures::default()
            .with("model", Figure::Name(model.name.clone()))
            .with("other", Figure::Name(ungrouped.name.clone()))
            .with("card", Figure::Name(story.catalog.card(CARD)?.name.clone()))
            .with("weights", Figure::Gib(device(&story.short)?.parts.weights?))
            .with("usable", Figure::Gib(story.usable()?))
            .with("free", Figure::Gib(device(&story.short)?.free?))
            .with("per_token", kib(per_token.0))
            .with("per_layer", kib(per_token.0 / model.num_hidden_layers.max(1)))
            .with("pair", Figure::Count(per_token.0 / values))
            .with("layers", Figure::Count(model.num_hidden_layers))
            .with("kv_heads", Figure::Count(model.num_key_value_heads))
            .with("heads", Figure::Count(model.num_attention_heads))
            .with("share", Figure::Count(model.num_attention_heads / model.num_key_value_heads.max(1)))
            .with("head_dim", Figure::Count(model.head_dim))
            .with("short", Figure::Tokens(SHORT))
            .with("middle", Figure::Tokens(MIDDLE))
            .with("long", Figure::Tokens(LONG))
            .with("each", Figure::Tokens(EACH))
            .with("kv_short", Figure::Gib(kv(&story.short)?))
            .with("kv_long", Figure::Gib(kv(&story.long)?))
            .with("kv_long_line", Figure::Name(format!("{:.2}", kv(&story.long)?.0 as f64 / f64::from(1 << 20))))
            .with("most", Figure::Tokens(story.most))
            .with("smaller_most", Figure::Tokens(story.smaller_most))
            .with("users", Figure::Count(u64::from(story.users.last()?.0)))
            .with("kv_users", Figure::Gib(kv(&story.users.last()?.1)?))
            .with("kv_ungrouped", Figure::Gib(kv(&story.ungrouped)?))
            .with("kv_grouped", Figure::Gib(kv(&story.grouped)?))
            .with("kv_smaller", Figure::Gib(kv(&story.smaller)?))
            .with("tried", Figure::Tokens(*CONTEXTS.get(story.at)?)),
    )
}

/// The end of the axis where a full card is in sight.
fn end(story: &Story<'_>) -> Option<f64> {
    end_of(&story.long)
}

fn one(story: &Story<'_>, found: &Estimate, total: Say) -> Option<Bars> {
    let bar = Bar::new("vram", portions(found)?).about("card").total(total);
    bars(&story.long, vec![bar], end(story)?)
}

fn pictures(story: &Story<'_>) -> Option<Vec<Picture>> {
    let placed = |bars: Bars| Placed::new("bar", BAR, bars).linked(Link::Vram);
    let ask = {
        let free = Say::of("spare", Figure::Gib(device(&story.short)?.free?));
        Picture::of(vec![placed(one(story, &story.short, free)?)])
    };
    let stops = {
        let bubble = Bubble {
            title: "oom".into(),
            lines: vec!["oom_line".into()],
            at: [1080.0, 222.0],
            verdict: Verdict::DoesNotFit,
        };
        let bar = placed(one(story, &story.long, needs(&story.long)?)?);
        Picture::of(vec![bar, Placed::new("error", Area::new(1020.0, 60.0, 320.0, 72.0), bubble)])
    };
    Some(vec![
        ask,
        notes(story)?,
        grows(story)?,
        stops,
        Picture::of(vec![Placed::new("rows", MANY, users(story)?)]),
        Picture::of(vec![Placed::new("rows", MANY, cures(story)?)]),
        try_it(story)?,
    ])
}

/// Token by token, every layer writes its notes.
fn notes(story: &Story<'_>) -> Option<Picture> {
    let per_token = story.per_token()?;
    let layer = |name: &'static str| BlockRow {
        name: name.into(),
        blocks: (0..SHOWN).map(|at| Block::new(f32::from(at), 1.0, Memory::Kv, Lies::Solid)).collect(),
        end: Say::NOTHING,
    };
    let blocks = Blocks {
        rows: vec![layer("first_layer"), layer("second_layer"), layer("layers_between"), layer("last_layer")],
        places: f32::from(SHOWN),
        across: "tokens".into(),
        key: Key::default(),
        names: NAMES,
        ends: 20.0,
        runs: 3.0,
    };
    let reading = Reading {
        figure: Figure::Number(per_token.0 as f64 / 1024.0).into(),
        unit: "a_token".into(),
        about: "a_token_about".into(),
    };
    Some(Picture::of(vec![
        Placed::new("notes", Area::new(60.0, 100.0, 860.0, 300.0), blocks).linked(Link::Kv),
        Placed::new("a_token", Area::new(960.0, 150.0, 340.0, 160.0), reading),
    ]))
}

fn grows(story: &Story<'_>) -> Option<Picture> {
    let of = |component: Memory| -> Option<Vec<[f64; 2]>> {
        story.grows.iter().map(|(tokens, found)| Some([*tokens as f64, part(found, component)?.gib()])).collect()
    };
    let series = |component, label: &'static str| {
        Some(Series {
            component: Some(component),
            points: of(component)?,
            filled: true,
            dashed: false,
            label: label.into(),
        })
    };
    let usable = story.usable()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of tokens")]
    let say = |tokens: f64| Figure::Tokens(tokens as u64);
    let ticks = [0, SHORT, EACH, MIDDLE, 24_576, LONG].map(|tokens| (tokens as f64, say(tokens as f64).into()));
    let curve = Curve {
        across: Axis {
            from: 0.0,
            to: LONG as f64,
            doubling: false,
            ticks: ticks.into_iter().collect(),
            name: "tokens_axis".into(),
        },
        up: Axis::gib(end(story)?),
        series: vec![
            series(Memory::Overhead, "overhead")?,
            series(Memory::Weights, "weights")?,
            series(Memory::Compute, "compute")?,
            series(Memory::Kv, "kv")?,
        ],
        capacity: Some((usable.gib(), Say::of("usable", Figure::Gib(usable)))),
        signs: vec![Sign {
            at: story.most as f64,
            words: Say::of("limit", Figure::Tokens(story.most)),
            verdict: Some(Verdict::DoesNotFit),
        }],
        ends: 170.0,
    };
    Some(Picture::of(vec![Placed::new("curve", Area::new(60.0, 84.0, 1232.0, 456.0), curve)]))
}

/// Everybody has a chat of their own.
fn users(story: &Story<'_>) -> Option<Bars> {
    let names = ["one_user", "two_users", "four_users"];
    let rows = story.users.iter().zip(names).map(|((count, found), name)| {
        let each = Bytes(kv(found)?.0 / u64::from(*count).max(1));
        let mut parts = bare(found)?;
        let at = parts.iter().position(|part| part.component == Memory::Kv)?;
        let chat = |_| Portion::new(Memory::Kv, gib(each), Lies::Solid).labeled(Figure::Gib(each));
        parts.splice(at..=at, (0..*count).map(chat));
        Some(Bar::new(name, parts).total(needs(found)?))
    });
    bars(&story.long, rows.collect::<Option<_>>()?, 9.5)
}

/// The same chat with each head's own notes, with shared ones, and with shared ones in half the bits.
fn cures(story: &Story<'_>) -> Option<Bars> {
    let rows = [
        (Say::Name(story.catalog.model(UNGROUPED)?.name.clone()), "ungrouped", &story.ungrouped),
        (Say::Name(story.catalog.model(MODEL)?.name.clone()), "grouped", &story.grouped),
        (Say::Name(story.catalog.model(MODEL)?.name.clone()), "smaller", &story.smaller),
    ];
    let rows = rows.map(|(name, about, found)| {
        let parts = portions(found)?.into_iter().map(|part| match part.component {
            Memory::Kv => part,
            _ => Portion { label: None, ..part },
        });
        Some(Bar::new(name, parts.collect()).about(about).total(needs(found)?))
    });
    let end = (device(&story.ungrouped)?.total?.gib() * 1.04).ceil();
    bars(&story.long, rows.into_iter().collect::<Option<_>>()?, end)
}

fn try_it(story: &Story<'_>) -> Option<Picture> {
    let tokens = *CONTEXTS.get(story.at)?;
    let bar = Placed::new("bar", BAR, one(story, &story.tried, needs(&story.tried)?)?).linked(Link::Vram);
    let speed = || Figure::WordsPerSecond(words_a_second(&story.tried));
    let speed = if fits(&story.tried) {
        reading("speed", 2, speed(), "tokens_s", "speed_about")
    } else {
        reading("speed", 2, "stops", "nothing", "stops_about")
    };
    Some(Picture::of(vec![
        bar,
        reading("chat", 0, Figure::Tokens(tokens), "in_the_chat", "chat_about"),
        reading("cache", 1, Figure::Gib(kv(&story.tried)?), "nothing", "cache_about"),
        speed,
    ]))
}

fn context(story: &Story<'_>) -> Handle {
    Handle {
        id: HandleId::Context,
        name: "turn_context".into(),
        notches: notches(&CONTEXTS, Turn::Context, Figure::Tokens),
        at: story.at,
        yours: Some(CONTEXT_AT),
        limit: CONTEXTS.iter().rposition(|tokens| *tokens <= story.most),
        on: "bar",
        edge: Edge::Right,
    }
}

fn offers(story: &Story<'_>) -> Vec<Offer> {
    let long = with(&story.plan, |plan| plan.workload.context = LONG);
    let ways = [
        (("cure_q8", "cure_q8_about"), vec![Change::Context(MIDDLE), Change::KvCache(KvPrecision::q8_0)]),
        (("cure_short", "cure_short_about"), vec![Change::Context(MIDDLE)]),
        (("cure_layers", "cure_layers_about"), vec![Change::MostLayers]),
    ];
    ways.into_iter().filter_map(|(words, changes)| offer(CURES, words, &long, &changes, story.catalog)).collect()
}
