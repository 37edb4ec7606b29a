//! What the comparison comes to, what is the same in all plans, and which figures stand beside the bars.

use std::sync::Arc;

use eframe::egui::{Align2, Galley, Label, Rect, Response, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::{CompareFrame, CompareViewState};
use crate::advise::compare::inputs::InputWords;
use crate::advise::compare::words::concluded;
use crate::advise::compare::{Conclusion, Figure, Side};
use crate::share::comparison;
use crate::text::{Join, Key, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};
use crate::ui::widgets::button::{ButtonLook, button};
use crate::ui::widgets::inside;
use crate::ui::widgets::picker::Picker;

/// Height of the line with the heads of the figures.
const HEADS: f32 = 30.0;
/// What tells the lists of the three columns apart.
const SALTS: [&str; 3] = ["first figure", "second figure", "third figure"];
/// Right of a head.
const CHEVRON: f32 = 20.0;

pub(super) fn show(
    ui: &mut Ui,
    frame: &CompareFrame<'_>,
    conclusion: &Conclusion,
    state: &mut CompareViewState,
    commands: &mut Vec<Command>,
) {
    let t = Tokens::of(ui);
    let locale = frame.inputs.locale;
    let letters = frame.inputs.letters();
    let name = |place: usize| letters.get(place).cloned().unwrap_or_default();
    let lead = concluded(conclusion, name, locale).lead;
    let rest = concluded(conclusion, |place| format!("*{}*", name(place)), locale).rest;
    let words = locale.word(Key::CompareExport);
    let export = paint::width(ui.painter(), words, Type::BodyStrong) + 24.0;
    let top = ui.cursor().min;
    let at = Rect::from_min_size(pos2(frame.columns.whole.max - export, top.y), vec2(export, 26.0));
    let exported = inside(ui, "export", at, |ui| button(ui, words, ButtonLook::Plain, None));
    if exported.on_hover_text(locale.word(Key::TipCompareExport)).clicked() {
        commands.push(Command::Copy(markdown(frame)));
    }
    let room = frame.columns.whole.span() - export - 24.0;
    said(ui, &paint::wrapped(ui.painter(), &lead, (Type::Verdict, t.text), room), &lead);
    if !rest.is_empty() {
        ui.add_space(6.0);
        let galley = paint::starred(ui.painter(), &rest, (Type::Lead, t.sec), (Type::LeadStrong, t.text), room);
        said(ui, &galley, &rest.replace('*', ""));
    }
    ui.add_space(10.0);
    heads(ui, frame, state);
    if state.unfolded {
        unfolded(ui, frame);
    }
}

/// The whole comparison as a table.
fn markdown(frame: &CompareFrame<'_>) -> String {
    let inputs = &frame.inputs;
    let titles: Vec<String> = inputs.plans.iter().map(|plan| format!("{} {}", plan.letter, plan.name)).collect();
    comparison::markdown(&comparison::Compared {
        letters: &inputs.letters(),
        titles: &titles,
        sides: inputs.sides,
        base: inputs.base,
        catalog: inputs.catalog,
        locale: inputs.locale,
    })
}

/// Draws words that were laid out, and says them to screen readers.
fn said(ui: &mut Ui, galley: &Arc<Galley>, words: &str) {
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    ui.painter().galley(rect.min, Arc::clone(galley), Tokens::of(ui).text);
}

/// What is the same in all, and at the right the heads of the figures.
fn heads(ui: &mut Ui, frame: &CompareFrame<'_>, state: &mut CompareViewState) {
    let t = Tokens::of(ui);
    let locale = frame.inputs.locale;
    let (_, rect) = ui.allocate_space(vec2(frame.columns.whole.span(), HEADS));
    let rect = Rect::from_x_y_ranges(frame.columns.whole, rect.y_range());
    let trains = frame.inputs.base_side().is_some_and(Side::trains);
    if frame.inputs.sides.len() > 1 {
        same(ui, rect.with_max_x(frame.columns.figures[0].min - 12.0), frame, state);
    }
    for (column, x) in frame.columns.figures.iter().enumerate() {
        let place = Rect::from_x_y_ranges(*x, rect.y_range());
        let chosen = frame.heads[column];
        let words = chosen.head(locale);
        let name = locale.sentence(Key::CompareColumn, &[(Placeholder::Count, &(column + 1).to_string())]);
        let response = ui.interact(place, ui.make_persistent_id(SALTS[column]), Sense::click());
        response.widget_info(|| WidgetInfo {
            current_text_value: Some(words.clone()),
            ..WidgetInfo::labeled(Role::ComboBox, true, &name)
        });
        if response.hovered() {
            ui.painter().rect_filled(place.shrink2(vec2(2.0, 3.0)), radius::SEGMENT, t.hover);
        }
        let right = place.right_center();
        icons::draw(ui.painter(), right - vec2(8.0, 0.0), Icon::ChevronDown, t.sec);
        let room = place.width() - CHEVRON - 4.0;
        let look = (Type::Small, t.sec);
        // The unit gives way to the name.
        let short = locale.word(chosen.label());
        let fits = paint::width(ui.painter(), &words, Type::Small) <= room;
        let shown = if fits { words.as_str() } else { short };
        paint::text_within(ui.painter(), right - vec2(CHEVRON, 0.0), Align2::RIGHT_CENTER, shown, look, room);
        paint::focus_ring(ui, &response, radius::SEGMENT);
        if let Some(figure) = pick(ui, &response, (column, &name, &words), trains, frame) {
            state.choose(trains, column, figure);
        }
        response.on_hover_text(words);
    }
}

/// The list under a head; the figure that was picked.
fn pick(
    ui: &mut Ui,
    response: &Response,
    (column, name, current): (usize, &str, &str),
    trains: bool,
    frame: &CompareFrame<'_>,
) -> Option<Figure> {
    let figures: Vec<Figure> = Figure::of_task(trains).collect();
    let picker = Picker {
        salt: SALTS[column],
        name,
        current: (current, ""),
        search: None,
        nothing: |_| String::new(),
        size: (220.0, HEADS),
        quiet: false,
    };
    let locale = frame.inputs.locale;
    let picked = picker.show_under(
        ui,
        response,
        |_| (0..figures.len()).collect(),
        |place| (figures[place].head(locale), String::new()),
    )?;
    figures.get(picked).copied()
}

fn same(ui: &mut Ui, rect: Rect, frame: &CompareFrame<'_>, state: &mut CompareViewState) {
    let t = Tokens::of(ui);
    let locale = frame.inputs.locale;
    let words = locale.word(if state.unfolded { Key::CompareHide } else { Key::CompareShow });
    let width = paint::width(ui.painter(), words, Type::SmallStrong) + 16.0;
    let title = locale.word(Key::CompareSameIn);
    let values = locale.join(Join::Phrases, frame.split.foremost());
    let line = if state.unfolded { title.to_owned() } else { format!("{title} *{values}*") };
    let galley = paint::starred_line(
        ui.painter(),
        &line,
        (Type::Small, t.faint),
        (Type::Small, t.text),
        (rect.width() - width - 8.0).max(0.0),
    );
    let at = pos2(rect.left(), rect.center().y - galley.size().y / 2.0);
    let end = rect.left() + galley.size().x;
    let hover =
        ui.interact(Rect::from_min_size(at, galley.size()), ui.make_persistent_id("the same in all"), Sense::hover());
    hover.widget_info(|| WidgetInfo::labeled(Role::Label, true, line.replace('*', "")));
    ui.painter().galley(at, galley, t.text);
    let place = Rect::from_min_max(pos2(end + 6.0, rect.top() + 3.0), pos2(end + 6.0 + width, rect.bottom() - 3.0));
    let response = ui.interact(place, ui.make_persistent_id("unfold"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words));
    if response.hovered() {
        ui.painter().rect_filled(place, radius::SEGMENT, t.hover);
    }
    paint::text(ui.painter(), place.center(), Align2::CENTER_CENTER, words, Type::SmallStrong, t.text);
    paint::focus_ring(ui, &response, radius::SEGMENT);
    if response.clicked() {
        state.unfolded = !state.unfolded;
    }
}

/// All inputs that are the same, each with its name.
fn unfolded(ui: &mut Ui, frame: &CompareFrame<'_>) {
    let t = Tokens::of(ui);
    let same = frame.split.same.iter().map(InputWords::full);
    let words = frame.inputs.locale.join(Join::Clauses, same);
    ui.add(Label::new(RichText::new(words).font(Type::Small.font()).color(t.sec)).wrap());
    ui.add_space(8.0);
}
