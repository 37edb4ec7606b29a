//! Names of models taken apart, so that `Qwen3 8B`, `qwen3:8b` and `Qwen3-8B-Instruct` are one.

use crate::catalog::model::Model;

/// Words at the end of a name that say nothing about the shape of the model.
const DECORATIONS: [&str; 18] = [
    "gguf", "ggml", "instruct", "chat", "it", "hf", "base", "bnb", "unsloth", "ud", "i1", "imatrix", "latest",
    "dynamic", "mlx", "text", "awq", "gptq",
];
/// How far the size in a name may lie from the parameters of a model that is known without it.
const SIZE_SLACK: f64 = 0.15;

/// A name as its words in small letters.
#[derive(Debug)]
pub(super) struct Name {
    words: Vec<String>,
    /// How many of the words are no decoration at the end.
    core: usize,
}

impl Name {
    pub(super) fn of(text: &str) -> Self {
        let parts = text.split(|letter: char| !letter.is_alphanumeric() && letter != '.');
        let words = parts.map(|part| part.trim_matches('.').to_lowercase()).filter(|part| !part.is_empty());
        let mut words: Vec<String> = words.collect();
        // `Meta-Llama-3.1-8B` is what Meta called its repositories for a while.
        if words.len() > 1 && words.first().is_some_and(|word| word == "meta") {
            words.remove(0);
        }
        let plain = words.iter().rev().take_while(|word| DECORATIONS.contains(&word.as_str())).count();
        let core = words.len() - plain;
        Self { words, core }
    }

    /// All letters and digits in a row.
    pub(super) fn whole(&self) -> String {
        joined(&self.words)
    }

    fn core(&self) -> &[String] {
        self.words.get(..self.core).unwrap_or_default()
    }

    /// Whether this name of `model` and `wanted` are one but for decorations, or but for a size behind `wanted` that the
    /// model has.
    pub(super) fn is_core_of(&self, wanted: &Self, model: &Model) -> bool {
        let (own, wanted) = (joined(self.core()), wanted.core());
        if own.is_empty() || wanted.is_empty() {
            return false;
        }
        if own == joined(wanted) {
            return true;
        }
        wanted.split_last().is_some_and(|(last, rest)| {
            let near =
                |size: f64| model.total_parameters.is_some_and(|total| (total as f64 / size - 1.0).abs() < SIZE_SLACK);
            own == joined(rest) && billions(last).is_some_and(near)
        })
    }

    /// The length of this name where its words stand in `wanted` and a size is among them: that of a base in the name of a
    /// fine-tune.
    pub(super) fn held_by(&self, wanted: &Self) -> Option<usize> {
        if self.core < 2 || !self.core().iter().any(|word| billions(word).is_some()) {
            return None;
        }
        let own = joined(self.core());
        let words = &wanted.words;
        let starts = (0..words.len()).any(|start| {
            // Where words of one are joined in the other, their letters still are.
            let mut run = String::new();
            words.iter().skip(start).any(|word| {
                run.push_str(&joined(std::slice::from_ref(word)));
                run == own
            })
        });
        starts.then_some(own.len())
    }
}

fn joined(words: &[String]) -> String {
    words.iter().flat_map(|word| word.chars()).filter(|letter| *letter != '.').collect()
}

/// `8b` and `1.7b` as parameters.
fn billions(word: &str) -> Option<f64> {
    let count: f64 = word.strip_suffix('b')?.parse().ok()?;
    (count > 0.0 && count.is_finite()).then_some(count * 1e9)
}
