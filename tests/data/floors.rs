//! The structure of the crate: which floor may import from which, what stays inside a module, how long a file may be.
//!
//! All violations are listed, then the test fails once.

use std::collections::BTreeSet;
use std::path::Path;

use crate::rust_paths::{Reference, references, resolved, rust_files};

/// The modules of each floor, lowest first. A module uses the floors below its own, never its neighbors.
const FLOORS: &[&[&str]] = &[
    &["text", "units"],
    &["catalog", "plan"],
    &["model"],
    &["estimate"],
    &["advise"],
    &["scenes"],
    &["share", "system"],
    &["ui"],
    &["app", "cli"],
    &["main"],
];

/// The one arrow along a floor: a plan names what lies in the catalog.
const SIDEWAYS: (&str, &str) = ("plan", "catalog");

/// Paths that stay inside some modules.
struct Kept {
    /// What each path begins with; a macro ends with `!`.
    paths: &'static [&'static str],
    /// Where it may stand: modules, or a file's path under `src` without its ending.
    only_in: &'static [&'static str],
    reason: &'static str,
}

const KEPT: &[Kept] = &[
    Kept { paths: &["egui", "eframe", "egui_plot"], only_in: &["ui", "app"], reason: "only the window draws" },
    Kept {
        paths: &["std::fs", "std::thread", "std::net", "std::process", "rfd", "sysinfo", "nvml_wrapper", "directories"],
        only_in: &["system", "app", "cli", "main"],
        reason: "the outside world is `system`'s; `app` and `cli` join it to the rest",
    },
    Kept {
        paths: &["std::env", "std::time::Instant", "std::time::SystemTime"],
        only_in: &["system", "app", "cli", "main"],
        reason: "the same plan has the same answer everywhere and at any time",
    },
    Kept {
        paths: &["println!", "print!", "eprintln!", "eprint!", "dbg!"],
        only_in: &["app", "cli", "main"],
        reason: "only the outermost floor speaks",
    },
];

/// Where colors are made; everyone else takes them from there.
const THEME: &str = "ui/theme";
/// What is no color but the lack of one.
const NO_COLORS: &[&str] = &["TRANSPARENT", "PLACEHOLDER"];

/// The longest file, in lines.
const MAX_LINES: usize = 500;
/// The longest that the median file of `src` may be, in lines.
const MAX_MEDIAN: usize = 200;

#[test]
fn the_crate_keeps_its_floors() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = rust_files(&root.join("src"));
    let mut violations = Vec::new();
    for (name, text) in &sources {
        let module = name.strip_suffix(".rs").unwrap();
        if module == "lib" {
            violations.extend(order_of_modules(text).err());
        } else {
            violations.extend(violations_of(module, text).into_iter().map(|what| format!("src/{module}.rs:{what}")));
        }
    }
    for folder in ["src", "tests", "benches"] {
        for (name, text) in rust_files(&root.join(folder)) {
            let lines = text.lines().count();
            if lines > MAX_LINES {
                violations.push(format!("{folder}/{name}: {lines} lines, {MAX_LINES} are the most"));
            }
        }
    }
    let mut lengths: Vec<usize> = sources.iter().map(|(_, text)| text.lines().count()).collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    println!("{} files in src, median {median} lines, longest {}", lengths.len(), lengths[lengths.len() - 1]);
    if median > MAX_MEDIAN {
        violations.push(format!("src: the median file has {median} lines, {MAX_MEDIAN} are the most"));
    }
    assert!(violations.is_empty(), "{} violations\n{}", violations.len(), violations.join("\n"));
}

/// Each violation of one file, beginning with its line; `module` is the file's path under `src` without `.rs`.
fn violations_of(module: &str, text: &str) -> BTreeSet<String> {
    let module = module.strip_suffix("/mod").unwrap_or(module);
    let home = module.split('/').next().unwrap();
    let inside = |place: &str| module == place || module.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'));
    let mut violations = BTreeSet::new();
    for Reference { path, line, inline, .. } in references(text) {
        let Some(path) = resolved(&path, module, inline) else {
            violations.insert(format!("{line}: `{}` leads out of the crate", path.join("::")));
            continue;
        };
        if let [root, used, ..] = &path[..]
            && root == "crate"
            && let Err(reason) = may_use(home, used)
        {
            violations.insert(format!("{line}: {reason}"));
        }
        let whole = path.join("::");
        for kept in KEPT.iter().filter(|kept| !kept.only_in.iter().any(|place| inside(place))) {
            let starts =
                |begin: &&&str| whole.strip_prefix(**begin).is_some_and(|r| r.is_empty() || r.starts_with("::"));
            if let Some(begin) = kept.paths.iter().find(starts) {
                violations.insert(format!(
                    "{line}: `{begin}` stands outside {}: {}",
                    kept.only_in.join(", "),
                    kept.reason
                ));
            }
        }
        if makes_a_color(&path) && !inside(THEME) {
            violations.insert(format!("{line}: `{whole}` makes a color outside {THEME}"));
        }
    }
    violations
}

