//! What the laws of speed must obey on every card, and figures published beside the truth table for each law.

use crate::support::plans::{ask, cards, plan, training};
use rigplan::catalog::Catalog;
use rigplan::catalog::card::Vendor;
use rigplan::estimate::speed::{Speed, Uncertainty};
use rigplan::estimate::{Verdict, Warning};
use rigplan::plan::{CpuExperts, GpuLayers, OperatingSystem, Plan, Runtime, RuntimeVersion, Task};
use rigplan::units::Band;

/// Builds of October 2025 and later.
const NOW: RuntimeVersion = RuntimeVersion::Month { year: 2026, month: 6 };
/// Before experts were sorted on the card.
const SUMMER_2025: RuntimeVersion = RuntimeVersion::Month { year: 2025, month: 8 };

fn speed(plan: &Plan) -> Speed {
    ask(plan).speed
}

fn decode(plan: &Plan) -> f64 {
    speed(plan).decode.expect("a decode speed").expected
}

/// A prompt of so many tokens into an empty cache, in batches of so many.
fn prompt(model: &str, quantization: &str, card: &str, tokens: u64, batch: u32) -> Plan {
    let mut plan = plan(model, quantization, card);
    plan.workload.runtime_version = Some(NOW);
    plan.workload.prompt_tokens = tokens;
    (plan.workload.context, plan.workload.depth) = (tokens, Some(0));
    plan.workload.ubatch = batch;
    plan
}

fn prefill(plan: &Plan) -> Band<f64> {
    speed(plan).prefill.expect("a prompt speed")
}

fn held(name: &str, band: Band<f64>, measured: f64) {
    assert!((band.low..=band.high).contains(&measured), "{name}: {measured} not in {band:?}");
}

#[test]
fn less_power_is_never_faster_and_the_makers_limit_changes_nothing() {
    for card in Catalog::embedded().cards().filter(|card| card.tdp_w.is_some() && card.memory_gib >= 11.0) {
        let mut plan = prompt("llama-3.1-8b", "Q4_K_M", &card.id, 2048, 512);
        let free = speed(&plan);
        let (mut decoded, mut prompted) = (free.decode, free.prefill);
        for watts in [1500, 700, 450, 350, 300, 250, 200, 150, 100, 70, 50] {
            plan.machine.power_limit_w = Some(watts);
            let now = speed(&plan);
            let own = card.tdp_w.is_some_and(|own| watts >= own);
            for (now, before, free) in [(now.decode, decoded, free.decode), (now.prefill, prompted, free.prefill)] {
                let Some(((now, before), free)) = now.zip(before).zip(free) else { continue };
                assert!(now.expected <= before.expected * 1.000_001, "{} at {watts} W", card.id);
                assert!(!own || now == free, "{} at {watts} W, its own limit being lower", card.id);
            }
            (decoded, prompted) = (now.decode, now.prefill);
        }
    }
}

#[test]
fn training_slows_with_the_limit() {
    let mut plan = training("llama-3.1-8b", Task::Lora);
    plan.machine.cards = vec![cards("rtx-3090", 1)];
    let at = |watts: Option<u32>, plan: &mut Plan| {
        plan.machine.power_limit_w = watts;
        speed(plan).train.expect("a training speed").expected
    };
    let free = at(None, &mut plan);
    assert_eq!(at(Some(400), &mut plan), free, "above the card's own limit");
    let (some, less) = (at(Some(280), &mut plan), at(Some(200), &mut plan));
    assert!(free > some && some > 0.85 * free && less < 0.85 * free, "{free}, {some}, {less}");
}

#[test]
fn prompts_lose_clock_before_decoding_does() {
    // RTX PRO 6000 Workstation, 7B Q4_0, September 2025: shares of the speed at 600 W (warm for prompts).
    let at = |watts: Option<u32>| {
        let mut plan = prompt("llama-2-7b", "Q4_0", "rtx-pro-6000-blackwell", 512, 512);
        plan.machine.power_limit_w = watts;
        let speed = speed(&plan);
        (speed.prefill.expect("a prompt speed").expected, speed.decode.expect("a decode speed").expected)
    };
    let (prompts, tokens) = at(None);
    for (watts, prompt, token) in [
        (500, 0.99, 1.0),
        (400, 0.90, 1.0),
        (350, 0.81, 0.985),
        (300, 0.71, 0.934),
        (250, 0.55, 0.85),
        (200, 0.44, 0.68),
    ] {
        let (slower_prompts, slower_tokens) = at(Some(watts));
        let off = [slower_prompts / prompts / prompt - 1.0, slower_tokens / tokens / token - 1.0];
        assert!(off.iter().all(|off| off.abs() < 0.15), "{watts} W: {off:?} off");
    }
    let mut plan = plan("llama-3.1-8b", "Q4_K_M", "rtx-3090");
    let power = |plan: &Plan| speed(plan).power.expect("a power").high;
    let free = power(&plan);
    plan.machine.power_limit_w = Some(220);
    assert!(power(&plan) <= 220.0 && free > 220.0, "no more than it is allowed");
}

