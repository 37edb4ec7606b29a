//! A text as the words of its commands, as shells take them apart: quotes, lines that go on, comments, variables that the
//! text itself sets. Nothing is run.

use std::collections::BTreeMap;

/// A command: what is set in front of it, and its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Statement {
    /// Variables set for it alone, in order.
    pub(super) set: Vec<(String, String)>,
    /// The program and its arguments.
    pub(super) words: Vec<String>,
}

/// All commands of a text, in order. A quote that is not closed ends with the text.
pub(super) fn statements(text: &str) -> Vec<Statement> {
    let mut found = Vec::new();
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut letters = Letters { rest: text };
    while !letters.rest.is_empty() {
        let words = letters.statement(&known);
        let mut statement = Statement::default();
        let mut words = words.into_iter().peekable();
        while let Some((name, value)) = words.peek().and_then(|word| assignment(word)) {
            statement.set.push((name, value));
            words.next();
        }
        statement.words = words.filter(|word| !is_prompt(word)).collect();
        if statement.words.is_empty() {
            known.extend(statement.set);
        } else {
            found.push(statement);
        }
    }
    found
}

/// The sign before a command in instructions.
fn is_prompt(word: &str) -> bool {
    matches!(word, "$" | "%" | ">")
}

/// `NAME=value`; `export` and `set` in front of one say nothing more.
pub(super) fn assignment(word: &str) -> Option<(String, String)> {
    if matches!(word, "export" | "set" | "env" | "$") {
        return Some((String::new(), String::new()));
    }
    let word = word.strip_prefix("$env:").unwrap_or(word);
    let (name, value) = word.split_once('=')?;
    let mut letters = name.chars();
    let starts = letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    let plain = letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    (starts && plain).then(|| (name.to_owned(), value.to_owned()))
}

/// A text that is read from its front.
struct Letters<'a> {
    rest: &'a str,
}

