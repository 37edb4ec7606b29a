//! The field for a message, its figures lit; and what people see where no program says anything.

use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Galley, Label, RichText, Role, ScrollArea, Stroke, TextBuffer, TextEdit, Ui, WidgetInfo};

use super::{DiagnosisAction, DiagnosisState, Figure, subhead};
use crate::advise::diagnose::{Symptom, places_of};
use crate::text::{Key, Locale};
use crate::ui::fonts::Type;
use crate::ui::machine::MachineInputs;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button};

/// Lines that the field shows; a longer text is scrolled in it.
const ROWS: usize = 9;
/// Height of the field at most.
const HIGHEST: f32 = 240.0;
/// So many letters are taken: the end of a log is enough.
const MOST_LETTERS: usize = 1 << 20;

/// A piece of the text that is a figure.
type Lit = (std::ops::Range<usize>, bool);

pub(super) fn show(
    ui: &mut Ui,
    state: &mut DiagnosisState,
    pointed: Option<Figure>,
    locale: Locale,
) -> Option<DiagnosisAction> {
    let t = Tokens::of(ui);
    subhead(ui, locale.word(Key::RanOutTitle));
    ui.add_space(4.0);
    let hint = locale.word(Key::RanOutPaste);
    let lit = lit(state, pointed);
    let mut layouter = |ui: &Ui, text: &dyn TextBuffer, width: f32| -> Arc<Galley> {
        let plain = TextFormat::simple(Type::Caption.font(), if lit.is_empty() { t.text } else { t.sec });
        let mut job = LayoutJob::default();
        job.wrap.max_width = width;
        let text = text.as_str();
        let mut at = 0;
        for (range, is_pointed) in &lit {
            let (Some(before), Some(figure)) = (text.get(at..range.start), text.get(range.clone())) else { break };
            job.append(before, 0.0, plain.clone());
            let underline = if *is_pointed { Stroke::new(1.5, t.text) } else { Stroke::NONE };
            let format = TextFormat {
                background: t.raised,
                underline,
                ..TextFormat::simple(Type::CaptionStrong.font(), t.text)
            };
            job.append(figure, 0.0, format);
            at = range.end;
        }
        job.append(text.get(at..).unwrap_or_default(), 0.0, plain);
        ui.painter().layout_job(job)
    };
    let field = ScrollArea::vertical().id_salt("pasted").max_height(HIGHEST).show(ui, |ui| {
        let field = TextEdit::multiline(&mut state.text)
            .id_salt("pasted text")
            .font(Type::Caption.font())
            .char_limit(MOST_LETTERS)
            .hint_text(hint)
            .layouter(&mut layouter)
            .desired_rows(ROWS)
            .desired_width(f32::INFINITY);
        ui.add(field)
    });
    let field = field.inner;
    field.widget_info(|| WidgetInfo::labeled(Role::MultilineTextInput, true, hint));
    if !std::mem::replace(&mut state.opened, true) {
        field.request_focus();
    }
    field.changed().then_some(DiagnosisAction::Changed)
}

/// The figures of the text that the finding is made of.
fn lit(state: &DiagnosisState, pointed: Option<Figure>) -> Vec<Lit> {
    let Some(finding) = state.read.finding.as_ref().filter(|_| state.is_of_text()) else { return Vec::new() };
    let of = |figure: Figure| figure.bytes(finding);
    let is_pointed = |bytes: u64| pointed.and_then(of) == Some(bytes);
    let places = places_of(finding.amounts, &state.text, finding.at.min(state.text.len()));
    places.into_iter().map(|(range, bytes)| (range, is_pointed(bytes))).collect()
}

/// What somebody may have seen instead of a message, and what is watched here.
pub(super) fn symptoms(ui: &mut Ui, inputs: &MachineInputs<'_>, locale: Locale) -> Option<DiagnosisAction> {
    let t = Tokens::of(ui);
    let mut action = None;
    ui.add_space(space::M);
    subhead(ui, locale.word(Key::RanOutNoMessage));
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        for symptom in Symptom::ALL {
            let key = match symptom {
                Symptom::Killed => Key::SymptomKilled,
                Symptom::Slow => Key::SymptomSlow,
                Symptom::SlowOnWindows => Key::SymptomSlowWindows,
                Symptom::Silent => Key::SymptomSilent,
            };
            if button(ui, locale.word(key), ButtonLook::Plain, None).clicked() {
                action = Some(DiagnosisAction::Saw(symptom));
            }
        }
    });
    if inputs.file.is_none() && inputs.found.is_some() {
        ui.add_space(space::S);
        let now = button(ui, locale.word(Key::RanOutNow), ButtonLook::Plain, None);
        if now.on_hover_text(locale.word(Key::TipRanOutNow)).clicked() {
            action = Some(DiagnosisAction::Watched);
        }
    }
    ui.add_space(space::S);
    ui.add(Label::new(RichText::new(locale.word(Key::RanOutPromise)).font(Type::Caption.font()).color(t.faint)).wrap());
    action
}
