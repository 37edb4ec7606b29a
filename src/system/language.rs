//! The language that the system is set to.

use crate::text::Locale;

/// The tag of language and country that the system is set to, such as `en-GB`.
pub fn tag() -> Option<String> {
    sys_locale::get_locale()
}

/// English where the system names none that there is.
pub fn of_system() -> Locale {
    tag().map(|tag| Locale::from_system(&tag)).unwrap_or_default()
}
