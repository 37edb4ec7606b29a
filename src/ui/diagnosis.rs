//! A pasted error or log and what it says: which memory ran out, what helps, and how a log compares with the estimate.

use eframe::egui::{Grid, Label, RichText, Role, ScrollArea, TextEdit, Ui, WidgetInfo};

use super::fonts::Type;
use super::theme::{Tokens, space};
use super::widgets::button::{ButtonLook, button};
use crate::advise::diagnose::{Cure, Finding, words};
use crate::plan::Plan;
use crate::text::{Key, Locale};

/// Lines that the field shows; a longer text is scrolled in it.
const ROWS: usize = 7;
/// So many letters are taken: the end of a log is enough.
const MOST_LETTERS: usize = 1 << 20;
/// Height of what is under the findings: the buttons.
const BELOW: f32 = 44.0;

/// A cure as a change of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct CureLink {
    /// Which cure.
    pub cure: Cure,
    /// What it comes to, in one line.
    pub line: String,
    /// The change, as a heading.
    pub name: String,
    /// The plan with the change made.
    pub plan: Plan,
}

/// A log beside an estimate, in words.
#[derive(Debug, Clone, PartialEq)]
pub struct LogShown {
    /// Who wrote it, and of what.
    pub title: String,
    /// Part, estimate, log, difference.
    pub rows: Vec<[String; 4]>,
    /// Why they differ.
    pub reasons: Vec<String>,
    /// What can be kept as this machine's own.
    pub kept: Option<String>,
    /// The plan that the log amounts to, and what it is of.
    pub plan: Option<(String, Box<Plan>)>,
}

/// What was read from the text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DiagnosisRead {
    /// Which memory ran out.
    pub finding: Option<Finding>,
    /// Which plan the cures are changes of.
    pub head: Option<String>,
    /// The cures that are changes of a plan.
    pub cures: Vec<CureLink>,
    /// The log beside the estimate.
    pub log: Option<LogShown>,
}

/// What was asked for in the dialog.
#[derive(Debug, Clone, PartialEq)]
pub enum DiagnosisAction {
    /// The text is another one.
    Changed,
    /// Put this plan in the place of the one that is shown.
    Open {
        /// What it is called.
        name: String,
        /// The plan.
        plan: Box<Plan>,
    },
    /// Keep what the log tells of this machine.
    Keep,
}

/// What the dialog keeps between frames.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DiagnosisState {
    text: String,
    read: DiagnosisRead,
    /// The field had the keyboard once.
    opened: bool,
}

impl DiagnosisState {
    /// With a text in it that was pasted elsewhere.
    pub fn of(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// What is in the field.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Takes what was read from it.
    pub fn take(&mut self, read: DiagnosisRead) {
        self.read = read;
    }

    /// Whether the text says something of a memory.
    pub const fn is_read(&self) -> bool {
        self.read.finding.is_some() || self.read.log.is_some()
    }
}

/// Shows the field and what was read.
pub fn show(ui: &mut Ui, state: &mut DiagnosisState, locale: Locale) -> Option<DiagnosisAction> {
    let t = Tokens::of(ui);
    let hint = locale.word(Key::RanOutPaste);
    let field = ScrollArea::vertical().id_salt("pasted").max_height(ui.available_height() / 3.0).show(ui, |ui| {
        let field = TextEdit::multiline(&mut state.text)
            .id_salt("pasted text")
            .font(Type::Caption.font())
            .char_limit(MOST_LETTERS)
            .hint_text(hint)
            .desired_rows(ROWS)
            .desired_width(f32::INFINITY);
        ui.add(field)
    });
    let field = field.inner;
    field.widget_info(|| WidgetInfo::labeled(Role::MultilineTextInput, true, hint));
    if !std::mem::replace(&mut state.opened, true) {
        field.request_focus();
    }
    let mut action = field.changed().then_some(DiagnosisAction::Changed);
    ui.add_space(space::M);
    let room = (ui.available_height() - BELOW).max(0.0);
    ScrollArea::vertical().id_salt("read").max_height(room).auto_shrink([false, true]).show(ui, |ui| {
        let read = &state.read;
        if let Some(finding) = &read.finding {
            let asked = findings(ui, finding, read, locale);
            action = action.take().or(asked);
        }
        if let Some(log) = &read.log {
            let asked = held(ui, log, locale);
            action = action.take().or(asked);
        }
        if read.finding.is_none() && read.log.is_none() && !state.text.trim().is_empty() {
            ui.add(Label::new(RichText::new(locale.word(Key::RanOutUnreadHere)).color(t.sec)).wrap());
        }
    });
    action
}

fn findings(ui: &mut Ui, finding: &Finding, read: &DiagnosisRead, locale: Locale) -> Option<DiagnosisAction> {
    let t = Tokens::of(ui);
    let headline = RichText::new(words::headline(finding, locale)).font(Type::Section.font()).color(t.text);
    ui.add(Label::new(headline).wrap());
    let note = finding.note.map(|note| locale.word(note.key()).to_owned());
    for line in words::figures(finding, locale).into_iter().chain(note) {
        ui.add(Label::new(RichText::new(line).color(t.sec)).wrap());
    }
    let mut action = None;
    for (place, cure) in finding.cures.iter().enumerate() {
        if place == 0 {
            subhead(ui, locale.word(Key::RanOutCures));
            if let Some(head) = &read.head {
                ui.add(Label::new(RichText::new(head).font(Type::Caption.font()).color(t.faint)).wrap());
            }
        }
        numbered(ui, place, locale.word(cure.key()));
        if let Some(link) = read.cures.iter().find(|link| link.cure == *cure) {
            let asked = linked(ui, link, locale);
            action = action.or(asked);
        }
    }
    for (place, look) in finding.looks.iter().enumerate() {
        if place == 0 {
            subhead(ui, locale.word(Key::RanOutLooks));
        }
        numbered(ui, place, locale.word(look.key()));
    }
    action
}

/// What a cure comes to in the plan, and the button that puts it there.
fn linked(ui: &mut Ui, link: &CureLink, locale: Locale) -> Option<DiagnosisAction> {
    let t = Tokens::of(ui);
    let mut clicked = false;
    ui.push_id(&link.name, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.add_space(space::L);
            let open = button(ui, locale.word(Key::RanOutOpen), ButtonLook::Plain, None);
            clicked = open.on_hover_text(locale.word(Key::TipRanOutOpen)).clicked();
            ui.add(Label::new(RichText::new(&link.line).color(t.sec)).wrap());
        });
    });
    clicked.then(|| DiagnosisAction::Open { name: link.name.clone(), plan: Box::new(link.plan.clone()) })
}

