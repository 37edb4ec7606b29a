//! What the sections of a page are made of.

use super::super::markup::{escape, put};
use super::super::shell::tag;
use crate::text::{Key, Locale};

/// Begins a section with its heading; `name` is the same in both languages.
pub(super) fn begin(out: &mut String, name: &str, title: Key, locale: Locale) {
    let id = format!("{}-{name}", tag(locale));
    put(out, format_args!("<section class=\"{name}\" aria-labelledby=\"{id}\">\n"));
    put(out, format_args!("<h2 id=\"{id}\">{}</h2>\n", escape(locale.word(title))));
}

/// Ends it.
pub(super) fn end(out: &mut String) {
    out.push_str("</section>\n");
}

/// An element with words, unless there are none.
pub(super) fn line(out: &mut String, element: &str, class: &str, words: &str) {
    if words.is_empty() {
        return;
    }
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    put(out, format_args!("<{element}{class}>{}</{element}>\n", escape(words)));
}

/// Words as a list, unless there are none.
pub(super) fn list(out: &mut String, class: &str, words: impl IntoIterator<Item = String>) {
    let mut words = words.into_iter().peekable();
    if words.peek().is_none() {
        return;
    }
    put(out, format_args!("<ul class=\"{class}\">\n"));
    for item in words {
        line(out, "li", "", &item);
    }
    out.push_str("</ul>\n");
}

/// A table; the first cell of each row is its head.
pub(super) fn table<const N: usize>(out: &mut String, class: &str, head: [&str; N], rows: &[[String; N]]) {
    put(out, format_args!("<div class=\"wide\"><table class=\"{class}\">\n<thead><tr>"));
    for words in head {
        put(out, format_args!("<th scope=\"col\">{}</th>", escape(words)));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for (place, words) in row.iter().enumerate() {
            match place {
                0 => put(out, format_args!("<th scope=\"row\">{}</th>", escape(words))),
                _ => put(out, format_args!("<td>{}</td>", escape(words))),
            }
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
}
