//! The plans of the document: another one, its name, its place, and the name that is being typed.

use super::App;
use super::notices::NoticeTopic;
pub(super) use crate::advise::compare::names::letter;
use crate::advise::compare::names::subject;
use crate::plan::{NamedPlan, Plan};
use crate::text::{Key, Placeholder};

/// What is given a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameTarget {
    Document,
    /// The plan that is shown.
    Plan,
}

/// A name while it is being typed.
#[derive(Debug, Clone)]
pub(super) struct Naming {
    pub(super) what: NameTarget,
    pub(super) typed: String,
}

/// When something began to be done, and to which state of the document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Since {
    version: u64,
    pub(super) time: f64,
}

impl App {
    /// The plan in this place as it is called: its letter, and its name or what it is of.
    pub(super) fn plan_title(&self, place: usize) -> String {
        let Some(named) = self.session.document().plans.get(place) else { return letter(place) };
        let name = named.name.trim();
        let of = if name.is_empty() { subject(&named.plan, &self.catalog, self.locale()) } else { name.to_owned() };
        let holes = [(Placeholder::Value, &*letter(place)), (Placeholder::Name, &*of)];
        self.locale().sentence(Key::PlanTitle, &holes)
    }

    /// Puts a copy of the plan that is shown behind it, and shows that.
    pub(super) fn duplicate_plan(&mut self, time: f64) {
        self.session.copy_first(true);
        self.session.edit_plan(time, |_| {});
    }

    /// Takes the plan that is shown out of the document, unless it is the only one.
    pub(super) fn delete_plan(&mut self, time: f64) {
        let (place, since) = (self.session.shown(), self.since(time));
        let title = self.plan_title(place);
        self.session.edit(time, |document| {
            if document.plans.len() > 1 {
                document.plans.remove(place);
            }
        });
        self.did(Key::DidDeletePlan, &title, since);
    }

    /// Moves a plan; the one that is shown stays shown.
    pub(super) fn move_plan(&mut self, from: usize, to: usize, time: f64) {
        let count = self.session.document().plans.len();
        if from >= count || to >= count || from == to {
            return;
        }
        let shown = self.session.shown();
        self.session.edit(time, |document| {
            let plan = document.plans.remove(from);
            document.plans.insert(to, plan);
        });
        self.session.show(match shown {
            shown if shown == from => to,
            shown if (from + 1..=to).contains(&shown) => shown - 1,
            shown if (to..from).contains(&shown) => shown + 1,
            shown => shown,
        });
    }

    /// Shows the plan so many places further, around the end.
    pub(super) fn step_plan(&mut self, steps: usize) {
        let count = self.session.document().plans.len().max(1);
        self.session.show((self.session.shown() + steps) % count);
    }

    /// Puts the inputs of the plan that is shown back to what they are at the start.
    pub(super) fn reset_plan(&mut self, time: f64) {
        let (title, since) = (self.plan_title(self.session.shown()), self.since(time));
        self.session.edit_plan(time, |plan| *plan = Plan::default());
        self.did(Key::DidReset, &title, since);
    }

    /// Goes on with a copy of the document that is in no file.
    pub(super) fn duplicate_document(&mut self, time: f64) {
        let name = self.locale().sentence(Key::CopyOf, &[(Placeholder::Name, &self.title())]);
        self.session.leave_file(name, time);
        for about in [NoticeTopic::Restored, NoticeTopic::ChangedElsewhere] {
            self.notices.settle(about);
        }
    }

    /// Begins to type a name in place of the one there is.
    pub(super) fn begin_naming(&mut self, what: NameTarget) {
        let plan = self.session.document().plans.get(self.session.shown());
        let typed = match what {
            NameTarget::Document => self.title(),
            NameTarget::Plan => plan.map(|named| named.name.clone()).unwrap_or_default(),
        };
        self.naming = Some(Naming { what, typed });
    }

    /// Takes the name that was typed.
    pub(super) fn name(&mut self, what: NameTarget, name: String, time: f64) {
        let shown = self.session.shown();
        match what {
            NameTarget::Document if name != self.title() => self.session.edit(time, |document| document.name = name),
            NameTarget::Document => {}
            NameTarget::Plan => self.session.edit(time, |document| {
                if let Some(NamedPlan { name: old, .. }) = document.plans.get_mut(shown) {
                    *old = name;
                }
            }),
        }
    }

    /// Says what was done since then, with a way back; nothing where the document is as it was.
    pub(super) fn did(&mut self, key: Key, name: &str, since: Since) {
        let version = self.session.version();
        if version != since.version {
            let line = self.locale().sentence(key, &[(Placeholder::Name, name)]);
            self.notices.did(line, version, since.time);
        }
    }

    /// The document as it is now, and what time it is.
    pub(super) const fn since(&self, time: f64) -> Since {
        Since { version: self.session.version(), time }
    }
}
