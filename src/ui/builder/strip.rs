//! The budget: its slider, and over the rail the brackets of the tiers.

use eframe::egui::{Align2, Rangef, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::{SIDE, names};
use crate::catalog::parts::Tier;
use crate::plan::{BUDGET_USD, BuildRequest};
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};
use crate::ui::widgets::inside;
use crate::ui::widgets::scale::Scale;
use crate::ui::widgets::slider::{Slider, Tick};
use crate::ui::widgets::typed;
use crate::ui::widgets::value_field::{self, ValueField};
use crate::units::Usd;

/// Height of the budget.
pub(super) const HEIGHT: f32 = 84.0;
/// Width of the reading at the left.
const READING: f32 = 136.0;
/// The ends of the rail in US dollars.
const RAIL: (f64, f64) = (500.0, 500_000.0);
/// The rail's inset at both ends, as the slider has it.
const INSET: f32 = 7.0;

pub(super) fn show(ui: &mut Ui, request: &mut BuildRequest, locale: Locale) {
    let rect = ui.max_rect().shrink2(vec2(SIDE, 0.0));
    let (left, right) = rect.split_left_right_at_x(rect.left() + READING);
    if let Some(usd) = reading(ui, left, request, locale) {
        request.move_budget(Usd(usd.clamp(*BUDGET_USD.start(), *BUDGET_USD.end())));
    }
    let scale = Scale::logarithmic(RAIL.0..=RAIL.1);
    brackets(ui, right, request, &scale, locale);
    let ticks = text::money_ticks(RAIL.0..=RAIL.1, &[1.0, 2.0, 5.0]);
    let ticks: Vec<Tick> = ticks.into_iter().map(|tick| Tick { value: tick.usd, label: tick.label }).collect();
    let slider = Slider {
        salt: "budget",
        name: locale.word(Key::BuildBudget),
        reading: ("", ""),
        value: request.budget_usd.0,
        default: BuildRequest::default().budget_usd.0,
        scale,
        typed: BUDGET_USD,
        ticks: &ticks,
        limits: &[],
        caption: None,
        parse: text::parse_money,
        write: |usd| text::money(usd),
        round: text::money_by_thumb,
    };
    let place = Rect::from_min_max(right.min + vec2(0.0, 9.0), right.max);
    if let Some(usd) = inside(ui, "rail", place, |ui| slider.show_rail(ui, locale, place.width())) {
        request.move_budget(Usd(usd));
    }
}

/// The budget in large figures, which a click turns into a field; what was typed.
fn reading(ui: &mut Ui, rect: Rect, request: &BuildRequest, locale: Locale) -> Option<f64> {
    let t = Tokens::of(ui);
    let name = locale.word(Key::BuildBudget);
    let at = pos2(rect.left(), rect.top() + 31.0);
    paint::text(ui.painter(), at, Align2::LEFT_CENTER, name, Type::Small, t.sec);
    let id = ui.make_persistent_id("budget value");
    let spoken = locale.sentence(Key::TypeValue, &[(Placeholder::Name, name)]);
    let shown = text::money(request.budget_usd);
    if value_field::is_open(ui, id) {
        let parse = budget_reader(locale);
        let field = ValueField { name: &spoken, reading: &shown, unit: "", hint: "", parse: &parse, boxed: false };
        let place = Rect::from_min_size(pos2(rect.left(), rect.top() + 43.0), vec2(112.0, 26.0));
        return field.show(ui, place, id);
    }
    let at = pos2(rect.left(), rect.top() + 56.0);
    let width = paint::width(ui.painter(), &shown, Type::Reading);
    let hit = Rect::from_min_size(at - vec2(4.0, 15.0), vec2(width + 8.0, 30.0));
    let response = ui.interact(hit, id, Sense::click());
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(shown.clone()),
        ..WidgetInfo::labeled(Role::Button, ui.is_enabled(), &spoken)
    });
    if response.hovered() {
        ui.painter().rect_filled(hit, radius::SEGMENT, t.hover);
    }
    paint::text(ui.painter(), at, Align2::LEFT_CENTER, &shown, Type::Reading, t.text);
    paint::focus_ring(ui, &response, radius::SEGMENT);
    if response.clicked() {
        value_field::open(ui, id, &shown);
    }
    response.on_hover_text(spoken);
    None
}

/// Reads a budget, or says between what it must lie.
pub(super) fn budget_reader(locale: Locale) -> impl Fn(&str) -> Result<f64, String> {
    typed::within(locale, text::parse_money, BUDGET_USD, text::money)
}

/// Where the budgets of each tier lie.
fn brackets(ui: &Ui, rect: Rect, request: &BuildRequest, scale: &Scale, locale: Locale) {
    let t = Tokens::of(ui);
    let painter = ui.painter();
    let rail = Rangef::new(rect.left() + INSET, rect.right() - INSET);
    #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
    let x = |usd: Usd| rail.min + rail.span() * scale.place(usd.0) as f32;
    let y = rect.top() + 21.0;
    for tier in Tier::all() {
        let on = tier.id == request.tier;
        let (step, ink, stroke) = if on {
            (Type::SmallStrong, t.text, Stroke::new(2.0, t.text))
        } else {
            (Type::Small, t.sec, Stroke::new(1.5, t.rail))
        };
        let (from, to) = (x(tier.bracket.from_usd), x(tier.bracket.to_usd));
        let words = locale.word(names::tier(tier.id));
        let half = paint::width(painter, words, step) / 2.0 + 8.0;
        let middle = f32::midpoint(from, to);
        painter.hline(from..=(middle - half).max(from), y, stroke);
        painter.hline((middle + half).min(to)..=to, y, stroke);
        for end in [from, to] {
            painter.vline(end, y - 4.0..=y + 4.0, stroke);
        }
        paint::text(painter, pos2(middle, y), Align2::CENTER_CENTER, words, step, ink);
    }
}
