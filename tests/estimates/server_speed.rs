//! Speeds of server engines beside published figures: what the laws must meet, and how often the shown band holds them.

use crate::support::plans::{ask, cards, kv, plan};
use rigplan::advise::sweep::sequences::{SequencesPoint, throughput_against_sequences};
use rigplan::catalog::Catalog;
use rigplan::estimate::speed::Speed;
use rigplan::plan::{ModelChoice, Plan, Runtime, RuntimeVersion};
use rigplan::units::Band;

/// A published figure: who ran what on what.
struct Row {
    runtime: Runtime,
    model: &'static str,
    quantization: &'static str,
    card: &'static str,
    cards: u32,
    test: Test,
    tokens_per_s: f64,
}

/// What was timed.
#[derive(Clone, Copy)]
enum Test {
    /// Decoding of one sequence, the prompt aside.
    One,
    /// So many sequences of 128 tokens in and 128 out, from the first prompt to the last token.
    Batch(u32),
    /// 1,000 tokens in and 1,000 out, as many at once as are fastest, FP8 cache; tokens out for each card.
    Saturated,
}

const OLD_VLLM: RuntimeVersion = RuntimeVersion::Number { major: 0, minor: 5 };

impl Row {
    fn plan(&self) -> Plan {
        let mut plan = plan(self.model, self.quantization, self.card);
        plan.workload.runtime = self.runtime;
        plan.workload.runtime_version = (self.runtime == Runtime::Vllm).then_some(OLD_VLLM);
        plan.machine.cards = vec![cards(self.card, self.cards)];
        let (sequences, prompt, depth, context) = match self.test {
            Test::One => (1, 128, 128, 256),
            Test::Batch(sequences) => (sequences, 128, 128, 256),
            // In the middle of its answer a sequence holds 1,500 tokens, and the others are anywhere.
            Test::Saturated => (1024, 1000, 1500, 1500),
        };
        plan.workload.sequences = sequences;
        plan.workload.prompt_tokens = prompt;
        plan.workload.depth = Some(depth);
        plan.workload.context = context;
        if matches!(self.test, Test::Saturated) {
            plan.workload.kv_cache = kv("fp8");
            plan.workload.server.max_num_seqs = Some(1024);
            plan.workload.server.max_batched_tokens = Some(8192);
        }
        // Half of an MI250 stands for a card of its own.
        plan.workload.tensor_parallel = (self.card == "mi250").then_some(1);
        plan
    }

    /// What the program says about the same.
    fn estimate(&self) -> Band<f64> {
        let mut plan = self.plan();
        let mut speed = ask(&plan).speed;
        // Saturated = as many as the pool holds, to a sixteenth.
        while matches!(self.test, Test::Saturated) && speed.decode.is_none() && plan.workload.sequences > 1 {
            plan.workload.sequences -= plan.workload.sequences.div_ceil(16);
            speed = ask(&plan).speed;
        }
        let decode = speed.decode_total.unwrap_or_else(|| panic!("no speed for {}", self.name()));
        let prefill = speed.prefill.expect("a prompt speed");
        match self.test {
            Test::One => decode,
            // As many tokens in as out: seconds for one of each.
            Test::Batch(_) => both(decode, prefill),
            Test::Saturated => {
                let all = both(decode, prefill);
                let one = 1.0 / f64::from(self.cards);
                Band { low: all.low * one, expected: all.expected * one, high: all.high * one }
            }
        }
    }

    fn name(&self) -> String {
        let test = match self.test {
            Test::One => "decode".to_owned(),
            Test::Batch(sequences) => format!("batch {sequences}"),
            Test::Saturated => "saturated".to_owned(),
        };
        format!("{:?} {} {} on {} {}, {test}", self.runtime, self.model, self.quantization, self.cards, self.card)
    }
}

fn both(decode: Band<f64>, prefill: Band<f64>) -> Band<f64> {
    let of = |decode: f64, prefill: f64| 1.0 / (1.0 / decode + 1.0 / prefill);
    Band {
        low: of(decode.low, prefill.low),
        expected: of(decode.expected, prefill.expected),
        high: of(decode.high, prefill.high),
    }
}

