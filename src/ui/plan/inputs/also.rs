//! What runs on the machine beside the plan's own model: a row each, and the inputs of the one that is picked.

use eframe::egui::{Align2, Pos2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::super::{PlanInputs, PlanViewState, facts};
use super::{advanced, altered, model, model_list, rows, runtime, workload};
use crate::advise::compare::names;
use crate::advise::inverse::Limits;
use crate::advise::start_order::{StartKind, Started, start_order};
use crate::estimate::{ResidentEstimate, estimate};
use crate::plan::inputs::Choice as _;
use crate::plan::{MAX_RESIDENTS, Plan, Resident, ResidentPlace};
use crate::text::{self, Join, Key, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::Icon;
use crate::ui::theme::{Tokens, radius, space};
use crate::ui::widgets::button::{ButtonLook, button, icon_button};
use crate::ui::widgets::picker::Picker;
use crate::ui::widgets::tip::{Begun, Tip};
use crate::ui::widgets::{inside, looked_at};
use crate::ui::{paint, words};

/// Height of the two lines of a row.
const NAME_LINE: f32 = 26.0;
const FACT_LINE: f32 = 26.0;
/// Where words stand behind the number of a program.
const INDENT: f32 = 28.0;
/// Radius of the disc that a number stands on.
const BADGE: f32 = 9.0;
/// Width of the list of places, and side of a button.
const PLACE: f32 = 96.0;
const BUTTON: f32 = 24.0;

/// What is done with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RowAct {
    Remove,
    Up,
    Down,
}

/// The list of programs.
pub(super) fn show(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>, state: &mut PlanViewState) {
    let named = title(ui, inputs);
    let mut act = None;
    for row in 0..plan.also.len() {
        let done = ui.push_id(("program", row), |ui| program(ui, plan, row, inputs, state)).inner;
        act = act.or_else(|| done.map(|done| (row, done)));
    }
    match act {
        Some((row, RowAct::Remove)) => {
            plan.also.remove(row);
            state.program = None;
        }
        Some((row, RowAct::Up)) => swap(plan, row, row.wrapping_sub(1), state),
        Some((row, RowAct::Down)) => swap(plan, row, row + 1, state),
        None => {}
    }
    let begun = Begun::here(ui);
    if plan.also.len() < MAX_RESIDENTS {
        let words = inputs.locale.word(Key::AddProgram);
        let pressed = button(ui, words, ButtonLook::Dashed, Some(space::CONTROL));
        if let Some(model) = model_list::to_add(ui, plan, &pressed, words, inputs, state) {
            plan.also.push(Resident::of(model, &plan.machine, inputs.catalog));
            state.program = Some(plan.also.len() - 1);
        }
    }
    Tip::of(Key::AlsoOnMachine, inputs.locale).over(ui, begun, named, "also");
    speeds(ui, inputs);
    order(ui, plan, inputs);
}

/// In which order the programs are started, and why: their numbers in a row.
fn order(ui: &mut Ui, plan: &Plan, inputs: &PlanInputs<'_>) {
    let (locale, t) = (inputs.locale, Tokens::of(ui));
    let Some(found) = inputs.estimate.ok().filter(|found| found.has_company()) else { return };
    let started = start_order(plan, found);
    let number = |one: &Started| one.row.map_or(1, |row| row + 2);
    ui.add_space(8.0);
    let (rect, response) = ui.allocate_exact_size(vec2(space::CONTROL, 20.0), Sense::hover());
    let words = locale.word(Key::StartOrder);
    let drawn = paint::text(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, words, Type::Small, t.sec);
    let numbers = locale.join(Join::Items, started.iter().map(|one| number(one).to_string()));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{words} {numbers}")));
    let step =
        (2.0 * BADGE + 14.0).min((rect.right() - drawn.right() - 2.0 * BADGE - 10.0) / started.len().max(1) as f32);
    for (place, one) in started.iter().enumerate() {
        let center = pos2(drawn.right() + 10.0 + BADGE + step * place as f32, rect.center().y);
        if place > 0 {
            let from = center.x - step + BADGE + 2.0;
            let stroke = Stroke::new(1.0, t.rail);
            ui.painter().hline(from..=(center.x - BADGE - 2.0).max(from), center.y, stroke);
        }
        badge(ui, center, number(one), one.row.is_some_and(|row| looked_at::is(ui.ctx(), row)));
    }
    let kinds = [(StartKind::Reserves, Key::StartReserves), (StartKind::TakesRest, Key::StartTakesRest)];
    let there = kinds.into_iter().filter(|(kind, _)| started.iter().any(|one| one.kind == *kind));
    let why = locale.join(Join::Clauses, there.map(|(_, key)| locale.word(key)));
    response.on_hover_text(text::sentence_case(&why));
}

/// Whether speeds hold while all of them work.
fn speeds(ui: &mut Ui, inputs: &PlanInputs<'_>) {
    let Some(found) = inputs.estimate.ok().filter(|found| found.has_company() && found.speed.decode.is_some()) else {
        return;
    };
    let words = match found.speed.at_once {
        Some(rate) => inputs.locale.sentence(Key::AlsoSpeeds, &[(Placeholder::Value, &text::figure(rate.expected))]),
        None => inputs.locale.word(Key::AlsoSpeedsApart).to_owned(),
    };
    ui.add_space(4.0);
    altered::line(ui, &words);
}

fn swap(plan: &mut Plan, row: usize, other: usize, state: &mut PlanViewState) {
    if row.max(other) >= plan.also.len() {
        return;
    }
    plan.also.swap(row, other);
    state.program = state.program.map(|picked| match picked {
        picked if picked == row => other,
        picked if picked == other => row,
        picked => picked,
    });
}

/// The heading, and what all of it keeps; where the words are.
fn title(ui: &mut Ui, inputs: &PlanInputs<'_>) -> Rect {
    let (locale, t) = (inputs.locale, Tokens::of(ui));
    let (_, rect) = ui.allocate_space(vec2(space::CONTROL, 26.0));
    let words = locale.word(Key::AlsoOnMachine);
    let drawn = paint::text(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, words, Type::Section, t.text);
    if let Ok(found) = inputs.estimate
        && found.has_company()
    {
        let held = found.also.iter().map(ResidentEstimate::held).sum::<Option<_>>();
        let held = held.map_or_else(|| locale.word(Key::NoData).to_owned(), words::gib);
        paint::text(ui.painter(), rect.right_center(), Align2::RIGHT_CENTER, &held, Type::Mono, t.sec);
    }
    ui.add_space(4.0);
    drawn
}

/// The number of a program on its disc, with a strong edge where it is `lit`; the plan's own model is the first.
fn badge(ui: &Ui, center: Pos2, number: usize, lit: bool) {
    let t = Tokens::of(ui);
    let edge = if lit { Stroke::new(2.0, t.text) } else { Stroke::new(1.0, t.rail) };
    ui.painter().circle(center, BADGE, t.raised, edge);
    let words = number.to_string();
    paint::text(ui.painter(), center, Align2::CENTER_CENTER, &words, Type::CaptionStrong, t.text);
}

/// One program: its number, its name and what it keeps; below, where it lies, how it is run, and what is done with it.
fn program(
    ui: &mut Ui,
    plan: &mut Plan,
    row: usize,
    inputs: &PlanInputs<'_>,
    state: &mut PlanViewState,
) -> Option<RowAct> {
    let (locale, t) = (inputs.locale, Tokens::of(ui));
    let own = plan.of_resident(row)?;
    let name = facts::model_words(&own, inputs.catalog, locale).0;
    let place = plan.also.get(row)?.place;
    let held = inputs.estimate.ok().and_then(|found| found.also.get(row)).map(ResidentEstimate::held);
    let held = match (place, held) {
        (ResidentPlace::Off, _) | (_, None) => String::new(),
        (_, Some(None)) => locale.word(Key::NoData).to_owned(),
        (_, Some(Some(held))) => words::gib_fine(held),
    };
    let picked = state.program == Some(row);
    let (rect, response) = ui.allocate_exact_size(vec2(space::CONTROL, NAME_LINE), Sense::click());
    let spoken = locale.sentence(Key::EditProgram, &[(Placeholder::Name, &name)]);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, picked, &spoken));
    let whole = Rect::from_min_size(rect.min, vec2(rect.width(), NAME_LINE + FACT_LINE)).expand2(vec2(6.0, 2.0));
    if response.hovered() || response.has_focus() {
        looked_at::set(ui.ctx(), row);
    }
    let lit = looked_at::is(ui.ctx(), row);
    if picked || lit {
        ui.painter().rect_filled(whole, radius::SEGMENT, if picked { t.raised } else { t.hover });
    }
    badge(ui, rect.left_center() + vec2(BADGE, 0.0), row + 2, lit);
    let amount = paint::text(ui.painter(), rect.right_center(), Align2::RIGHT_CENTER, &held, Type::Mono, t.text);
    let at = rect.left_center() + vec2(INDENT, 0.0);
    let room = amount.left() - at.x - 8.0;
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &name, (Type::BodyStrong, t.text), room);
    paint::focus_ring(ui, &response, radius::SEGMENT);
    if response.clicked() {
        state.program = if picked { None } else { Some(row) };
    }
    response.on_hover_text(breakdown(row, &spoken, inputs));
    let (_, line) = ui.allocate_space(vec2(space::CONTROL, FACT_LINE));
    let list = Rect::from_min_size(pos2(line.left() + INDENT, line.top()), vec2(PLACE, FACT_LINE));
    inside(ui, "place", list, |ui| {
        if let Some(chosen) = places(ui, plan, place, inputs)
            && let Some(resident) = plan.also.get_mut(row)
        {
            resident.place = chosen;
        }
    });
    let buttons = Rect::from_min_max(pos2(line.right() - 3.0 * BUTTON, line.top()), line.max);
    let facts = [own.workload.quantization.to_string(), own.workload.runtime.word().of(locale).to_owned()];
    let facts = locale.join(Join::Phrases, facts);
    let at = pos2(list.right() + 8.0, line.center().y);
    let room = buttons.left() - at.x - 4.0;
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &facts, (Type::Caption, t.sec), room);
    let mut act = None;
    inside(ui, "acts", buttons, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            let mut one = |key: Key, icon: Icon, enabled: bool, what: RowAct| {
                let words = locale.sentence(key, &[(Placeholder::Name, &name)]);
                let pressed = ui.add_enabled_ui(enabled, |ui| icon_button(ui, icon, &words, BUTTON)).inner;
                // The second half of a double click was meant for the row that the first has moved.
                if pressed.clicked() && !pressed.double_clicked() {
                    act = Some(what);
                }
            };
            one(Key::ProgramUp, Icon::ChevronUp, row > 0, RowAct::Up);
            one(Key::ProgramDown, Icon::ChevronDown, row + 1 < plan.also.len(), RowAct::Down);
            one(Key::RemoveProgram, Icon::Close, true, RowAct::Remove);
        });
    });
    ui.add_space(6.0);
    act
}

