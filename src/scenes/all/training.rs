//! Out of VRAM in training: what piles up beside the weights, what takes it down again; and the other message, out of RAM.

use super::kit::{example, found, with};
use super::memory::{
    BAR, MANY, at_notch, bare, bars, device, end_of, fits, gib, needs, notches, offer, part, portions, rate, reading,
};
use crate::advise::inverse::most_sequences_in_vram;
use crate::advise::remedies::{Change, TrainingChange, changed};
use crate::catalog::Catalog;
use crate::catalog::quantization::Quantization;
use crate::catalog::runtime::DiskKind;
use crate::estimate::{Estimate, Memory, Verdict};
use crate::plan::{HandleId, ModelChoice, Optimizer, Plan, Precision, SceneId, Task};
use crate::scenes::draw::axis::Axis;
use crate::scenes::draw::bars::{Bar, Bars};
use crate::scenes::draw::bubble::Bubble;
use crate::scenes::draw::key::Key;
use crate::scenes::draw::lane::Lane;
use crate::scenes::draw::shelf::{Lies, Portion};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::handle::{Edge, Handle, Turn};
use crate::scenes::mark::{Area, Link};
use crate::scenes::offer::Offer;
use crate::scenes::picture::{Picture, Placed, Say};
use crate::scenes::{Premise, Scene};
use crate::units::Bytes;

const MODEL: &str = "llama-3.1-8b";
const CARD: &str = "rtx-4090";
const LENGTH: u64 = 2048;
const BATCH: u32 = 8;
/// Bits of a quantized state, and of a weight that `QLoRA` freezes.
const STATE_BITS: u64 = 8;
const FROZEN_BITS: u64 = 4;
/// Bytes of a number in BF16.
const BF16: u64 = 2;
const RAM_GIB: f64 = 32.0;
const DATASET_TOKENS: u64 = 2_000_000_000;
const WORKERS: u32 = 4;
/// Micro-batches that the handle snaps to.
const BATCHES: [u32; 6] = [1, 2, 3, 4, 6, 8];
const BATCH_AT: usize = 0;
const CURES: usize = 4;
/// The disk that swap lies on.
const DISK: &str = "NVMe PCIe 4.0";
/// The way from RAM, in points; seconds that plates travel.
const WAY: f64 = 20.0;
const RUNS: f32 = 2.0;

