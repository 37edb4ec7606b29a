//! Words in two languages.
