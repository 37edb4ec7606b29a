//! RON cut into tokens: names, strings and comments whole, every other character for itself. Enough to find brackets and
//! commas that stand for themselves, in any text, without nesting of our own.

/// Bytes of the name, string or comment that `rest` starts with; of any other character, its own.
pub(super) fn token_length(rest: &str, first: char) -> usize {
    let until = |end: Option<usize>| end.unwrap_or(rest.len());
    if rest.starts_with("//") {
        until(rest.find('\n'))
    } else if rest.starts_with("/*") {
        block_comment(rest)
    } else if rest.starts_with("r\"") || rest.starts_with("r#") {
        raw(rest)
    } else if first == '"' || first == '\'' {
        quoted(rest, first)
    } else if starts_name(first) {
        until(rest.find(|c: char| !c.is_alphanumeric() && c != '_'))
    } else {
        first.len_utf8()
    }
}

/// Whether a name may begin so.
pub(super) fn starts_name(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// Up to the closing quote, over those behind a backslash.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if c == quote && !escaped {
            return at + quote.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    rest.len()
}

/// `r"…"`, `r#"…"#` and so on; also a name written `r#name`.
fn raw(rest: &str) -> usize {
    let hashes = rest[1..].bytes().take_while(|&byte| byte == b'#').count();
    let inside = 1 + hashes + 1;
    if rest.as_bytes().get(1 + hashes) != Some(&b'"') {
        return 1 + hashes;
    }
    let close = format!("\"{}", "#".repeat(hashes));
    rest[inside..].find(&close).map_or(rest.len(), |at| inside + at + close.len())
}

/// Comments of this kind may hold others.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// How deep the brackets of a text are nested, told before a parser follows them.
pub(super) fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for (first, _) in tokens(text) {
        match first {
            '(' | '[' | '{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// The first character of each token, and where the token lies.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = (char, std::ops::Range<usize>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let first = rest.chars().next()?;
        let start = at;
        at += token_length(rest, first);
        Some((first, start..at))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_brackets_that_stand_for_themselves_count() {
        assert_eq!(depth(r##"(a: "((((", b: [1, (2)], /* [[[ */ c: r#"((("#, d: '(')"##), 3);
        assert_eq!(depth(")))]]"), 0);
        assert_eq!(depth(&"[".repeat(100_000)), 100_000);
    }
}
