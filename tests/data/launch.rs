//! Launch commands: every option is one that the tool documents, and a shell reads the words that were meant.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;
use rigplan::catalog::Catalog;
use rigplan::catalog::model::Model;
use rigplan::catalog::quantization::{KvPrecision, Quantization};
use rigplan::estimate::estimate;
use rigplan::plan::{CpuExperts, GpuLayers, ModelChoice, OperatingSystem, Plan, Runtime, SplitMode};
use rigplan::plan::{LoraTargets, LossMethod, Offload, Optimizer, Precision, Sharding, Task, Training};
use rigplan::share::launch::{self, Launch, LaunchTool};
use rigplan::text::{Fault as _, Locale};

/// The engines with a command: how it begins, and the options that its documentation lists.
const TOOLS: [(Runtime, &str, &str); 3] = [
    (Runtime::LlamaCpp, "llama-server ", include_str!("../fixtures/options/llama-server.txt")),
    (Runtime::Vllm, "vllm serve ", include_str!("../fixtures/options/vllm-serve.txt")),
    (Runtime::Sglang, "python -m sglang.launch_server ", include_str!("../fixtures/options/sglang.txt")),
];

fn command(plan: &Plan) -> Option<String> {
    let catalog = Catalog::embedded();
    launch::command(plan, &estimate(plan, catalog).ok()?, catalog)
}

/// A plan that differs from the first one in all that a command can say.
fn unusual(runtime: Runtime) -> Plan {
    let mut plan = Plan::default();
    plan.workload.choose_runtime(runtime);
    plan.workload.sequences = 4;
    plan.workload.ubatch = 4096;
    plan.workload.prompt_cache_gib = 0.0;
    plan.workload.kv_cache.k = if runtime == Runtime::LlamaCpp { KvPrecision::q8_0 } else { KvPrecision::fp8 };
    plan.workload.kv_cache.v = plan.workload.kv_cache.k;
    plan.workload.swa_full = true;
    plan.workload.unified_kv = true;
    plan.workload.server.gpu_memory_utilization = Some(0.85);
    plan.workload.server.max_num_seqs = Some(16);
    plan.workload.server.max_batched_tokens = Some(4096);
    plan.workload.server.enforce_eager = true;
    plan.machine.cards[0].count = 4;
    plan
}

/// Plans of an engine that between them say everything.
fn plans(runtime: Runtime) -> Vec<Plan> {
    let mut plans = vec![unusual(runtime)];
    for quantization in [Quantization::fp32, Quantization::bf16, Quantization::fp16, Quantization::fp8] {
        let mut plan = unusual(runtime);
        if runtime != Runtime::LlamaCpp {
            plan.workload.quantization = quantization;
        }
        plans.push(plan);
    }
    let mut experts = unusual(runtime);
    experts.workload.model = ModelChoice::Catalog("qwen3-30b-a3b".to_owned());
    experts.workload.cpu_experts = CpuExperts::Count(12);
    experts.workload.gpu_layers = GpuLayers::Count(20);
    experts.machine.cards[0].count = 1;
    plans.push(experts);
    let mut cut = Plan::default();
    cut.workload.choose_runtime(runtime);
    cut.workload.split_mode = SplitMode::Tensor;
    cut.machine.cards[0].count = 2;
    plans.push(cut);
    plans
}

#[test]
fn every_option_is_one_that_the_tool_documents() {
    for (runtime, begin, listed) in TOOLS {
        let known: BTreeSet<&str> =
            listed.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect();
        assert!(listed.starts_with('#') && listed.contains("https://") && listed.contains(", read 20"), "{begin}");
        let mut named = BTreeSet::new();
        // What the engine refuses has no command.
        for command in plans(runtime).iter().filter_map(command) {
            let words = command.strip_prefix(begin).unwrap_or_else(|| panic!("{command}"));
            named.extend(words.split(' ').filter(|word| word.starts_with('-')).map(str::to_owned));
        }
        let unknown: Vec<&String> = named.iter().filter(|name| !known.contains(name.as_str())).collect();
        assert!(unknown.is_empty(), "{begin}: {unknown:?}");
        assert!(named.len() >= 8, "{begin}: {named:?}");
    }
}