/// The rows; shares of the bandwidth are turned into tokens a second (8B in 16 bits reads 15.0 GB a token).
fn rows() -> Vec<Row> {
    let row = |runtime, (model, quantization), (card, cards), test, tokens_per_s| Row {
        runtime,
        model,
        quantization,
        card,
        cards,
        test,
        tokens_per_s,
    };
    let small = ("llama-3.1-8b", "fp16");
    let mut rows = Vec::new();
    // LLM-Inference-Bench and the like, 2024: 8B FP16, in = out = 128.
    for (card, figures) in [
        ("h100-sxm5", [129.0, 1758.0, 3135.0, 4852.0]),
        ("a100-sxm4-40gb", [70.0, 935.0, 1568.0, 2491.0]),
        ("mi250", [65.0, 843.0, 1462.0, 1876.0]),
    ] {
        for (sequences, figure) in [1, 16, 32, 64].into_iter().zip(figures) {
            rows.push(row(Runtime::Vllm, small, (card, 1), Test::Batch(sequences), figure));
        }
    }
    rows.push(row(Runtime::Vllm, small, ("gh200-96gb", 1), Test::Batch(1), 0.50 * 4000.0 / 15.0));
    let seven = ("llama-2-7b", "fp16");
    for (count, old, new) in [(1, 137.0, 152.0), (2, 162.0, 213.0), (4, 170.0, 266.0)] {
        rows.push(row(Runtime::Vllm, seven, ("h100-sxm5", count), Test::One, old));
        rows.push(row(Runtime::TensorRtLlm, seven, ("h100-sxm5", count), Test::One, new));
    }
    for (card, share, bandwidth) in
        [("a100-sxm4-40gb", 0.70, 1555.0), ("h100-sxm5", 0.62, 3350.0), ("gh200-96gb", 0.65, 4000.0)]
    {
        rows.push(row(Runtime::TensorRtLlm, small, (card, 1), Test::Batch(1), share * bandwidth / 15.0));
    }
    // MLC, 70B in 4 bits, cut over cards without a link of their own.
    for (card, figures) in [("a10g", [19.8, 34.3, 47.7]), ("a100-pcie-80gb", [40.9, 55.8, 59.4])] {
        for (count, figure) in [2, 4, 8].into_iter().zip(figures) {
            rows.push(row(Runtime::TensorRtLlm, ("llama-2-70b", "int4"), (card, count), Test::One, figure));
        }
    }
    // TensorRT-LLM, November 2025, tokens out for each card.
    let (large, gpt) = ("llama-3.3-70b", ("gpt-oss-120b", "mxfp4"));
    for (what, card, figure) in [
        ((large, "nvfp4"), ("b200", 1), 6920.0),
        ((large, "fp8"), ("h200-sxm", 1), 2587.0),
        ((large, "fp8"), ("h100-sxm5", 2), 2209.0),
        ((large, "nvfp4"), ("rtx-pro-6000-blackwell-server", 1), 1724.0),
        (gpt, ("b200", 1), 25_943.0),
        (gpt, ("h200-sxm", 1), 6868.0),
        (gpt, ("h100-sxm5", 1), 4685.0),
        (("qwen3-30b-a3b", "nvfp4"), ("rtx-pro-6000-blackwell-server", 1), 9938.0),
    ] {
        rows.push(row(Runtime::TensorRtLlm, what, card, Test::Saturated, figure));
    }
    rows
}

#[test]
fn published_figures_lie_inside_the_band() {
    let mut errors = Vec::new();
    let (mut inside, mut all) = (0, 0);
    for row in rows() {
        let found = row.estimate();
        let off = found.expected / row.tokens_per_s - 1.0;
        let holds = (found.low..=found.high).contains(&row.tokens_per_s);
        println!(
            "{} {:+.0} %: {:.1} [{:.1} to {:.1}], published {:.1}",
            row.name(),
            100.0 * off,
            found.expected,
            found.low,
            found.high,
            row.tokens_per_s,
        );
        // How many ran at once when it was saturated was not published.
        let tolerance = if matches!(row.test, Test::Saturated) { 0.55 } else { 0.4 };
        assert!(off.abs() < tolerance, "{}: {} for {}", row.name(), found.expected, row.tokens_per_s);
        errors.push(off.abs());
        inside += u32::from(holds);
        all += 1;
    }
    errors.sort_by(f64::total_cmp);
    let median = errors[errors.len() / 2];
    println!("{inside} of {all} inside, median {:.1} %", 100.0 * median);
    assert!(inside * 10 >= all * 8, "{inside} of {all} inside the band");
    assert!(median < 0.15, "median error {median}");
}

/// The speed of 8B in 16 bits on an H100 under vLLM, once changed.
fn speed(change: impl FnOnce(&mut Plan)) -> Speed {
    let mut plan = plan("llama-3.1-8b", "fp16", "h100-sxm5");
    plan.workload.runtime = Runtime::Vllm;
    change(&mut plan);
    ask(&plan).speed
}

fn on(card: &'static str, count: u32) -> impl Fn(&mut Plan) {
    move |plan| plan.machine.cards = vec![cards(card, count)]
}

fn each(speed: &Speed) -> f64 {
    speed.decode.expect("a decode speed").expected
}

fn total(speed: &Speed) -> f64 {
    speed.decode_total.expect("a decode speed").expected
}

fn prompts(speed: &Speed) -> f64 {
    speed.prefill.expect("a prompt speed").expected
}

