//! Figures of scenes about hardware and precision, worked out again from the catalog and from plans of their own.

use rigplan::catalog::Catalog;
use rigplan::catalog::quality::{FileRecipe, Measure, QualityTable, QuantizedPart, SizeClass};
use rigplan::catalog::quantization::Quantization;
use rigplan::estimate::{Estimate, estimate};
use rigplan::plan::{CardChoice, CardCount, GpuLayers, HandleId, ModelChoice, Plan, SceneId, Turned};
use rigplan::scenes::figure::Figure;
use rigplan::scenes::handle::Turn;
use rigplan::scenes::{Premise, Scene};
use rigplan::text::Locale;

fn scene(id: SceneId) -> Scene {
    turned(id, &Turned::default())
}

fn turned(id: SceneId, turned: &Turned) -> Scene {
    Scene::build(id, Premise { catalog: Catalog::embedded(), plan: &Plan::default(), turned })
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
    plan.machine.cards = vec![CardCount { card: CardChoice::Catalog(card.to_owned()), count, memory_gib: None }];
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
