//! What was looked over on a build: first what does not go together, then what to mind, then what is right.

use eframe::egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::names;
use crate::advise::builder::{Build, Check, Violation, words};
use crate::estimate::Verdict;
use crate::text::Locale;
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::Tokens;

/// Height of one line.
pub(super) const HEIGHT: f32 = 22.0;

/// How many lines there are.
pub(super) fn count(build: &Build<'_>) -> usize {
    build.violations.len() + checks(build).count()
}

/// What was looked over, without what is said as wrong already.
fn checks<'a>(build: &'a Build<'_>) -> impl Iterator<Item = &'a Check> {
    let power = build.violations.iter().any(|it| matches!(it, Violation::Power { .. }));
    let ram = build.violations.iter().any(|it| matches!(it, Violation::RamNeed { .. }));
    build.checks.iter().filter(move |check| match check {
        Check::Power { .. } => !power,
        Check::Ram { .. } => !ram,
        _ => true,
    })
}

/// How much one must mind what a line says, the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Severity {
    Wrong,
    Mind,
    Fine,
}

pub(super) fn show(ui: &Ui, build: &Build<'_>, locale: Locale) {
    let wrong = build.violations.iter().map(|it| (Severity::Wrong, names::capital(&words::violation(it, locale))));
    let checks = checks(build).map(|check| {
        let weight = if check.is_fine() { Severity::Fine } else { Severity::Mind };
        (weight, words::check(check, locale))
    });
    let mut lines: Vec<(Severity, String)> = wrong.chain(checks).collect();
    lines.sort_by_key(|(weight, _)| *weight);
    let rect = ui.max_rect();
    let mut place = Rect::from_min_size(rect.min, vec2(rect.width(), HEIGHT));
    for (index, (weight, words)) in lines.iter().enumerate() {
        line(ui, place, index, *weight, words);
        place = place.translate(vec2(0.0, HEIGHT));
    }
}

fn line(ui: &Ui, rect: Rect, index: usize, weight: Severity, words: &str) {
    let t = Tokens::of(ui);
    let painter = ui.painter();
    let center = pos2(rect.left() + 8.0, rect.center().y);
    match weight {
        Severity::Wrong => icons::verdict(painter, center, Verdict::DoesNotFit, t),
        Severity::Mind => icons::draw(painter, center, Icon::Warning, t.warning()),
        Severity::Fine => icons::verdict(painter, center, Verdict::Fits, t),
    }
    let look = if weight == Severity::Fine { (Type::Small, t.sec) } else { (Type::SmallStrong, t.text) };
    let at = pos2(rect.left() + 24.0, rect.center().y);
    let drawn = paint::text_within(painter, at, Align2::LEFT_CENTER, words, look, rect.right() - at.x);
    let response = ui.interact(rect, ui.make_persistent_id(("check", index)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    // Said in full where the column is too narrow for it.
    if drawn.right() > rect.right() - 4.0 {
        response.on_hover_text(words);
    }
}