#[test]
fn no_speed_is_above_the_paper() {
    // Bytes that a token reads of Llama 3.1 8B, and weights of its layers.
    for (quantization, bytes) in [("Q4_K_M", 4.6e9), ("F16", 15.0e9)] {
        for card in Catalog::embedded().cards() {
            for version in [NOW, SUMMER_2025] {
                let mut plan = prompt("llama-3.1-8b", quantization, &card.id, 2048, 2048);
                plan.workload.runtime_version = Some(version);
                let speed = speed(&plan);
                if let (Some(decode), Some(bandwidth)) = (speed.decode, card.bandwidth_gb_s) {
                    assert!(decode.expected * bytes <= bandwidth * 1e9, "{} {quantization}: {decode:?}", card.id);
                }
                let rates = &card.rates;
                let paper = [rates.fp4, rates.fp8, rates.int8, rates.fp16, rates.fp16_acc16, rates.fp16_vector];
                let most = paper.into_iter().flatten().fold(0.0, f64::max);
                if let (Some(prefill), true) = (speed.prefill, most > 0.0) {
                    assert!(prefill.expected * 2.0 * 6.9e9 <= most * 1e12, "{} {quantization}: {prefill:?}", card.id);
                }
            }
        }
    }
}

#[test]
fn experts_with_few_tokens_fill_their_tiles_in_part() {
    // llama.cpp PR 20586 (March 2026) and 25441 (July 2026): a prompt of 512 in batches.
    let measured = [
        ("gpt-oss-20b", "MXFP4_MOE", "rtx-3090", [(128, 2036.0), (256, 3086.0), (512, 4739.0)]),
        ("gpt-oss-20b", "MXFP4_MOE", "mi50-32gb", [(128, 579.0), (256, 822.0), (512, 1081.0)]),
    ];
    for (model, quantization, card, rows) in measured {
        let mut last = 0.0;
        for (batch, rate) in rows {
            let found = prefill(&prompt(model, quantization, card, 512, batch));
            held(&format!("{model} on {card} in batches of {batch}"), found, rate);
            assert!(found.expected > last, "{model} on {card}: a larger batch is faster");
            last = found.expected;
        }
    }
    // llama.cpp PR 22298, April 2026: 256 experts, layers on four cards.
    let mut four = prompt("qwen3.5-35b-a3b", "Q4_0", "rtx-4090", 2048, 2048);
    four.machine.cards = vec![cards("rtx-4090", 4)];
    held("35B-A3B on 4 RTX 4090", prefill(&four), 8874.0);
    let gain = |model: &str, quantization: &str| {
        let of = |batch| prefill(&prompt(model, quantization, "rtx-3090", 2048, batch)).expected;
        of(2048) / of(512)
    };
    assert!(gain("qwen3-30b-a3b", "Q4_K_M") > 1.4 && gain("llama-3.1-8b", "Q4_K_M") < 1.15, "dense models gain little");
}

#[test]
fn builds_of_2025_wait_for_the_processor_in_mixtures_alone() {
    let of = |model: &str, quantization: &str, version| {
        let mut plan = prompt(model, quantization, "rtx-5090", 2048, 2048);
        plan.workload.runtime_version = version;
        let speed = speed(&plan);
        (speed.decode.expect("a decode speed").expected, speed.prefill.expect("a prompt speed").expected)
    };
    let (mixture, early) = (of("gpt-oss-20b", "MXFP4_MOE", None), of("gpt-oss-20b", "MXFP4_MOE", Some(SUMMER_2025)));
    assert!(early.0 < 0.95 * mixture.0 && early.1 < 0.75 * mixture.1, "{early:?} before {mixture:?}");
    let (dense, early) = (of("llama-3.1-8b", "Q4_K_M", None), of("llama-3.1-8b", "Q4_K_M", Some(SUMMER_2025)));
    assert!(early.0 > 0.95 * dense.0 && early.1 > 0.9 * dense.1, "{early:?} before {dense:?}");
    let build = of("gpt-oss-20b", "MXFP4_MOE", Some(RuntimeVersion::Build(6300)));
    assert_eq!(build, of("gpt-oss-20b", "MXFP4_MOE", Some(SUMMER_2025)), "a build says the same as its month");
}

