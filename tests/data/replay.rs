//! The bodies of the fuzz targets over seeds made of the fixtures, and over mutations of them: nothing that comes from
//! outside makes the program panic, hang or say two lines. A short run of what the fuzzer does for hours.
//!
//! `RIGPLAN_MUTATIONS=20000 cargo test --test data replay` goes on for longer; `RIGPLAN_SEEDS=fuzz/corpus` writes the seeds
//! to where cargo-fuzz begins.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use rigplan::catalog::Catalog;
use rigplan::plan::{Document, Runtime, Task};
use rigplan::share::carrier::link::to_link;
use rigplan::share::{plan_file, price_csv};
use rigplan::system::detect::Detected;

use crate::diagnose_more::MORE;
use crate::diagnose_systems::SYSTEMS;
use crate::diagnose_texts::ALLOCATORS;
use crate::support::gguf::{Gguf, llama};

#[allow(dead_code, clippy::expect_used, unreachable_pub, reason = "shared with the fuzzer's own crate")]
#[path = "../../fuzz/src/bodies.rs"]
mod bodies;

/// How many mutations each target gets, where nobody asks for more.
const MUTATIONS: usize = 60;
/// The longest seed that is mutated here; longer ones are read as they are.
const LONGEST: usize = 64 << 10;

type Seeds = BTreeMap<&'static str, Vec<Vec<u8>>>;

fn files(folder: &str, extension: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<_> =
        fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == extension));
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a file")).collect()
}

fn documents() -> Vec<Document> {
    let mut documents = vec![Document::default()];
    for (runtime, task) in [(Runtime::Vllm, Task::Serve), (Runtime::LlamaCpp, Task::Qlora)] {
        let mut document = Document { name: "两张 4090".to_owned(), ..Document::default() };
        document.plans[0].plan.workload.choose_runtime(runtime);
        document.plans[0].plan.workload.task = task;
        documents.push(document);
    }
    documents
}

fn requests() -> Vec<Vec<u8>> {
    [
        r#"{"id":"x","model":"llama-3.1-8b","quant":"Q4_K_M","runtime":"llama.cpp","task":"serve","context":8192,"sequences":1,"unified_kv":false,"kv_cache":"f16","flash_attention":true,"ubatch":512,"logits":"last","swa_full":false,"card":"rtx-4090","cards":1,"gpu_layers":"auto","cpu_experts":0,"ram_gib":64,"prompt_tokens":2048}"#,
        r#"{"model":"qwen3-32b","runtime":"vllm","quant":"awq","card":"rtx-3090","cards":2,"gpu_memory_utilization":0.9,"max_num_seqs":64,"max_batched_tokens":4096,"enforce_eager":true,"runtime_version":"0.6"}"#,
        r#"{"model":"llama-3.1-8b","task":"qlora","sequence_length":4096,"micro_batch":2,"optimizer":"adamw","precision":"bf16","checkpointing":true,"attention":"flash","lora_rank":16,"zero_stage":0,"data_parallel":1,"card":"rtx-4090"}"#,
        r#"{"model":"gpt-oss-120b","machine":[{"card":"rtx-4090","count":1},{"card":"rtx-3090","count":2}],"tensor_split":[1,2,3],"kv_cache":"q8_0","kv_cache_v":"q4_0","largest":true,"ram_gb_s":60.5,"pcie_gen":4,"os":"windows","screen":true}"#,
        r#"{"model":"llama-3.1-70","context":1e9}"#,
    ]
    .iter()
    .map(|line| line.as_bytes().to_vec())
    .collect()
}

