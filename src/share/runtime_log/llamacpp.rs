//! llama.cpp's log, and that of what is built on it.
//!
//! The lines are those of `llama-model.cpp`, `llama-kv-cache.cpp`, `llama-memory-recurrent.cpp`, `llama-context.cpp` and of the
//! server's timings, as they were written since 2023.

use super::sizes::of_mib;
use super::{Amount, LogTool, LoggedSpeed, Part, Place, RuntimeLog, amount, cards, first_builds, ollama};
use crate::catalog::runtime::Backend;
use crate::catalog::speed::Timed;
use crate::share::launch::read::{ExpertsAsked, LayersAsked};
use crate::share::llama_bench;
use crate::text::scan;
use crate::units::MIB;

/// Lines that only builds before 2025 write.
const OLD: [&str; 2] = ["llm_load_tensors:", "llama_new_context_with_model:"];

/// One of these stands in every line that says something; most lines of a long log have none.
const MARKS: [&str; 15] = [
    "=",
    "MiB",
    "Device ",
    "device",
    "layers to GPU",
    "overrid",
    "build: ",
    "GPU name",
    "meta data",
    "llm_load_tensors",
    "llama_new_context",
    "clip_model_loader",
    "alloc_compute_meta",
    "load_hparams",
    "| ",
];

/// Loads from this share of another's weights on are of one size.
const ABOUT_AS_LARGE: f64 = 0.9;

/// Reads a log. A server loads one model after another: the largest counts, of several about as large the last.
pub(super) fn read(text: &str) -> RuntimeLog {
    let mut best = RuntimeLog::default();
    let mut load = RuntimeLog::default();
    for line in text.lines().filter(|line| MARKS.iter().any(|mark| scan::has(line, mark))) {
        if line.contains("loaded meta data with ") || line.contains("msg=\"starting runner\"") {
            // What was named before the first load belongs to it: the cards.
            let cards = load.cards.clone();
            let before = std::mem::take(&mut load);
            load.cards = cards;
            load.has_more = before.weights() > 0 && before.names != load.names;
            best = larger(best, before);
        }
        of_line(line, &mut load);
    }
    best = larger(best, load);
    if best.has_parts() || !best.names.is_empty() || !best.cards.is_empty() {
        let is_ollama =
            best.tool == Some(LogTool::Ollama) || scan::has(text, "ollama") || scan::has(text, "source=server.go");
        best.tool = Some(if is_ollama { LogTool::Ollama } else { LogTool::LlamaCpp });
    }
    best
}

fn larger(one: RuntimeLog, other: RuntimeLog) -> RuntimeLog {
    let both = one.weights() > 0 && other.weights() > 0;
    // A fit loads one model several times, cut another way each time.
    let later = other.weights() as f64 >= ABOUT_AS_LARGE * one.weights() as f64;
    let (mut more, less) = if later { (other, one) } else { (one, other) };
    // A draft model or another load beside it.
    more.has_more = both && less.names != more.names;
    for (number, card) in less.cards {
        more.cards.entry(number).or_insert(card);
    }
    if more.speeds.is_empty() {
        more.speeds = less.speeds;
    }
    more
}

fn of_line(line: &str, log: &mut RuntimeLog) {
    log.is_old |= OLD.iter().any(|old| line.contains(old));
    if line.contains("clip_model_loader:")
        || line.contains("alloc_compute_meta:")
        || line.contains("load_hparams: projector")
    {
        log.has_more = true;
        return;
    }
    if let Some((number, card)) = cards::of_line(line) {
        let known = log.cards.entry(number).or_default();
        known.name = card.name.or_else(|| known.name.take());
        known.total = card.total.or(known.total);
        known.least = card.least.or(known.least);
    }
    if let Some((name, part, amount)) = buffer(line) {
        log.is_mapped |= name.ends_with("_Mapped");
        log.backend = backend(name).or(log.backend);
        match part {
            Part::Compute => log.add_compute(name, place(name), amount),
            _ => log.add(place(name), part, amount),
        }
    } else if line.contains(" | ") || line.contains("|   - ") {
        breakdown(line, log);
    }
    first_builds::of_line(line, log);
    ollama::of_line(line, log);
    named(line, log);
    told(line, log);
    timed(line, log);
}

