//! Why a figure is what it is: the terms add up to it.

use crate::support::plans::{cards, serving, training};
use rigplan::catalog::Catalog;
use rigplan::catalog::origin::OriginKind;
use rigplan::catalog::quantization::Quantization;
use rigplan::estimate::explain::{Explanation, Figure, Quantity, Term, explain};
use rigplan::plan::inputs::Choice as _;
use rigplan::plan::{
    GpuLayers, KvCache, LossMethod, Offload, Optimizer, Plan, Precision, Runtime, Sharding, Task, TrainingAttention,
};
use rigplan::text::{Key, Locale};

const SERVING: [Figure; 9] = [
    Figure::Weights,
    Figure::KvCache,
    Figure::RecurrentState,
    Figure::Compute,
    Figure::Activations,
    Figure::KvPool,
    Figure::HostBuffers,
    Figure::Overhead,
    Figure::Usable,
];
const TRAINING: [Figure; 9] = [
    Figure::Weights,
    Figure::Adapter,
    Figure::Gradients,
    Figure::Optimizer,
    Figure::Activations,
    Figure::Compute,
    Figure::HostBuffers,
    Figure::Overhead,
    Figure::Usable,
];
/// What is left once the other terms are told.
const RESTS: [Key; 10] = [
    Key::TermContext,
    Key::TermCopies,
    Key::TermGaps,
    Key::TermPadding,
    Key::TermProcesses,
    Key::TermReserve,
    Key::TermRounding,
    Key::TermSmallBuffers,
    Key::TermStep,
    Key::TermWorkMatrix,
];
/// Bytes that cards together round by.
const WHOLE_BYTES: f64 = 2048.0;

/// All terms add up, each product is its bytes, and what is no product is little of all.
fn holds(plan: &Plan, figure: Figure, failures: &mut Vec<String>) -> Option<()> {
    let why = explain(plan, Catalog::embedded(), figure).ok()?;
    let result = why.result?.0 as f64;
    let mut fail = |what: &str| failures.push(told(plan, &why, what));
    let sum: f64 = why.terms.iter().map(Term::signed).sum();
    let exact = plan.workload.runtime == Runtime::LlamaCpp && plan.workload.task == Task::Serve;
    if (sum - result).abs() > if exact { 0.0 } else { WHOLE_BYTES } {
        fail("does not add up");
    }
    let product = |term: &Term| term.factors.is_empty() || (term.multiplied() - term.bytes.0 as f64).abs() <= 0.5;
    if !why.terms.iter().all(product) {
        fail("a product is not its bytes");
    }
    if figure != Figure::Usable && why.source.is_empty() {
        fail("has no source");
    }
    let engine = match why.source.kind {
        OriginKind::Logs { ref of, .. }
        | OriginKind::Code { ref of }
        | OriginKind::Shapes { ref of }
        | OriginKind::Traces { ref of } => Some(of),
        _ => None,
    };
    let trains = plan.workload.task.trains();
    let here = if trains { "PyTorch" } else { plan.workload.runtime.word().of(Locale::En) };
    if engine.is_some_and(|engine| !engine.starts_with(here)) {
        fail("has the source of another engine");
    }
    let rest = why.terms.iter().filter(|term| term.factors.is_empty() && RESTS.contains(&term.name));
    let rest: f64 = rest.map(|term| term.bytes.0 as f64).sum();
    // Best fit leaves places free that nothing which follows fits into; beside weights that are copied from RAM, up to half.
    let bound = if figure == Figure::Compute && exact { 0.5 } else { 0.05 };
    if rest > result * bound {
        fail("is no product");
    }
    Some(())
}

fn told(plan: &Plan, why: &Explanation, what: &str) -> String {
    let terms = why.terms.iter().map(|term| {
        let factors: Vec<String> = term.factors.iter().map(|it| format!("{:?} {}", it.quantity, it.value)).collect();
        format!("    {} {:?} {}", term.signed(), term.name, factors.join(" x "))
    });
    let workload = &plan.workload;
    let head = format!(
        "{:?} {:?} {:?} {:?} {what}: {:?}",
        workload.model, workload.runtime, workload.task, why.figure, why.result
    );
    std::iter::once(head).chain(terms).collect::<Vec<_>>().join("\n")
}

fn all_hold(plans: impl Iterator<Item = Plan>, figures: &[Figure]) {
    let (mut failures, mut found) = (Vec::new(), 0);
    for plan in plans {
        for figure in figures {
            found += usize::from(holds(&plan, *figure, &mut failures).is_some());
        }
    }
    assert!(failures.is_empty(), "{} failures of {found}\n{}", failures.len(), failures.join("\n"));
    assert!(found > 300, "{found} figures");
}

fn models() -> impl Iterator<Item = &'static str> {
    Catalog::embedded().models().map(|model| model.id.as_str())
}

#[test]
fn the_terms_of_llama_cpp_add_up_for_every_model() {
    let plans = models().flat_map(|model| {
        [(GpuLayers::Auto, "f16"), (GpuLayers::All, "q8_0")].map(|(layers, precision)| {
            let mut plan = serving(model);
            plan.machine.cards = vec![cards("rtx-3060-12gb", 2)];
            plan.workload.gpu_layers = layers;
            plan.workload.sequences = 2;
            let precision = precision.parse().expect("a precision");
            plan.workload.kv_cache = KvCache { k: precision, v: precision };
            plan
        })
    });
    all_hold(plans, &SERVING);
}

