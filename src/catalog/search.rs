//! Names like the one that was typed, for a "did you mean".

use super::table::Entry;

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
fn plain(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(64).collect()
}

/// 1 for the same name, 0 for names without a pair of letters in common: the mean of shared letter pairs and of edit
/// distance. Pairs forgive words in another order, edits forgive a slip.
fn alike(a: &[char], b: &[char]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    if a == b {
        return 1.0;
    }
    let longest = a.len().max(b.len()) as f64;
    let edits = 1.0 - edit_distance(a, b) as f64 / longest;
    f64::midpoint(shared_pairs(a, b), edits)
}

/// Dice coefficient of the letter pairs.
fn shared_pairs(a: &[char], b: &[char]) -> f64 {
    let mut rest: Vec<&[char]> = b.windows(2).collect();
    let total = a.windows(2).count() + rest.len();
    let mut shared = 0;
    for pair in a.windows(2) {
        if let Some(position) = rest.iter().position(|other| *other == pair) {
            rest.swap_remove(position);
            shared += 2;
        }
    }
    if total == 0 { 0.0 } else { f64::from(shared) / total as f64 }
}

/// Levenshtein's distance: insertions, deletions and replacements.
fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(b) {
            let replaced = diagonal + usize::from(x != y);
            diagonal = *cell;
            left = replaced.min(left + 1).min(*cell + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}
