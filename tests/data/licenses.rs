//! The list of crates that "About" shows names every one that the program is made of, with its license. It is made anew
//! from `cargo metadata`: the packages that normal dependencies lead to, a line `name: license` for each.

use std::collections::BTreeSet;

const CRATES: &str = include_str!("../../assets/crates.txt");
const MANIFEST: &str = include_str!("../../Cargo.toml");
const LOCK: &str = include_str!("../../Cargo.lock");

/// The texts of licenses that travel with the program: `tools/third_party.py` writes them.
const TEXTS: &str = include_str!("../../assets/third-party.txt");

#[test]
fn every_crate_that_is_listed_has_its_text() {
    let of_lines = TEXTS.lines().filter_map(|line| line.split_once(' ')).collect::<Vec<_>>();
    let has = |name: &str| {
        of_lines.iter().any(|(named, rest)| *named == name && rest.starts_with(|it: char| it.is_ascii_digit()))
    };
    let without: Vec<&str> = CRATES
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, _)| name)
        .filter(|name| !has(name))
        .collect();
    assert!(without.is_empty(), "not in assets/third-party.txt: {without:?}");
}

#[test]
fn every_dependency_is_listed_with_its_license() {
    let listed: BTreeSet<&str> =
        CRATES.lines().filter_map(|line| line.split_once(": ")).map(|(name, _)| name).collect();
    let mut of_program = false;
    for line in MANIFEST.lines() {
        if line.starts_with('[') {
            of_program = line.ends_with("dependencies]") && !line.contains("dev-");
        } else if let Some((name, _)) = line.split_once(" = ").filter(|_| of_program) {
            assert!(listed.contains(name), "{name} is not in assets/crates.txt");
        }
    }
    let locked: BTreeSet<&str> =
        LOCK.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect();
    let gone: Vec<_> = listed.difference(&locked).collect();
    assert!(gone.is_empty(), "no longer part of the program: {gone:?}");
}
