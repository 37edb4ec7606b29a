//! Figures, differences, reasons and conclusions in words: the window, the command line and exported tables say the same.

use super::conclusion::{Aside, Clause, Conclusion, Pace};
use super::difference::{Change, Difference};
use super::figure::{Figure, FigureKind, Reading};
use super::names::letter;
use super::price::CardPrice;
use super::quality::{Quality, QualityDifference};
use super::reason::Reason;
use super::side::{Reach, Side};
use crate::advise::inverse;
use crate::advise::remedies::words::loss_word;
use crate::catalog::Catalog;
use crate::catalog::price_words;
use crate::catalog::quality::{LossWord, QualityLoss};
use crate::text::{self, Join, Key, Locale, Placeholder};
use crate::units::{Band, Bytes};

/// What stands where nothing is known or nothing applies.
pub const NONE: &str = "\u{2013}";

impl Figure {
    /// What it is called.
    pub const fn label(self) -> Key {
        match self {
            Self::Decode => Key::Decode,
            Self::Throughput => Key::NameThroughput,
            Self::Prefill => Key::Prefill,
            Self::FirstToken => Key::FirstTokenBrief,
            Self::TrainSpeed => Key::TrainSpeed,
            Self::StepMemory => Key::TrainPeak,
            Self::Job => Key::CompareJob,
            Self::InRam => Key::InRam,
            Self::LargestContext => Key::CompareLargest,
            Self::Power => Key::BoardPower,
            Self::Energy => Key::CompareEnergy,
            Self::JobEnergy => Key::JobEnergy,
            Self::Load => Key::LoadTime,
            Self::Price => Key::ComparePrice,
            Self::PerToken => Key::ComparePerToken,
        }
    }

    /// What its values are counted in, where the values themselves do not say it.
    pub const fn unit(self) -> &'static str {
        match self.kind() {
            FigureKind::Rate => "tok/s",
            FigureKind::Memory => "GiB",
            _ => "",
        }
    }

    /// Its name with the unit of its values: `Decode, tok/s`.
    pub fn head(self, locale: Locale) -> String {
        let unit = Some(self.unit()).filter(|unit| !unit.is_empty());
        locale.join(Join::Phrases, std::iter::once(locale.word(self.label())).chain(unit))
    }
}

/// A figure of a plan as it is written; what stands in place of an unknown one.
pub fn reading(figure: Figure, side: &Side, catalog: &Catalog, locale: Locale) -> String {
    match figure.of(side) {
        Some(found) => amount(figure, found.expected(), side, catalog, locale),
        None if figure == Figure::LargestContext && side.reach == Reach::Pending && side.running().is_some() => {
            "…".to_owned()
        }
        None => NONE.to_owned(),
    }
}

/// The band of an estimated figure with its unit, where it has one to speak of: `16–21 tok/s`.
pub fn band(figure: Figure, side: &Side) -> Option<String> {
    let Some(Reading::Estimated(Band { low, high, .. })) = figure.of(side) else { return None };
    let written = match figure.kind() {
        FigureKind::Rate => format!("{} tok/s", text::range(&rate(low), &rate(high))),
        FigureKind::Seconds | FigureKind::Hours => {
            let hours = if figure.kind() == FigureKind::Hours { 3600.0 } else { 1.0 };
            let (unit, name) = text::time_unit(high * hours);
            format!("{} {name}", text::range(&rate(low * hours / unit), &rate(high * hours / unit)))
        }
        FigureKind::Memory => format!("{} GiB", text::range(&gib(low), &gib(high))),
        FigureKind::Power => format!("{} W", text::range(&text::decimal(low, 0), &text::decimal(high, 0))),
        FigureKind::Energy => format!("{} kWh", text::range(&rate(low), &rate(high))),
        FigureKind::Money => text::range(&text::money(low), &text::money(high)),
        FigureKind::Tokens => return None,
    };
    (high > low).then_some(written)
}

fn amount(figure: Figure, value: f64, side: &Side, catalog: &Catalog, locale: Locale) -> String {
    match figure.kind() {
        FigureKind::Rate => rate(value),
        FigureKind::Seconds => seconds(value),
        FigureKind::Hours => seconds(value * 3600.0),
        FigureKind::Memory => gib(value),
        FigureKind::Tokens => {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of tokens")]
            let tokens = value as u64;
            inverse::reach(tokens, inverse::trained(&side.plan, catalog), locale)
        }
        FigureKind::Power => format!("{} W", text::decimal(value, 0)),
        FigureKind::Energy => format!("{} kWh", rate(value)),
        FigureKind::Money => text::money(value),
    }
}

