//! The paths that a Rust file names, read as a lexer reads: it knows comments, strings and `use` trees, and sees no name
//! that a macro puts together.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

pub(crate) mod graph;

/// A path as it is written: `use a::{b, c::d};` holds two.
#[derive(Debug)]
pub(crate) struct Reference {
    /// Its parts; the name of a macro ends with `!`.
    pub(crate) path: Vec<String>,
    /// Where its last part stands, from 1.
    pub(crate) line: usize,
    /// How many modules within the file lie around it.
    pub(crate) inline: usize,
    /// Whether and how it is imported.
    pub(crate) import: Import,
    /// What it is called here: its last part, or what follows `as`.
    pub(crate) name: String,
}

/// Whether a path stands in a `use`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Import {
    /// No: it is used where it stands.
    None,
    /// For the file alone.
    Private,
    /// For others too, who find it here by its name.
    Exported,
}

/// The names that a file's text gives to something of its own, at any depth.
pub(crate) fn definitions(text: &str) -> BTreeSet<String> {
    const KEYWORDS: [&str; 9] = ["struct", "enum", "fn", "const", "static", "type", "trait", "union", "macro_rules!"];
    let tokens = tokens(text);
    tokens.windows(2).filter(|pair| KEYWORDS.contains(&pair[0].0.as_str())).map(|pair| pair[1].0.clone()).collect()
}

/// A path from the crate's root where it is one of the crate's; any other as it stands. `None` where `super` leads out.
pub(crate) fn resolved(path: &[String], module: &str, inline: usize) -> Option<Vec<String>> {
    let up = path.iter().take_while(|part| *part == "super").count();
    if up == 0 {
        return Some(path.to_vec());
    }
    let mut place: Vec<&str> = module.split('/').chain((0..inline).map(|_| "inline")).collect();
    place.truncate(place.len().checked_sub(up)?);
    Some(["crate"].iter().chain(&place).map(|part| (*part).to_owned()).chain(path[up..].iter().cloned()).collect())
}

/// Every path of a file's text.
pub(crate) fn references(text: &str) -> Vec<Reference> {
    let tokens = &tokens(text)[..];
    let mut found = Vec::new();
    let (mut at, mut depth, mut inline) = (0, 0, Vec::new());
    while at < tokens.len() {
        let before = |back: usize| at.checked_sub(back).map_or("", |before| tokens[before].0.as_str());
        match tokens[at].0.as_str() {
            "{" => {
                depth += 1;
                if before(2) == "mod" {
                    inline.push(depth);
                }
            }
            "}" => {
                inline.pop_if(|opened| *opened == depth);
                depth -= 1;
            }
            word if is_word(word) && before(1) != "." => {
                let import = match (before(1), before(2)) {
                    ("use", "pub" | ")") => Import::Exported,
                    ("use", _) => Import::Private,
                    _ => Import::None,
                };
                let mut paths = Vec::new();
                let next = tree(tokens, at, &[], &mut paths);
                found.extend(paths.into_iter().map(|leaf| {
                    let Leaf { path, line, name } = leaf;
                    Reference { path, line, inline: inline.len(), import, name }
                }));
                at = next;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// One path of a `use` tree.
struct Leaf {
    path: Vec<String>,
    line: usize,
    name: String,
}

/// Reads the path or the group of paths at `at`, and returns what comes after it.
fn tree(tokens: &[(String, usize)], mut at: usize, prefix: &[String], paths: &mut Vec<Leaf>) -> usize {
    let text = |at: usize| tokens.get(at).map_or("", |(text, _)| text.as_str());
    if text(at) == "{" {
        at += 1;
        while at < tokens.len() && text(at) != "}" {
            at = match text(at) {
                "as" => at + 2,
                word if is_word(word) || word == "*" || word == "{" => tree(tokens, at, prefix, paths),
                _ => at + 1,
            };
        }
        return at + 1;
    }
    let mut path = [prefix, &[text(at).to_owned()]].concat();
    let goes_on = text(at + 1) == "::" && (is_word(text(at + 2)) || ["{", "*"].contains(&text(at + 2)));
    if goes_on {
        return tree(tokens, at + 2, &path, paths);
    }
    if text(at + 1) == "!" && text(at + 2) != "=" {
        path.last_mut().unwrap().push('!');
    }
    let name = if text(at + 1) == "as" { text(at + 2) } else { path.last().unwrap() }.to_owned();
    paths.push(Leaf { path, line: tokens[at].1, name });
    at + 1
}

fn is_word(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Words, `::`, runs of dots and single signs, each with its line; no comments, strings, characters or lifetimes.
fn tokens(text: &str) -> Vec<(String, usize)> {
    let letters: Vec<char> = text.chars().collect();
    let (mut found, mut at, mut line) = (Vec::new(), 0, 1);
    while at < letters.len() {
        let end = at + length(&letters[at..]);
        let token: String = letters[at..end].iter().collect();
        let silent = token.starts_with(['\'', ' ', '\n', '\t']) || token.starts_with("//") || token.starts_with("/*");
        // What has a quote in it is a string, raw or not.
        if !silent && !token.contains('"') {
            found.push((token.clone(), line));
        }
        line += token.matches('\n').count();
        at = end;
    }
    found
}

/// How long the token at the start of `rest` is.
fn length(rest: &[char]) -> usize {
    let until = |from: usize, end: &str| {
        let end: Vec<char> = end.chars().collect();
        let found = rest[from.min(rest.len())..].windows(end.len()).position(|window| window == end);
        found.map_or(rest.len(), |found| from + found + end.len())
    };
    let run = |from: usize, part: fn(char) -> bool| from + rest[from..].iter().take_while(|c| part(**c)).count();
    match rest {
        ['/', '/', ..] => until(2, "\n") - usize::from(rest.contains(&'\n')),
        ['/', '*', ..] => comment(rest),
        ['"', ..] => string(rest),
        ['\'', '\\', ..] => until(3, "'"),
        ['\'', _, '\'', ..] => 3,
        ['\'', ..] => run(1, |c| c.is_alphanumeric() || c == '_'),
        [':', ':', ..] => 2,
        ['.', ..] => run(0, |c| c == '.'),
        [first, ..] if first.is_alphanumeric() || *first == '_' => {
            let word = run(0, |c| c.is_alphanumeric() || c == '_');
            let hashes = run(word, |c| c == '#') - word;
            let prefix: String = rest[..word].iter().collect();
            let raw = ["r", "br", "cr"].contains(&prefix.as_str()) && rest.get(word + hashes) == Some(&'"');
            if raw { until(word + hashes + 1, &format!("\"{}", "#".repeat(hashes))) } else { word }
        }
        _ => 1,
    }
}

/// The length of a block comment, which may hold others.
fn comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a string with its quotes.
fn string(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != '"' {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// Every Rust file under a folder: its path there, with `/`, and its text; sorted.
pub(crate) fn rust_files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut waiting = vec![String::new()];
    while let Some(prefix) = waiting.pop() {
        // `benches` need not be there.
        for entry in fs::read_dir(folder.join(&prefix)).into_iter().flatten() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.path().is_dir() {
                waiting.push(format!("{name}/"));
            } else if Path::new(&name).extension().is_some_and(|ending| ending == "rs") {
                found.push((name, fs::read_to_string(entry.path()).unwrap()));
            }
        }
    }
    found.sort();
    found
}
