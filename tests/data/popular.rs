//! What people look for is in the catalog: popular names, typed into the lists as they are, lead to their model or card.

#![expect(clippy::print_stdout, reason = "which names find nothing is of interest where all is well, too")]

use std::path::Path;

use rigplan::catalog::Catalog;
use rigplan::catalog::maker::Maker;
use rigplan::text::find::{SearchRank, ranked};

/// Share of the names of a list that must be found.
const FOUND: f64 = 0.95;

/// Share of a chip's memory that its module may leave out: 180 of the 192 GB of a B200.
const NOT_EXPOSED: f64 = 0.07;

/// Rows of a table of `tests/fixtures/popular`, without its comments and head.
fn rows(name: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/popular").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// Places of the entries that a name means, slips of the pen left out.
fn places<'a, N: Iterator<Item = &'a str>>(entries: impl Iterator<Item = N>, name: &str) -> Vec<usize> {
    ranked(entries, name).into_iter().filter(|hit| hit.rank != SearchRank::Slip).map(|hit| hit.place).collect()
}

fn hold_to_share(list: &str, all: usize, missing: &[String]) {
    let found = 1.0 - missing.len() as f64 / all as f64;
    println!("{list}: {:.1} % of {all} names found; not found: {}", found * 100.0, missing.join(", "));
    assert!(found >= FOUND, "{list}: {:.1} % of {all} names found; not found: {}", found * 100.0, missing.join(", "));
}

#[test]
fn the_most_pulled_names_find_their_models() {
    let models: Vec<_> = Catalog::embedded().models().collect();
    let rows = rows("ollama.csv");
    assert_eq!(rows.len(), 100);
    let mut missing = Vec::new();
    for row in &rows {
        let [name, _, id] = row.as_slice() else { panic!("{row:?}") };
        let known = id == "-" || models.iter().any(|model| model.id == *id);
        assert!(known, "{name}: no model {id}");
        let found = places(models.iter().map(|model| Maker::names_of(model)), name);
        if !found.iter().any(|place| models[*place].id == *id) {
            missing.push(name.clone());
        }
    }
    hold_to_share("models", rows.len(), &missing);
}

#[test]
fn what_owners_have_finds_its_card() {
    let cards: Vec<_> = Catalog::embedded().cards().collect();
    let rows = rows("owners.csv");
    assert!(rows.len() > 180, "{}", rows.len());
    let mut missing = Vec::new();
    for row in &rows {
        let [maker, name, memory] = row.as_slice() else { panic!("{row:?}") };
        let sizes: Vec<f64> = memory.split_whitespace().map(|size| size.parse().unwrap()).collect();
        let found = places(cards.iter().map(|card| card.names()), name);
        let of_maker = found.iter().map(|place| cards[*place]).filter(|card| card.vendor.name() == maker);
        let sold = |gib: f64| sizes.is_empty() || sizes.iter().any(|size| (size - gib).abs() <= NOT_EXPOSED * size);
        if !of_maker.flat_map(rigplan::catalog::card::Card::memory_sizes_gib).any(|gib| sold(*gib)) {
            missing.push(name.clone());
        }
    }
    hold_to_share("cards", rows.len(), &missing);
}