/// A log beside the estimate.
fn held(ui: &mut Ui, log: &LogShown, locale: Locale) -> Option<DiagnosisAction> {
    let t = Tokens::of(ui);
    subhead(ui, locale.word(Key::LogTitle));
    ui.add(Label::new(RichText::new(&log.title).color(t.sec)).wrap());
    Grid::new("log against estimate").num_columns(4).spacing([space::L, space::S / 2.0]).show(ui, |ui| {
        ui.label("");
        for head in [Key::LogEstimated, Key::LogActual, Key::LogDifference] {
            ui.label(RichText::new(locale.word(head)).font(Type::Caption.font()).color(t.faint));
        }
        ui.end_row();
        for row in &log.rows {
            for (place, cell) in row.iter().enumerate() {
                ui.label(RichText::new(cell).color(if place == 0 { t.text } else { t.sec }));
            }
            ui.end_row();
        }
    });
    for (place, reason) in log.reasons.iter().enumerate() {
        if place == 0 {
            subhead(ui, locale.word(Key::LogWhy));
        }
        ui.add(Label::new(RichText::new(reason).color(t.text)).wrap());
    }
    let mut action = None;
    ui.add_space(space::S);
    if let Some((name, plan)) = &log.plan {
        let open = button(ui, locale.word(Key::LogOpen), ButtonLook::Plain, None);
        if open.on_hover_text(locale.word(Key::TipLogOpen)).clicked() {
            action = Some(DiagnosisAction::Open { name: name.clone(), plan: plan.clone() });
        }
    }
    if let Some(kept) = &log.kept {
        let said = locale.sentence(Key::LogKeepHead, &[(crate::text::Placeholder::Value, kept)]);
        ui.add(Label::new(RichText::new(said).color(t.text)).wrap());
        ui.add(
            Label::new(RichText::new(locale.word(Key::LogKeepOnly)).font(Type::Caption.font()).color(t.faint)).wrap(),
        );
        let keep = button(ui, locale.word(Key::LogKeep), ButtonLook::Plain, None);
        if keep.on_hover_text(locale.word(Key::TipLogKeep)).clicked() {
            action = Some(DiagnosisAction::Keep);
        }
    }
    action
}

fn subhead(ui: &mut Ui, words: &str) {
    let t = Tokens::of(ui);
    ui.add_space(space::S);
    ui.label(RichText::new(words).font(Type::BodyStrong.font()).color(t.text));
}

fn numbered(ui: &mut Ui, place: usize, words: &str) {
    let t = Tokens::of(ui);
    ui.add(Label::new(RichText::new(format!("{}. {words}", place + 1)).color(t.text)).wrap());
}
