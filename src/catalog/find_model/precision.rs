//! How weights are stored, as the names of files and tags say at their end: `-Q4_K_M.gguf`, `:q8_0`, `-FP8`.

use crate::catalog::quantization::Quantization;

/// A name without what it says about the precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stripped<'a> {
    /// The name.
    pub(super) rest: &'a str,
    /// What it said.
    pub(super) quantization: Option<Quantization>,
}

/// Endings of files that are models.
const ENDINGS: [&str; 3] = [".gguf", ".safetensors", ".llamafile"];
/// The longest name of a precision, `gptq-int4` and the like.
const LONGEST: usize = 14;

/// Takes the ending of a file, the number of a part and the precision off a name.
pub(super) fn strip(name: &str) -> Stripped<'_> {
    let lower = name.to_ascii_lowercase();
    let ending = ENDINGS.iter().find(|ending| lower.ends_with(**ending));
    let rest = ending.and_then(|ending| name.get(..name.len() - ending.len())).unwrap_or(name);
    let rest = without_part(rest);
    let separators = rest.char_indices().filter(|(_, letter)| matches!(letter, '-' | '.' | ':' | '_' | ' '));
    // The longest ending that is one: `gptq-int4` before `int4`.
    for (at, separator) in separators {
        let (before, end) = (rest.get(..at), rest.get(at + separator.len_utf8()..));
        let (Some(before), Some(end)) = (before, end) else { continue };
        if end.len() > LONGEST || before.is_empty() {
            continue;
        }
        if let Ok(quantization) = end.parse() {
            return Stripped { rest: before, quantization: Some(quantization) };
        }
    }
    Stripped { rest, quantization: None }
}

/// `name-00002-of-00005` without the part's number.
fn without_part(name: &str) -> &str {
    let digits = |text: &str| text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    name.rsplit_once("-of-")
        .filter(|(_, count)| digits(count))
        .and_then(|(rest, _)| rest.rsplit_once('-'))
        .filter(|(_, part)| digits(part))
        .map_or(name, |(rest, _)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precisions_stand_at_the_end() {
        for (name, rest, quantization) in [
            ("Qwen3-8B-Q4_K_M.gguf", "Qwen3-8B", Some("Q4_K_M")),
            ("llama-2-7b.Q5_K_M.GGUF", "llama-2-7b", Some("Q5_K_M")),
            ("Qwen3-8B-GGUF:Q8_0", "Qwen3-8B-GGUF", Some("Q8_0")),
            ("Qwen2.5-7B-Instruct-GPTQ-Int4", "Qwen2.5-7B-Instruct", Some("gptq")),
            ("a-Q8_0-00001-of-00009.gguf", "a", Some("Q8_0")),
            ("Qwen3-8B", "Qwen3-8B", None),
            ("gemma-3-12b-it-GGUF:Q6_K_XL", "gemma-3-12b-it-GGUF:Q6_K_XL", None),
            ("", "", None),
            ("q4", "q4", None),
        ] {
            let stripped = strip(name);
            assert_eq!((stripped.rest, stripped.quantization.map(Quantization::name)), (rest, quantization), "{name}");
        }
    }
}
