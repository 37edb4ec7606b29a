//! Sizes as logs write them.

use crate::units::MIB;

/// A PiB: no device has as much.
const MOST_MIB: u64 = 1 << 30;

/// Bytes of so many MiB; `None` of more than any device has, which wrapped or was cut where it was written.
pub(super) fn of_mib(mib: u64) -> Option<u64> {
    (mib <= MOST_MIB).then_some(mib.saturating_mul(MIB))
}

/// The same of a number in a text.
pub(super) fn mib(text: &str) -> Option<u64> {
    of_mib(text.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::mib;

    #[test]
    fn what_no_device_has_is_no_size() {
        assert_eq!(mib("24080"), Some(24_080 << 20));
        assert_eq!(mib("1073741824"), Some(1 << 50));
        for wrapped in ["1073741825", "17592186044416", "18446744073709551615", "99999999999999999999", "-3", ""] {
            assert_eq!(mib(wrapped), None, "{wrapped}");
        }
    }
}
