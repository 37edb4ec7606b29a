//! Words looked for in long texts: a log of many MB is gone through hundreds of times, so by a search that takes many letters at once.

use memchr::memmem;

/// Whether a text has these words.
pub fn has(text: &str, words: &str) -> bool {
    first(text, words).is_some()
}

/// Where they stand first, in bytes.
pub fn first(text: &str, words: &str) -> Option<usize> {
    memmem::find(text.as_bytes(), words.as_bytes())
}

/// Where they stand, the last first. Most stand nowhere, which is told many times as fast by looking from the front.
pub fn all_from_the_end(text: &str, words: &str) -> impl Iterator<Item = usize> {
    let stands = has(text, words);
    stands.then(|| memmem::rfind_iter(text.as_bytes(), words.as_bytes()).collect::<Vec<_>>()).into_iter().flatten()
}

/// Where they stand last, in bytes.
pub fn last(text: &str, words: &str) -> Option<usize> {
    if has(text, words) { memmem::rfind(text.as_bytes(), words.as_bytes()) } else { None }
}

/// The letters of a run, and the bits of what is remembered of one.
const RUN: usize = 5;
const RUN_BITS: u32 = 25;

/// Which runs of letters a text has, in capitals or not: what is gone through once and tells of nearly all words that they stand
/// nowhere in it.
pub struct Runs(Vec<u64>);

impl Runs {
    /// The runs of a text.
    pub fn of(text: &str) -> Self {
        let mut seen = vec![0_u64; 1 << (RUN_BITS - 6)];
        for place in places(text.as_bytes()) {
            seen[place >> 6] |= 1 << (place & 63);
        }
        Self(seen)
    }

    /// Whether the text may have these words; where it has them, in whatever case, it always may.
    pub fn may_have(&self, words: &str) -> bool {
        places(words.as_bytes()).all(|place| self.0[place >> 6] & (1 << (place & 63)) != 0)
    }
}

/// Where each run of a text is remembered; none where it is too short to have one.
fn places(text: &[u8]) -> impl Iterator<Item = usize> {
    const LETTERS: u64 = (1 << (8 * RUN)) - 1;
    // The golden ratio spreads what is alike.
    const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
    let runs = text.iter().scan(0_u64, |run, letter| {
        *run = (*run << 8 | u64::from(letter.to_ascii_lowercase())) & LETTERS;
        Some(*run)
    });
    runs.skip(RUN - 1).map(|run| (run.wrapping_mul(SPREAD) >> (64 - RUN_BITS)) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_tell_of_words_that_stand_nowhere() {
        let text = "llama_kv_cache: CUDA0 KV buffer size = 1024.00 MiB, 页面文件太小".repeat(9);
        let runs = Runs::of(&text);
        for words in ["CUDA0 KV buffer", "cuda0 kv", "MiB", "文件太小", "", "size"] {
            assert!(runs.may_have(words), "{words}");
        }
        for words in ["out of memory", "CUDA1", "文件太大", "buffers"] {
            assert!(!runs.may_have(words), "{words}");
        }
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "页 a=1 a=2 页 a=";
        assert_eq!((first(text, "a="), last(text, "a=")), (text.find("a="), text.rfind("a=")));
        let all: Vec<usize> = text.rmatch_indices("a=").map(|(at, _)| at).collect();
        assert_eq!(all_from_the_end(text, "a=").collect::<Vec<_>>(), all);
        assert_eq!((has(text, "b="), last(text, "b=")), (false, None));
    }
}
