//! The start page: one field, this machine, templates, recent documents, a place to drop files, and the first scene.

mod field;
mod foot;
mod layout;
mod machine;
mod mini_bar;
mod reading;
mod recent;
mod templates;

use eframe::egui::{Align2, ScrollArea, Ui, pos2, vec2};

pub use machine::{Gauge, LocalGlance, MachineFound, MachineShown, RunsWell};
pub use mini_bar::MiniBar;
pub use reading::{PlanGlance, Reading};
pub use recent::{MOST as MOST_RECENT, RecentRow, RecentState};
pub use templates::TemplateRow;

use super::command::Command;
use super::fonts::Type;
use super::paint;
use super::theme::Tokens;
use crate::text::{Key, Locale};
use layout::Layout;

/// What the page draws.
#[derive(Clone, Copy)]
pub struct StartInputs<'a> {
    /// What is known of this machine.
    pub machine: &'a MachineShown,
    /// What can be begun with.
    pub templates: &'a [TemplateRow],
    /// The files that were open last, the newest first.
    pub recent: &'a [RecentRow],
    /// Models whose names are like what is typed, the best first.
    pub alike: &'a [ModelName],
    /// Keys as they are written here: open, new, palette.
    pub keys: &'a [String; 3],
    /// The language.
    pub locale: Locale,
}

/// A model of the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelName {
    /// Its id.
    pub id: String,
    /// As its makers write it.
    pub name: String,
}

/// What the page keeps between frames.
#[derive(Debug, Clone, Default)]
pub struct StartViewState {
    /// What is typed so far.
    pub typed: String,
    /// Why nothing came of what was entered last.
    pub said: Option<String>,
    /// The field is to have the keyboard: the page was opened just now.
    pub takes_keyboard: bool,
}

impl StartViewState {
    /// A page that was opened just now.
    pub fn opened() -> Self {
        Self { takes_keyboard: true, ..Self::default() }
    }
}

/// Shows the page in what is left of `ui`; what was asked for on it.
pub fn show(ui: &mut Ui, inputs: &StartInputs<'_>, state: &mut StartViewState) -> Vec<Command> {
    let mut commands = Vec::new();
    let t = Tokens::of(ui);
    let whole = ui.available_rect_before_wrap();
    ui.painter().rect_filled(whole, 0, t.bg);
    ScrollArea::vertical().id_salt("start page").auto_shrink(false).show(ui, |ui| {
        let layout = Layout::of(ui.max_rect().min, whole.size());
        ui.allocate_space(vec2(whole.width() - layout::SCROLL_BAR, layout.height));
        heading(ui, &layout, inputs.locale);
        field::show(ui, layout.field, inputs, state, &mut commands);
        machine::show(ui, layout.machine, inputs, &mut commands);
        templates::show(ui, layout.templates, inputs, &mut commands);
        recent::show(ui, layout.recent, inputs, &mut commands);
        foot::show(ui, &layout, inputs, &mut commands);
    });
    commands
}

/// The question, and what the program does.
fn heading(ui: &Ui, layout: &Layout, locale: Locale) {
    let (t, place, painter) = (Tokens::of(ui), layout.heading, ui.painter());
    let title = locale.word(Key::StartTitle);
    let large = paint::width(painter, title, Type::Question) <= place.width();
    let step = if large { Type::Question } else { Type::Verdict };
    let at = pos2(place.left(), place.top() + 16.0);
    paint::text_within(painter, at, Align2::LEFT_CENTER, title, (step, t.text), place.width());
    let at = pos2(place.left(), place.top() + 50.0);
    let about = locale.word(Key::StartAbout);
    paint::text_within(painter, at, Align2::LEFT_CENTER, about, (Type::Lead, t.sec), place.width());
}
