//! The plot in numbers: what each way costs in all and a million tokens, and when buying pays by hours of use.

use eframe::egui::{Align2, Rect, Sense, Stroke, Ui, pos2, vec2};

use super::RentInputs;
use super::lines::{self, RentLine};
use crate::advise::rent::CostComparison;
use crate::text::{self, Key, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius, space};
use crate::ui::widgets::inside;

/// Height of a row.
const ROW: f32 = 22.0;
/// Height of the notes under the first table, the most that is usual.
const NOTES: f32 = 58.0;
/// Width of a column of money, the most of one of months, and what the hours before it need.
const MONEY: f32 = 76.0;
const MONTHS: f32 = 150.0;
const HOURS: f32 = 92.0;

/// Both tables under each other.
pub(super) fn show(ui: &mut Ui, running: &CostComparison<'_>, drawn: &[RentLine], inputs: &RentInputs<'_>) {
    in_all(ui, running, drawn, inputs);
    ui.add_space(space::M);
    by_use(ui, running, drawn, inputs);
    notes(ui, running, inputs);
}

/// In less than this the tables stand under each other in a low panel too.
const BESIDE: f32 = 500.0;

/// Height of both tables in a low panel of this width, with so many ways drawn.
pub(super) fn low_height(drawn: usize, width: f32) -> f32 {
    // The title, the heads and five rows of hours; the heads, buying, and a row for each way.
    let (by_use, in_all) = (7.0 * ROW, (2 + drawn) as f32 * ROW + NOTES);
    if width < BESIDE { by_use + in_all + space::M } else { by_use.max(in_all) }
}

/// Both tables beside each other, where there is room.
pub(super) fn low(ui: &mut Ui, running: &CostComparison<'_>, drawn: &[RentLine], inputs: &RentInputs<'_>) {
    let rect = ui.max_rect();
    if rect.width() < BESIDE {
        show(ui, running, drawn, inputs);
        return;
    }
    let (left, right) = rect.split_left_right_at_fraction(0.5);
    inside(ui, "in all", left.with_max_x(left.right() - space::L), |ui| {
        in_all(ui, running, drawn, inputs);
        notes(ui, running, inputs);
    });
    inside(ui, "by use", right, |ui| by_use(ui, running, drawn, inputs));
}

/// What each way costs over the months of the terms.
fn in_all(ui: &mut Ui, running: &CostComparison<'_>, drawn: &[RentLine], inputs: &RentInputs<'_>) {
    let locale = inputs.locale;
    let months = running.terms.months;
    let over = locale.sentence(Key::RentAfter, &[(Placeholder::Value, &lines::bare(months))]);
    let heads = [locale.word(Key::RentInAll).to_owned(), locale.word(Key::RentPerMillion).to_owned()];
    RentRow { name: &over, values: &heads, column: MONEY, look: Emphasis::Head }.show(ui);
    let from = if inputs.unpriced > 0 { Key::RentFrom } else { Key::RentJust };
    let total = locale.sentence(from, &[(Placeholder::Value, &text::money(running.bought_in_all()))]);
    let bought = [total, lines::usd(running.usd_per_million(), locale)];
    RentRow { name: locale.word(Key::RentBuy), values: &bought, column: MONEY, look: Emphasis::Strong }.show(ui);
    for line in drawn {
        let total = lines::usd(running.instead_after(line.instead, months), locale);
        let values = [total, lines::usd(line.usd_per_million, locale)];
        // Without the cloud where the line is too narrow for it.
        let room = ui.available_width() - 2.0 * MONEY - 6.0;
        let cut = paint::width(ui.painter(), &line.words, Type::Small) > room;
        let name = if cut { &line.brief } else { &line.words };
        RentRow { name, values: &values, column: MONEY, look: Emphasis::Plain }.show(ui);
    }
}