struct Story<'a> {
    catalog: &'a Catalog,
    plan: Plan,
    serves: Estimate,
    piles: Estimate,
    /// One batch a step, so that gradients go with every step.
    once: Estimate,
    /// Full fine-tuning, step by step with less: FP32, mixed, BF16, accumulated, checkpointed.
    lighter: Vec<(&'static str, Estimate)>,
    /// With fewer states: 8-bit optimizer, adapters, adapters beside 4 bits.
    fewer: Vec<(&'static str, Estimate)>,
    ram: Estimate,
    tried: Estimate,
    most: u32,
    at: usize,
    disk: &'a DiskKind,
    /// GB/s of the RAM.
    ram_rate: f64,
}

impl<'a> Story<'a> {
    fn tell(premise: Premise<'a>) -> Option<Self> {
        let catalog = premise.catalog;
        let disks = &catalog.runtimes().disks;
        let at = at_notch(premise, HandleId::Sequences, BATCH_AT, BATCHES.len());
        let serves = example(ModelChoice::Catalog(MODEL.to_owned()), Quantization::BF16, CARD);
        let of = |plan: &Plan| found(plan, catalog);
        let plan = with(&serves, |plan| {
            plan.workload.task = Task::Full;
            let training = &mut plan.workload.training;
            (training.sequence_length, training.micro_batch) = (LENGTH, BATCH);
            (training.precision, training.checkpointing) = (Precision::Fp32, false);
        });
        let way = |changes: &[TrainingChange]| {
            let changes: Vec<Change> = changes.iter().map(|change| Change::Training(*change)).collect();
            changed(&plan, &changes)
        };
        let less = [
            TrainingChange::Precision(Precision::Bf16),
            TrainingChange::MicroBatch(1, BATCH),
            TrainingChange::Checkpointing,
        ];
        let piles = way(&less[..2]);
        let lighter = [
            ("fp32", plan.clone()),
            ("amp", way(&[TrainingChange::Precision(Precision::Amp)])),
            ("bf16", way(&less[..1])),
            ("accumulated", piles.clone()),
            ("checkpointed", way(&less)),
        ];
        let after = |change| way(&[&less[..], &[change]].concat());
        let qlora = after(TrainingChange::Task(Task::Qlora));
        let fewer = [
            ("checkpointed", way(&less)),
            ("eight_bit", after(TrainingChange::Optimizer(Optimizer::AdamW8bit))),
            ("lora", after(TrainingChange::Task(Task::Lora))),
            ("qlora", qlora.clone()),
        ];
        let ram = with(&qlora, |plan| {
            plan.machine.ram_gib = RAM_GIB;
            let training = &mut plan.workload.training;
            (training.dataset_in_ram, training.dataset_tokens) = (true, DATASET_TOKENS);
            training.loader_workers = WORKERS;
        });
        let tried = with(&qlora, |plan| {
            plan.workload.training.gradient_accumulation = 1;
            plan.workload.training.micro_batch = BATCHES.get(at).copied().unwrap_or(1);
        });
        let all = |ways: Vec<(&'static str, Plan)>| -> Option<Vec<_>> {
            ways.into_iter().map(|(name, plan)| Some((name, of(&plan)?))).collect()
        };
        Some(Self {
            catalog,
            serves: of(&serves)?,
            once: of(&with(&piles, |plan| plan.workload.training.gradient_accumulation = 1))?,
            piles: of(&piles)?,
            lighter: all(lighter.to_vec())?,
            fewer: all(fewer.to_vec())?,
            ram: of(&ram)?,
            most: most_sequences_in_vram(&tried, catalog)?,
            tried: of(&tried)?,
            at,
            disk: disks.iter().find(|disk| disk.name == DISK).or_else(|| disks.last())?,
            ram_rate: ram.machine.named_ram_gb_s(catalog).unwrap_or_else(|| catalog.speeds().host.ram_gb_s.expected),
            plan,
        })
    }

    fn row(&self, name: &str) -> Option<&Estimate> {
        self.lighter.iter().chain(&self.fewer).find(|(is, _)| *is == name).map(|(_, found)| found)
    }
}

pub(super) fn build(premise: Premise<'_>) -> Scene {
    let empty = super::nothing(SceneId::Training);
    let Some(story) = Story::tell(premise) else { return empty };
    let (Some(figures), Some(pictures)) = (figures(&story), pictures(&story)) else { return empty };
    Scene { figures, pictures, handles: vec![batch(&story)], offers: offers(&story), ..empty }
}

fn figures(story: &Story<'_>) -> Option<Figures> {
    let model = story.catalog.model(MODEL)?;
    let of = |component| Some(Figure::Gib(part(&story.piles, component)?));
    let total = |name: &str| Some(Figure::Gib(device(story.row(name)?)?.total?));
    let first = Bytes(LENGTH * model.intermediate_size * BF16);
    let card = device(&story.piles)?;
    let host = &story.ram.host;
    Some(
        Figures::default()
            .with("model", Figure::Name(model.name.clone()))
            .with("card", Figure::Name(story.catalog.card(CARD)?.name.clone()))
            .with("usable", Figure::Gib(card.usable))
            .with("capacity_line", Figure::Name(format!("{:.2} GiB", card.capacity.gib())))
            .with("first_line", Figure::Name(format!("{:.2} MiB", first.0 as f64 / f64::from(1 << 20))))
            .with("serves", Figure::Gib(device(&story.serves)?.total?))
            .with("piles", Figure::Gib(card.total?))
            .with("times", Figure::Times(card.total?.gib() / device(&story.serves)?.total?.gib()))
            .with("weights", of(Memory::Weights)?)
            .with("gradients", of(Memory::Gradients)?)
            .with("optimizer", of(Memory::Optimizer)?)
            .with("activations", of(Memory::Compute)?)
            .with("length", Figure::Tokens(LENGTH))
            .with("batch", Figure::Count(u64::from(BATCH)))
            .with("fp32", total("fp32")?)
            .with("amp", total("amp")?)
            .with("bf16", total("bf16")?)
            .with("accumulated", total("accumulated")?)
            .with("checkpointed", total("checkpointed")?)
            .with("eight_bit", total("eight_bit")?)
            .with("lora", total("lora")?)
            .with("qlora", total("qlora")?)
            .with("state_bits", Figure::Count(STATE_BITS))
            .with("frozen_bits", Figure::Count(FROZEN_BITS))
            .with("share", share(story)?)
            .with("ram", Figure::Gib(host.capacity))
            .with("host", Figure::Gib(host.total?))
            .with("os", Figure::Gib(host.os))
            .with("dataset", dataset())
            .with("ram_rate", Figure::GbPerSecond(story.ram_rate))
            .with("disk_rate", Figure::GbPerSecond(story.disk.gb_s))
            .with("disk_name", Figure::Name(story.disk.name.clone()))
            .with("swap_times", Figure::Times(story.ram_rate / story.disk.gb_s))
            .with("vram_there", Figure::Gib(device(&story.ram)?.free?))
            .with("most", Figure::Count(u64::from(story.most)))
            .with("micro", Figure::Count(u64::from(*BATCHES.get(story.at)?))),
    )
}

fn dataset() -> Figure {
    let (billions, yi) = (DATASET_TOKENS / 1_000_000_000, DATASET_TOKENS / 100_000_000);
    Figure::Both(format!("{billions} billion"), format!("{yi} 亿"))
}

/// Trained parameters of the adapters against all, in percent with its digits.
fn share(story: &Story<'_>) -> Option<Figure> {
    let found = story.row("lora")?;
    let trained = found.training.as_ref()?.trained as f64;
    Some(Figure::Number(trained / found.params? as f64 * 100.0))
}

fn pictures(story: &Story<'_>) -> Option<Vec<Picture>> {
    let end = end_of(&story.piles)?;
    let one = |portions, total: Say| {
        let bar = Bar::new("vram", portions).about("card").total(total);
        Some(Placed::new("bar", BAR, bars(&story.piles, vec![bar], end)?).linked(Link::Vram))
    };
    let weights = vec![
        Portion::new(Memory::Weights, gib(part(&story.piles, Memory::Weights)?), Lies::Solid).labeled("weights_only"),
    ];
    let error = Bubble {
        title: "oom".into(),
        lines: vec!["oom_first".into(), "oom_capacity".into()],
        at: [620.0, 222.0],
        verdict: Verdict::DoesNotFit,
    };
    let piled = one(portions(&story.piles)?, needs(&story.piles)?)?;
    Some(vec![
        Picture::of(vec![one(weights, Say::NOTHING)?]),
        Picture::of(vec![piled.clone(), Placed::new("error", Area::new(590.0, 52.0, 430.0, 92.0), error)]),
        Picture::of(vec![Placed::new("moments", MANY, moments(story)?)]),
        Picture::of(vec![Placed::new("lighter", MANY, ways(story, &story.lighter)?)]),
        Picture::of(vec![Placed::new("fewer", MANY, ways(story, &story.fewer)?)]),
        other_message(story)?,
        try_it(story)?,
    ])
}

/// One step of training, moment by moment.
fn moments(story: &Story<'_>) -> Option<Bars> {
    use crate::estimate::training::TrainingPhase as Phase;
    let step = story.once.training.as_ref()?;
    let overhead = device(&story.once)?.overhead.expected;
    let shown = [
        (Phase::Forward, "forward"),
        (Phase::LastLayerBackward, "backward_begins"),
        (Phase::FirstLayerBackward, "backward_ends"),
        (Phase::OptimizerStep, "step"),
    ];
    let rows = shown.map(|(phase, name)| {
        let at = step.at(phase)?;
        let parts = [
            (Memory::Weights, at.weights),
            (Memory::Optimizer, at.optimizer),
            (Memory::Gradients, at.gradients),
            (Memory::Compute, at.activations + at.temporaries + at.buffers),
            (Memory::Overhead, overhead),
        ];
        let portions = parts.map(|(component, bytes)| {
            let portion = Portion::new(component, gib(bytes), Lies::Solid);
            if component == Memory::Compute && bytes > Bytes::from_gib(0.1) {
                portion.labeled(Figure::Gib(bytes))
            } else {
                portion
            }
        });
        let total: Bytes = parts.iter().map(|(_, bytes)| *bytes).sum();
        Some(Bar::new(name, portions.to_vec()).total(Figure::Gib(total)))
    });
    bars(&story.piles, rows.into_iter().collect::<Option<_>>()?, end_of(&story.piles)?)
}

/// Ways, each with less than the one before it.
fn ways(story: &Story<'_>, ways: &[(&'static str, Estimate)]) -> Option<Bars> {
    let rows = ways.iter().map(|(name, found)| Some(Bar::new(*name, bare(found)?).total(needs(found)?)));
    bars(&story.piles, rows.collect::<Option<_>>()?, end_of(&ways.first()?.1)?)
}

