//! What files of a plan are called: two endings, the first says what the file holds besides what can be seen.

/// The most characters of a name.
const MOST: usize = 80;

/// The file of a plan that is called `title`: `70B on one 4090.rigplan.png`.
pub fn file_name(title: &str, ending: &str) -> String {
    format!("{}.rigplan.{ending}", stem(title))
}

/// A name that every disk takes.
pub fn stem(title: &str) -> String {
    let safe = |letter: char| if letter.is_control() || r#"/\:*?"<>|"#.contains(letter) { '-' } else { letter };
    let name: String = title.trim().chars().map(safe).take(MOST).collect();
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() { "plan".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_file_names() {
        assert_eq!(file_name("70B on one 4090", "png"), "70B on one 4090.rigplan.png");
        assert_eq!(file_name("a/../b: c?\u{7}", "svg"), "a-..-b- c--.rigplan.svg", "no character that a disk refuses");
        assert_eq!(file_name(" .. ", "html"), "plan.rigplan.html", "never hidden, never empty");
        assert_eq!(file_name("两张 4090", "png"), "两张 4090.rigplan.png", "any language");
    }
}
