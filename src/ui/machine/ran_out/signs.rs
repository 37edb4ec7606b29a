//! How the memories are told apart: by what is seen, and by what is full then. The row of the finding is lit.

use eframe::egui::{Align2, Stroke, Ui, pos2, vec2};

use super::subhead;
use crate::advise::diagnose::{Finding, Kind, Memory};
use crate::text::{Join, Key, Locale};
use crate::ui::fonts::Type;
use crate::ui::machine::told;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius, space};

const ROW: f32 = 34.0;
/// Where the columns begin, as shares of the width: which, by what sign, what is full then.
const COLUMNS: [f32; 3] = [0.0, 0.2, 0.68];

const ALL: [[Key; 3]; 5] = [
    [Key::SignVram, Key::SignVramSeen, Key::SignVramFull],
    [Key::SignRam, Key::SignRamSeen, Key::SignRamFull],
    [Key::SignSwap, Key::SignSwapSeen, Key::SignSwapFull],
    [Key::SignShared, Key::SignSharedSeen, Key::SignSharedFull],
    [Key::SignLimit, Key::SignLimitSeen, Key::SignLimitFull],
];

/// The row that a finding is of.
fn own(finding: &Finding) -> Option<usize> {
    match (finding.memory, finding.kind) {
        (Memory::Vram, _) => Some(0),
        (Memory::Ram, Some(Kind::Limit)) => Some(4),
        (Memory::Ram, _) => Some(1),
        (Memory::Swap, _) => Some(2),
        (Memory::Shared, _) => Some(3),
        _ => None,
    }
}

pub(super) fn show(ui: &mut Ui, finding: Option<&Finding>, locale: Locale) {
    let t = Tokens::of(ui);
    ui.add_space(space::M);
    subhead(ui, locale.word(Key::RanOutSigns));
    let lit = finding.and_then(own);
    for (number, keys) in ALL.into_iter().enumerate() {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
        let painter = ui.painter();
        if lit == Some(number) {
            painter.rect_filled(rect.expand2(vec2(6.0, -1.0)), radius::SEGMENT, t.raised);
        }
        for (place, key) in keys.into_iter().enumerate() {
            let left = rect.left() + COLUMNS[place] * rect.width();
            let end = rect.left() + COLUMNS.get(place + 1).copied().unwrap_or(1.0) * rect.width();
            let look = [(Type::BodyStrong, t.text), (Type::Body, t.text), (Type::Small, t.sec)][place];
            let at = pos2(left, rect.center().y);
            paint::text_within(painter, at, Align2::LEFT_CENTER, locale.word(key), look, end - left - 8.0);
        }
        painter.hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, t.line));
        told(ui, rect, ("sign", number), &locale.join(Join::Clauses, keys.map(|key| locale.word(key))));
    }
}
