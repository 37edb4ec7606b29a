//! The contract of every input, by the table: taken; refused outside its range with one clear line; listed as assumed where
//! it is left out; answers depend on it, or no law reads it yet.

use clap::Parser as _;
use rigplan::advise::remedies::{Change, Cost, ladder};
use rigplan::catalog::Catalog;
use rigplan::cli::jsonl::JsonlSession;
use rigplan::cli::{Cli, command_line};
use rigplan::estimate::{Estimate, estimate};
use rigplan::plan::inputs::{InputKind, InputValue};
use rigplan::plan::{Input, Plan};
use rigplan::text::{Fault as _, Key, Locale};
use serde_json::{Map, Value as Json, json};

/// The whole number that a figure of the table is.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "ends of ranges of whole numbers")]
const fn whole_of(figure: f64) -> u64 {
    figure as u64
}

/// Requests that between them read every input.
fn requests() -> Vec<Json> {
    vec![
        json!({"model": "llama-3.1-8b"}),
        json!({"model": "qwen3-235b-a22b", "cards": 2, "sequences": 4, "gpu_layers": 30, "ram_gb_s": 80}),
        json!({"model": "llama-3.1-8b", "cards": 2, "split_mode": "none"}),
        json!({"model": "gemma-3-27b", "context": 65536, "sequences": 2}),
        json!({"model": "llama-3.1-8b", "runtime": "vllm", "quant": "bf16", "cards": 2, "sequences": 8}),
        json!({"model": "llama-3.1-8b", "runtime": "vllm", "quant": "bf16", "card": "h100-sxm5", "max_loras": 2}),
        json!({"model": "llama-3.1-8b", "runtime": "transformers", "quant": "bf16", "sequences": 2}),
        json!({"model": "llama-3.1-8b", "task": "qlora"}),
        json!({"model": "llama-3.1-8b", "task": "lora", "micro_batch": 2, "attention": "eager", "checkpointing": false}),
        json!({"model": "llama-3.1-8b", "task": "full", "cards": 4, "zero_stage": 3, "card": "h100-sxm"}),
        json!({"model": "llama-3.1-8b", "task": "full", "cards": 4, "tensor_parallel": 2, "card": "h100-sxm"}),
        json!({"model": "llama-3.1-8b", "task": "qlora", "dataset_tokens": 10_000_000_000_u64}),
        json!({"model": "mixtral-8x7b", "task": "qlora", "card": "h100-sxm"}),
        json!({"model": "llama-2-70b", "task": "lora", "cards": 4, "zero_stage": 3, "sharding": "fsdp", "card": "h100-sxm"}),
        json!({"cards": 0, "ram_gib": 10}),
        json!({"model": "llama-3.1-8b", "card": "rtx-3090", "cards": 2, "split_mode": "tensor"}),
        json!({"card": "apple-m2-max"}),
        json!({"card": "gb10-dgx-spark", "cards": 2}),
        json!({"model": "qwen3.5-27b", "speculative": "mtp", "vision": "cpu"}),
        json!({"model": "qwen3-32b", "speculative": "qwen3-0.6b"}),
    ]
}

fn ask(session: &mut JsonlSession<'_>, request: &Json) -> Map<String, Json> {
    let mut out = Vec::new();
    assert!(session.answer(request.to_string().as_bytes(), &mut out), "no answer to {request}");
    serde_json::from_slice(&out).unwrap_or_else(|error| panic!("{request}: {error}"))
}

/// The answer without what was assumed; `None` where it is refused.
fn figures(session: &mut JsonlSession<'_>, request: &Json) -> Option<Map<String, Json>> {
    let mut answer = ask(session, request);
    answer.remove("assumed");
    (!answer.contains_key("error")).then_some(answer)
}

fn with(request: &Json, key: &str, value: Json) -> Json {
    let mut request = request.clone();
    request[key] = value;
    request
}

