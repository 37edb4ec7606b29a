//! Where the time of a token goes: a thin bar in the colors of the memory that it waits for.

use eframe::egui::{Align2, Painter, Rect, Role, Sense, Ui, WidgetInfo, pos2};

use super::super::serving_lines;
use crate::estimate::speed::{StepPart, StepShare, StepTimes};
use crate::text::{self, Join, Key, Locale, Placeholder, PrintedFigure};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Memory, Tokens};
use crate::ui::words;

/// Height of the bar with what is around it.
pub(super) const HEIGHT: f32 = 18.0;
/// Height of the bar.
const BAR: f32 = 8.0;
/// Between the words and the bar.
const GAP: f32 = 10.0;
/// What is narrower is not drawn.
const LEAST: f32 = 0.5;

/// What a step waits for; with one pool, memory has parts in place of two names.
const fn name(part: StepPart, unified: bool) -> Key {
    match part {
        StepPart::VramWeights if unified => Key::Weights,
        StepPart::VramKv if unified => Key::KvCache,
        StepPart::RamWeights | StepPart::RamKv if unified => Key::CpuPart,
        StepPart::VramWeights => Key::StepVramWeights,
        StepPart::VramKv => Key::StepVramKv,
        StepPart::RamWeights => Key::StepRamWeights,
        StepPart::RamKv => Key::StepRamKv,
        StepPart::Compute => Key::StepCompute,
        StepPart::Link => Key::StepLink,
        StepPart::Layers => Key::StepLayers,
    }
}

/// Which memory, or what else, a part waits for, in the order of [`StepPart`].
pub(super) const GROUPS: [&[StepPart]; 5] = [
    &[StepPart::VramWeights, StepPart::VramKv],
    &[StepPart::RamWeights, StepPart::RamKv],
    &[StepPart::Compute],
    &[StepPart::Link],
    &[StepPart::Layers],
];

/// Shares of a step in percent: of each group, and of its parts, which add up to it.
pub(super) fn percents(times: &StepTimes) -> Vec<(PrintedFigure, Vec<PrintedFigure>)> {
    let shares = times.shares();
    let exact = |group: &[StepPart]| -> Vec<f64> {
        shares.iter().filter(|share| group.contains(&share.part)).map(|share| 100.0 * share.share).collect()
    };
    let groups: Vec<f64> = GROUPS.iter().map(|group| exact(group).iter().sum()).collect();
    let whole = text::percents(&groups);
    GROUPS.iter().zip(whole).map(|(group, whole)| (whole, text::apportion(&exact(group), whole))).collect()
}

/// A share in whole percent.
pub(super) fn percent(share: PrintedFigure) -> String {
    format!("{} %", share.write())
}

/// Shows the bar of one step.
pub(super) fn show(ui: &Ui, rect: Rect, times: &StepTimes, unified: bool, locale: Locale) {
    let t = Tokens::of(ui);
    let whole = format!("{} ms", serving_lines::milliseconds(times).write());
    let caption = locale.sentence(Key::TimePerToken, &[(Placeholder::Value, &whole)]);
    let left = pos2(rect.left(), rect.center().y);
    let drawn = paint::text(ui.painter(), left, Align2::LEFT_CENTER, &caption, Type::Caption, t.sec);
    let bar = Rect::from_x_y_ranges(
        drawn.right() + GAP..=rect.right(),
        rect.center().y - BAR / 2.0..=rect.center().y + BAR / 2.0,
    );
    let shares = times.shares();
    let percents = percents(times).into_iter().flat_map(|(_, parts)| parts);
    let mut x = bar.left();
    let mut said = vec![caption];
    for (share, part_of_all) in shares.iter().zip(percents) {
        #[expect(clippy::cast_possible_truncation, reason = "a width on the screen")]
        let width = bar.width() * share.share as f32;
        let piece = Rect::from_x_y_ranges(x..=x + width, bar.y_range());
        x += width;
        if width < LEAST {
            continue;
        }
        draw(ui.painter(), piece, share, t);
        let words = text::within_sentence(locale.word(name(share.part, unified)));
        let words = format!("{words} {} ms, {}", words::milliseconds(share.seconds), percent(part_of_all));
        let id = ui.make_persistent_id(("time of a token", share.part));
        ui.interact(piece.expand2((0.0, 4.0).into()), id, Sense::hover()).on_hover_text_at_pointer(&words);
        said.push(words);
    }
    let response = ui.interact(rect, ui.make_persistent_id("time of a token"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, locale.join(Join::Items, &said)));
}

/// Solid is VRAM, hatched is RAM; what waits for no memory has the color of what it belongs to.
fn draw(painter: &Painter, rect: Rect, share: &StepShare, t: &Tokens) {
    match share.part {
        StepPart::VramWeights => paint::solid(painter, rect, Memory::Weights, t.memory(Memory::Weights)),
        StepPart::VramKv => paint::solid(painter, rect, Memory::Kv, t.memory(Memory::Kv)),
        StepPart::RamWeights => paint::hatch(painter, rect, t.memory(Memory::Weights), true),
        StepPart::RamKv => paint::hatch(painter, rect, t.memory(Memory::Kv), true),
        StepPart::Compute => paint::solid(painter, rect, Memory::Compute, t.memory(Memory::Compute)),
        StepPart::Link => {
            painter.rect_filled(rect, 0, t.text);
        }
        StepPart::Layers => paint::solid(painter, rect, Memory::Overhead, t.memory(Memory::Overhead)),
    }
}
