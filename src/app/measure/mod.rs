//! Speeds that the user measured: a dialog to enter and remove them.

mod entry;
mod file;

use eframe::egui::{Context, Label, RichText, Role, ScrollArea, TextEdit, Ui, WidgetInfo};

use super::App;
use super::modal::{Dialog, WIDTH, focus_first};
use crate::catalog::Catalog;
use crate::catalog::speed::{Measured, Timed};
use crate::estimate::Estimate;
use crate::plan::Plan;
use crate::system::clock::today;
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::icons::Icon;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button, icon_button};
use crate::ui::widgets::segmented::segmented;
use entry::MeasuredSetup;

/// The dialog while it is open.
#[derive(Debug)]
pub(super) struct Measurements {
    typed: String,
    test: Timed,
    /// What is kept, as the file has it.
    rows: Vec<Measured>,
    /// What was wrong with what was entered last, or with the file.
    problem: Option<String>,
}

/// What was done in the dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MeasureAction {
    Keep,
    Remove(usize),
    Close,
}

/// Whether a speed that is measured now would be that of the one card of the plan.
pub(super) fn is_measurable(plan: &Plan, estimate: Option<&Estimate>, catalog: &Catalog) -> bool {
    MeasuredSetup::of(plan, estimate, catalog).is_some()
}

impl App {
    /// Opens the dialog.
    pub(super) fn open_measurements(&mut self) {
        let locale = self.locale();
        let read = self.outside.folders().map_or_else(|| Ok(Vec::new()), |folders| file::read(folders, locale));
        let (rows, problem) = read.map_or_else(|line| (Vec::new(), Some(line)), |rows| (rows, None));
        let dialog = Measurements { typed: String::new(), test: Timed::Decode, rows, problem };
        self.dialogs.measurements = Some(dialog);
    }

    /// Draws the dialog while it is open, and does what was asked in it.
    pub(super) fn draw_measurements(&mut self, ctx: &Context) {
        let locale = self.locale();
        let about = self
            .session
            .plan()
            .and_then(|plan| MeasuredSetup::of(plan, self.computed.estimate.as_ref().ok(), &self.catalog));
        let Some(dialog) = &mut self.dialogs.measurements else { return };
        match show(ctx, dialog, about.as_ref(), (&self.catalog, locale)) {
            None => return,
            Some(MeasureAction::Close) => self.dialogs.measurements = None,
            Some(MeasureAction::Keep) => {
                if let Some(about) = about {
                    self.keep_measurement(&about);
                }
            }
            Some(MeasureAction::Remove(place)) => {
                self.change_measurements(|mut rows| {
                    rows.remove(place.min(rows.len().saturating_sub(1)));
                    rows
                });
            }
        }
        ctx.request_repaint();
    }

    fn keep_measurement(&mut self, about: &MeasuredSetup) {
        let locale = self.locale();
        let Some(dialog) = &mut self.dialogs.measurements else { return };
        let read = entry::read(&dialog.typed, dialog.test, (about, &self.catalog), (today().as_str(), locale));
        match read {
            Ok(new) => {
                self.change_measurements(|rows| file::with(rows, new));
                if let Some(dialog) = self.dialogs.measurements.as_mut().filter(|dialog| dialog.problem.is_none()) {
                    dialog.typed.clear();
                }
            }
            Err(line) => dialog.problem = Some(line),
        }
    }

    /// Changes what is kept; where the file cannot be read or written it stays as it was, and the dialog says why.
    fn change_measurements(&mut self, change: impl FnOnce(Vec<Measured>) -> Vec<Measured>) {
        let locale = self.locale();
        let folders = self.outside.folders().ok_or_else(|| locale.word(Key::MeasureNoFolder).to_owned());
        let changed = folders.and_then(|folders| {
            let rows = change(file::read(folders, locale)?);
            file::write(folders, &rows, locale)?;
            Ok(rows)
        });
        let Some(dialog) = &mut self.dialogs.measurements else { return };
        match changed {
            Ok(rows) => {
                dialog.rows = rows;
                dialog.problem = None;
                self.reload_catalog();
            }
            Err(line) => dialog.problem = Some(line),
        }
    }
}

