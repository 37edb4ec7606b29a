//! Figures that add up as they are printed: over many plans, in both languages and units.

use crate::support::{Scene, TALL, labels, plan, window};
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use rigplan::catalog::Catalog;
use rigplan::catalog::quantization::Quantization;
use rigplan::estimate::{Estimate, Verdict, estimate};
use rigplan::plan::{CpuExperts, Drafter, GpuLayers, ModelChoice, Plan, Runtime, Task, VisionPlace};
use rigplan::text::{Key, Locale};

/// Models × cards × engines × tasks × counts.
fn plans() -> Vec<Plan> {
    let mut plans = Vec::new();
    let cards: [&[(&str, u32)]; 9] = [
        &[("rtx-4090", 1)],
        &[("rtx-3060-12gb", 1)],
        &[("rtx-4090", 1), ("rtx-3090", 2)],
        &[("h100-sxm5", 8)],
        &[("rtx-4090", 16)],
        &[("rx-7900-xtx", 2)],
        &[("apple-m2-max", 1)],
        &[("ryzen-ai-max-395", 1)],
        &[],
    ];
    for cards in cards {
        for model in ["llama-3.1-8b", "llama-3.1-70b", "qwen3-30b-a3b"] {
            let base = plan(model, cards);
            let mut screen = base.clone();
            screen.machine.screen = true;
            screen.workload.sequences = 8;
            let mut all = base.clone();
            all.workload.gpu_layers = GpuLayers::All;
            let mut by_hand = base.clone();
            by_hand.workload.gpu_layers = GpuLayers::Count(9);
            by_hand.workload.cpu_experts = CpuExperts::Count(40);
            let mut server = base.clone();
            server.workload.choose_runtime(Runtime::Vllm);
            server.workload.quantization = Quantization::fp8;
            let train = |task| {
                let mut plan = base.clone();
                plan.workload.task = task;
                plan
            };
            let (qlora, full) = (train(Task::Qlora), train(Task::Full));
            let mut given = base.clone();
            given.machine.unified_gib = Some(24.0);
            given.machine.ram_gib = 48.0;
            let mut drafted = base.clone();
            drafted.workload.speculation.drafter = Drafter::Model("qwen3-0.6b".to_owned());
            let mut seeing = base.clone();
            seeing.workload.model = ModelChoice::Catalog("gemma-3-27b".to_owned());
            seeing.workload.vision = Some(VisionPlace::Gpu);
            plans.extend([base, screen, all, by_hand, server, qlora, full, given, drafted, seeing]);
        }
    }
    plans
}

/// The numbers of a text in order, in steps of their last digit, with how many digits they have behind the point.
fn numbers(text: &str) -> Vec<(i64, usize)> {
    let text = text.replace(',', "");
    let pieces = text.split(|letter: char| !letter.is_ascii_digit() && letter != '.');
    let read = |piece: &str| {
        let piece = piece.trim_matches('.');
        let digits = piece.split_once('.').map_or(0, |(_, behind)| behind.len());
        Some((piece.replace('.', "").parse().ok()?, digits))
    };
    pieces.filter_map(read).collect()
}

/// Needed, free and what there is stand in the order of the language; only figures with a tenth are amounts.
fn sentence_adds_up(said: &str, verdict: Verdict, zh: bool) -> bool {
    let amounts: Vec<i64> = numbers(said).into_iter().filter(|(_, digits)| *digits == 1).map(|(it, _)| it).collect();
    let [a, b, c] = amounts[..] else { return false };
    match (verdict, zh) {
        (Verdict::Fits | Verdict::Tight, false) => a + c == b,
        (Verdict::Fits | Verdict::Tight, true) => b + c == a,
        (Verdict::DoesNotFit, false) => a - c == b,
        (Verdict::DoesNotFit, true) => b - c == a,
        // What lies where, or in training as what fits.
        (Verdict::Offload, _) => a == b + c || a + c == b,
    }
}

