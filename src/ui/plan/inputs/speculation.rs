//! Who guesses tokens ahead: nobody, the model's own layer, or a small model with the same vocabulary.

use eframe::egui::Ui;

use super::super::PlanInputs;
use super::{input_row, rows};
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::quantization::{Quantization, QuantizationKind};
use crate::plan::inputs::{Choice as _, InputKind, InputValue};
use crate::plan::{Drafter, Input, Plan, Runtime};
use crate::text::Key;
use crate::ui::widgets::tip::Tip;

/// The inputs that stand here.
pub(super) const PLACED: [Input; 3] = [Input::Speculative, Input::DraftTokens, Input::DraftQuant];

pub(super) fn show(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    if !Input::Speculative.applies(plan, inputs.catalog) {
        return;
    }
    let (locale, key) = (inputs.locale, Key::Speculative);
    let drafters = drafters(plan, inputs.catalog);
    let name = |drafter: &Drafter| match drafter {
        Drafter::None => locale.word(Key::SpeculativeNone).to_owned(),
        Drafter::Mtp => locale.word(Key::SpeculativeMtp).to_owned(),
        Drafter::Model(id) => inputs.catalog.model(id).map_or(id.as_str(), |model| &model.name).to_owned(),
    };
    let names: Vec<String> = drafters.iter().map(name).collect();
    let labels: Vec<&str> = names.iter().map(String::as_str).collect();
    let current = name(&plan.workload.speculation.drafter);
    let tip = Tip::of(key, locale).more(locale.word(Key::TipSpeculative));
    if let Some(place) = rows::list(ui, tip, (key, "speculative"), &current, &labels) {
        plan.workload.speculation.drafter = drafters[place].clone();
    }
    input_row::show(ui, plan, Input::DraftTokens, inputs);
    let entry = Input::DraftQuant.entry();
    if let InputKind::Choice(choices) = &entry.kind
        && Input::DraftQuant.applies(plan, inputs.catalog)
    {
        let gguf = |value| match value {
            InputValue::Choice(place) => Quantization::VARIANTS
                .get(usize::from(place))
                .is_some_and(|it| it.gguf() == Some(*it) && it.kind() == QuantizationKind::Gguf),
            _ => true,
        };
        let chosen = input_row::choice(ui, entry, choices, Input::DraftQuant.get(plan), gguf, locale);
        input_row::take(plan, Input::DraftQuant, chosen);
    }
}

/// Who may guess for this plan, small models first.
fn drafters(plan: &Plan, catalog: &Catalog) -> Vec<Drafter> {
    let mut all = vec![Drafter::None];
    let Some(model) = plan.workload.model.known(catalog) else { return all };
    if model.num_nextn_predict_layers > 0 {
        all.push(Drafter::Mtp);
    }
    if plan.workload.runtime == Runtime::LlamaCpp {
        let mut small: Vec<&Model> = catalog.models().filter(|draft| draft.drafts_for(model)).collect();
        small.sort_by_key(|draft| draft.total_parameters);
        all.extend(small.into_iter().map(|draft| Drafter::Model(draft.id.clone())));
    }
    all
}