#[test]
fn latent_attention_is_one_read_for_all_heads() {
    // llama.cpp PR 25635, September 2026: DeepSeek V2 Lite, 1,024 tokens one by one after 32,768.
    let mut small = plan("deepseek-v2-lite", "Q4_0", "rtx-3090");
    small.workload.runtime_version = Some(NOW);
    (small.workload.context, small.workload.depth) = (33_792, Some(32_768));
    held("DeepSeek V2 Lite at 32k", speed(&small).decode.expect("a decode speed"), 189.7);
    // Eight sequences at 32k read 18 GB of caches; their 4.5 TFLOP of attention are matrix units' work.
    let mut large = plan("deepseek-v3", "Q4_K_M", "h100-sxm5");
    large.machine.cards = vec![cards("h100-sxm5", 8)];
    (large.workload.context, large.workload.sequences) = (32_768, 8);
    let times = speed(&large).times;
    assert!(times.compute < 0.08, "{times:?}");
}

#[test]
fn a_format_without_kernels_of_its_own_is_slower_and_less_sure() {
    let serve = |card: &str, quantization: &str| {
        let mut plan = plan("gpt-oss-20b", quantization, card);
        plan.workload.runtime = Runtime::Vllm;
        (plan.workload.context, plan.workload.depth) = (768, Some(512));
        speed(&plan)
    };
    let unpacked = |speed: &Speed| {
        speed.decode_spread.expect("a spread").reasons().any(|(cause, _)| cause == Uncertainty::Unpacked)
    };
    for card in ["l40", "rtx-4090", "rtx-3090", "arc-pro-b70"] {
        assert!(unpacked(&serve(card, "mxfp4")), "{card} has no arithmetic for it");
    }
    for card in ["rtx-5090", "rtx-pro-6000-blackwell", "h100-sxm5"] {
        assert!(!unpacked(&serve(card, "mxfp4")), "{card} has arithmetic, or the engine kernels, for it");
    }
    assert!(!unpacked(&serve("radeon-ai-pro-r9700", "fp8")) && !unpacked(&serve("rtx-4090", "awq")));
    // vLLM 0.28, September 2026: what three cards gave a single user.
    held("gpt-oss-20b on L40", serve("l40", "mxfp4").decode.expect("a decode speed"), 43.3);
    held("gpt-oss-20b on Arc Pro B70", serve("arc-pro-b70", "mxfp4").decode.expect("a decode speed"), 31.1);
}

/// How much else is on the card when the engine starts is not known before, and each layer more in RAM costs speed.
#[test]
fn layers_that_the_engine_may_leave_in_ram_widen_the_band_downward() {
    let mut spilling = plan("qwen3.5-27b", "Q4_K_M", "rtx-5080");
    spilling.workload.gpu_layers = GpuLayers::Auto;
    spilling.workload.runtime_version = Some(RuntimeVersion::Month { year: 2026, month: 2 });
    (spilling.workload.context, spilling.workload.depth) = (8192, Some(512));
    (spilling.machine.ram_gib, spilling.machine.ram_gb_s) = (128.0, Some(89.6));
    let found = ask(&spilling);
    let by_engine = found.speed.decode.expect("a decode speed");
    let said = |speed: &Speed| {
        speed.decode_spread.expect("a spread").reasons().any(|(cause, _)| cause == Uncertainty::Placement)
    };
    assert!(said(&found.speed));
    let mut by_hand = spilling.clone();
    by_hand.workload.gpu_layers = GpuLayers::Count(found.gpu_layers());
    let asked = speed(&by_hand);
    let named = asked.decode.expect("a decode speed");
    assert!(!said(&asked), "what is asked for by number is where it lies");
    assert!((named.expected, named.high) == (by_engine.expected, by_engine.high) && by_engine.low < named.low);
    // gaztrabisme/llm-server, February 2026: --fit left 11 of 65 layers in RAM, 7.4 tokens a second.
    assert!(by_engine.low <= 7.4, "{by_engine:?}");
    by_hand.workload.gpu_layers = GpuLayers::Count(54);
    let fewer = decode(&by_hand);
    assert!((0.6..1.0).contains(&(by_engine.low / fewer)), "{by_engine:?} beside {fewer} with 54 layers");
    // What fits has nothing to leave there, and experts in RAM are not layers.
    let mut fits = spilling.clone();
    fits.machine.cards = vec![cards("rtx-5090", 1)];
    let mut mixture = spilling.clone();
    mixture.workload.model = rigplan::plan::ModelChoice::Catalog("qwen3-30b-a3b".to_owned());
    assert!(!said(&speed(&fits)) && !said(&speed(&mixture)));
}

