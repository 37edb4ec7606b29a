//! Where a speed comes from: the entry of the card's own family, how many measurements it rests on, and what makes its
//! band as wide as it is.

use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::catalog::speed::Family;
use crate::estimate::Estimate;
use crate::estimate::device::default_backend;
use crate::estimate::speed::engine_kind;
use crate::plan::Plan;
use crate::text::{self, Join, Key, Locale, Placeholder};

/// Which speed is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpeedPhase {
    /// Tokens that are made.
    Decode,
    /// Prompts, and the time to the first token.
    Prefill,
}

/// A plan on its cards, and what was found of it.
#[derive(Clone, Copy)]
pub struct SpeedQuestion<'a> {
    /// The plan; its own cards do not count.
    pub plan: &'a Plan,
    /// The cards that it runs on.
    pub cards: &'a [&'a Card],
    /// What was found.
    pub estimate: &'a Estimate,
    /// Families of cards and models.
    pub catalog: &'a Catalog,
}

impl<'a> SpeedQuestion<'a> {
    /// The families of the cards, each once.
    fn families(&self) -> Vec<&'a Family> {
        let workload = &self.plan.workload;
        let mut found: Vec<&Family> = Vec::new();
        for card in self.cards {
            let backend = workload.backend.unwrap_or_else(|| default_backend(card));
            let family = self.catalog.speeds().family(card, engine_kind(workload), backend);
            found.extend(family.filter(|family| found.iter().all(|other| other.id != family.id)));
        }
        found
    }

    /// Where the constants come from, a line for each family and one for the host where that takes time.
    pub fn lines(&self, locale: Locale) -> Vec<String> {
        let of_family = |family: &&Family| {
            let count = family.rows.to_string();
            let key = if family.rows > 0 { Key::SourceRows } else { Key::SourceCarried };
            let said = locale.sentence(key, &[(Placeholder::Count, &count)]);
            let at = Some(&family.source.at).filter(|at| !at.is_empty());
            locale.join(Join::Clauses, std::iter::once(&said).chain(at))
        };
        let mut lines: Vec<String> = self.families().iter().map(of_family).collect();
        if self.waits_for_host() {
            lines.push(
                locale
                    .sentence(Key::SourceHost, &[(Placeholder::Name, &self.catalog.speeds().host.source.line(locale))]),
            );
        }
        lines
    }

    /// A band, as it is written and its unit, with the cards' own spread and what widens it.
    pub fn band(&self, phase: SpeedPhase, (range, unit): (&str, &str), locale: Locale) -> String {
        let speed = &self.estimate.speed;
        let spread = match phase {
            SpeedPhase::Decode => speed.decode_spread,
            SpeedPhase::Prefill => speed.prefill_spread,
        };
        let Some(spread) = spread.filter(|spread| spread.cards > 0.0) else {
            return format!("{range} {unit}");
        };
        let widest = format!("{} %", text::decimal(spread.cards * 100.0, 0));
        let holes = [(Placeholder::Value, range), (Placeholder::Name, unit), (Placeholder::Other, &*widest)];
        let mut said = locale.sentence(Key::BandFamily, &holes);
        let reasons: Vec<&str> = spread.reasons().map(|(cause, _)| locale.word(cause.name())).collect();
        if !reasons.is_empty() {
            let reasons = locale.join(Join::Items, reasons);
            said.push_str(&locale.sentence(Key::BandWider, &[(Placeholder::Name, &reasons)]));
        }
        said
    }

    fn waits_for_host(&self) -> bool {
        let times = &self.estimate.speed.times;
        times.ram_weights + times.ram_kv > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::estimate;
    use crate::plan::{CardChoice, ModelChoice, Runtime};

    #[test]
    fn a_speed_names_its_own_family() {
        let catalog = Catalog::embedded();
        let mut plan = Plan::default();
        plan.workload.model = ModelChoice::Catalog("qwen3-30b-a3b".to_owned());
        plan.workload.sequences = 4;
        for id in ["rtx-4090", "rtx-3090", "apple-m2-max"] {
            plan.machine.cards[0].card = CardChoice::Catalog(id.to_owned());
            let found = estimate(&plan, catalog).unwrap();
            let cards = [catalog.card(id).unwrap()];
            let asked = SpeedQuestion { plan: &plan, cards: &cards, estimate: &found, catalog };
            let family = asked.families()[0];
            let lines = asked.lines(Locale::En).join("; ");
            assert!(lines.contains(&family.source.at), "{lines}");
            assert_eq!(lines.starts_with(&format!("{} measurements", family.rows)), family.rows > 0, "{lines}");
            let said = asked.band(SpeedPhase::Decode, ("10–12", "tok/s"), Locale::En);
            let spread = format!("±{} %", text::decimal(family.decode_spread * 100.0, 0));
            assert!(said.contains(&spread) && said.contains("routed experts, several users"), "{said}");
            assert!(!asked.band(SpeedPhase::Prefill, ("", ""), Locale::En).contains("several users"));
        }
    }

    #[test]
    fn what_widens_a_band_is_what_the_speed_says() {
        let catalog = Catalog::embedded();
        let mut plan = Plan::default();
        plan.machine.cards[0].card = CardChoice::Catalog("rtx-4090".to_owned());
        plan.machine.cards[0].count = 2;
        let said = |plan: &Plan, phase: SpeedPhase| {
            let found = estimate(plan, catalog).unwrap();
            let cards = [catalog.card("rtx-4090").unwrap()];
            SpeedQuestion { plan, cards: &cards, estimate: &found, catalog }.band(phase, ("", ""), Locale::En)
        };
        // A long cache widens the band, and says so.
        plan.workload.context = 131_072;
        let long = said(&plan, SpeedPhase::Decode);
        assert!(long.contains(Locale::En.word(Key::SpreadCache)), "{long}");
        assert!(!said(&plan, SpeedPhase::Prefill).contains(Locale::En.word(Key::SpreadCache)));
        // Transformers puts whole layers on each card: nothing is cut.
        plan.workload.context = 1024;
        plan.workload.choose_runtime(Runtime::Transformers);
        let whole = said(&plan, SpeedPhase::Decode);
        assert!(!whole.contains(Locale::En.word(Key::SpreadTensor)), "{whole}");
    }
}
