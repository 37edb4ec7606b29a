//! The list of models: by maker, each with what would become of the plan.

use std::cell::Cell;
use std::sync::Arc;

use eframe::egui::{Response, Ui};

use super::super::candidates::PlanCandidate;
use super::super::{LocalFile, PlanInputs, PlanViewState, facts};
use super::model::nothing;
use super::rows;
use crate::catalog::maker::Maker;
use crate::catalog::model::Model;
use crate::plan::bounds::PARAMETERS;
use crate::plan::{ModelChoice, Plan, Resident};
use crate::text::find::{self, SearchRank};
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::theme::space;
use crate::ui::widgets::picker::{ListItem, ListLine, Picker};
use crate::ui::widgets::tip::{Begun, Tip};

/// What the list ends with, whatever is found: no model of the catalog has such a place.
const OPEN_FILE: usize = usize::MAX;
const BY_SIZE: usize = usize::MAX - 1;
/// Model files on this machine begin here, behind every model of the catalog.
const LOCAL: usize = usize::MAX / 2;
/// Parameters that a program planned by its size begins with.
const SMALL: u64 = 600_000_000;

/// The field with the model's name, and the list while it is open.
pub(super) fn show(
    ui: &mut Ui,
    plan: &mut Plan,
    inputs: &PlanInputs<'_>,
    state: &mut PlanViewState,
    commands: &mut Vec<Command>,
) {
    let locale = inputs.locale;
    let (name, fact) = facts::model_words(plan, inputs.catalog, locale);
    let name_rect = rows::name(ui, locale.word(Key::Model));
    ui.add_space(2.0);
    let begun = Begun::here(ui);
    let picker = Picker {
        salt: "model",
        name: locale.word(Key::Model),
        current: (&name, &fact),
        search: Some(locale.word(Key::SearchModels)),
        nothing: nothing(locale),
        size: (space::CONTROL, 32.0),
        quiet: false,
    };
    let models: Vec<&Model> = inputs.catalog.models().collect();
    let response = picker.field(ui);
    let current = || match &plan.workload.model {
        ModelChoice::Catalog(id) => models.iter().position(|model| model.id == *id),
        ModelChoice::Size(_) | ModelChoice::File { .. } => None,
    };
    let sized = plan_size(plan, &models);
    let local = Arc::clone(&state.local);
    let opened = Cell::new(false);
    let line = |entry: usize| match entry {
        OPEN_FILE => only(locale.word(Command::OpenModel.label()).to_owned()),
        BY_SIZE => {
            let params = text::parameters(sized);
            only(locale.sentence(Key::PlanBySize, &[(Placeholder::Params, &params)]))
        }
        place @ LOCAL..BY_SIZE => local.get(place - LOCAL).map_or_else(ListLine::default, |file| ListLine {
            title: file.name.clone(),
            fact: file.fact.clone(),
            mark: None,
        }),
        place => models.get(place).map_or_else(ListLine::default, |model| ListLine {
            title: model.name.clone(),
            fact: format!("{} · {}", facts::model_size(model, locale), facts::model_fact(model, locale)),
            mark: state.candidates.mark(plan, PlanCandidate::Model(place), inputs, |plan| {
                plan.workload.choose_model(ModelChoice::Catalog(model.id.clone()), inputs.catalog);
            }),
        }),
    };
    Tip::of(Key::Model, locale).over(ui, begun, name_rect, "model");
    // Files are opened for the plan's own model.
    let with_files = state.program.is_none();
    let found = |query: &str| {
        let items = items(&models, query, with_files, locale);
        opened.set(with_files);
        if with_files { with_local(items, &local, query, locale) } else { items }
    };
    let picked = picker.show_items(ui, &response, current, found, line);
    state.wants_local = opened.get();
    match picked {
        Some(place @ LOCAL..BY_SIZE) => {
            commands.extend(local.get(place - LOCAL).map(|file| Command::ReadModel(file.path.clone())));
        }
        None => {}
        Some(OPEN_FILE) => commands.push(Command::OpenModel),
        Some(BY_SIZE) => plan.workload.choose_model(ModelChoice::Size(sized), inputs.catalog),
        Some(place) => {
            if let Some(model) = models.get(place) {
                plan.workload.choose_model(ModelChoice::Catalog(model.id.clone()), inputs.catalog);
            }
        }
    }
}

/// Model files of this machine before all others, those whose names have the words of the query.
fn with_local(items: Vec<ListItem>, local: &[LocalFile], query: &str, locale: Locale) -> Vec<ListItem> {
    let query = query.to_lowercase();
    let has = |file: &LocalFile| query.split_whitespace().all(|word| file.name.to_lowercase().contains(word));
    let entries: Vec<ListItem> =
        (LOCAL..).zip(local.iter()).filter(|(_, file)| has(file)).map(|(place, _)| ListItem::Entry(place)).collect();
    if entries.is_empty() {
        return items;
    }
    let heading = ListItem::Heading(Arc::from(locale.word(Key::PickerLocal)));
    std::iter::once(heading).chain(entries).chain(items).collect()
}

