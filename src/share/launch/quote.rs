//! Words as shells and files read them.

/// Whether a shell takes a word as it stands.
fn is_plain(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_./:=,+@%".contains(letter))
}

/// For the shells of Linux and macOS.
pub(super) fn posix(word: &str) -> String {
    if is_plain(word) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// `PowerShell` makes a list of what has a comma, and takes the typographic quotes for quotes as well.
pub(super) fn powershell(word: &str) -> String {
    if is_plain(word) && !word.contains(['@', ',']) {
        return word.to_owned();
    }
    let is_quote = |letter| matches!(letter, '\'' | '\u{2018}'..='\u{201b}');
    let doubled = word.chars().flat_map(|letter| std::iter::repeat_n(letter, 1 + usize::from(is_quote(letter))));
    format!("'{}'", doubled.collect::<String>())
}

/// A text between double quotes: JSON's own form, which YAML and Python read alike.
pub(super) fn double(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_odd_is_quoted() {
        assert_eq!(posix("/a b/it's; rm -rf $HOME.gguf"), r"'/a b/it'\''s; rm -rf $HOME.gguf'");
        assert_eq!(powershell(r"C:\models\it's $x.gguf"), r"'C:\models\it''s $x.gguf'");
        assert_eq!(powershell("it\u{2019}s,x"), "'it\u{2019}\u{2019}s,x'");
        assert_eq!(posix("/models/a-1.5_b.gguf"), "/models/a-1.5_b.gguf");
        assert_eq!(posix(""), "''");
        assert_eq!(double("a \"b\" \\ \n"), r#""a \"b\" \\ \n""#);
    }
}
