//! Plans that come as text: pasted, dropped or named on the command line.

use std::path::PathBuf;

use eframe::egui::{Context, Event};
use percent_encoding::percent_decode_str;

use super::App;
use super::diagnosis::is_about_memory;
use super::draw::opened;
use super::platform::After;
use super::session::Session;
use crate::catalog::frozen::RowDetail;
use crate::share::carrier::link::{self, to_link};
use crate::share::carrier::{CarrierError, Without, read_any};
use crate::share::launch::read::is_command;
use crate::text::Fault;
use crate::ui::command::{Command, Tab};

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
                self.show_document();
            }
            Err(error) => self.notices.add(error.say(self.locale())),
        }
    }

    /// Says of a picture that was pasted that no plan came with it: the clipboard carries what is seen of it alone.
    pub(super) fn hear_picture(&mut self, ctx: &Context, covered: bool) {
        let is_picture = |event: &Event| matches!(event, Event::PasteImage(_));
        if !covered && !ctx.text_edit_focused() && ctx.input(|input| input.events.iter().any(is_picture)) {
            let error = CarrierError::Without(Without::Picture);
            self.notices.add(error.say(self.locale()));
        }
    }

    /// Turns from the view of the machine, which shows nothing of the document, to the plan.
    pub(super) fn show_document(&mut self) {
        if self.tab == Tab::Machine {
            self.tab = Tab::Plan;
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

/// The file that a file manager copied: it hands over the path or the address, one a line.
fn copied_file(text: &str) -> Option<PathBuf> {
    const LONGEST: usize = 4096;
    let line = text.lines().next().filter(|line| line.len() <= LONGEST)?.trim();
    let path = match line.strip_prefix("file://") {
        Some(address) => PathBuf::from(&*percent_decode_str(address).decode_utf8().ok()?),
        None => PathBuf::from(line),
    };
    (path.is_absolute() && path.exists()).then_some(path)
}

/// A text that was pasted where nothing is being typed: an error or a log is read, a command is
/// offered as a plan, a file that was copied is taken as if it was dropped, else the plan in it is opened.
pub(super) fn pasted(ctx: &Context, tab: Tab) -> Option<Command> {
    if ctx.text_edit_focused() {
        return None;
    }
    ctx.input(|input| {
        input.events.iter().find_map(|event| match event {
            Event::Paste(text) if !text.trim().is_empty() => Some(taken(text, tab)),
            _ => None,
        })
    })
}

fn taken(text: &str, tab: Tab) -> Command {
    if !link::is_in(text) && is_about_memory(text) {
        Command::Diagnose(Some(text.to_owned()))
    } else if is_command(text) {
        Command::OfferCommand(text.to_owned())
    } else if let Some(path) = copied_file(text) {
        opened(path, tab)
    } else {
        Command::OpenText(text.to_owned())
    }
}
