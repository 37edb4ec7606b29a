//! What is typed or pasted as a measurement, and which card and model it is of.

use crate::catalog::Catalog;
use crate::catalog::quantization::Quantization;
use crate::catalog::runtime::Backend;
use crate::catalog::speed::{Measured, Timed};
use crate::estimate::{Estimate, Verdict};
use crate::plan::{CardChoice, ModelChoice, Plan};
use crate::share::llama_bench::{self, BenchRow};
use crate::text::{self, Fault, Key, Locale, Placeholder};

/// Tokens that a typed speed is taken to be the mean of: what a short answer has.
const ANSWER: u64 = 128;
/// Tokens of a prompt that a typed prefill speed is taken to be the mean of.
const PROMPT: u64 = 512;

/// What a measurement is of: the plan at hand.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct MeasuredSetup {
    pub(super) card: String,
    pub(super) model: String,
    pub(super) quantization: Quantization,
    pub(super) backend: Option<Backend>,
    /// The same as the window says it.
    pub(super) words: String,
}

impl MeasuredSetup {
    /// `None` where a speed would not be that of one card alone: several cards, layers in RAM, or a card or a model that
    /// the catalog does not have.
    pub(super) fn of(plan: &Plan, estimate: Option<&Estimate>, catalog: &Catalog) -> Option<Self> {
        let holds = estimate?.verdict.is_some_and(|verdict| verdict <= Verdict::Tight);
        let [only] = estimate?.devices.as_slice() else { return None };
        let kind = plan.machine.cards.get(only.card).filter(|_| holds)?;
        let (CardChoice::Catalog(card), ModelChoice::Catalog(model)) = (&kind.card, &plan.workload.model) else {
            return None;
        };
        let (card, model) = (catalog.card(card)?, catalog.model(model)?);
        let quantization = plan.workload.quantization;
        Some(Self {
            words: format!("{} · {} {quantization}", card.name, model.name),
            card: card.id.clone(),
            model: model.id.clone(),
            quantization,
            backend: plan.workload.backend,
        })
    }
}

/// The measurements in `typed`: a speed alone, or the output of llama-bench.
///
/// # Errors
/// One line that says what cannot be read.
pub(super) fn read(
    typed: &str,
    test: Timed,
    (about, catalog): (&MeasuredSetup, &Catalog),
    (date, locale): (&str, Locale),
) -> Result<Vec<Measured>, String> {
    let row = |tokens, tokens_per_s| Measured {
        card: about.card.clone(),
        model: about.model.clone(),
        quantization: about.quantization,
        backend: about.backend,
        test,
        depth: 0,
        tokens,
        tokens_per_s,
        date: date.to_owned(),
        note: None,
    };
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(locale.word(Key::MeasureEmpty).to_owned());
    }
    let rows = if typed.contains(['\n', '|', '{']) {
        pasted(typed, about, catalog, date, locale)?
    } else {
        let number = typed.trim_end_matches(|c: char| c.is_alphabetic() || c == '/' || c.is_whitespace());
        let speed = text::parse_number(number)
            .ok_or_else(|| locale.sentence(Key::MeasureNoNumber, &[(Placeholder::Value, &shortened(typed))]))?;
        let tokens = if test == Timed::Decode { ANSWER } else { PROMPT };
        vec![row(tokens, speed)]
    };
    match rows.iter().find(|row| !row.problems().is_empty()) {
        Some(wrong) => {
            let value = text::trimmed(wrong.tokens_per_s, 2);
            Err(locale.sentence(Key::MeasureRange, &[(Placeholder::Value, &value)]))
        }
        None => Ok(rows),
    }
}