/// What a program keeps and what for, a line each.
fn breakdown(row: usize, first: &str, inputs: &PlanInputs<'_>) -> String {
    let locale = inputs.locale;
    let mut lines = vec![first.to_owned()];
    let found = inputs.estimate.ok().and_then(|found| found.also.get(row)?.alone.as_deref());
    if let Some(found) = found {
        let parts = found.parts_in_vram() + found.host.parts;
        let amounts = [
            (Key::Weights, parts.loaded()),
            (Key::KvCache, found.kv_pool().or(parts.kv_cache)),
            (Key::ComputeBuffer, parts.compute.zip(found.host.output).map(|(one, other)| one + other)),
            (Key::Activations, parts.activations),
            (Key::RuntimeOverhead, Some(found.overhead())),
        ];
        let known = amounts.into_iter().filter_map(|(key, bytes)| Some((key, bytes.filter(|it| it.0 > 0)?)));
        lines.extend(known.map(|(key, bytes)| format!("{}  {}", locale.word(key), words::gib_fine_unit(bytes))));
    }
    lines.join("\n")
}

/// The list of places, and what was chosen of it.
fn places(ui: &mut Ui, plan: &Plan, current: ResidentPlace, inputs: &PlanInputs<'_>) -> Option<ResidentPlace> {
    let locale = inputs.locale;
    let cards = plan.machine.cards.iter().map(|kind| kind.count).fold(0, u32::saturating_add);
    let found = inputs.estimate.map_or(0, |found| u32::try_from(found.devices.len()).unwrap_or_default());
    let devices = found.max(cards);
    let one = (0..devices).map(ResidentPlace::Device);
    let all = (devices > 1).then_some(ResidentPlace::AllDevices);
    let choices: Vec<ResidentPlace> = one.chain(all).chain([ResidentPlace::Ram, ResidentPlace::Off]).collect();
    let words = |place: ResidentPlace| names::place(place, locale);
    let shown = words(current);
    let picker = Picker {
        salt: "place of program",
        name: locale.word(Key::PlaceOfProgram),
        current: (&shown, ""),
        search: None,
        nothing: |_| String::new(),
        size: (PLACE, FACT_LINE - 2.0),
        quiet: false,
    };
    let card = |place: ResidentPlace| match place {
        ResidentPlace::Device(device) => {
            let found = inputs.estimate.ok().and_then(|found| found.devices.get(device as usize));
            let kind = found.and_then(|found| plan.machine.cards.get(found.card));
            kind.map(|kind| facts::card_name(&kind.card, inputs.catalog).to_owned()).unwrap_or_default()
        }
        _ => String::new(),
    };
    let entry = |place: usize| choices.get(place).map(|it| (words(*it), card(*it))).unwrap_or_default();
    picker.show(ui, |_| (0..choices.len()).collect(), entry).and_then(|place| choices.get(place).copied())
}

