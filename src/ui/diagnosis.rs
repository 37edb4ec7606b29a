//! A pasted error and what it says: which memory ran out, and what helps.

use eframe::egui::{Label, RichText, Role, ScrollArea, TextEdit, Ui, WidgetInfo};

use super::fonts::Type;
use super::theme::{Tokens, space};
use crate::advise::diagnose::{Finding, diagnose, words};
use crate::text::{Key, Locale};

/// Lines that the field shows; a longer text is scrolled in it.
const ROWS: usize = 7;
/// So many letters are taken: the end of a log is enough.
const MOST_LETTERS: usize = 1 << 20;
/// Height of what is under the findings: the buttons.
const BELOW: f32 = 44.0;

/// What the dialog keeps between frames.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiagnosisState {
    text: String,
    finding: Option<Finding>,
    /// The field had the keyboard once.
    opened: bool,
}

impl DiagnosisState {
    /// With a text in it that was pasted elsewhere.
    pub fn of(text: &str) -> Self {
        Self { text: text.to_owned(), finding: diagnose(text), opened: false }
    }

    /// Whether the text says something of a memory.
    pub const fn is_read(&self) -> bool {
        self.finding.is_some()
    }
}

/// Shows the field and what was read.
pub fn show(ui: &mut Ui, state: &mut DiagnosisState, locale: Locale) {
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
    if field.changed() {
        state.finding = diagnose(&state.text);
    }
    ui.add_space(space::M);
    let room = (ui.available_height() - BELOW).max(0.0);
    ScrollArea::vertical().id_salt("read").max_height(room).auto_shrink([false, true]).show(ui, |ui| {
        match &state.finding {
            Some(finding) => findings(ui, finding, locale),
            None if state.text.trim().is_empty() => {}
            None => {
                ui.add(Label::new(RichText::new(locale.word(Key::RanOutUnreadHere)).color(t.sec)).wrap());
            }
        }
    });
}

fn findings(ui: &mut Ui, finding: &Finding, locale: Locale) {
    let t = Tokens::of(ui);
    let headline = RichText::new(words::headline(finding, locale)).font(Type::Section.font()).color(t.text);
    ui.add(Label::new(headline).wrap());
    let note = finding.note.map(|note| locale.word(note.key()).to_owned());
    for line in words::figures(finding, locale).into_iter().chain(note) {
        ui.add(Label::new(RichText::new(line).color(t.sec)).wrap());
    }
    let cures = finding.cures.iter().map(|cure| cure.key());
    list(ui, Key::RanOutCures, cures, locale);
    list(ui, Key::RanOutLooks, finding.looks.iter().map(|look| look.key()), locale);
}

/// Sentences under a heading, numbered.
fn list(ui: &mut Ui, head: Key, keys: impl Iterator<Item = Key>, locale: Locale) {
    let t = Tokens::of(ui);
    for (place, key) in keys.enumerate() {
        if place == 0 {
            ui.add_space(space::S);
            ui.label(RichText::new(locale.word(head)).font(Type::BodyStrong.font()).color(t.text));
        }
        ui.add(Label::new(RichText::new(format!("{}. {}", place + 1, locale.word(key))).color(t.text)).wrap());
    }
}