#[test]
fn the_terms_of_servers_add_up_for_every_model() {
    const ENGINES: [Runtime; 5] =
        [Runtime::Vllm, Runtime::Sglang, Runtime::Tgi, Runtime::TensorRtLlm, Runtime::Transformers];
    let plans = models().flat_map(|model| {
        ENGINES.into_iter().flat_map(move |runtime| {
            [(Quantization::bf16, 1, None), (Quantization::fp8, 2, Some(2)), (Quantization::mxfp4, 4, None)].map(
                |(quantization, count, tensor)| {
                    let mut plan = serving(model);
                    plan.machine.cards = vec![cards("h100-sxm5", count)];
                    plan.workload.choose_runtime(runtime);
                    plan.workload.quantization = quantization;
                    plan.workload.tensor_parallel = tensor;
                    plan.workload.sequences = 3;
                    plan
                },
            )
        })
    });
    all_hold(plans, &SERVING);
}

#[test]
fn the_terms_of_a_server_add_up_without_cards() {
    let plans = models().map(|model| {
        let mut plan = serving(model);
        plan.machine.cards.clear();
        plan.workload.choose_runtime(Runtime::Transformers);
        plan.workload.quantization = Quantization::bf16;
        plan
    });
    all_hold(plans, &SERVING);
}

#[test]
fn the_terms_of_training_add_up_for_every_model() {
    let changes: [fn(&mut Plan); 13] = [
        |_| {},
        |plan| plan.workload.training.checkpointing = false,
        |plan| {
            plan.workload.training.gradient_accumulation = 4;
            plan.workload.training.precision = Precision::Bf16Master;
            plan.workload.training.optimizer = Optimizer::AdamWForeach;
        },
        |plan| {
            plan.machine.cards[0].count = 8;
            plan.workload.tensor_parallel = Some(2);
            plan.workload.training.pipeline_parallel = 2;
            plan.workload.training.zero_stage = 1;
            plan.workload.training.sequence_parallel = true;
            plan.workload.training.loss = LossMethod::Fused;
            plan.workload.training.dropout = true;
        },
        |plan| {
            plan.machine.cards[0].count = 4;
            plan.workload.training.zero_stage = 3;
        },
        |plan| {
            plan.machine.cards[0].count = 4;
            plan.workload.training.zero_stage = 2;
            plan.workload.training.sharding = Sharding::DeepSpeed;
            plan.workload.training.gradient_accumulation = 1;
        },
        |plan| {
            plan.machine.cards[0].count = 4;
            plan.workload.tensor_parallel = Some(2);
            plan.workload.training.optimizer = Optimizer::AdamW8bit;
        },
        |plan| {
            plan.machine.cards[0].count = 4;
            plan.workload.training.pipeline_parallel = 2;
            plan.workload.training.gradient_accumulation = 4;
            plan.workload.training.attention = TrainingAttention::Eager;
            plan.workload.training.checkpointing = false;
        },
        |plan| {
            plan.workload.training.offload = Offload::Optimizer;
            plan.workload.training.precision = Precision::Amp;
            plan.workload.training.optimizer = Optimizer::SgdMomentum;
        },
        |plan| {
            plan.machine.cards[0].count = 2;
            plan.workload.training.zero_stage = 3;
            plan.workload.training.offload = Offload::Parameters;
            plan.workload.training.sharding = Sharding::DeepSpeed;
        },
        |plan| {
            plan.workload.training.gradient_accumulation = 1;
            plan.workload.training.offload_checkpoints = true;
            plan.workload.training.optimizer = Optimizer::Adafactor;
        },
        |plan| plan.workload.training.optimizer = Optimizer::Muon,
        |plan| plan.workload.training.optimizer = Optimizer::GaLore,
    ];
    let plans = models().flat_map(|model| {
        [Task::Full, Task::Lora, Task::Qlora].into_iter().flat_map(move |task| {
            changes.map(|change| {
                let mut plan = training(model, task);
                plan.machine.cards = vec![cards("h100-sxm5", 1)];
                change(&mut plan);
                plan
            })
        })
    });
    all_hold(plans, &TRAINING);
}

#[test]
fn nf4_is_codes_scales_and_scales_of_scales() {
    let why = explain(&training("llama-3.1-8b", Task::Qlora), Catalog::embedded(), Figure::Weights).expect("weights");
    let factors = |name: Key| {
        let term = why.terms.iter().find(|term| term.name == name).expect("a term");
        term.factors.iter().map(|factor| (factor.quantity, factor.value)).collect::<Vec<_>>()
    };
    let linear = (Quantity::Parameters, 6_979_321_856.0);
    let alone = (Quantity::SharedBy, 1.0);
    assert_eq!(factors(Key::TermCodes), [linear, (Quantity::BitsPerWeight, 4.0), alone]);
    let scales = |block: f64, bytes: f64| [linear, (Quantity::PerScale, block), (Quantity::ElementBytes, bytes), alone];
    assert_eq!(factors(Key::TermScales), scales(64.0, 1.0));
    assert_eq!(factors(Key::TermSecondScales), scales(16_384.0, 4.0));
}
