//! Figures of scenes about hardware and precision, worked out again from the catalog and from plans of their own.

use rigplan::catalog::Catalog;
use rigplan::catalog::quality::{FileRecipe, Measure, QualityTable, QuantizedPart, SizeClass};
use rigplan::catalog::quantization::Quantization;
use rigplan::estimate::{Estimate, estimate};
use rigplan::plan::{
    CardChoice, CardCount, GpuLayers, HandleId, ModelChoice, Plan, RentTerms, SceneId, SplitMode, Turned,
};
use rigplan::scenes::clock::Clock;
use rigplan::scenes::draw::{self, Beholder, ByRule};
use rigplan::scenes::figure::Figure;
use rigplan::scenes::handle::Turn;
use rigplan::scenes::mark::{STAGE, Shape};
use rigplan::scenes::spans::Tongue;
use rigplan::scenes::{Premise, Scene};
use rigplan::text::Locale;
use rigplan::units::Usd;

fn scene(id: SceneId) -> Scene {
    turned(id, &Turned::default())
}

fn turned(id: SceneId, turned: &Turned) -> Scene {
    Scene::build(id, Premise::new(&Plan::default(), Catalog::embedded()).turned(turned))
}

/// The scene with its one handle at a notch that `which` picks.
fn turned_to(id: SceneId, handle: HandleId, which: impl Fn(&Turn) -> bool) -> Scene {
    let told = scene(id);
    let notches = &told.handles.iter().find(|it| it.id == handle).expect("the handle").notches;
    let at = notches.iter().position(|notch| which(&notch.turn)).expect("the notch");
    turned(id, &Turned::from([(handle, at)]))
}

fn says(scene: &Scene, name: &str, figure: &Figure) {
    let said = scene.figures.said(name, Locale::En);
    assert_eq!(said.as_deref(), Some(&*figure.say(Locale::En)), "{}: {name}", scene.id.name());
}

fn plan(model: &str, weights: Quantization, card: &str, count: u32) -> Plan {
    let mut plan = Plan::default();
    plan.workload.model = ModelChoice::Catalog(model.to_owned());
    plan.workload.quantization = weights;
    plan.workload.context = 4096;
    plan.workload.gpu_layers = GpuLayers::All;
    plan.machine.ram_gib = 32.0;
    plan.machine.cards = vec![CardCount::of(CardChoice::Catalog(card.to_owned()), count)];
    plan
}

fn of(plan: &Plan) -> Estimate {
    estimate(plan, Catalog::embedded()).expect("an estimate")
}

fn words(plan: &Plan) -> Figure {
    Figure::WordsPerSecond(of(plan).speed.decode.expect("a speed").expected)
}

#[test]
fn a_model_takes_the_bits_of_its_precision() {
    let told = scene(SceneId::Quantization);
    let parameters =
        Catalog::embedded().model("llama-3.1-8b").and_then(|it| it.total_parameters).expect("known") as f64;
    let gb = |bits: f64| Figure::Gb(parameters * bits / 8.0 / 1e9);
    says(&told, "size_f32", &gb(32.0));
    says(&told, "size_f16", &gb(16.0));
    for (name, quantization) in [("size_q8", Quantization::Q8_0), ("size_q4", Quantization::Q4_K_M)] {
        says(&told, name, &gb(quantization.facts().expect("facts").bits_per_weight));
    }
    says(&told, "words_q4", &words(&plan("llama-3.1-8b", Quantization::Q4_K_M, "rtx-5060-ti-16gb", 1)));
    let measured = QualityTable::built_in().losses.iter().find(|row| {
        row.method == QuantizedPart::Weights(Quantization::Q4_K_M)
            && row.size == SizeClass::From4To15B
            && row.measure == Measure::Perplexity
            && row.recipe == FileRecipe::All
    });
    let measured = measured.expect("a row");
    says(&told, "ppl_q4", &Figure::Number(measured.median));
    says(&told, "rows", &Figure::Count(u64::from(measured.rows)));
    says(&told, "lost_q8", &Figure::Name("none".to_owned()));
    says(&told, "lost_q2", &Figure::Name("severe".to_owned()));
    let eight = turned_to(SceneId::Quantization, HandleId::Weights, |turn| *turn == Turn::Weights(Quantization::Q8_0));
    says(&eight, "turned_size", &gb(Quantization::Q8_0.facts().expect("facts").bits_per_weight));
}

