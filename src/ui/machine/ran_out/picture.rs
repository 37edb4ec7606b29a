//! The memory at the moment that it ran out, as a bar: what was in use, what was free, and what was asked for beyond its end.

use eframe::egui::{Align2, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::{DiagnosisState, Figure};
use crate::advise::diagnose::{Amounts, Finding, words};
use crate::text::{Join, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::machine::said;
use crate::ui::paint;
use crate::ui::theme::{Memory, Tokens, mix, space};

const TITLE: f32 = 28.0;
const BAR: f32 = 48.0;
/// Above the bar stand what was asked and where the memory ends, below what is short; at the right there is room for words.
const ABOVE: f32 = 22.0;
const BELOW: f32 = 34.0;
const BESIDE: f32 = 90.0;
/// Gray of what is in use, and of what is held without use.
const USED: f32 = 0.42;
const UNUSED: f32 = 0.26;

/// The amounts, in bytes, on a bar.
struct Moment {
    used: u64,
    /// Of that held without use.
    unused: u64,
    free: u64,
    total: u64,
    asked: Option<u64>,
    bar: Rect,
}

impl Moment {
    /// None where the text does not say how much there is and how much was free.
    fn of(amounts: Amounts, bar: Rect) -> Option<Self> {
        let (total, free) = amounts.total.zip(amounts.free)?;
        let used = total.saturating_sub(free);
        let unused = amounts.reserved_unallocated.filter(|unused| *unused <= used).unwrap_or(0);
        Some(Self { used, unused, free, total, asked: amounts.asked, bar })
    }

    /// Where what was asked for would end.
    fn wanted(&self) -> u64 {
        self.used.saturating_add(self.asked.unwrap_or(0))
    }

    #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
    fn x(&self, bytes: u64) -> f32 {
        let end = self.total.max(self.wanted()).max(1);
        self.bar.left() + (bytes as f64 / end as f64) as f32 * self.bar.width()
    }

    fn piece(&self, from: u64, to: u64) -> Rect {
        Rect::from_x_y_ranges(self.x(from)..=self.x(to), self.bar.y_range())
    }

    fn of_figure(&self, figure: Figure) -> Rect {
        match figure {
            Figure::Asked => self.piece(self.used, self.wanted()),
            Figure::Total => self.piece(0, self.total),
            Figure::Used => self.piece(0, self.used),
            Figure::Unused => self.piece(self.used - self.unused, self.used),
            Figure::Free => self.piece(self.used, self.total),
        }
    }

    /// What is pointed at.
    fn at(&self, pointer: Pos2) -> Option<Figure> {
        let drawn = |figure: &Figure| {
            let rect = self.of_figure(*figure);
            rect.width() > 0.0 && rect.contains(pointer)
        };
        [Figure::Asked, Figure::Unused, Figure::Used, Figure::Free].into_iter().find(drawn)
    }
}

pub(super) fn show(ui: &mut Ui, state: &mut DiagnosisState, pointed: Option<Figure>, locale: Locale) {
    let Some(finding) = &state.read.finding else { return };
    if finding.amounts.total.is_none() || finding.amounts.free.is_none() {
        return;
    }
    let head = locale.sentence(Key::RanOutMoment, &[(Placeholder::Name, &*named(finding, locale))]);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), TITLE));
    let ink = Tokens::of(ui).text;
    paint::text_within(
        ui.painter(),
        rect.left_center(),
        Align2::LEFT_CENTER,
        &head,
        (Type::Section, ink),
        rect.width(),
    );
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ABOVE + BAR + BELOW));
    let top = rect.top() + ABOVE;
    let bar = Rect::from_min_max(pos2(rect.left() + 1.0, top), pos2(rect.right() - BESIDE, top + BAR));
    let Some(moment) = Moment::of(finding.amounts, bar) else { return };
    pieces(ui, &moment, locale);
    let name = finding.memory.word().map_or("", |key| locale.word(key));
    let spoken = marks(ui, &moment, rect, (name, locale));
    if let Some(figure) = pointed {
        let stroke = Stroke::new(2.0, Tokens::of(ui).focus);
        ui.painter().rect_stroke(moment.of_figure(figure), 0, stroke, StrokeKind::Outside);
    }
    let hover = ui.interact(bar, ui.scope_id().with("moment"), Sense::hover()).hover_pos();
    state.pointed = hover.and_then(|pointer| moment.at(pointer)).or(state.pointed);
    said(ui, rect, "picture of the moment", &locale.join(Join::Phrases, std::iter::once(head).chain(spoken)));
    ui.add_space(space::S);
}