/// The rows that llama-bench printed: of the plan's model where the tool's words allow it, else of the one they name.
fn pasted(
    typed: &str,
    about: &MeasuredSetup,
    catalog: &Catalog,
    date: &str,
    locale: Locale,
) -> Result<Vec<Measured>, String> {
    let (rows, errors) = llama_bench::parse(typed);
    if let Some(error) = errors.first() {
        return Err(error.say(locale));
    }
    let refused = |key, row: &BenchRow| Err(locale.sentence(key, &[(Placeholder::Name, &shortened(&row.model))]));
    rows.iter()
        .map(|row| {
            let models = row.models(catalog);
            let model = match models.first() {
                Some(_) if models.contains(&about.model.as_str()) => about.model.as_str(),
                Some(other) => other,
                None if row.parameters.is_none() => about.model.as_str(),
                None => return refused(Key::MeasureUnknownModel, row),
            };
            let layers = catalog.model(model).map(|model| model.num_hidden_layers);
            if row.gpu_layers.zip(layers).is_some_and(|(on_gpu, layers)| u64::from(on_gpu) < layers) {
                return refused(Key::MeasurePartly, row);
            }
            row.measured(&about.card, model, date).map_or_else(|| refused(Key::MeasureNoPrecision, row), Ok)
        })
        .collect()
}

/// So much of what was typed as a line can hold.
fn shortened(typed: &str) -> String {
    const MOST: usize = 40;
    let mut short: String = typed.chars().take(MOST).collect();
    if typed.chars().count() > MOST {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::estimate;

    fn about() -> MeasuredSetup {
        let (plan, catalog) = (Plan::default(), Catalog::embedded());
        MeasuredSetup::of(&plan, estimate(&plan, catalog).ok().as_ref(), catalog).unwrap()
    }

    fn typed(text: &str) -> Result<Vec<Measured>, String> {
        read(text, Timed::Decode, (&about(), Catalog::embedded()), ("2026-11-22", Locale::En))
    }

    #[test]
    fn a_speed_is_read_as_people_type_it() {
        for text in ["128.5", " 128.5 tok/s", "128.5 t/s\n", "128.5t/s"] {
            assert_eq!(typed(text).map(|rows| rows[0].tokens_per_s), Ok(128.5), "{text}");
        }
        for (text, said) in [("", "Nothing"), ("fast", "fast"), ("-3", "−3"), ("0", "0 tok/s"), ("1e12", "no speed")]
        {
            let line = typed(text).unwrap_err();
            assert!(line.contains(said) && !line.contains('\n'), "{text}: {line}");
        }
    }

    #[test]
    fn what_llama_bench_prints_is_read() {
        let head =
            "| model | size | params | backend | ngl | test | t/s |\n| --- | ---: | ---: | --- | --: | --- | ---: |\n";
        let row = |ngl: u32, test: &str| {
            format!("| llama 8B Q4_K - Medium | 4.58 GiB | 8.03 B | CUDA | {ngl} | {test} | 131.00 ± 0.50 |\n")
        };
        let found = typed(&format!("{head}{}{}", row(99, "pp512"), row(99, "tg128"))).unwrap();
        assert_eq!(found.iter().map(|row| row.test).collect::<Vec<_>>(), [Timed::Prefill, Timed::Decode]);
        assert!(found.iter().all(|row| row.model == "llama-3.1-8b" && row.card == "rtx-4090"), "{found:?}");
        let partly = typed(&format!("{head}{}", row(10, "tg128"))).unwrap_err();
        assert!(partly.contains("RAM") && !partly.contains('\n'), "{partly}");
        let nonsense = typed("some text\nover two lines").unwrap_err();
        assert!(nonsense.contains("llama-bench") && !nonsense.contains('\n'), "{nonsense}");
    }

    #[test]
    fn a_measurement_is_of_one_card_alone() {
        let catalog = Catalog::embedded();
        let about = |plan: &Plan| MeasuredSetup::of(plan, estimate(plan, catalog).ok().as_ref(), catalog);
        let mut plan = Plan::default();
        assert_eq!(about(&plan).map(|about| about.card), Some("rtx-4090".to_owned()));
        plan.machine.cards[0].count = 2;
        assert_eq!(about(&plan), None, "two cards");
        plan = Plan::default();
        plan.workload.model = ModelChoice::Catalog("llama-3.1-70b".to_owned());
        assert_eq!(about(&plan), None, "layers in RAM");
    }
}
