//! The law of a method and family: what lies on the device at each instant of a step that may be its fullest.
//!
//! `data/training_laws.txt` says how a line reads and where it comes from. A method's lines are read on first use.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use ahash::RandomState;
use strum::VariantArray;

use super::dim::Dim;
use super::family::Family;
use super::form::{Form, FormTerm, Named, parse};
use super::instant::{At, Instant};
use super::law_rows::{self, MethodRows};
use super::method::{Keeps, LossKernel, TrainingMethod};

/// Everything known of one method and family.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Law {
    /// Kept all through the step.
    pub(super) always: Form,
    /// Kept for each layer.
    pub(super) layer: Form,
    /// The same until the loss is known.
    pub(super) layer_until_loss: Form,
    pub(super) layer_gradients: Form,
    pub(super) instants: Vec<Instant>,
}

impl Law {
    /// What each layer keeps at an instant.
    pub(super) const fn layer_at(&self, instant: &Instant) -> &Form {
        if instant.until_loss { &self.layer_until_loss } else { &self.layer }
    }
}

/// The laws of one method.
type ByFamily = HashMap<Family, Law, RandomState>;

/// The law of a method and family, or of the nearest family that it is known for.
pub(super) fn law(method: TrainingMethod, family: Family) -> Option<(&'static Law, Family)> {
    static LAWS: LazyLock<HashMap<TrainingMethod, OnceLock<ByFamily>, RandomState>> =
        LazyLock::new(|| TrainingMethod::all().map(|method| (method, OnceLock::new())).collect());
    let known = LAWS.get(&method)?.get_or_init(|| {
        let Some(rows) = MethodRows::of(method) else { return ByFamily::default() };
        Family::VARIANTS.iter().filter_map(|family| Some((*family, read(method, &rows, *family)?))).collect()
    });
    std::iter::successors(Some(family), |family| family.nearest())
        .find_map(|family| known.get(&family).map(|law| (law, family)))
}

/// The law of just this family; `None` where the table does not have it.
fn read(method: TrainingMethod, rows: &MethodRows, family: Family) -> Option<Law> {
    let nothing = Named::default();
    let keeps = law_rows::keep(rows.lines, family)?;
    let or_empty = |text: Option<&str>| text.map_or_else(|| Some(Form::default()), |text| parse(text, &nothing));
    let layer_gradients = or_empty(keeps.gradients)?;
    let besides = method.besides(family);
    let whole = parse(law_rows::keep(rows.plain, family)?.layer, &nothing)?;
    let mut rebuilt: Form = whole.iter().chain(&besides).copied().collect();
    let mut scores = Form::default();
    let mut layer = parse(keeps.layer, &nothing)?;
    match method.keeps {
        Keeps::Input => {}
        Keeps::All => layer.clone_from(&rebuilt),
        Keeps::AllButScores => {
            let (kept, rest): (Vec<FormTerm>, Vec<FormTerm>) = rebuilt.iter().partition(|term| term.is_scores());
            (scores, rebuilt) = (kept.into(), rest.into());
            layer.clone_from(&rebuilt);
        }
    }
    let drops = |term: &FormTerm| method.keeps == Keeps::AllButScores && term.is_scores();
    let mut layer_until_loss = or_empty(keeps.until_loss)?;
    if layer_until_loss.is_empty() {
        layer_until_loss.clone_from(&layer);
    } else if method.keeps != Keeps::Input {
        layer_until_loss = layer_until_loss.iter().chain(&besides).copied().filter(|term| !drops(term)).collect();
    }
    let mut named = Named { rebuilt, gradients: layer_gradients.clone(), beside_logits: Form::default() };
    let mut instants = Vec::new();
    for line in law_rows::instants(rows.lines, family.instants()) {
        let mut instant = line.read(&named)?;
        // Scores of the layer in whose attention this is are there again; where the line says what of the layer is left,
        // they are among it.
        let has_scores = instant.kept.iter().chain(&instant.temporaries).any(FormTerm::is_scores);
        if has_scores && !line.takes_rebuilt_layer() {
            instant.temporaries = instant.temporaries.iter().chain(&scores).copied().collect();
        }
        instants.push(instant);
    }
    with_loss(&mut instants, method.loss, rows, &mut named)?;
    if let Some(gradients) = method.score_gradients() {
        let there = if method.keeps == Keeps::Input { &named.rebuilt } else { &scores };
        let outputs = FormTerm::new(2.0, [Dim::Tokens, Dim::Vocabulary]);
        instants.push(Instant {
            at: At::Layer,
            until_loss: false,
            kept: if method.loss == LossKernel::Standard { [outputs].into() } else { Form::default() },
            gradients: layer_gradients.clone(),
            temporaries: there.iter().copied().chain([gradients]).collect(),
        });
    }
    Some(Law { always: parse(rows.always, &nothing)?, layer, layer_until_loss, layer_gradients, instants })
}

/// What another loss than the table's own changes.
fn with_loss(instants: &mut Vec<Instant>, loss: LossKernel, rows: &MethodRows, named: &mut Named) -> Option<()> {
    match loss {
        LossKernel::Standard => {}
        LossKernel::WithoutOutputs => {
            for instant in instants {
                instant.kept = instant.kept.iter().map(|term| term.without_outputs()).collect();
            }
        }
        LossKernel::Fused | LossKernel::Chunked => {
            let at_loss = instants.iter().find(|instant| instant.at == At::Loss)?;
            named.beside_logits = at_loss.kept.iter().filter(|term| !term.has(Dim::Vocabulary)).copied().collect();
            let until_loss = at_loss.until_loss;
            instants.retain(|instant| !matches!(instant.at, At::Loss | At::LossBackward));
            for instant in &mut *instants {
                let without = |form: &Form| form.iter().filter(|term| !term.is_logits()).copied().collect();
                (instant.kept, instant.temporaries) = (without(&instant.kept), without(&instant.temporaries));
            }
            for line in rows.of_loss() {
                let instant = line.read(named)?;
                let until_loss = until_loss && instant.at != At::LossBackward;
                instants.push(Instant { until_loss, ..instant });
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_law_of_the_table_reads() {
        let mut found = 0;
        for method in TrainingMethod::all() {
            for family in Family::VARIANTS {
                let (law, _) = law(method, *family).expect("a family or its nearest");
                let has = |at| law.instants.iter().any(|instant| instant.at == at);
                assert!(has(At::Forward) && has(At::Loss) && has(At::LossBackward), "{method:?} {family:?}");
                assert!(has(At::Layer) || has(At::Last) && has(At::First), "{method:?} {family:?}");
                found += law.instants.len();
            }
        }
        assert!(found > 100_000, "{found} instants");
    }
}
