//! llama.cpp before 2024: no buffer had a name, what lay in VRAM was told in sums.
//!
//! The lines are those of `llama.cpp` itself, as they were until the backends had buffers of their own (pull request 4766).

use super::{Amount, Part, Place, RuntimeLog, amount};

/// The card: with several the sums were of all of them, and nobody knows what lay on each.
const CARD: Place = Place::Device(0);

/// What a line tells in that way.
pub(super) fn of_line(line: &str, log: &mut RuntimeLog) {
    let after = |words: &str| line.split_once(words).and_then(|(_, rest)| amount(rest)).filter(|found| found.bytes > 0);
    let one_card = log.cards.len() <= 1;
    let on_card = |log: &mut RuntimeLog, part: Part, found: Amount| {
        if one_card {
            log.set(CARD, part, found);
        }
    };
    if let Some(found) = after("VRAM kv self = ") {
        on_card(log, Part::KvCache, found);
    } else if let Some(found) = after("VRAM scratch buffer: ") {
        // The sum of the line before was that of this buffer and of its like in RAM.
        log.unset(Place::Host, Part::Compute);
        on_card(log, Part::Compute, found);
    } else if let Some(found) = after("total VRAM used: ").and_then(|_| after("(model: ")) {
        on_card(log, Part::Weights, found);
    } else if let Some(found) =
        after("llm_load_tensors: VRAM used: ").or_else(|| after("llm_load_tensors: VRAM used = "))
    {
        on_card(log, Part::Weights, found);
    } else if let Some(found) = after("mem required  = ") {
        log.set(Place::Host, Part::Weights, found);
    } else if let Some(found) = after(" kv self size  = ").filter(|_| log.bytes(CARD, Part::KvCache).is_none()) {
        log.set(Place::Host, Part::KvCache, found);
    } else if let Some(found) = after("compute buffer total size = ") {
        log.set(Place::Host, Part::Compute, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_the_first_builds_are_told_by_place() {
        let text = "llm_load_tensors: mem required  = 4560.96 MB\nllm_load_tensors: offloaded 0/35 layers to GPU\n\
                    llm_load_tensors: VRAM used: 0.00 MB\nllama_new_context_with_model: kv self size  = 1024.00 MB\n\
                    llama_new_context_with_model: compute buffer total size = 162.13 MB";
        let log = RuntimeLog::read(text).unwrap();
        let parts: Vec<(Place, Part)> = log.parts().map(|(place, part, _)| (place, part)).collect();
        assert_eq!(parts, [(Place::Host, Part::Weights), (Place::Host, Part::KvCache), (Place::Host, Part::Compute)]);
    }

    #[test]
    fn a_buffer_that_is_reserved_again_is_told_once() {
        let line = "sched_reserve:      CUDA0 compute buffer size =   304.75 MiB\n";
        let kv = "llama_kv_cache:      CUDA0 KV buffer size =   512.00 MiB\n";
        let again = line.replace("304.75", "600.00");
        let log = RuntimeLog::read(&format!("{kv}{line}{kv}{line}{again}")).unwrap();
        let mib: Vec<u64> = log.parts().map(|(_, _, amount)| amount.bytes >> 20).collect();
        assert_eq!(mib, [1024, 600], "caches of windows and of the whole are two, a compute buffer is the last one");
    }
}