/// RAM is full while the card has room: another message.
fn other_message(story: &Story<'_>) -> Option<Picture> {
    let host = &story.ram.host;
    let card = device(&story.ram)?;
    let ram = Bar::new(
        "ram",
        vec![
            Portion::new(Memory::Os, gib(host.os), Lies::Hatched).labeled("os_here"),
            Portion::new(Memory::Compute, gib(host.total?), Lies::Hatched).labeled("data"),
        ],
    );
    let vram = Bar::new("vram", bare(&story.ram)?).about("card").holding(card.usable.gib());
    let end = ((host.os + host.total?).gib() * 1.02).ceil();
    let excess = host.excess?;
    let swap = Bar::new("swap", vec![Portion::new(Memory::Compute, gib(excess), Lies::Ghost)]).about("swap_about");
    let bars = Bars {
        key: Key::default(),
        rows: vec![
            vram.total(Say::of("spare", Figure::Gib(card.free?))),
            ram.about("pc").holding(host.capacity.gib()).total(Say::of("missing", Figure::Gib(excess))),
            swap.total(Figure::Gib(excess)),
        ],
        axis: Axis::gib(end),
        limit: None,
        names: 230.0,
        ends: 150.0,
        flow: None,
    };
    let vram_says = Bubble {
        title: "vram_ran_out".into(),
        lines: vec!["oom".into(), "oom_first".into()],
        at: [380.0, 352.0],
        verdict: Verdict::DoesNotFit,
    };
    let ram_says = Bubble {
        title: "ram_ran_out".into(),
        lines: vec!["killed".into(), "killed_worker".into()],
        at: [1100.0, 352.0],
        verdict: Verdict::DoesNotFit,
    };
    let (from_ram, from_disk) = (story.ram_rate, story.disk.gb_s);
    let way = |gb_s: f64, role: &'static str| Lane {
        gb_s,
        scale: from_ram / WAY,
        rate: Figure::GbPerSecond(gb_s).into(),
        role: role.into(),
        cargo: Some(Memory::Compute),
        limit: None,
        runs: RUNS,
        back: false,
    };
    Some(Picture::of(vec![
        Placed::new("both", Area::new(60.0, 78.0, 1232.0, 274.0), bars),
        Placed::new("says_ram", Area::new(690.0, 374.0, 602.0, 82.0), ram_says).linked(Link::Ram),
        Placed::new("says_vram", Area::new(60.0, 374.0, 520.0, 82.0), vram_says).linked(Link::Vram),
        Placed::new("from_ram", Area::new(60.0, 486.0, 520.0, 50.0), way(from_ram, "from_ram")).linked(Link::Ram),
        Placed::new("from_disk", Area::new(690.0, 486.0, 580.0, 50.0), way(from_disk, "from_disk")).linked(Link::Disk),
    ]))
}

