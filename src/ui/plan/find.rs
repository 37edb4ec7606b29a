//! Search as you type: which entries of a list a query means.

/// Places of the entries one of whose names holds every word of `query`, in any letter case and spelling of separators;
/// those with a name that begins with the query come first.
pub(in crate::ui) fn matching<'a, N>(entries: impl Iterator<Item = N>, query: &str) -> Vec<usize>
where
    N: Iterator<Item = &'a str>,
{
    let words: Vec<String> = query.split_whitespace().map(plain).filter(|word| !word.is_empty()).collect();
    let whole = words.concat();
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    for (place, names) in entries.enumerate() {
        if words.is_empty() {
            first.push(place);
            continue;
        }
        let names: Vec<String> = names.map(plain).collect();
        if names.iter().any(|name| name.starts_with(&whole)) {
            first.push(place);
        } else if words.iter().all(|word| names.iter().any(|name| name.contains(word))) {
            rest.push(place);
        }
    }
    first.append(&mut rest);
    first
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_order_and_spelling() {
        let names = [vec!["Qwen2.5 72B"], vec!["Llama 3.1 70B", "llama-3.1-70b"], vec!["Llama 3.1 8B"]];
        let find = |query| matching(names.iter().map(|names| names.iter().copied()), query);
        assert_eq!(find("70b llama"), [1]);
        assert_eq!(find("llama-3.1"), [1, 2]);
        assert_eq!(find(""), [0, 1, 2]);
        assert_eq!(find("gemma"), [] as [usize; 0]);
    }
}
