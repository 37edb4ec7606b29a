//! Launch commands: every option is one that the tool documents, and a shell reads the words that were meant.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;
use rigplan::catalog::Catalog;
use rigplan::catalog::quantization::{KvPrecision, Quantization};
use rigplan::estimate::estimate;
use rigplan::plan::{CpuExperts, GpuLayers, ModelChoice, OperatingSystem, Plan, Runtime, SplitMode};
use rigplan::share::launch;

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
        #[cfg(unix)]
        {
            plan.machine.os = OperatingSystem::Linux;
            let words = read_posix(&command(&plan).expect("a command"));
            prop_assert_eq!((words[2].as_str(), &words[3..7]), (path.as_str(), &rest.map(str::to_owned)[..]));
        }
    }
}
