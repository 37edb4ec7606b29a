//! A plan on its way out: what every export says of it, whatever its form.

mod markdown;
mod name;
mod plain;
mod table;

use std::borrow::Cow;

use crate::advise::compare::names;
use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::estimate::{Estimate, Reader, ResidentEstimate, Verdict};
use crate::plan::inputs::Choice as _;
use crate::plan::{CardChoice, ModelChoice, Plan};
use crate::text::{self, Join, Key, Locale, Placeholder};
use crate::units::Band;
pub use name::{file_name, stem};
pub use table::{PartRow, PartTable, RowOf};

/// A plan that leaves the program, with what it comes to.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// What it is called.
    pub title: &'a str,
    /// The plan.
    pub plan: &'a Plan,
    /// What it comes to.
    pub estimate: &'a Estimate,
    /// Where its names lead.
    pub catalog: &'a Catalog,
    /// The whole document as a text that opens it again, where there is one.
    pub link: Option<&'a str>,
}

/// A speed with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidRate {
    /// What is so fast.
    pub name: &'static str,
    /// How fast, with its band.
    pub said: String,
}

impl<'a> Sheet<'a> {
    /// The verdict, and how many have to wait where some do.
    pub fn verdict(&self, locale: Locale) -> String {
        let (estimate, verdict) = (self.estimate, self.estimate.verdict);
        let word = locale.word(verdict.map_or(Key::VerdictUnknown, Verdict::word));
        if estimate.queue.waiting == 0 || verdict.is_none_or(|verdict| verdict == Verdict::DoesNotFit) {
            return word.to_owned();
        }
        let [running, waiting] = [estimate.queue.running, estimate.queue.waiting].map(|it| text::count(it.into()));
        let holes = [(Placeholder::Count, running.as_str()), (Placeholder::Value, &waiting)];
        locale.join(Join::Clauses, [word.to_owned(), locale.sentence(Key::QueueInShort, &holes)])
    }

    /// What runs, and on what.
    pub fn what(&self, locale: Locale) -> String {
        let workload = &self.plan.workload;
        let tokens = text::count(workload.length());
        let tokens = locale.sentence(Key::QuantityTokens, &[(Placeholder::Value, &tokens)]);
        let context = locale.sentence(Key::SummaryContext, &[(Placeholder::Value, &tokens)]);
        // How weights are trained is decided by the method.
        let how = if workload.task.trains() {
            workload.task.word().of(locale).to_owned()
        } else {
            workload.quantization.to_string()
        };
        let at_once = if workload.task.trains() { workload.training.micro_batch } else { workload.sequences };
        let key = if workload.task.trains() { Key::MicroBatch } else { Key::Sequences };
        let at_once = (at_once > 1).then(|| format!("{} {}", text::within_sentence(locale.word(key)), at_once));
        let engine = (!workload.task.trains()).then(|| workload.runtime.word().of(locale).to_owned());
        let memory = if self.estimate.is_unified() { Key::UnifiedMemory } else { Key::Ram };
        let ram = format!("{} {} GiB", locale.word(memory), text::trimmed(self.plan.machine.ram_gib, 1));
        let parts = [self.model().into_owned(), how].into_iter().chain(engine).chain([context]).chain(at_once);
        locale.join(Join::Phrases, parts.chain(self.cards()).chain([ram]))
    }

    /// The name of the model.
    fn model(&self) -> Cow<'a, str> {
        match &self.plan.workload.model {
            ModelChoice::Catalog(id) => self.catalog.model(id).map_or(id.as_str(), |model| &model.name).into(),
            ModelChoice::File { model, .. } => model.name.as_str().into(),
            ModelChoice::Size(parameters) => text::parameters(*parameters).into(),
        }
    }

    /// The kinds of cards, each with its count.
    fn cards(&self) -> impl Iterator<Item = String> {
        self.plan.machine.cards.iter().map(|kind| {
            let name = self.card_name(&kind.card);
            if kind.count > 1 { format!("{} × {name}", kind.count) } else { name.to_owned() }
        })
    }

    /// The name of a card as people say it.
    pub(super) fn card_name(&self, card: &'a CardChoice) -> &'a str {
        match card {
            CardChoice::Catalog(id) => self.catalog.card(id).map_or(id.as_str(), Card::brief_name),
            CardChoice::Detected { name, .. } => name,
        }
    }

    /// How fast it runs: what is known of it.
    pub fn rates(&self, locale: Locale) -> Vec<SaidRate> {
        let speed = &self.estimate.speed;
        let several = self.plan.workload.sequences > 1;
        let known = [
            (Key::Decode, speed.decode, RATE),
            (Key::DecodeAtOnce, speed.at_once, RATE),
            (Key::ReportInAll, speed.decode_total.filter(|_| several), RATE),
            (Key::ReportSustained, speed.sustained.filter(|_| several), RATE),
            (Key::Prefill, speed.prefill, RATE),
            (Key::FirstTokenBrief, speed.first_token, SECONDS),
            (Key::ReportQueued, speed.queued_first_token, SECONDS),
            (Key::TrainSpeed, speed.train, RATE),
        ];
        let known = known.into_iter().filter_map(|(key, band, unit)| Some((key, band?, unit)));
        known.map(|(key, band, unit)| SaidRate { name: locale.word(key), said: banded(band, unit) }).collect()
    }

    /// What runs beside the plan's own model, a line each: its number, its name, where it lies and what it keeps.
    pub fn residents(&self, locale: Locale) -> Vec<String> {
        let line = |(row, found): (usize, &ResidentEstimate)| {
            let name = format!("{}. {}", row + 2, names::resident(self.plan, row, self.catalog)?);
            let held = found.alone.as_ref().map(|_| match found.held() {
                Some(held) => held.to_string(),
                None => locale.word(Key::NoData).to_owned(),
            });
            Some(locale.join(Join::Phrases, [name, names::place(found.place, locale)].into_iter().chain(held)))
        };
        self.estimate.also.iter().enumerate().filter_map(line).collect()
    }

    /// Why there is no speed, where there is none.
    pub fn no_speed(&self, locale: Locale) -> Option<&'static str> {
        let speed = &self.estimate.speed;
        let why = match self.estimate.verdict {
            _ if speed.decode.or(speed.train).is_some() => return None,
            _ if speed.pages => Key::WillPageWhy,
            Some(Verdict::DoesNotFit) => Key::NoSpeedUnfit,
            _ if speed.unpredictable => Key::NoSpeedKernels,
            _ => Key::NoSpeedData,
        };
        Some(locale.word(why))
    }

    /// What is unwise or assumed, a sentence each.
    pub fn notes(&self, locale: Locale) -> Vec<String> {
        self.estimate.warnings.iter().map(|warning| warning.say(locale, Reader::Window).into_owned()).collect()
    }
}

/// Units of speeds and of times.
pub(super) const RATE: &str = "tok/s";
pub(super) const SECONDS: &str = "s";

/// An expected figure with its unit and its band: `101 tok/s (84–121)`.
pub fn banded(band: Band<f64>, unit: &str) -> String {
    let [low, expected, high] = [band.low, band.expected, band.high].map(text::figure);
    format!("{expected} {unit} ({})", text::range(&low, &high))
}
