//! Which memory ran out: a pasted error or log, its figures in the text, in rows and as a bar; what helps, in order; how the memories
//! are told apart; and how a log compares with the estimate.

mod cures;
mod field;
mod figures;
mod picture;
mod signs;

use eframe::egui::{Grid, Key as Press, Label, RichText, Stroke, Ui};

use super::{MachineInputs, column, stands_beside};
use crate::advise::diagnose::{Cure, Finding, Symptom, words};
use crate::plan::Plan;
use crate::text::{Key, Locale};
use crate::ui::fonts::Type;
use crate::ui::theme::{Ink, Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button};

/// Width of the left column, as a share, and at most.
const LEFT: f32 = 0.44;
const LEFT_MOST: f32 = 620.0;

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

/// What was asked for on the page.
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
    /// Judge by what is watched on this machine.
    Watched,
    /// Judge by what somebody saw.
    Saw(Symptom),
    /// Show the plan with its ways to do better.
    ShowPlan,
    /// Back to what was shown before.
    Leave,
}

/// Where a finding comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FindingSource {
    /// The text in the field.
    #[default]
    Text,
    /// What is watched on this machine.
    Machine,
    /// What somebody saw.
    Seen,
}

/// A figure of a finding, which stands in the text, in a row and in the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Figure {
    Asked,
    Total,
    Used,
    Unused,
    Free,
}

/// What the page keeps between frames.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DiagnosisState {
    text: String,
    read: DiagnosisRead,
    source: FindingSource,
    /// What is pointed at.
    pointed: Option<Figure>,
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

    /// Takes what was read from it, or what came from elsewhere.
    pub fn take(&mut self, read: DiagnosisRead, source: FindingSource) {
        (self.read, self.source) = (read, source);
    }

    /// The finding that is shown, and where it comes from.
    pub const fn finding(&self) -> (Option<&Finding>, FindingSource) {
        (self.read.finding.as_ref(), self.source)
    }

    /// Whether the finding is of the text in the field.
    fn is_of_text(&self) -> bool {
        self.source == FindingSource::Text
    }

    /// The page is shown anew: the field is to have the keyboard.
    pub fn opens(&mut self) {
        self.opened = false;
    }
}

/// Shows the page in what is left of `ui`; what was asked for on it.
pub(super) fn show(ui: &mut Ui, inputs: &MachineInputs<'_>, state: &mut DiagnosisState) -> Option<DiagnosisAction> {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    title(ui, state, locale);
    let rect = ui.available_rect_before_wrap();
    let pointed = state.pointed.take();
    let mut action = None;
    if stands_beside(ui) {
        let wide = (rect.width() * LEFT).min(LEFT_MOST);
        let left = rect.with_max_x(rect.left() + wide);
        let right = rect.with_min_x(left.right() + 2.0 * space::XL);
        ui.painter().vline(left.right() + space::XL, rect.y_range(), Stroke::new(1.0, t.line));
        column(ui, "message", left, |ui| action = told(ui, inputs, state, pointed));
        column(ui, "findings", right, |ui| action = findings(ui, state, pointed, locale).or_else(|| action.take()));
    } else {
        column(ui, "message and findings", rect, |ui| {
            action = told(ui, inputs, state, pointed);
            ui.add_space(space::L);
            action = findings(ui, state, pointed, locale).or_else(|| action.take());
        });
    }
    ui.advance_cursor_after_rect(rect);
    if state.pointed != pointed {
        // It is lit in all places at once, those that were drawn before it was known too.
        ui.ctx().request_repaint();
    }
    if ui.input(|input| input.key_pressed(Press::Escape)) {
        return Some(DiagnosisAction::Leave);
    }
    action
}

/// What the text says, and what else somebody may have seen.
fn told(
    ui: &mut Ui,
    inputs: &MachineInputs<'_>,
    state: &mut DiagnosisState,
    pointed: Option<Figure>,
) -> Option<DiagnosisAction> {
    let changed = field::show(ui, state, pointed, inputs.locale);
    figures::show(ui, state, pointed, inputs.locale);
    field::symptoms(ui, inputs, inputs.locale).or(changed)
}

/// What is made of it, and what helps.
fn findings(
    ui: &mut Ui,
    state: &mut DiagnosisState,
    pointed: Option<Figure>,
    locale: Locale,
) -> Option<DiagnosisAction> {
    picture::show(ui, state, pointed, locale);
    let cure = cures::show(ui, &state.read, locale);
    let held = state.read.log.as_ref().and_then(|log| held(ui, log, locale));
    signs::show(ui, state.read.finding.as_ref(), locale);
    held.or(cure)
}

/// Which memory, and how it ran out; below, what was counted.
fn title(ui: &mut Ui, state: &DiagnosisState, locale: Locale) {
    let t = Tokens::of(ui);
    let said = |ui: &mut Ui, words: String, (step, ink): (Type, Ink)| {
        ui.add(Label::new(RichText::new(words).font(step.font()).color(ink)).wrap());
        ui.add_space(4.0);
    };
    let read = &state.read;
    if let Some(finding) = &read.finding {
        said(ui, words::headline(finding, locale), (Type::Verdict, t.text));
        let from = match state.source {
            FindingSource::Text => None,
            FindingSource::Machine => Some(locale.word(Key::RanOutFromMachine).to_owned()),
            FindingSource::Seen => Some(locale.word(Key::RanOutFromSeen).to_owned()),
        };
        let note = finding.note.map(|note| locale.word(note.key()).to_owned());
        for line in from.into_iter().chain(words::figures(finding, locale)).chain(note) {
            said(ui, line, (Type::Body, t.sec));
        }
    } else if read.log.is_none() {
        let untold = !state.text.trim().is_empty();
        let key = if untold { Key::RanOutUnreadHere } else { Key::TipRanOut };
        said(ui, locale.word(key).to_owned(), (Type::Body, t.sec));
    }
    ui.add_space(space::S);
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
