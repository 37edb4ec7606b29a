//! What is drawn: theme, widgets and views. Views take an estimate and edit a plan; they compute no domain quantity.

mod axes;
pub mod book;
pub mod builder;
pub mod cards;
pub mod command;
pub mod compare;
pub mod explain;
pub mod fonts;
pub mod glossary;
pub mod icons;
pub mod launch;
pub mod local_models;
pub mod machine;
pub mod manual;
pub mod paint;
pub mod palette;
pub mod plan;
pub mod rent;
pub mod start;
pub mod theme;
mod typed_price;
pub mod widgets;
pub mod words;
