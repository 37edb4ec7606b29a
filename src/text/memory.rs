//! How amounts of memory are written: in GiB, as runtimes and drivers count.

use super::number::{decimal, trimmed};

/// The unit of all amounts of memory.
const UNIT: &str = "GiB";

/// So many GiB with so many digits after the point: `24.0 GiB`.
pub fn gib(gib: f64, digits: usize) -> String {
    format!("{} {UNIT}", decimal(gib, digits))
}

/// The same with no more digits than it needs: `24 GiB`, `0.5 GiB`.
pub fn gib_trimmed(gib: f64) -> String {
    format!("{} {UNIT}", trimmed(gib, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_as_it_is_written() {
        use crate::text::parse_memory;

        assert_eq!(gib(24.0, 1), "24.0 GiB");
        assert_eq!(gib_trimmed(0.5), "0.5 GiB");
        assert_eq!(parse_memory(&gib_trimmed(4096.0)), Some(4096.0));
    }
}
