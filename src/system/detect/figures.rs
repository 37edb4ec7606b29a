//! Which figures can be meant. What cannot be is no data.

use std::ops::RangeInclusive;

use crate::text::one_line;
use crate::units::GIB;

/// Memory of one device in bytes: no card has 4 TiB.
const MEMORY: RangeInclusive<u64> = 1..=4096 * GIB;
/// The longest name in bytes; the driver's own buffer has 96.
const LONGEST: usize = 120;

pub(super) fn memory(found: Option<u64>) -> Option<u64> {
    found.filter(|bytes| MEMORY.contains(bytes))
}

/// A name that can be shown as it is, but for tabs.
pub(super) fn name(found: Option<String>) -> Option<String> {
    let found = found.filter(|name| name.len() <= LONGEST)?.replace('\t', " ");
    let name = found.trim();
    (!name.is_empty() && one_line(name) == name).then(|| name.to_owned())
}
