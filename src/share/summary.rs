//! A plan as text for a message: what it is, whether it fits, where everything lies, how fast it runs.

use crate::catalog::Catalog;
use crate::estimate::Estimate;
use crate::plan::{CardChoice, ModelChoice, Plan};
use crate::text::{self, Join, Key, Locale, Placeholder};
use crate::units::{Band, Bytes};

/// Blanks between columns.
const APART: usize = 2;

/// One row of the table: a name, and what lies in VRAM and in RAM.
struct SummaryRow {
    name: &'static str,
    vram: Option<Bytes>,
    ram: Option<Bytes>,
}

/// The summary; `title` is what the plan is called.
pub fn text(title: &str, plan: &Plan, estimate: &Estimate, catalog: &Catalog, locale: Locale) -> String {
    let verdict = locale.word(estimate.verdict.map_or(Key::VerdictUnknown, crate::estimate::Verdict::word));
    let mut verdict = verdict.to_owned();
    if estimate.queue.waiting > 0
        && estimate.verdict.is_some_and(|verdict| verdict != crate::estimate::Verdict::DoesNotFit)
    {
        let count = |sequences: u32| text::count(sequences.into());
        let (running, waiting) = (count(estimate.queue.running), count(estimate.queue.waiting));
        let holes = [(Placeholder::Count, running.as_str()), (Placeholder::Value, &waiting)];
        verdict = locale.join(Join::Clauses, [verdict, locale.sentence(Key::QueueInShort, &holes)]);
    }
    let mut lines = vec![title.to_owned(), verdict, what(plan, catalog, locale), String::new()];
    lines.extend(table(estimate, locale));
    let speed = &estimate.speed;
    let rates = [(Key::Decode, speed.decode), (Key::Prefill, speed.prefill), (Key::TrainSpeed, speed.train)];
    let rates: Vec<String> = rates
        .into_iter()
        .filter_map(|(name, band)| band.map(|band| format!("{}: {}", locale.word(name), rate(band))))
        .collect();
    if !rates.is_empty() {
        lines.push(String::new());
        lines.extend(rates);
    }
    lines.join("\n") + "\n"
}

/// What runs, and on what.
fn what(plan: &Plan, catalog: &Catalog, locale: Locale) -> String {
    let workload = &plan.workload;
    let model = match &workload.model {
        ModelChoice::Catalog(id) => catalog.model(id).map_or(id.as_str(), |model| &model.name).to_owned(),
        ModelChoice::File { model, .. } => model.name.clone(),
        ModelChoice::Size(parameters) => text::parameters(*parameters),
    };
    let tokens = format!("{} token", text::count(workload.length()));
    let holes = [(Placeholder::Value, tokens.as_str())];
    let context = locale.sentence(Key::SummaryContext, &holes);
    let cards = plan.machine.cards.iter().map(|kind| {
        let name = match &kind.card {
            CardChoice::Catalog(id) => catalog.card(id).map_or(id.as_str(), |card| &card.name),
            CardChoice::Detected { name, .. } => name,
        };
        if kind.count > 1 { format!("{} × {name}", kind.count) } else { name.to_owned() }
    });
    let ram = format!("{} {} GiB", locale.word(Key::Ram), text::trimmed(plan.machine.ram_gib, 1));
    let weights = workload.quantization.to_string();
    let parts = [model, weights, context].into_iter().chain(cards).chain([ram]);
    locale.join(Join::Phrases, parts)
}

fn table(estimate: &Estimate, locale: Locale) -> Vec<String> {
    let (vram, ram) = (estimate.parts_in_vram(), &estimate.host.parts);
    let word = |key| locale.word(key);
    let mut rows = vec![
        SummaryRow { name: word(Key::Weights), vram: vram.weights, ram: ram.weights },
        SummaryRow { name: word(Key::KvCache), vram: vram.kv_cache, ram: ram.kv_cache },
        SummaryRow { name: word(Key::RecurrentState), vram: vram.recurrent_state, ram: ram.recurrent_state },
        SummaryRow { name: word(Key::ComputeBuffer), vram: vram.compute, ram: ram.compute },
        SummaryRow { name: word(Key::Activations), vram: vram.activations, ram: ram.activations },
        SummaryRow { name: word(Key::Gradients), vram: vram.gradients, ram: ram.gradients },
        SummaryRow { name: word(Key::OptimizerStates), vram: vram.optimizer, ram: ram.optimizer },
        SummaryRow { name: word(Key::RuntimeOverhead), vram: Some(estimate.overhead()), ram: Some(Bytes::ZERO) },
    ];
    rows.retain(|row| row.vram != Some(Bytes::ZERO) || row.ram != Some(Bytes::ZERO));
    rows.push(SummaryRow { name: word(Key::Needed), vram: estimate.needed_in_vram(), ram: estimate.host.total });
    rows.push(SummaryRow { name: word(Key::Free), vram: estimate.free_vram(), ram: estimate.host.free });
    let gib = |bytes: Option<Bytes>| bytes.map_or_else(|| "?".to_owned(), |bytes| format!("{:.2}", bytes.gib()));
    let head = ["GiB".to_owned(), word(Key::Vram).to_owned(), word(Key::Ram).to_owned()];
    let body = rows.iter().map(|row| [row.name.to_owned(), gib(row.vram), gib(row.ram)]);
    let cells: Vec<[String; 3]> = std::iter::once(head).chain(body).collect();
    let widest = |column: usize| cells.iter().map(|row| columns(&row[column])).max().unwrap_or_default();
    let widths = [widest(0), widest(1), widest(2)];
    let line = |[name, vram, ram]: &[String; 3]| {
        let pad = |text: &str, width: usize| " ".repeat(width.saturating_sub(columns(text)));
        let apart = " ".repeat(APART);
        format!(
            "{name}{}{apart}{}{vram}{apart}{}{ram}",
            pad(name, widths[0]),
            pad(vram, widths[1]),
            pad(ram, widths[2])
        )
    };
    cells.iter().map(line).collect()
}

/// How many columns of a terminal a text takes: Chinese characters take two.
fn columns(text: &str) -> usize {
    text.chars().map(|letter| if letter >= '\u{1100}' { 2 } else { 1 }).sum()
}

/// An expected speed with its band.
fn rate(band: Band<f64>) -> String {
    let figure = |rate: f64| text::decimal(rate, usize::from(rate < 9.95));
    format!("{} tok/s ({})", figure(band.expected), text::range(&figure(band.low), &figure(band.high)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::estimate;

    #[test]
    fn the_table_stands_in_columns_in_both_languages() {
        let (plan, catalog) = (Plan::default(), Catalog::embedded());
        let found = estimate(&plan, catalog).unwrap();
        for locale in Locale::ALL {
            let text = text("A", &plan, &found, catalog, locale);
            let verdict = locale.word(Key::Fits);
            assert_eq!(text.lines().nth(1), Some(verdict), "{text}");
            let rows: Vec<usize> = text.lines().skip(4).take_while(|line| !line.is_empty()).map(columns).collect();
            assert!(rows.len() >= 6 && rows.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
        }
    }
}