impl Letters<'_> {
    fn next(&mut self) -> Option<char> {
        let letter = self.rest.chars().next()?;
        self.rest = self.rest.get(letter.len_utf8()..).unwrap_or_default();
        Some(letter)
    }

    /// Passes over a line break, where one stands here.
    fn line_break(&mut self) -> bool {
        let after = self.rest.strip_prefix("\r\n").or_else(|| self.rest.strip_prefix('\n'));
        after.is_some_and(|after| {
            self.rest = after;
            true
        })
    }

    /// Whether the next line goes on with options though nothing says that the command does.
    fn goes_on(&self) -> bool {
        let next = self.rest.trim_start_matches([' ', '\t']);
        next.starts_with('-') && !next.starts_with("---")
    }

    /// The words up to the end of a command.
    fn statement(&mut self, known: &BTreeMap<String, String>) -> Vec<String> {
        let mut words = Vec::new();
        let mut word: Option<String> = None;
        while let Some(letter) = self.next() {
            match letter {
                '\\' | '^' | '`' if self.line_break() => words.extend(word.take()),
                '\r' => {}
                '\n' => {
                    words.extend(word.take());
                    if words.is_empty() || !self.goes_on() {
                        break;
                    }
                }
                ' ' | '\t' => words.extend(word.take()),
                '#' if word.is_none() => {
                    let end = self.rest.find('\n').unwrap_or(self.rest.len());
                    self.rest = self.rest.get(end..).unwrap_or_default();
                }
                ';' | '|' => break,
                // Where output goes; the number before the sign says which.
                '>' if word.as_deref().is_none_or(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
                    && !words.is_empty() =>
                {
                    word = None;
                    self.skip_line();
                    break;
                }
                '&' if word.is_none() => {
                    self.rest = self.rest.strip_prefix('&').unwrap_or(self.rest);
                    break;
                }
                '\'' => word.get_or_insert_default().push_str(&self.single()),
                '"' => {
                    let quoted = self.double(known);
                    word.get_or_insert_default().push_str(&quoted);
                }
                '$' => {
                    let value = self.variable(known);
                    word.get_or_insert_default().push_str(&value);
                }
                '\\' => {
                    // Before a letter it parts the folders of a Windows path.
                    let escapes =
                        self.rest.starts_with(|next: char| !(next.is_alphanumeric() || "._-\\".contains(next)));
                    let kept = if escapes { self.next().unwrap_or('\\') } else { '\\' };
                    word.get_or_insert_default().push(kept);
                }
                letter => word.get_or_insert_default().push(letter),
            }
        }
        words.extend(word);
        words
    }

    /// Passes over what is left of the line.
    fn skip_line(&mut self) {
        let end = self.rest.find('\n').map_or(self.rest.len(), |end| end + 1);
        self.rest = self.rest.get(end..).unwrap_or_default();
    }

    /// What stands between single quotes; `PowerShell` writes one of them as two.
    fn single(&mut self) -> String {
        let mut text = String::new();
        while let Some(letter) = self.next() {
            if letter != '\'' {
                text.push(letter);
            } else if let (Some(after), false) = (self.rest.strip_prefix('\''), text.is_empty()) {
                self.rest = after;
                text.push('\'');
            } else {
                break;
            }
        }
        text
    }

    /// What stands between double quotes.
    fn double(&mut self, known: &BTreeMap<String, String>) -> String {
        let mut text = String::new();
        while let Some(letter) = self.next() {
            match letter {
                '"' => break,
                '\\' if self.line_break() => {}
                '\\' if self.rest.starts_with(['"', '\\', '$', '`']) => text.extend(self.next()),
                '$' => text.push_str(&self.variable(known)),
                letter => text.push(letter),
            }
        }
        text
    }

    /// A variable by what the text set it to; one that it did not stays as it is written.
    fn variable(&mut self, known: &BTreeMap<String, String>) -> String {
        let (name, after, written) =
            if let Some((name, after)) = self.rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
                (name, after, format!("${{{name}}}"))
            } else {
                let end = self.rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
                let (name, after) = self.rest.split_at(end.unwrap_or(self.rest.len()));
                (name, after, format!("${name}"))
            };
        let value = known.get(name).cloned().unwrap_or(written);
        self.rest = after;
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Vec<String>> {
        statements(text).into_iter().map(|statement| statement.words).collect()
    }

    #[test]
    fn words_are_taken_apart_as_shells_do() {
        assert_eq!(words("a  'b c' \"d $e\" f\\ g"), [["a", "b c", "d $e", "f g"]]);
        assert_eq!(words("a \\\n  -b c # told\n  -d\nnext"), [vec!["a", "-b", "c", "-d"], vec!["next"]]);
        assert_eq!(words("a ^\r\n -b\r\n"), [["a", "-b"]]);
        assert_eq!(words(r"x.exe -m D:\models\a.gguf"), [["x.exe", "-m", r"D:\models\a.gguf"]]);
        assert_eq!(words("a b > log 2>&1 &\nc && d; e"), [vec!["a", "b"], vec!["c"], vec!["d"], vec!["e"]]);
        assert_eq!(words(r"a 'it'\''s' 'it''s'"), [["a", "it's", "it's"]]);
        assert_eq!(words("a 'open"), [["a", "open"]]);
        assert_eq!(words(""), [[""; 0]; 0]);
    }

    #[test]
    fn variables_of_the_text_are_filled_in() {
        let found = statements("export M=/m/x.gguf\nN=4\nCUDA_VISIBLE_DEVICES=0,1 run -m ${M} -n \"$N\" $OTHER '$N'");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].words, ["run", "-m", "/m/x.gguf", "-n", "4", "$OTHER", "$N"]);
        assert_eq!(found[0].set, [("CUDA_VISIBLE_DEVICES".to_owned(), "0,1".to_owned())]);
    }
}
