//! What is said of a way on hover: where it lies, the band of the speed, the price's source, the figures of the loss.

use eframe::egui::{Label, RectAlign, Response, RichText, Tooltip, Ui};

use super::LadderContext;
use crate::advise::remedies::words::figure;
use crate::advise::remedies::{Change, Cost, PlanOutcome, Recipe, Remedy, Standing, is_static, methods, parameters};
use crate::text::{self, Concept, Key, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::theme::{Ink, Tokens};
use crate::ui::words;
use crate::units::{Band, Bytes};

/// Between a row and its tip, in points.
const TIP_GAP: f32 = 20.0;

/// Shows a tip at the left of what it explains, over neither its figures nor its neighbors'.
pub(super) fn beside(response: &Response, show: impl FnOnce(&mut Ui)) {
    let mut tip = Tooltip::for_enabled(response);
    tip.popup = tip.popup.align(RectAlign::LEFT_START).align_alternatives(&[RectAlign::LEFT_END]).gap(TIP_GAP);
    tip.show(show);
}

/// What a way comes to, with its sources.
pub(super) fn way(ui: &mut Ui, way: &Remedy, name: &str, drawn: LadderContext<'_>) {
    let t = Tokens::of(ui);
    line(ui, name, (Type::SmallStrong, t.text));
    outcome(ui, &way.after, drawn);
    if matches!(way.change, Change::Ram(_)) && way.standing == Standing::NoChange {
        line(ui, drawn.speech.locale.word(Key::WayCapacityTip), (Type::Caption, t.sec));
    }
    cost(ui, &way.cost, drawn);
    loss(ui, &way.change, way, drawn);
}

/// What a recipe comes to.
pub(super) fn recipe(ui: &mut Ui, recipe: &Recipe, name: &str, drawn: LadderContext<'_>) {
    let t = Tokens::of(ui);
    line(ui, name, (Type::SmallStrong, t.text));
    for change in &recipe.changes {
        line(ui, &drawn.speech.change(change, &recipe.after), (Type::Small, t.text));
    }
    outcome(ui, &recipe.after, drawn);
    cost(ui, &recipe.cost, drawn);
    if recipe.plan.workload.task.trains() {
        return;
    }
    let words = drawn.speech.loss(recipe.loss, parameters(&recipe.plan, drawn.speech.catalog));
    line(ui, &words, (Type::Caption, t.sec));
}

fn outcome(ui: &mut Ui, after: &PlanOutcome, drawn: LadderContext<'_>) {
    let t = Tokens::of(ui);
    let locale = drawn.speech.locale;
    line(ui, locale.word(words::verdict(after.verdict)), (Type::Small, t.text));
    let in_vram = after.needed - after.in_host;
    let holes = [
        (Placeholder::Value, words::gib(after.needed)),
        (Placeholder::Vram, words::gib(in_vram)),
        (Placeholder::Ram, words::gib(after.in_host)),
    ];
    let holes: Vec<(Placeholder, &str)> = holes.iter().map(|(hole, value)| (*hole, value.as_str())).collect();
    line(ui, &locale.sentence(Key::WayNeeds, &holes), (Type::Caption, t.sec));
    let mut band = |key, band: Option<Band<f64>>| {
        if let Some(band) = band {
            let value = format!("{} ({})", figure(band.expected), text::range(&figure(band.low), &figure(band.high)));
            line(ui, &locale.sentence(key, &[(Placeholder::Value, &value)]), (Type::Caption, t.sec));
        }
    };
    let trains = after.peak > Bytes::ZERO;
    band(if trains { Key::WayTrains } else { Key::WayDecode }, after.decode);
    // Of one sequence both are the same.
    band(Key::WayDecodeTotal, after.decode_total.filter(|total| Some(*total) != after.decode));
}

fn cost(ui: &mut Ui, cost: &Cost, drawn: LadderContext<'_>) {
    let t = Tokens::of(ui);
    let (Cost::Usd { source, .. } | Cost::Rent { source, .. }) = cost else { return };
    line(ui, &drawn.speech.cost(cost), (Type::Small, t.text));
    for from in source {
        line(ui, &from.line(drawn.speech.locale), (Type::Caption, t.faint));
    }
}

fn loss(ui: &mut Ui, change: &Change, way: &Remedy, drawn: LadderContext<'_>) {
    let t = Tokens::of(ui);
    for made_once in change.parts().iter().filter_map(is_static) {
        let concept = if made_once { Concept::StaticQuantization } else { Concept::DynamicQuantization };
        line(ui, &concept.line(drawn.speech.locale), (Type::Caption, t.sec));
    }
    let parameters = parameters(&way.plan, drawn.speech.catalog);
    for method in methods(change) {
        let own = crate::catalog::quality::loss(method, parameters);
        line(ui, &drawn.speech.loss(own, parameters), (Type::Small, t.text));
        for (place, words) in drawn.speech.figures(method, parameters, own).iter().enumerate() {
            line(ui, words, (Type::Caption, if place == 0 { t.sec } else { t.faint }));
        }
    }
}

fn line(ui: &mut Ui, words: &str, (step, ink): (Type, Ink)) {
    ui.spacing_mut().item_spacing.y = 3.0;
    ui.add(Label::new(RichText::new(words).font(step.font()).color(ink)).wrap());
}
