//! One tier: its total, how it is split, its parts, what it runs, and what was looked over.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::drawn::ColumnContext;
use super::{
    BuildInputs, BuildViewState, PADDING, TierColumn, checks, infeasible, largest, line, names, shares, strip,
};
use crate::advise::builder::words;
use crate::catalog::parts::TierId;
use crate::plan::{BuildGoal, BuildRequest, NamedPlan};
use crate::text::{Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::fonts::Type;
use crate::ui::icons::Icon;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius, space};
use crate::ui::widgets::button::{ButtonLook, button, icon_button};
use crate::ui::widgets::inside;
use crate::ui::widgets::value_field::ValueField;
use crate::units::Usd;

/// Height of the name and the total.
const TITLE: f32 = 46.0;
/// Width of the budget.
const FIELD: f32 = 92.0;
/// Above, between and below the rules between sections.
const RULE: f32 = 17.0;
/// Height of the buttons with what is above and below them.
const BUTTONS: f32 = 52.0;
/// A stale build is so opaque.
const DIMMED: f32 = 0.5;
/// It takes so many times as long as other movements until it is.
const SLOWLY: f32 = 4.0;

/// How much room the sections take in the column that has most in them.
#[derive(Debug, Clone, Copy)]
struct SectionRoom {
    parts: line::PartRows,
    /// Height of how the total is split.
    shares: f32,
    /// Height of what was looked over.
    checks: f32,
    /// What is said beside the largest model.
    beside: largest::Beside,
}