/// Whole from ten up, one digit below, two below one.
fn rate(value: f64) -> String {
    let digits = match value {
        value if value >= 9.95 => 0,
        value if value >= 0.995 => 1,
        _ => 2,
    };
    text::decimal(value, digits)
}

fn seconds(value: f64) -> String {
    let (unit, name) = text::time_unit(value);
    format!("{} {name}", rate(value / unit))
}

fn gib(bytes: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of bytes")]
    let bytes = Bytes(bytes as u64);
    text::decimal(bytes.gib(), 1)
}

/// How a figure stands to the base's: `same`, `2.1 times`, `−$845`; nothing where it is not known.
pub fn difference(figure: Figure, found: Difference, locale: Locale) -> String {
    let times = |key, value: f64| locale.sentence(key, &[(Placeholder::Value, &text::figure(value))]);
    match found {
        Difference::Same => locale.word(Key::CompareSame).to_owned(),
        Difference::AboutTheSame => locale.word(Key::CompareAbout).to_owned(),
        Difference::OtherPurchase => locale.word(Key::CompareOtherPurchase).to_owned(),
        Difference::Unknown => String::new(),
        Difference::Differs { change: Change::Times(value), .. } => match figure.kind() {
            FigureKind::Rate if value < 1.0 => times(Key::CompareTimesSlower, value.recip()),
            _ => times(Key::CardsTimes, value),
        },
        Difference::Differs { change: Change::By(value), .. } => {
            let written = match figure.kind() {
                FigureKind::Memory => gib(value.abs()),
                FigureKind::Power => format!("{} W", text::decimal(value.abs(), 0)),
                FigureKind::Money => text::money(value.abs()),
                _ => rate(value.abs()),
            };
            format!("{}{written}", if value < 0.0 { "\u{2212}" } else { "+" })
        }
    }
}

/// Parameters and loss: `70B, small loss`.
pub fn quality(quality: &Quality<'_>, trains: bool, locale: Locale) -> String {
    let size = quality.parameters.map(|count| format!("{}B", text::figure(count as f64 / 1e9)));
    let loss = (!trains).then(|| loss(quality.loss, locale));
    let words = size.into_iter().chain(loss).collect::<Vec<_>>();
    if words.is_empty() { NONE.to_owned() } else { locale.join(Join::Phrases, words) }
}

fn loss(loss: Option<QualityLoss>, locale: Locale) -> String {
    let Some(loss) = loss else { return locale.word(Key::CompareLossUnknown).to_owned() };
    let words = match loss.word {
        LossWord::None => locale.word(Key::LossWordNone).to_owned(),
        word => locale.sentence(Key::CompareLoss, &[(Placeholder::Name, locale.word(loss_word(word)))]),
    };
    if loss.is_doubtful() { format!("{words} ?") } else { words }
}

/// How the quality of a plan stands to the base's.
pub fn quality_difference(found: QualityDifference, locale: Locale) -> &'static str {
    match found {
        QualityDifference::Same => locale.word(Key::CompareSame),
        QualityDifference::OtherModel => locale.word(Key::CompareOtherModel),
        QualityDifference::Better => locale.word(Key::CompareLessLoss),
        QualityDifference::Worse => locale.word(Key::CompareMoreLoss),
        QualityDifference::Unknown => "",
    }
}

/// What makes a difference; `letters` are those of the plans.
pub fn reason(reason: Reason, letters: &[String], locale: Locale) -> String {
    let key = match reason {
        Reason::FewerParameters => Key::CompareWhyFewer,
        Reason::OtherModels => Key::CompareWhyModels,
        Reason::Stored => Key::CompareWhyStored,
        Reason::RamIsSlow => Key::CompareWhyRam,
        Reason::PulledOverPcie => Key::CompareWhyPulled,
        Reason::GrowsIntoRam(_) => Key::CompareWhyGrows,
        Reason::WaitsForRam(_) => Key::CompareWhyWaits,
        Reason::Cards => Key::CompareWhyCards,
        Reason::MemoryOfCards => Key::CompareWhyMemory,
        Reason::PowerOfCards => Key::CompareWhyPower,
        Reason::FileOverDisk => Key::CompareWhyDisk,
        Reason::PowerOverSpeed => Key::CompareWhyEnergy,
        Reason::PriceOverSpeed => Key::CompareWhyPerToken,
        Reason::Prices => Key::CompareWhyPrices,
        Reason::Asked => Key::CompareWhyAsked,
        Reason::TrainingSettings => Key::CompareWhyTraining,
        Reason::Engine => Key::CompareWhyEngine,
    };
    match reason {
        Reason::GrowsIntoRam(place) | Reason::WaitsForRam(place) => {
            let name = letters.get(place).cloned().unwrap_or_else(|| letter(place));
            locale.sentence(key, &[(Placeholder::Name, &name)])
        }
        _ => locale.word(key).to_owned(),
    }
}

