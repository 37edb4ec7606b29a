//! Fragmentation, pools and paged KV caches: room reserved as one block a user against pages of one pool.

use super::kit::{example, found, with};
use super::memory::{BAR, at_notch, bars, device, gib, notches, part, reading};
use crate::catalog::Catalog;
use crate::catalog::quantization::Quantization;
use crate::estimate::server::KV_BLOCK;
use crate::estimate::{Estimate, Memory, Verdict};
use crate::plan::{HandleId, ModelChoice, Plan, Runtime, SceneId};
use crate::scenes::draw::bars::Bar;
use crate::scenes::draw::blocks::{Block, BlockRow, Blocks};
use crate::scenes::draw::bubble::Bubble;
use crate::scenes::draw::key::Key;
use crate::scenes::draw::shelf::{Lies, Portion};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};
use crate::units::Bytes;

const MODEL: &str = "llama-3.1-8b";
const CARD: &str = "rtx-4090";
/// What a chat may hold at most, and what it holds on the average in the example.
const LONGEST: u64 = 8192;
const USED: u64 = 1024;
const CONTEXTS: [u64; 6] = [1024, 2048, 4096, 8192, 16_384, 32_768];
const CONTEXT_AT: usize = 3;

/// Pages of the picture: rows of a pool, and what each chat has written of what is reserved for it.
const ROW: u8 = 16;
const CHATS: [(&str, u8); 4] = [("A", 3), ("B", 7), ("C", 2), ("D", 4)];
/// Chats that have room as well once only what is written is taken.
const MORE: [(&str, u8); 6] = [("E", 5), ("F", 9), ("G", 3), ("H", 6), ("I", 12), ("J", 10)];
/// Chunks of `PyTorch`'s pool: taken or free, and how long.
const CHUNKS: [(bool, u8); 9] =
    [(true, 4), (false, 2), (true, 5), (false, 3), (true, 3), (false, 2), (true, 6), (false, 3), (true, 4)];
/// The chunk that is asked for then: longer than any that is free, shorter than all of them.
const ASKED: u8 = 5;

struct Story<'a> {
    catalog: &'a Catalog,
    long: Estimate,
    used: Estimate,
    tried: Estimate,
    at: usize,
}

impl<'a> Story<'a> {
    fn tell(premise: Premise<'a>) -> Option<Self> {
        let catalog = premise.catalog;
        let at = at_notch(premise, HandleId::Context, CONTEXT_AT, CONTEXTS.len());
        let mut plan = example(ModelChoice::Catalog(MODEL.to_owned()), Quantization::BF16, CARD);
        plan.workload.choose_runtime(Runtime::Vllm);
        plan.workload.quantization = Quantization::BF16;
        let of = |tokens| {
            let plan: Plan = with(&plan, |plan| plan.workload.context = tokens);
            found(&plan, catalog)
        };
        Some(Self { catalog, long: of(LONGEST)?, used: of(USED)?, tried: of(*CONTEXTS.get(at)?)?, at })
    }
}

/// What a server reserves for keys and values, and how many chats of the plan's length that holds.
fn pool(found: &Estimate) -> Option<(Bytes, u64)> {
    let chats = found.concurrency()?.floor();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of chats")]
    let chats = chats as u64;
    Some((found.kv_pool()?, chats))
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::PagedKv);
    let Some(story) = Story::tell(premise) else { return empty };
    let (Some(figures), Some(pictures)) = (figures(&story), pictures(&story)) else { return empty };
    Scene { figures, pictures, handles: vec![context(&story)], ..empty }
}

/// Pages that are written, and all that there are.
fn pages() -> (u64, u64) {
    let written = CHATS.iter().map(|(_, pages)| u64::from(*pages)).sum();
    (written, u64::from(ROW) * CHATS.len() as u64)
}

