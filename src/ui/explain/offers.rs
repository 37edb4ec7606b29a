//! What helps, as cards beside the caption: each a changed plan with its verdict and figures.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::plan::SceneId;
use crate::scenes::Scene;
use crate::scenes::offer::Offer;
use crate::scenes::spans::Tongue;
use crate::text::{Key, Locale};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};

/// Height of a card.
const HEIGHT: f32 = 74.0;

/// Shows the offers of a stop in `rect`, side by side; what was taken by pointer or by the key of its number.
pub(super) fn show(
    ui: &Ui,
    rect: Rect,
    (scene, stop): (&Scene, usize),
    (tongue, locale): (Tongue, Locale),
    pressed: Option<usize>,
) -> Option<Command> {
    let offers: Vec<&Offer> = scene.offers.iter().filter(|offer| offer.stop == stop).collect();
    let width = (rect.width() + 12.0) / offers.len().max(1) as f32 - 12.0;
    let mut taken = pressed.and_then(|place| offers.get(place).copied());
    for (place, offer) in offers.iter().enumerate() {
        let left = rect.left() + place as f32 * (width + 12.0);
        let card = Rect::from_min_size(pos2(left, rect.top()), vec2(width, HEIGHT));
        if show_card(ui, card, (scene, offer), place, (tongue, locale)) {
            taken = Some(offer);
        }
    }
    let offer = taken?;
    let name = scene.say(&offer.name, tongue, locale);
    let command = Command::ApplyWay { name, plan: offer.plan.clone() };
    // An example of the scene's own does not replace what the reader plans.
    Some(if scene.id == SceneId::YourPlan { command } else { Command::InNewPlan(Box::new(command)) })
}

fn show_card(
    ui: &Ui,
    rect: Rect,
    (scene, offer): (&Scene, &Offer),
    place: usize,
    (tongue, locale): (Tongue, Locale),
) -> bool {
    let t = Tokens::of(ui);
    let say = |said| scene.say(said, tongue, locale);
    let (name, about, figures) = (say(&offer.name), say(&offer.about), say(&offer.figures));
    let response = ui.interact(rect, ui.scope_id().with(("offer", place)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{name}: {about}. {figures}")));
    let (fill, edge) = if response.hovered() || response.has_focus() { (t.hover, t.text) } else { (t.raised, t.rail) };
    let painter = ui.painter();
    painter.rect(rect, radius::CONTROL, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    icons::verdict(painter, rect.left_top() + vec2(20.0, 18.0), offer.verdict, t);
    let room = rect.width() - 62.0;
    let left = rect.left() + 34.0;
    let lines = [
        (18.0, &name, Type::BodyStrong, t.text, room - 4.0),
        (38.0, &about, Type::Small, t.sec, room + 22.0),
        (58.0, &figures, Type::SmallStrong, t.text, room + 22.0),
    ];
    for (y, words, step, ink, room) in lines {
        paint::text_within(painter, pos2(left, rect.top() + y), Align2::LEFT_CENTER, words, (step, ink), room);
    }
    let cap = Rect::from_center_size(rect.right_top() + vec2(-18.0, 18.0), vec2(18.0, 20.0));
    painter.rect_stroke(cap, radius::SEGMENT, Stroke::new(1.0, t.rail), StrokeKind::Inside);
    paint::text(painter, cap.center(), Align2::CENTER_CENTER, &(place + 1).to_string(), Type::CaptionStrong, t.sec);
    paint::focus_ring(ui, &response, radius::CONTROL);
    let clicked = response.clicked();
    let does = if scene.id == SceneId::YourPlan { Key::TipScenePut } else { Key::TipSceneOffer };
    response.on_hover_text(format!("{about}\n{figures}\n{}", locale.word(does)));
    clicked
}
