//! The plans that are compared: what each comes to is worked out once, the longest contexts beside the window.

use std::sync::Arc;

use eframe::egui::{self, Ui};

use super::App;
use super::background::{Background, BackgroundTask};
use super::plans::letter;
use crate::advise::compare::names::subject;
use crate::advise::compare::{Reach, Side};
use crate::advise::ranking::trial_of_size;
use crate::catalog::Catalog;
use crate::catalog::frozen::FrozenRow;
use crate::estimate::Estimator;
use crate::plan::{MAX_PLANS, NamedPlan, Plan};
use crate::text::{Join, Key, Placeholder, gib_trimmed, money};
use crate::ui::builder::tier_name;
use crate::ui::command::{Command, Tab};
use crate::ui::compare::{self, Addition, CompareInputs, ComparedPlan};
use crate::units::Bytes;

/// How far plans reach: a search each.
#[derive(Debug)]
pub(super) struct Reaches {
    plans: Vec<Plan>,
    reaches: Vec<Reach>,
}

impl BackgroundTask for Reaches {
    type Question = Vec<Plan>;

    const NAME: &'static str = "compare";

    fn of(plans: Vec<Plan>, catalog: &Arc<Catalog>) -> Self {
        let reaches = plans.iter().map(|plan| Reach::of(plan, catalog)).collect();
        Self { plans, reaches }
    }

    fn question(&self) -> &Vec<Plan> {
        &self.plans
    }
}

/// What the compared plans come to.
#[derive(Debug)]
pub(super) struct Comparer {
    estimator: Estimator,
    sides: Vec<Side>,
    background: Background<Reaches>,
    /// The plans that were asked about last.
    asked: Vec<Plan>,
}

impl Comparer {
    pub(super) fn new(background: Background<Reaches>) -> Self {
        Self { estimator: Estimator::default(), sides: Vec::new(), background, asked: Vec::new() }
    }

    /// Works out what is not known yet of these plans.
    fn refresh(&mut self, plans: &[&Plan], catalog: &Arc<Catalog>) {
        let mut known = std::mem::take(&mut self.sides);
        for plan in plans {
            let side = match known.iter().position(|side| side.plan == **plan) {
                Some(place) => known.swap_remove(place),
                None => Side::of(plan, catalog, &mut self.estimator),
            };
            self.sides.push(side);
        }
        let pending = self.sides.iter().filter(|side| side.reach == Reach::Pending && side.answer.is_ok());
        let pending: Vec<Plan> = pending.map(|side| side.plan.clone()).collect();
        if !pending.is_empty() && pending != self.asked {
            let answer = self.background.ask(&pending, catalog);
            self.asked = pending;
            self.take(answer);
        }
    }

    /// Takes the longest contexts where they have come meanwhile.
    pub(super) fn receive(&mut self, catalog: &Arc<Catalog>) {
        let answer = self.background.answer(catalog);
        self.take(answer);
    }

    fn take(&mut self, answer: Option<Reaches>) {
        let Some(Reaches { plans, reaches }) = answer else { return };
        for (plan, reach) in plans.iter().zip(reaches) {
            self.sides.iter_mut().filter(|side| side.plan == *plan).for_each(|side| side.reach = reach);
        }
    }

    /// Makes the next refresh work everything out anew.
    pub(super) fn forget(&mut self) {
        self.sides.clear();
        self.asked.clear();
    }
}

impl App {
    pub(super) fn draw_compare(&mut self, ui: &mut Ui, commands: &mut Vec<Command>) {
        let shown = self.session.shown();
        let document = self.session.document();
        let places = self.compare.compared(&document.plans, shown);
        let base = self.compare.base(&document.plans);
        let compared: Vec<&NamedPlan> = places.iter().filter_map(|place| document.plans.get(*place)).collect();
        let plans: Vec<&Plan> = compared.iter().map(|named| &named.plan).collect();
        self.comparer.refresh(&plans, &self.catalog);
        let locale = self.locale();
        let called = compared.iter().zip(&places).map(|(named, place)| {
            let own = named.name.trim();
            let name = if own.is_empty() { subject(&named.plan, &self.catalog, locale) } else { own.to_owned() };
            ComparedPlan { place: *place, letter: letter(*place), name }
        });
        let called: Vec<ComparedPlan> = called.collect();
        let additions = self.additions();
        let within = |wanted: usize| places.iter().position(|place| *place == wanted).unwrap_or_default();
        let inputs = CompareInputs {
            plans: &called,
            sides: &self.comparer.sides,
            base: within(base),
            shown: within(shown),
            held: document.plans.len(),
            additions: &additions,
            catalog: &self.catalog,
            locale,
        };
        egui::CentralPanel::default().frame(egui::Frame::NONE).show(ui, |ui| {
            commands.extend(compare::show(ui, &inputs, &mut self.compare));
        });
    }

    /// Pinned cards and builds, each as a plan that could stand beside those there are.
    fn additions(&self) -> Vec<Addition> {
        let (Some(plan), locale) = (self.session.plan(), self.locale()) else { return Vec::new() };
        let cards = self.cards.pinned.iter().filter_map(|key| {
            let card = self.catalog.card(&key.card)?;
            let size_gib = key.size.map(Bytes::gib);
            let name = card.brief_name();
            let name = if key.count > 1 { format!("{} × {name}", key.count) } else { name.to_owned() };
            let name = locale.join(Join::Phrases, std::iter::once(name).chain(size_gib.map(gib_trimmed)));
            let words = locale.sentence(Key::ComparePinned, &[(Placeholder::Name, &name)]);
            let plan =
                NamedPlan { name: String::new(), plan: trial_of_size(plan, card, size_gib, key.count, &self.catalog) };
            Some(Addition { words, plan })
        });
        let builds = self.builder.columns().into_iter().filter_map(|column| {
            let build = column.build()?;
            let holes = [
                (Placeholder::Name, locale.word(tier_name(column.tier))),
                (Placeholder::Value, &*money(build.total.usd)),
            ];
            let words = locale.sentence(Key::CompareBuild, &holes);
            let plan = NamedPlan { name: String::new(), plan: build.used_by(plan, &self.catalog) };
            Some(Addition { words, plan })
        });
        let held = |plan: &Plan| self.session.document().plans.iter().any(|named| named.plan == *plan);
        cards.chain(builds).filter(|addition| !held(&addition.plan.plan)).collect()
    }

    /// Adds plans that are not there yet with the rows that they count with, as one step, and shows the comparison.
    pub(super) fn compare_with(&mut self, plans: Vec<NamedPlan>, rows: Vec<FrozenRow>, time: f64) {
        self.tab = Tab::Compare;
        let held = &self.session.document().plans;
        let mut fresh: Vec<NamedPlan> = Vec::new();
        for named in plans {
            let known = |other: &NamedPlan| other.plan == named.plan;
            if !held.iter().any(known) && !fresh.iter().any(known) {
                fresh.push(named);
            }
        }
        let room = MAX_PLANS.saturating_sub(held.len());
        if fresh.len() > room {
            self.notices.remark(self.locale().word(Key::NoMorePlans), time);
        }
        fresh.truncate(room);
        if fresh.is_empty() {
            return;
        }
        let (since, first, count) = (self.since(time), held.len(), fresh.len());
        self.session.edit(time, |document| {
            document.plans.extend(fresh);
            document.frozen.extend(rows);
        });
        self.follow_rows();
        let titles = (first..first + count).map(|place| self.plan_title(place));
        let titles = self.locale().join(Join::Clauses, titles);
        self.did(Key::DidAddPlans, &titles, since);
    }
}
