//! The machine that the document asks for, part by part.

use super::section;
use crate::advise::builder::{Build, BuildError, BuildOutcome, tier_words, words};
use crate::text::{self, Key, Locale, Placeholder};
use crate::units::Usd;

pub(super) fn write(out: &mut String, built: &Result<BuildOutcome<'_>, BuildError<'_>>, locale: Locale) {
    section::begin(out, "build", Key::ReportBuild, locale);
    match built {
        Ok(outcome) => {
            parts(out, &outcome.build, locale);
            section::list(out, "note", tier_words::traded(outcome, locale));
        }
        Err(error) => {
            section::line(out, "p", "", &tier_words::error(error, locale));
            if let BuildError::TooLittle { cheapest, .. } = error {
                parts(out, cheapest, locale);
            }
        }
    }
    section::end(out);
}

fn parts(out: &mut String, build: &Build<'_>, locale: Locale) {
    let tier = build.tier.tier();
    let name = tier.map_or("", |tier| tier.name.said_in(locale));
    let total = words::total(build.total, locale);
    let head = locale.sentence(Key::BuildHead, &[(Placeholder::Name, name), (Placeholder::Value, &total)]);
    section::line(out, "h3", "", &head);
    let price = |usd: Option<Usd>| usd.map_or_else(|| locale.word(Key::CardsNoPrice).to_owned(), text::money);
    let rows: Vec<[String; 5]> = build
        .lines
        .iter()
        .map(|line| {
            [
                locale.word(words::kind(line.kind)).to_owned(),
                words::part(line, locale),
                price(line.usd),
                words::dated(line, locale),
                words::why(line.why, tier, locale),
            ]
        })
        .collect();
    let head = [Key::ReportKind, Key::ReportPart, Key::ReportPrice, Key::ReportDated, Key::ReportReason];
    section::table(out, "words", head.map(|key| locale.word(key)), &rows);
    let sources = build.lines.iter().filter_map(|line| Some((line.name, line.price?.source.line(locale))));
    let sources = sources.filter(|(_, source)| !source.is_empty());
    section::list(out, "source", sources.map(|(name, source)| format!("{name}: {source}")));
    section::list(out, "note", build.checks.iter().map(|check| words::check(check, locale)));
}
