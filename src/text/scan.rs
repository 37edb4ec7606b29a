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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_text() {
        let text = "页 a=1 a=2 页 a=";
        assert_eq!((first(text, "a="), last(text, "a=")), (text.find("a="), text.rfind("a=")));
        let all: Vec<usize> = text.rmatch_indices("a=").map(|(at, _)| at).collect();
        assert_eq!(all_from_the_end(text, "a=").collect::<Vec<_>>(), all);
        assert_eq!((has(text, "b="), last(text, "b=")), (false, None));
    }
}