#[test]
fn what_kernels_make_unpredictable_has_no_speed_and_says_so() {
    let catalog = Catalog::embedded();
    let radeons = catalog.cards().filter(|card| {
        card.vendor == Vendor::Amd && card.memory_kind.as_deref().is_some_and(|kind| kind.starts_with("GDDR"))
    });
    let (mut told, mut untold) = (0, 0);
    for card in radeons.filter(|card| card.memory_gib >= 16.0) {
        for (quantization, plain) in [("bf16", true), ("awq", false), ("mxfp4", false)] {
            let mut plan = plan("llama-3.2-3b", quantization, &card.id);
            plan.workload.runtime = Runtime::Vllm;
            let Ok(found) = rigplan::estimate::estimate(&plan, catalog) else { continue };
            let unpredictable = found.warnings.contains(&Warning::UnpredictableSpeed);
            assert_eq!(found.speed.unpredictable, unpredictable, "{} {quantization}", card.id);
            assert_eq!(found.speed.decode.is_none(), unpredictable, "{} {quantization}", card.id);
            assert!(!unpredictable || found.speed.prefill.is_none() && found.speed.load.is_some());
            assert!(!(plain && unpredictable), "16 bits need no unpacking on {}", card.id);
            (told, untold) = (told + u32::from(plain), untold + u32::from(unpredictable));
        }
    }
    assert!(told > 3 && untold > 3, "{told} {untold}");
}

#[test]
fn old_builds_step_slowly_through_recurrent_states_in_ram_alone() {
    let at = |month, model: &str, card: &str, layers| {
        let mut plan = prompt(model, "Q4_K_M", card, 512, 512);
        plan.workload.runtime_version = Some(RuntimeVersion::Month { year: 2026, month });
        (plan.workload.gpu_layers, plan.workload.context, plan.workload.kv_cache) =
            (layers, 8192, crate::support::plans::kv("q8_0"));
        plan.machine.ram_gb_s = Some(76.8);
        speed(&plan).decode.expect("a decode speed")
    };
    let (all, most) = (GpuLayers::All, GpuLayers::Count(54));
    let (before, since) = (at(2, "qwen3.5-27b", "rtx-5080", most), at(3, "qwen3.5-27b", "rtx-5080", most));
    held("54 of 65 layers, February 2026 (gaztrabisme/llm-server)", before, 7.4);
    assert!(before.expected < 0.8 * since.expected, "{before:?} {since:?}");
    for (model, layers) in [("qwen3.5-27b", all), ("qwen3-32b", most)] {
        let (before, since) = (at(2, model, "rtx-5090", layers), at(3, model, "rtx-5090", layers));
        assert_eq!(before, since, "{model}: no recurrent state lies in RAM");
    }
}

#[test]
fn windows_shares_memory_where_a_card_is_tight() {
    let shares = |os, context| {
        let mut plan = plan("qwen3.5-27b", "Q4_K_M", "rx-9070-xt");
        (plan.machine.os, plan.workload.context) = (os, context);
        let found = ask(&plan);
        (found.verdict, found.warnings.contains(&Warning::SharedMemory))
    };
    let tight = (0..64)
        .map(|step| 2048 + step * 256)
        .find(|context| shares(OperatingSystem::Windows, *context).0 == Some(Verdict::Tight));
    let tight = tight.expect("a context that is tight on Windows");
    assert!(shares(OperatingSystem::Windows, tight).1 && !shares(OperatingSystem::Linux, tight).1);
}

