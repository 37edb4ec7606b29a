//! English where another language is spoken.

/// Three words of small letters in a row, the program's own name aside: no name has as many, every sentence does.
pub(crate) fn english(text: &str) -> Option<String> {
    let is_word = |word: &str| {
        let word = word.trim_matches(|letter: char| letter.is_ascii_punctuation());
        word.len() > 1 && word != "rigplan" && word.bytes().all(|letter| letter.is_ascii_lowercase())
    };
    text.lines().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.windows(3).find(|three| three.iter().all(|word| is_word(word))).map(|three| three.join(" "))
    })
}

/// Whether there is a Chinese character in it.
pub(crate) fn has_han(text: &str) -> bool {
    text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

#[test]
fn english_is_found_and_names_are_none() {
    assert_eq!(english("错误：the file is cut off").as_deref(), Some("file is cut"));
    assert_eq!(english("未知的 GeForce RTX 4090（rtx-4090）；请写 --context <TOKENS>"), None);
    assert!(has_han("a 模") && !has_han("a"));
}