#[test]
fn more_sequences_give_more_in_all_and_less_to_each() {
    let mut plan = plan("llama-3.1-8b", "fp16", "h100-sxm5");
    plan.workload.runtime = Runtime::Vllm;
    plan.workload.context = 2048;
    let curve = throughput_against_sequences(&plan, Catalog::embedded());
    assert!(curve.len() >= 12, "{} points", curve.len());
    for pair in curve.windows(2) {
        assert!(pair[1].each.expected < pair[0].each.expected, "{pair:?}");
        assert!(pair[1].total.expected > pair[0].total.expected, "{pair:?}");
    }
    let gain = |points: &[SequencesPoint]| points[1].total.expected / points[0].total.expected;
    assert!(gain(&curve[..2]) > 1.9, "two sequences read the weights once");
    assert!(gain(&curve[curve.len() - 2..]) < 1.3, "arithmetic and caches limit in the end");
}

#[test]
fn what_the_batch_does_not_hold_waits() {
    let many = |most: u32, sequences: u32| {
        speed(move |plan| {
            plan.workload.context = 2048;
            plan.workload.sequences = sequences;
            plan.workload.server.max_num_seqs = Some(most);
        })
    };
    assert_eq!(many(8, 8).decode_total, many(8, 64).decode_total);
    assert!(total(&many(64, 64)) > 3.0 * total(&many(8, 64)));
}

#[test]
fn an_engine_that_does_not_start_has_no_speed() {
    assert_eq!(speed(on("rtx-4080", 1)).decode, None, "15 GiB of weights in 16 GB");
    assert!(speed(on("rtx-4080", 2)).decode.is_some());
    let full = speed(|plan| {
        on("rtx-4090", 1)(plan);
        plan.workload.sequences = 64;
    });
    assert!(
        full.decode.is_some() && full.queued_first_token.is_some(),
        "the pool holds about five of them, the others wait"
    );
}

#[test]
fn formats_without_arithmetic_of_their_own_read_less_and_calculate_in_16_bits() {
    let format = |quantization: &'static str, card| {
        speed(move |plan| {
            on(card, 1)(plan);
            plan.workload.quantization = quantization.parse().expect("a quantization");
        })
    };
    for (quantization, card, native) in [
        ("fp8", "rtx-3090", false),
        ("fp8", "rtx-4090", true),
        ("fp8", "a100-sxm4-80gb", false),
        ("int8", "a100-sxm4-80gb", true),
        ("int4", "h100-sxm5", false),
        ("nvfp4", "h100-sxm5", false),
        ("nvfp4", "b200", true),
    ] {
        let (less, plain) = (format(quantization, card), format("fp16", card));
        assert!(each(&less) > 1.25 * each(&plain), "{quantization} on {card} reads less");
        let gain = prompts(&less) / prompts(&plain);
        assert_eq!(gain > 1.2, native, "{quantization} on {card}: prompts {gain} times as fast");
    }
}

#[test]
fn cut_layers_gain_by_the_link() {
    let large = |card, count| {
        speed(move |plan| {
            on(card, count)(plan);
            plan.workload.quantization = "fp8".parse().expect("a quantization");
            plan.workload.sequences = 32;
            plan.workload.context = 2048;
            plan.workload.model = ModelChoice::Catalog("llama-3.3-70b".to_owned());
        })
    };
    let (two, four, slots) = (large("h100-sxm5", 2), large("h100-sxm5", 4), large("h100-nvl", 4));
    assert!(each(&four) > 1.3 * each(&two) && each(&four) < 2.0 * each(&two));
    assert!(four.times.link > 0.0 && four.times.link < 0.5 * slots.times.link, "NVLink against PCI Express");
    assert!(prompts(&four) > prompts(&slots));
    let idle = speed(|plan| {
        on("h100-sxm5", 2)(plan);
        plan.workload.tensor_parallel = Some(1);
    });
    assert_eq!(each(&idle), each(&speed(|_| {})), "a card without a rank adds nothing");
}

#[test]
fn every_engine_has_a_speed_and_launches_cost() {
    let engine = |runtime| each(&speed(|plan| plan.workload.runtime = runtime));
    let served = engine(Runtime::Vllm);
    for runtime in [Runtime::Sglang, Runtime::Tgi, Runtime::TensorRtLlm] {
        assert_eq!(engine(runtime), served);
    }
    assert!(engine(Runtime::Transformers) < 0.5 * served);
    let eager = each(&speed(|plan| plan.workload.server.enforce_eager = true));
    assert!(eager < 0.9 * served && eager > 0.3 * served);
    let old = each(&speed(|plan| plan.workload.runtime_version = Some(OLD_VLLM)));
    assert!(old < served);
}

#[test]
fn transformers_run_layers_one_after_the_other_or_from_ram() {
    let run = |count: u32| {
        speed(move |plan| {
            plan.workload.runtime = Runtime::Transformers;
            plan.machine.cards = if count == 0 { Vec::new() } else { vec![cards("rtx-4090", count)] };
        })
    };
    let (none, one, two) = (run(0), run(1), run(2));
    assert!(each(&two) <= each(&one) && each(&two) > 0.9 * each(&one));
    assert!(each(&none) < 0.3 * each(&one) && none.times.ram_weights > 0.0);
}