/// The list under the button that adds a program; the model that was picked for it.
pub(super) fn to_add(
    ui: &mut Ui,
    plan: &Plan,
    response: &Response,
    name: &str,
    inputs: &PlanInputs<'_>,
    state: &mut PlanViewState,
) -> Option<ModelChoice> {
    let locale = inputs.locale;
    let picker = Picker {
        salt: "program",
        name,
        current: ("", ""),
        search: Some(locale.word(Key::SearchModels)),
        nothing: nothing(locale),
        size: (space::CONTROL, 28.0),
        quiet: false,
    };
    let models: Vec<&Model> = inputs.catalog.models().collect();
    let choice = |model: &Model| ModelChoice::Catalog(model.id.clone());
    let line = |entry: usize| {
        let Some(model) = models.get(entry) else {
            let params = text::parameters(SMALL);
            return only(locale.sentence(Key::PlanBySize, &[(Placeholder::Params, &params)]));
        };
        ListLine {
            title: model.name.clone(),
            fact: format!("{} · {}", facts::model_size(model, locale), facts::model_fact(model, locale)),
            mark: state.candidates.mark(plan, PlanCandidate::Program(entry), inputs, |plan| {
                plan.also.push(Resident::of(choice(model), &plan.machine, inputs.catalog));
            }),
        }
    };
    let picked = picker.show_items(ui, response, || None, |query| items(&models, query, false, locale), line)?;
    Some(models.get(picked).map_or(ModelChoice::Size(SMALL), |model| choice(model)))
}

fn only(title: String) -> ListLine {
    ListLine { title, ..ListLine::default() }
}

/// The size that planning by size begins with: that of the model at hand.
fn plan_size(plan: &Plan, models: &[&Model]) -> u64 {
    let known = match &plan.workload.model {
        ModelChoice::Size(size) => Some(*size),
        ModelChoice::Catalog(id) => models.iter().find(|model| model.id == *id).and_then(|it| it.total_parameters),
        ModelChoice::File { model, .. } => model.total_parameters,
    };
    known.unwrap_or(8_000_000_000).clamp(*PARAMETERS.start(), *PARAMETERS.end())
}

/// What a query finds: makers by their best model, under each its families from small to large; `with_files` what opens one.
fn items(models: &[&Model], query: &str, with_files: bool, locale: Locale) -> Vec<ListItem> {
    let makers = Maker::all();
    let maker_of = |model: &Model| makers.iter().position(|maker| maker.families.contains(&model.family));
    let family_of = |model: &Model| {
        let families = maker_of(model).and_then(|place| makers.get(place)).map(|maker| &maker.families);
        families.and_then(|families| families.iter().position(|family| *family == model.family))
    };
    let mut hits = find::ranked(models.iter().map(|model| Maker::names_of(model)), query);
    let none = makers.len();
    let mut best = vec![SearchRank::Slip; none + 1];
    for hit in &hits {
        let maker = maker_of(models[hit.place]).unwrap_or(none);
        best[maker] = best[maker].min(hit.rank);
    }
    hits.sort_by_key(|hit| {
        let model = models[hit.place];
        let maker = maker_of(model).unwrap_or(none);
        (best[maker], maker, hit.rank, family_of(model), model.total_parameters)
    });
    let mut items = Vec::with_capacity(hits.len() + none);
    let mut last = None;
    for hit in hits {
        let maker = maker_of(models[hit.place]).unwrap_or(none);
        if last != Some(maker) {
            let words = makers.get(maker).map_or_else(|| locale.word(Key::MakerOther), |maker| maker.name(locale));
            items.push(ListItem::Heading(Arc::from(words)));
            last = Some(maker);
        }
        items.push(ListItem::Entry(hit.place));
    }
    if items.is_empty() {
        items.push(ListItem::Heading(Arc::from(nothing(locale)(query))));
    }
    // A model that is in no list may be planned for by its size, or be in a file.
    items.push(ListItem::Entry(BY_SIZE));
    items.extend(with_files.then_some(ListItem::Entry(OPEN_FILE)));
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    /// The names that a query finds, without headings and what every list ends with.
    fn found(query: &str) -> Vec<String> {
        let models: Vec<&Model> = Catalog::embedded().models().collect();
        let entries = items(&models, query, true, Locale::Zh).into_iter().filter_map(|item| match item {
            ListItem::Entry(place) => models.get(place).map(|model| model.name.clone()),
            ListItem::Heading(_) => None,
        });
        entries.collect()
    }

    #[test]
    fn makers_are_found_by_their_chinese_names() {
        for (query, begin) in [
            ("千问", "Qw"),
            ("通义", "Qw"),
            ("深度求索", "DeepSeek"),
            ("智谱", "GLM"),
            ("月之暗面", "Kimi"),
            ("文心", "ERNIE"),
            ("混元", "Hunyuan"),
        ] {
            let found = found(query);
            assert!(!found.is_empty(), "{query}");
            assert!(found.iter().all(|name| name.contains(begin)), "{query}: {found:?}");
        }
    }

    #[test]
    fn families_rise_in_size() {
        let names = found("llama 3.1");
        assert_eq!(names.first().map(String::as_str), Some("Llama 3.1 8B"), "{names:?}");
        assert_eq!(found("qwen 3 32").first().map(String::as_str), Some("Qwen3 32B"));
        assert!(found("llama70b").iter().all(|name| name.contains("70B")));
    }

    #[test]
    fn what_is_in_no_list_is_opened_or_planned_by_its_size() {
        let models: Vec<&Model> = Catalog::embedded().models().collect();
        let items = items(&models, "no such model", true, Locale::En);
        assert_eq!(items[1..], [ListItem::Entry(BY_SIZE), ListItem::Entry(OPEN_FILE)], "after a word on it");
    }
}
