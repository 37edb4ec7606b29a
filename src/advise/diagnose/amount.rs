//! Amounts of memory as programs write them.

/// Above this an amount is a negative number that was printed as a positive one: no machine holds an exbibyte.
const MOST: f64 = (1_u64 << 60) as f64;

/// Units in bytes, the longer names first. Programs that write MB mostly mean 2^20 bytes; who means 10^6 says so by
/// [`in_thousands`].
const UNITS: &[(&str, u64)] = &[
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
    ("kB", 1 << 10),
    ("KB", 1 << 10),
    ("MB", 1 << 20),
    ("GB", 1 << 30),
    ("TB", 1 << 40),
    ("bytes", 1),
    ("byte", 1),
    ("Bytes", 1),
    ("Ki", 1 << 10),
    ("Mi", 1 << 20),
    ("Gi", 1 << 30),
    ("Ti", 1 << 40),
    ("K", 1 << 10),
    ("M", 1 << 20),
    ("G", 1 << 30),
    ("T", 1 << 40),
    ("B", 1),
];

/// A number and what follows it.
fn number(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | ',')).unwrap_or(text.len());
    let digits = text[..end].trim_end_matches(['.', ',']);
    let value = match digits.rsplit_once(',') {
        // A comma before three digits parts thousands, any other one is a decimal point.
        Some((_, last)) if digits.contains('.') || last.len() == 3 => digits.replace(',', "").parse(),
        Some(_) => digits.replace(',', ".").parse(),
        None => digits.parse(),
    };
    // NumPy writes `201. GiB`.
    Some((value.ok()?, &text[end..]))
}

/// The unit at the start of a text, in bytes.
fn unit(text: &str) -> Option<u64> {
    let text = text.trim_start();
    let (name, bytes) = UNITS.iter().find(|(name, _)| text.starts_with(name))?;
    let goes_on = text[name.len()..].starts_with(|letter: char| letter.is_ascii_alphanumeric());
    (!goes_on).then_some(*bytes)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative and below 2^60")]
fn bytes(value: f64, unit: f64) -> Option<u64> {
    let bytes = value * unit;
    (bytes < MOST).then_some(bytes.round() as u64)
}

/// The amount at the start of a text, in bytes: `1.96 GiB`, `0 bytes`, `62Gi`. `None` without a unit.
pub(crate) fn leading(text: &str) -> Option<u64> {
    let (value, rest) = number(text.trim_start())?;
    bytes(value, unit(rest)? as f64)
}

/// The same where the units are powers of a thousand.
pub(crate) fn in_thousands(text: &str) -> Option<u64> {
    let (value, rest) = number(text.trim_start())?;
    let power = unit(rest)?.ilog2() / 10;
    bytes(value, 1000_f64.powi(i32::try_from(power).ok()?))
}

/// The whole number at the start of a text.
pub(crate) fn whole(text: &str) -> Option<u64> {
    let text = text.trim_start();
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

/// The amount that ends where `text` ends.
pub(crate) fn trailing(text: &str) -> Option<u64> {
    let text = text.trim_end();
    let start = text.rfind(|letter: char| letter.is_ascii_digit())?;
    let is_number = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',');
    let begin = text[..start]
        .rfind(|letter: char| !is_number(letter))
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    leading(&text[begin..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_programs_write_them() {
        assert_eq!(leading("1.50 GiB. GPU 0"), Some(3 << 29));
        assert_eq!(leading(" 0 bytes is free"), Some(0));
        assert_eq!(leading("62Gi  58Gi"), Some(62 << 30));
        assert_eq!(leading("1900,00 MiB"), Some(1900 << 20));
        assert_eq!(leading("2,048 MB"), Some(2048 << 20));
        assert_eq!(leading("64kB"), Some(64 << 10));
        assert_eq!(leading("12 apples"), None);
        assert_eq!(leading("GiB"), None);
        assert_eq!(in_thousands("4976.70 MB."), Some(4_976_700_000));
        assert_eq!(trailing("of which 1.25 GiB"), Some(5 << 28));
        assert_eq!(trailing("(GPU 0; 2.00 GiB"), Some(2 << 30));
        assert_eq!(whole("151851674624\n"), Some(151_851_674_624));
    }

    #[test]
    fn a_negative_amount_printed_as_a_positive_one_is_no_amount() {
        assert_eq!(leading("17179869184.00 GiB memory in use"), None);
        assert_eq!(leading("18446744073709551615 bytes"), None);
    }
}
