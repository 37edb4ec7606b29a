//! How good the answers of a plan can be: its model, and what it loses by the way it is stored.

use super::side::Side;
use crate::advise::remedies::worst_loss;
use crate::catalog::quality::{LossWord, QualityLoss};
use crate::plan::ModelChoice;

/// How good the answers of a plan can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quality<'a> {
    /// The model: between two of them nothing here can tell.
    pub model: &'a ModelChoice,
    /// Its parameters, where they are known.
    pub parameters: Option<u64>,
    /// What weights and cache lose by the way they are stored; `None` where it was never measured, or the plan trains.
    pub loss: Option<QualityLoss>,
}

/// How the quality of a plan stands to the base's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QualityDifference {
    /// The same model, stored alike or with the same loss.
    Same,
    /// Another model: it cannot be compared.
    OtherModel,
    /// The same model with less loss.
    Better,
    /// The same model with more loss.
    Worse,
    /// The loss of either was never measured.
    Unknown,
}

impl<'a> Quality<'a> {
    /// That of one plan.
    pub fn of(side: &'a Side) -> Self {
        let parameters = side.estimate().and_then(|it| it.params);
        let loss = parameters.filter(|_| !side.trains()).and_then(|count| worst_loss(&side.plan, count));
        Self { model: &side.plan.workload.model, parameters, loss }
    }

    /// How it stands to another.
    pub fn against(&self, base: &Self, alike: bool) -> QualityDifference {
        if self.model != base.model {
            return QualityDifference::OtherModel;
        }
        let word = |loss: Option<QualityLoss>| -> Option<LossWord> { loss.map(|loss| loss.word) };
        match (word(self.loss), word(base.loss)) {
            _ if alike => QualityDifference::Same,
            (Some(ours), Some(theirs)) if ours == theirs => QualityDifference::Same,
            (Some(ours), Some(theirs)) if ours < theirs => QualityDifference::Better,
            (Some(_), Some(_)) => QualityDifference::Worse,
            _ => QualityDifference::Unknown,
        }
    }
}

/// How the quality of one plan stands to that of another.
pub(super) fn between(side: &Side, base: &Side) -> QualityDifference {
    let stored = |side: &Side| (side.plan.workload.quantization, side.plan.workload.kv_cache);
    let alike = stored(side) == stored(base) || side.trains() && base.trains();
    Quality::of(side).against(&Quality::of(base), alike)
}

impl QualityDifference {
    /// How the quality of `side` stands to that of `base`.
    pub fn of(side: &Side, base: &Side) -> Self {
        between(side, base)
    }
}
