//! The estimator against what real engines allocated and measured. A sample of the rows lies in `tests/fixtures/truth`
//! and is always checked; all rows are where they lie beside the checkout.

mod figures;
mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use figures::{Figure, KINDS, Kind};
use rigplan::catalog::Catalog;
use rigplan::cli::jsonl::JsonlSession;
use serde_json::Value;
use table::{Row, rows};

/// How far off a figure may be, as a relative error.
struct Law {
    figure: &'static str,
    /// In each row of the sample.
    sample: f64,
    /// In so many percent of all rows.
    all: &'static [(usize, f64)],
}

/// What has no law here is exact. The band of a speed is to hold four of five measurements.
const LAWS: &[Law] = &[
    Law { figure: "training peak", sample: 0.0002, all: &[(50, 0.0001), (95, 0.0002), (100, 0.001)] },
    Law { figure: "vLLM weights", sample: 0.01, all: &[(50, 0.001), (95, 0.01), (100, 0.13)] },
    Law { figure: "vLLM KV pool", sample: 0.01, all: &[(50, 0.001), (95, 0.01), (100, 0.04)] },
    Law { figure: "vLLM activations", sample: 0.07, all: &[(50, 0.01), (95, 0.07), (100, 0.09)] },
    Law { figure: "vLLM weights before 0.17", sample: 0.03, all: &[(50, 0.003), (95, 0.03)] },
    Law { figure: "vLLM KV pool before 0.17", sample: 0.23, all: &[(50, 0.02), (95, 0.23)] },
    Law { figure: "vLLM activations before 0.17", sample: 0.01, all: &[(100, 0.01)] },
    Law { figure: "decode speed", sample: 0.35, all: &[(50, 0.05), (95, 0.20)] },
    Law { figure: "decode speed outside its band", sample: 0.0, all: &[(80, 0.0)] },
    Law { figure: "prefill speed", sample: 1.0, all: &[(50, 0.10)] },
    Law { figure: "prefill speed outside its band", sample: 0.0, all: &[(80, 0.0)] },
];

fn law(figure: &str) -> Option<&'static Law> {
    LAWS.iter().find(|law| law.figure == figure)
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/truth")
}

/// Every figure of a table's rows that was measured, with its row.
fn compared(kind: &Kind, folder: &Path) -> Vec<(Row, Figure)> {
    let mut session = JsonlSession::new(Catalog::embedded());
    let mut ask = |row: &Row| -> Value {
        let (request, mut out) = ((kind.request)(row).to_string(), Vec::new());
        session.answer(request.as_bytes(), &mut out);
        let answer: Value = serde_json::from_slice(&out).expect("an answer");
        assert!(answer.get("error").is_none(), "{request}: {answer}");
        answer
    };
    let rows = rows(&folder.join(kind.table)).into_iter().filter(kind.serves);
    rows.flat_map(|row| {
        let answer = ask(&row);
        (kind.figures)(&row, &answer).into_iter().map(move |figure| (row.clone(), figure))
    })
    .collect()
}

#[test]
fn the_sample_holds_row_by_row() {
    let mut violations = Vec::new();
    let mut checked = 0;
    for kind in KINDS {
        let found = compared(kind, &sample());
        assert!(!found.is_empty(), "{}: no rows", kind.table);
        checked += found.len();
        for (row, figure) in found {
            if figure.error() > law(figure.name).map_or(0.0, |law| law.sample) {
                violations.push(format!("{}: {figure} in {row:?}", kind.table));
            }
        }
    }
    assert!(checked > 500, "{checked} figures");
    assert!(violations.is_empty(), "{} violations\n{}", violations.len(), violations.join("\n"));
}

#[test]
fn all_rows_beside_the_checkout_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/truth");
    if !folder.is_dir() {
        println!("{} is not there: the sample alone is checked", folder.display());
        return;
    }
    let mut violations = Vec::new();
    for kind in KINDS {
        let mut errors: BTreeMap<&str, Vec<(f64, String)>> = BTreeMap::new();
        let known = known_errors(kind.table);
        for (row, figure) in compared(kind, &folder) {
            let error = figure.error();
            let model = row.get("model").map_or("", String::as_str);
            match known.get(&(model.to_owned(), figure.name.to_owned())) {
                Some(most) if error <= *most => {}
                Some(_) => violations.push(format!("{}: {figure} for {model}, worse than known", kind.table)),
                None => errors.entry(figure.name).or_default().push((error, format!("{figure} in {row:?}"))),
            }
        }
        for (figure, mut errors) in errors {
            errors.sort_by(|a, b| a.0.total_cmp(&b.0));
            for &(percent, most) in law(figure).map_or(&[(100, 0.0)][..], |law| law.all) {
                let (error, words) = &errors[(errors.len() * percent).div_ceil(100) - 1];
                if *error > most {
                    violations.push(format!("{}: {percent} % within {most}, but {words}", kind.table));
                }
            }
        }
    }
    assert!(violations.is_empty(), "{} violations\n{}", violations.len(), violations.join("\n"));
}

/// The models that a table's engine still allocates otherwise for, by figure, and how far off each is at most.
fn known_errors(table: &str) -> BTreeMap<(String, String), f64> {
    let rows = rows(&sample().join("known_errors.csv"));
    let of_table = rows.into_iter().filter(|row| row["table"] == table);
    of_table
        .map(|row| ((row["model"].clone(), row["figure"].clone()), row["error"].parse().expect("a number")))
        .collect()
}
