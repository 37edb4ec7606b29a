//! The Cards view: filters on top, every card for the plan in a table, price against speed and the chosen card's facts
//! at the right.

mod card_table;
mod cells;
mod chips;
mod columns;
mod compare;
mod empty;
mod facts;
mod filters;
mod listing;
pub(super) mod memory;
pub(super) mod names;
mod price_cell;
mod row;
mod scatter;
mod side;

use eframe::egui::{Rect, Stroke, Ui, UiBuilder, Vec2, vec2};

use super::command::Command;
use super::theme::{Tokens, space};
use super::widgets::with_least_room;
use crate::advise::ranking::{Direction, Filter, FilterRule, Need, Offer, OfferKey, SortKey};
use crate::catalog::Catalog;
use crate::estimate::EstimateError;
use crate::plan::Plan;
use crate::text::Locale;
use crate::units::Usd;
use listing::{Listing, ListingQuery};

/// The widest window in which price against speed is shown in place of the table, not beside it.
const NARROW: f32 = 1180.0;
/// The table has so much room before the plot grows.
const TABLE: f32 = 825.0;
/// The highest window in which rows are low.
const LOW: f32 = 780.0 - 48.0;

/// What the view draws.
#[derive(Clone, Copy)]
pub struct CardsInputs<'a> {
    /// The plan that cards are ranked for.
    pub plan: &'a Plan,
    /// The ranking, `None` until it has come, or why there can be none.
    pub offers: Option<Result<&'a [Offer<'a>], &'a EstimateError>>,
    /// Another number whenever the ranking is another one.
    pub generation: u64,
    /// Models and cards.
    pub catalog: &'a Catalog,
    /// The language.
    pub locale: Locale,
}

/// What the view remembers that is no part of the plan.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct CardsViewState {
    /// Which rows are looked at.
    pub filter: Filter,
    /// What the rows are put in order by.
    pub column: SortKey,
    /// Which end comes first.
    pub direction: Direction,
    /// The chosen row.
    pub selected: Option<OfferKey>,
    /// Rows that stay on top, to be compared.
    pub pinned: Vec<OfferKey>,
    /// Words that the name of a card must have.
    pub query: String,
    /// The document's budget that is not to count here.
    pub lifted_budget: Option<Usd>,
    /// In a narrow window: price against speed is shown in place of the table.
    pub side: bool,
    /// The price that is being typed.
    #[serde(skip)]
    typing: Option<TypedOffer>,
    /// What is to be scrolled to.
    #[serde(skip)]
    reveal: Option<Reveal>,
    #[serde(skip)]
    listing: Listing,
}

/// A price that is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct TypedOffer {
    key: OfferKey,
    /// So far.
    typed: String,
}

/// Where the table scrolls to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reveal {
    /// The first row: what was just put in order is read from its top.
    Top,
    /// The chosen row.
    Chosen,
}

/// Filters and columns have no room in less: a smaller window scrolls them.
const LEAST: Vec2 = vec2(896.0, 0.0);

/// The most rows that are compared.
pub const MOST_PINNED: usize = 3;

/// How much room there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TableRoom {
    /// Price against speed is shown beside the table.
    beside: bool,
    /// Rows have two lines.
    high: bool,
    /// What the cards are ranked for is said below them: the filters have no room for it.
    named_below: bool,
}

/// Shows the view in what is left of `ui`; effects are returned. `budget` is the document's, in US dollars: it is what the
/// filter asks for, and what is set here.
pub fn show(
    ui: &mut Ui,
    inputs: &CardsInputs<'_>,
    budget: &mut Option<Usd>,
    state: &mut CardsViewState,
) -> Vec<Command> {
    follow_budget(state, *budget);
    let commands = with_least_room(ui, "cards sideways", LEAST, |ui| show_all(ui, inputs, state));
    let asked = state.filter.budget();
    if asked != budget.filter(|_| state.lifted_budget.is_none()) {
        match asked {
            Some(usd) => (*budget, state.lifted_budget) = (Some(usd), None),
            None => state.lifted_budget = *budget,
        }
    }
    commands
}

/// The filter asks for the document's budget, unless that very one was lifted here.
fn follow_budget(state: &mut CardsViewState, budget: Option<Usd>) {
    if state.lifted_budget != budget {
        state.lifted_budget = None;
    }
    match budget.filter(|_| state.lifted_budget.is_none()) {
        Some(usd) => state.filter.add(FilterRule::Budget(usd)),
        None => state.filter.remove(FilterRule::Budget(Usd::ZERO)),
    }
}

