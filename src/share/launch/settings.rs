//! Files of keys and values, written as YAML or as JSON, each line with its sentence.

use serde_json::Value;

use super::line::LaunchLine;
use super::quote::double;
use crate::text::Phrase;

/// A key with what stands behind it.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    key: &'static str,
    content: Content,
    why: Phrase,
}

#[derive(Debug, Clone)]
enum Content {
    Value(Value),
    Group(Vec<Setting>),
}

impl Setting {
    pub(super) fn of(key: &'static str, value: impl Into<Value>, why: Phrase) -> Self {
        Self { key, content: Content::Value(value.into()), why }
    }

    pub(super) const fn group(key: &'static str, settings: Vec<Self>, why: Phrase) -> Self {
        Self { key, content: Content::Group(settings), why }
    }
}

/// As YAML.
pub(super) fn yaml(settings: &[Setting]) -> Vec<LaunchLine> {
    let mut lines = Vec::new();
    yaml_below(settings, "", &mut lines);
    lines
}

fn yaml_below(settings: &[Setting], indent: &str, lines: &mut Vec<LaunchLine>) {
    for Setting { key, content, why } in settings {
        match content {
            Content::Value(value) => {
                lines.push(LaunchLine::told(format!("{indent}{key}: {}", scalar(value)), why.clone()));
            }
            Content::Group(inner) => {
                lines.push(LaunchLine::told(format!("{indent}{key}:"), why.clone()));
                yaml_below(inner, &format!("{indent}  "), lines);
            }
        }
    }
}

/// Texts that YAML reads as texts stand as they are, others between JSON's quotes.
fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        Value::String(text) => double(text),
        other => other.to_string(),
    }
}

/// YAML takes these for something else than a text: YAML 1.1, types `bool` and `null`.
const WORDS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan"];

fn is_plain(text: &str) -> bool {
    let starts = text.chars().next().is_some_and(|first| first.is_ascii_alphabetic());
    let plain = text.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-./,".contains(letter));
    starts && plain && !text.ends_with(['-', '.', ',']) && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// As JSON.
pub(super) fn json(settings: &[Setting]) -> Vec<LaunchLine> {
    let mut lines = vec![LaunchLine::plain("{")];
    json_below(settings, "  ", &mut lines);
    lines.push(LaunchLine::plain("}"));
    lines
}

fn json_below(settings: &[Setting], indent: &str, lines: &mut Vec<LaunchLine>) {
    for (place, Setting { key, content, why }) in settings.iter().enumerate() {
        let comma = if place + 1 < settings.len() { "," } else { "" };
        let key = double(key);
        match content {
            Content::Value(value) => {
                lines.push(LaunchLine::told(format!("{indent}{key}: {value}{comma}"), why.clone()));
            }
            Content::Group(inner) => {
                lines.push(LaunchLine::told(format!("{indent}{key}: {{"), why.clone()));
                json_below(inner, &format!("{indent}  "), lines);
                lines.push(LaunchLine::plain(format!("{indent}}}{comma}")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Key;

    fn settings() -> Vec<Setting> {
        let why = || Phrase::new(Key::ToldImports);
        let inner = vec![Setting::of("a", "no", why()), Setting::of("b", 0.5, why())];
        vec![Setting::of("path", "a/b", why()), Setting::group("more", inner, why()), Setting::of("on", true, why())]
    }

    fn text(lines: &[LaunchLine]) -> String {
        lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn both_forms_say_the_same() {
        assert_eq!(text(&yaml(&settings())), "path: a/b\nmore:\n  a: \"no\"\n  b: 0.5\non: true");
        let read: Value = serde_json::from_str(&text(&json(&settings()))).unwrap();
        assert_eq!(read, serde_json::json!({"path": "a/b", "more": {"a": "no", "b": 0.5}, "on": true}));
    }

    #[test]
    fn what_yaml_would_misread_is_quoted() {
        for text in ["yes", "No", "", "1e3", "a: b", "# a", "- a", "'", "~", "é", "null", "a."] {
            assert_eq!(scalar(&Value::from(text)), double(text), "{text}");
        }
        assert_eq!(scalar(&Value::from("q_proj,v_proj")), "q_proj,v_proj");
    }
}