/// Whether a module of one name may use one of another.
fn may_use(user: &str, used: &str) -> Result<(), String> {
    let floor = |module: &str| FLOORS.iter().position(|modules| modules.contains(&module));
    match (floor(user), floor(used)) {
        (None, _) => {
            Err(format!("the module `{user}` has no floor: give it one in tests/data/floors.rs and src/lib.rs"))
        }
        (_, None) => Err(format!("`crate::{used}` is on no floor: name the module that it lies in")),
        _ if user == used || (user, used) == SIDEWAYS => Ok(()),
        (Some(from), Some(to)) if to < from => Ok(()),
        (Some(from), Some(to)) => Err(format!("`{user}` (floor {from}) uses `{used}` (floor {to})")),
    }
}

/// Whether a path names a color, or a way to make one, of egui's.
fn makes_a_color(path: &[String]) -> bool {
    path.iter().any(|part| part.starts_with("hex_color"))
        || path.windows(2).any(|pair| {
            ["Color32", "Rgba", "Hsva"].contains(&pair[0].as_str())
                && (pair[1].starts_with("from_") || pair[1] == "new" || is_constant(&pair[1]))
                && !NO_COLORS.contains(&pair[1].as_str())
        })
}

fn is_constant(name: &str) -> bool {
    name.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_')
}

/// Compares the module list of `src/lib.rs`, its floors parted by blank lines, with the table above.
fn order_of_modules(text: &str) -> Result<(), String> {
    let listed = |block: &str| -> Vec<String> {
        let names = block.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
        names.map(str::to_owned).collect()
    };
    let found: Vec<Vec<String>> = text.split("\n\n").map(listed).filter(|floor| !floor.is_empty()).collect();
    let wanted = &FLOORS[..FLOORS.len() - 1];
    if found == wanted { Ok(()) } else { Err(format!("src/lib.rs: floors {found:?}, here they are {wanted:?}")) }
}

/// What is found in a line of a module, without its line number.
fn found(module: &str, text: &str) -> Vec<String> {
    violations_of(module, text).iter().map(|what| what.split_once(": ").unwrap().1.to_owned()).collect()
}

#[test]
fn a_wrong_import_is_seen_however_it_is_written() {
    let up = ["`estimate` (floor 3) uses `ui` (floor 7)"];
    for text in [
        "use crate::ui::theme;",
        "use crate::{plan::Plan, ui::{self, theme}};",
        "fn f() { crate::ui::draw() }",
        "use super::super::ui;",
        "let s = r#\"a \"quote\" in it\"#; let c = '\"'; let l: &'static str = \"\\\"\"; crate::ui::draw()",
        "mod tests { mod deep { use super::super::super::super::ui; } }",
    ] {
        assert_eq!(found("estimate/serve", text), up, "{text}");
    }
    assert_eq!(found("share/locate", "use crate::system;"), ["`share` (floor 6) uses `system` (floor 6)"]);
    assert_eq!(found("catalog/mod", "use super::plan;"), ["`catalog` (floor 1) uses `plan` (floor 1)"]);
    assert_eq!(found("plan/mod", "use super::super::x;"), ["`super::super::x` leads out of the crate"]);
    assert_eq!(
        found("plan/mod", "use crate::Plan;"),
        ["`crate::Plan` is on no floor: name the module that it lies in"]
    );
    assert_eq!(
        violations_of("units", "// one\n/* two\n */ use crate::text;").first().unwrap().split(':').next(),
        Some("3")
    );
}

#[test]
fn what_is_allowed_or_only_talked_about_is_no_violation() {
    for (module, text) in [
        (
            "estimate/serve",
            "use crate::plan::Plan; use crate::units; use super::verdict; mod tests { use super::super::x; }",
        ),
        ("plan/mod", "use crate::catalog::Catalog; pub(crate) fn f() {}"),
        (
            "units",
            "// crate::ui\n/* egui /* std::fs */ println!() */ const S: &str = \"crate::ui\"; let egui_like = 1;",
        ),
        ("units", "let path = env!(\"X\"); let same = a.fs(); if println != 1 {}"),
        ("ui/theme", "Color32::from_rgb(1, 2, 3)"),
        ("ui/paint", "fn f(color: Color32) -> Color32 { Color32::TRANSPARENT }"),
        ("system/storage", "use std::{fs, thread};"),
        ("main", "use rigplan::app; use std::process::ExitCode;"),
    ] {
        assert!(found(module, text).is_empty(), "{module}: {text}: {:?}", found(module, text));
    }
}

#[test]
fn what_is_kept_inside_a_module_is_seen_outside_it() {
    for (module, text) in [
        ("advise/sweep", "use egui_plot::Line;"),
        ("share/plan_file", "use std::{fmt, fs::{self, File}};"),
        ("catalog/mod", "let now = std::time::Instant::now();"),
        ("estimate/serve", "println!(\"{}\", 1);"),
        ("ui/paint", "egui::Color32::from_gray(3)"),
        ("ui/theme_of_mine", "Color32::RED"),
    ] {
        assert_eq!(found(module, text).len(), 1, "{module}: {text}");
    }
}
