//! What the program says of itself: which keys do what, what it is made of. And the notes of the document.

use eframe::egui::{Align2, Context, Key as Press, Label, RichText, Role, ScrollArea, TextEdit, Ui, WidgetInfo, vec2};

use super::App;
use super::dialogs::Sheet;
use super::keys;
use super::modal::{Dialog, WIDTH, focus_first};
use crate::catalog::{Catalog, Edition};
use crate::plan::MAX_NOTES;
use crate::text::{Key, Locale, Placeholder};
use crate::ui::command::{CommandEntry, Menu};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::ButtonLook;

/// What the program and its fonts may be used for, and what it is made of.
const LICENSES: [(&str, &str); 5] = [
    ("rigplan, MIT", include_str!("../../LICENSE-MIT")),
    ("rigplan, Apache 2.0", include_str!("../../LICENSE-APACHE")),
    ("Inter, Noto Sans SC", include_str!("../../assets/fonts/OFL.txt")),
    ("data", include_str!("../../assets/data-sources.txt")),
    ("Rust crates (texts: third-party.txt)", include_str!("../../assets/crates.txt")),
];

/// Keys that are no commands: what they do, and how they are written.
const MORE: [(Key, &str); 6] = [
    (Key::KeysPlans, "Alt+1 … 9"),
    (Key::KeysTab, "Tab"),
    (Key::KeysUse, "Enter, Space"),
    (Key::KeysSlider, "← →"),
    (Key::KeysSliderFine, "Shift+← →"),
    (Key::KeysEscape, "Escape"),
];

/// Height of a line of keys.
const LINE: f32 = 24.0;

/// The one thing that can be done in a dialog that only shows something.
#[derive(Debug, Clone, Copy)]
struct Closed;

impl App {
    /// Draws what is open of these.
    pub(super) fn draw_help(&mut self, ctx: &Context) {
        let (Some(sheet), locale) = (self.dialogs.sheet, self.locale()) else { return };
        let closed = match sheet {
            // It is larger than these.
            Sheet::Manual => None,
            Sheet::Keyboard => keyboard(ctx, locale),
            Sheet::About => about(ctx, locale, &self.catalog),
            Sheet::Notes => notes(ctx, locale, self.session.notes_mut()),
        };
        if closed.is_some() {
            self.dialogs.sheet = None;
            ctx.request_repaint();
        }
    }
}

fn keyboard(ctx: &Context, locale: Locale) -> Option<Closed> {
    let buttons = [(locale.word(Key::Close), ButtonLook::Primary, Closed)];
    let dialog = Dialog { id: "keyboard", title: locale.word(Key::KeyboardList), buttons: &buttons, left: Closed };
    dialog.show(ctx, |ui| {
        let height = (ctx.content_rect().height() - 220.0).max(200.0);
        ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
            scroll_by_keys(ui);
            ui.spacing_mut().item_spacing.y = 0.0;
            for menu in Menu::ALL {
                heading(ui, locale.word(menu.label()));
                for entry in
                    CommandEntry::all().iter().filter(|entry| entry.menu == Some(menu) && !entry.keys.is_empty())
                {
                    let keys: Vec<String> = entry.keys.iter().map(|keys| keys::written(ctx, *keys)).collect();
                    line(ui, locale.word(entry.name).trim_end_matches('…'), &keys.join(", "));
                }
            }
            heading(ui, locale.word(Key::KeysEverywhere));
            for (what, keys) in MORE {
                line(ui, locale.word(what), keys);
            }
        });
        None
    })
}

/// What is only read is scrolled by the keys that move in a text.
fn scroll_by_keys(ui: &Ui) {
    let pressed = |key| ui.input(|input| input.key_pressed(key));
    let step = |up, down, by: f32| by * (f32::from(u8::from(pressed(up))) - f32::from(u8::from(pressed(down))));
    let page = ui.clip_rect().height() - LINE;
    let by = step(Press::ArrowUp, Press::ArrowDown, 2.0 * LINE) + step(Press::PageUp, Press::PageDown, page);
    if by != 0.0 {
        ui.scroll_with_delta(vec2(0.0, by));
    }
}