fn seeds() -> Seeds {
    let documents = documents();
    let links: Vec<String> = documents.iter().map(|document| to_link(document).expect("a link")).collect();
    let mut plans: Vec<Vec<u8>> =
        documents.iter().map(|document| plan_file::to_text(document).expect("a plan").into_bytes()).collect();
    for folder in ["valid", "invalid", "hostile"] {
        plans.extend(files(&format!("tests/fixtures/{folder}"), "ron"));
    }
    let shared = |link: &String| format!("look: {link} 好吗？").into_bytes();
    let mut carriers = plans.clone();
    carriers.extend(links.iter().map(|link| link.clone().into_bytes()));
    carriers.extend(links.iter().map(|link| format!("<html><script>\"{link}\"</script></html>").into_bytes()));
    let headers = [
        r#"{"__metadata__":{"format":"pt"},"a.weight":{"dtype":"BF16","shape":[64,64],"data_offsets":[0,8192]}}"#,
        "{}",
    ];
    let safetensors = headers.iter().map(|text| [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat());
    let index = br#"{"metadata":{"total_size":1},"weight_map":{"a.weight":"model-00001-of-00002.safetensors"}}"#;
    let book = price_csv::to_text(&Catalog::embedded().price_book());
    let few: String = book.split_inclusive("\r\n").take(12).collect();
    let errors = ALLOCATORS.iter().chain(SYSTEMS).chain(MORE).map(|case| case.text.as_bytes().to_vec());
    let bench = "| model | size | params | backend | ngl | test | t/s |\n| --- | --- | --- | --- | --- | --- | --- |\n\
                 | llama 8B Q4_K - Medium | 4.58 GiB | 8.03 B | CUDA | 99 | pp512 | 3000.10 ± 2.00 |\n\
                 | llama 8B Q4_K - Medium | 4.58 GiB | 8.03 B | CUDA | 99 | tg128 @ d4096 | 99.50 ± 0.10 |\n";
    let bench_json =
        br#"[{"model_type":"llama 8B Q4_K - Medium","n_prompt":512,"n_gen":0,"avg_ts":3000.1,"n_depth":0}]"#;
    let configs = crate::model_files::configs().into_iter().map(|(_, config)| config.to_string().into_bytes());
    Seeds::from([
        ("plan_file", plans),
        ("carrier", carriers),
        ("share_text", links.iter().map(shared).collect()),
        ("gguf_header", vec![llama().bytes(), Gguf::new("qwen3moe").number("qwen3moe.block_count", 4).bytes()]),
        ("config_json", configs.collect()),
        ("safetensors_index", safetensors.chain([index.to_vec()]).collect()),
        ("jsonl_request", requests()),
        ("overlay_table", TABLES.iter().map(|(which, file)| table(*which, file)).collect()),
        (
            "price_csv",
            [files("tests/fixtures/hostile", "csv"), files("tests/fixtures/hostile", "ron"), vec![few.into_bytes()]]
                .concat(),
        ),
        ("pasted_error", errors.collect()),
        ("runtime_log", files("tests/fixtures/logs", "log")),
        ("command_text", crate::commands::published().map(|text| text.as_bytes().to_vec()).collect()),
        ("llama_bench", vec![bench.as_bytes().to_vec(), bench_json.to_vec()]),
        ("machine_file", vec![Detected::default().described().into_bytes()]),
    ])
}

/// Built-in tables that may be laid over themselves, each with its place among the kinds.
const TABLES: [(u8, &str); 8] = [
    (0, "cards/other.ron"),
    (2, "models/qwen3.ron"),
    (2, "models/deepseek.ron"),
    (3, "platforms.ron"),
    (6, "storage.ron"),
    (13, "rents.ron"),
    (14, "runtimes.ron"),
    (15, "speeds.ron"),
];

fn table(which: u8, file: &str) -> Vec<u8> {
    let text = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(file)).expect("a table");
    [&[which], text.as_slice()].concat()
}

/// The same numbers in every run.
struct Chance(u64);

impl Chance {
    #[expect(clippy::cast_possible_truncation, reason = "the rest of a division by a length")]
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        if most == 0 { 0 } else { (self.0 % most as u64) as usize }
    }
}

/// What files get wrong, put in somewhere.
const WORDS: [&str; 16] = [
    "0",
    "-1",
    "18446744073709551615",
    "9223372036854775808",
    "1e308",
    "NaN",
    "null",
    "[]",
    "{}",
    "\"\"",
    "\u{202e}",
    "\u{1b}[31m",
    "\n",
    "\0",
    "模型",
    "((((((((",
];

/// One of the seeds with something else in one to three places.
fn mutated(seeds: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seeds[chance.below(seeds.len())].clone();
    bytes.truncate(LONGEST);
    for _ in 0..=chance.below(3) {
        let at = chance.below(bytes.len() + 1);
        let end = (at + chance.below(24)).min(bytes.len());
        match chance.below(7) {
            0 => drop(bytes.splice(at..end, [])),
            1 => drop(bytes.splice(at..at, WORDS[chance.below(WORDS.len())].bytes())),
            2 => drop(bytes.splice(at..end, WORDS[chance.below(WORDS.len())].bytes())),
            3 => bytes.truncate(at),
            4 => {
                let part = bytes[at..end].to_vec();
                let times = 1 + chance.below(40);
                drop(bytes.splice(at..at, part.repeat(times)));
            }
            5 => {
                let other = &seeds[chance.below(seeds.len())];
                let from = chance.below(other.len() + 1);
                let to = (from + chance.below(400)).min(other.len());
                drop(bytes.splice(at..end, other[from..to].to_vec()));
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << chance.below(8);
                }
            }
        }
    }
    bytes
}

/// Runs a body; what makes it panic is kept in a file.
fn run(name: &str, body: fn(&[u8]), bytes: &[u8]) {
    let bytes_kept = || {
        let (_, path) = tempfile::Builder::new().prefix(name).tempfile().expect("a file").keep().expect("kept");
        fs::write(&path, bytes).expect("written");
        path
    };
    assert!(
        catch_unwind(AssertUnwindSafe(|| body(bytes))).is_ok(),
        "{name} panics: its bytes are in {}",
        bytes_kept().display()
    );
}

#[test]
fn nothing_from_outside_makes_the_program_panic() {
    let seeds = seeds();
    let asked = std::env::var("RIGPLAN_MUTATIONS").ok().and_then(|count| count.parse().ok());
    assert_eq!(seeds.len(), bodies::ALL.len(), "seeds for every target");
    for (name, body) in bodies::ALL {
        let of_target = &seeds[name];
        assert!(!of_target.is_empty(), "{name}");
        for seed in of_target {
            run(name, *body, seed);
        }
        let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
        for _ in 0..asked.unwrap_or(MUTATIONS) {
            run(name, *body, &mutated(of_target, &mut chance));
        }
    }
}

#[test]
fn seeds_are_written_where_the_fuzzer_begins() {
    let Some(folder) = std::env::var_os("RIGPLAN_SEEDS") else { return };
    for (name, of_target) in seeds() {
        let folder = Path::new(&folder).join(name);
        fs::create_dir_all(&folder).expect("a folder");
        for (place, seed) in of_target.iter().enumerate() {
            fs::write(folder.join(format!("seed-{place:03}")), seed).expect("written");
        }
    }
}