/// The card by its number, else which memory.
fn named(finding: &Finding, locale: Locale) -> String {
    let device = finding.device.map(|device| device.to_string());
    let device = device.map(|device| locale.sentence(Key::LogDevice, &[(Placeholder::Count, &*device)]));
    device.unwrap_or_else(|| finding.memory.word().map_or("", |key| locale.word(key)).to_owned())
}

fn pieces(ui: &Ui, moment: &Moment, locale: Locale) {
    let (t, painter) = (Tokens::of(ui), ui.painter());
    let whole = moment.of_figure(Figure::Total);
    painter.rect_filled(whole, 0, t.bg);
    let held = moment.piece(0, moment.used - moment.unused);
    painter.rect_filled(held, 0, mix(t.bg, t.text, USED));
    if moment.unused > 0 {
        let empty = moment.of_figure(Figure::Unused);
        painter.rect_filled(empty, 0, mix(t.bg, t.text, UNUSED));
        paint::dashed(painter, empty, Stroke::new(1.0, t.sec));
    }
    let in_use = format!("{} {}", locale.word(Key::FigureUsedShort), words::amount(moment.used - moment.unused));
    if paint::width(painter, &in_use, Type::SmallStrong) + 16.0 <= held.width() {
        let at = held.left_center() + vec2(8.0, 0.0);
        paint::text(painter, at, Align2::LEFT_CENTER, &in_use, Type::SmallStrong, t.text);
    }
    if moment.asked.is_some() {
        paint::hatch(painter, moment.of_figure(Figure::Asked), t.memory(Memory::Compute), true);
    }
    painter.rect_stroke(whole, 0, Stroke::new(1.5, t.text), StrokeKind::Outside);
}

/// Where the memory ends, what was asked for, what is short; in words.
fn marks(ui: &Ui, moment: &Moment, rect: Rect, (name, locale): (&str, Locale)) -> Vec<String> {
    let (t, painter, bar) = (Tokens::of(ui), ui.painter(), moment.bar);
    let mark = moment.x(moment.total);
    painter.vline(mark, bar.top() - 10.0..=bar.bottom() + 6.0, Stroke::new(2.0, t.text));
    let holes = [(Placeholder::Name, name), (Placeholder::Value, &*words::amount(moment.total))];
    let ends = locale.sentence(Key::MachineEndsAt, &holes);
    let at = pos2(mark - 6.0, bar.top() - 12.0);
    paint::text_within(painter, at, Align2::RIGHT_CENTER, &ends, (Type::Caption, t.sec), at.x - rect.left());
    let mut spoken = vec![ends];
    let Some(asked) = moment.asked else { return spoken };
    let words_asked = locale.sentence(Key::RanOutAsked, &[(Placeholder::Value, &*words::amount(asked))]);
    let at = pos2(mark + 8.0, bar.top() - 12.0);
    let look = (Type::SmallStrong, t.text);
    paint::text_within(painter, at, Align2::LEFT_CENTER, &words_asked, look, rect.right() - at.x);
    spoken.push(words_asked);
    let short = asked.saturating_sub(moment.free);
    if short > 0 {
        let red = t.verdict(crate::estimate::Verdict::DoesNotFit);
        let y = bar.bottom() + 10.0;
        painter.hline(mark..=moment.x(moment.wanted()), y, Stroke::new(2.0, red));
        let words_short = locale.sentence(Key::RanOutShort, &[(Placeholder::Value, &*words::amount(short))]);
        let at = pos2(mark.min(rect.right() - BESIDE), y + 14.0);
        paint::text(painter, at, Align2::LEFT_CENTER, &words_short, Type::BodyStrong, t.text);
        spoken.push(words_short);
    }
    spoken
}
