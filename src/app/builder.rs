//! The builds of the three tiers, searched for beside the window: each tier on a thread of its own, so that a budget
//! that moves searches its own tier alone.

use std::sync::Arc;

use self_cell::self_cell;

use super::background::{Background, BackgroundTask};
use crate::advise::builder::{BuildError, BuildOutcome, best};
use crate::advise::rent::{CloudOffer, cloud_offers};
use crate::catalog::Catalog;
use crate::catalog::frozen::FoundBuilds;
use crate::catalog::parts::{CircuitId, TierId};
use crate::catalog::source::Date;
use crate::plan::{BuildRequest, Plan, RentTerms};
use crate::ui::builder::TierColumn;

/// So many of the offers that stand beside each build are kept with it, the cheapest a million tokens.
const KEPT_OFFERS: usize = 12;

/// What is searched for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct BuildQuery {
    request: BuildRequest,
    plan: Plan,
    today: Date,
}

/// What was found: a build, and the cloud offers that hold the plan that it was judged by.
#[derive(Debug)]
struct BuildAnswer<'a> {
    outcome: Result<BuildOutcome<'a>, BuildError<'a>>,
    offers: Vec<CloudOffer<'a>>,
}

impl<'a> BuildAnswer<'a> {
    fn of(wanted: &BuildQuery, catalog: &'a Catalog) -> Self {
        let outcome = best(&wanted.request, &wanted.plan, catalog, &wanted.today);
        let build = outcome.as_ref().map_or_else(BuildError::cheapest, |outcome| Some(&outcome.build));
        let offers = build.map_or_else(Vec::new, |build| cloud_offers(build.at_work(), catalog, &wanted.today));
        Self { outcome, offers }
    }
}

self_cell! {
    /// What was found, with the catalog whose parts it names.
    struct FoundIn {
        owner: Arc<Catalog>,
        #[covariant]
        dependent: BuildAnswer,
    }

    impl {Debug}
}

/// The answer for one tier.
#[derive(Debug)]
pub(super) struct Built {
    wanted: BuildQuery,
    found: FoundIn,
}

impl BackgroundTask for Built {
    type Question = BuildQuery;

    const NAME: &'static str = "builds";

    fn of(wanted: BuildQuery, catalog: &Arc<Catalog>) -> Self {
        let found = FoundIn::new(Arc::clone(catalog), |catalog| BuildAnswer::of(&wanted, catalog));
        Self { wanted, found }
    }

    fn question(&self) -> &BuildQuery {
        &self.wanted
    }
}

/// One tier: what is asked, and the newest answer.
#[derive(Debug)]
struct TierSearch {
    id: TierId,
    background: Background<Built>,
    asked: Option<BuildQuery>,
    /// For a moment after a change still the one before; `None` until the first has come.
    built: Option<Built>,
}

/// The three tiers.
#[derive(Debug)]
pub(super) struct TierSearches {
    tiers: [TierSearch; 3],
    /// Of which request and plan everything was asked last.
    asked: Option<(BuildRequest, Plan)>,
}

impl TierSearches {
    /// Starts the threads by `start`.
    pub(super) fn new(start: impl Fn() -> Background<Built>) -> Self {
        let tier = |id| TierSearch { id, background: start(), asked: None, built: None };
        Self { tiers: TierId::ALL.map(tier), asked: None }
    }

    /// Makes the next refresh ask anew; what was found is shown until the new answers have come.
    pub(super) fn forget(&mut self) {
        self.asked = None;
        self.tiers.iter_mut().for_each(|tier| tier.asked = None);
    }

    /// Asks for what is another request, another plan, another day or another usual outlet than before.
    pub(super) fn refresh(
        &mut self,
        request: &BuildRequest,
        plan: &Plan,
        (today, outlet): (&Date, CircuitId),
        catalog: &Arc<Catalog>,
    ) {
        self.asked = Some((request.clone(), plan.clone()));
        // All are asked before one is waited for.
        let mut anew = Vec::new();
        for tier in &mut self.tiers {
            // What renting costs has no part in the search.
            let request =
                BuildRequest { terms: RentTerms::default(), usual_outlet: outlet, ..request.in_tier(tier.id) };
            let wanted = BuildQuery { request, plan: plan.clone(), today: today.clone() };
            if tier.asked.as_ref() != Some(&wanted) {
                tier.background.send(&wanted, catalog);
                anew.push((tier, wanted));
            }
        }
        for (tier, wanted) in anew {
            let answer = tier.background.wait(&wanted, catalog);
            tier.asked = Some(wanted);
            tier.built = answer.or_else(|| tier.built.take());
        }
    }

    /// Takes the builds that have come meanwhile.
    pub(super) fn receive(&mut self, catalog: &Arc<Catalog>) {
        for tier in &mut self.tiers {
            let answer = tier.background.answer(catalog).filter(|built| tier.asked.as_ref() == Some(&built.wanted));
            tier.built = answer.or_else(|| tier.built.take());
        }
    }

    /// Whether it was this that was asked about last.
    pub(super) fn asks_for(&self, request: &BuildRequest, plan: &Plan) -> bool {
        self.asked.as_ref().is_some_and(|(asked, on)| asked == request && on == plan)
    }

    /// What was found for what was asked last, to be kept with the document that asked: of all tiers, or of `only` one.
    pub(super) fn found(&self, only: Option<TierId>, catalog: &Catalog) -> FoundBuilds {
        let mut found = FoundBuilds::default();
        let answered = self
            .tiers
            .iter()
            .filter(|tier| only.is_none_or(|only| tier.id == only))
            .filter_map(|tier| tier.built.as_ref().filter(|built| tier.asked.as_ref() == Some(&built.wanted)));
        for built in answered {
            let BuildAnswer { outcome, offers } = built.found.borrow_dependent();
            let Ok(outcome) = outcome else { continue };
            if built.wanted.request.by_hand.is_empty() {
                found.builds.push(outcome.build.kept(&built.wanted.request, &built.wanted.plan, catalog));
            }
            found.rents.extend(offers.iter().take(KEPT_OFFERS).map(|offer| offer.rent.clone()));
        }
        found
    }

    /// What the columns show.
    pub(super) fn columns(&self) -> [TierColumn<'_>; 3] {
        self.tiers.each_ref().map(|tier| TierColumn {
            tier: tier.id,
            found: tier.built.as_ref().map(|built| built.found.borrow_dependent().outcome.as_ref()),
            request: tier.built.as_ref().map(|built| &built.wanted.request),
            offers: tier.built.as_ref().map_or(&[], |built| built.found.borrow_dependent().offers.as_slice()),
            stale: tier.built.as_ref().map(|built| &built.wanted) != tier.asked.as_ref(),
        })
    }
}
