//! Programs that run a model, now and as planned: what each holds beside the estimate of what it was told.

use eframe::egui::{Align2, Label, RichText, Stroke, Ui, pos2, vec2};

use super::{MachineInputs, told};
use crate::plan::Plan;
use crate::text::{Join, Key, Placeholder};
use crate::ui::command::{Command, Tab};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button};

const ROW: f32 = 22.0;
/// Width of a column of figures.
const FIGURES: f32 = 84.0;

/// A program that runs a model.
#[derive(Debug, Clone, PartialEq)]
pub struct EngineLine {
    /// Its number.
    pub pid: u32,
    /// What it is and what it runs, or what it is alone where that is not known.
    pub title: String,
    /// Place, now, planned, difference.
    pub rows: Vec<[String; 4]>,
    /// What has to be known of the figures; or why there are none.
    pub reasons: Vec<String>,
    /// What can be kept as this machine's own.
    pub kept: Option<String>,
    /// The plan that its command amounts to.
    pub plan: Option<Box<Plan>>,
}

pub(super) fn show(ui: &mut Ui, inputs: &MachineInputs<'_>, commands: &mut Vec<Command>) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    for (place, engine) in inputs.engines.iter().enumerate() {
        if place == 0 {
            ui.label(RichText::new(locale.word(Key::MachineAsPlanned)).font(Type::Section.font()).color(t.text));
        }
        ui.add_space(space::S);
        ui.add(Label::new(RichText::new(&engine.title).font(Type::BodyStrong.font()).color(t.text)).wrap());
        if !engine.rows.is_empty() {
            let heads = [String::new(), locale.word(Key::MachineNow).to_owned()]
                .into_iter()
                .chain([Key::LogEstimated, Key::LogDifference].map(|key| locale.word(key).to_owned()));
            cells(ui, &heads.collect::<Vec<_>>(), (Type::Caption, true), (engine.pid, 0));
        }
        for (row, figures) in engine.rows.iter().enumerate() {
            cells(ui, figures, (Type::Small, false), (engine.pid, row + 1));
        }
        for reason in &engine.reasons {
            ui.add_space(2.0);
            ui.add(Label::new(RichText::new(reason).font(Type::Caption.font()).color(t.faint)).wrap());
        }
        ui.add_space(4.0);
        ui.push_id(("engine", engine.pid), |ui| actions(ui, engine, inputs, commands));
    }
    if !inputs.engines.is_empty() {
        ui.add_space(space::L);
    }
}

fn cells(ui: &mut Ui, words: &[String], (step, is_head): (Type, bool), salt: (u32, usize)) {
    let t = Tokens::of(ui);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
    let painter = ui.painter();
    let columns = words.len().saturating_sub(1);
    for (place, words) in words.iter().enumerate() {
        let ink = if is_head { t.faint } else { t.text };
        if place == 0 {
            let room = rect.width() - columns as f32 * FIGURES;
            paint::text_within(painter, rect.left_center(), Align2::LEFT_CENTER, words, (step, t.sec), room);
        } else {
            let right = rect.right() - (columns - place) as f32 * FIGURES;
            let at = pos2(right, rect.center().y);
            paint::text_within(painter, at, Align2::RIGHT_CENTER, words, (step, ink), FIGURES - 6.0);
        }
    }
    painter.hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, t.line));
    if !is_head {
        told(ui, rect, ("engine row", salt), &words.join(", "));
    }
}

fn actions(ui: &mut Ui, engine: &EngineLine, inputs: &MachineInputs<'_>, commands: &mut Vec<Command>) {
    let locale = inputs.locale;
    ui.horizontal_wrapped(|ui| {
        if let Some(plan) = &engine.plan {
            let make = button(ui, locale.word(Key::MachineMakePlan), ButtonLook::Plain, None);
            if make.on_hover_text(locale.word(Key::TipMachineMakePlan)).clicked() {
                let taken = Command::Apply(plan.clone());
                commands.extend([Command::InNewPlan(Box::new(taken)), Command::Show(Tab::Plan)]);
            }
        }
        if let Some(kept) = &engine.kept {
            let keep = button(ui, locale.word(Key::LogKeep), ButtonLook::Plain, None);
            let head = locale.sentence(Key::LogKeepHead, &[(Placeholder::Value, kept)]);
            let tip = locale.join(Join::Clauses, [head.as_str(), locale.word(Key::TipLogKeep)]);
            if keep.on_hover_text(tip).clicked() {
                commands.push(Command::KeepRunning(engine.pid));
            }
        }
    });
}