fn figures(story: &Story<'_>) -> Option<Figures> {
    let (written, all) = pages();
    let (bytes, chats) = pool(&story.long)?;
    Some(
        Figures::default()
            .with("model", Figure::Name(story.catalog.model(MODEL)?.name.clone()))
            .with("card", Figure::Name(story.catalog.card(CARD)?.name.clone()))
            .with("longest", Figure::Tokens(LONGEST))
            .with("used_tokens", Figure::Tokens(USED))
            .with("page", Figure::Count(KV_BLOCK))
            .with("each", Figure::Gib(part(&story.long, Memory::Kv)?))
            .with("each_used", Figure::Mib(part(&story.used, Memory::Kv)?))
            .with("chats", Figure::Count(CHATS.len() as u64))
            .with("written", Figure::Count(written))
            .with("pages", Figure::Count(all))
            .with("more", Figure::Count((CHATS.len() + MORE.len()) as u64))
            .with("pool", Figure::Gib(bytes))
            .with("weights", Figure::Gib(part(&story.long, Memory::Weights)?))
            .with("reserved_chats", Figure::Count(chats))
            .with("paged_chats", Figure::Count(pool(&story.used)?.1))
            .with("tried", Figure::Tokens(*CONTEXTS.get(story.at)?))
            .with("tried_chats", Figure::Count(pool(&story.tried)?.1)),
    )
}

fn page(at: u8, holds: Option<&str>, lies: Lies) -> Block {
    let block = Block::new(f32::from(at), 1.0, Memory::Kv, lies);
    match holds {
        Some(chat) => block.labeled(Say::Name(chat.to_owned())),
        None => block,
    }
}

fn row(name: Say, blocks: Vec<Block>) -> BlockRow {
    BlockRow { name, blocks, end: Say::NOTHING }
}

/// Each chat has one block of its own as long as it could ever get.
fn reserved() -> Vec<BlockRow> {
    let of = |(chat, written): (&str, u8)| {
        let blocks = (0..ROW).map(|at| {
            let is_written = at < written;
            page(at, is_written.then_some(chat), if is_written { Lies::Solid } else { Lies::Ghost })
        });
        row(Say::Joined(vec!["chat".into(), Say::Name(chat.to_owned())]), blocks.collect())
    };
    CHATS.into_iter().map(of).collect()
}

/// The same room as one pool, page by page to whoever needs the next.
fn paged() -> Vec<BlockRow> {
    let mut left: Vec<(&str, u8)> = CHATS.into_iter().chain(MORE).collect();
    let mut handed = Vec::new();
    // Chats write at the same time, so their pages lie between each other's.
    while left.iter().any(|(_, pages)| *pages > 0) {
        for (chat, pages) in &mut left {
            if *pages > 0 {
                *pages -= 1;
                handed.push(*chat);
            }
        }
    }
    let of = |at: usize| {
        let blocks = (0..ROW).map(|column| match handed.get(at * usize::from(ROW) + usize::from(column)) {
            Some(chat) => page(column, Some(chat), Lies::Solid),
            None => Block::empty(f32::from(column), 1.0),
        });
        row(if at == 0 { "one_pool".into() } else { Say::NOTHING }, blocks.collect())
    };
    (0..CHATS.len()).map(of).collect()
}

fn blocks(rows: Vec<BlockRow>) -> Placed {
    let blocks = Blocks {
        rows,
        places: f32::from(ROW),
        across: Say::NOTHING,
        key: Key::default(),
        names: 150.0,
        ends: 10.0,
        runs: 0.0,
    };
    Placed::new("pages", Area::new(60.0, 150.0, 1000.0, 290.0), blocks).linked(Link::Kv)
}

/// What `PyTorch` holds: chunks in use, and holes between them that no larger one fits into.
fn chunks() -> Vec<BlockRow> {
    let mut at = 0.0;
    let chunk = |(is_taken, span): (bool, u8)| {
        let (from, span) = (at, f32::from(span));
        at += span;
        if is_taken { Block::new(from, span, Memory::Compute, Lies::Solid) } else { Block::empty(from, span) }
    };
    let blocks = CHUNKS.into_iter().map(chunk).collect();
    let asked = Block::new(0.0, f32::from(ASKED), Memory::Compute, Lies::Nowhere).labeled("asked_for");
    vec![row("reserved".into(), blocks), row("wanted".into(), vec![asked])]
}

