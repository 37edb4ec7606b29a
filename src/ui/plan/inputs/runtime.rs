//! The task and the engine, right under the model: what each is for, and what it changes besides.

use eframe::egui::{Rect, Ui, vec2};

use super::super::{PlanInputs, PlanViewState};
use super::{altered, rows};
use crate::plan::inputs::{Choice, InputValue};
use crate::plan::{Input, Plan, Runtime, Task};
use crate::text::Key;
use crate::ui::glossary::choices;
use crate::ui::theme::space;
use crate::ui::widgets::picker::Picker;
use crate::ui::widgets::segmented::segmented;
use crate::ui::widgets::tip::{Begun, Tip};

/// What is done with the model.
pub(super) fn task(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>, state: &mut PlanViewState) {
    let locale = inputs.locale;
    let tasks = [
        (Task::Serve, locale.word(Key::Serve)),
        (Task::Lora, locale.word(Key::Lora)),
        (Task::Qlora, locale.word(Key::Qlora)),
        (Task::Full, locale.word(Key::FullTune)),
    ];
    let (begun, corner) = (Begun::here(ui), ui.cursor().min);
    let chosen = segmented(ui, locale.word(Key::Task), &tasks, plan.workload.task, space::CONTROL);
    let said = choices::task(plan.workload.task).line(locale);
    let tip = Tip::of(Key::Task, locale);
    let tip = if plan.workload.task.trains() { tip.more(&said) } else { tip };
    tip.over(ui, begun, Rect::from_min_size(corner, vec2(space::CONTROL, space::FIELD)), "task");
    if let Some(task) = chosen {
        state.altered = altered::choose(plan, Input::Task, InputValue::Choice(task as u8), inputs.catalog);
    }
    ui.add_space(6.0);
    altered::show(ui, plan, state.altered.as_ref(), Input::Task, locale);
}

/// The engine, with what tells it from the others.
pub(super) fn runtime(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>, state: &mut PlanViewState) {
    if !Input::Runtime.applies(plan, inputs.catalog) {
        return;
    }
    let locale = inputs.locale;
    let name = locale.word(Key::Runtime);
    let words = |runtime: Runtime| (runtime.word().of(locale), locale.word(stands_for(runtime)));
    let name_rect = rows::name(ui, name);
    ui.add_space(2.0);
    let begun = Begun::here(ui);
    let picker = Picker {
        salt: "runtime",
        name,
        current: words(plan.workload.runtime),
        search: None,
        nothing: |_| String::new(),
        size: (space::CONTROL, space::ROW),
        quiet: false,
    };
    let all = <Runtime as Choice>::VARIANTS;
    let picked = picker.show(
        ui,
        |_| (0..all.len()).collect(),
        |place| {
            let (title, fact) = words(all[place]);
            (title.to_owned(), fact.to_owned())
        },
    );
    let said = choices::runtime(plan.workload.runtime).line(locale);
    Tip::of(Key::Runtime, locale).more(&said).over(ui, begun, name_rect, "runtime");
    if let Some(runtime) = picked.and_then(|place| all.get(place)) {
        state.altered = altered::choose(plan, Input::Runtime, InputValue::Choice(*runtime as u8), inputs.catalog);
    }
    ui.add_space(6.0);
    altered::show(ui, plan, state.altered.as_ref(), Input::Runtime, locale);
}

/// What tells an engine from the others, in a few words.
const fn stands_for(runtime: Runtime) -> Key {
    match runtime {
        Runtime::LlamaCpp => Key::RunsLlamaCpp,
        Runtime::Vllm => Key::RunsVllm,
        Runtime::Sglang => Key::RunsSglang,
        Runtime::Tgi => Key::RunsTgi,
        Runtime::TensorRtLlm => Key::RunsTensorRtLlm,
        Runtime::Transformers => Key::RunsTransformers,
    }
}
