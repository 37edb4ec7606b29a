//! The cures of an error as changes of the plan that the text is about, in words.

use super::plan::{LoggedPlan, of_error};
use crate::advise::compare::names::subject;
use crate::advise::diagnose::on_plan::{PlannedCure, held, on_plan};
use crate::advise::diagnose::{Cure, Finding, words};
use crate::advise::remedies::words::Speech;
use crate::catalog::Catalog;
use crate::plan::Plan;
use crate::text::{Key, Locale, Placeholder};
use crate::units::Bytes;

/// The plan that a text is about, and the cures as changes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct CuresOnPlan {
    /// The plan.
    pub about: LoggedPlan,
    /// The cures that are changes of it, in the order of the finding.
    pub cures: Vec<PlannedCure>,
    /// What the memory that ran out holds by the estimate.
    held: Option<Bytes>,
}

impl CuresOnPlan {
    /// Those of an error text; `at_hand` is the plan where the text names no model. `None` where there is none at all.
    pub fn of(text: &str, finding: &Finding, at_hand: Option<&Plan>, catalog: &Catalog) -> Option<Self> {
        let about = of_error(text, finding, at_hand, catalog)?;
        let held = held(finding, &about.plan, catalog);
        let cures = on_plan(finding, &about.plan, catalog);
        Some(Self { about, cures, held })
    }

    /// A cure as a change of the plan.
    pub fn planned(&self, cure: Cure) -> Option<&PlannedCure> {
        self.cures.iter().find(|planned| planned.cure == cure)
    }

    /// What it changes, as a heading.
    pub fn change(&self, planned: &PlannedCure, catalog: &Catalog, locale: Locale) -> String {
        Speech { locale, catalog, before: &self.about.plan }.change(&planned.change, &planned.after)
    }

    /// One line: the change, what is then held, and whether that fits.
    pub fn line(&self, planned: &PlannedCure, catalog: &Catalog, locale: Locale) -> String {
        let change = self.change(planned, catalog, locale);
        let amount = |bytes: Bytes| words::amount(bytes.0);
        let holes = [
            (Placeholder::Name, change.as_str()),
            (Placeholder::Value, &*self.held.map(amount).unwrap_or_default()),
            (Placeholder::Other, &*amount(planned.held)),
            (Placeholder::Parts, locale.word(planned.after.verdict.word())),
        ];
        locale.sentence(Key::RanOutInPlan, &holes)
    }

    /// Which plan the changes are of.
    pub fn head(&self, catalog: &Catalog, locale: Locale) -> String {
        let of = subject(&self.about.plan, catalog, locale);
        let key = if self.about.named.is_some() { Key::RanOutPlanOf } else { Key::RanOutPlanAtHand };
        locale.sentence(key, &[(Placeholder::Name, &of)])
    }
}
