//! Where in a RON text a field is set. RON's own parser tells positions of its errors only, not of values it took.

use super::ron_tokens::{starts_name, token_length};

/// Line and column, in characters from 1, of the value at `path` (such as `plans[0].plan.machine.ram_gib`).
///
/// `text` is RON that was parsed before; of any other the answer may be wrong, or none.
pub(super) fn locate(text: &str, path: &str) -> Option<(usize, usize)> {
    let mut frames: Vec<OpenBracket<'_>> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let token = token_length(rest, c);
        match c {
            '(' | '{' => frames.push(OpenBracket::Fields(None)),
            '[' => frames.push(OpenBracket::Elements(0)),
            ')' | '}' | ']' => {
                frames.pop();
            }
            ',' => match frames.last_mut() {
                Some(OpenBracket::Fields(name)) => *name = None,
                Some(OpenBracket::Elements(index)) => *index += 1,
                None => {}
            },
            ':' if path_of(&frames) == path => return Some(position(text, rest[1..].trim_start())),
            c if starts_name(c) => {
                if let Some(OpenBracket::Fields(name)) = frames.last_mut() {
                    // A value may be a name as well; then the field stands before it already.
                    name.get_or_insert(&rest[..token]);
                }
            }
            _ => {}
        }
        rest = &rest[token..];
    }
    None
}

/// A bracket that is open at some place of the text.
enum OpenBracket<'a> {
    /// Of a struct, with the field that is being read.
    Fields(Option<&'a str>),
    /// Of a list, with the number of the element that is being read.
    Elements(usize),
}

fn path_of(frames: &[OpenBracket<'_>]) -> String {
    let mut path = String::new();
    for frame in frames {
        match frame {
            OpenBracket::Fields(Some(name)) if path.is_empty() => path.push_str(name),
            OpenBracket::Fields(Some(name)) => path.extend([".", name]),
            // The bracket of `Some(…)` or of an enum's value has no name.
            OpenBracket::Fields(None) => {}
            OpenBracket::Elements(index) => path.extend(["[", &index.to_string(), "]"]),
        }
    }
    path
}

/// Where `rest`, the end of `text`, begins.
fn position(text: &str, rest: &str) -> (usize, usize) {
    let before = &text[..text.len() - rest.len()];
    let line = before.split('\n').count();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r##"// context: 1
(
    name: "a \" context: (", /* /* context: */ [ */
    notes: r#"[ " ("#,
    plans: [
        (plan: (workload: (depth: Some(3), context: 1))),
        (plan: (machine: (cards: [(count: 1), (card: Detected(name: "名", size: 5), count: 2)]))),
    ],
)"##;

    #[test]
    fn fields_are_found_in_their_own_plan() {
        let at = |path| locate(TEXT, path);
        assert_eq!(at("name"), Some((3, 11)));
        assert_eq!(at("plans[0].plan.workload.context"), Some((6, 53)));
        assert_eq!(at("plans[0].plan.workload.depth"), Some((6, 35)));
        assert_eq!(at("plans[1].plan.machine.cards[1].count"), Some((7, 91)));
        assert_eq!(at("plans[1].plan.machine.cards[1].card.size"), Some((7, 80)));
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for text in [TEXT, "", "(", ")]}", "\"", "r#\"", "/* /*", "(a: 'x", "r#a: 1", "(((", "'\\'", "r", "(a", "(a:"] {
            assert_eq!(locate(text, "plans[1].plan.workload.context"), None, "{text}");
        }
    }
}
