//! The price book in a window of its own, and its way to a table and back.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::{Align, Context, Frame, Label, Layout, Rect, RichText, Ui, pos2, vec2};

use self_cell::self_cell;

use super::App;
use super::modal::{escaped, heading, modal};
use super::settings::Settings;
use super::{preferences, prices};
use crate::catalog::Catalog;
use crate::catalog::book::BookRow;
use crate::catalog::price::OwnPrice;
use crate::share::price_csv;
use crate::system::clock::today;
use crate::system::own_tables::TableFault;
use crate::system::storage;
use crate::text::{Currency, Fault, Key, Locale, Placeholder, foreign_path};
use crate::ui::book::{self, BookInputs, BookViewState, Report};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button};
use crate::ui::widgets::inside;
use crate::ui::widgets::segmented::segmented;

/// The book is no wider, and leaves so much of the window around it.
const WIDEST: f32 = 1180.0;
const AROUND: f32 = 96.0;
/// Height of the title, with the currency and its rate beside it: so that no currency moves the table.
const TITLE: f32 = 34.0;
/// Width of the title.
const NAME: f32 = 160.0;
/// Width of the currencies, and of what a dollar buys of one.
const CURRENCIES: f32 = 180.0;
const RATE_FIELD: f32 = 120.0;
/// The largest table that is read, in bytes.
const MAX_BYTES: usize = 16 << 20;
/// The ending of tables.
pub(super) const EXTENSION: &str = "csv";

type BookRows<'a> = Vec<BookRow<'a>>;

self_cell! {
    /// The lines of the book, with the catalog that they are of.
    struct RowsOf {
        owner: Arc<Catalog>,
        #[covariant]
        dependent: BookRows,
    }

    impl {Debug}
}

impl RowsOf {
    fn all(catalog: &Arc<Catalog>) -> Self {
        Self::new(Arc::clone(catalog), |catalog| catalog.price_book())
    }
}

/// The book while it is open.
#[derive(Debug)]
pub(super) struct OpenBook {
    rows: RowsOf,
    /// What is wrong with the file of own prices.
    problems: Vec<TableFault>,
    /// Counts the books, so that what follows from one is worked out once.
    generation: u64,
    state: BookViewState,
}

impl App {
    /// Opens the book.
    pub(super) fn open_book(&mut self) {
        let state = BookViewState::opened();
        self.dialogs.book =
            Some(OpenBook { rows: RowsOf::all(&self.catalog), problems: Vec::new(), generation: 0, state });
        self.renew_book();
    }

    /// Takes the prices of the catalog as it is now.
    pub(super) fn renew_book(&mut self) {
        if let Some(book) = &mut self.dialogs.book {
            book.rows = RowsOf::all(&self.catalog);
            book.generation += 1;
            let of_prices = |fault: &&TableFault| fault.is_of(prices::FILE);
            book.problems = self.catalog_problems.iter().filter(of_prices).cloned().collect();
        }
    }

    /// Works everything out with the own prices as they are now, or says why they could not be kept.
    pub(super) fn priced(&mut self, kept: Result<Vec<OwnPrice>, String>) {
        let fault = match kept {
            Ok(prices) => {
                self.take_own_prices(prices);
                None
            }
            Err(line) => Some(line),
        };
        match &mut self.dialogs.book {
            Some(book) => book.state.fault = fault,
            None => fault.into_iter().for_each(|line| self.notices.add(line)),
        }
    }

    /// Counts with these own prices in place of those before.
    fn take_own_prices(&mut self, prices: Vec<OwnPrice>) {
        let (catalog, errors) = self.base.with_own_prices(prices::FILE, prices);
        // A price that is typed now counts, whatever came with the document.
        let before = Arc::clone(&self.base);
        self.session.yield_rows(&before, &catalog);
        self.catalog_problems.retain(|fault| !fault.is_of(prices::FILE));
        self.catalog_problems.extend(errors.into_iter().map(TableFault::Unusable));
        self.use_catalog(Arc::new(catalog));
    }

