//! The language that the system is set to.

use crate::text::Locale;

/// English where the system names none that there is.
pub fn of_system() -> Locale {
    sys_locale::get_locale().map(|tag| Locale::from_system(&tag)).unwrap_or_default()
}
