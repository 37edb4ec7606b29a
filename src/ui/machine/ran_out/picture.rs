//! The memory at the moment that it ran out, as a bar: what was in use, what was free, and what was asked for beyond its end.

use eframe::egui::{Align2, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::{DiagnosisState, Figure};
use crate::advise::diagnose::{Amounts, words};
use crate::text::{Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::machine::said;
use crate::ui::paint;
use crate::ui::theme::{Ink, Memory, Tokens, mix, space};

const TITLE: f32 = 28.0;
const BAR: f32 = 48.0;
/// Above the bar stand what was asked and where the memory ends, below what is short.
const ABOVE: f32 = 22.0;
const BELOW: f32 = 34.0;
/// Gray of what is in use, and of what is held without use.
const USED: f32 = 0.42;
const UNUSED: f32 = 0.26;

pub(super) fn show(ui: &mut Ui, state: &mut DiagnosisState, pointed: Option<Figure>, locale: Locale) {
    let t = Tokens::of(ui);
    let Some(finding) = &state.read.finding else { return };
    let Amounts { asked, free: Some(free), total: Some(total), reserved_unallocated } = finding.amounts else { return };
    let used = total.saturating_sub(free);
    let unused = reserved_unallocated.filter(|unused| *unused <= used).unwrap_or(0);
    let end = asked.map_or(total, |asked| total.max(used.saturating_add(asked)));
    let name = finding.memory.word().map_or("", |key| locale.word(key));
    let device =
        finding.device.map(|device| locale.sentence(Key::LogDevice, &[(Placeholder::Count, &*device.to_string())]));
    let of = device.unwrap_or_else(|| name.to_owned());
    let head = locale.sentence(Key::RanOutMoment, &[(Placeholder::Name, &*of)]);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), TITLE));
    paint::text(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, &head, Type::Section, t.text);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ABOVE + BAR + BELOW));
    let bar = Rect::from_min_max(
        pos2(rect.left() + 1.0, rect.top() + ABOVE),
        pos2(rect.right() - 90.0, rect.top() + ABOVE + BAR),
    );
    #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
    let x = |bytes: u64| bar.left() + (bytes as f64 / end.max(1) as f64) as f32 * bar.width();
    let piece = |from: u64, to: u64| Rect::from_x_y_ranges(x(from)..=x(to), bar.y_range());
    let painter = ui.painter();
    let whole = piece(0, total);
    painter.rect_filled(whole, 0, t.bg);
    let held = piece(0, used - unused);
    painter.rect_filled(held, 0, mix(t.bg, t.text, USED));
    let empty = piece(used - unused, used);
    painter.rect_filled(empty, 0, mix(t.bg, t.text, UNUSED));
    paint::dashed(painter, empty, Stroke::new(1.0, t.sec));
    let within = |rect: Rect, words: &str, ink: Ink| {
        if paint::width(painter, words, Type::SmallStrong) + 16.0 <= rect.width() {
            let at = rect.left_center() + vec2(8.0, 0.0);
            paint::text(painter, at, Align2::LEFT_CENTER, words, Type::SmallStrong, ink);
        }
    };
    within(held, &format!("{} {}", locale.word(Key::FigureUsedShort), words::amount(used - unused)), t.text);
    if let Some(asked) = asked {
        paint::hatch(painter, piece(used, used.saturating_add(asked)), t.memory(Memory::Compute), true);
    }
    painter.rect_stroke(whole, 0, Stroke::new(1.5, t.text), StrokeKind::Outside);
    // Where the memory ends.
    let mark = x(total);
    painter.vline(mark, bar.top() - 10.0..=bar.bottom() + 6.0, Stroke::new(2.0, t.text));
    let ends =
        locale.sentence(Key::MachineEndsAt, &[(Placeholder::Name, name), (Placeholder::Value, &*words::amount(total))]);
    let at = pos2(mark - 6.0, bar.top() - 12.0);
    paint::text_within(painter, at, Align2::RIGHT_CENTER, &ends, (Type::Caption, t.sec), at.x - rect.left());
    let short = asked.map_or(0, |asked| asked.saturating_sub(free));
    let mut spoken = vec![head.clone(), ends.clone()];
    if let Some(asked) = asked {
        let words = locale.sentence(Key::RanOutAsked, &[(Placeholder::Value, &*words::amount(asked))]);
        let at = pos2(mark + 8.0, bar.top() - 12.0);
        paint::text_within(painter, at, Align2::LEFT_CENTER, &words, (Type::SmallStrong, t.text), rect.right() - at.x);
        spoken.push(words);
    }
    if short > 0 {
        let red = t.verdict(crate::estimate::Verdict::DoesNotFit);
        let y = bar.bottom() + 10.0;
        painter.hline(mark..=x(used.saturating_add(asked.unwrap_or(0))), y, Stroke::new(2.0, red));
        let words = locale.sentence(Key::RanOutShort, &[(Placeholder::Value, &*words::amount(short))]);
        let at = pos2(mark, y + 14.0);
        paint::text(painter, at, Align2::LEFT_CENTER, &words, Type::BodyStrong, t.text);
        spoken.push(words);
    }
    let outlined = |figure: Figure| match figure {
        Figure::Asked => asked.map(|asked| piece(used, used.saturating_add(asked))),
        Figure::Total => Some(whole),
        Figure::Used => Some(piece(0, used)),
        Figure::Unused => Some(empty),
        Figure::Free => Some(piece(used, total)),
    };
    if let Some(rect) = pointed.and_then(outlined) {
        painter.rect_stroke(rect, 0, Stroke::new(2.0, t.focus), StrokeKind::Outside);
    }
    let hover = ui.interact(bar, ui.scope_id().with("moment"), Sense::hover()).hover_pos();
    let at = |pos: eframe::egui::Pos2| {
        [Figure::Asked, Figure::Unused, Figure::Used, Figure::Free]
            .into_iter()
            .find(|figure| outlined(*figure).is_some_and(|rect| rect.width() > 0.0 && rect.contains(pos)))
    };
    state.pointed = hover.and_then(at).or(state.pointed);
    said(ui, rect, "picture of the moment", &locale.join(crate::text::Join::Phrases, &spoken));
    ui.add_space(space::S);
}
