//! What the view remembers that is no part of the document.

use eframe::egui::{Id, Ui};

use super::CompareInputs;
use crate::advise::compare::{Figure, MOST};
use crate::plan::NamedPlan;

/// What the view remembers that is no part of the document.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct CompareViewState {
    /// The figures beside the bars, of plans that serve.
    pub serving: [Figure; 3],
    /// The same of plans that train.
    pub training: [Figure; 3],
    /// All inputs that are the same are listed.
    #[serde(skip)]
    pub unfolded: bool,
    /// The base: its place in the document, and as it was last seen.
    #[serde(skip)]
    base: usize,
    #[serde(skip)]
    base_plan: Option<NamedPlan>,
    /// The place of the plan that was shown in the last frame.
    #[serde(skip)]
    shown: Option<usize>,
    /// The row that is dragged.
    #[serde(skip)]
    pub(super) dragged: Option<usize>,
}

impl Default for CompareViewState {
    fn default() -> Self {
        Self {
            serving: Figure::at_first(false),
            training: Figure::at_first(true),
            unfolded: false,
            base: 0,
            base_plan: None,
            shown: None,
            dragged: None,
        }
    }
}

impl CompareViewState {
    /// The figures beside the bars.
    pub(super) const fn heads(&self, trains: bool) -> [Figure; 3] {
        if trains { self.training } else { self.serving }
    }

    /// Takes another figure for a column; one that stands in another column changes places with it.
    pub(super) fn choose(&mut self, trains: bool, column: usize, figure: Figure) {
        let heads = if trains { &mut self.training } else { &mut self.serving };
        let before = heads.iter().position(|head| *head == figure);
        match before {
            Some(before) => heads.swap(before, column),
            None => heads.get_mut(column).into_iter().for_each(|head| *head = figure),
        }
    }

    /// Holds the others against the plan in this place of the document.
    pub fn take_base(&mut self, place: usize) {
        (self.base, self.base_plan) = (place, None);
    }

    /// The place of the base in the document: it is followed where plans are moved, added or removed.
    pub fn base(&mut self, plans: &[NamedPlan]) -> usize {
        if let Some(known) = &self.base_plan
            && plans.get(self.base) != Some(known)
            && let Some(moved) = plans.iter().position(|plan| plan == known)
        {
            self.base = moved;
        }
        self.base = self.base.min(plans.len().saturating_sub(1));
        if self.base_plan.as_ref() != plans.get(self.base) {
            self.base_plan = plans.get(self.base).cloned();
        }
        self.base
    }

    /// The plans that are compared, by their places: the first of a document, and always the base and the one shown.
    pub fn compared(&mut self, plans: &[NamedPlan], shown: usize) -> Vec<usize> {
        let base = self.base(plans);
        let mut places: Vec<usize> = (0..plans.len().min(MOST)).collect();
        for wanted in [base, shown] {
            if places.contains(&wanted) {
                continue;
            }
            if let Some(last) = places.iter_mut().rev().find(|place| ![base, shown].contains(&**place)) {
                *last = wanted;
            }
        }
        places.sort_unstable();
        places
    }

    /// The keyboard stays on the plan that is shown where that is another one now, or stands elsewhere.
    pub(super) fn follow_focus(&mut self, ui: &Ui, inputs: &CompareInputs<'_>) {
        let shown = inputs.plans.get(inputs.shown).map(|plan| plan.place);
        if self.shown != shown {
            let focused = ui.ctx().memory(eframe::egui::Memory::focused);
            let on_row = inputs.plans.iter().any(|plan| focused == Some(row_id(plan.place)));
            let lost = self.shown.is_some_and(|before| focused == Some(row_id(before)));
            if let Some(shown) = shown.filter(|_| on_row || lost) {
                ui.memory_mut(|memory| memory.request_focus(row_id(shown)));
            }
            self.shown = shown;
        }
    }
}

/// What tells the row of the plan in a place from others.
pub(super) fn row_id(place: usize) -> Id {
    Id::unique(("compared plan", place))
}
