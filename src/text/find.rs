//! Search as you type: which entries of a list a query means, however sloppily it is typed.

/// An entry that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchHit {
    /// Its place among all.
    pub place: usize,
    /// How well it is meant: the best first.
    pub rank: SearchRank,
}

/// How a query meets the names of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SearchRank {
    /// A name begins with it.
    Begins,
    /// A name holds it in one piece.
    Holds,
    /// The names hold all of its words.
    Words,
    /// A name has words that begin like its pieces: `llama70b` is Llama 3.1 70B.
    Pieces,
    /// The same but for a slip in a word.
    Slip,
}

/// Places of the entries that `query` means, best first.
pub fn matching<'a, N>(entries: impl Iterator<Item = N>, query: &str) -> Vec<usize>
where
    N: Iterator<Item = &'a str>,
{
    let mut hits = ranked(entries, query);
    hits.sort_by_key(|hit| hit.rank);
    hits.into_iter().map(|hit| hit.place).collect()
}

/// The entries that `query` means, in their own order. Slips are forgiven only where nothing is found without.
pub fn ranked<'a, N>(entries: impl Iterator<Item = N>, query: &str) -> Vec<SearchHit>
where
    N: Iterator<Item = &'a str>,
{
    let query = SearchQuery::of(query);
    let mut hits: Vec<SearchHit> = entries
        .enumerate()
        .filter_map(|(place, names)| {
            let names: Vec<&str> = names.collect();
            Some(SearchHit { place, rank: query.rank(&names)? })
        })
        .collect();
    if hits.iter().any(|hit| hit.rank != SearchRank::Slip) {
        hits.retain(|hit| hit.rank != SearchRank::Slip);
    }
    hits
}

/// What was typed, in the ways in which it is compared.
struct SearchQuery {
    words: Vec<String>,
    whole: String,
    pieces: Vec<String>,
}

impl SearchQuery {
    fn of(query: &str) -> Self {
        let words: Vec<String> = query.split_whitespace().map(plain).filter(|word| !word.is_empty()).collect();
        Self { whole: words.concat(), pieces: pieces(query), words }
    }

    fn rank(&self, names: &[&str]) -> Option<SearchRank> {
        if self.words.is_empty() {
            return Some(SearchRank::Begins);
        }
        let plain: Vec<String> = names.iter().map(|name| plain(name)).collect();
        if plain.iter().any(|name| name.starts_with(&self.whole)) {
            return Some(SearchRank::Begins);
        }
        if plain.iter().any(|name| name.contains(&self.whole)) {
            return Some(SearchRank::Holds);
        }
        if self.words.iter().all(|word| plain.iter().any(|name| name.contains(word))) {
            return Some(SearchRank::Words);
        }
        let of_names: Vec<String> = names.iter().flat_map(|name| pieces(name)).collect();
        let begins = |piece: &String| of_names.iter().any(|name| name.starts_with(piece.as_str()));
        if self.pieces.iter().all(begins) {
            return Some(SearchRank::Pieces);
        }
        let alike = |piece: &String| begins(piece) || of_names.iter().any(|name| is_slip(piece, name));
        self.pieces.iter().all(alike).then_some(SearchRank::Slip)
    }
}

/// Whether a word of some length has one letter wrong, missing, too many or in another's place.
fn is_slip(typed: &str, name: &str) -> bool {
    let length = typed.chars().count();
    length >= 4 && typed.chars().all(char::is_alphabetic) && {
        let begin: String = name.chars().take(length).collect();
        strsim::damerau_levenshtein(typed, &begin) <= 1 || strsim::damerau_levenshtein(typed, name) <= 1
    }
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Words and figures apart, a figure with the letter behind it: `llama`, `3`, `1`, `70b`.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut last: Option<char> = None;
    for letter in text.chars().flat_map(char::to_lowercase) {
        let digit = letter.is_ascii_digit();
        let goes_on = last.is_some_and(|last: char| {
            last.is_alphanumeric()
                && (digit == last.is_ascii_digit() || last.is_ascii_digit() && matches!(letter, 'b' | 'm' | 't'))
        });
        if letter.is_alphanumeric() {
            match pieces.last_mut().filter(|_| goes_on) {
                Some(piece) => piece.push(letter),
                None => pieces.push(letter.to_string()),
            }
        }
        last = Some(letter);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_order_and_spelling() {
        let names =
            [vec!["Qwen2.5 72B"], vec!["Llama 3.1 70B", "llama-3.1-70b"], vec!["Llama 3.1 8B"], vec!["Qwen3 32B"]];
        let find = |query| matching(names.iter().map(|names| names.iter().copied()), query);
        assert_eq!(find("70b llama"), [1]);
        assert_eq!(find("llama-3.1"), [1, 2]);
        assert_eq!(find(""), [0, 1, 2, 3]);
        assert_eq!(find("gemma"), [] as [usize; 0]);
        assert_eq!(find("qwen 3 32"), [3]);
        assert_eq!(find("llama70b"), [1], "without the version");
        assert_eq!(find("lama 8b"), [2], "a letter is missing");
        assert_eq!(find("qewn"), [0, 3], "two letters in each other's place");
    }
}
