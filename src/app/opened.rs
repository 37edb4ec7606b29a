//! Plans that come as text: pasted, dropped or named on the command line.

use eframe::egui::{Context, Event};

use super::App;
use super::diagnosis::is_about_memory;
use super::platform::After;
use super::session::Session;
use crate::catalog::frozen::RowDetail;
use crate::share::carrier::link::{self, to_link};
use crate::share::carrier::read_any;
use crate::share::launch::read::is_command;
use crate::text::Fault;
use crate::ui::command::Command;

impl App {
    /// Opens the plan in a text, after asking where something would be lost; what is no plan is said to be none.
    pub(super) fn open_text(&mut self, text: String, ctx: &Context) {
        match read_any(text.as_bytes()) {
            Ok(_) => self.leave(After::OpenText(text), ctx),
            Err(error) => self.notices.add(error.say(self.locale())),
        }
    }

    /// Opens the plan in a text; where there is none the present document stays. It lies in no file.
    pub(super) fn take_text(&mut self, text: &str) {
        match read_any(text.as_bytes()) {
            Ok(document) => {
                let document = self.settled(document);
                self.session = Session::new(document, None);
            }
            Err(error) => self.notices.add(error.say(self.locale())),
        }
    }

    /// Puts the document on the clipboard as one text.
    pub(super) fn copy_link(&mut self, ctx: &Context) {
        match to_link(&self.kept_rows(RowDetail::Short)) {
            Ok(text) => self.copied(text, ctx),
            Err(error) => self.notices.add(error.say(self.locale())),
        }
    }
}

/// A text that was pasted where nothing is being typed: an error or a log is read, a command is
/// offered as a plan, else the plan in it is opened.
pub(super) fn pasted(ctx: &Context) -> Option<Command> {
    if ctx.text_edit_focused() {
        return None;
    }
    ctx.input(|input| {
        input.events.iter().find_map(|event| match event {
            Event::Paste(text) if !link::is_in(text) && is_about_memory(text) => {
                Some(Command::Diagnose(Some(text.clone())))
            }
            Event::Paste(text) if is_command(text) => Some(Command::OfferCommand(text.clone())),
            Event::Paste(text) if !text.trim().is_empty() => Some(Command::OpenText(text.clone())),
            _ => None,
        })
    })
}
