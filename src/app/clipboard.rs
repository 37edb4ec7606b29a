//! What is put on the clipboard: the command that starts what is planned, and a summary.

use eframe::egui::Context;

use super::App;
use crate::estimate::estimate;
use crate::share::launch;
use crate::share::sheet::Sheet;
use crate::text::{Key, Locale};
use crate::ui::words;

impl App {
    /// Puts the launch command of the plan that is shown on the clipboard.
    pub(super) fn copy_launch(&mut self, ctx: &Context) {
        let Some(plan) = self.session.plan() else { return };
        let text = estimate(plan, &self.catalog).map(|found| launch::command(plan, &found, &self.catalog));
        match text {
            Ok(Some(text)) => self.copied(text, ctx),
            Ok(None) => self.notices.add(self.locale().word(Key::NoLaunchCommand)),
            Err(error) => self.notices.add(words::error(self.locale(), &error)),
        }
    }

    /// Puts the verdict and the table of the plan that is shown on the clipboard.
    pub(super) fn copy_summary(&mut self, ctx: &Context) {
        self.copy_sheet(|sheet, locale| sheet.text(locale), ctx);
    }

    /// The same as Markdown.
    pub(super) fn copy_markdown(&mut self, ctx: &Context) {
        self.copy_sheet(|sheet, locale| sheet.markdown(locale), ctx);
    }

    fn copy_sheet(&mut self, write: fn(&Sheet<'_>, Locale) -> String, ctx: &Context) {
        let (Some(plan), locale) = (self.session.plan(), self.locale()) else { return };
        match estimate(plan, &self.catalog) {
            Ok(found) => {
                let title = self.exported_title();
                let sheet = Sheet { title: &title, plan, estimate: &found, catalog: &self.catalog, link: None };
                self.copied(write(&sheet, locale), ctx);
            }
            Err(error) => self.notices.add(words::error(locale, &error)),
        }
    }

    /// Puts a text on the clipboard, and says so.
    pub(super) fn copied(&mut self, text: String, ctx: &Context) {
        let first = text.lines().next().unwrap_or_default();
        let said =
            self.locale().sentence(Key::Copied, &[(crate::text::Placeholder::Name, &crate::text::foreign(first))]);
        ctx.copy_text(text);
        self.notices.remark(said, ctx.input(|input| input.time));
    }
}
