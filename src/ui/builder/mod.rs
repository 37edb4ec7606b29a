//! The Build view: a budget with what is wished for on top, the best build of each tier in three columns, and below
//! them what more money would buy and what was traded away.

mod checks;
mod column;
mod details;
mod drawn;
mod edit;
mod infeasible;
mod largest;
mod line;
mod names;
mod part;
mod price;
mod requirements;
mod shares;
mod strip;

use eframe::egui::{Align, Frame, Margin, Rect, ScrollArea, Stroke, Ui, UiBuilder, Vec2, pos2, vec2};

pub use names::tier as tier_name;

use super::command::Command;
use super::rent::{self, RentInputs, RentViewState};
use super::theme::{Tokens, space};
use crate::advise::builder::{Build, BuildError, BuildOutcome};
use crate::advise::rent::{Bought, CloudOffer};
use crate::catalog::Catalog;
use crate::catalog::parts::{CircuitId, TierId};
use crate::plan::{BuildRequest, Plan};
use crate::text::{Key, Locale, Placeholder};

/// Left and right of everything.
const SIDE: f32 = 24.0;
/// Between columns.
const GAP: f32 = 16.0;
/// Columns are no narrower than this: where the window is, they scroll sideways.
const LEAST_COLUMN: f32 = 404.0;

/// What was found for one tier.
#[derive(Debug, Clone, Copy)]
pub struct TierColumn<'a> {
    /// The tier.
    pub tier: TierId,
    /// The answer; `None` until the first has come.
    pub found: Option<Result<&'a BuildOutcome<'a>, &'a BuildError<'a>>>,
    /// What it answers.
    pub request: Option<&'a BuildRequest>,
    /// The cloud offers that hold the plan that the build was judged by, the cheapest a million tokens first.
    pub offers: &'a [CloudOffer<'a>],
    /// It answers an older question; the new answer is on its way.
    pub stale: bool,
}

impl<'a> TierColumn<'a> {
    /// The build that is shown: the best one, or the cheapest where the budget is too small for any.
    pub fn build(&self) -> Option<&'a Build<'a>> {
        self.found?.map_or_else(BuildError::cheapest, |outcome| Some(&outcome.build))
    }
}

/// What the view draws.
#[derive(Clone, Copy)]
pub struct BuildInputs<'a> {
    /// The plan that is to run.
    pub plan: &'a Plan,
    /// What was found, the smallest tier first.
    pub columns: [TierColumn<'a>; 3],
    /// Parts and models.
    pub catalog: &'a Catalog,
    /// The outlet that is usual here.
    pub outlet: CircuitId,
    /// The language.
    pub locale: Locale,
}

/// What the view remembers that is no part of the document.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct BuildViewState {
    /// The price that is being typed.
    #[serde(skip)]
    typing: Option<TypedPart>,
    /// Buying against renting is to be brought into view.
    #[serde(skip)]
    to_rent: bool,
    /// The tier that was brought into view last.
    #[serde(skip)]
    revealed: Option<TierId>,
    rent: RentViewState,
}

/// The price of a part that is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct TypedPart {
    /// In the column of this tier.
    tier: TierId,
    /// By its id.
    part: String,
    /// So far.
    typed: String,
}

