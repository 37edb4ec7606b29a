//! What else could be done: the ladder of ways, each with what it comes to, what it costs and what quality it loses.

use super::super::sheet::Sheet;
use super::section;
use crate::advise::remedies::words::{Speech, heading};
use crate::advise::remedies::{Ladder, PlanOutcome, Remedy, RemedyGroup, Standing, methods, parameters};
use crate::plan::Plan;
use crate::text::{Key, Locale};

pub(super) fn write(out: &mut String, sheet: &Sheet<'_>, ladder: &Ladder, locale: Locale) {
    let speech = Speech { locale, catalog: sheet.catalog, before: sheet.plan };
    let teller = Teller { speech, sheet };
    section::begin(out, "ways", Key::ReportWays, locale);
    let recipes = ladder.recipes.iter().map(|recipe| {
        let does = format!("{}: {}", speech.title(recipe), speech.recipe(recipe));
        teller.row(does, (&recipe.plan, &recipe.after), [speech.cost(&recipe.cost), String::new()])
    });
    let first: Vec<Row> = ladder.first.iter().map(|way| teller.way(way)).chain(recipes).collect();
    teller.rows(out, Key::GroupFirst, &first);
    for step in RemedyGroup::ALL {
        let software = ladder.software.as_ref().filter(|_| step == RemedyGroup::Quantize).map(|way| {
            let name = speech.software(&ladder.now, &way.after);
            teller.row(name, (&way.plan, &way.after), teller.cost(way))
        });
        let rows: Vec<Row> = ladder.of(step).map(|way| teller.way(way)).chain(software).collect();
        teller.rows(out, heading(step, sheet.plan, sheet.catalog), &rows);
        let advice = ladder.advice.iter().filter(|advice| advice.group == step);
        let advice = advice.map(|advice| {
            let said = locale.word(advice.topic.words());
            advice.command.as_ref().map_or_else(|| said.to_owned(), |command| format!("{said}: {command}"))
        });
        section::list(out, "note", advice);
    }
    section::end(out);
}

/// What is done, the verdict then, the speed, the cost, the quality lost.
type Row = [String; 5];

struct Teller<'a> {
    speech: Speech<'a>,
    sheet: &'a Sheet<'a>,
}

impl Teller<'_> {
    fn way(&self, way: &Remedy) -> Row {
        self.row(self.speech.way(way), (&way.plan, &way.after), self.cost(way))
    }

    fn row(&self, does: String, (plan, after): (&Plan, &PlanOutcome), [cost, loss]: [String; 2]) -> Row {
        let locale = self.speech.locale;
        let rate = self.speech.rate(after, plan.workload.sequences);
        let rate = rate.unwrap_or_else(|| locale.word(Key::NoData).to_owned());
        [does, locale.word(after.verdict.word()).to_owned(), rate, cost, loss]
    }

    /// What a way costs, and what quality it loses.
    fn cost(&self, way: &Remedy) -> [String; 2] {
        if way.standing == Standing::Now {
            return [self.speech.locale.word(Key::StandingNow).to_owned(), String::new()];
        }
        let lowers = methods(&way.change).next().is_some();
        let loss = lowers.then(|| self.speech.loss(way.loss, parameters(&way.plan, self.sheet.catalog)));
        [self.speech.cost(&way.cost), loss.unwrap_or_default()]
    }

    fn rows(&self, out: &mut String, title: Key, rows: &[Row]) {
        if rows.is_empty() {
            return;
        }
        let locale = self.speech.locale;
        section::line(out, "h3", "", locale.word(title));
        let head = [Key::ReportWay, Key::ReportVerdict, Key::ReportRate, Key::ReportCost, Key::NameQualityLoss];
        section::table(out, "figures", head.map(|key| locale.word(key)), rows);
    }
}
