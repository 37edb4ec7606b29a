//! A list of rows of one height, of which only those in sight are drawn.

use eframe::egui::{Rect, ScrollArea, Ui};

/// The list.
#[derive(Debug, Clone, Copy)]
pub struct LongList {
    /// Tells it from other lists.
    pub salt: &'static str,
    /// Rows in all.
    pub count: usize,
    /// Height of each, in points.
    pub height: f32,
    /// The row that is scrolled to.
    pub revealed: Option<usize>,
}

impl LongList {
    /// Draws each row that is in sight in its place.
    pub fn show(&self, ui: &mut Ui, mut row: impl FnMut(&mut Ui, usize, Rect)) {
        let Self { count, height, .. } = *self;
        ScrollArea::vertical().id_salt(self.salt).auto_shrink(false).show_viewport(ui, |ui, viewport| {
            ui.set_height(height * count as f32);
            let (top, across) = (ui.max_rect().top(), ui.max_rect().x_range());
            let place_of = |index: usize| {
                let y = top + height * index as f32;
                Rect::from_x_y_ranges(across, y..=y + height)
            };
            if let Some(index) = self.revealed {
                ui.scroll_to_rect(place_of(index), None);
            }
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the list")]
            let (first, last) =
                ((viewport.min.y / height).max(0.0) as usize, (viewport.max.y / height).ceil() as usize);
            for index in first..last.min(count) {
                row(ui, index, place_of(index));
            }
        });
    }
}
