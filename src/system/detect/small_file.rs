//! Small files of `/sys` and `/proc`: each holds one figure or a few lines. One that is missing, forbidden or none of text
//! is no data.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The longest file that is read.
const LONGEST: u64 = 64 * 1024;
/// More entries than any folder of interest has; a broken tree may have any number.
const MOST_ENTRIES: usize = 4096;

/// The text of a small file, without the line's end.
pub(super) fn text(path: &Path) -> Option<String> {
    let mut text = String::new();
    fs::File::open(path).ok()?.take(LONGEST).read_to_string(&mut text).ok()?;
    Some(text.trim().to_owned())
}

/// The one figure that a file holds.
pub(super) fn number<T: FromStr>(path: &Path) -> Option<T> {
    text(path)?.parse().ok()
}

/// The figure behind a name, in files of names and figures a line: `MemTotal:  64 kB`, `simd_count 192`.
pub(super) fn figure(lines: &str, name: &str) -> Option<u64> {
    let of_line = |line: &str| {
        Some(line.strip_prefix(name)?.trim_start_matches(':'))
            .filter(|rest| rest.starts_with([' ', '\t']))
            .map(str::to_owned)
    };
    lines.lines().find_map(of_line)?.split_whitespace().next()?.parse().ok()
}

/// What lies in a folder, by name.
pub(super) fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().take(MOST_ENTRIES);
    let mut found: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_stands_behind_its_whole_name() {
        let lines = "MemTotal:       65780928 kB\nMemTotalOther: 1 kB\nsimd_count 192\n";
        assert_eq!(figure(lines, "MemTotal"), Some(65_780_928));
        assert_eq!(figure(lines, "simd_count"), Some(192));
        assert_eq!((figure(lines, "MemFree"), figure(lines, "simd")), (None, None));
    }
}
