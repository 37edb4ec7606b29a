//! How the total is split: a bar of a hundred percent, and the shares of GPU, RAM and CPU in words.

use eframe::egui::{Align2, Painter, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::names::KINDS;
use crate::advise::builder::{Build, tier_words, words};
use crate::catalog::parts::PartKind;
use crate::text::{self, Join, Key, Locale};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Ink, Tokens, mix, radius};

/// Height of the bar with a caption of two lines.
const HEIGHT: f32 = 70.0;
const BAR: f32 = 26.0;
/// From one line of the caption to the next.
const CAPTION: f32 = 16.0;
/// The rule, and why it is not met, have so many lines at most.
const RULE_LINES: usize = 2;
const GAP: f32 = 1.5;

/// How much of the color of text a kind's gray has: money has no color of its own.
const fn strength(kind: PartKind) -> f32 {
    match kind {
        PartKind::System | PartKind::Card => 0.86,
        PartKind::Ram => 0.66,
        PartKind::Processor => 0.50,
        PartKind::Board => 0.37,
        PartKind::Disk => 0.26,
        PartKind::PowerSupply | PartKind::Case | PartKind::Fitting | PartKind::Cooler | PartKind::Network => 0.16,
    }
}

/// The gray of a kind of part.
pub(super) fn ink(kind: PartKind, t: &Tokens) -> Ink {
    mix(t.panel, t.text, strength(kind))
}

/// Height of the bar with its caption in this width.
pub(super) fn height(painter: &Painter, build: &Build<'_>, width: f32, locale: Locale) -> f32 {
    let rule = build.split().map(|split| tier_words::split_rule(&split, locale));
    let long = rule.is_some_and(|rule| paint::width(painter, &rule, Type::Caption) > width);
    if long { HEIGHT + CAPTION } else { HEIGHT }
}

pub(super) fn show(ui: &Ui, rect: Rect, build: &Build<'_>, locale: Locale) {
    let t = Tokens::of(ui);
    let painter = ui.painter();
    let bar = Rect::from_min_size(rect.min, vec2(rect.width(), BAR));
    // A whole machine comes first.
    let kinds = std::iter::once(PartKind::System).chain(KINDS);
    let shares: Vec<(PartKind, f64)> = kinds.map(|kind| (kind, build.share(kind))).collect();
    if build.total.usd.0 <= 0.0 {
        painter.rect_stroke(bar, radius::SWATCH, Stroke::new(1.0, t.line), StrokeKind::Inside);
    }
    let mut left = bar.left();
    for &(kind, share) in shares.iter().filter(|(_, share)| *share > 0.0) {
        #[expect(clippy::cast_possible_truncation, reason = "a width on the screen")]
        let width = bar.width() * share as f32;
        let place = Rect::from_min_size(pos2(left, bar.top()), vec2((width - GAP).max(0.5), BAR));
        left += width;
        painter.rect_filled(place, radius::SWATCH, ink(kind, t));
        let words = format!("{} {}", locale.word(words::kind(kind)), percent(share));
        if paint::width(painter, &words, Type::CaptionStrong) + 12.0 <= place.width() {
            let on = if strength(kind) >= 0.5 { t.bg } else { t.text };
            let at = place.left_center() + vec2(6.0, 0.0);
            paint::text(painter, at, Align2::LEFT_CENTER, &words, Type::CaptionStrong, on);
        }
    }
    let split = build.split();
    let said = match split {
        Some(split) => tier_words::shares(&split, locale),
        None if build.total.usd.0 > 0.0 => locale.word(Key::BuildWhole).to_owned(),
        None => words::total(build.total, locale),
    };
    let rule = split.map(|split| tier_words::split_rule(&split, locale));
    let look = (Type::Caption, t.faint);
    let at = pos2(rect.left(), bar.bottom() + 13.0);
    paint::text_within(painter, at, Align2::LEFT_CENTER, &said, look, rect.width());
    if let Some(rule) = &rule {
        let galley = paint::wrapped_in(painter, rule, look, rect.width(), RULE_LINES);
        painter.galley(pos2(rect.left(), bar.bottom() + 5.0 + CAPTION), galley, t.faint);
    }
    let spoken = locale.join(Join::Clauses, [Some(&said), rule.as_ref()].into_iter().flatten());
    let response =
        ui.interact(rect.with_max_y(rect.bottom() - CAPTION / 2.0), ui.make_persistent_id("shares"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
    let each = shares.iter().filter(|(_, share)| *share > 0.0);
    let each = each.map(|(kind, share)| format!("{} {}", locale.word(words::kind(*kind)), percent(*share)));
    response.on_hover_text(each.chain(rule).collect::<Vec<_>>().join("\n"));
}

fn percent(share: f64) -> String {
    format!("{} %", text::decimal(share * 100.0, 0))
}
