//! The strip over the stage: the scenes, kitchen words or plain ones, and ways to take a scene along.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::plan::{SceneId, ScenePosition};
use crate::scenes::all;
use crate::scenes::script::Script;
use crate::text::{Key, Locale};
use crate::ui::command::{Command, SceneExport};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{CLEAR, Tokens, radius};
use crate::ui::widgets::inside;
use crate::ui::widgets::picker::Picker;
use crate::ui::widgets::segmented::segmented;

/// Height of the strip.
pub(super) const HEIGHT: f32 = 40.0;
const PILL: f32 = 26.0;
const PADDING: f32 = 12.0;
/// A rule stands behind the scenes that everyone sees.
const FOR_ALL: usize = 2;

/// What was chosen on the strip.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Chosen {
    pub(super) scene: Option<SceneId>,
    pub(super) commands: Vec<Command>,
}

fn title(scene: SceneId, locale: Locale) -> &'static str {
    Script::of(scene).title.of(locale)
}

/// Shows the strip in `rect`.
pub(super) fn show(ui: &mut Ui, rect: Rect, position: &mut ScenePosition, locale: Locale) -> Chosen {
    let t = Tokens::of(ui);
    let mut chosen = Chosen::default();
    ui.painter().rect_filled(rect, 0, t.panel);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
    let right = show_right(ui, rect, position, locale, &mut chosen.commands);
    let more = paint::width(ui.painter(), locale.word(Key::SceneMore), Type::Body) + 44.0;
    let end = right - 16.0;
    let mut left = rect.left() + 32.0;
    let mut shown = 0;
    for (place, scene) in all::ALL.iter().enumerate() {
        let width = paint::width(ui.painter(), title(*scene, locale), Type::Body) + 2.0 * PADDING;
        let rest = place + 1 < all::ALL.len();
        if left + width > end - if rest { more + 8.0 } else { 0.0 } {
            break;
        }
        if place == FOR_ALL {
            ui.painter().vline(left + 4.0, rect.center().y - 8.0..=rect.center().y + 8.0, Stroke::new(1.0, t.line));
            left += 12.0;
        }
        let pill = Rect::from_min_size(pos2(left, rect.center().y - PILL / 2.0), vec2(width, PILL));
        if show_pill(ui, pill, *scene, position.scene, locale) {
            chosen.scene = Some(*scene);
        }
        left = pill.right() + 4.0;
        shown = place + 1;
    }
    let rest = all::ALL.get(shown..).unwrap_or_default();
    if !rest.is_empty() {
        let field = Rect::from_min_size(pos2(left + 4.0, rect.center().y - 14.0), vec2(end - left - 4.0, 28.0));
        let picked = inside(ui, "more_scenes", field, |ui| {
            show_rest(ui, rest, position.scene, (more, end - left - 4.0), locale)
        });
        chosen.scene = chosen.scene.or(picked);
    }
    chosen
}

/// The scenes that have no room on the strip.
fn show_rest(
    ui: &mut Ui,
    rest: &[SceneId],
    current: SceneId,
    (least, most): (f32, f32),
    locale: Locale,
) -> Option<SceneId> {
    let here = rest.contains(&current);
    let words = if here { title(current, locale) } else { locale.word(Key::SceneMore) };
    let picker = Picker {
        salt: "more_scenes",
        name: locale.word(Key::SceneMore),
        current: (words, ""),
        search: None,
        nothing: |_| String::new(),
        size: ((paint::width(ui.painter(), words, Type::Body) + 44.0).clamp(least, most.max(least)), 28.0),
        quiet: false,
    };
    let picked = picker.show(
        ui,
        |_| (0..rest.len()).collect(),
        |place| {
            let scene = rest.get(place).copied().unwrap_or_default();
            (title(scene, locale).to_owned(), String::new())
        },
    )?;
    rest.get(picked).copied()
}

fn show_pill(ui: &Ui, rect: Rect, scene: SceneId, current: SceneId, locale: Locale) -> bool {
    let t = Tokens::of(ui);
    let words = title(scene, locale);
    let response = ui.interact(rect, ui.scope_id().with(("scene", scene)), Sense::click());
    let on = scene == current;
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, on, words));
    let (fill, edge) = match on {
        true => (t.hover, t.rail),
        false if response.hovered() => (t.raised, CLEAR),
        false => (CLEAR, CLEAR),
    };
    ui.painter().rect(rect, PILL / 2.0, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    let step = if on { Type::BodyStrong } else { Type::Body };
    let ink = if on || response.hovered() { t.text } else { t.sec };
    paint::text(ui.painter(), rect.center(), Align2::CENTER_CENTER, words, step, ink);
    paint::focus_ring(ui, &response, radius::CARD);
    let clicked = response.clicked();
    response.on_hover_text(Script::of(scene).about.of(locale));
    clicked
}

/// Which words, and what can be taken along; where it begins.
fn show_right(
    ui: &mut Ui,
    rect: Rect,
    position: &mut ScenePosition,
    locale: Locale,
    commands: &mut Vec<Command>,
) -> f32 {
    let (kitchen, plain) = (locale.word(Key::SceneKitchen), locale.word(Key::ScenePlain));
    let width = |words: &str| paint::width(ui.painter(), words, Type::SmallStrong) + 24.0;
    let words = width(kitchen) + width(plain);
    let take = locale.word(Key::SceneTake);
    let taking = paint::width(ui.painter(), take, Type::Body) + 44.0;
    let left = rect.right() - 32.0 - words - 8.0 - taking;
    let place = Rect::from_min_size(pos2(left, rect.center().y - 14.0), vec2(taking, 28.0));
    let exports = SceneExport::ALL;
    let picked = inside(ui, "take_scene", place, |ui| {
        let picker = Picker {
            salt: "take_scene",
            name: take,
            current: (take, ""),
            search: None,
            nothing: |_| String::new(),
            size: (taking, 28.0),
            quiet: false,
        };
        let line = |place: usize| {
            let words = exports.get(place).map_or("", |export| locale.word(export.label()));
            (words.to_owned(), String::new())
        };
        picker.show(ui, |_| (0..exports.len()).collect(), line)
    });
    commands.extend(picked.and_then(|place| exports.get(place)).map(|export| Command::TakeScene(*export)));
    let place = Rect::from_min_size(pos2(rect.right() - 32.0 - words, rect.center().y - 13.0), vec2(words, 26.0));
    let options = [(false, kitchen), (true, plain)];
    let name = locale.word(Key::SceneWords);
    let picked = inside(ui, "words", place, |ui| segmented(ui, name, &options, position.plain_words, words));
    position.plain_words = picked.unwrap_or(position.plain_words);
    left
}