fn show(
    ctx: &Context,
    dialog: &mut Measurements,
    about: Option<&MeasuredSetup>,
    (catalog, locale): (&Catalog, Locale),
) -> Option<MeasureAction> {
    let window = Dialog {
        id: "measurements",
        title: locale.word(Key::Measurements),
        buttons: &[(locale.word(Key::Close), ButtonLook::Plain, MeasureAction::Close)],
        left: MeasureAction::Close,
    };
    window.show(ctx, |ui| {
        let mut done = None;
        match about {
            Some(about) => done = enter(ui, dialog, about, locale),
            None => caption(ui, locale.word(Key::MeasureOneCard)),
        }
        if let Some(problem) = &dialog.problem {
            let ink = Tokens::of(ui).text;
            ui.add(Label::new(RichText::new(problem).font(Type::Small.font()).color(ink)).wrap().selectable(true));
        }
        ui.add_space(space::M);
        list(ui, &dialog.rows, catalog, locale).map(MeasureAction::Remove).or(done)
    })
}

/// The field, what a number in it means, and the button that keeps it.
fn enter(ui: &mut Ui, dialog: &mut Measurements, about: &MeasuredSetup, locale: Locale) -> Option<MeasureAction> {
    ui.add(Label::new(RichText::new(&about.words).font(Type::BodyStrong.font())).wrap());
    let tests = [(Timed::Decode, locale.word(Key::Decode)), (Timed::Prefill, locale.word(Key::Prefill))];
    if let Some(chosen) = segmented(ui, locale.word(Key::MeasureWhat), &tests, dialog.test, WIDTH) {
        dialog.test = chosen;
    }
    let field = ScrollArea::vertical().max_height(120.0).show(ui, |ui| {
        ui.add(
            TextEdit::multiline(&mut dialog.typed)
                .id_salt("measurement")
                .font(Type::Mono.font())
                .hint_text(locale.word(Key::MeasureField))
                .desired_rows(3)
                .desired_width(f32::INFINITY),
        )
    });
    let field = field.inner;
    field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, locale.word(Key::MeasureField)));
    focus_first(ui, &field);
    if field.changed() {
        dialog.problem = None;
    }
    caption(ui, locale.word(Key::MeasureConditions));
    ui.add_space(4.0);
    button(ui, locale.word(Key::MeasureKeep), ButtonLook::Primary, None).clicked().then_some(MeasureAction::Keep)
}

/// What is kept, newest first; the place of one that is to be removed.
fn list(ui: &mut Ui, rows: &[Measured], catalog: &Catalog, locale: Locale) -> Option<usize> {
    if rows.is_empty() {
        caption(ui, locale.word(Key::MeasureNone));
        return None;
    }
    let mut removed = None;
    ScrollArea::vertical().id_salt("measured").max_height(180.0).show(ui, |ui| {
        for (place, row) in rows.iter().enumerate().rev() {
            ui.horizontal(|ui| {
                let words = sentence(row, catalog, locale);
                let remove = locale.sentence(Key::MeasureRemove, &[(Placeholder::Name, &words)]);
                ui.push_id(place, |ui| {
                    if icon_button(ui, Icon::Close, &remove, 24.0).clicked() {
                        removed = Some(place);
                    }
                    ui.add(Label::new(RichText::new(&words).font(Type::Small.font())).wrap());
                });
            });
        }
    });
    removed
}

/// A measurement in one line: `GeForce RTX 4090 · Llama 3.1 8B Q4_K_M · Decode 128 tok/s · 2026-11-22`.
fn sentence(row: &Measured, catalog: &Catalog, locale: Locale) -> String {
    let card = catalog.card(&row.card).map_or(row.card.as_str(), |card| &card.name);
    let model = catalog.model(&row.model).map_or(row.model.as_str(), |model| &model.name);
    let test = locale.word(if row.test == Timed::Decode { Key::Decode } else { Key::Prefill });
    let speed = text::trimmed(row.tokens_per_s, 1);
    format!("{card} · {model} {} · {test} {speed} tok/s · {}", row.quantization, row.date)
}

fn caption(ui: &mut Ui, words: &str) {
    let ink = Tokens::of(ui).faint;
    ui.add(Label::new(RichText::new(words).font(Type::Caption.font()).color(ink)).wrap());
}