#[test]
fn bandwidth_is_wires_times_their_speed_and_decides_the_lap() {
    let told = scene(SceneId::Hbm);
    for (name, id) in [("narrow", "l4"), ("wide", "rtx-3090"), ("hbm", "h100-sxm5")] {
        let card = Catalog::embedded().card(id).expect("of the catalog");
        let wires = f64::from(card.bus_width_bit.expect("known"));
        let sum = wires * card.data_rate_gbps.expect("known") / 8.0;
        let rate = card.bandwidth_gb_s.expect("known");
        assert!((sum / rate - 1.0).abs() < 0.01, "{id}: {sum} {rate}");
        says(&told, &format!("{name}_rate"), &Figure::GbPerSecond(rate));
        let of_card = plan("qwen3-32b", Quantization::Q4_K_M, id, 1);
        let bytes = of(&of_card).weights.expect("known").0 as f64;
        says(&told, &format!("{name}_lap"), &Figure::Seconds(bytes / (rate * 1e9)));
        says(&told, &format!("{name}_words"), &words(&of_card));
    }
    let other = turned_to(SceneId::Hbm, HandleId::Card, |turn| *turn == Turn::Card("rtx-4090".to_owned()));
    says(&other, "card_words", &words(&plan("qwen3-32b", Quantization::Q4_K_M, "rtx-4090", 1)));
}

#[test]
fn a_slot_changes_loading_prompts_and_shared_layers_alone() {
    let told = scene(SceneId::Pcie);
    let disk = 14.8;
    let slot = |mut plan: Plan, generation, lanes| {
        (plan.machine.pcie_gen, plan.machine.pcie_lanes) = (Some(generation), Some(lanes));
        plan.machine.disk_gb_s = Some(disk);
        plan
    };
    let mut spills = plan("llama-3.1-70b", Quantization::Q4_K_M, "rtx-5090", 1);
    spills.workload.gpu_layers = GpuLayers::Auto;
    let mut split = plan("qwen3-32b", Quantization::Q4_K_M, "rtx-5090", 2);
    split.workload.split_mode = SplitMode::Tensor;
    let fits = plan("llama-3.1-8b", Quantization::Q8_0, "rtx-5090", 1);
    for (name, generation, lanes) in [("n", 3, 4), ("w", 5, 16)] {
        let gb_s = Catalog::embedded().runtimes().pcie_gb_s(generation, lanes).expect("known");
        says(&told, &format!("{name}_rate"), &Figure::GbPerSecond(gb_s));
        let [fits, spills, split] = [&fits, &spills, &split].map(|plan| slot(plan.clone(), generation, lanes));
        says(&told, &format!("{name}_fits"), &words(&fits));
        says(&told, &format!("{name}_load"), &Figure::Seconds(of(&fits).speed.load.expect("known").expected));
        says(&told, &format!("{name}_first"), &Figure::Seconds(of(&spills).speed.first_token.expect("known").expected));
        says(
            &told,
            &format!("{name}_prompts"),
            &Figure::WordsPerSecond(of(&split).speed.prefill.expect("known").expected),
        );
    }
    let said = |name: &str| told.figures.said(name, Locale::En);
    assert_eq!(said("n_fits"), said("w_fits"), "what fits does not notice the slot");
    assert_eq!(said("n_spills"), said("w_spills"), "nor do words of what lies in RAM");
}

