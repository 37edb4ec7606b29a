//! Buying a machine against renting one or paying for a hosted API: the terms at the left, what each way costs over
//! the months in the middle, when buying pays at the right, and below them the cloud offers that fit the plan.

mod lines;
mod offers;
mod plot;
mod tables;
mod terms;

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::fonts::Type;
use super::paint;
use super::theme::{Tokens, space};
use super::widgets::inside;
use crate::advise::rent::{Bought, CloudOffer, CostComparison};
use crate::plan::RentTerms;
use crate::text::{Join, Key, Locale, Placeholder};

pub use lines::RentKey;

/// Width of the terms.
const TERMS: f32 = 248.0;
/// Width of the tables beside the plot.
const TABLES: f32 = 400.0;
/// Between the three.
const GAP: f32 = 24.0;
/// A panel narrower than this has its tables under the plot.
const NARROW: f32 = 1060.0;
/// One narrower than this has the terms above both.
const STACKED: f32 = 692.0;
/// The title.
const TITLE: f32 = 34.0;
/// What it comes to, in a sentence.
const VERDICT: f32 = 30.0;
/// Height of the plot where the tables stand below it.
const LOW_PLOT: f32 = 260.0;

/// What the panel draws.
#[derive(Clone, Copy)]
pub struct RentInputs<'a> {
    /// What the machine is called.
    pub name: &'a str,
    /// The machine; `None` = no price of it is known.
    pub bought: Option<Bought>,
    /// Parts of it that have no price: buying costs at least what [`Self::bought`] says.
    pub unpriced: u32,
    /// The cloud offers that hold the plan, cheapest a million tokens first; `None` = not worked out yet.
    pub offers: Option<&'a [CloudOffer<'a>]>,
    /// The language of the words.
    pub locale: Locale,
}

/// What the panel keeps between frames.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct RentViewState {
    /// The offers that are drawn in the plot, where they were chosen; else two are, by their price.
    pub chosen: Option<Vec<RentKey>>,
    /// Every offer is listed, not the first few alone.
    pub all: bool,
}

/// Shows the panel in the width there is and as high as it needs, and edits `terms`; whether they changed.
pub fn show(ui: &mut Ui, terms: &mut RentTerms, inputs: &RentInputs<'_>, state: &mut RentViewState) -> bool {
    let before = *terms;
    let width = ui.available_width();
    let narrow = width < NARROW;
    let (_, title) = ui.allocate_space(vec2(width, TITLE));
    let words = inputs.locale.sentence(Key::RentTitle, &[(Placeholder::Name, inputs.name)]);
    let look = (Type::Section, Tokens::of(ui).text);
    paint::text_within(ui.painter(), title.left_center(), Align2::LEFT_CENTER, &words, look, width);
    let (_, said) = ui.allocate_space(vec2(width, VERDICT));

    let stacked = width < STACKED;
    let beside = if stacked { width } else { width - TERMS - GAP };
    let low = || LOW_PLOT + space::M + tables::low_height(lines::of(inputs, terms, state).len(), beside);
    let height = match (stacked, narrow) {
        (true, _) => terms::HEIGHT + space::L + low(),
        (false, true) => low().max(terms::HEIGHT),
        (false, false) => terms::HEIGHT,
    };
    let (_, upper) = ui.allocate_space(vec2(width, height));
    let (left, rest) = if stacked {
        let (above, below) = upper.split_top_bottom_at_y(upper.top() + terms::HEIGHT);
        (above.with_max_x(above.left() + TERMS), below.with_min_y(below.top() + space::L))
    } else {
        let (left, rest) = upper.split_left_right_at_x(upper.left() + TERMS);
        (left, rest.with_min_x(rest.left() + GAP))
    };
    inside(ui, "terms", left, |ui| terms::show(ui, terms, inputs));
    // What was changed just now counts in this frame already.
    let terms = &*terms;
    let drawn = lines::of(inputs, terms, state);
    let (middle, right) = if narrow { (rest, None) } else { split(rest) };
    let Some(running) = inputs.bought.and_then(|bought| CostComparison::new(terms, bought)) else {
        let missing = if inputs.bought.is_some() { Key::RentNoDraw } else { Key::RentNoPrice };
        let words = inputs.locale.word(missing);
        let galley = paint::wrapped(ui.painter(), words, (Type::Body, Tokens::of(ui).sec), rest.width());
        ui.painter().galley(rest.min, galley, Tokens::of(ui).sec);
        offers::show(ui, inputs, &drawn, state);
        return before != *terms;
    };
    twin(ui, title, &running, &drawn, inputs.locale);
    verdict(ui, said, &running, drawn.first(), inputs.locale);
    let plot = if narrow { middle.with_max_y(middle.top() + LOW_PLOT) } else { middle };
    inside(ui, "rent plot", plot, |ui| plot::show(ui, &running, &drawn, inputs.locale));
    if let Some(right) = right {
        ui.painter().vline(right.left() - GAP / 2.0, right.y_range(), Stroke::new(1.0, Tokens::of(ui).line));
        inside(ui, "rent tables", right, |ui| tables::show(ui, &running, &drawn, inputs));
    } else {
        let below = Rect::from_min_max(pos2(rest.left(), plot.bottom() + space::M), rest.max);
        inside(ui, "rent tables", below, |ui| tables::low(ui, &running, &drawn, inputs));
    }
    offers::show(ui, inputs, &drawn, state);
    before != *terms
}

fn split(rect: Rect) -> (Rect, Option<Rect>) {
    let (left, right) = rect.split_left_right_at_x(rect.right() - TABLES);
    (left.with_max_x(left.right() - GAP), Some(right))
}

/// Whether buying pays beside the cheapest of what is drawn, in a sentence.
fn verdict(ui: &Ui, rect: Rect, running: &CostComparison<'_>, line: Option<&lines::RentLine>, locale: Locale) {
    let Some(line) = line.filter(|line| running.instead_after(line.instead, 1.0).is_some()) else { return };
    let t = Tokens::of(ui);
    let months = running.pays_within_reach(line.instead);
    let (hours, after) = (crate::text::trimmed(running.terms.hours_per_day, 1), lines::months(months, locale));
    let holes = [(Placeholder::Count, hours.as_str()), (Placeholder::Name, &line.brief), (Placeholder::Value, &after)];
    let words = match months {
        Some(_) => locale.sentence(Key::RentVerdict, &holes),
        None => locale.sentence(Key::RentVerdictNever, &holes[..2]),
    };
    let (plain, strong) = ((Type::Lead, t.sec), (Type::LeadStrong, t.text));
    let galley = paint::starred_line(ui.painter(), &words, plain, strong, rect.width());
    ui.painter().galley(rect.left_top(), galley, t.text);
    let response = ui.interact(rect, ui.make_persistent_id("rent verdict"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.replace('*', "")));
}

/// The plot as words, for those who do not see it.
fn twin(ui: &Ui, rect: Rect, running: &CostComparison<'_>, drawn: &[lines::RentLine], locale: Locale) {
    let response = ui.interact(rect, ui.make_persistent_id("rent twin"), Sense::hover());
    response.widget_info(|| {
        let all = std::iter::once(lines::buy(running, locale)).chain(drawn.iter().map(|line| {
            let months = lines::pays(running, line, running.pays_within_reach(line.instead), locale);
            let pays = locale.sentence(Key::RentBreakEven, &[(Placeholder::Value, &months)]);
            format!("{}: {pays}", line.words)
        }));
        WidgetInfo::labeled(Role::Image, true, locale.join(Join::Clauses, all))
    });
}