/// After how many months buying pays, by hours of use.
fn by_use(ui: &mut Ui, running: &CostComparison<'_>, drawn: &[RentLine], inputs: &RentInputs<'_>) {
    let locale = inputs.locale;
    if drawn.is_empty() {
        return;
    }
    let t = Tokens::of(ui);
    let title = line(ui);
    let at = title.left_center();
    paint::text(ui.painter(), at, Align2::LEFT_CENTER, locale.word(Key::RentByUse), Type::SmallStrong, t.text);
    let column = ((ui.available_width() - HOURS) / drawn.len() as f32).min(MONTHS);
    // Without the prices where the columns are too narrow for them, unless that would name two alike.
    let wide = drawn.iter().map(|line| paint::width(ui.painter(), &line.brief, Type::Caption)).fold(0.0, f32::max);
    let alike = drawn.iter().enumerate().any(|(place, line)| drawn[..place].iter().any(|it| it.cards == line.cards));
    let cut = wide > column - 6.0 && !alike;
    let heads: Vec<String> =
        drawn.iter().map(|line| if cut { line.cards.clone() } else { line.brief.clone() }).collect();
    RentRow { name: "", values: &heads, column, look: Emphasis::Head }.show(ui);
    let instead: Vec<_> = drawn.iter().map(|line| line.instead).collect();
    for use_row in running.break_even_by_use(&instead) {
        let hours = text::trimmed(use_row.hours, 1);
        let name = locale.sentence(Key::RentHoursCount, &[(Placeholder::Value, &hours)]);
        let months: Vec<String> = drawn
            .iter()
            .zip(&use_row.months)
            .map(|(line, months)| lines::pays(running, line, *months, locale))
            .collect();
        let look = if use_row.now { Emphasis::Marked } else { Emphasis::Plain };
        RentRow { name: &name, values: &months, column, look }.show(ui);
    }
}

/// What the figures rest on, and what is missing.
fn notes(ui: &mut Ui, running: &CostComparison<'_>, inputs: &RentInputs<'_>) {
    let t = Tokens::of(ui);
    let locale = inputs.locale;
    let mut notes = Vec::new();
    if running.terms.hours_per_day == 0.0 {
        notes.push(locale.word(Key::RentZeroHours));
    }
    if running.bought.tokens_per_s.is_none() {
        notes.push(locale.word(Key::RentNoSpeed));
    }
    if inputs.unpriced > 0 {
        notes.push(locale.word(Key::RentUnpriced));
    }
    notes.push(locale.word(Key::RentNote));
    ui.add_space(space::S);
    let galley = paint::wrapped(ui.painter(), &notes.join("\n"), (Type::Caption, t.faint), ui.available_width());
    let (_, rect) = ui.allocate_space(galley.size());
    ui.painter().galley(rect.min, galley, t.faint);
}

/// How a row stands out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Emphasis {
    Head,
    Plain,
    Strong,
    Marked,
}

/// A name at the left and values in columns from the right.
struct RentRow<'a> {
    name: &'a str,
    values: &'a [String],
    /// Width of a column.
    column: f32,
    look: Emphasis,
}

impl RentRow<'_> {
    /// Draws it; what has no room is said where the pointer rests.
    fn show(&self, ui: &mut Ui) {
        let t = Tokens::of(ui);
        let rect = line(ui);
        match self.look {
            Emphasis::Head => {
                ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, t.line));
            }
            Emphasis::Marked => {
                ui.painter().rect_filled(rect.expand2(vec2(6.0, 0.0)), radius::SEGMENT, t.raised);
            }
            Emphasis::Plain | Emphasis::Strong => {}
        }
        let name_look = match self.look {
            Emphasis::Plain => (Type::Small, t.sec),
            Emphasis::Head | Emphasis::Strong | Emphasis::Marked => (Type::SmallStrong, t.text),
        };
        let value_look = if self.look == Emphasis::Head { (Type::Caption, t.faint) } else { (Type::Small, t.text) };
        let room = rect.width() - self.column * self.values.len() as f32 - 6.0;
        paint::text_within(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, self.name, name_look, room);
        let mut cut = paint::width(ui.painter(), self.name, name_look.0) > room;
        for (place, value) in self.values.iter().rev().enumerate() {
            let at = pos2(rect.right() - self.column * place as f32, rect.center().y);
            let room = self.column - 6.0;
            paint::text_within(ui.painter(), at, Align2::RIGHT_CENTER, value, value_look, room);
            cut |= paint::width(ui.painter(), value, value_look.0) > room;
        }
        if cut {
            let whole = std::iter::once(self.name).chain(self.values.iter().map(String::as_str));
            let whole: Vec<&str> = whole.filter(|words| !words.is_empty()).collect();
            let response = ui.interact(rect, ui.auto_id_with("whole"), Sense::hover());
            response.on_hover_text(whole.join("\n"));
        }
    }
}

fn line(ui: &mut Ui) -> Rect {
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.allocate_space(vec2(ui.available_width(), ROW)).1
}