/// Values within the range of an input, as requests give them.
fn values(input: Input) -> Vec<Json> {
    let entry = input.entry();
    match (&entry.kind, entry.kind.ends()) {
        (InputKind::Switch(_), _) => vec![json!(true), json!(false)],
        (InputKind::Choice(choices), _) => choices.names.iter().map(|name| json!(name)).collect(),
        (InputKind::Version, _) => vec![json!("0.6"), json!("4.44"), json!("2024-05")],
        (InputKind::Own(_), _) => match input {
            Input::Model => vec![json!("qwen3-32b")],
            Input::Card => vec![json!("rtx-3090")],
            Input::Cards => vec![json!(0), json!(3)],
            Input::CardMemoryGib => vec![json!(32), json!(64)],
            Input::Platform => vec![json!("am4-r5-5600")],
            Input::TensorSplit => vec![json!([3, 1])],
            Input::Also => vec![json!([{"model": "qwen3-0.6b", "device": "cpu"}]), json!([])],
            Input::OverrideTensors => vec![json!("ffn_.*=CPU")],
            Input::Speculative => vec![json!("none"), json!("mtp"), json!("qwen3-0.6b")],
            Input::Machine => vec![json!([{"card": "rtx-4090"}, {"card": "rtx-3090"}])],
            other => panic!("{other:?} has a form of its own: say here what it takes"),
        },
        (kind, Some((low, high))) => {
            let some = [low, low * 2.0, 1.0, 2.0, 3.0, 4.0, 8.0, 64.0, 300.0, 0.5, 4096.0, 1e6, high];
            let some = some.into_iter().filter(|value| (low..=high).contains(value));
            let words = if let InputKind::CountOr(_, words) = kind { *words } else { &[] };
            let numbers = some.filter(|value| kind.is_real() || value.fract() == 0.0);
            let numbers = numbers.map(|value| if kind.is_real() { json!(value) } else { json!(whole_of(value)) });
            words.iter().map(|word| json!(word)).chain(numbers).collect()
        }
        (kind, None) => panic!("{kind:?} has no range"),
    }
}

