//! The settings: theme, language, how quantities are written, motion, the user's own tables.

use std::path::Path;

use eframe::egui::{Context, Label, RichText, ScrollArea, ThemePreference, Ui};

use super::modal::{Dialog, WIDTH};
use super::settings::Settings;
use crate::catalog::exchange::ExchangeRates;
use crate::system::own_tables::TableFault;
use crate::text::{self, Currency, Fault, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::row::Row;
use crate::ui::widgets::typed;
use crate::ui::widgets::value_field::ValueField;

/// Width of the controls at the right of their names.
const CONTROL: f32 = 300.0;
/// How many mistakes of the user's own tables are listed; a file of something else has as many as it has lines.
const MOST_PROBLEMS: usize = 50;

/// The user's own tables, as the settings show them.
pub(super) struct OwnTables<'a> {
    pub(super) folder: Option<&'a Path>,
    pub(super) problems: &'a [TableFault],
}

/// What was done in the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PreferencesAction {
    /// They were left.
    Closed,
    /// The folder of the user's own tables is to be shown.
    ShowFolder,
    /// The user's own tables are to be read anew.
    Reload,
}

/// Draws the settings.
pub(super) fn show(
    ctx: &Context,
    settings: &mut Settings,
    locale: Locale,
    own: &OwnTables<'_>,
) -> Option<PreferencesAction> {
    let dialog = Dialog {
        id: "settings",
        title: locale.word(Key::SettingsTitle),
        buttons: &[(locale.word(Key::Close), ButtonLook::Primary, PreferencesAction::Closed)],
        left: PreferencesAction::Closed,
    };
    dialog.show(ctx, |ui| {
        looks(ui, settings, locale);
        currency(ui, settings, locale);
        check_box(ui, locale.word(Key::ReduceMotion), "", &mut settings.reduce_motion, WIDTH);
        own.folder.and_then(|folder| own_tables(ui, locale, folder, own.problems))
    })
}

fn looks(ui: &mut Ui, settings: &mut Settings, locale: Locale) {
    let as_system = locale.word(Key::ThemeSystem);
    let themes = [
        (ThemePreference::System, as_system),
        (ThemePreference::Dark, locale.word(Key::ThemeDark)),
        (ThemePreference::Light, locale.word(Key::ThemeLight)),
    ];
    choice(ui, locale.word(Key::Theme), "theme", &themes, &mut settings.theme);
    let languages = [(None, as_system), (Some(Locale::En), Locale::En.name()), (Some(Locale::Zh), Locale::Zh.name())];
    let mut language = settings.language;
    choice(ui, locale.word(Key::Language), "language", &languages, &mut language);
    if language != settings.language {
        settings.choose_language(language);
    }
}

/// The currency, and for one that prices are not kept in what a dollar buys of it.
fn currency(ui: &mut Ui, settings: &mut Settings, locale: Locale) {
    let currencies = Currency::ALL.map(|currency| (currency, currency.code()));
    choice(ui, locale.word(Key::Currency), "currency", &currencies, &mut settings.currency);
    if settings.currency != Currency::Usd {
        rate(ui, settings, locale);
    }
}

/// What a dollar buys of the currency, which the user may set: `show` draws the field and answers what was typed.
pub(super) fn rate_field(settings: &mut Settings, locale: Locale, show: impl FnOnce(ValueField<'_>) -> Option<f64>) {
    let reading = settings.per_usd().map_or_else(|| locale.word(Key::NotSet).to_owned(), |rate| text::trimmed(rate, 4));
    let typed = show(ValueField {
        name: locale.word(Key::ExchangeRate),
        reading: &reading,
        unit: settings.currency.code(),
        hint: "",
        parse: &typed::number(locale, text::parse_number),
        boxed: true,
    });
    if let Some(typed) = typed {
        settings.set_own_rate(Some(typed));
    }
}

/// The exchange rate, which the user may set, and where it is from.
fn rate(ui: &mut Ui, settings: &mut Settings, locale: Locale) {
    let currency = settings.currency;
    rate_field(settings, locale, |field| {
        ui.push_id(currency, |ui| row(field.name, "exchange rate").field(ui, field)).inner
    });
    let words = rate_source(settings, locale);
    ui.horizontal(|ui| {
        ui.add_space(WIDTH - CONTROL - ui.spacing().item_spacing.x);
        ui.set_width(CONTROL);
        let words = RichText::new(words).font(Type::Caption.font()).color(Tokens::of(ui).faint);
        ui.add(Label::new(words).wrap());
    });
}

/// Where the exchange rate is from.
pub(super) fn rate_source(settings: &Settings, locale: Locale) -> String {
    match (settings.own_rate(), ExchangeRates::published()) {
        (Some(_), _) => locale.word(Key::OwnRate).to_owned(),
        (None, Some(rates)) => locale.sentence(
            Key::PublishedRate,
            &[(Placeholder::Name, rates.source.as_str()), (Placeholder::Value, rates.date.as_str())],
        ),
        (None, None) => locale.word(Key::NoData).to_owned(),
    }
}

/// Where the user's own tables lie and what is wrong with them; what is to be done about them.
fn own_tables(ui: &mut Ui, locale: Locale, folder: &Path, problems: &[TableFault]) -> Option<PreferencesAction> {
    let t = Tokens::of(ui);
    ui.add_space(space::M);
    ui.label(RichText::new(locale.word(Key::OwnTables)).font(Type::Small.font()).color(t.sec));
    let selectable = |ui: &mut Ui, text: RichText| ui.add(Label::new(text).wrap().selectable(true));
    selectable(ui, RichText::new(folder.display().to_string()).font(Type::Mono.font()));
    ui.label(RichText::new(locale.word(Key::OwnTablesHint)).font(Type::Caption.font()).color(t.faint));
    ScrollArea::vertical().max_height(120.0).show(ui, |ui| {
        let said = problems.iter().take(MOST_PROBLEMS).map(|problem| problem.say(locale));
        let more = problems.len().saturating_sub(MOST_PROBLEMS);
        let more = (more > 0).then(|| {
            let count = text::count(u64::try_from(more).unwrap_or(u64::MAX));
            locale.sentence(Key::BookMoreLines, &[(Placeholder::Count, &count)])
        });
        for line in said.chain(more) {
            selectable(ui, RichText::new(line).font(Type::Small.font()).color(t.text));
        }
    });
    let mut asked = None;
    ui.horizontal(|ui| {
        for (key, meaning) in
            [(Key::ShowFolder, PreferencesAction::ShowFolder), (Key::Reload, PreferencesAction::Reload)]
        {
            if button(ui, locale.word(key), ButtonLook::Plain, None).clicked() {
                asked = Some(meaning);
            }
        }
    });
    asked
}

fn choice<T: PartialEq + Copy>(ui: &mut Ui, name: &str, salt: &'static str, options: &[(T, &str)], value: &mut T) {
    if let Some(chosen) = row(name, salt).choice(ui, options, *value) {
        *value = chosen;
    }
}

/// A row as wide as the dialog.
const fn row<'a>(name: &'a str, salt: &'static str) -> Row<'a> {
    Row { name, tip: None, salt, width: WIDTH, control: Some(CONTROL), gap: 0.0 }
}