/// The tools with a file, and the keys that their documentation lists.
const FILES: [(LaunchTool, &str); 5] = [
    (LaunchTool::Ollama, include_str!("../fixtures/options/ollama.txt")),
    (LaunchTool::Transformers, include_str!("../fixtures/options/transformers.txt")),
    (LaunchTool::LlamaFactory, include_str!("../fixtures/options/llama-factory.txt")),
    (LaunchTool::Accelerate, include_str!("../fixtures/options/accelerate.txt")),
    (LaunchTool::DeepSpeed, include_str!("../fixtures/options/deepspeed.txt")),
];

fn written(plan: &Plan, tool: LaunchTool) -> Option<Launch> {
    let catalog = Catalog::embedded();
    launch::launch(tool, plan, &estimate(plan, catalog).ok()?, catalog)
}

/// Training runs that between them say everything.
fn trainings() -> Vec<Plan> {
    let mut plans = Vec::new();
    for (place, task) in [Task::Full, Task::Lora, Task::Qlora].into_iter().cycle().take(24).enumerate() {
        let at = |choices: &[u8]| choices[place % choices.len()];
        let mut plan = Plan::default();
        plan.machine.cards[0].count = 1 + u32::try_from(place % 4).expect("few");
        plan.workload.model = ModelChoice::Catalog("qwen3-1.7b".to_owned());
        plan.workload.task = task;
        plan.workload.training = Training {
            zero_stage: at(&[0, 1, 2, 3, 3]),
            sharding: if place % 2 == 0 { Sharding::DeepSpeed } else { Sharding::Fsdp },
            offload: [Offload::None, Offload::Optimizer, Offload::Parameters, Offload::Nvme][place % 4],
            precision: [Precision::Bf16, Precision::Bf16Master, Precision::Amp, Precision::Fp32][place / 4 % 4],
            optimizer: [Optimizer::AdamW, Optimizer::SgdMomentum, Optimizer::PagedAdamW8bit][place % 3],
            loss: if place % 3 == 0 { LossMethod::Fused } else { LossMethod::Standard },
            lora_targets: if place % 2 == 0 { LoraTargets::AllLinear } else { LoraTargets::QueryValue },
            dropout: place % 5 == 0,
            checkpointing: place % 3 == 0,
            ..Training::default()
        };
        plans.push(plan);
    }
    plans
}

/// The key that a line of a file sets, or the arguments that a line of Python names.
fn keys(line: &str) -> Vec<String> {
    let line = line.trim();
    let plain = |text: &str| !text.is_empty() && text.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    let first = line.split([':', ' ']).next().unwrap_or_default().trim_matches('"');
    if line.starts_with("# OLLAMA") {
        return vec![line.trim_start_matches("# ").split('=').next().unwrap_or_default().to_owned()];
    }
    if let Some(parameter) = line.strip_prefix("PARAMETER ") {
        return vec![parameter.split(' ').next().unwrap_or_default().to_owned()];
    }
    if line.starts_with("FROM ") {
        return vec!["FROM".to_owned()];
    }
    if plain(first) && line.contains(':') && !line.contains('(') {
        return vec![first.to_owned()];
    }
    let arguments = line.split(['(', ',', ' ']).filter_map(|word| word.split_once('=')).map(|(name, _)| name);
    arguments.filter(|name| plain(name)).map(str::to_owned).collect()
}

