//! What is said where there is no build, or one that is not what was asked for, and what can be done about it.

use eframe::egui::{Align, Align2, Layout, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::drawn::ColumnContext;
use super::{BuildInputs, TierColumn, edit};
use crate::advise::builder::{BuildError, tier_words};
use crate::plan::{BuildRequest, PartCount};
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::Tokens;
use crate::ui::widgets::button::{ButtonLook, button};
use crate::ui::widgets::inside;
use crate::units::Usd;

/// Height of the line above the shares, with its buttons at the right: always there, so that nothing below it moves.
pub(super) const NOTICE: f32 = 34.0;

/// What a tier asks for has so many lines.
const AIM_LINES: usize = 2;

/// The share of the line that words have beside its buttons.
const SAID: f32 = 0.55;

/// Whether more must be said of the build than what its tier asks for.
fn is_said(column: &TierColumn<'_>) -> bool {
    let (Some(build), Some(request)) = (column.build(), column.request) else { return false };
    build.total.usd > request.budget_usd || !request.by_hand.is_empty()
}

/// The budget is too small, or the machine was put together by hand; else what the tier asks for.
pub(super) fn notice(ui: &mut Ui, drawn: ColumnContext<'_>, request: &mut BuildRequest) {
    let locale = drawn.inputs.locale;
    let total = drawn.build.total.usd;
    let Some(searched) = drawn.column.request else { return };
    if !is_said(drawn.column) {
        aims(ui, drawn, locale);
        return;
    }
    let rect = ui.max_rect();
    let (said, buttons) = rect.split_left_right_at_fraction(SAID);
    inside(ui, "said", said, |ui| why(ui, drawn, searched));
    inside(ui, "ways out", buttons, |ui| {
        ui.with_layout(Layout::right_to_left(Align::TOP), |ui| ways_out(ui, drawn, request, searched, total));
    });
}

/// What the tier asks for, in as many lines as the notice has room for.
fn aims(ui: &Ui, drawn: ColumnContext<'_>, locale: Locale) {
    let Some(tier) = drawn.column.tier.tier() else { return };
    let words = tier_words::aims(tier, drawn.build.goal, locale);
    let rect = ui.max_rect();
    let ink = Tokens::of(ui).faint;
    let galley = paint::wrapped_in(ui.painter(), &words, (Type::Caption, ink), rect.width(), AIM_LINES);
    let cut = galley.elided;
    ui.painter().galley(rect.min, galley, ink);
    let response = ui.interact(rect, ui.make_persistent_id("aims"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    if cut {
        response.on_hover_text(words);
    }
}

/// Why this is not what was asked for.
fn why(ui: &mut Ui, drawn: ColumnContext<'_>, searched: &BuildRequest) {
    let locale = drawn.inputs.locale;
    let total = drawn.build.total.usd;
    let budget = searched.budget_usd;
    let over = text::money((total - budget).ceil());
    if matches!(drawn.column.found, Some(Err(_))) {
        line(ui, &locale.sentence(Key::BuildCheapest, &[(Placeholder::Value, &over)]), true);
    } else if total > budget {
        line(ui, &locale.sentence(Key::BuildOver, &[(Placeholder::Value, &over)]), true);
    } else {
        line(ui, locale.word(Key::BuildByHand), false);
    }
}

/// What can be done about it.
fn ways_out(ui: &mut Ui, drawn: ColumnContext<'_>, request: &mut BuildRequest, searched: &BuildRequest, total: Usd) {
    let locale = drawn.inputs.locale;
    // Rounded up, so that it is enough.
    let enough = (total / 10.0).ceil() * 10.0;
    let words = locale.sentence(Key::BuildSetBudget, &[(Placeholder::Value, &text::money(enough))]);
    if total > searched.budget_usd && button(ui, &words, ButtonLook::Plain, None).clicked() {
        request.choose(drawn.column.tier);
        request.budget_usd = enough;
    }
    if !searched.by_hand.is_empty() {
        let again = button(ui, locale.word(Key::BuildAgain), ButtonLook::Plain, None);
        if again.clicked() {
            edit::search_again(request, drawn.column.tier);
        }
        again.on_hover_text(locale.word(Key::TipBuildAgain));
    }
}

fn line(ui: &mut Ui, words: &str, mind: bool) {
    let t = Tokens::of(ui);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 20.0));
    let icon = if mind { (Icon::Warning, t.warning()) } else { (Icon::Info, t.sec) };
    icons::draw(ui.painter(), pos2(rect.left() + 8.0, rect.center().y), icon.0, icon.1);
    let at = pos2(rect.left() + 24.0, rect.center().y);
    let look = (Type::SmallStrong, t.text);
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, words, look, rect.right() - at.x);
    let response = ui.interact(rect, ui.make_persistent_id("notice"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}

/// Where there is no build at all: why, and a way out.
pub(super) fn show(ui: &mut Ui, column: &TierColumn<'_>, request: &mut BuildRequest, inputs: &BuildInputs<'_>) {
    let locale = inputs.locale;
    let said = match column.found {
        Some(Err(BuildError::Plan(error))) => crate::ui::words::error(locale, error),
        Some(Err(error)) => super::names::capital(&tier_words::error(error, locale)),
        _ => locale.word(Key::BuildSearching).to_owned(),
    };
    let t = Tokens::of(ui);
    ui.add_space(20.0);
    let indent = if matches!(column.found, Some(Err(_))) { 24.0 } else { 0.0 };
    let words = paint::wrapped(ui.painter(), &said, (Type::Body, t.text), ui.available_width() - indent);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), words.size().y.max(18.0)));
    if indent > 0.0 {
        icons::draw(ui.painter(), rect.min + vec2(8.0, 8.0), Icon::Warning, t.warning());
    }
    ui.painter().galley(rect.min + vec2(indent, 0.0), words, t.text);
    let response = ui.interact(rect, ui.make_persistent_id("said"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
    ui.spacing_mut().item_spacing.y = 8.0;
    if column.tier == request.tier && matches!(column.found, Some(Err(_))) {
        ui.add_space(8.0);
        locks(ui, request, inputs, locale);
    }
}

/// Every lock with a button that lets it go.
fn locks(ui: &mut Ui, request: &mut BuildRequest, inputs: &BuildInputs<'_>, locale: Locale) {
    let mut gone: Option<PartCount> = None;
    for lock in &request.locks {
        let name = super::requirements::name(inputs.catalog, &lock.part, locale);
        let words = locale.sentence(Key::BuildUnlock, &[(Placeholder::Name, &name)]);
        if button(ui, &words, ButtonLook::Plain, None).clicked() {
            gone = Some(lock.clone());
        }
    }
    if let Some(lock) = gone {
        request.locks.retain(|other| *other != lock);
    }
    if request.locks.len() > 1 && button(ui, locale.word(Key::BuildUnlockAll), ButtonLook::Plain, None).clicked() {
        request.locks.clear();
    }
    if !request.by_hand.is_empty() && button(ui, locale.word(Key::BuildAgain), ButtonLook::Plain, None).clicked() {
        request.by_hand.clear();
    }
}
