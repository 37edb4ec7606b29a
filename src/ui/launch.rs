//! The lines that start a plan, each with what it does and why.

use eframe::egui::{Frame, Label, Margin, RichText, ScrollArea, Ui};

use super::fonts::Type;
use super::theme::{Tokens, radius, space};
use crate::share::launch::Launch;
use crate::text::{Fault, Locale};

/// How far a sentence stands in from its line, in points.
const INDENT: f32 = 16.0;

/// Shows all lines of what is started, one after the other, in the room there is.
pub fn lines(ui: &mut Ui, launches: &[Launch], locale: Locale) {
    let t = Tokens::of(ui);
    ScrollArea::vertical().id_salt("launch lines").auto_shrink(false).show(ui, |ui| {
        let frame = Frame::new().fill(t.bg).corner_radius(radius::CONTROL).inner_margin(Margin::same(12));
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 2.0;
            for line in launches.iter().flat_map(|launch| &launch.lines) {
                if !line.text.is_empty() {
                    let text = RichText::new(&line.text).font(Type::Mono.font()).color(t.text);
                    ui.add(Label::new(text).wrap().selectable(true));
                }
                let Some(why) = &line.why else { continue };
                ui.horizontal_top(|ui| {
                    ui.add_space(INDENT);
                    let why = RichText::new(why.say(locale)).font(Type::Caption.font()).color(t.sec);
                    ui.add(Label::new(why).wrap());
                });
                ui.add_space(space::S / 2.0);
            }
        });
    });
}