#[test]
fn every_key_of_a_file_is_one_that_the_tool_documents() {
    let mut serving = plans(Runtime::LlamaCpp);
    serving.push(Plan::default());
    for quantization in [Quantization::bf16, Quantization::int8, Quantization::nf4, Quantization::awq] {
        let mut plan = Plan::default();
        plan.workload.choose_runtime(Runtime::Transformers);
        plan.workload.quantization = quantization;
        serving.push(plan);
    }
    let all: Vec<Plan> = serving.into_iter().chain(trainings()).collect();
    for (tool, listed) in FILES {
        let known: BTreeSet<&str> =
            listed.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect();
        assert!(listed.starts_with('#') && listed.contains("https://") && listed.contains(", read 20"), "{tool:?}");
        let mut named = BTreeSet::new();
        let files: Vec<Launch> = all.iter().filter_map(|plan| written(plan, tool)).collect();
        assert!(files.len() >= 2, "{tool:?}");
        for file in &files {
            named.extend(file.lines.iter().flat_map(|line| keys(&line.text)));
            if tool == LaunchTool::DeepSpeed {
                serde_json::from_str::<serde_json::Value>(&file.text()).expect("JSON");
            }
        }
        let unknown: Vec<&String> = named.iter().filter(|name| !known.contains(name.as_str())).collect();
        assert!(unknown.is_empty(), "{tool:?}: {unknown:?}");
        assert!(named.len() >= 4, "{tool:?}: {named:?}");
    }
}

#[test]
fn every_line_is_explained_in_both_languages() {
    let all = [Runtime::LlamaCpp, Runtime::Vllm, Runtime::Sglang].into_iter().flat_map(plans).chain(trainings());
    for plan in all {
        for launch in LaunchTool::ALL.into_iter().filter_map(|tool| written(&plan, tool)) {
            for line in &launch.lines {
                let (en, zh) = match &line.why {
                    Some(why) => (why.say(Locale::En), why.say(Locale::Zh)),
                    None => continue,
                };
                assert!(!en.is_empty() && !zh.is_empty() && en != zh, "{}: {en}", line.text);
                assert!(!en.contains('{') && !zh.contains('{'), "{}: {en} {zh}", line.text);
            }
            assert!(launch.lines[0].why.is_some() || launch.tool.file_name().is_some());
        }
    }
}

#[test]
fn a_tool_is_offered_only_for_what_it_runs() {
    let offered = |change: &dyn Fn(&mut Plan)| {
        let mut plan = Plan::default();
        change(&mut plan);
        let catalog = Catalog::embedded();
        launch::tools(&plan, &estimate(&plan, catalog).expect("an estimate"))
    };
    assert_eq!(offered(&|_| ()), [LaunchTool::LlamaServer, LaunchTool::Ollama]);
    assert_eq!(offered(&|plan| plan.workload.kv_cache.k = KvPrecision::q5_1), [LaunchTool::LlamaServer]);
    assert!(offered(&|plan| plan.workload.choose_runtime(Runtime::Tgi)).is_empty());
    let python = offered(&|plan| {
        plan.workload.choose_runtime(Runtime::Transformers);
        plan.workload.quantization = Quantization::bf16;
    });
    assert_eq!(python, [LaunchTool::Transformers]);
    let trained = |change: &dyn Fn(&mut Training)| {
        offered(&|plan| {
            plan.workload.task = Task::Lora;
            plan.machine.cards[0].count = 2;
            change(&mut plan.workload.training);
        })
    };
    assert_eq!(trained(&|_| ()), [LaunchTool::LlamaFactory, LaunchTool::Accelerate]);
    assert_eq!(
        trained(&|training| training.zero_stage = 3),
        [LaunchTool::LlamaFactory, LaunchTool::Accelerate, LaunchTool::DeepSpeed]
    );
    assert_eq!(
        trained(&|training| (training.zero_stage, training.sharding) = (1, Sharding::Fsdp)),
        [LaunchTool::LlamaFactory],
        "FSDP shares no states alone"
    );
    assert!(trained(&|training| training.pipeline_parallel = 2).is_empty());
}

