//! Settings as programs write them into logs: `name=value` and `'name': value`.

use crate::text::scan;

/// The value of a setting, without quotes; the last one that the text has.
pub(super) fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let forms = [format!("{name}="), format!("'{name}': "), format!("\"{name}\": "), format!("{name}:")];
    forms.iter().find_map(|form| {
        let starts = scan::all_from_the_end(text, form).find(|at| {
            let before = text[..*at].chars().next_back();
            form.starts_with(['\'', '"'])
                || before.is_none_or(|letter| !(letter.is_alphanumeric() || "_-.".contains(letter)))
        });
        let rest = &text[starts? + form.len()..];
        let quote = rest.chars().next().filter(|letter| matches!(letter, '\'' | '"'));
        let value = match quote {
            Some(quote) => rest[1..].split(quote).next()?,
            None => rest.split([',', ')', '}', ' ', '\n', '\r', ']']).next()?,
        };
        (!value.is_empty()).then_some(value)
    })
}

/// A whole number.
pub(super) fn number<T: std::str::FromStr>(text: &str, name: &str) -> Option<T> {
    value(text, name)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_in_every_form() {
        let text = "config: model='Qwen/Qwen3-8B', dtype=torch.bfloat16, max_seq_len=8192, seed=None) {'gpu_memory_utilization': 0.85}";
        assert_eq!(value(text, "model"), Some("Qwen/Qwen3-8B"));
        assert_eq!(number::<u64>(text, "max_seq_len"), Some(8192));
        assert_eq!(number::<f64>(text, "gpu_memory_utilization"), Some(0.85));
        assert_eq!(value("served_model='x'", "model"), None);
        assert_eq!(value("", "model"), None);
    }
}
