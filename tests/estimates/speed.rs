//! Speed: what holds for every plan, published figures beside the truth table (some were used to set constants), and a user's own measurements.

use crate::support::any::{cases, extreme_plans, plans};
use crate::support::plans::{ask, cards, plan};
use proptest::prelude::*;
use rigplan::catalog::entry_table::Entry;
use rigplan::catalog::{Catalog, CatalogError, TableFile};
use rigplan::estimate::speed::Speed;
use rigplan::estimate::{Verdict, estimate};
use rigplan::plan::{Backend, GpuLayers, Plan};
use rigplan::units::Band;

fn speed(plan: &Plan) -> Speed {
    ask(plan).speed
}

fn decode(plan: &Plan) -> f64 {
    speed(plan).decode.expect("a decode speed").expected
}

fn bands(speed: &Speed) -> [Option<Band<f64>>; 7] {
    [speed.decode, speed.decode_total, speed.prefill, speed.first_token, speed.load, speed.power, speed.energy]
}

fn sound(band: Band<f64>) -> bool {
    band.low > 0.0 && band.low <= band.expected && band.expected <= band.high && band.high.is_finite()
}

/// `later` is no faster than `sooner`, rounding aside.
fn not_faster(later: Option<Band<f64>>, sooner: Option<Band<f64>>) -> bool {
    later.zip(sooner).is_none_or(|(later, sooner)| later.expected <= sooner.expected * 1.000_001)
}

fn overlay(name: &str, text: String) -> (Catalog, Vec<CatalogError>) {
    Catalog::with_overlay(&[TableFile { name: name.to_owned(), text }])
}

/// The built-in catalog with one card's bandwidth scaled.
fn faster_memory(id: &str, factor: f64) -> Catalog {
    let mut card = Catalog::embedded().card(id).expect("a card").clone();
    card.bandwidth_gb_s = card.bandwidth_gb_s.map(|rate| rate * factor);
    card.bus_width_bit = None;
    let text = ron::to_string(&vec![card]).expect("a table");
    let (catalog, errors) = overlay("cards/test.ron", text);
    assert!(errors.is_empty(), "{errors:?}");
    catalog
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn bands_are_ordered_and_finite(plan in prop_oneof![3 => plans(), 1 => extreme_plans()]) {
        if let Ok(found) = estimate(&plan, Catalog::embedded()) {
            for band in bands(&found.speed).into_iter().flatten() {
                prop_assert!(sound(band), "{band:?} of {plan:?}");
            }
            let times = found.speed.times;
            prop_assert!(times.total().is_finite() && times.total() >= 0.0, "{times:?}");
            prop_assert!(!found.speed.pages || found.speed.decode.is_none(), "what pages has no speed");
        }
    }

    #[test]
    fn a_longer_context_is_no_faster(mut plan in plans()) {
        plan.workload.gpu_layers = match plan.workload.gpu_layers {
            GpuLayers::Auto => GpuLayers::All,
            other => other,
        };
        plan.machine.ram_gib = 4096.0;
        let mut longer = plan.clone();
        longer.workload.context *= 2;
        if let (Ok(short), Ok(long)) = (estimate(&plan, Catalog::embedded()), estimate(&longer, Catalog::embedded())) {
            prop_assert!(not_faster(long.speed.decode, short.speed.decode), "{:?} after {:?}", long.speed, short.speed);
        }
    }
}

#[test]
fn more_bandwidth_is_never_slower() {
    for card in ["rtx-4090", "h100-sxm5", "apple-m3-max", "tesla-p40", "rx-7900-xtx", "arc-b580", "gb10-dgx-spark"] {
        let plan = plan("llama-3.2-3b", "Q4_K_M", card);
        let before = estimate(&plan, Catalog::embedded()).expect("an estimate").speed;
        let after = estimate(&plan, &faster_memory(card, 1.5)).expect("an estimate").speed;
        assert!(not_faster(before.decode, after.decode), "{card}: {:?} then {:?}", before.decode, after.decode);
    }
    let mut slow = plan("llama-3.1-70b", "Q4_K_M", "rtx-4090");
    slow.workload.gpu_layers = GpuLayers::Count(30);
    slow.machine.ram_gb_s = Some(51.2);
    let mut fast = slow.clone();
    fast.machine.ram_gb_s = Some(89.6);
    assert!(decode(&fast) > decode(&slow), "faster RAM");
}

#[test]
fn more_layers_on_a_faster_card_are_never_slower() {
    let mut plan = plan("llama-3.1-70b", "Q4_K_M", "rtx-6000-ada");
    plan.machine.ram_gb_s = Some(83.2);
    plan.machine.ram_gib = 128.0;
    let mut last = 0.0;
    for layers in 1..=81 {
        plan.workload.gpu_layers = GpuLayers::Count(layers);
        let now = decode(&plan);
        assert!(now >= last, "{layers} layers: {now} after {last}");
        last = now;
    }
    assert!(last > 15.0, "the cliff: all on the card runs at its bandwidth, not {last}");
}

