//! What arrows mean, and where the prices come from.

use eframe::egui::{Label, RichText, Ui};

use super::CompareFrame;
use crate::advise::compare::words::prices;
use crate::text::{Key, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::theme::Tokens;

pub(super) fn show(ui: &mut Ui, frame: &CompareFrame<'_>) {
    let faint = Tokens::of(ui).faint;
    let locale = frame.inputs.locale;
    let mut line = |words: &str| {
        ui.add(Label::new(RichText::new(words).font(Type::Caption.font()).color(faint)).wrap());
        ui.add_space(4.0);
    };
    let (compared, held) = (frame.inputs.plans.len(), frame.inputs.held);
    if compared < held {
        let holes = [(Placeholder::Count, &*compared.to_string()), (Placeholder::Value, &*held.to_string())];
        line(&locale.sentence(Key::CompareSome, &holes));
    }
    if compared > 1 {
        line(locale.word(Key::CompareLegend));
    }
    let prices = prices(frame.inputs.sides.iter(), locale);
    if !prices.is_empty() {
        line(&prices);
    }
}