fn show_all(ui: &mut Ui, inputs: &CardsInputs<'_>, state: &mut CardsViewState) -> Vec<Command> {
    let mut commands = Vec::new();
    let whole = ui.available_rect_before_wrap();
    let t = Tokens::of(ui);
    let mut room = TableRoom { beside: whole.width() >= NARROW, high: whole.height() >= LOW, named_below: false };
    let (top, below) = whole.split_top_bottom_at_y(whole.top() + filters::HEIGHT);
    ui.painter().rect_filled(whole, 0, t.bg);
    ui.painter().rect_filled(top, 0, t.panel);
    ui.painter().hline(top.x_range(), top.bottom(), Stroke::new(1.0, t.line));
    part(ui, "filters", top, |ui| room.named_below = !filters::show(ui, inputs, state, room));
    if let Some(Ok(offers)) = inputs.offers {
        follow(&mut state.pinned, offers);
        let asked = ListingQuery {
            generation: inputs.generation,
            filter: state.filter.clone(),
            query: state.query.clone(),
            column: state.column,
            direction: state.direction,
            pinned: state.pinned.clone(),
        };
        state.listing.refresh(asked, offers, inputs.plan, &filters::SWITCHES);
        choose(state, offers, inputs.plan);
        // Beside the columns of the table, as much as the plot can use.
        let side_width = (whole.width() - TABLE).clamp(space::SCATTER_NARROW, space::SCATTER);
        let (left, right) = match (room.beside, state.side) {
            (true, _) => {
                let (left, right) = below.split_left_right_at_x(below.right() - side_width);
                (Some(left), Some(right))
            }
            (false, true) => (None, Some(below)),
            (false, false) => (Some(below), None),
        };
        if let Some(left) = left {
            part(ui, "table", left, |ui| card_table::show(ui, offers, inputs, state, room, &mut commands));
        }
        if let Some(right) = right {
            ui.painter().rect_filled(right, 0, t.panel);
            ui.painter().vline(right.left(), right.y_range(), Stroke::new(1.0, t.line));
            part(ui, "side", right, |ui| side::show(ui, offers, inputs, state, &mut commands));
        }
    } else {
        part(ui, "empty", below, |ui| empty::without_ranking(ui, inputs));
    }
    ui.advance_cursor_after_rect(whole);
    commands
}

/// Some row is always chosen: the one that was, else the cheapest that fits, else the plan's own, else the first.
fn choose(state: &mut CardsViewState, offers: &[Offer<'_>], plan: &Plan) {
    let visible = &state.listing.rows;
    let there = |key: &OfferKey| visible.iter().any(|&place| offers[place].is(key));
    if state.selected.as_ref().is_some_and(there) {
        return;
    }
    let own = || visible.iter().find(|&&place| facts::is_in_plan(&offers[place], plan));
    let frontier = state.listing.frontier.iter().find(|&&place| {
        let fits = offers[place].verdict().is_some_and(|verdict| verdict <= crate::estimate::Verdict::Tight);
        fits && offers[place].is_sold()
    });
    state.selected = frontier.or_else(own).or_else(|| visible.first()).map(|&place| offers[place].key());
}

/// Pins hold on to their cards where another plan asks for another count of them.
fn follow(pinned: &mut Vec<OfferKey>, offers: &[Offer<'_>]) {
    if pinned.iter().all(|key| offers.iter().any(|offer| offer.is(key))) {
        return;
    }
    let mut kept: Vec<OfferKey> = Vec::new();
    for key in pinned.drain(..) {
        let alike = |offer: &&Offer<'_>| offer.card.id == key.card && offer.condition == key.condition;
        let same = offers.iter().find(|offer| offer.is(&key));
        let found = same.or_else(|| offers.iter().filter(alike).find(|offer| offer.need != Need::Alone));
        let found = found.or_else(|| offers.iter().find(alike)).map(Offer::key);
        kept.extend(found.filter(|key| !kept.contains(key)));
    }
    *pinned = kept;
}

fn part(ui: &mut Ui, salt: &'static str, rect: Rect, show: impl FnOnce(&mut Ui)) {
    ui.scope_builder(UiBuilder::new().id_salt(salt).max_rect(rect), |ui| {
        ui.shrink_clip_rect(rect);
        show(ui);
    });
}
