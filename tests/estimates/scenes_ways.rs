//! Figures of the scenes about where a model lies and how it gets there, worked out again from the catalog, from plans of
//! their own and by hand.

use rigplan::catalog::Catalog;
use rigplan::catalog::parts::Dimm;
use rigplan::catalog::quantization::Quantization;
use rigplan::estimate::{Estimate, Verdict, estimate};
use rigplan::plan::{
    CardChoice, CardCount, GpuLayers, HandleId, ModelChoice, OperatingSystem, Plan, Runtime, SceneId, Turned,
};
use rigplan::scenes::figure::Figure;
use rigplan::scenes::{Premise, Scene};
use rigplan::text::Locale;
use rigplan::units::{Bytes, Usd};

const MIB: u64 = 1 << 20;

fn turned(id: SceneId, turned: &Turned) -> Scene {
    Scene::build(id, Premise::new(&Plan::default(), Catalog::embedded()).turned(turned))
}

fn scene(id: SceneId) -> Scene {
    turned(id, &Turned::default())
}

fn says(scene: &Scene, name: &str, figure: &Figure) {
    let said = scene.figures.said(name, Locale::En);
    assert_eq!(said.as_deref(), Some(&*figure.say(Locale::En)), "{}: {name}", scene.id.name());
}

fn plan(model: ModelChoice, stored: Quantization, card: &str, change: impl FnOnce(&mut Plan)) -> Plan {
    let mut plan = Plan::default();
    plan.machine.cards = vec![CardCount::of(CardChoice::Catalog(card.to_owned()), 1)];
    plan.machine.ram_gib = 32.0;
    plan.machine.ram_gb_s = Some(83.2);
    plan.workload.model = model;
    plan.workload.quantization = stored;
    plan.workload.gpu_layers = GpuLayers::All;
    plan.workload.context = 4096;
    change(&mut plan);
    plan
}

fn named(id: &str) -> ModelChoice {
    ModelChoice::Catalog(id.to_owned())
}

fn of(plan: &Plan) -> Estimate {
    estimate(plan, Catalog::embedded()).expect("an estimate")
}

fn words(plan: &Plan) -> Figure {
    Figure::WordsPerSecond(of(plan).speed.decode.expect("a speed").expected)
}

#[test]
fn one_token_reads_every_weight_once() {
    let scene = scene(SceneId::OneToken);
    // Llama 3.1 8B in Q4_K_M is a file of 4.92 GB; PCI Express 5.0 moves 32 GT/s on each of eight lanes, 128 of 130 bits.
    says(&scene, "model", &Figure::Gb(4.92));
    says(&scene, "pcie_rate", &Figure::GbPerSecond(32.0 * 8.0 * 128.0 / 130.0 / 8.0));
    let plan = plan(named("llama-3.1-8b"), Quantization::Q4_K_M, "rtx-5060-ti-16gb", |_| {});
    let found = of(&plan);
    says(&scene, "read_s", &Figure::Seconds(found.weights.expect("a file").0 as f64 / 7.45e9));
    let weights = found.devices[0].parts.weights.expect("weights");
    says(&scene, "lap", &Figure::Seconds(weights.0 as f64 / 448e9));
    says(&scene, "words", &words(&plan));
    // A row of scores in FP32 for 128,256 words.
    says(&scene, "logits", &Figure::Name("0.5 MB".to_owned()));
    let sixteen_bits = turned(SceneId::OneToken, &Turned::from([(HandleId::Weights, 5)]));
    says(&sixteen_bits, "t_model", &Figure::Gb(16.06));
    let handle = &sixteen_bits.handles[0];
    assert_eq!((handle.at, handle.limit), (5, Some(5)), "16 bits just fit: the list of words stays in RAM");
}

#[test]
fn the_error_names_the_matrix_that_found_no_room() {
    let scene = scene(SceneId::OutOfVram);
    let python = of(&plan(named("mistral-7b-v0.3"), Quantization::F16, "rtx-5060", |plan| {
        plan.workload.choose_runtime(Runtime::Transformers);
    }));
    let device = &python.devices[0];
    let room = (device.usable - device.overhead.expected).0 / MIB;
    // Embedding 256 MiB, then layers of 400 MiB in large pieces and 16 MiB of keys and values in shared pools of 20.
    let pieces = [32, 20, 32, 112, 112, 112];
    let (mut used, mut layer, mut failed) = (256 + 2, 0, None);
    while failed.is_none() {
        for piece in pieces {
            if used + piece > room {
                failed = Some(piece);
                break;
            }
            used += piece;
        }
        layer += 1;
    }
    says(&scene, "tried", &Figure::Name(format!("{}.00 MiB", failed.expect("it does not fit"))));
    says(&scene, "layers", &Figure::Count(layer - 1));
    for at in 0..4 {
        let more = turned(SceneId::OutOfVram, &Turned::from([(HandleId::Ram, at)]));
        for name in ["tried", "left", "usable", "in_use", "allocated", "unused"] {
            assert_eq!(more.figures.said(name, Locale::En), scene.figures.said(name, Locale::En), "{name}");
        }
    }
    assert!(scene.offers.iter().all(|offer| offer.verdict != Verdict::DoesNotFit), "every way leads out");
}

