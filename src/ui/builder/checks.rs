//! What was looked over on a build: first what does not go together, then what to mind, then what is right.

use std::sync::Arc;

use eframe::egui::{Galley, Painter, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::names;
use crate::advise::builder::{Build, Check, Violation, words};
use crate::estimate::Verdict;
use crate::text::Locale;
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::Tokens;

/// Height of one line, and of the rows of a build that is still looked for.
const LINE: f32 = 22.0;
const USUAL_LINES: f32 = 5.0;
/// Where words stand, behind the icon.
const INDENT: f32 = 24.0;
/// What one must mind may take so many lines.
const MOST_LINES: usize = 2;

/// How high all of it is in a column of this width.
pub(super) fn height(painter: &Painter, build: Option<&Build<'_>>, width: f32, locale: Locale, t: &Tokens) -> f32 {
    let Some(build) = build else { return USUAL_LINES * LINE };
    laid_out(painter, build, width, locale, t).iter().map(LaidOutCheck::height).sum()
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

/// One line, laid out.
struct LaidOutCheck {
    weight: Severity,
    words: String,
    galley: Arc<Galley>,
}

impl LaidOutCheck {
    fn height(&self) -> f32 {
        (self.galley.size().y + 6.0).max(LINE)
    }
}

fn laid_out(painter: &Painter, build: &Build<'_>, width: f32, locale: Locale, t: &Tokens) -> Vec<LaidOutCheck> {
    let wrong = build.violations.iter().map(|it| (Severity::Wrong, names::capital(&words::violation(it, locale))));
    let checks = checks(build).map(|check| {
        let weight = if check.is_fine() { Severity::Fine } else { Severity::Mind };
        (weight, words::check(check, locale))
    });
    let mut lines: Vec<(Severity, String)> = wrong.chain(checks).collect();
    lines.sort_by_key(|(weight, _)| *weight);
    let one = |(weight, words): (Severity, String)| {
        let look = if weight == Severity::Fine { (Type::Small, t.sec) } else { (Type::SmallStrong, t.text) };
        let galley = paint::wrapped_in(painter, &words, look, width - INDENT, MOST_LINES);
        LaidOutCheck { weight, words, galley }
    };
    lines.into_iter().map(one).collect()
}

pub(super) fn show(ui: &Ui, build: &Build<'_>, locale: Locale) {
    let rect = ui.max_rect();
    let t = Tokens::of(ui);
    let mut top = rect.top();
    for (index, check) in laid_out(ui.painter(), build, rect.width(), locale, t).into_iter().enumerate() {
        let place = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), check.height()));
        top = place.bottom();
        line(ui, place, index, check);
    }
}

fn line(ui: &Ui, rect: Rect, index: usize, check: LaidOutCheck) {
    let t = Tokens::of(ui);
    let painter = ui.painter();
    let center = pos2(rect.left() + 8.0, rect.top() + LINE / 2.0);
    match check.weight {
        Severity::Wrong => icons::verdict(painter, center, Verdict::DoesNotFit, t),
        Severity::Mind => icons::draw(painter, center, Icon::Warning, t.warning()),
        Severity::Fine => icons::verdict(painter, center, Verdict::Fits, t),
    }
    let cut = check.galley.elided;
    let at = pos2(rect.left() + INDENT, rect.center().y - check.galley.size().y / 2.0);
    painter.galley(at, check.galley, t.text);
    let response = ui.interact(rect, ui.make_persistent_id(("check", index)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &check.words));
    // Said in full where the column is too narrow for it.
    if cut {
        response.on_hover_text(check.words);
    }
}
