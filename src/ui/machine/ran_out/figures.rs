//! The figures of a finding in rows: how much, and of what. Pointing at one lights it in the text and in the bar.

use eframe::egui::{Align2, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::{DiagnosisState, Figure, subhead};
use crate::advise::diagnose::{Finding, words};
use crate::text::{Key, Locale};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{CLEAR, Tokens, radius, space};

const ROW: f32 = 32.0;
/// Width of the column of amounts.
const AMOUNT: f32 = 92.0;

impl Figure {
    const ALL: [Self; 5] = [Self::Asked, Self::Free, Self::Total, Self::Used, Self::Unused];

    /// So much, in bytes; `None` where the text does not say.
    pub(super) fn bytes(self, finding: &Finding) -> Option<u64> {
        let amounts = finding.amounts;
        match self {
            Self::Asked => amounts.asked,
            Self::Total => amounts.total,
            Self::Free => amounts.free,
            Self::Unused => amounts.reserved_unallocated,
            Self::Used => amounts.total?.checked_sub(amounts.free?),
        }
    }

    const fn meaning(self) -> Key {
        match self {
            Self::Asked => Key::FigureAsked,
            Self::Total => Key::FigureTotal,
            Self::Used => Key::FigureUsed,
            Self::Unused => Key::FigureUnused,
            Self::Free => Key::FigureFree,
        }
    }
}

pub(super) fn show(ui: &mut Ui, state: &mut DiagnosisState, pointed: Option<Figure>, locale: Locale) {
    let t = Tokens::of(ui);
    let Some(finding) = &state.read.finding else { return };
    let rows: Vec<(Figure, u64)> =
        Figure::ALL.into_iter().filter_map(|figure| Some((figure, figure.bytes(finding)?))).collect();
    if rows.is_empty() {
        return;
    }
    ui.add_space(space::M);
    subhead(ui, locale.word(Key::RanOutSays));
    let mut now = None;
    for (figure, bytes) in rows {
        let (id, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
        let response = ui.interact(rect, id, Sense::hover());
        let (amount, meaning) = (words::amount(bytes), locale.word(figure.meaning()));
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{amount}, {meaning}")));
        if response.hovered() {
            now = Some(figure);
        }
        let painter = ui.painter();
        painter.rect_filled(rect, radius::SEGMENT, if pointed == Some(figure) { t.hover } else { CLEAR });
        let at = pos2(rect.left() + AMOUNT, rect.center().y);
        paint::text(painter, at, Align2::RIGHT_CENTER, &amount, Type::Mono, t.text);
        let at = pos2(at.x + space::M, at.y);
        paint::text_within(painter, at, Align2::LEFT_CENTER, meaning, (Type::Body, t.text), rect.right() - at.x);
        painter.hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, t.line));
    }
    state.pointed = now.or(state.pointed);
}
