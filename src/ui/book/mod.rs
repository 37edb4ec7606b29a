//! The price book: every card and part with what it costs new, used and at launch; prices are typed in place.

mod cells;
mod column;
mod cursor;
mod keys;
mod listing;
mod names;
mod price_cell;
mod price_table;
mod reports;
mod row;

use eframe::egui::{Role, TextEdit, Ui, WidgetInfo};

use super::command::Command;
use super::fonts::Type;
use super::theme::space;
use super::widgets::button::{ButtonLook, button};
use super::widgets::inside;
use super::widgets::segmented::segmented;
use crate::catalog::book::BookRow;
use crate::catalog::source::{Date, PriceKind};
use crate::share::price_csv::PriceLineError;
use crate::system::own_tables::TableFault;
use crate::text::{Key, Locale};
use cursor::BookCursor;
use listing::BookListing;

/// Width of the search field, and of the choice beside it.
const SEARCH: f32 = 240.0;
const CHOICE: f32 = 300.0;

/// What the book draws.
#[derive(Clone, Copy)]
pub struct BookInputs<'a> {
    /// Every line of the book.
    pub rows: &'a [BookRow<'a>],
    /// Another number whenever the lines are others.
    pub generation: u64,
    /// Today, by which prices are old.
    pub today: &'a Date,
    /// What is wrong with the file of own prices, one line each.
    pub problems: &'a [TableFault],
    /// The language of the words.
    pub locale: Locale,
}

/// What the book keeps between frames.
#[derive(Debug, Clone, Default)]
pub struct BookViewState {
    /// What is searched for.
    pub query: String,
    /// Which parts are shown.
    pub shown: BookFilter,
    /// The price that is being typed.
    pub typing: Option<TypedPrice>,
    /// What the last import came to.
    pub imported: Option<Report>,
    /// What went wrong last, or was done.
    pub fault: Option<String>,
    /// The search field is to have the keyboard: the book was opened just now.
    pub takes_keyboard: bool,
    listing: BookListing,
    /// The price that the keyboard is at.
    cursor: BookCursor,
    /// A row to be scrolled to.
    revealed: Option<usize>,
}

impl BookViewState {
    /// A book that was opened just now.
    pub fn opened() -> Self {
        Self { takes_keyboard: true, ..Self::default() }
    }
}

/// A price that is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedPrice {
    /// Of which part, by its id.
    pub part: String,
    /// What it is a price of.
    pub kind: PriceKind,
    /// So far.
    pub typed: String,
}

/// Which parts are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum BookFilter {
    /// All.
    #[default]
    All,
    /// Those with a price of the user's own.
    Own,
    /// Those whose price is older than six months.
    Old,
    /// Those without any price.
    Missing,
}

/// What an import came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Prices that were taken.
    pub taken: usize,
    /// Lines that said nothing new.
    pub unchanged: usize,
    /// Why lines were left out: of the first of them.
    pub errors: Vec<PriceLineError>,
    /// How many more were left out.
    pub more_errors: usize,
}

/// Shows the book in the room there is.
pub fn show(ui: &mut Ui, inputs: &BookInputs<'_>, state: &mut BookViewState) -> Vec<Command> {
    let mut commands = Vec::new();
    tools(ui, inputs, state, &mut commands);
    reports::show(ui, inputs, state);
    ui.add_space(space::S);
    listing::refresh(inputs, state);
    let (_, rect) = ui.allocate_space(ui.available_size());
    inside(ui, "book", rect, |ui| price_table::show(ui, inputs, state, &mut commands));
    commands
}

/// Search, choice, import and export.
fn tools(ui: &mut Ui, inputs: &BookInputs<'_>, state: &mut BookViewState, commands: &mut Vec<Command>) {
    let locale = inputs.locale;
    ui.horizontal_wrapped(|ui| {
        let room = ui.available_width();
        let search = TextEdit::singleline(&mut state.query)
            .id_salt("book search")
            .font(Type::Body.font())
            .hint_text(locale.word(Key::BookSearch))
            .desired_width(SEARCH.min(room - 8.0));
        let search = ui.add(search);
        search.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, locale.word(Key::BookSearch)));
        if std::mem::take(&mut state.takes_keyboard) {
            search.request_focus();
        }
        let options = [
            (BookFilter::All, locale.word(Key::BookAll)),
            (BookFilter::Own, locale.word(Key::BookOwn)),
            (BookFilter::Old, locale.word(Key::BookOld)),
            (BookFilter::Missing, locale.word(Key::BookMissing)),
        ];
        if let Some(chosen) = segmented(ui, locale.word(Key::BookShown), &options, state.shown, CHOICE.min(room)) {
            state.shown = chosen;
        }
        for command in [Command::ImportPrices, Command::ExportPrices] {
            let response = button(ui, locale.word(command.label()), ButtonLook::Plain, None);
            if response.on_hover_text(locale.word(command.tooltip())).clicked() {
                commands.push(command);
            }
        }
    });
}
