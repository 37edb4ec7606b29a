//! Text that comes from outside: names in files, what drivers say, paths, arguments. Before it is shown it loses whatever
//! could move a terminal's cursor, add a line or turn the reading direction.

use std::borrow::Cow;
use std::path::Path;

/// The most characters of a foreign name that are shown.
const LONGEST: usize = 120;

/// Unicode's format characters (general category Cf) and its two line separators, as ranges in order: `UnicodeData.txt`
/// 16.0.
const INVISIBLE: [(char, char); 21] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{600}', '\u{605}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{6dd}', '\u{6dd}'),
    ('\u{70f}', '\u{70f}'),
    ('\u{890}', '\u{891}'),
    ('\u{8e2}', '\u{8e2}'),
    ('\u{180e}', '\u{180e}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{2064}'),
    ('\u{2066}', '\u{206f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{fff9}', '\u{fffb}'),
    ('\u{110bd}', '\u{110bd}'),
    ('\u{110cd}', '\u{110cd}'),
    ('\u{13430}', '\u{1343f}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0001}', '\u{e0001}'),
    ('\u{e0020}', '\u{e007f}'),
];

/// The text on one line, whatever its length: line breaks and tabs become spaces, other control and format characters
/// go.
pub fn one_line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(hidden) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter_map(visible).collect())
}

/// A foreign name as it is shown: on one line and at most 120 characters, the last of them `…` where it is cut.
pub fn foreign(text: &str) -> Cow<'_, str> {
    // One that is far too long is not gone through to its end.
    let fits = text.len() <= LONGEST || text.chars().nth(LONGEST).is_none();
    if fits {
        return one_line(text);
    }
    let mut kept: String = text.chars().filter_map(visible).take(LONGEST + 1).collect();
    if let Some((end, _)) = kept.char_indices().nth(LONGEST) {
        kept.truncate(end);
        kept.pop();
        kept.push('…');
    }
    Cow::Owned(kept)
}

/// A path as it is shown, on one line. One that is too long keeps its end, where the file's name stands.
pub fn foreign_path(path: &Path) -> String {
    const FAR: usize = 4 * LONGEST;
    let text = path.to_string_lossy();
    let line = one_line(&text);
    match line.char_indices().rev().nth(FAR - 1) {
        Some((start, _)) if start > 0 => format!("…{}", line.get(start..).unwrap_or_default()),
        _ => line.into_owned(),
    }
}

fn hidden(letter: char) -> bool {
    // Nearly all text is plain.
    if (' '..='~').contains(&letter) {
        return false;
    }
    let next = INVISIBLE.partition_point(|&(first, _)| first <= letter);
    let invisible = next.checked_sub(1).and_then(|at| INVISIBLE.get(at)).is_some_and(|&(_, last)| letter <= last);
    letter.is_control() || invisible
}

fn visible(letter: char) -> Option<char> {
    match letter {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        letter => (!hidden(letter)).then_some(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_a_terminal_goes() {
        assert_eq!(foreign("a\u{1b}[31m\u{202e}b\nFits: all is well"), "a[31mb Fits: all is well");
        assert_eq!(foreign("Größe 模型 🚀"), "Größe 模型 🚀");
        assert_eq!(one_line("x\u{200b}\u{feff}\u{e0041}y"), "xy");
    }

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(foreign(&"模".repeat(120)).chars().count(), 120);
        let cut = foreign(&"模".repeat(1_000_000)).into_owned();
        assert_eq!((cut.chars().count(), cut.chars().last()), (120, Some('…')));
        assert!(foreign_path(Path::new(&format!("{}/end.gguf", "d/".repeat(9999)))).ends_with("/end.gguf"));
    }
}