fn try_it(story: &Story<'_>) -> Option<Picture> {
    let end = 40.0;
    let bar = Bar::new("vram", portions(&story.tried)?).about("card").total(needs(&story.tried)?);
    let bars = bars(&story.piles, vec![bar], end)?;
    let speed = if fits(&story.tried) { (rate(&story.tried)?, "rate_about") } else { ("stops".into(), "stops_about") };
    Some(Picture::of(vec![
        Placed::new("bar", BAR, bars).linked(Link::Vram),
        reading("micro", 0, Figure::Count(u64::from(*BATCHES.get(story.at)?)), "at_once", "at_once_about"),
        reading("speed", 1, speed.0, "nothing", speed.1),
    ]))
}

fn batch(story: &Story<'_>) -> Handle {
    Handle {
        id: HandleId::Sequences,
        name: "turn_batch".into(),
        notches: notches(&BATCHES, Turn::Sequences, |count| Figure::Count(count.into())),
        at: story.at,
        yours: Some(BATCH_AT),
        limit: BATCHES.iter().rposition(|count| *count <= story.most),
        on: "bar",
        edge: Edge::Right,
    }
}

fn offers(story: &Story<'_>) -> Vec<Offer> {
    let base = [
        TrainingChange::Precision(Precision::Bf16),
        TrainingChange::MicroBatch(1, BATCH),
        TrainingChange::Checkpointing,
    ];
    let ways = [
        (("eight_bit_offer", "eight_bit_about"), TrainingChange::Optimizer(Optimizer::AdamW8bit)),
        (("lora", "lora_about"), TrainingChange::Task(Task::Lora)),
        (("qlora", "qlora_about"), TrainingChange::Task(Task::Qlora)),
    ];
    let made = ways.into_iter().filter_map(|(words, change)| {
        let changes: Vec<Change> = base.into_iter().chain([change]).map(Change::Training).collect();
        offer(CURES, words, &story.plan, &changes, story.catalog)
    });
    made.collect()
}
