//! One value out of a few, in a row.

use eframe::egui::Ui;

use super::rows;
use crate::text::{Key, Locale};
use crate::ui::widgets::picker::Picker;
use crate::ui::widgets::segmented::segmented;

/// A short list in a row.
pub(super) fn list(
    ui: &mut Ui,
    locale: Locale,
    (key, salt): (Key, &'static str),
    current: &str,
    labels: &[&str],
) -> Option<usize> {
    let name = locale.word(key);
    rows::row(ui, (name, salt), 150.0, |ui| {
        let picker = Picker {
            salt,
            name,
            current: (current, ""),
            search: None,
            nothing: |_| String::new(),
            size: (150.0, 26.0),
            quiet: false,
        };
        picker.show(ui, |_| (0..labels.len()).collect(), |place| (labels[place].to_owned(), String::new()))
    })
}

/// A list of named values in a row.
pub(super) fn named<T: Copy + PartialEq>(
    ui: &mut Ui,
    locale: Locale,
    key: (Key, &'static str),
    choices: &[(T, &str)],
    value: &mut T,
) {
    let labels: Vec<&str> = choices.iter().map(|(_, name)| *name).collect();
    let current = choices.iter().find(|(choice, _)| choice == value).map_or("", |(_, name)| name);
    if let Some((choice, _)) = list(ui, locale, key, current, &labels).and_then(|place| choices.get(place)) {
        *value = *choice;
    }
}

/// A choice of two in a row.
pub(super) fn switch<T: Copy + PartialEq>(
    ui: &mut Ui,
    (name, salt): (&str, &'static str),
    options: &[(T, &str)],
    value: &mut T,
) {
    let chosen = rows::row(ui, (name, salt), 164.0, |ui| segmented(ui, name, options, *value, 164.0));
    *value = chosen.unwrap_or(*value);
}
