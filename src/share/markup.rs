//! Text inside HTML: names come from files and may hold anything.

use std::fmt::{Arguments, Write as _};

use crate::text::one_line;

/// Adds to a text, which takes everything.
pub(super) fn put(out: &mut String, what: Arguments<'_>) {
    let _ = out.write_fmt(what);
}

/// The text as HTML and SVG show it, inside an element or a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in one_line(text).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_place() {
        assert_eq!(escape("a<b> & \"c\" 'd'\u{202e}\n"), "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; ");
    }
}
