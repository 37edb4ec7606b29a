//! How numbers are written and read: thin groups, units always there, U+2212 as minus, en dashes for ranges.

use super::Locale;

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

/// A unit of time that suits so many seconds: how many seconds it has, and its name.
pub fn time_unit(seconds: f64) -> (f64, &'static str) {
    match seconds {
        s if s < 0.1 => (1e-3, "ms"),
        s if s < 600.0 => (1.0, "s"),
        s if s < 7200.0 => (60.0, "min"),
        _ => (3600.0, "h"),
    }
}

/// Tokens in short, binary, in two digits: `512`, `8k`, `1.5k`, `22k`, `1M`.
pub fn tokens(value: u64) -> String {
    if value < KILO {
        count(value)
    } else if value < MEGA {
        format!("{}k", short(value as f64 / KILO as f64))
    } else {
        format!("{}M", short(value as f64 / MEGA as f64))
    }
}

/// A large amount in the unit that readers of the language count such amounts in: `10 M`, `1,000 万`.
pub fn large(value: u64, locale: Locale) -> String {
    let (unit, name) = match locale {
        Locale::En => (1e6, "M"),
        Locale::Zh if value >= 100_000_000 => (1e8, "亿"),
        Locale::Zh => (1e4, "万"),
    };
    format!("{} {name}", trimmed(value as f64 / unit, 1))
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
    trimmed(value, usize::from(value < 10.0))
}

/// What is typed in full width, as Chinese keyboards do, in plain characters.
pub fn narrow(text: &str) -> String {
    let narrow = |letter: char| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        other => other,
    };
    text.chars().map(narrow).collect()
}

/// What is typed in full width, with a space of any kind or a true minus, in plain characters and small letters.
fn plain(text: &str) -> String {
    let kept = |c: &char| !c.is_whitespace() && !matches!(c, '_' | '\'' | '\u{2019}');
    narrow(text).chars().filter(kept).collect::<String>().replace('\u{2212}', "-").to_lowercase()
}

/// The number at the beginning, and what stands behind it.
fn parted(text: &str) -> Option<(f64, &str)> {
    let numeric = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+');
    let mut end = text.find(|c| !numeric(c)).unwrap_or(text.len());
    // 1e300 is a number as well.
    if let Some(power) = text.get(end..).and_then(|rest| rest.strip_prefix('e'))
        && power.trim_start_matches(['-', '+']).starts_with(|c: char| c.is_ascii_digit())
    {
        end += 1 + power.find(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '+')).unwrap_or(power.len());
    }
    let (number, unit) = text.split_at(end);
    let value: f64 = with_point(number).parse().ok()?;
    value.is_finite().then_some((value, unit))
}

/// A number with a point before its fraction and nothing between its thousands: `1,5` is one and a half, `8,192` and
/// `1.048.576` are whole. Where both signs stand, the later one is the point.
fn with_point(number: &str) -> String {
    let without = |sign: char| number.replace(sign, "");
    let (last_point, last_comma) = (number.rfind('.'), number.rfind(','));
    match (last_point, last_comma) {
        (Some(point), Some(comma)) if comma > point => without('.').replace(',', "."),
        (_, Some(_)) if last_point.is_none() && !is_grouped(number, ',') => number.replacen(',', ".", 1),
        (Some(_), None) if number.matches('.').count() > 1 && is_grouped(number, '.') => without('.'),
        _ => without(','),
    }
}

/// Whether a sign parts groups of three digits: not behind a single zero, which begins a fraction.
fn is_grouped(number: &str, sign: char) -> bool {
    let mut groups = number.trim_start_matches(['-', '+']).split(sign);
    let first = groups.next().unwrap_or_default();
    let several = number.matches(sign).count() > 1;
    first != "0"
        && (1..=3).contains(&first.len())
        && groups.all(|group| group.len() == 3 || several && group.len() == 2)
}

/// The number and by what the unit behind it, one of these, multiplies it.
fn with_unit(text: &str, units: &[(&[&str], f64)]) -> Option<f64> {
    let text = plain(text);
    let (number, unit) = parted(&text)?;
    units.iter().find(|(words, _)| words.contains(&unit)).map(|(_, factor)| number * factor)
}

