//! Names that somebody may have meant.

/// The three of `names` most like `name`, best first, letter case aside.
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = name.to_ascii_lowercase();
    let mut ranked: Vec<_> = names.map(|it| (strsim::levenshtein(&wanted, &it.to_ascii_lowercase()), it)).collect();
    ranked.sort_by_key(|&(distance, _)| distance);
    ranked.into_iter().take(3).map(|(_, it)| it).collect()
}
