//! Runs commands after drawing: files, undo, theme, language, detection. Nothing here draws.

use eframe::egui::{self, ThemePreference};

use super::platform::{After, Ask};
use super::{App, prices};
use crate::advise::ranking::trial;
use crate::ui::command::Command;
use crate::ui::widgets::tip;

impl App {
    /// Runs one command.
    pub(super) fn run(&mut self, command: Command, ctx: &egui::Context, frame: &eframe::Frame) {
        let of_files = matches!(
            command,
            Command::New
                | Command::Open
                | Command::OpenModel
                | Command::OpenRecent(_)
                | Command::Save
                | Command::SaveAs
                | Command::ImportPrices
                | Command::ExportPrices
        );
        if of_files && self.outside.is_asking(ctx.input(|input| input.time)) {
            return;
        }
        match command {
            Command::Show(tab) => self.tab = tab,
            Command::UseCard { card, count } => self.use_card(&card, count, ctx.input(|input| input.time)),
            Command::KeepPrice { part, kind, usd } => {
                let kept = prices::keep(self.outside.folders(), part, kind, usd, self.locale());
                self.priced(kept);
            }
            Command::RefusePrice(reason) => self.priced(Err(reason)),
            Command::RevertPrice { part, kind } => {
                let reverted = prices::revert(self.outside.folders(), &part, kind, self.locale());
                self.priced(reverted);
            }
            Command::PriceBook => self.open_book(),
            Command::ImportPrices => self.ask(Ask::ImportPrices, ctx, frame),
            Command::ExportPrices => self.ask(Ask::ExportPrices, ctx, frame),
            Command::New => self.leave(After::New, ctx),
            Command::Open => self.ask(Ask::Open, ctx, frame),
            Command::OpenModel => self.ask(Ask::Model, ctx, frame),
            Command::ReadModel(path) => self.read_model(&path, ctx.input(|input| input.time)),
            Command::OpenRecent(path) => self.leave(After::Open(path), ctx),
            Command::Save => self.save(None, ctx, frame),
            Command::SaveAs => self.ask(Ask::Save(None), ctx, frame),
            Command::Undo => self.session.undo(),
            Command::Redo => self.session.redo(),
            Command::SwitchTheme => {
                let dark = ctx.theme() == egui::Theme::Dark;
                self.settings.theme = if dark { ThemePreference::Light } else { ThemePreference::Dark };
            }
            Command::SwitchLanguage => self.settings.language = Some(self.locale().other()),
            Command::UseThisMachine => self.look_at_machine(),
            Command::Copy(text) => ctx.copy_text(text),
            Command::Apply(plan) => self.session.edit_plan(ctx.input(|input| input.time), |shown| *shown = *plan),
            Command::Measurements => self.open_measurements(),
            // F1 asks for what is looked at.
            Command::Glossary(concept) => self.open_glossary(concept.or_else(|| tip::shown(ctx))),
            Command::Settings => self.dialogs.settings = true,
            Command::Quit => self.leave(After::Quit, ctx),
        }
    }

    /// Puts so many of a card in place of the plan's cards, as it was ranked; one step to undo.
    fn use_card(&mut self, card: &str, count: u32, time: f64) {
        let Some(card) = self.catalog.card(card) else { return };
        self.session.edit_plan(time, |plan| *plan = trial(plan, card, count));
    }
}
