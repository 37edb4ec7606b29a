//! Model files on this machine: what each takes, whether it fits here and how fast it runs; one click plans it.

use std::path::PathBuf;

use eframe::egui::{Grid, RichText, ScrollArea, Ui};

use super::fonts::Type;
use super::start::PlanGlance;
use super::theme::{Tokens, space};
use super::widgets::button::{ButtonLook, button};
use crate::text::{Key, Locale, Placeholder};

/// A model file in words.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalRow {
    /// As its program calls it.
    pub name: String,
    /// Whose place it lies in.
    pub store: &'static str,
    /// All its files.
    pub size: String,
    /// Whether it fits, or why it cannot be read.
    pub verdict: String,
    /// Tokens a second.
    pub speed: String,
    /// It can be planned.
    pub can_plan: bool,
    /// It runs here, fast enough to be read along.
    pub runs_well: bool,
    /// Where it is read from.
    pub path: PathBuf,
    /// What it comes to.
    pub glance: PlanGlance,
}

/// What was found; none while it is looked for.
pub type LocalRows<'a> = Option<(&'a [LocalRow], bool)>;

/// Shows them; the place of the one that is to be planned.
pub fn show(ui: &mut Ui, found: LocalRows<'_>, locale: Locale) -> Option<usize> {
    let t = Tokens::of(ui);
    let Some((rows, cut)) = found else {
        ui.label(RichText::new(locale.word(Key::LocalLooking)).color(t.sec));
        return None;
    };
    if rows.is_empty() {
        ui.label(RichText::new(locale.word(Key::LocalNone)).color(t.sec));
        return None;
    }
    let mut planned = None;
    ScrollArea::both().id_salt("local models").auto_shrink([false, true]).show(ui, |ui| {
        Grid::new("local models").num_columns(6).spacing([space::L, space::S / 2.0]).show(ui, |ui| {
            for (place, row) in rows.iter().enumerate() {
                ui.push_id(place, |ui| {
                    let words = locale.sentence(Key::LocalPlan, &[(Placeholder::Name, &row.name)]);
                    if row.can_plan && button(ui, &words, ButtonLook::Plain, None).clicked() {
                        planned = Some(place);
                    } else if !row.can_plan {
                        ui.label(RichText::new(&row.name).color(t.sec));
                    }
                });
                for cell in [row.store, &row.size, &row.verdict, &row.speed] {
                    ui.label(RichText::new(cell).font(Type::Small.font()).color(t.sec));
                }
                ui.end_row();
            }
        });
    });
    if cut {
        ui.label(RichText::new(locale.word(Key::LocalCut)).font(Type::Caption.font()).color(t.faint));
    }
    planned
}
