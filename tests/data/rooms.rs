//! Who imports from whom within the crate: no circle across rooms, none of many files within one, and nobody looks into
//! the inner rooms of an engine.
//!
//! A room is a module of the top level, or an engine. A folder's own file puts together what lies in the folder: its
//! imports from there do not count, imports from it do.

use std::collections::BTreeSet;
use std::path::Path;

use crate::rust_paths::graph::Graph;
use crate::rust_paths::rust_files;

/// The modules of the estimator that are equals over its leaf files.
const ENGINES: &[&str] = &["estimate/llamacpp", "estimate/server", "estimate/training", "estimate/speed"];

/// The most files of a circle within a room.
const MOST_FILES: usize = 3;

/// What is still named from outside an engine: the module that does, and the inner room.
const NAMED_OUTSIDE: &[(&str, &str)] = &[("cli/assumed", "estimate/server/settings")];

/// The graph of all modules but the two that wire them.
fn crate_graph() -> Graph {
    let sources = rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let files = sources.iter().filter_map(|(path, text)| Some((path.strip_suffix(".rs")?, text.as_str())));
    Graph::of(files.filter(|(path, _)| !["lib", "main"].contains(path)))
}

fn is_inside(module: &str, place: &str) -> bool {
    module == place || module.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'))
}

fn room(module: &str) -> &str {
    let engine = ENGINES.iter().find(|engine| is_inside(module, engine));
    engine.copied().unwrap_or_else(|| module.split('/').next().unwrap_or(module))
}

#[test]
fn imports_run_in_no_circle() {
    let graph = crate_graph();
    let mut violations = Vec::new();
    for circle in graph.circles() {
        let rooms: BTreeSet<&str> = circle.iter().map(|module| room(module)).collect();
        let most = if rooms.len() > 1 { 0 } else { MOST_FILES };
        if circle.len() > most {
            violations.push(format!("{} files in {} rooms: {}", circle.len(), rooms.len(), circle.join(", ")));
        }
    }
    assert!(violations.is_empty(), "{} circles\n{}", violations.len(), violations.join("\n"));
}

/// `estimate` puts its engines together: it may name their parts, but not the parts of those; all others name what an
/// engine shows.
#[test]
fn the_inner_rooms_of_an_engine_are_its_own() {
    let mut violations = BTreeSet::new();
    let graph = crate_graph();
    for module in &graph.modules {
        for (path, named) in graph.named(module) {
            let Some(engine) = ENGINES.iter().find(|engine| is_inside(named, engine)) else { continue };
            let depth = named.split('/').count() - engine.split('/').count();
            let owner = if depth > 1 { engine } else { "estimate" };
            if depth > 0 && !is_inside(module, owner) && !NAMED_OUTSIDE.contains(&(module, named)) {
                violations.insert(format!("src/{module}.rs: `{path}` is an inner room of {owner}"));
            }
        }
    }
    assert!(violations.is_empty(), "{} violations\n{}", violations.len(), Vec::from_iter(violations).join("\n"));
}

#[test]
fn an_import_counts_for_the_file_that_defines() {
    let files = [
        ("a/mod", "mod b; mod c; pub use b::B; pub use c::*; pub struct A; fn f() -> C { c::made() }"),
        ("a/b", "use super::{A, C}; use crate::a as all; pub struct B; fn f() { all::d::Shown::new() }"),
        ("a/c", "use super::B; pub struct C; pub(super) fn made() -> C {} mod tests { use crate::e::E; }"),
        ("a/d", "use crate::e::{self, E as Other}; pub use crate::e::E as Shown; fn f() { e::run!() }"),
        ("e", "/* use crate::a::A; */ pub struct E;"),
    ];
    let graph = Graph::of(files.into_iter());
    let imports = |module| graph.imports(module).collect::<Vec<_>>();
    assert_eq!(imports("a"), Vec::<&str>::new(), "its own folder does not count");
    assert_eq!(imports("a/b"), ["a", "a/c", "e"], "through `super`, a glob, an alias and another name");
    assert_eq!(imports("a/c"), ["a/b"], "tests do not count");
    assert_eq!(imports("a/d"), ["e"]);
    assert_eq!(graph.circles(), [["a/b", "a/c"]]);
}
