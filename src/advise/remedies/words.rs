//! Remedies in words, in the language of the window or of scripts.

use super::{Change, Cost, PlanOutcome, Recipe, RecipeGoal, Remedy, RemedyGroup};
use crate::advise::compare::names;
use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::catalog::origin::Origin;
use crate::catalog::priced::{Condition, Priced};
use crate::catalog::quality::{
    Basis, FileRecipe, LossWord, Measure, QualityLoss, QualityTable, QuantizedPart, SizeClass, Summary,
};
use crate::catalog::source::{Date, PriceKind};
use crate::plan::inputs::Choice as _;
use crate::plan::{CardChoice, CardCount, Plan, ResidentPlace};
use crate::text::{self, Join, Key, Locale, Placeholder};
use crate::units::Usd;

/// What words need to know beside the way itself.
#[derive(Clone, Copy)]
pub(crate) struct Speech<'a> {
    /// The language.
    pub locale: Locale,
    /// Where names are looked up.
    pub catalog: &'a Catalog,
    /// The plan before the change.
    pub before: &'a Plan,
}

impl Speech<'_> {
    /// A change as a heading: `Context 8k to 4k`, `Weights to Q3_K_M`.
    #[expect(clippy::too_many_lines, reason = "a line or two for each kind of change")]
    pub(crate) fn change(&self, change: &Change, after: &PlanOutcome) -> String {
        let say = |key, value: &str| self.locale.sentence(key, &[(Placeholder::Value, value)]);
        let named = |key, name: &str| self.locale.sentence(key, &[(Placeholder::Name, name)]);
        let two = |key, value: &str, other: &str| {
            self.locale.sentence(key, &[(Placeholder::Value, value), (Placeholder::Other, other)])
        };
        let before = &self.before.workload;
        match change {
            Change::Context(context) => {
                let key = if *context < before.context { Key::WayContextLess } else { Key::WayContextMore };
                two(key, &text::tokens(*context), &text::tokens(before.context))
            }
            Change::Sequences(count) => {
                let key = if *count < before.sequences { Key::WaySequencesLess } else { Key::WaySequencesMore };
                two(key, &count.to_string(), &before.sequences.to_string())
            }
            Change::PromptCache(gib) => say(Key::WayPromptCache, &memory(*gib)),
            Change::Model(id) => named(Key::WayModel, self.catalog.model(id).map_or(id, |model| &model.name)),
            Change::Weights(quantization) => named(Key::WayWeights, quantization.facts().map_or("", |it| &it.label)),
            Change::KvCache(precision) => named(Key::WayKv, precision.label()),
            Change::FlashAttention => self.locale.word(Key::WayFlash).to_owned(),
            Change::Ubatch(tokens) => say(Key::WayUbatch, &tokens.to_string()),
            Change::MaxNumSeqs(count) => say(Key::WayMaxNumSeqs, &count.to_string()),
            Change::EnforceEager => self.locale.word(Key::WayEager).to_owned(),
            Change::Utilization(share) => say(Key::WayUtilization, &text::trimmed(share * 100.0, 0)),
            Change::MoveProgram { row, place: ResidentPlace::Off } => named(Key::WayStopProgram, &self.program(*row)),
            Change::MoveProgram { row, place } => {
                let place = names::place(*place, self.locale);
                let holes = [(Placeholder::Name, &*self.program(*row)), (Placeholder::Value, &place)];
                self.locale.sentence(Key::WayMoveProgram, &holes)
            }
            Change::ProgramShare { row, share } => {
                let share = text::trimmed(share * 100.0, 0);
                let holes = [(Placeholder::Name, &*self.program(*row)), (Placeholder::Value, &share)];
                self.locale.sentence(Key::WayProgramShare, &holes)
            }
            Change::Engine(runtime, quantization) => {
                let weights = quantization.facts().map_or("", |it| &it.label);
                let engine = runtime.word().of(self.locale);
                self.locale.sentence(Key::WayEngine, &[(Placeholder::Name, engine), (Placeholder::Other, weights)])
            }
            Change::AddCards { .. } | Change::SwapCards { .. } | Change::Ram(_) => self.bought(change),
            Change::ShareCards { card, count, stage: 0 } => self.added(card, *count),
            Change::ShareCards { card, count, stage } => {
                let cards = text::within_sentence(&self.added(card, *count));
                let holes = [(Placeholder::Name, cards.as_str()), (Placeholder::Value, &stage.to_string())];
                self.locale.sentence(Key::WayShare, &holes)
            }
            Change::RentCards { card, count: 1 } => named(Key::WayRent, &self.card(card)),
            Change::RentCards { card, count } => self.counted(Key::WayRentMany, card, *count),
            Change::TensorParallel(devices) => {
                self.locale.sentence(Key::WayTensor, &[(Placeholder::Count, &devices.to_string())])
            }
            Change::LayerSplit => self.locale.word(Key::WayLayers).to_owned(),
            // What is placed automatically may be experts.
            Change::MostLayers if after.experts > 0 => say(Key::WayExperts, &after.experts.to_string()),
            Change::MostLayers => {
                let (on_gpu, all) = (after.layers.0.to_string(), after.layers.1.to_string());
                self.locale.sentence(Key::WayMostLayers, &[(Placeholder::Value, &on_gpu), (Placeholder::Layers, &all)])
            }
            Change::NewHost { platform, cards } => {
                let name = self.catalog.platform(platform).map_or(platform.as_str(), |it| it.name.as_str());
                let holes = [(Placeholder::Name, name), (Placeholder::Count, &cards.to_string())];
                let key = match cards {
                    0 => Key::WayHostNone,
                    1 => Key::WayHostOne,
                    _ => Key::WayHost,
                };
                self.locale.sentence(key, &holes)
            }
            Change::Automatic => {
                let (on_gpu, all) = (after.layers.0.to_string(), after.layers.1.to_string());
                let holes = [(Placeholder::Value, on_gpu.as_str()), (Placeholder::Layers, &all)];
                let placed = self.locale.sentence(Key::WayAutomatic, &holes);
                let experts = (after.experts > 0).then(|| say(Key::WayExperts, &after.experts.to_string()));
                let experts = experts.map(|words| text::within_sentence(&words));
                self.locale.join(Join::Phrases, Some(placed).into_iter().chain(experts).collect::<Vec<_>>())
            }
            Change::KeepFlash(saved) => say(Key::WayFlashKept, &memory(saved.gib())),
            Change::Together(parts) => {
                let words = parts.iter().enumerate().map(|(place, part)| {
                    let words = self.change(part, after);
                    if place == 0 || matches!(part, Change::Model(_)) { words } else { text::within_sentence(&words) }
                });
                self.locale.join(Join::Phrases, words.collect::<Vec<_>>())
            }
            Change::Experts(layers) => say(Key::WayExperts, &layers.to_string()),
            Change::FasterRam { speed, .. } => named(Key::WayFasterRam, &speed.name()),
            Change::Training(change) => change.words(self.locale, before),
        }
    }

    /// What a program beside the plan's own model is called.
    fn program(&self, row: usize) -> String {
        self.before.of_resident(row).map(|own| names::model(&own, self.catalog)).unwrap_or_default()
    }

    /// Cards and RAM that are bought, as a heading; nothing of any other change.
    pub(crate) fn bought(&self, change: &Change) -> String {
        match change {
            Change::AddCards { card, count } => self.added(card, *count),
            Change::SwapCards { card, count: 1 } => {
                self.locale.sentence(Key::WaySwap, &[(Placeholder::Name, &*self.card(card))])
            }
            Change::SwapCards { card, count } => self.counted(Key::WaySwapMany, card, *count),
            Change::Ram(gib) => {
                let more = memory(gib - self.before.machine.ram_gib);
                self.locale.sentence(Key::WayRam, &[(Placeholder::Value, &*more)])
            }
            _ => String::new(),
        }
    }

    /// What a way does, as a heading.
    pub(crate) fn way(&self, way: &Remedy) -> String {
        match &way.change {
            Change::Ram(gib) if way.standing == super::Standing::NoChange => {
                let more = memory(gib - self.before.machine.ram_gib);
                self.locale.sentence(Key::WayRamSame, &[(Placeholder::Value, &more)])
            }
            change => self.change(change, &way.after),
        }
    }

    /// What a recipe is called: its goal, and what it asks less of.
    pub(crate) fn title(&self, recipe: &Recipe) -> String {
        let goal =
            if recipe.outrun && recipe.goal == RecipeGoal::Fastest { Key::GoalFastestAlike } else { goal(recipe.goal) };
        let name = self.locale.word(goal);
        let cuts: Vec<String> = recipe.cuts().map(|change| self.brief(change, &recipe.after)).collect();
        if cuts.is_empty() {
            return name.to_owned();
        }
        let cuts = self.locale.join(Join::Phrases, cuts);
        self.locale.sentence(Key::GoalWith, &[(Placeholder::Name, name), (Placeholder::Other, &cuts)])
    }

    /// What software alone saves: `Software alone: 18.4 → 11.2 GiB, −39 %`.
    pub(crate) fn software(&self, now: &PlanOutcome, after: &PlanOutcome) -> String {
        let (before, left) = (now.memory().gib(), after.memory().gib());
        let percent = text::trimmed((left / before - 1.0) * 100.0, 0);
        let holes = [
            (Placeholder::Value, text::decimal(before, 1)),
            (Placeholder::Other, text::gib(left, 1)),
            (Placeholder::Count, percent),
        ];
        let holes: Vec<(Placeholder, &str)> = holes.iter().map(|(hole, value)| (*hole, value.as_str())).collect();
        self.locale.sentence(Key::WaySoftware, &holes)
    }

    /// Tokens a second: of one sequence, and where there are several of all together; where some wait, of all together and
    /// how many run.
    pub(crate) fn rate(&self, after: &PlanOutcome, sequences: u32) -> Option<String> {
        let each = after.decode?.expected;
        let one = format!("{} tok/s", figure(each));
        let all = after.decode_total.filter(|_| sequences > 1);
        if let Some(all) = all.filter(|_| after.waiting > 0) {
            let running = sequences.saturating_sub(after.waiting).to_string();
            let (all, of) = (figure(all.expected), sequences.to_string());
            let holes = [(Placeholder::Other, &*all), (Placeholder::Count, &*running), (Placeholder::Value, &*of)];
            return Some(self.locale.sentence(Key::RateWaiting, &holes));
        }
        Some(all.map_or(one, |all| {
            let holes = [(Placeholder::Value, figure(each)), (Placeholder::Other, figure(all.expected))];
            let holes: Vec<(Placeholder, &str)> = holes.iter().map(|(hole, value)| (*hole, value.as_str())).collect();
            self.locale.sentence(Key::RateEach, &holes)
        }))
    }

    /// What a recipe does, its changes in one line.
    pub(crate) fn recipe(&self, recipe: &Recipe) -> String {
        let mut parts: Vec<String> = Vec::new();
        let (before, after) = (&self.before.workload, &recipe.plan.workload);
        let keeps = before.quantization == after.quantization && !before.task.trains();
        if recipe.goal == RecipeGoal::BestQuality && keeps {
            let label = after.quantization.facts().map_or("", |it| &it.label);
            parts.push(self.locale.sentence(Key::WayKeep, &[(Placeholder::Name, label)]));
        }
        parts.extend(recipe.changes.iter().map(|change| self.brief(change, &recipe.after)));
        self.locale.join(Join::Phrases, parts)
    }

    /// A change as a part of a line.
    fn brief(&self, change: &Change, after: &PlanOutcome) -> String {
        let say = |key, value: &str| self.locale.sentence(key, &[(Placeholder::Value, value)]);
        match change {
            Change::Weights(quantization) => quantization.facts().map_or_else(String::new, |it| it.label.clone()),
            Change::KvCache(precision) => self.locale.sentence(Key::BriefKv, &[(Placeholder::Name, precision.label())]),
            Change::Context(context) => say(Key::BriefContext, &text::tokens(*context)),
            Change::Sequences(count) => say(Key::BriefSequences, &count.to_string()),
            // A name keeps its capital.
            Change::Model(_) => self.change(change, after),
            other => text::within_sentence(&self.change(other, after)),
        }
    }

    fn added(&self, card: &str, count: u32) -> String {
        let present = &self.before.machine.cards;
        let same = matches!(present.as_slice(), [one] if one.count == 1
            && matches!(&one.card, crate::plan::CardChoice::Catalog(id) if id == card));
        let price = self.catalog.card(card).and_then(|card| card.offered_price(&Condition::ALL));
        let used = price.is_some_and(|price| price.kind == PriceKind::Used);
        let key = match (count, same, used) {
            (1, true, _) => Key::WaySecond,
            (1, false, true) => Key::WayAddUsed,
            (1, false, false) => Key::WayAdd,
            _ => return self.counted(Key::WayAddMany, card, count),
        };
        self.locale.sentence(key, &[(Placeholder::Name, &self.card(card))])
    }

    fn counted(&self, key: Key, card: &str, count: u32) -> String {
        self.locale.sentence(key, &[(Placeholder::Count, &count.to_string()), (Placeholder::Name, &self.card(card))])
    }

    /// A card's name as people say it, without the maker's lines of goods.
    fn card(&self, id: &str) -> String {
        let name = self.catalog.card(id).map_or(id, Card::brief_name);
        name.trim_end_matches(" Workstation Edition").to_owned()
    }

    /// What a change costs: `$700 used, 2026`.
    pub(crate) fn cost(&self, cost: &Cost) -> String {
        match cost {
            Cost::Nothing => text::money(Usd::ZERO).trim_end_matches(".00").to_owned(),
            Cost::NoPrice => self.locale.word(Key::PriceNone).to_owned(),
            Cost::Rent { usd_per_hour, cloud, date, .. } => {
                let (usd, cloud) = (text::money(*usd_per_hour), cloud.said(self.locale));
                let date = self::date(date, self.locale);
                let holes =
                    [(Placeholder::Value, usd.as_str()), (Placeholder::Name, &cloud), (Placeholder::Other, date)];
                self.locale.sentence(Key::PriceRent, &holes)
            }
            Cost::Usd { usd, spared: Some(_), date, .. } => {
                let key = if *usd < Usd::ZERO { Key::PriceLess } else { Key::PriceMore };
                let usd = text::money(if *usd < Usd::ZERO { Usd::ZERO - *usd } else { *usd });
                let date = self::date(date, self.locale);
                self.locale.sentence(key, &[(Placeholder::Value, &usd), (Placeholder::Other, date)])
            }
            Cost::Usd { usd, kind, date, .. } => {
                let date = self::date(date, self.locale);
                let key = match kind {
                    PriceKind::Used => Key::PriceUsed,
                    PriceKind::Street | PriceKind::Spot => Key::PriceNew,
                    PriceKind::Launch | PriceKind::List => Key::PriceList,
                };
                self.locale.sentence(key, &[(Placeholder::Value, &text::money(*usd)), (Placeholder::Other, date)])
            }
        }
    }

    /// What quality a method costs a model of so many parameters: `loss marked ?`, or that it is unknown.
    pub(crate) fn loss(&self, loss: Option<QualityLoss>, parameters: u64) -> String {
        let Some(loss) = loss else {
            return self.locale.sentence(Key::LossUnknown, &[(Placeholder::Params, &text::parameters(parameters))]);
        };
        let words = match loss.word {
            LossWord::None => self.locale.word(Key::LossWordNone).to_owned(),
            word => self.locale.sentence(Key::LossWord, &[(Placeholder::Name, self.locale.word(loss_word(word)))]),
        };
        if loss.is_doubtful() { format!("{words} ?") } else { words }
    }

    /// The figures behind a loss, a line each, ending with the sources.
    pub(crate) fn figures(&self, method: QuantizedPart, parameters: u64, loss: Option<QualityLoss>) -> Vec<String> {
        let own = SizeClass::of(parameters);
        let size = match loss.map(|loss| loss.basis) {
            Some(Basis::OtherSize(other)) => other,
            _ => own,
        };
        let name = match method {
            QuantizedPart::Weights(it) => it.facts().map_or("", |facts| &facts.label).to_owned(),
            QuantizedPart::KvCache(it) => it.label().to_owned(),
        };
        let mut lines = vec![
            self.locale.sentence(Key::LossTitle, &[(Placeholder::Name, &name), (Placeholder::Params, own.name())]),
        ];
        match loss.map(|loss| loss.basis) {
            Some(Basis::FewRows) => lines.push(self.locale.word(Key::LossFew).to_owned()),
            Some(Basis::OtherSize(other)) => {
                lines.push(self.locale.sentence(Key::LossCarried, &[(Placeholder::Params, other.name())]));
            }
            None => lines.push(self.locale.word(Key::LossUnmeasured).to_owned()),
            Some(Basis::Measured | Basis::Reference) => {}
        }
        let table = QualityTable::built_in();
        let mut sources: Vec<&Origin> = Vec::new();
        for summary in table.of(method, size) {
            lines.push(self.summary(summary));
            for source in table.sources_of(summary) {
                if !sources.contains(&source) {
                    sources.push(source);
                }
            }
        }
        let named = sources.iter().map(|source| source.line(self.locale));
        lines.extend(named.map(|name| self.locale.sentence(Key::SourceIs, &[(Placeholder::Name, &name)])));
        lines
    }

    fn summary(&self, it: &Summary) -> String {
        let digits = if it.measure == Measure::Divergence { 4 } else { 2 };
        let figure = |value: f64| text::trimmed(value, digits);
        let signed = |value: f64, sign: f64| {
            let text = figure(value * sign);
            if value * sign > 0.0 { format!("+{text}") } else { text }
        };
        let (key, sign) = match it.measure {
            Measure::Perplexity => (Key::LossPerplexity, Some(1.0)),
            // A loss of scores is shown as what the scores do: they fall.
            Measure::TaskScore => (Key::LossTasks, Some(-1.0)),
            Measure::Divergence => (Key::LossDivergence, None),
            Measure::SameToken => (Key::LossSameToken, None),
        };
        let show = |value: f64| sign.map_or_else(|| figure(value), |sign| signed(value, sign));
        let mut value = show(it.median);
        if it.rows > 1 {
            let (low, high) = if sign == Some(-1.0) { (it.high, it.low) } else { (it.low, it.high) };
            value = format!("{value} ({} \u{2026} {})", show(low), show(high));
        }
        let rows = [(Placeholder::Count, it.rows.to_string()), (Placeholder::Other, it.models.to_string())];
        let rows: Vec<(Placeholder, &str)> = rows.iter().map(|(hole, value)| (*hole, value.as_str())).collect();
        let mut parts = vec![
            self.locale.sentence(key, &[(Placeholder::Value, &value)]),
            self.locale.sentence(Key::LossRows, &rows),
        ];
        if let Some(year) = it.newest_year {
            parts.push(self.locale.sentence(Key::LossNewest, &[(Placeholder::Value, &year.to_string())]));
        }
        if let Some(key) = files(it.recipe) {
            parts.push(self.locale.word(key).to_owned());
        }
        self.locale.join(Join::Clauses, parts)
    }
}