/// The inputs of one program, in the place of those of the plan's own model.
pub(super) fn edit(
    ui: &mut Ui,
    plan: &mut Plan,
    row: usize,
    inputs: &PlanInputs<'_>,
    state: &mut PlanViewState,
    commands: &mut Vec<Command>,
) {
    let Some(mut own) = plan.of_resident(row) else { return };
    head(ui, row, inputs, state);
    let found = inputs.estimate.ok().and_then(|found| found.also.get(row)?.alone.as_deref());
    let asked;
    let answer = if let Some(found) = found {
        Ok(found)
    } else {
        asked = estimate(&own, inputs.catalog);
        asked.as_ref()
    };
    let limits = Limits::default();
    let of_row = PlanInputs {
        estimate: answer,
        limits: &limits,
        curve: &[],
        ways: None,
        free_now: &[],
        preview: None,
        ..*inputs
    };
    ui.push_id(("program inputs", row), |ui| {
        model_list::show(ui, &mut own, &of_row, state, commands);
        ui.add_space(10.0);
        runtime::runtime(ui, &mut own, &of_row, state);
        model::show(ui, &mut own, &of_row);
        rows::rule(ui);
        workload::show(ui, &mut own, &of_row, state);
        advanced::show(ui, &mut own, &of_row, state);
    });
    if let Some(resident) = plan.also.get_mut(row)
        && resident.workload != own.workload
    {
        resident.workload = own.workload;
    }
}

/// Which program is shown, and the way back.
fn head(ui: &mut Ui, row: usize, inputs: &PlanInputs<'_>, state: &mut PlanViewState) {
    let locale = inputs.locale;
    let (rect, response) = ui.allocate_exact_size(vec2(space::CONTROL, 28.0), Sense::hover());
    badge(ui, rect.left_center() + vec2(BADGE, 0.0), row + 2, false);
    let words =
        text::sentence_case(&locale.sentence(Key::ProgramNumber, &[(Placeholder::Count, &(row + 2).to_string())]));
    let at = rect.left_center() + vec2(INDENT, 0.0);
    paint::text(ui.painter(), at, Align2::LEFT_CENTER, &words, Type::Section, Tokens::of(ui).text);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    let right = Rect::from_min_max(pos2(rect.right() - 176.0, rect.top()), rect.max);
    inside(ui, "back to the plan", right, |ui| {
        if button(ui, locale.word(Key::BackToPlan), ButtonLook::Plain, Some(176.0)).clicked() {
            state.program = None;
        }
    });
    ui.add_space(8.0);
}