#[test]
fn a_tenth_of_the_layers_in_ram_takes_most_of_the_time() {
    let told = scene(SceneId::Offload);
    let with_layers = |layers: u32| {
        let mut plan = plan("qwen3-32b", Quantization::Q4_K_M, "rtx-4090", 1);
        plan.machine.ram_gb_s = Some(83.2);
        plan.workload.gpu_layers = GpuLayers::Count(layers);
        plan
    };
    let all = of(&with_layers(99)).layers;
    says(&told, "best", &words(&with_layers(all)));
    says(&told, "tenth", &words(&with_layers(all - all.div_ceil(10))));
    says(&told, "none", &words(&with_layers(0)));
    let speed = |layers| of(&with_layers(layers)).speed.decode.expect("a speed").expected;
    assert!(speed(all - all.div_ceil(10)) < speed(all) / 2.0, "the scene says: less than half is left");
    let turned = turned_to(SceneId::Offload, HandleId::Layers, |turn| *turn == Turn::Layers(32));
    says(&turned, "turned", &words(&with_layers(32)));
}

#[test]
fn a_mixture_reads_what_is_active() {
    let told = scene(SceneId::Mixtures);
    let spilling = |model: &str, weights, rate: f64| {
        let mut plan = plan(model, weights, "rtx-4090", 1);
        plan.workload.gpu_layers = GpuLayers::Auto;
        (plan.machine.ram_gib, plan.machine.ram_gb_s) = (64.0, Some(rate));
        plan
    };
    let mixture = spilling("gpt-oss-120b", Quantization::MXFP4_MOE, 83.2);
    says(&told, "words", &words(&mixture));
    says(&told, "dense_words", &words(&spilling("llama-3.1-70b", Quantization::Q4_K_M, 83.2)));
    let model = Catalog::embedded().model("gpt-oss-120b").expect("of the catalog");
    let (active, all) = (model.active_parameters.expect("known"), model.total_parameters.expect("known"));
    let found = of(&mixture);
    let (reads, stored) = (found.speed.reads, found.weights.expect("known").0 as f64);
    says(&told, "read", &Figure::gb(reads.weights()));
    // What every word needs is stored in more bits than the experts, so more of the bytes is read than of the numbers.
    let (of_bytes, of_numbers) = (reads.weights().0 as f64 / stored, active as f64 / all as f64);
    assert!((1.0..2.0).contains(&(of_bytes / of_numbers)), "{of_bytes} of the bytes, {of_numbers} of the numbers");
    let dense = of(&spilling("llama-3.1-70b", Quantization::Q4_K_M, 83.2));
    let share = dense.speed.reads.weights().0 as f64 / dense.weights.expect("known").0 as f64;
    assert!((0.95..=1.0).contains(&share), "all but the table of words is read: {share}");
    says(&told, "experts", &Figure::Count(128));
    says(&told, "called", &Figure::Count(4));
    let faster = turned_to(SceneId::Mixtures, HandleId::RamSpeed, |turn| *turn == Turn::RamSpeed(256.0));
    says(&faster, "turned", &words(&spilling("gpt-oss-120b", Quantization::MXFP4_MOE, 256.0)));
}

#[test]
fn cards_share_memory_either_way_and_speed_by_the_second_cut() {
    let told = scene(SceneId::Parallel);
    let cut = |count, split| {
        let mut plan = plan("qwen3-32b", Quantization::Q4_K_M, "rtx-3090", count);
        plan.workload.split_mode = split;
        plan
    };
    says(&told, "alone", &words(&cut(1, SplitMode::Layer)));
    says(&told, "two_layer", &words(&cut(2, SplitMode::Layer)));
    says(&told, "two_tensor", &words(&cut(2, SplitMode::Tensor)));
    let four = turned_to(SceneId::Parallel, HandleId::Cards, |turn| *turn == Turn::Cards(4));
    says(&four, "turned_tensor", &words(&cut(4, SplitMode::Tensor)));
    let most = of(&cut(4, SplitMode::Layer)).devices.iter().filter_map(|device| device.total).max().expect("a sum");
    says(&four, "turned_bytes", &Figure::gb(most));
    // Four stages and eight pieces: 4 × 8 places of work in 4 × 11 places of time.
    says(&told, "idle_many", &Figure::Percent(1.0 - 32.0 / 44.0));
    says(&told, "idle_one", &Figure::Percent(0.5));
}