/// Shows the view in what is left of `ui`. What is wished for is changed in `request`; effects are returned.
pub fn show(
    ui: &mut Ui,
    request: &mut BuildRequest,
    inputs: &BuildInputs<'_>,
    state: &mut BuildViewState,
) -> Vec<Command> {
    let mut commands = Vec::new();
    let whole = ui.available_rect_before_wrap();
    let t = Tokens::of(ui);
    ui.painter().rect_filled(whole, 0, t.bg);
    let high = strip::HEIGHT + requirements::height(request, whole.width());
    let (top, below) = whole.split_top_bottom_at_y(whole.top() + high);
    ui.painter().rect_filled(top, 0, t.panel);
    ui.painter().hline(top.x_range(), top.bottom() - 0.5, Stroke::new(1.0, t.line));
    let (budget, wished) = top.split_top_bottom_at_y(top.top() + strip::HEIGHT);
    part(ui, "budget", budget, |ui| strip::show(ui, request, inputs.locale));
    part(ui, "wishes", wished, |ui| requirements::show(ui, request, inputs));
    part(ui, "builds", below, |ui| {
        ScrollArea::vertical().id_salt("page").auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add_space(GAP);
            columns(ui, request, inputs, state, &mut commands);
            ui.add_space(GAP);
            details::show(ui, request, inputs);
            ui.add_space(GAP);
            buy_or_rent(ui, request, inputs, state);
            ui.add_space(GAP);
        });
    });
    ui.advance_cursor_after_rect(whole);
    commands
}

/// The three columns, side by side as far as there is room.
fn columns(
    ui: &mut Ui,
    request: &mut BuildRequest,
    inputs: &BuildInputs<'_>,
    state: &mut BuildViewState,
    commands: &mut Vec<Command>,
) {
    let room = ui.available_width() - 2.0 * SIDE;
    let width = ((room - 2.0 * GAP) / 3.0).floor().max(LEAST_COLUMN);
    let height = column::height(ui, inputs, request, width);
    let reveal = state.revealed != Some(request.tier);
    state.revealed = Some(request.tier);
    ScrollArea::horizontal().id_salt("columns").auto_shrink([false, true]).show(ui, |ui| {
        let all = 2.0 * SIDE + 3.0 * width + 2.0 * GAP;
        // The bar that they scroll by does not touch them.
        let below = if all > ui.clip_rect().width() + 1.0 { 8.0 } else { 0.0 };
        let (_, rect) = ui.allocate_space(vec2(all, height + below));
        for (place, column) in inputs.columns.iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "three columns")]
            let left = rect.left() + SIDE + (width + GAP) * place as f32;
            let at = Rect::from_min_size(pos2(left, rect.top()), vec2(width, height));
            if reveal && column.tier == request.tier {
                ui.scroll_to_rect(at.expand2(vec2(SIDE, 0.0)), None);
            }
            ui.scope_builder(UiBuilder::new().id_salt(("tier", column.tier)).max_rect(at), |ui| {
                column::show(ui, column, request, inputs, state, commands);
            });
        }
    });
}

/// The chosen build against renting.
fn buy_or_rent(ui: &mut Ui, request: &mut BuildRequest, inputs: &BuildInputs<'_>, state: &mut BuildViewState) {
    let Some(column) = inputs.columns.iter().find(|column| column.tier == request.tier) else { return };
    let Some(build) = column.build() else { return };
    let tier = inputs.locale.word(names::tier(column.tier));
    let rented = RentInputs {
        name: &inputs.locale.sentence(Key::BuildIs, &[(Placeholder::Name, tier)]),
        bought: Bought::build(build, inputs.catalog),
        unpriced: build.total.unpriced,
        offers: Some(column.offers),
        locale: inputs.locale,
    };
    let margin = Margin::from(Vec2::new(SIDE, 0.0));
    if std::mem::take(&mut state.to_rent) {
        let top = Rect::from_min_size(ui.cursor().min, vec2(1.0, ui.clip_rect().height() - GAP));
        ui.scroll_to_rect(top, Some(Align::TOP));
    }
    Frame::new().inner_margin(margin).show(ui, |ui| {
        rent::show(ui, &mut request.terms, &rented, &mut state.rent);
    });
}

fn part(ui: &mut Ui, salt: &'static str, rect: Rect, show: impl FnOnce(&mut Ui)) {
    ui.scope_builder(UiBuilder::new().id_salt(salt).max_rect(rect), |ui| {
        ui.shrink_clip_rect(rect);
        show(ui);
    });
}

/// Padding inside a column.
const PADDING: f32 = space::L;