#[test]
fn published_figures_beside_the_table_lie_in_the_bands() {
    // Model, quantization, card and count, tokens a second: reference tables of 2025 and 2026, empty context.
    let figures = [
        ("gemma-3-27b", "Q4_K_M", "h200-sxm", 1, 73.0),
        ("gemma-3-27b", "Q4_K_M", "a100-pcie-80gb", 1, 44.5),
        ("gpt-oss-20b", "MXFP4_MOE", "radeon-ai-pro-r9700", 1, 196.0),
        ("gpt-oss-120b", "MXFP4_MOE", "rtx-4090", 4, 180.4),
        ("llama-3.2-1b", "F16", "rtx-4090", 4, 314.8),
        ("llama-3.1-8b", "Q4_K_M", "apple-m4", 1, 20.9),
        ("llama-2-7b", "Q4_0", "tesla-p40", 1, 56.3),
    ];
    for (model, quantization, card, count, measured) in figures {
        let mut plan = plan(model, quantization, card);
        plan.machine.cards = vec![cards(card, count)];
        (plan.workload.context, plan.workload.depth) = (256, Some(0));
        let band = speed(&plan).decode.expect("a speed");
        assert!((band.low..=band.high).contains(&measured), "{model} on {count} × {card}: {measured} not in {band:?}");
    }
}

#[test]
fn fewer_than_four_bits_are_no_faster_on_a_processor() {
    let on_cpu = |quantization: &str| {
        let mut plan = plan("llama-3.1-8b", quantization, "rtx-4090");
        plan.workload.backend = Some(Backend::Cpu);
        plan.machine.ram_gb_s = Some(83.2);
        decode(&plan)
    };
    let four = on_cpu("Q4_K_M");
    for quantization in ["Q3_K_M", "Q2_K"] {
        assert!(on_cpu(quantization) <= four * 1.03, "{quantization}");
    }
    assert!(on_cpu("IQ2_XS") < four, "codebooks are slower than four bits");
}

#[test]
fn what_is_not_known_is_not_made_up() {
    let unknown_bandwidth = speed(&plan("llama-3.1-8b", "Q4_K_M", "ascend-910b"));
    assert_eq!((unknown_bandwidth.decode, unknown_bandwidth.prefill), (None, None), "no bandwidth, no speed");
    assert_eq!(speed(&plan("llama-3.1-8b", "Q4_K_M", "apple-m2")).power, None, "no TDP, no power");
    let mut pages = plan("deepseek-v3", "Q4_K_M", "rtx-4090");
    pages.workload.gpu_layers = GpuLayers::Count(2);
    let pages = ask(&pages);
    assert_eq!(pages.verdict, Some(Verdict::DoesNotFit), "larger than the RAM");
    assert!(pages.speed.pages && pages.speed.decode.is_none(), "it pages: that is no speed");
}

#[test]
fn the_table_of_constants_is_sound() {
    let speeds = Catalog::embedded().speeds();
    assert!(speeds.families.len() > 20, "the table parses");
    for family in &speeds.families {
        assert!(family.problems().is_empty(), "{}: {:?}", family.id, family.problems());
        assert!(!family.source.is_empty(), "{} has a source", family.id);
        assert!(family.rows > 0 || family.decode_spread >= 0.25, "{}: no row, so a wide band", family.id);
    }
}

#[test]
fn a_measurement_recalibrates_its_card_and_narrows_the_band() {
    let row = |model: &str, rate: f64| {
        format!(
            "(card: \"rtx-3090\", model: \"{model}\", quantization: Q4_K_M, test: Decode, tokens: 128, \
             tokens_per_s: {rate}, date: \"2026-11-22\")"
        )
    };
    let laid = |rows: &[String]| {
        let (catalog, errors) = overlay("measured.ron", format!("[{}]", rows.join(",")));
        assert!(errors.is_empty(), "{errors:?}");
        catalog
    };
    let mut plan = plan("llama-3.1-8b", "Q4_K_M", "rtx-3090");
    (plan.workload.context, plan.workload.depth) = (128, Some(0));
    let ask =
        |catalog: &Catalog, plan: &Plan| estimate(plan, catalog).expect("an estimate").speed.decode.expect("a speed");
    let before = ask(Catalog::embedded(), &plan);
    let one = ask(&laid(&[row("llama-3.1-8b", 100.0)]), &plan);
    assert!((one.expected - 100.0).abs() < 0.5, "one row is met: {one:?}");
    assert!(one.high / one.expected < before.high / before.expected, "and the band is narrower");
    // A card whose layers cost twice as much, its memory as before: two models of different size tell.
    let both = laid(&[row("llama-3.2-1b", 230.0), row("gemma-3-12b", 56.0)]);
    for (model, rate) in [("llama-3.2-1b", 230.0), ("gemma-3-12b", 56.0)] {
        plan.workload.model = rigplan::plan::ModelChoice::Catalog(model.to_owned());
        let found = ask(&both, &plan);
        assert!((found.expected / rate - 1.0).abs() < 0.02, "{model}: {found:?}");
    }
    let (_, errors) = overlay("measured.ron", format!("[{}]", row("llama-3.1-8b", -1.0)));
    assert_eq!(errors.len(), 1, "an absurd rate is refused with a word");
}
