//! Tables of llama-bench: Markdown and CSV, columns by their headings.

use super::{BenchLineError, BenchProblem, BenchRow, names};
use crate::catalog::speed::Timed;

/// Rows of Markdown tables; several tables may follow each other, each with its heading.
pub(super) fn markdown(text: &str) -> (Vec<BenchRow>, Vec<BenchLineError>) {
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    let mut heading: Vec<String> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some(cells) = cells(line) else { continue };
        let error = |problem| BenchLineError { line: index + 1, problem };
        if cells.contains(&"t/s") {
            heading = cells.iter().map(|cell| (*cell).to_owned()).collect();
        } else if cells.iter().all(|cell| cell.chars().all(|c| matches!(c, '-' | ':'))) {
            // The line below a heading.
        } else if heading.is_empty() {
            errors.push(error(BenchProblem::NoHeading));
        } else if heading.len() != cells.len() {
            errors.push(error(BenchProblem::Cells));
        } else {
            let cell = |name: &str| heading.iter().position(|it| it == name).map(|at| cells[at]);
            match row(cell) {
                Ok(row) => rows.extend(row),
                Err(problem) => errors.push(error(problem)),
            }
        }
    }
    (rows, errors)
}

/// The cells of a table's line.
fn cells(line: &str) -> Option<Vec<&str>> {
    let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    Some(inner.split('|').map(str::trim).collect())
}

/// A row, or `None` for a run of prompt and decoding at once.
fn row<'a>(cell: impl Fn(&str) -> Option<&'a str>) -> Result<Option<BenchRow>, BenchProblem> {
    let model = cell("model").ok_or(BenchProblem::NoColumn("model"))?;
    let test = cell("test").ok_or(BenchProblem::NoColumn("test"))?;
    let Some((test, tokens, depth)) = names::test(test)? else { return Ok(None) };
    let rate = cell("t/s").unwrap_or_default();
    let tokens_per_s = names::rate(rate).ok_or_else(|| BenchProblem::Rate(rate.to_owned()))?;
    Ok(Some(BenchRow {
        model: model.to_owned(),
        parameters: cell("params").and_then(names::parameters),
        quantization: names::quantization(model),
        backend: cell("backend").and_then(names::backend),
        gpu_layers: cell("ngl").and_then(|layers| layers.parse().ok()),
        test,
        depth,
        tokens,
        tokens_per_s,
    }))
}

/// Rows of CSV, whose first line names the columns.
pub(super) fn csv(text: &str) -> (Vec<BenchRow>, Vec<BenchLineError>) {
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    let mut heading: Vec<String> = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let fields = fields(line);
        if fields.iter().any(|field| field == "avg_ts") {
            heading = fields;
            continue;
        }
        if heading.is_empty() {
            continue;
        }
        let field = |name: &str| {
            let at = heading.iter().position(|it| it == name)?;
            fields.get(at).map(String::as_str)
        };
        let number = |name: &str| field(name).and_then(|text| text.parse::<u64>().ok());
        let timed = match (number("n_prompt"), number("n_gen")) {
            (Some(tokens), Some(0)) if tokens > 0 => Some((Timed::Prefill, tokens)),
            (Some(0), Some(tokens)) if tokens > 0 => Some((Timed::Decode, tokens)),
            (Some(_), Some(_)) => continue,
            _ => None,
        };
        match (field("model_type"), timed, field("avg_ts").and_then(names::rate)) {
            (Some(model), Some((test, tokens)), Some(tokens_per_s)) => rows.push(BenchRow {
                model: model.to_owned(),
                parameters: number("model_n_params"),
                quantization: names::quantization(model),
                backend: field("backends").and_then(names::backend),
                gpu_layers: field("n_gpu_layers").and_then(|layers| layers.parse().ok()),
                test,
                depth: number("n_depth").unwrap_or(0),
                tokens,
                tokens_per_s,
            }),
            _ => errors.push(BenchLineError { line: index + 1, problem: BenchProblem::Fields }),
        }
    }
    (rows, errors)
}

/// The fields of a CSV line; quotes may hold commas.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            c => fields.last_mut().into_iter().for_each(|field| field.push(c)),
        }
    }
    fields
}