/// Giving an input its value changes some answer.
#[test]
fn answers_depend_on_every_input() {
    let session = &mut JsonlSession::new(Catalog::embedded());
    let mut wrong = Vec::new();
    for input in Input::all() {
        let key = input.entry().key;
        let matters = requests().iter().any(|request| {
            let mut request = request.clone();
            if input == Input::Machine {
                request.as_object_mut().expect("an object").retain(|key, _| !key.starts_with("card"));
            }
            let found: Vec<_> =
                values(input).into_iter().filter_map(|value| figures(session, &with(&request, key, value))).collect();
            let before = figures(session, &request);
            found.iter().any(|answer| before.as_ref().is_some_and(|before| before != answer))
        });
        // What stands in no key of an answer, but in the window.
        let matters = matters || input == Input::PromptCacheGib && prompt_cache(0.0) != prompt_cache(20.0);
        // What no estimate depends on, but what other cards cost.
        let matters = matters || input == Input::Owned && swaps(false) != swaps(true);
        if !matters {
            wrong.push(format!("{key} changes nothing"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What other cards cost for a plan that does not fit, its own bought already or not.
fn swaps(owned: bool) -> Vec<Cost> {
    let mut plan = Plan::default();
    plan.workload.context = 1 << 20;
    Input::Owned.set(&mut plan, InputValue::Switch(owned)).expect("a switch");
    let ladder = ladder(&plan, Catalog::embedded()).expect("a plan that can be judged");
    let swapped = ladder.ways.into_iter().filter(|way| matches!(way.change.parts()[0], Change::SwapCards { .. }));
    swapped.map(|way| way.cost).collect()
}

/// Where everything lies with so much for the prompt cache.
fn prompt_cache(gib: f64) -> Estimate {
    let mut plan = Plan::default();
    Input::PromptCacheGib.set(&mut plan, InputValue::Real(gib)).expect("a size within the range");
    estimate(&plan, Catalog::embedded()).expect("an estimate")
}

#[test]
fn every_input_is_refused_outside_its_range_in_one_line() {
    let session = &mut JsonlSession::new(Catalog::embedded());
    for input in Input::all() {
        let entry = input.entry();
        let Some((low, high)) = entry.kind.ends() else { continue };
        for outside in [low - 1.0, low / 2.0, high + 1.0, high * 10.0] {
            let whole = !entry.kind.is_real();
            if (low..=high).contains(&outside) || outside < 0.0 || (whole && outside.fract() != 0.0) {
                continue;
            }
            let value = if whole { json!(whole_of(outside)) } else { json!(outside) };
            for request in [json!({}), json!({"task": "full"}), json!({"runtime": "vllm", "quant": "bf16"})] {
                let answer = ask(session, &with(&request, entry.key, value.clone()));
                let error = answer["error"].as_str().expect("a text");
                let said =
                    format!("{} is {}, but must be {}", entry.key, shown(&value), entry.kind.allowed().say(Locale::En));
                assert_eq!(error, said, "{request}");
            }
            let given = if whole { InputValue::Whole(whole_of(outside)) } else { InputValue::Real(outside) };
            let (mut plan, before) = (Plan::default(), Plan::default());
            let error = input.set(&mut plan, given).expect_err("it is out of range");
            assert_eq!((plan, error.key()), (before, entry.key), "the plan stays as it was");
        }
    }
}

/// As `Debug` writes numbers.
fn shown(value: &Json) -> String {
    value.as_u64().map_or_else(|| format!("{:?}", value.as_f64().expect("a number")), |whole| whole.to_string())
}

/// What is read is listed where it is left out, and given as listed changes no figure; what is not read is not listed.
#[test]
fn what_is_left_out_is_assumed_and_giving_it_changes_nothing() {
    let session = &mut JsonlSession::new(Catalog::embedded());
    for request in requests() {
        let mut answer = ask(session, &request);
        let Some(Json::Object(assumed)) = answer.remove("assumed") else { panic!("{request}: {answer:?}") };
        for (key, value) in &assumed {
            assert!(Input::of_key(key).is_some(), "{request}: {key} is no input");
            let mut given = ask(session, &with(&request, key, value.clone()));
            let Some(Json::Object(left)) = given.remove("assumed") else { panic!("{request}: {key}: {given:?}") };
            assert!(!left.contains_key(key), "{request}: {key} was given");
            let mut expected = answer.clone();
            if key == "depth" {
                // Decoding is taken at the depth; reading the prompt begins at none where none is given.
                for answer in [&mut given, &mut expected] {
                    answer["speed"]["prefill_tokens_per_s"].take();
                    answer["speed"]["sustained_tokens_per_s"].take();
                }
            }
            assert_eq!(given, expected, "{request}: {key} = {value}");
        }
        let serving = request.get("task").is_none() && request.get("cards") != Some(&json!(0));
        for input in Input::all().filter(|input| request.get(input.entry().key).is_none()) {
            let entry = input.entry();
            let listed = assumed.contains_key(entry.key);
            let has_default = input.get(&Plan::default()) != InputValue::Unset;
            match entry.kind {
                InputKind::Own(_) => {}
                _ if has_default && input.is_read(&Plan::default()) && request.get("runtime").is_none() && serving => {
                    assert!(listed, "{request}: {} has a default", entry.key);
                }
                _ => assert!(!listed || has_default || entry.unset.is_some(), "{request}: {} has none", entry.key),
            }
        }
    }
}

#[test]
fn every_input_has_a_flag_words_and_a_nearest_name() {
    let session = &mut JsonlSession::new(Catalog::embedded());
    for input in Input::all() {
        let entry = input.entry();
        assert_eq!(Input::of_key(entry.key), Some(input));
        for locale in Locale::ALL {
            assert!(!locale.word(entry.label).is_empty() && !locale.word(entry.tip).is_empty(), "{}", entry.key);
        }
        let tip = Locale::En.word(entry.tip);
        assert!(!tip.ends_with('.') && !tip.contains('\n'), "{tip}");
        let flag = format!("--{}", entry.key.replace('_', "-"));
        let value = match &values(input)[0] {
            Json::String(name) => name.clone(),
            Json::Array(_) if input == Input::TensorSplit => "3,1".to_owned(),
            Json::Array(_) => "rtx-4090:1,rtx-3090:2".to_owned(),
            other => other.to_string(),
        };
        Cli::try_parse_from(["rigplan", "estimate", &flag, &value]).unwrap_or_else(|error| panic!("{error}"));
        let misspelled = format!("{}x", entry.key);
        let answer = ask(session, &json!({ misspelled: 1 }));
        assert!(answer["error"].as_str().is_some_and(|error| error.contains(entry.key)), "{answer:?}");
    }
    let help =
        command_line(Locale::En).try_get_matches_from(["rigplan", "estimate", "--help"]).expect_err("help").to_string();
    for input in Input::all() {
        let flag = format!("--{} ", input.entry().key.replace('_', "-"));
        assert!(help.contains(&flag), "{flag} is not in the help");
    }
    assert!(help.contains(Locale::En.word(Key::GroupTraining)), "flags stand in groups");
}