/// Units that change nothing, whatever stands before them.
const UNITS: &[&str] = &["", "gb/s", "gbs", "w", "%", "s", "h", "tok/s", "t/s", "tokens", "tok", "°"];

/// Reads a number as people type it: `8,192`, `0.5`, `1,5`, ` 24 `, `60 GB/s`, `８`. `None` where it is none or not finite.
pub fn parse_number(text: &str) -> Option<f64> {
    with_unit(text, &[(UNITS, 1.0), (&["万"], 1e4)])
}

/// Reads parts of a whole as llama.cpp takes them: `3,1` or `3/1`. `None` where one is no number.
pub fn parse_shares(text: &str) -> Option<Vec<f64>> {
    let part = |part: &str| part.trim().parse::<f64>().ok().filter(|part| part.is_finite());
    text.split([',', '/', '，']).map(part).collect()
}

/// Writes parts of a whole as [`parse_shares`] reads them.
pub fn shares(parts: &[f64]) -> String {
    parts.iter().map(f64::to_string).collect::<Vec<_>>().join(",")
}

/// Reads tokens: `8192`, `8k`, `1M` (binary), `32k tokens`.
pub fn parse_tokens(text: &str) -> Option<f64> {
    let units: [(&[&str], f64); 4] = [
        (UNITS, 1.0),
        (&["k", "ki", "ktok", "ktokens"], KILO as f64),
        (&["m", "mi", "mtok", "mtokens"], MEGA as f64),
        (&["万"], 1e4),
    ];
    with_unit(text, &units)
}

/// Reads a count: `8,192`, `10k`, `10M`, `15T` (decimal).
pub fn parse_count(text: &str) -> Option<f64> {
    let units: [(&[&str], f64); 7] = [
        (UNITS, 1.0),
        (&["k", "ktokens"], 1e3),
        (&["m", "mtokens"], 1e6),
        (&["b", "g", "btokens"], 1e9),
        (&["t", "ttokens"], 1e12),
        (&["万"], 1e4),
        (&["亿"], 1e8),
    ];
    with_unit(text, &units)
}

/// Reads parameters: `70.6`, `70.6B` (billions), `350M`, `1T`.
pub fn parse_parameters(text: &str) -> Option<f64> {
    let units: [(&[&str], f64); 4] =
        [(&["m"], 1e6), (&["", "b", "bn", "billion"], 1e9), (&["t"], 1e12), (&["亿"], 1e8)];
    with_unit(text, &units)
}

/// Reads an amount of memory in GiB. A kit sold as 64 GB holds 64 GiB: vendors' units are the binary ones.
pub fn parse_memory(text: &str) -> Option<f64> {
    let units: [(&[&str], f64); 3] = [
        (&["", "g", "gb", "gib", "gi"], 1.0),
        (&["m", "mb", "mib", "mi"], 1.0 / KILO as f64),
        (&["t", "tb", "tib", "ti"], KILO as f64),
    ];
    with_unit(text, &units)
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
        assert_eq!((tokens(22_016).as_str(), tokens(1536).as_str()), ("22k", "1.5k"));
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
        let numbers = [
            ("1,5", 1.5),
            ("0,125", 0.125),
            ("1,234.5", 1234.5),
            ("1.234,5", 1234.5),
            ("1.048.576", 1_048_576.0),
            ("１２，３４５", 12_345.0),
            ("60 GB/s", 60.0),
            ("\u{2212}3", -3.0),
            ("1e3", 1000.0),
            ("0.9", 0.9),
        ];
        for (typed, value) in numbers {
            assert_eq!(parse_number(typed), Some(value), "{typed}");
        }
        assert_eq!(parse_tokens("32K tokens"), Some(32_768.0));
        assert_eq!(parse_tokens("1M"), Some(1_048_576.0));
        assert_eq!(parse_tokens("3 apples"), None);
        assert_eq!(parse_memory("64 GB"), Some(64.0), "as vendors write RAM");
        assert_eq!(parse_memory("2 TB"), Some(2048.0));
    }
}