impl SectionRoom {
    /// In columns of this width.
    fn of(ui: &Ui, inputs: &BuildInputs<'_>, request: &BuildRequest, width: f32) -> Self {
        let builds = || inputs.columns.iter().filter_map(TierColumn::build);
        let t = Tokens::of(ui);
        let checks = |build| checks::height(ui.painter(), build, width - 2.0 * PADDING, inputs.locale, t);
        let shares = |build| shares::height(ui.painter(), build, width - 2.0 * PADDING, inputs.locale);
        Self {
            parts: line::PartRows::of(builds()),
            shares: builds().map(shares).fold(0.0, f32::max),
            checks: inputs.columns.iter().map(|column| checks(column.build())).fold(0.0, f32::max),
            beside: largest::Beside {
                plan: !matches!(request.goal, BuildGoal::LargestModel { .. }),
                users: builds().any(|build| build.users.is_some()),
            },
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a few rows")]
    fn parts_height(self) -> f32 {
        self.parts.count as f32 * line::HEIGHT
    }
}

/// How high all columns of this width are.
pub(super) fn height(ui: &Ui, inputs: &BuildInputs<'_>, request: &BuildRequest, width: f32) -> f32 {
    let rows = SectionRoom::of(ui, inputs, request, width);
    let fixed = TITLE + rows.shares + 2.0 * RULE + largest::height(rows.beside) + BUTTONS;
    fixed + infeasible::NOTICE + rows.parts_height() + rows.checks
}

pub(super) fn show(
    ui: &mut Ui,
    column: &TierColumn<'_>,
    request: &mut BuildRequest,
    inputs: &BuildInputs<'_>,
    state: &mut BuildViewState,
    commands: &mut Vec<Command>,
) {
    let rect = ui.max_rect();
    frame(ui, rect, column, request, inputs);
    // Slowly, so that nothing flickers where the new answer comes at once.
    let time = SLOWLY * ui.style().animation_time;
    let stale = ui.ctx().animate_bool_with_time(ui.make_persistent_id("stale"), column.stale, time);
    if stale > 0.0 {
        ui.set_opacity(1.0 - stale * (1.0 - DIMMED));
    }
    let inner = rect.shrink2(vec2(PADDING, 0.0));
    let title = inner.with_max_y(rect.top() + TITLE);
    self::title(ui, title, column, request, inputs);
    let Some(build) = column.build() else {
        inside(ui, "trouble", inner.with_min_y(title.bottom()), |ui| infeasible::show(ui, column, request, inputs));
        return;
    };
    let drawn = ColumnContext { inputs, column, build };
    let rows = SectionRoom::of(ui, inputs, request, rect.width());
    let mut y = title.bottom();
    let mut section = |height: f32| {
        let place = Rect::from_min_size(pos2(inner.left(), y), vec2(inner.width(), height));
        y += height;
        place
    };
    let place = section(infeasible::NOTICE);
    inside(ui, "notice", place, |ui| infeasible::notice(ui, drawn, request));
    let (bar, parts) = (section(rows.shares), section(rows.parts_height()));
    shares::show(ui, bar, build, inputs.locale);
    inside(ui, "parts", parts, |ui| line::all(ui, drawn, &rows.parts, request, state, commands));
    rule(ui, section(RULE));
    let place = section(largest::height(rows.beside));
    inside(ui, "largest", place, |ui| largest::show(ui, drawn, rows.beside));
    rule(ui, section(RULE));
    let place = section(rows.checks);
    inside(ui, "checks", place, |ui| checks::show(ui, build, inputs.locale));
    let place = Rect::from_min_max(pos2(inner.left(), rect.bottom() - BUTTONS), inner.max);
    inside(ui, "buttons", place, |ui| buttons(ui, drawn, request, state, commands));
}

fn rule(ui: &Ui, rect: Rect) {
    ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(1.0, Tokens::of(ui).line));
}

/// The card itself: a click anywhere on it chooses its tier.
fn frame(ui: &Ui, rect: Rect, column: &TierColumn<'_>, request: &mut BuildRequest, inputs: &BuildInputs<'_>) {
    let t = Tokens::of(ui);
    let locale = inputs.locale;
    let on = column.tier == request.tier;
    let response = ui.interact(rect, ui.make_persistent_id("tier"), Sense::click());
    let name = locale.word(names::tier(column.tier));
    response.widget_info(|| {
        let total = column.build().map_or_else(|| "–".to_owned(), |build| words::total(build.total, locale));
        let spoken = locale.sentence(Key::BuildColumn, &[(Placeholder::Name, name), (Placeholder::Value, &total)]);
        WidgetInfo::selected(Role::RadioButton, true, on, spoken)
    });
    let (fill, stroke) = match on {
        true => (t.raised, Stroke::new(1.5, t.sec)),
        false if response.hovered() => (t.panel, Stroke::new(1.0, t.rail)),
        false => (t.panel, Stroke::new(1.0, t.line)),
    };
    ui.painter().rect(rect, radius::CARD, fill, stroke, StrokeKind::Inside);
    paint::focus_ring(ui, &response, radius::CARD);
    if response.clicked() {
        request.choose(column.tier);
    }
}

/// The tier's name with its budget, which is typed, at the left, the total at the right.
fn title(ui: &mut Ui, rect: Rect, column: &TierColumn<'_>, request: &mut BuildRequest, inputs: &BuildInputs<'_>) {
    let t = Tokens::of(ui);
    let locale = inputs.locale;
    let middle = rect.center().y + 2.0;
    let name = locale.word(names::tier(column.tier));
    let at = pos2(rect.left(), middle);
    let drawn = paint::text(ui.painter(), at, Align2::LEFT_CENTER, name, Type::Section, t.text);
    let beside = pos2(drawn.right() + 10.0, middle + 1.0);
    let words = locale.word(Key::BuildUpTo);
    let drawn = paint::text(ui.painter(), beside, Align2::LEFT_CENTER, words, Type::Small, t.faint);
    let field = Rect::from_center_size(pos2(drawn.right() + 6.0 + FIELD / 2.0, middle), vec2(FIELD, space::FIELD));
    budget(ui, field, column.tier, request, locale);
    if let Some(build) = column.build() {
        let total = words::total(build.total, locale);
        paint::text(ui.painter(), pos2(rect.right(), middle), Align2::RIGHT_CENTER, &total, Type::Reading, t.text);
    }
}

/// The most that the tier's build may cost.
fn budget(ui: &mut Ui, place: Rect, tier: TierId, request: &mut BuildRequest, locale: Locale) {
    let name = locale.sentence(Key::BuildBudgetOf, &[(Placeholder::Name, locale.word(names::tier(tier)))]);
    let name = locale.sentence(Key::TypeValue, &[(Placeholder::Name, &name)]);
    let reading = crate::text::money(request.in_tier(tier).budget_usd);
    let parse = strip::budget_reader(locale);
    let field = ValueField { name: &name, reading: &reading, unit: "", hint: "", parse: &parse, boxed: true };
    let id = ui.make_persistent_id("tier budget");
    if let Some(usd) = field.show(ui, place, id) {
        request.set_budget(tier, Usd(usd));
    }
}

fn buttons(
    ui: &mut Ui,
    drawn: ColumnContext<'_>,
    request: &mut BuildRequest,
    state: &mut BuildViewState,
    commands: &mut Vec<Command>,
) {
    let locale = drawn.inputs.locale;
    let tier = drawn.column.tier;
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        let used_by = drawn.build.used_by(drawn.inputs.plan, drawn.inputs.catalog);
        let in_plan = used_by == *drawn.inputs.plan;
        let look = if tier == request.tier { ButtonLook::Primary } else { ButtonLook::Plain };
        let words = locale.word(if in_plan { Key::CardsInPlan } else { Key::CardsUse });
        let used = ui.add_enabled_ui(!in_plan, |ui| button(ui, words, look, None)).inner;
        if used.clicked() {
            commands.push(Command::Apply(Box::new(used_by)));
        }
        used.on_hover_text(locale.word(Key::TipBuildUse));
        if icon_button(ui, Icon::Plus, locale.word(Key::UseAsNew), space::FIELD).clicked() {
            let used = Command::Apply(Box::new(drawn.build.used_by(drawn.inputs.plan, drawn.inputs.catalog)));
            commands.push(Command::InNewPlan(Box::new(used)));
        }
        if button(ui, locale.word(Key::BuildRent), ButtonLook::Plain, None).clicked() {
            request.choose(tier);
            state.to_rent = true;
        }
        let compare = button(ui, locale.word(Key::Compare), ButtonLook::Plain, None);
        if compare.on_hover_text(locale.word(Key::TipCompareBuild)).clicked() {
            let plan = drawn.build.used_by(drawn.inputs.plan, drawn.inputs.catalog);
            commands.push(Command::Compare(vec![NamedPlan { name: String::new(), plan }]));
        }
    });
}
