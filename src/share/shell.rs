//! What every page of the program has around what it says: both languages, light and dark, and a policy by which whoever opens
//! it asks nobody for anything.

use super::markup::{escape, put};
use super::svg;
use crate::scenes::palette;
use crate::text::{Key, Locale};

const STYLE: &str = include_str!("shell.css");

/// Styles and scripts stand in the page; nothing else is taken from anywhere.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/// The end of a page.
pub(super) const END: &str = "</body>\n</html>\n";

/// The beginning of a page that opens in `first`, up to where its articles stand, one for each language.
pub(super) fn begin(title: &str, first: Locale, style: &str) -> String {
    let title = escape(title);
    let mut out = format!("<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n", tag(first));
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    put(&mut out, format_args!("<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n"));
    put(
        &mut out,
        format_args!(
            "<title>{title} · rigplan</title>\n<style>\n{}{STYLE}{style}</style>\n</head>\n<body>\n",
            themes()
        ),
    );
    choices(&mut out, first);
    out.push_str("<div class=\"page\">\n");
    header(&mut out);
    out.push_str(&svg::patterns());
    out
}

/// The language as the web names it.
pub(super) const fn tag(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "en",
        Locale::Zh => "zh-CN",
    }
}

/// The colors of both themes, and which of them is seen: what was chosen, else what the system has; light on paper.
fn themes() -> String {
    let (light, dark) = (svg::variables(&palette::LIGHT), svg::variables(&palette::DARK));
    format!(
        ".page{{{light}color-scheme:light}}\n\
         #dark:checked~.page{{{dark}color-scheme:dark}}\n\
         @media (prefers-color-scheme:dark){{#auto:checked~.page{{{dark}color-scheme:dark}}}}\n\
         @media print{{.page,#dark:checked~.page,#auto:checked~.page{{{light}color-scheme:light}}}}\n"
    )
}

/// What can be chosen, and needs no script: the language and the theme. Their labels stand in the header.
fn choices(out: &mut String, first: Locale) {
    let mut add = |id: &str, group: &str, is_chosen: bool| {
        let checked = if is_chosen { " checked" } else { "" };
        put(out, format_args!("<input class=\"choice\" type=\"radio\" name=\"{group}\" id=\"{id}\"{checked}>\n"));
    };
    add("en", "language", first == Locale::En);
    add("zh", "language", first == Locale::Zh);
    add("auto", "theme", true);
    add("light", "theme", false);
    add("dark", "theme", false);
}

fn header(out: &mut String) {
    out.push_str(
        "<header>\n<span class=\"choices\"><label for=\"en\">English</label><label for=\"zh\">中文</label></span>\n",
    );
    out.push_str("<span class=\"choices\">");
    for (id, key) in [("auto", Key::ThemeSystem), ("light", Key::ThemeLight), ("dark", Key::ThemeDark)] {
        put(out, format_args!("<label for=\"{id}\">"));
        for locale in Locale::ALL {
            put(out, format_args!("<span lang=\"{}\">{}</span>", tag(locale), escape(locale.word(key))));
        }
        out.push_str("</label>");
    }
    out.push_str("</span>\n</header>\n");
}
