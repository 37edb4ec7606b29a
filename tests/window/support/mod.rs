//! What the tests of the window share.

mod drive;
mod plan_scene;

pub(crate) use drive::{
    TALL, View, WIDE, chord, click, ctrl, labels, pick, press, set, type_into, type_over, window, window_in,
};
pub(crate) use plan_scene::{Scene, band, plan, plans_with_every_input};