/// The figures of each row under a heading of the table, in hundredths.
fn column(rows: &[String], heading: &str) -> Vec<(String, i64)> {
    let value = |row: &str| {
        let (_, behind) = row.split_once(&format!("{heading} "))?;
        let (first, digits) = *numbers(behind.split([',', '，']).next()?).first()?;
        let sign = if behind.starts_with('\u{2212}') { -1 } else { 1 };
        Some(sign * if digits == 2 { first } else { first * 100 })
    };
    let name = |row: &str| row.split([',', '，']).next().unwrap_or_default().to_owned();
    rows.iter().filter_map(|row| Some((name(row), value(row)?))).collect()
}

/// The parts of a column, and what is needed, free and kept, add up; `capacity` as it is printed, in hundredths.
fn column_adds_up(cells: &[(String, i64)], capacity: Option<i64>, locale: Locale) -> Result<(), String> {
    let word = |key| locale.word(key);
    let Some(end) = cells.iter().position(|(name, _)| name == word(Key::Needed)) else { return Ok(()) };
    let needed = cells[end].1;
    let parts: i64 = cells[..end].iter().map(|cell| cell.1).sum();
    if parts != needed {
        return Err(format!("parts are {parts}, needed {needed}"));
    }
    let below = cells[end + 1..].iter().filter(|(name, _)| name != word(Key::KvPool));
    let rest: i64 = below.map(|cell| cell.1).sum();
    match capacity.filter(|capacity| needed + rest != *capacity) {
        Some(capacity) => Err(format!("needed {needed} and {rest} are not {capacity}")),
        None => Ok(()),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "far below 2^63")]
fn hundredths(bytes: rigplan::units::Bytes) -> i64 {
    (bytes.gib() * 100.0).round() as i64
}

fn check(plan: &Plan, found: &Estimate, locale: Locale) {
    let Some(verdict) = found.verdict else { return };
    let scene = Scene { plan: plan.clone(), estimate: Ok(found.clone()), locale, ..Scene::offload() };
    let harness = window(scene, TALL);
    let zh = locale == Locale::Zh;
    let word = locale.word(rigplan::ui::words::verdict(verdict));
    let said = harness.query_all_by_role(Role::Label).filter_map(|node| node.accesskit_node().value());
    let said = said.into_iter().find(|it| it.starts_with(word)).unwrap_or_default();
    assert!(sentence_adds_up(&said, verdict, zh), "{said:?} of {plan:?}");
    let rows = labels(&harness, Role::Row);
    let fullest = found.training.as_ref().map(|step| step.device);
    let vram = match fullest {
        Some(place) => found.devices.get(place).map(|device| device.capacity),
        None => Some(found.vram()),
    };
    let unified = found.is_unified();
    let first = if unified { Some(found.host.capacity) } else { None };
    let columns = [
        (Key::Total, first),
        (Key::InVram, vram.filter(|vram| vram.0 > 0)),
        (Key::AtPeak, vram),
        (Key::AtStep, None),
        (Key::InRam, Some(found.host.capacity).filter(|_| !unified)),
        (Key::GpuPart, None),
        (Key::CpuPart, None),
    ];
    for (key, capacity) in columns {
        let capacity = capacity.map(hundredths);
        let cells = column(&rows, locale.word(key));
        if let Err(why) = column_adds_up(&cells, capacity, locale) {
            panic!("{key:?}: {why}\n{rows:#?}\n{plan:?}");
        }
    }
    for row in &rows {
        let one = |key| column(std::slice::from_ref(row), locale.word(key)).first().map(|cell| cell.1);
        let beside = [(Key::InVram, Key::InRam), (Key::GpuPart, Key::CpuPart)];
        for (vram, ram) in beside {
            if let (Some(total), Some(vram), Some(ram)) = (one(Key::Total), one(vram), one(ram)) {
                assert_eq!(total, vram + ram, "{row}");
            }
        }
    }
}

#[test]
fn figures_add_up_in_every_plan_and_language() {
    let mut judged = std::collections::BTreeMap::<Verdict, usize>::new();
    for (place, plan) in plans().iter().step_by(3).enumerate() {
        let Ok(found) = estimate(plan, Catalog::embedded()) else { continue };
        if let Some(verdict) = found.verdict {
            *judged.entry(verdict).or_default() += 1;
        }
        check(plan, &found, if place % 2 == 0 { Locale::En } else { Locale::Zh });
        check(plan, &found, if place % 2 == 0 { Locale::Zh } else { Locale::En });
    }
    assert_eq!(judged.len(), 4, "{judged:?}");
}
