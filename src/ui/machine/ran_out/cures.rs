//! What helps, in order, each as a change of the plan where it is one; then where to look to be certain.

use eframe::egui::{Label, RichText, Ui};

use super::{CureLink, DiagnosisAction, DiagnosisRead, subhead};
use crate::text::{Key, Locale};
use crate::ui::fonts::Type;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button};

pub(super) fn show(ui: &mut Ui, read: &DiagnosisRead, locale: Locale) -> Option<DiagnosisAction> {
    let t = Tokens::of(ui);
    let finding = read.finding.as_ref()?;
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
    ui.add_space(space::M);
    let plan = button(ui, locale.word(Key::RanOutPlan), ButtonLook::Plain, None);
    if plan.on_hover_text(locale.word(Key::TipRanOutPlan)).clicked() {
        action = Some(DiagnosisAction::ShowPlan);
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

fn numbered(ui: &mut Ui, place: usize, words: &str) {
    let t = Tokens::of(ui);
    ui.add_space(4.0);
    ui.add(Label::new(RichText::new(format!("{}. {words}", place + 1)).color(t.text)).wrap());
}