/// A speed, with a digit after the point where it is small.
pub(crate) fn figure(rate: f64) -> String {
    text::decimal(rate, usize::from(rate < 9.95))
}

/// An amount of RAM as one buys it: `32 GiB`, in the unit that memory is shown in.
fn memory(gib: f64) -> String {
    let digits = usize::from(gib.fract() > 0.05);
    text::gib(gib, digits)
}

/// A date of data, or that there is none.
pub(crate) fn date(date: &Date, locale: Locale) -> &str {
    if date.year().is_some() { date.as_str() } else { locale.word(Key::Undated) }
}

/// The heading of a group of ways of a plan: what it could buy is bought with what its machine has to spare.
pub(crate) fn heading(group: RemedyGroup, before: &Plan, catalog: &Catalog) -> Key {
    let is_unified = |cards: &CardCount| match &cards.card {
        CardChoice::Catalog(id) => catalog.card(id).is_some_and(Card::is_unified),
        CardChoice::Detected { .. } => false,
    };
    let cards = &before.machine.cards;
    match group {
        RemedyGroup::Spare if cards.is_empty() => Key::GroupSpareRam,
        RemedyGroup::Spare if cards.iter().all(is_unified) => Key::GroupSpareUnified,
        group => self::group(group),
    }
}

/// The name of a group, of whatever plan.
pub(crate) const fn group(group: RemedyGroup) -> Key {
    match group {
        RemedyGroup::Settings => Key::GroupSettings,
        RemedyGroup::Spare => Key::GroupSpare,
        RemedyGroup::AskLess => Key::GroupAskLess,
        RemedyGroup::Quantize => Key::GroupQuantize,
        RemedyGroup::Parallelize => Key::GroupParallelize,
        RemedyGroup::Offload => Key::GroupOffload,
    }
}

/// The name of a recipe.
pub(crate) const fn goal(goal: RecipeGoal) -> Key {
    match goal {
        RecipeGoal::BestQuality => Key::GoalQuality,
        RecipeGoal::Cheapest => Key::GoalCheapest,
        RecipeGoal::Fastest => Key::GoalFastest,
    }
}

/// The word of a loss.
pub(crate) const fn loss_word(word: LossWord) -> Key {
    match word {
        LossWord::None => Key::LossNone,
        LossWord::Small => Key::LossSmall,
        LossWord::Noticeable => Key::LossNoticeable,
        LossWord::Marked => Key::LossMarked,
        LossWord::Severe => Key::LossSevere,
    }
}

const fn files(recipe: FileRecipe) -> Option<Key> {
    match recipe {
        FileRecipe::All => None,
        FileRecipe::Plain => Some(Key::RecipePlain),
        FileRecipe::Calibrated => Some(Key::RecipeCalibrated),
        FileRecipe::Dynamic => Some(Key::RecipeDynamic),
        FileRecipe::Tuned => Some(Key::RecipeTuned),
        FileRecipe::Rotated => Some(Key::RecipeRotated),
    }
}