fn pictures(story: &Story<'_>) -> Option<Vec<Picture>> {
    let empty = CHATS.into_iter().map(|(chat, _)| {
        let blocks = (0..ROW).map(|at| page(at, None, Lies::Ghost)).collect();
        row(Say::Joined(vec!["chat".into(), Say::Name(chat.to_owned())]), blocks)
    });
    let holes = {
        let places = CHUNKS.iter().map(|(_, span)| f32::from(*span)).sum();
        let blocks = Blocks {
            rows: chunks(),
            places,
            across: Say::NOTHING,
            key: Key::default(),
            names: 210.0,
            ends: 10.0,
            runs: 0.0,
        };
        let error = Bubble {
            title: "oom".into(),
            lines: vec!["oom_line".into(), "oom_cure".into()],
            at: [420.0, 300.0],
            verdict: Verdict::DoesNotFit,
        };
        Picture::of(vec![
            Placed::new("chunks", Area::new(60.0, 140.0, 1232.0, 180.0), blocks).linked(Link::Compute),
            Placed::new("error", Area::new(400.0, 380.0, 640.0, 92.0), error),
        ])
    };
    Some(vec![
        Picture::of(vec![blocks(empty.collect())]),
        Picture::of(vec![blocks(reserved())]),
        Picture::of(vec![blocks(paged())]),
        server(story)?,
        holes,
        try_it(story)?,
    ])
}

/// What a server takes of the card: weights, working room, and all the rest as one pool.
fn pool_bar(found: &Estimate) -> Option<Bar> {
    let (bytes, _) = pool(found)?;
    let each = part(found, Memory::Kv)?;
    let portion = |component, bytes: Bytes, label: &'static str| {
        Portion::new(component, gib(bytes), Lies::Solid).labeled(Say::of(label, Figure::Gib(bytes)))
    };
    let device = device(found)?;
    Some(Bar::new(
        "vram",
        vec![
            portion(Memory::Weights, part(found, Memory::Weights)?, "weights"),
            Portion::new(Memory::Compute, gib(part(found, Memory::Compute)?), Lies::Solid),
            Portion::new(Memory::Overhead, gib(device.overhead.expected), Lies::Solid),
            portion(Memory::Kv, each.min(bytes), "one_chat"),
            Portion::new(Memory::Kv, gib(bytes.saturating_sub(each)), Lies::Ghost).labeled("rest_of_pool"),
        ],
    ))
}

fn server(story: &Story<'_>) -> Option<Picture> {
    let bar = pool_bar(&story.long)?.about("card");
    let bars = bars(&story.long, vec![bar], device(&story.long)?.usable.gib() * 1.05)?;
    Some(Picture::of(vec![
        Placed::new("bar", BAR, bars).linked(Link::Vram),
        reading("chats", 0, Figure::Count(pool(&story.long)?.1), "chats_unit", "chats_long"),
        reading("more", 1, Figure::Count(pool(&story.used)?.1), "chats_unit", "chats_used"),
    ]))
}

fn try_it(story: &Story<'_>) -> Option<Picture> {
    let bar = pool_bar(&story.tried)?.about("card");
    let bars = bars(&story.tried, vec![bar], device(&story.tried)?.usable.gib() * 1.05)?;
    Some(Picture::of(vec![
        Placed::new("bar", BAR, bars).linked(Link::Vram),
        reading("each", 0, Figure::Tokens(*CONTEXTS.get(story.at)?), "tokens_unit", "each_chat"),
        reading("chats", 1, Figure::Count(pool(&story.tried)?.1), "chats_unit", "chats_pool"),
    ]))
}

fn context(story: &Story<'_>) -> Handle {
    // The longest of which one chat has room in the pool.
    let each = part(&story.long, Memory::Kv).unwrap_or_default().0 / LONGEST;
    let room = pool(&story.long).unwrap_or_default().0;
    let limit = CONTEXTS.iter().rposition(|tokens| tokens * each <= room.0);
    Handle {
        id: HandleId::Context,
        name: "turn_context".into(),
        notches: notches(&CONTEXTS, Turn::Context, Figure::Tokens),
        at: story.at,
        yours: Some(CONTEXT_AT),
        limit,
        on: "bar",
        edge: Edge::Right,
    }
}