    /// Draws the book while it is open; what was asked for in it.
    pub(super) fn draw_book(&mut self, ctx: &Context) -> Vec<Command> {
        let locale = self.locale();
        let Some(book) = &mut self.dialogs.book else { return Vec::new() };
        let room = ctx.content_rect().size();
        let size = vec2((room.x - AROUND).min(WIDEST), room.y - AROUND);
        // Escape leaves a price as it was before it closes the book.
        let typing = book.state.typing.is_some();
        let (today, mut commands, mut close) = (today(), Vec::new(), false);
        let modal = modal("price book", ctx).show(ctx, |ui| {
            ui.set_width(size.x);
            ui.set_height(size.y);
            close = head(ui, &mut self.settings, locale);
            ui.add_space(space::S);
            let inputs = BookInputs {
                rows: book.rows.borrow_dependent(),
                generation: book.generation,
                today: &today,
                problems: &book.problems,
                locale,
            };
            Frame::NONE.show(ui, |ui| commands = book::show(ui, &inputs, &mut book.state));
        });
        if close || (!typing && escaped(&modal)) {
            self.dialogs.book = None;
        }
        commands
    }

    /// Takes the prices of a table.
    pub(super) fn import_prices(&mut self, path: &Path) {
        let locale = self.locale();
        let kept = read(path, &self.catalog, locale).and_then(|imported| {
            let taken = !imported.prices.is_empty();
            let kept = taken.then(|| prices::keep_all(self.outside.folders(), &imported.prices, locale)).transpose()?;
            let report = Report {
                taken: imported.prices.len(),
                unchanged: imported.unchanged,
                errors: imported.errors,
                more_errors: imported.more_errors,
            };
            Ok((kept, report))
        });
        match kept {
            Ok((kept, report)) => {
                if let Some(prices) = kept {
                    self.take_own_prices(prices);
                }
                if let Some(book) = &mut self.dialogs.book {
                    book.state.fault = None;
                    book.state.imported = Some(report);
                }
            }
            Err(line) => self.priced(Err(line)),
        }
    }

    /// Writes the book as a table.
    pub(super) fn export_prices(&mut self, path: &Path) {
        let text = price_csv::to_text(&self.catalog.price_book());
        let locale = self.locale();
        let said = match storage::write(path, &text) {
            Ok(()) => locale.sentence(Key::BookWritten, &[(Placeholder::Name, &foreign_path(path))]),
            Err(error) => error.say(locale),
        };
        match &mut self.dialogs.book {
            Some(book) => book.state.fault = Some(said),
            None => self.notices.add(said),
        }
    }
}

/// The title, the currency and the way out; whether it was taken.
fn head(ui: &mut Ui, settings: &mut Settings, locale: Locale) -> bool {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), TITLE));
    inside(ui, "title", rect, |ui| heading(ui, locale.word(Key::BookTitle)));
    let (mut closed, mut left) = (false, rect.right());
    inside(ui, "way out", rect, |ui| {
        ui.with_layout(Layout::right_to_left(Align::TOP), |ui| {
            let response = button(ui, locale.word(Key::Close), ButtonLook::Plain, None);
            left = response.rect.left() - space::XL;
            closed = response.clicked();
        });
    });
    let place = Rect::from_min_size(pos2(left - CURRENCIES, rect.top()), vec2(CURRENCIES, space::FIELD));
    let currencies = Currency::ALL.map(|currency| (currency, currency.code()));
    let name = locale.word(Key::Currency);
    let chosen = inside(ui, "currency", place, |ui| segmented(ui, name, &currencies, settings.currency, CURRENCIES));
    settings.currency = chosen.unwrap_or(settings.currency);
    if settings.currency != Currency::Usd {
        let rate_at = place.translate(vec2(-RATE_FIELD - space::S, 0.0)).with_max_x(place.left() - space::S);
        let id = ui.make_persistent_id(("exchange rate", settings.currency));
        preferences::rate_field(settings, locale, |field| field.show(ui, rate_at, id));
        let words = RichText::new(preferences::rate_source(settings, locale)).font(Type::Caption.font());
        let source = Rect::from_min_max(
            pos2(rect.left() + NAME, rate_at.top()),
            pos2(rate_at.left() - space::S, rate_at.bottom()),
        );
        inside(ui, "rate source", source, |ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add(Label::new(words.color(Tokens::of(ui).faint)).truncate());
            });
        });
    }
    closed
}

fn read(path: &Path, catalog: &Catalog, locale: Locale) -> Result<price_csv::Imported, String> {
    let bytes = storage::read(path, MAX_BYTES).map_err(|error| error.say(locale))?;
    let name = path.file_name().map_or_else(PathBuf::new, PathBuf::from).display().to_string();
    let text =
        String::from_utf8(bytes).ok().ok_or_else(|| locale.sentence(Key::BookNoText, &[(Placeholder::Name, &name)]))?;
    Ok(price_csv::read(&text, catalog, &today(), &name))
}
