//! A Modelfile: `FROM` and `PARAMETER` lines, texts over several lines between them.
//!
//! Format: docs/modelfile.md of the Ollama repository.

use super::program::{CommandTool, Started};
use super::shell::assignment;

/// The instructions of a Modelfile that start no model by themselves.
const OTHERS: [&str; 7] = ["PARAMETER", "TEMPLATE", "SYSTEM", "ADAPTER", "LICENSE", "MESSAGE", "REQUIRES"];
/// What stands around a text of several lines.
const LONG: &str = "\"\"\"";

/// What a Modelfile says, as options; `None` where the text is none.
pub(super) fn read(text: &str) -> Option<Started> {
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let mut arguments = Vec::new();
    let mut set = Vec::new();
    let mut is_one = false;
    while let Some(line) = lines.next() {
        let line = line.trim();
        if let Some(comment) = line.strip_prefix('#') {
            // What Ollama's server is told stands above as a comment.
            set.extend(assignment(comment.trim()));
            continue;
        }
        if line.is_empty() {
            continue;
        }
        let (instruction, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
        let (instruction, rest) = (instruction.to_ascii_uppercase(), rest.trim());
        if instruction == "FROM" && !rest.is_empty() {
            is_one = true;
            arguments.extend(["FROM".to_owned(), unquoted(rest).to_owned()]);
            continue;
        }
        // Anything else before FROM is prose or a script.
        if !OTHERS.contains(&instruction.as_str()) {
            return None;
        }
        if rest.matches(LONG).count() == 1 {
            lines.by_ref().take_while(|line| !line.contains(LONG)).for_each(drop);
        }
        match instruction.as_str() {
            "PARAMETER" => {
                let (name, value) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
                arguments.extend([name.to_ascii_lowercase(), unquoted(value.trim()).to_owned()]);
            }
            "ADAPTER" => arguments.extend(["ADAPTER".to_owned(), unquoted(rest).to_owned()]),
            _ => {}
        }
    }
    is_one.then_some(Started { tool: CommandTool::Modelfile, arguments, set })
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_texts_are_passed_over() {
        let text = "# mine\nfrom llama3.1:8b\nPARAMETER num_ctx 4096\nSYSTEM \"\"\"\nFROM here\nPARAMETER num_ctx 1\n\"\"\"\nPARAMETER stop \"x y\"\n";
        let read = read(text).unwrap();
        assert_eq!(read.arguments, ["FROM", "llama3.1:8b", "num_ctx", "4096", "stop", "x y"]);
    }

    #[test]
    fn other_texts_are_none() {
        for text in ["", "FROM", "import x\nFROM y", "FROM ubuntu:24.04\nRUN apt-get update", "llama-server -m x"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
