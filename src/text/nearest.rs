//! Names that somebody may have meant.

/// Of a name that is far too long only its beginning is compared: the work rises with its length.
const COMPARED: usize = 100;

/// The three of `names` most like `name`, best first, letter case aside.
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted: String = name.chars().take(COMPARED).map(|letter| letter.to_ascii_lowercase()).collect();
    let mut ranked: Vec<_> = names.map(|it| (strsim::levenshtein(&wanted, &it.to_ascii_lowercase()), it)).collect();
    ranked.sort_by_key(|&(distance, _)| distance);
    ranked.into_iter().take(3).map(|(_, it)| it).collect()
}