/// The words that `PowerShell` makes of a line: typographic quotes are quotes to it, a doubled one stands for itself.
fn read_powershell(line: &str) -> Vec<String> {
    let is_quote = |letter: char| matches!(letter, '\'' | '\u{2018}'..='\u{201b}');
    let mut words = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let word = words.last_mut().expect("one word");
        match letter {
            _ if is_quote(letter) && quoted && letters.peek().copied().is_some_and(is_quote) => {
                letters.next();
                word.push(letter);
            }
            _ if is_quote(letter) => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => {
                assert!(quoted || !"$`\"(){};,|&<>@#\t".contains(letter), "{letter:?} has a meaning: {line}");
                word.push(letter);
            }
        }
    }
    assert!(!quoted, "{line}");
    words
}

/// The words that a POSIX shell makes of a line, by asking one.
#[cfg(unix)]
fn read_posix(line: &str) -> Vec<String> {
    let script = format!("printf '%s\\0' {line}");
    let output = std::process::Command::new("sh").args(["-c", &script]).output().expect("a shell");
    let text = String::from_utf8(output.stdout).expect("text");
    text.split_terminator('\0').map(str::to_owned).collect()
}

/// A path as people and mischief name files: on one line.
fn paths() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        ' ', '\'', '"', '$', '`', '\\', ';', '&', '|', '(', ')', '!', '*', '?', '#', '~', '%', '@', ',', '{', '}', '<',
        '>', '\u{2019}', '\u{2018}', 'é', '模', '-', '.', 'a', 'Z', '7',
    ]);
    prop::collection::vec(odd, 1..24).prop_map(|letters| format!("/m/{}.gguf", letters.iter().collect::<String>()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a file is called, the shell hands over its name and runs nothing.
    #[test]
    fn a_shell_reads_the_words_that_were_meant(path in paths()) {
        let mut plan = Plan::default();
        let model = Catalog::embedded().model("llama-3.1-8b").expect("a model").clone();
        plan.workload.model = ModelChoice::File { path: PathBuf::from(&path), model: Arc::new(model) };
        let rest = ["-c", "8192", "-np", "1"];
        plan.machine.os = OperatingSystem::Windows;
        let words = read_powershell(&command(&plan).expect("a command"));
        prop_assert_eq!((words[2].as_str(), &words[3..7]), (path.as_str(), &rest.map(str::to_owned)[..]));
        let mut fields = Catalog::embedded().model("llama-3.1-8b").expect("a model").clone().into_fields();
        fields.hf_id = None;
        let folder = path.trim_end_matches(".gguf").replace('.', "_");
        let model = Arc::new(Model::new(fields).expect("a model"));
        let mut files = Plan::default();
        files.workload.model = ModelChoice::File { path: PathBuf::from(&folder), model };
        files.workload.task = Task::Lora;
        let yaml = written(&files, LaunchTool::LlamaFactory).expect("a file").lines[0].text.clone();
        let value = yaml.strip_prefix("model_name_or_path: ").expect("the model");
        prop_assert!(value == folder || serde_json::from_str::<String>(value).ok().as_deref() == Some(&*folder), "{}", value);
        files.workload.task = Task::Serve;
        files.workload.choose_runtime(Runtime::Transformers);
        files.workload.quantization = Quantization::bf16;
        let python = written(&files, LaunchTool::Transformers).expect("lines").text();
        let value = python.lines().find_map(|line| line.strip_prefix("model_id = ")).expect("the model");
        prop_assert_eq!(serde_json::from_str::<String>(value).expect("a text"), folder);
        #[cfg(unix)]
        {
            plan.machine.os = OperatingSystem::Linux;
            let words = read_posix(&command(&plan).expect("a command"));
            prop_assert_eq!((words[2].as_str(), &words[3..7]), (path.as_str(), &rest.map(str::to_owned)[..]));
        }
    }
}
