//! How numbers are written and read: thin groups, units always there, U+2212 as minus, en dashes for ranges.

const KILO: u64 = 1024;
const MEGA: u64 = 1024 * 1024;

/// A whole number in groups of three: `8,192`.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with so many digits after the point, grouped, with a true minus: `−1,234.5`.
pub fn decimal(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let plain = format!("{:.digits$}", value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let grouped = whole.parse().map_or_else(|_| whole.to_owned(), count);
    let sign = if value < 0.0 && plain.chars().any(|c| ('1'..='9').contains(&c)) { "\u{2212}" } else { "" };
    if fraction.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{fraction}") }
}

/// As [`decimal`], without zeros that say nothing: `32`, `0.5`.
pub fn trimmed(value: f64, digits: usize) -> String {
    let text = decimal(value, digits);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// An uncertain figure, to two significant digits: `2.9`, `18`, `350`, `0.42`.
pub fn figure(value: f64) -> String {
    if !value.is_finite() || value == 0.0 {
        return trimmed(value, 0);
    }
    #[expect(clippy::cast_possible_truncation, reason = "an exponent of ten")]
    let exponent = value.abs().log10().floor() as i32;
    let unit = 10f64.powi(exponent - 1);
    let digits = usize::try_from(1 - exponent).unwrap_or(0);
    trimmed((value / unit).round() * unit, digits)
}

/// A range: `2.4–3.3`.
pub fn range(low: &str, high: &str) -> String {
    format!("{low}\u{2013}{high}")
}

/// Tokens in short, binary: `512`, `8k`, `21.5k`, `1M`.
pub fn tokens(value: u64) -> String {
    if value < KILO {
        count(value)
    } else if value < MEGA {
        format!("{}k", short(value as f64 / KILO as f64))
    } else {
        format!("{}M", short(value as f64 / MEGA as f64))
    }
}

/// Parameters in billions: `70.6`, `8.03`, `0.596`.
pub fn parameters(value: u64) -> String {
    let billions = value as f64 / 1e9;
    let digits = match billions {
        b if b < 1.0 => 3,
        b if b < 10.0 => 2,
        b if b < 1000.0 => 1,
        _ => 0,
    };
    trimmed(billions, digits)
}

fn short(value: f64) -> String {
    trimmed(value, usize::from(value < 100.0))
}

/// Reads a number as people type it: `8,192`, `0.5`, ` 24 `. `None` where it is none or not finite.
pub fn parse_number(text: &str) -> Option<f64> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '_')).collect();
    plain.replace('\u{2212}', "-").parse().ok().filter(|value: &f64| value.is_finite())
}

/// Reads tokens: `8192`, `8k`, `1M` (binary).
pub fn parse_tokens(text: &str) -> Option<f64> {
    with_suffix(text, &[('k', KILO as f64), ('m', MEGA as f64)], 1.0)
}

/// Reads a count: `8,192`, `10k`, `10M`, `15T` (decimal).
pub fn parse_count(text: &str) -> Option<f64> {
    with_suffix(text, &[('k', 1e3), ('m', 1e6), ('b', 1e9), ('t', 1e12)], 1.0)
}

/// Reads parameters: `70.6`, `70.6B` (billions), `350M`, `1T`.
pub fn parse_parameters(text: &str) -> Option<f64> {
    with_suffix(text, &[('m', 1e6), ('b', 1e9), ('t', 1e12)], 1e9)
}

fn with_suffix(text: &str, units: &[(char, f64)], default: f64) -> Option<f64> {
    let text = text.trim().to_ascii_lowercase();
    let unit = units.iter().find_map(|&(letter, factor)| Some((text.strip_suffix(letter)?, factor)));
    let (number, factor) = unit.unwrap_or((&text, default));
    Some(parse_number(number)? * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_design_says() {
        assert_eq!(count(0), "0");
        assert_eq!(count(131_072), "131,072");
        assert_eq!(decimal(-1.26, 1), "\u{2212}1.3");
        assert_eq!(decimal(-0.01, 1), "0.0");
        assert_eq!(decimal(1234.5, 2), "1,234.50");
        assert_eq!(tokens(8192), "8k");
        assert_eq!(tokens(22_016), "21.5k");
        assert_eq!(tokens(1 << 20), "1M");
        assert_eq!(parameters(70_553_706_496), "70.6");
        assert_eq!(parameters(8_030_261_248), "8.03");
        assert_eq!(range("2.4", "3.3"), "2.4\u{2013}3.3");
        for (value, shown) in [(2.912, "2.9"), (18.4, "18"), (352.0, "350"), (8437.0, "8,400"), (0.4213, "0.42")] {
            assert_eq!(figure(value), shown);
        }
        for (value, shown) in [(0.0, "0"), (9.97, "10"), (99.6, "100"), (3.0, "3"), (f64::INFINITY, "")] {
            assert_eq!(figure(value), shown);
        }
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(parse_tokens("8k"), Some(8192.0));
        assert_eq!(parse_tokens(" 8,192 "), Some(8192.0));
        assert_eq!(parse_count("10M"), Some(10e6));
        assert_eq!(parse_count(" 1,000 "), Some(1000.0));
        assert_eq!(parse_parameters("70.6"), Some(70.6e9));
        assert_eq!(parse_parameters("350M"), Some(350e6));
        assert_eq!(parse_number("many"), None);
        assert_eq!(parse_number("inf"), None);
    }
}