/// What a conclusion says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Concluded {
    /// The sentence about the first.
    pub lead: String,
    /// A clause for each other plan; empty where there are none.
    pub rest: String,
}

/// A conclusion in words. `name` gives what the plan in a place is called.
pub fn concluded(conclusion: &Conclusion, name: impl Fn(usize) -> String, locale: Locale) -> Concluded {
    let all = |clauses: &[Clause]| locale.join(Join::Clauses, clauses.iter().map(|it| clause(it, &name, locale)));
    match conclusion {
        Conclusion::Alone => Concluded { lead: locale.word(Key::CompareAlone).to_owned(), rest: String::new() },
        Conclusion::NothingRuns => Concluded { lead: locale.word(Key::CompareNothing).to_owned(), rest: String::new() },
        Conclusion::OnlyRuns { runs, others } => Concluded {
            lead: locale.sentence(Key::CompareOnly, &[(Placeholder::Name, &name(*runs))]),
            rest: all(others),
        },
        Conclusion::Stands { lead, others } => Concluded { lead: clause(lead, &name, locale), rest: all(others) },
    }
}

fn clause(clause: &Clause, name: impl Fn(usize) -> String, locale: Locale) -> String {
    let (subject, other) = (name(clause.subject), name(clause.other));
    let said = |key, value: f64| {
        let holes = [
            (Placeholder::Name, &*subject),
            (Placeholder::Other, &*other),
            (Placeholder::Value, &*text::figure(value)),
        ];
        locale.sentence(key, &holes)
    };
    let pace = match clause.pace {
        Pace::AboutAsFast => said(Key::CompareAsFast, 1.0),
        Pace::Faster(times) => said(Key::CompareFaster, times),
        Pace::Slower(times) => said(Key::CompareSlower, times),
        Pace::OtherTask => said(Key::CompareOtherTask, 1.0),
        Pace::NoSpeed => said(Key::CompareNoSpeed, 1.0),
        Pace::DoesNotFit => said(Key::CompareUnfit, 1.0),
        Pace::NotEstimated => said(Key::CompareNotEstimated, 1.0),
    };
    let Some(aside) = clause.aside else { return pace };
    let (how, key, value) = match aside {
        Aside::Cheaper(usd) => (joined(clause.pace, true), Key::CompareCheaper, text::money(usd)),
        Aside::Dearer(usd) => (joined(clause.pace, false), Key::CompareDearer, text::money(usd)),
        Aside::SamePrice => (Key::CompareAnd, Key::CompareSamePrice, String::new()),
        Aside::SmallerModel => (joined(clause.pace, false), Key::CompareSmaller, String::new()),
        Aside::LargerModel => (Key::CompareWith, Key::CompareLarger, String::new()),
        Aside::OtherModel => (Key::CompareWith, Key::CompareAnotherModel, String::new()),
        Aside::WorseQuality => (joined(clause.pace, false), Key::CompareWorse, String::new()),
        Aside::BetterQuality => (joined(clause.pace, true), Key::CompareBetter, String::new()),
        Aside::InRam(bytes) => (Key::CompareBecause, Key::CompareWaiting, text::gib(bytes.gib(), 1)),
    };
    let aside = locale.sentence(key, &[(Placeholder::Value, &value)]);
    locale.sentence(how, &[(Placeholder::Name, &pace), (Placeholder::Other, &aside)])
}

/// How what sets a plan apart follows on how fast it is: what is good on what is bad, and the other way, as a but.
const fn joined(pace: Pace, good: bool) -> Key {
    let slower = matches!(pace, Pace::Slower(_));
    if slower == good { Key::CompareBut } else { Key::CompareAnd }
}

/// Where the prices of all plans come from, each card once: `RTX 4090 new, in a shop, 2025-07`.
pub fn prices<'a>(sides: impl Iterator<Item = &'a Side>, locale: Locale) -> String {
    let mut said: Vec<String> = Vec::new();
    let cards = sides.filter_map(|side| side.price.as_ref()).flat_map(|price| &price.cards);
    for CardPrice { name, each, .. } in cards {
        let month = price_words::month(each, locale).to_owned();
        let line = locale.join(Join::Phrases, [format!("{name} {}", price_words::kind(each, locale)), month]);
        if !said.contains(&line) {
            said.push(line);
        }
    }
    locale.join(Join::Clauses, said)
}