#[test]
fn a_second_socket_adds_a_part_of_its_bandwidth() {
    // kvcache-ai/ktransformers issues 314 and 797: DeepSeek R1 in 4 bits, experts in RAM.
    let on = |gb_s: f64| {
        let mut plan = plan("deepseek-r1", "Q4_K_M", "rtx-4090");
        plan.workload.gpu_layers = GpuLayers::All;
        plan.workload.cpu_experts = CpuExperts::Count(61);
        (plan.workload.context, plan.workload.depth) = (1024, Some(512));
        (plan.machine.ram_gib, plan.machine.ram_gb_s) = (1152.0, Some(gb_s));
        plan
    };
    held("one socket", speed(&on(460.8)).decode.expect("a decode speed"), 14.0);
    held("two sockets", speed(&on(1228.8)).decode.expect("a decode speed"), 17.3);
    assert!(decode(&on(614.4)) < decode(&on(1228.8)) && decode(&on(1228.8)) < 1.5 * decode(&on(614.4)));
}

#[test]
fn measured_limits_lie_in_the_band() {
    // noonghunna/club-3090@4a29ab57d, llama.cpp: shares of the speed at the maker's limit.
    let ratio = |model: &str, quant: &str, card: &str, watts: u32| {
        let mut plan = prompt(model, quant, card, 2048, 512);
        let free = speed(&plan).decode.expect("a decode speed").expected;
        plan.machine.power_limit_w = Some(watts);
        let held = speed(&plan);
        let widened = held.decode_spread.expect("a spread").reasons().any(|(cause, _)| cause == Uncertainty::Limit);
        assert!(widened, "{card} at {watts} W says that the limit widens the band");
        held.decode.expect("a decode speed").map(|speed| speed / free)
    };
    for (watts, share) in [(200, 0.452), (250, 0.726), (280, 0.888)] {
        held(&format!("27B at {watts} W"), ratio("qwen3.6-27b", "Q3_K_M", "rtx-3090", watts), share);
    }
    for (watts, share) in [(200, 0.762), (250, 0.931), (280, 0.963)] {
        held(&format!("35B-A3B at {watts} W"), ratio("qwen3.6-35b-a3b", "Q4_K_M", "rtx-3090", watts), share);
    }
    for (watts, share) in [(250, 0.892), (300, 0.965), (350, 0.988)] {
        held(&format!("4090 at {watts} W"), ratio("qwen3.6-27b", "Q3_K_M", "rtx-4090", watts), share);
    }
    // A card that nobody measured has the law with a wider band than one that somebody did.
    let width = |card: &str| {
        let band = ratio("llama-3.1-8b", "Q4_K_M", card, 250);
        band.high / band.low
    };
    assert!(width("rtx-4080") > width("rtx-4090"));
}

#[test]
fn what_is_larger_than_the_ram_says_what_it_reads_from_the_disk() {
    let of = |plan: &Plan| {
        let found = ask(plan);
        assert!(found.speed.pages && found.speed.decode.is_none(), "no speed to compare with others");
        found.warnings.iter().find_map(|warning| match warning {
            Warning::FromDisk { gb, decode } => Some((*gb, *decode)),
            _ => None,
        })
    };
    // DeepSeek R1 in 212 GB, 96 GB of RAM, a disk of PCI Express 5.0, no card: 2.1 tokens/s (BlinkDL/fast.c#1, 2025-02).
    // This file is larger, with as large a part of it in RAM.
    let mut plan = plan("deepseek-r1", "Q2_K", "rtx-4090");
    plan.machine.cards.clear();
    plan.machine.ram_gib = 110.0;
    plan.machine.ram_gb_s = Some(89.6);
    plan.machine.disk_gb_s = Some(14.0);
    plan.workload.context = 2048;
    let (gb, decode) = of(&plan).expect("it runs from the disk");
    assert!(gb.low < gb.expected && gb.expected < gb.high && gb.high < 30.0, "{gb:?}");
    held("R1 from the disk", decode, 2.1);
    // A slower disk, or less RAM, is slower.
    plan.machine.disk_gb_s = Some(3.5);
    let (_, slower) = of(&plan).expect("it runs from the disk");
    assert!(slower.expected < decode.expected);
    plan.machine.ram_gib = 48.0;
    let (more, slowest) = of(&plan).expect("it runs from the disk");
    assert!(slowest.expected < slower.expected && more.expected > gb.expected);
    // A dense model reads at least what is missing, at most all that lies there.
    let mut dense = prompt("llama-3.1-70b", "Q8_0", "rtx-4090", 512, 512);
    dense.machine.cards.clear();
    dense.machine.ram_gib = 64.0;
    let (gb, _) = of(&dense).expect("it runs from the disk");
    assert!(gb.low > 5.0 && gb.high < 80.0, "{gb:?}");
}
