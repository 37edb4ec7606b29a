//! What helps, as cards beside the caption: each a changed plan with its verdict and figures. Where words have no room in
//! cards they are lines under each other.

use eframe::egui::{Align2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::estimate::Verdict;
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

/// Height of a card, and of a line; what lies between two.
const HEIGHT: f32 = 74.0;
const LINE: f32 = 28.0;
const GAP: f32 = 12.0;
const LINE_GAP: f32 = 3.0;
/// From the left edge to the words, and the room of the key at the right.
const INDENT: f32 = 34.0;
const KEY: f32 = 32.0;
/// What is said of a way in less room than this is left to its tip.
const LEAST_ABOUT: f32 = 60.0;

/// What was done with the offers.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Looked {
    /// One was taken.
    pub(super) command: Option<Command>,
    /// The one that the pointer or the keyboard is on, counted among those of the stop.
    pub(super) at: Option<usize>,
}

/// An offer in words.
struct Words {
    name: String,
    about: String,
    figures: String,
    verdict: Verdict,
}

/// Shows the offers of a stop in `rect`; what was taken by pointer or by the key of its number.
pub(super) fn show(
    ui: &Ui,
    rect: Rect,
    (scene, stop): (&Scene, usize),
    (tongue, locale): (Tongue, Locale),
    pressed: Option<usize>,
) -> Looked {
    let offers: Vec<&Offer> = scene.offers.iter().filter(|offer| offer.stop == stop).collect();
    let say = |said| scene.say(said, tongue, locale);
    let words: Vec<Words> = offers
        .iter()
        .map(|offer| Words {
            name: say(&offer.name),
            about: say(&offer.about),
            figures: say(&offer.figures),
            verdict: offer.verdict,
        })
        .collect();
    let width = (rect.width() + GAP) / offers.len().max(1) as f32 - GAP;
    let as_cards = words.iter().all(|words| has_room(ui, words, width));
    let does = if scene.id == SceneId::YourPlan { Key::TipScenePut } else { Key::TipSceneOffer };
    let mut looked = Looked::default();
    let mut taken = pressed.and_then(|place| offers.get(place).copied());
    for (place, (offer, words)) in offers.iter().zip(&words).enumerate() {
        let at = place as f32;
        let area = if as_cards {
            Rect::from_min_size(pos2(rect.left() + at * (width + GAP), rect.top()), vec2(width, HEIGHT))
        } else {
            Rect::from_min_size(pos2(rect.left(), rect.top() + at * (LINE + LINE_GAP)), vec2(rect.width(), LINE))
        };
        let response = show_one(ui, area, words, place, as_cards);
        if response.hovered() || response.has_focus() {
            looked.at = Some(place);
        }
        if response.clicked() {
            taken = Some(offer);
        }
        response.on_hover_text(format!("{}\n{}\n{}", words.about, words.figures, locale.word(does)));
    }
    looked.command = taken.map(|offer| {
        let command = Command::ApplyWay { name: say(&offer.name), plan: offer.plan.clone() };
        // An example of the scene's own does not replace what the reader plans.
        if scene.id == SceneId::YourPlan { command } else { Command::InNewPlan(Box::new(command)) }
    });
    looked
}

/// Whether the words of an offer have room in a card so wide.
fn has_room(ui: &Ui, words: &Words, width: f32) -> bool {
    let wide = |words: &str, step| paint::width(ui.painter(), words, step);
    let room = width - INDENT - 6.0;
    wide(&words.name, Type::BodyStrong) <= room - KEY + 4.0
        && wide(&words.about, Type::Small) <= room
        && wide(&words.figures, Type::SmallStrong) <= room
}

fn show_one(ui: &Ui, rect: Rect, words: &Words, place: usize, as_card: bool) -> Response {
    let t = Tokens::of(ui);
    let Words { name, about, figures, verdict } = words;
    let response = ui.interact(rect, ui.scope_id().with(("offer", place)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{name}: {about}. {figures}")));
    let (fill, edge) = if response.hovered() || response.has_focus() { (t.hover, t.text) } else { (t.raised, t.rail) };
    let painter = ui.painter();
    painter.rect(rect, radius::CONTROL, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    let middle = if as_card { 18.0 } else { LINE / 2.0 };
    icons::verdict(painter, rect.left_top() + vec2(20.0, middle), *verdict, t);
    let left = rect.left() + INDENT;
    let room = rect.right() - left - 6.0;
    if as_card {
        let lines = [
            (18.0, name, Type::BodyStrong, t.text, room - KEY + 4.0),
            (38.0, about, Type::Small, t.sec, room),
            (58.0, figures, Type::SmallStrong, t.text, room),
        ];
        for (y, words, step, ink, room) in lines {
            paint::text_within(painter, pos2(left, rect.top() + y), Align2::LEFT_CENTER, words, (step, ink), room);
        }
    } else {
        let y = rect.center().y;
        let right = rect.right() - KEY - 4.0;
        let told = paint::width(painter, figures, Type::SmallStrong);
        paint::text(painter, pos2(right, y), Align2::RIGHT_CENTER, figures, Type::SmallStrong, t.text);
        let room = right - told - 10.0 - left;
        let named = paint::width(painter, name, Type::BodyStrong).min(room);
        paint::text_within(painter, pos2(left, y), Align2::LEFT_CENTER, name, (Type::BodyStrong, t.text), room);
        let rest = room - named - 10.0;
        if rest > LEAST_ABOUT {
            let at = pos2(left + named + 10.0, y);
            paint::text_within(painter, at, Align2::LEFT_CENTER, about, (Type::Small, t.sec), rest);
        }
    }
    let cap = Rect::from_center_size(rect.right_top() + vec2(-18.0, middle), vec2(18.0, 20.0));
    painter.rect_stroke(cap, radius::SEGMENT, Stroke::new(1.0, t.rail), StrokeKind::Inside);
    paint::text(painter, cap.center(), Align2::CENTER_CENTER, &(place + 1).to_string(), Type::CaptionStrong, t.sec);
    paint::focus_ring(ui, &response, radius::CONTROL);
    response
}
