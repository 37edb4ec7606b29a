//! Names like the one that was typed, for a "did you mean".

use super::entry_table::Entry;

/// How many names are offered.
const OFFERED: usize = 3;
/// Names less alike than this are not worth offering.
const LEAST_ALIKE: f64 = 0.25;

/// Ids of up to three entries whose id, name or alias is most like `name`, best first.
pub(super) fn nearest<'a, T: Entry + 'a>(entries: impl Iterator<Item = &'a T>, name: &str) -> Vec<String> {
    let wanted = plain(name);
    let mut scored: Vec<(f64, &str)> = entries
        .map(|entry| {
            let names = [entry.id(), entry.name()].into_iter().chain(entry.aliases().iter().map(String::as_str));
            (names.map(|other| alike(&wanted, &plain(other))).fold(0.0, f64::max), entry.id())
        })
        .filter(|&(score, _)| score >= LEAST_ALIKE)
        .collect();
    // A stable sort: entries equally alike stay in catalog order.
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().take(OFFERED).map(|(_, id)| id.to_owned()).collect()
}

/// Lower-case letters and digits only: `RTX 4090` and `rtx-4090` are one name.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(64).collect()
}

/// 1 for the same name, 0 for names without anything in common: the mean of shared letter pairs and of edit distance.
/// Pairs forgive words in another order, edits forgive a slip.
fn alike(a: &str, b: &str) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    f64::midpoint(strsim::sorensen_dice(a, b), strsim::normalized_levenshtein(a, b))
}