fn heading(ui: &mut Ui, words: &str) {
    ui.add_space(space::S);
    ui.label(RichText::new(words).font(Type::SmallStrong.font()).color(Tokens::of(ui).sec));
}

fn line(ui: &mut Ui, what: &str, keys: &str) {
    let t = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(WIDTH - 24.0, LINE), eframe::egui::Sense::hover());
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(keys.to_owned()),
        ..WidgetInfo::labeled(Role::ListItem, true, what)
    });
    let written = paint::text(ui.painter(), rect.right_center(), Align2::RIGHT_CENTER, keys, Type::Small, t.text);
    let room = written.left() - rect.left() - space::M;
    paint::text_within(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, what, (Type::Body, t.sec), room);
}

fn about(ctx: &Context, locale: Locale, catalog: &Catalog) -> Option<Closed> {
    let title = format!("rigplan {}", env!("CARGO_PKG_VERSION"));
    let buttons = [(locale.word(Key::Close), ButtonLook::Primary, Closed)];
    let dialog = Dialog { id: "about", title: &title, buttons: &buttons, left: Closed };
    dialog.show(ctx, |ui| {
        let t = Tokens::of(ui);
        let say = |ui: &mut Ui, words: &str| {
            ui.add(Label::new(RichText::new(words).font(Type::Body.font()).color(t.sec)).wrap().selectable(true));
        };
        say(ui, locale.word(Key::AboutWhat));
        let Edition { version, date } = Edition::embedded();
        let counts = [
            (Placeholder::Name, version.clone()),
            (Placeholder::Other, date.clone()),
            (Placeholder::Count, catalog.models().count().to_string()),
            (Placeholder::Value, catalog.cards().count().to_string()),
        ];
        let counts = counts.each_ref().map(|(hole, value)| (*hole, value.as_str()));
        say(ui, &locale.sentence(Key::AboutCatalog, &counts));
        if let Some(date) = newest_price(catalog) {
            say(ui, &locale.sentence(Key::AboutPrices, &[(Placeholder::Value, &date)]));
        }
        ui.add_space(space::S);
        ui.label(RichText::new(locale.word(Key::Licenses)).font(Type::SmallStrong.font()).color(t.text));
        ScrollArea::vertical().max_height(260.0).auto_shrink([false, true]).show(ui, |ui| {
            scroll_by_keys(ui);
            for (name, text) in LICENSES {
                ui.label(RichText::new(name).font(Type::SmallStrong.font()).color(t.text));
                let text = RichText::new(text).font(Type::CaptionMono.font()).color(t.faint);
                ui.add(Label::new(text).wrap().selectable(true));
                ui.add_space(space::M);
            }
        });
        None
    })
}

/// The newest date of a price in the catalog.
fn newest_price(catalog: &Catalog) -> Option<String> {
    let book = catalog.price_book();
    let dates = book.iter().filter(|row| row.own.is_none()).filter_map(|row| row.price);
    dates.filter(|price| price.date.year().is_some()).map(|price| price.date.as_str().to_owned()).max()
}

fn notes(ctx: &Context, locale: Locale, notes: &mut String) -> Option<Closed> {
    let title = locale.word(Key::Notes).trim_end_matches('…');
    let buttons = [(locale.word(Key::Close), ButtonLook::Primary, Closed)];
    let dialog = Dialog { id: "notes", title, buttons: &buttons, left: Closed };
    dialog.show(ctx, |ui| {
        let field = TextEdit::multiline(notes)
            .desired_width(f32::INFINITY)
            .desired_rows(10)
            .char_limit(MAX_NOTES)
            .hint_text(locale.word(Key::NotesHint))
            .id_salt("notes");
        let response = ScrollArea::vertical().max_height(320.0).show(ui, |ui| ui.add(field)).inner;
        response.widget_info(|| WidgetInfo::labeled(Role::MultilineTextInput, true, title));
        focus_first(ui, &response);
        None
    })
}
