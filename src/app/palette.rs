//! What the command palette offers: commands, plans, recent files, models and cards of the catalog.

use eframe::egui::Context;

use super::menus::told_apart;
use super::offered::Offered;
use super::{App, keys};
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::palette::{Palette, PaletteDone, PaletteItem};

/// How many of the last choices stand first.
const REMEMBERED: usize = 6;

/// The palette, and what was chosen in it last.
#[derive(Debug, Default)]
pub(super) struct Palettes {
    pub(super) open: Option<Palette>,
    chosen: Vec<Command>,
}

impl Palettes {
    fn remember(&mut self, command: &Command) {
        self.chosen.retain(|other| other != command);
        self.chosen.insert(0, command.clone());
        self.chosen.truncate(REMEMBERED);
    }
}

impl App {
    /// Opens the palette.
    pub(super) fn open_palette(&mut self, ctx: &Context) {
        let mut items = self.palette_items(ctx);
        let last = |item: &PaletteItem| self.palettes.chosen.iter().position(|it| *it == item.command);
        // What was chosen last stands first, whatever it is.
        for item in &mut items {
            item.searched &= last(item).is_none();
        }
        items.sort_by_key(|item| last(item).unwrap_or(REMEMBERED));
        self.palettes.open = Some(Palette::of(items));
    }

    /// Draws the palette while it is open; what was asked for in it.
    pub(super) fn draw_palette(&mut self, ctx: &Context) -> Option<Command> {
        let locale = self.locale();
        let done = self.palettes.open.as_mut()?.show(ctx, locale)?;
        self.palettes.open = None;
        ctx.request_repaint();
        match done {
            PaletteDone::Left => None,
            PaletteDone::Chosen(command) => {
                self.palettes.remember(&command);
                Some(command)
            }
        }
    }

    fn palette_items(&self, ctx: &Context) -> Vec<PaletteItem> {
        let locale = self.locale();
        let size = |count| locale.sentence(Key::TotalParameters, &[(Placeholder::Params, &text::parameters(count))]);
        let named = |key, name: &str| locale.sentence(key, &[(Placeholder::Name, name)]);
        let also = |key, name: &str| vec![locale.other().sentence(key, &[(Placeholder::Name, name)])];
        let mut items: Vec<PaletteItem> = self
            .offered()
            .iter()
            .filter(|offered| offered.entry.command != Command::Palette)
            .map(|offered| of_command(offered, ctx, locale))
            .collect();
        let plans = self.session.document().plans.len();
        items.extend((0..plans).filter(|place| plans > 1 && *place != self.session.shown()).map(|place| PaletteItem {
            title: self.plan_title(place),
            also: Vec::new(),
            fact: keys::of_plan(ctx, place),
            refused: None,
            searched: false,
            command: Command::ShowPlan(place),
        }));
        let recent = self.outside.recent();
        items.extend(recent.iter().zip(told_apart(recent)).map(|(path, name)| PaletteItem {
            title: named(Key::PaletteOpen, &name),
            also: also(Key::PaletteOpen, &name),
            fact: path.parent().map(text::foreign_path).unwrap_or_default(),
            refused: None,
            searched: true,
            command: Command::OpenRecent(path.clone()),
        }));
        items.extend(self.catalog.models().map(|model| PaletteItem {
            title: named(Key::PaletteModel, &model.name),
            also: model.aliases.iter().cloned().chain(also(Key::PaletteModel, &model.id)).collect(),
            fact: model.total_parameters.map(size).unwrap_or_default(),
            refused: None,
            searched: true,
            command: Command::UseModel(model.id.clone()),
        }));
        items.extend(self.catalog.cards().map(|card| PaletteItem {
            title: named(Key::PaletteCard, &card.name),
            also: card.aliases.iter().cloned().chain(also(Key::PaletteCard, &card.id)).collect(),
            fact: text::gib_trimmed(card.memory_gib),
            refused: None,
            searched: true,
            command: Command::UseCard { card: card.id.clone(), size_gib: None, count: 1 },
        }));
        items
    }
}

fn of_command(offered: &Offered, ctx: &Context, locale: Locale) -> PaletteItem {
    let entry = offered.entry;
    let mut also = vec![locale.other().word(entry.name).to_owned(), initials(Locale::En.word(entry.name))];
    if let Some(menu) = entry.menu {
        also.push(format!("{} {}", locale.word(menu.label()), offered.name));
    }
    PaletteItem {
        title: offered.name.trim_end_matches('…').to_owned(),
        also,
        fact: keys::of(ctx, entry),
        refused: offered.refused.map(|reason| locale.word(reason)),
        searched: false,
        command: entry.command.clone(),
    }
}

/// The first letters of words: `clc` for "Copy launch command".
fn initials(words: &str) -> String {
    words.split_whitespace().filter_map(|word| word.chars().next()).collect()
}
