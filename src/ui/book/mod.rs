//! The price book: every card and part with its price, date and source; prices are typed in place.

mod names;
mod price_table;
mod row;

use std::collections::HashSet;

use eframe::egui::{Label, Rect, RichText, Role, ScrollArea, TextEdit, Ui, WidgetInfo, vec2};

use super::command::Command;
use super::fonts::Type;
use super::theme::{Tokens, space};
use super::widgets::button::{Look, button};
use super::widgets::inside;
use super::widgets::segmented::segmented;
use crate::advise::builder::words;
use crate::catalog::book::BookRow;
use crate::catalog::source::{Date, PriceKind};
use crate::share::price_csv::LineError;
use crate::system::own_tables::TableFault;
use crate::text::{Fault, Key, Locale, Placeholder};

/// Width of the search field, and of the choice beside it.
const SEARCH: f32 = 240.0;
const CHOICE: f32 = 300.0;
/// Height of the lines that an import left out.
const LEFT_OUT: f32 = 76.0;

/// What the book draws.
#[derive(Clone, Copy)]
pub struct BookInputs<'a> {
    /// Every line of the book.
    pub rows: &'a [BookRow<'a>],
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
    /// Which lines are shown.
    pub shown: Shown,
    /// The price that is being typed: of which part and kind, and so far.
    pub typing: Option<(String, PriceKind, String)>,
    /// What the last import came to.
    pub imported: Option<Report>,
    /// What went wrong last, or was done.
    pub fault: Option<String>,
    /// The search field is to have the keyboard: the book was opened just now.
    pub takes_keyboard: bool,
}

/// Which lines are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Shown {
    /// All.
    #[default]
    All,
    /// Those with a price of the user's own.
    Own,
    /// Those whose price is older than six months.
    Old,
    /// Those of things without any price.
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
    pub errors: Vec<LineError>,
    /// How many more were left out.
    pub more_errors: usize,
}

/// Shows the book in the room there is.
pub fn show(ui: &mut Ui, inputs: &BookInputs<'_>, state: &mut BookViewState) -> Vec<Command> {
    let mut commands = Vec::new();
    tools(ui, inputs, state, &mut commands);
    reports(ui, inputs, state);
    ui.add_space(space::S);
    let shown = listed(inputs, state);
    let (_, rect) = ui.allocate_space(ui.available_size());
    inside(ui, "book", rect, |ui| price_table::show(ui, &shown, inputs, state, &mut commands));
    commands
}

/// Search, choice, import and export.
fn tools(ui: &mut Ui, inputs: &BookInputs<'_>, state: &mut BookViewState, commands: &mut Vec<Command>) {
    let locale = inputs.locale;
    ui.horizontal(|ui| {
        let search = TextEdit::singleline(&mut state.query)
            .id_salt("book search")
            .font(Type::Body.font())
            .hint_text(locale.word(Key::BookSearch))
            .desired_width(SEARCH);
        let search = ui.add(search);
        search.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, locale.word(Key::BookSearch)));
        if std::mem::take(&mut state.takes_keyboard) {
            search.request_focus();
        }
        let options = [
            (Shown::All, locale.word(Key::BookAll)),
            (Shown::Own, locale.word(Key::BookOwn)),
            (Shown::Old, locale.word(Key::BookOld)),
            (Shown::Missing, locale.word(Key::BookMissing)),
        ];
        if let Some(chosen) = segmented(ui, locale.word(Key::BookShown), &options, state.shown, CHOICE) {
            state.shown = chosen;
        }
        for command in [Command::ImportPrices, Command::ExportPrices] {
            let response = button(ui, locale.word(command.label()), Look::Plain, None);
            if response.on_hover_text(locale.word(command.tooltip())).clicked() {
                commands.push(command);
            }
        }
    });
}

/// What the last import came to, and what is wrong with the file of own prices.
fn reports(ui: &mut Ui, inputs: &BookInputs<'_>, state: &mut BookViewState) {
    let locale = inputs.locale;
    let mut lines: Vec<String> =
        inputs.problems.iter().map(|fault| fault.say(locale)).chain(state.fault.clone()).collect();
    if let Some(Report { taken, unchanged, errors, more_errors }) = &state.imported {
        let left = errors.len() + more_errors;
        let (taken, unchanged, left) = (taken.to_string(), unchanged.to_string(), left.to_string());
        let holes =
            [(Placeholder::Count, taken.as_str()), (Placeholder::Value, &unchanged), (Placeholder::Other, &left)];
        lines.push(locale.sentence(Key::BookTaken, &holes));
        lines.extend(errors.iter().map(|error| error.say(locale)));
        if *more_errors > 0 {
            lines.push(locale.sentence(Key::BookMoreLines, &[(Placeholder::Count, &more_errors.to_string())]));
        }
    }
    if lines.is_empty() {
        return;
    }
    ui.add_space(space::S);
    let t = Tokens::of(ui);
    ScrollArea::vertical().id_salt("book reports").max_height(LEFT_OUT).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 2.0);
        for line in &lines {
            let words = RichText::new(line).font(Type::Small.font()).color(t.text);
            ui.add(Label::new(words).wrap().selectable(true));
        }
    });
    if (state.imported.is_some() || state.fault.is_some())
        && button(ui, locale.word(Key::Dismiss), Look::Plain, None).clicked()
    {
        state.imported = None;
        state.fault = None;
    }
}

/// The lines that are searched for and chosen.
fn listed<'a>(inputs: &BookInputs<'a>, state: &BookViewState) -> Vec<&'a BookRow<'a>> {
    let words: Vec<String> = state.query.split_whitespace().map(str::to_lowercase).collect();
    let priced: HashSet<&str> = match state.shown {
        Shown::Missing => inputs.rows.iter().filter(|row| row.price.is_some()).map(|row| row.id).collect(),
        _ => HashSet::new(),
    };
    let chosen = |row: &&BookRow<'_>| match state.shown {
        Shown::All => true,
        Shown::Own => row.own.is_some(),
        Shown::Old => row.is_stale(inputs.today),
        Shown::Missing => !priced.contains(row.id),
    };
    let found = |row: &&BookRow<'_>| {
        if words.is_empty() {
            return true;
        }
        let text = format!("{} {} {}", row.name, row.id, inputs.locale.word(words::kind(row.part_kind))).to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    inputs.rows.iter().filter(chosen).filter(found).collect()
}

/// The cells of a line: name, goods, kind of price, price, date, source, and what takes the catalog's price again.
fn places(rect: Rect) -> [Rect; 7] {
    const SHARES: [f32; 7] = [0.29, 0.11, 0.09, 0.11, 0.13, 0.23, 0.04];
    let mut left = rect.left();
    SHARES.map(|share| {
        let cell = rect.with_min_x(left).with_max_x(left + rect.width() * share);
        left = cell.right();
        cell.shrink2(vec2(6.0, 0.0))
    })
}