/// `load_tensors:        CUDA0 model buffer size =  4095.05 MiB`: whose, what, how much.
fn buffer(line: &str) -> Option<(&str, Part, Amount)> {
    let (head, tail) = line.split_once("buffer size =")?;
    let mut words = head.split_whitespace().rev();
    let last = words.next()?;
    let (name, part) = match last {
        "model" => (words.next()?, Part::Weights),
        "KV" => (words.next()?, Part::KvCache),
        "RS" => (words.next()?, Part::RecurrentState),
        "compute" => (words.next()?, Part::Compute),
        "output" => (words.next()?, Part::Output),
        // The first builds with several backends named no kind.
        name if line.contains("load_tensors") => (name, Part::Weights),
        _ => return None,
    };
    Some((name, part, amount(tail)?))
}

/// Where a buffer of this name lies: `CUDA0`, `CPU_Mapped`, `CUDA_Host`, `Metal`, `RPC0[…]`.
pub(super) fn place(name: &str) -> Place {
    let is_host =
        name.starts_with("CPU") || name.ends_with("Host") || name.starts_with("AMX") || name.starts_with("BLAS");
    if is_host {
        return Place::Host;
    }
    let digits: String =
        name.chars().skip_while(|letter| !letter.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    Place::Device(digits.parse().unwrap_or(0))
}

pub(super) fn backend(name: &str) -> Option<Backend> {
    let known = [
        ("CUDA", Backend::Cuda),
        ("ROCm", Backend::Rocm),
        ("Vulkan", Backend::Vulkan),
        ("SYCL", Backend::Sycl),
        ("Metal", Backend::Metal),
        ("MTL", Backend::Metal),
    ];
    known.iter().find(|(start, _)| name.starts_with(start)).map(|(_, backend)| *backend)
}

/// `|   - CUDA0 (RTX 4090)   | 24080 = 9436 + (14193 = 13169 + 38 + 985) + 451 |`: in MiB, all, free, and what was taken.
fn breakdown(line: &str, log: &mut RuntimeLog) {
    let Some((name, figures)) = line.split_once("- ").and_then(|(_, rest)| rest.split_once('|')) else { return };
    if !line.contains("memory_breakdown_print") || line.contains("unaccounted |") {
        return;
    }
    // While a fit is looked for nothing is allocated yet: what is unaccounted is then below nothing, or printed as more than any
    // card has.
    let figures = figures.split(|letter: char| !letter.is_ascii_digit() && letter != '-');
    let Ok(numbers) =
        figures.filter(|word| word.len() > word.matches('-').count()).map(str::parse).collect::<Result<Vec<u64>, _>>()
    else {
        return;
    };
    let sizes: Vec<Option<u64>> = numbers.into_iter().map(of_mib).collect();
    let (device, card) = name.trim().split_once(" (").unwrap_or_else(|| (name.trim(), ""));
    let (place, of_model) = match (place(device), sizes.as_slice()) {
        (
            Place::Device(number),
            [Some(total), _, _, Some(model), Some(context), Some(compute), Some(unaccounted), ..],
        ) if unaccounted < total => {
            let known = log.cards.entry(number).or_default();
            known.total = Some(*total);
            if known.name.is_none() {
                known.name = Some(card.trim_end_matches(')').to_owned()).filter(|name| !name.is_empty());
            }
            log.set(Place::Device(number), Part::Overhead, Amount { bytes: *unaccounted, digit: MIB });
            (Place::Device(number), [*model, *context, *compute])
        }
        (Place::Host, [_, Some(model), Some(context), Some(compute), ..]) => {
            (Place::Host, [*model, *context, *compute])
        }
        _ => return,
    };
    log.backend = backend(device).or(log.backend);
    for (part, bytes) in [Part::Weights, Part::KvCache, Part::Compute].into_iter().zip(of_model) {
        let caches = part == Part::KvCache && log.bytes(place, Part::RecurrentState).is_some();
        if log.bytes(place, part).is_none() && !caches && bytes > 0 {
            log.set(place, part, Amount { bytes, digit: MIB });
        }
    }
}

/// What the model is, by file and by its own name.
fn named(line: &str, log: &mut RuntimeLog) {
    if let Some((_, rest)) = line.split_once("loaded meta data with ")
        && let Some((_, path)) = rest.split_once(" tensors from ")
    {
        let path = path.split(" (version").next().unwrap_or(path).trim();
        // Ollama's blobs have no names.
        if !path.contains("sha256-") {
            log.names.insert(0, path.to_owned());
        }
        return;
    }
    let Some((head, value)) = line.split_once(" = ").map(|(head, value)| (head.trim_end(), value.trim())) else {
        return;
    };
    let key = head.rsplit([' ', ':']).find(|word| !word.is_empty()).unwrap_or_default();
    match key {
        "general.name" => log.names.push(value.to_owned()),
        "str" if head.contains(" general.name ") => log.names.push(value.to_owned()),
        "type" if head.ends_with("file type") => log.asked.quantization = llama_bench::stored(value),
        "ftype" => log.asked.quantization = llama_bench::stored(value),
        "params" => log.parameters = llama_bench::counted(value),
        _ => {}
    }
}

/// How it was told to run.
fn told(line: &str, log: &mut RuntimeLog) {
    if let Some((head, _)) = line.split_once(" layers to GPU")
        && let Some((_, pair)) = head.rsplit_once("offloaded ")
        && let Some((on_gpu, of)) = pair.split_once('/')
        && let (Ok(on_gpu), Ok(of)) = (on_gpu.parse::<u32>(), of.parse::<u32>())
    {
        log.asked.gpu_layers = Some(if on_gpu >= of { LayersAsked::All } else { LayersAsked::Count(on_gpu) });
    }
    if line.contains("_exps") && (line.contains("overridden to CPU") || line.contains("overriden to CPU")) {
        let layer = line.split_once("blk.").and_then(|(_, rest)| rest.split('.').next()?.parse::<u32>().ok());
        let first = layer.map(|layer| layer + 1);
        let known = match log.asked.experts {
            Some(ExpertsAsked::Count(count)) => Some(count),
            _ => None,
        };
        log.asked.experts = first.max(known).map(ExpertsAsked::Count);
    }
    for (words, is_key) in [("K (", true), ("V (", false)] {
        if let Some((_, rest)) = line.split_once(words).filter(|_| line.contains("MiB"))
            && let Some(precision) = rest.split(')').next().and_then(|name| name.parse().ok())
        {
            let place = if is_key { &mut log.asked.cache_k } else { &mut log.asked.cache_v };
            *place = Some(precision);
        }
    }
    let Some((head, value)) = line.split_once(" = ").map(|(head, value)| (head.trim_end(), value.trim())) else {
        return;
    };
    let key = head.rsplit([' ', ':']).find(|word| !word.is_empty()).unwrap_or_default();
    let whole = || value.split(' ').next().and_then(|value| value.parse::<u64>().ok());
    let small = || whole().and_then(|value| u32::try_from(value).ok());
    match key {
        "n_ctx" => log.asked.context = whole().or(log.asked.context),
        "n_seq_max" => log.asked.slots = small().filter(|slots| *slots > 0),
        "n_ubatch" => log.asked.ubatch = small(),
        "flash_attn" => log.asked.flash_attention = Some(!matches!(value, "0" | "disabled" | "false")),
        "kv_unified" => log.asked.unified_kv = value == "true",
        _ => {}
    }
    if let Some((_, build)) = line.split_once("build: ").or_else(|| line.split_once("build = ")) {
        let number: String = build.chars().take_while(char::is_ascii_digit).collect();
        log.version = Some(number)
            .filter(|number| number.len() > 2)
            .map(|number| format!("b{number}"))
            .or_else(|| log.version.take());
    }
}

/// `eval time = 9210.59 ms / 475 runs ( 19.39 ms per token, 51.57 tokens per second)`
fn timed(line: &str, log: &mut RuntimeLog) {
    let Some((head, rest)) = line.split_once("eval time =") else { return };
    let test = if head.trim_end().ends_with("prompt") { Timed::Prefill } else { Timed::Decode };
    let tokens = rest.split_once('/').and_then(|(_, after)| after.split_whitespace().next()?.parse::<u64>().ok());
    let rate = rest
        .split_once(" tokens per second")
        .and_then(|(before, _)| before.rsplit([',', ' ', '(']).find(|word| !word.is_empty())?.parse::<f64>().ok());
    if let (Some(tokens), Some(tokens_per_s)) = (tokens, rate)
        && tokens > 1
        && tokens_per_s.is_finite()
        && tokens_per_s > 0.0
    {
        log.speeds.push(LoggedSpeed { test, tokens, tokens_per_s });
    }
}
