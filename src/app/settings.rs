//! What the user prefers, kept between runs beside the window's size. Plans are files of their own.

use eframe::egui;
use serde::{Deserialize, Serialize};

use crate::text::Locale;

/// What the user prefers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Light, dark, or as the system has it.
    pub theme: egui::ThemePreference,
    /// The language, or the system's where none was chosen.
    pub language: Option<Locale>,
}
