//! Training against the tables of papers: each figure comes out of `estimate`, for a plan that the paper describes.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::sync::Arc;

use crate::support::plans::ask;
use rigplan::catalog::Catalog;
use rigplan::catalog::model::{Architecture, Model};
use rigplan::estimate::training::TrainingPhase;
use rigplan::plan::{CardChoice, ModelChoice, Plan, Precision, Task, Training, TrainingAttention};

const MIB: f64 = (1 << 20) as f64;

fn plan(model: Model, cards: u32) -> Plan {
    let mut plan = Plan::default();
    plan.workload.model = ModelChoice::File { path: "config.json".into(), model: Arc::new(model) };
    plan.workload.task = Task::Full;
    plan.workload.training = Training { precision: Precision::Bf16, sequence_length: 2048, ..Training::default() };
    plan.machine.cards[0].card = CardChoice::Catalog("h200-sxm".to_owned());
    plan.machine.cards[0].count = cards;
    plan.machine.ram_gib = 4096.0;
    plan
}

/// A GPT: `LayerNorm`, GELU, an MLP four times as wide, keys and values for every head.
fn gpt(hidden: u64, layers: u64, heads: u64, vocabulary: u64) -> Model {
    let mut model = Catalog::embedded().model("llama-2-7b").unwrap().clone().into_fields();
    model.architecture = Architecture::Starcoder2;
    (model.hidden_size, model.num_hidden_layers, model.intermediate_size) = (hidden, layers, 4 * hidden);
    (model.num_attention_heads, model.num_key_value_heads) = (heads, heads);
    (model.head_dim, model.vocab_size) = (hidden / heads, vocabulary);
    Model::new(model).unwrap()
}

/// Bytes of model states on one card, in GB: what stands there at the optimizer's step besides activations and buffers.
fn states_gb(model: Model, billions: f64, stage: u8, cards: u32) -> f64 {
    let mut plan = plan(model, cards);
    (plan.workload.training.precision, plan.workload.training.zero_stage) = (Precision::Bf16Master, stage);
    let found = ask(&plan);
    let last = *found.training.as_ref().unwrap().phases.last().unwrap();
    assert_eq!(last.phase, TrainingPhase::OptimizerStep);
    let states = (last.weights + last.optimizer + last.gradients).0 as f64;
    // The paper's sizes are round; the model's is near them.
    let parameters = found.params.unwrap() as f64;
    assert!((parameters / billions / 1e9 - 1.0).abs() < 0.05, "{parameters}");
    states / parameters * billions
}

/// `ZeRO` (Rajbhandari et al., arXiv:1910.02054), Table 1: GB of model states on each of so many cards with stage 1, 2 and 3,
/// mixed precision with Adam. The paper rounds or cuts the last digit.
#[test]
fn zero_table_1() {
    let seven = || gpt(4096, 36, 32, 50_257);
    let many = gpt(12_288, 70, 96, 50_257);
    let most = gpt(25_600, 127, 160, 51_200);
    let tables = [
        (
            seven(),
            7.5,
            [
                (1, [120.0, 120.0, 120.0], 0.1),
                (4, [52.5, 41.3, 30.0], 0.1),
                (16, [35.6, 21.6, 7.5], 0.1),
                (64, [31.4, 16.6, 1.88], 0.1),
                (256, [30.4, 15.4, 0.47], 0.1),
                (1024, [30.1, 15.1, 0.12], 0.1),
            ],
        ),
        (
            many,
            128.0,
            [
                (1, [2048.0, 2048.0, 2048.0], 1.0),
                (4, [896.0, 704.0, 512.0], 1.0),
                (16, [608.0, 368.0, 128.0], 1.0),
                (64, [536.0, 284.0, 32.0], 1.0),
                (256, [518.0, 263.0, 8.0], 1.0),
                (1024, [513.0, 257.0, 2.0], 1.0),
            ],
        ),
        (
            most,
            1000.0,
            [
                (1, [16_000.0, 16_000.0, 16_000.0], 1.0),
                (4, [7000.0, 5500.0, 4000.0], 1.0),
                (16, [4750.0, 2875.0, 1000.0], 1.0),
                (64, [4187.0, 2218.0, 250.0], 1.0),
                (256, [4046.0, 2054.0, 62.5], 1.0),
                (1024, [4011.0, 2013.0, 15.6], 1.0),
            ],
        ),
    ];
    for (model, billions, rows) in tables {
        for (cards, published, digit) in rows {
            for (stage, published) in (1..).zip(published) {
                let ours = states_gb(model.clone(), billions, stage, cards);
                assert!((ours - published).abs() < digit, "{billions} B, ZeRO {stage} on {cards}: {ours}");
            }
        }
    }
    // The abstract's four figures: nothing shared out, and each stage on 64 cards.
    for (stage, published) in [(0, 120.0), (1, 31.4), (2, 16.6), (3, 1.9)] {
        let ours = states_gb(seven(), 7.5, stage, 64);
        assert!((ours - published).abs() < 0.06, "figure 1, ZeRO {stage}: {ours}");
    }
}

/// How a layer is run in Korthikanti et al.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Nothing,
    Tensor,
    Sequence,
    Selective,
    SequenceSelective,
    Full,
}