#[test]
fn closed_ways_and_exceptions_have_their_speed() {
    let scene = scene(SceneId::Exceptions);
    let seven = || ModelChoice::Size(7_000_000_000);
    let pcie = 32.0 * 8.0 * 128.0 / 130.0 / 8.0;
    says(&scene, "pcie_lap", &Figure::Seconds(14.0 / pcie));
    says(&scene, "ratio", &Figure::Times(448.0 / pcie));
    let all = plan(seven(), Quantization::F16, "rtx-5060", |_| {});
    says(
        &scene,
        "offload",
        &words(&plan(seven(), Quantization::F16, "rtx-5060", |plan| {
            plan.workload.gpu_layers = GpuLayers::Auto;
        })),
    );
    says(
        &scene,
        "unified",
        &words(&plan(seven(), Quantization::F16, "apple-m4-pro", |plan| {
            plan.machine.ram_gb_s = None;
        })),
    );
    let mixture = plan(named("qwen3-30b-a3b"), Quantization::Q4_K_M, "rtx-5060", |plan| {
        plan.workload.gpu_layers = GpuLayers::Auto;
    });
    assert!(of(&mixture).experts.layers > 0, "experts lie in RAM");
    says(&scene, "experts", &words(&mixture));
    let found = of(&all);
    let needed = found.devices[0].total.expect("a sum").0 as f64 / 1e9;
    let usable = found.devices[0].usable.0 as f64 / 1e9;
    says(&scene, "windows", &Figure::WordsPerSecond(1.0 / (usable / 448.0 + (needed - usable) / pcie)));
    let wide = turned(SceneId::Exceptions, &Turned::from([(HandleId::Pcie, 3)]));
    says(&wide, "pcie_lap", &Figure::Seconds(14.0 / (2.0 * pcie)));
}

#[test]
fn what_spills_is_what_the_card_lacks() {
    let scene = scene(SceneId::SharedGpuMemory);
    let eight = |stored, change: fn(&mut Plan)| {
        plan(named("llama-3.1-8b"), stored, "rtx-5060", |plan| {
            plan.machine.os = OperatingSystem::Windows;
            change(plan);
        })
    };
    let found = of(&eight(Quantization::Q8_0, |_| {}));
    let device = &found.devices[0];
    says(&scene, "spill", &Figure::gb(device.total.expect("a sum") - device.usable));
    says(&scene, "shared", &Figure::Gb(16.0));
    says(&scene, "since_driver", &Figure::Name("536.40".to_owned()));
    says(&scene, "switch_driver", &Figure::Name("546.01".to_owned()));
    says(&scene, "q4_words", &words(&eight(Quantization::Q4_K_M, |_| {})));
    let long = of(&eight(Quantization::Q5_K_M, |plan| plan.workload.context = 32_768));
    says(&scene, "t_spill", &Figure::gb(long.devices[0].total.expect("a sum") - long.devices[0].usable));
    let short = turned(SceneId::SharedGpuMemory, &Turned::from([(HandleId::Context, 0)]));
    says(&short, "t_spill", &Figure::Gb(0.0));
}

#[test]
fn one_pool_gives_the_gpu_what_the_system_allows() {
    let scene = scene(SceneId::OnePool);
    let gib = |gib: f64| Figure::Gib(Bytes::from_gib(gib));
    // Three quarters of 128 GiB; what CUDA reads; half of 128 GiB.
    says(&scene, "mac_usable", &gib(128.0 * 0.84));
    says(&scene, "spark_usable", &gib(121.6));
    says(&scene, "halo_gtt", &gib(64.0));
    says(&scene, "fast_rate", &Figure::GbPerSecond(546.0));
    says(&scene, "slow_rate", &Figure::GbPerSecond(256.0));
    says(&scene, "card_rate", &Figure::GbPerSecond(1008.0));
}

#[test]
fn prices_side_by_side_are_those_of_the_book() {
    let scene = scene(SceneId::SideBySide);
    let catalog = Catalog::embedded();
    let kits = catalog.ram_kits().filter(|kit| kit.dimm == Dimm::Udimm);
    let prices = kits.flat_map(|kit| kit.prices.iter().map(move |price| (kit, price)));
    // Seen since memory became dear, in a shop.
    let counting = prices.filter(|(_, price)| {
        price.date.as_str() >= "2025-12" && matches!(price.kind, rigplan::catalog::source::PriceKind::Street)
    });
    let each: Vec<f64> = counting.map(|(kit, price)| f64::from(price.expected_usd()) / f64::from(kit.gib())).collect();
    let low = each.iter().copied().fold(f64::INFINITY, f64::min);
    let high = each.iter().copied().fold(0.0, f64::max);
    says(&scene, "ram_price", &Figure::span(Figure::Money(Usd(low)), Figure::Money(Usd(high))));
    let said = scene.figures.said("article", Locale::En);
    assert_eq!(said.as_deref(), Some("1–3 yuan"));
    assert_eq!(scene.figures.said("article", Locale::Zh).as_deref(), Some("1–3 元"));
}