#[test]
fn a_card_pays_when_rent_has_eaten_its_price() {
    let told = scene(SceneId::BuyOrRent);
    let catalog = Catalog::embedded();
    let card = catalog.card("rtx-4090").expect("of the catalog");
    let price = catalog.card_asked_price(card, card.memory_gib).expect("a price").expected_usd().0;
    says(&told, "usd", &Figure::Money(Usd(price)));
    let mut rents: Vec<f64> = catalog
        .fresh_rents()
        .filter(|rent| rent.card == card.id && rent.cards == 1)
        .filter_map(|rent| Some(rent.hourly_usd()?.0))
        .collect();
    rents.sort_by(f64::total_cmp);
    let hourly = rents[rents.len() / 2];
    says(&told, "hourly", &Figure::Money(Usd(hourly)));
    // What an hour saves, against what is not got back for the card.
    let watts = f64::from(card.tdp_w.expect("known"));
    let resale = RentTerms::default();
    let saved = hourly - resale.usd_per_kwh.0 * watts / 1000.0;
    let hours = price * (1.0 - resale.resale_share) / saved;
    let least = hours / (resale.months * 365.25 / 12.0);
    says(&told, "least", &Figure::Bits((least * 10.0).ceil() / 10.0));
}

#[test]
fn a_budget_splits_as_its_tier_says() {
    let told = scene(SceneId::Tiers);
    says(&told, "gpu", &Figure::Percent(0.5));
    says(&told, "ram", &Figure::Percent(0.3));
    says(&told, "budget", &Figure::Money(Usd(5000.0)));
    says(&told, "for_gpu", &Figure::Money(Usd(2500.0)));
    let said = |name: &str| told.figures.said(name, Locale::En).expect("a figure");
    let card = Catalog::embedded().cards().find(|card| card.name == said("card")).expect("of the catalog");
    let price = Catalog::embedded().card_asked_price(card, card.memory_gib).expect("a price").expected_usd();
    assert!(price.0 <= 2500.0, "{} costs {price}", card.name);
    for place in 0..told.handles[0].notches.len() {
        let turned = turned(SceneId::Tiers, &Turned::from([(HandleId::Budget, place)]));
        assert!(!turned.pictures.is_empty(), "a budget without an example: {place}");
    }
}

/// However a handle is turned, the scene is whole and nothing is drawn beyond the stage.
#[test]
fn every_notch_makes_a_scene_that_stands_on_the_stage() {
    let ids = [
        SceneId::Quantization,
        SceneId::Hbm,
        SceneId::Pcie,
        SceneId::Offload,
        SceneId::Mixtures,
        SceneId::Parallel,
        SceneId::BuyOrRent,
        SceneId::Tiers,
    ];
    for id in ids {
        let told = scene(id);
        let handle = told.handles.first().expect("a handle");
        for (at, notch) in handle.notches.iter().enumerate() {
            let scene = turned(id, &Turned::from([(handle.id, at)]));
            assert_eq!(scene.pictures.len(), told.pictures.len(), "{}: {notch:?}", id.name());
            assert!(scene.pictures.last().is_some_and(|last| last.find(handle.on).is_some()), "{}", handle.on);
            let clock = Clock::of(&scene);
            let beholder = Beholder { locale: Locale::En, tongue: Tongue::Kitchen, measure: &ByRule };
            for mark in draw::draw(&scene, &clock, clock.length(), beholder) {
                let reach = match mark.shape {
                    Shape::Rect { area, .. } => [area.x, area.y, area.right(), area.bottom()],
                    Shape::Text { at, .. } => [at[0], at[1] - 9.0, at[0], at[1] + 9.0],
                    _ => continue,
                };
                let stands =
                    reach[0] >= -1.0 && reach[1] >= 66.0 && reach[2] <= STAGE[0] + 1.0 && reach[3] <= STAGE[1] + 1.0;
                assert!(stands, "{} {notch:?}: {reach:?}", id.name());
            }
        }
    }
}