impl Kind {
    /// Table 2: bytes that a layer keeps of so many tokens with tensor parallelism `p`.
    fn formula(self, (hidden, heads, length): (f64, f64, f64), tokens: f64, p: f64) -> f64 {
        let scores = 5.0 * heads * length / hidden;
        tokens
            * hidden
            * match self {
                Self::Nothing => 34.0 + scores,
                Self::Tensor => 10.0 + 24.0 / p + scores / p,
                Self::Sequence => 34.0 / p + scores / p,
                Self::Selective => 10.0 + 24.0 / p,
                Self::SequenceSelective => 34.0 / p,
                Self::Full => 2.0,
            }
    }
}

/// Bytes that one layer of a GPT keeps from forward to backward: what layers twice as many keep more.
fn layer((hidden, heads): (u64, u64), micro_batch: u32, tensor: u32, kind: Kind) -> f64 {
    let kept = |layers: u64| {
        let mut plan = plan(gpt(hidden, layers, heads, 51_200), tensor);
        plan.workload.tensor_parallel = Some(tensor);
        let training = &mut plan.workload.training;
        (training.micro_batch, training.dropout) = (micro_batch, true);
        training.attention = TrainingAttention::FusedSoftmax;
        training.checkpointing = matches!(kind, Kind::Full);
        training.selective_checkpointing = matches!(kind, Kind::Selective | Kind::SequenceSelective);
        training.sequence_parallel = matches!(kind, Kind::Sequence | Kind::SequenceSelective);
        let found = ask(&plan);
        found.training.as_ref().unwrap().at(TrainingPhase::LossBackward).unwrap().activations.0 as f64
    };
    (kept(16) - kept(8)) / 8.0
}

/// Korthikanti et al. (arXiv:2205.05198): Table 2's formulas at the configurations of Table 3, MiB a layer and card.
#[test]
fn korthikanti_tables_2_and_3() {
    use Kind::{Full, Selective, Sequence, SequenceSelective, Tensor};
    let kinds = [Tensor, Sequence, Selective, SequenceSelective, Full];
    let rows = [
        ("22B", (6144, 64), 4, [1264.0, 844.0, 624.0, 204.0, 96.0]),
        ("175B", (12_288, 96), 1, [552.0, 342.0, 312.0, 102.0, 48.0]),
        ("530B", (20_480, 128), 1, [840.0, 490.0, 520.0, 170.0, 80.0]),
        ("1T", (25_600, 160), 1, [1050.0, 612.5, 650.0, 212.5, 100.0]),
    ];
    for (name, shape, micro_batch, published) in rows {
        for (kind, published) in kinds.into_iter().zip(published) {
            let ours = layer(shape, micro_batch, 8, kind) / MIB;
            let off = ours / published - 1.0;
            // Means and deviations of LayerNorm, which the paper leaves out, are eight bytes a token.
            assert!(off.abs() < 1e-3, "{name} {kind:?}: {ours:.1} MiB, published {published} ({off:+.5})");
        }
    }
}

/// The same formulas at other sizes, one card included: `sbh(34 + 5as/h)`.
#[test]
fn korthikanti_formulas_hold_at_other_shapes() {
    use Kind::{Full, Nothing, Selective, Sequence, SequenceSelective, Tensor};
    for (hidden, heads) in [(2048, 16), (5120, 40), (8192, 64)] {
        for (kind, tensor) in
            [(Nothing, 1), (Tensor, 2), (Sequence, 4), (Selective, 4), (SequenceSelective, 8), (Full, 2)]
        {
            let ours = layer((hidden, heads), 2, tensor, kind);
            let formula = kind.formula((hidden as f64, heads as f64, 2048.0), 2.0 * 2048.0, f64::from(tensor));
            assert!((ours / formula - 1.0).abs() < 1e-3, "{hidden} {kind:?}: {ours} against {formula}");
        }
    }
}

/// Section 5: recomputing attention alone saves 70 % of GPT-3's activations and 65 % of MT-NLG's.
#[test]
fn selective_recomputation_saves_what_is_published() {
    for (shape, percent) in [((12_288, 96), 70.0), ((20_480, 128), 65.0)] {
        let saved = 1.0 - layer(shape, 1, 8, Kind::SequenceSelective) / layer(shape, 1, 8, Kind::Sequence);
        assert!((saved * 100.0 - percent).abs() < 0.7, "{saved}");
    }
}

/// Section 4.2.3: whatever the pipeline is, the first stage of 1F1B holds the activations of all layers.
#[test]
fn the_first_stage_holds_all_layers_worth() {
    let kept = |stages: u32, layers: u64| {
        let mut plan = plan(gpt(12_288, layers, 96, 51_200), 8 * stages);
        plan.workload.tensor_parallel = Some(8);
        let training = &mut plan.workload.training;
        (training.pipeline_parallel, training.gradient_accumulation) = (stages, 64);
        (training.checkpointing, training.attention) = (false, TrainingAttention::FusedSoftmax);
        training.dropout = true;
        let found = ask(&plan);
        found.training.as_ref().unwrap().at(TrainingPhase::Forward).map(|moment| moment.activations.0 as f64).unwrap()
    };
    let worth = |stages: u32| (kept(stages, 96) - kept(stages, 48)) / 48.0 / MIB;
    for stages in [1, 4, 8, 16] {
        let layer = worth(stages);
        assert!((layer / 552.0 - 1.0).abs() < 1e-3, "{stages} stages: {layer} MiB a layer");
    }
}
