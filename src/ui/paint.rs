//! Text and patterns.
