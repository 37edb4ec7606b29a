//! What the catalog knows about the things a plan names.

pub(super) use crate::advise::inverse::{reach, trained};
use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::catalog::model::Model;
use crate::estimate::links::SlotLink;
use crate::plan::{CardChoice, Machine, ModelChoice, Plan};
use crate::text::{self, Key, Locale, Placeholder};

/// The model of the plan, where it is more than a size.
pub(super) fn model<'a>(plan: &'a Plan, catalog: &'a Catalog) -> Option<&'a Model> {
    match &plan.workload.model {
        ModelChoice::Catalog(id) => catalog.model(id),
        ModelChoice::Size(_) => None,
        ModelChoice::File { model, .. } => Some(model),
    }
}

/// The name of the model and a fact about it.
pub(super) fn model_words(plan: &Plan, catalog: &Catalog, locale: Locale) -> (String, String) {
    match (&plan.workload.model, model(plan, catalog)) {
        (ModelChoice::Size(size), _) => {
            (locale.sentence(Key::AnyModelOfSize, &[(Placeholder::Params, &text::parameters(*size))]), String::new())
        }
        (_, Some(model)) => (model.name.clone(), model_fact(model, locale)),
        (ModelChoice::Catalog(id), None) => (id.clone(), String::new()),
        (ModelChoice::File { path, .. }, None) => (crate::text::foreign_path(path), String::new()),
    }
}

/// The names of the programs beside the plan's own model.
pub(super) fn program_names(plan: &Plan, catalog: &Catalog, locale: Locale) -> Vec<String> {
    let own = (0..plan.also.len()).filter_map(|row| plan.of_resident(row));
    own.map(|own| model_words(&own, catalog, locale).0).collect()
}

/// Layers and kind of attention: `80 layers, GQA 8`.
pub(super) fn model_fact(model: &Model, locale: Locale) -> String {
    let layers = model.num_hidden_layers.to_string();
    let attention = match (model.num_attention_heads, model.num_key_value_heads) {
        _ if model.mla.is_some() => "MLA".to_owned(),
        (0, _) => return locale.sentence(Key::LayersShort, &[(Placeholder::Layers, &layers)]),
        (heads, kv) if heads == kv => "MHA".to_owned(),
        (_, 1) => "MQA".to_owned(),
        (_, kv) => format!("GQA {kv}"),
    };
    locale.sentence(Key::ModelFacts, &[(Placeholder::Layers, &layers), (Placeholder::Attention, &attention)])
}

/// Parameters in all, and per token where these are fewer.
pub(super) fn model_size(model: &Model, locale: Locale) -> String {
    let Some(total) = model.total_parameters else { return locale.word(Key::NoData).to_owned() };
    let params = text::parameters(total);
    match model.active_parameters.filter(|active| *active < total) {
        Some(active) => {
            let holes = [(Placeholder::Params, params.as_str()), (Placeholder::Active, &text::parameters(active))];
            locale.sentence(Key::ActiveParameters, &holes)
        }
        None => locale.sentence(Key::TotalParameters, &[(Placeholder::Params, &params)]),
    }
}

/// The name of a card.
pub(super) fn card_name<'a>(choice: &'a CardChoice, catalog: &'a Catalog) -> &'a str {
    match choice {
        CardChoice::Catalog(id) => catalog.card(id).map_or(id, |card| &card.name),
        CardChoice::Detected { name, .. } => name,
    }
}

/// The catalog's entry of the card in this place of the machine.
pub(super) fn card<'a>(machine: &Machine, place: usize, catalog: &'a Catalog) -> Option<&'a Card> {
    match &machine.cards.get(place)?.card {
        CardChoice::Catalog(id) => catalog.card(id),
        CardChoice::Detected { .. } => None,
    }
}

/// GPU and CPU share one memory.
pub(super) fn is_unified(machine: &Machine, catalog: &Catalog) -> bool {
    !machine.cards.is_empty()
        && (0..machine.cards.len()).all(|place| card(machine, place, catalog).is_some_and(Card::is_unified))
}

/// An assumed bandwidth in words: `76.8 GB/s (assumed)`.
pub(super) fn assumed_words(gb_s: f64, locale: Locale) -> String {
    assumed(&self::gb_s(gb_s), locale)
}

/// A bandwidth in words.
pub(super) fn gb_s(rate: f64) -> String {
    format!("{} GB/s", text::trimmed(rate, 1))
}

/// What stands for an input that is left open: `DDR5-4800, 2 channels (assumed)`.
pub(super) fn assumed(words: &str, locale: Locale) -> String {
    locale.sentence(Key::Assumed, &[(Placeholder::Value, words)])
}

/// The RAM in words: a grade, a platform, or nothing.
pub(super) fn ram_words(machine: &Machine, catalog: &Catalog, locale: Locale) -> String {
    if let Some(gb_s) = machine.ram_gb_s {
        let grade = catalog.runtimes().ram.iter().find(|speed| (speed.gb_s(2) - gb_s).abs() < 0.05);
        return grade.map_or_else(String::new, |speed| ram_channels(&speed.name(), 2, locale));
    }
    let platform = machine.platform.as_deref().and_then(|id| catalog.platform(id));
    platform.map_or_else(String::new, |it| ram_channels(&it.memory_name(), it.memory_channels(), locale))
}

/// A grade of RAM and its channels: `DDR5-5200, 2 channels`.
pub(super) fn ram_channels(grade: &str, channels: u32, locale: Locale) -> String {
    locale.sentence(Key::RamChannels, &[(Placeholder::Name, grade), (Placeholder::Count, &channels.to_string())])
}

/// The slot that the first card stands in where the plan says nothing of slots.
pub(super) fn usual_slot(machine: &Machine, catalog: &Catalog) -> SlotLink {
    let open = Machine { pcie_gen: None, pcie_lanes: None, ..machine.clone() };
    SlotLink::of(&open, 0, catalog)
}

/// Generation and lanes of the slot that the first card stands in, where known.
pub(super) fn pcie(machine: &Machine, catalog: &Catalog) -> Option<(u8, u8)> {
    let SlotLink { generation, lanes } = SlotLink::of(machine, 0, catalog);
    generation.zip(lanes)
}
