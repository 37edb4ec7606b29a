//! My machine: what is in it and what holds its memory, live; what runs on it; what an upgrade would bring.

mod bar;
mod details;
mod device;
mod engines;
mod head;
mod history;
mod live;
mod planned;
mod programs;
mod ram;
mod ran_out;
mod runs;
mod sight;
mod upgrades;
mod walls;

pub use engines::EngineLine;
pub use ran_out::{CureLink, DiagnosisAction, DiagnosisRead, DiagnosisState, FindingSource, LogShown};

use eframe::egui::{Frame, Margin, Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use crate::advise::remedies::{Change, Cost};
use crate::advise::runs::Pace;
use crate::advise::runs::upgrade::{Enclosure, Obstacle};
use crate::catalog::Catalog;
use crate::estimate::{Estimate, Verdict};
use crate::plan::Plan;
use crate::system::detect::history::History;
use crate::system::detect::{Detected, SeenDevice};
use crate::text::{Key, Locale};
use crate::ui::command::Command;
use crate::ui::theme::Tokens;
use crate::ui::widgets::inside;

/// Around the page.
const SIDE: i8 = 24;
/// On a narrower page what stands side by side stands one below the other.
const BESIDE_FROM: f32 = 860.0;

/// What of the machine is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum MachineSection {
    /// Which memory ran out, by a message or by what is watched.
    RanOut,
    /// What holds its memory just now.
    #[default]
    Live,
    /// The models that run on it.
    Runs,
    /// What could be bought.
    Upgrades,
}

impl MachineSection {
    const ALL: [(Self, Key); 4] = [
        (Self::RanOut, Key::MachineRanOut),
        (Self::Live, Key::MachineLive),
        (Self::Runs, Key::MachineRuns),
        (Self::Upgrades, Key::MachineUpgrades),
    ];
}

/// What the view keeps between frames.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MachineViewState {
    /// What is shown.
    pub section: MachineSection,
    /// What was typed of the computer around the cards; over what was found.
    pub enclosure: Enclosure,
}

/// A model that runs here.
#[derive(Debug, Clone, PartialEq)]
pub struct RunLine {
    /// Its name.
    pub name: String,
    /// It on this machine.
    pub plan: Plan,
    /// Whether it fits.
    pub verdict: Verdict,
    /// Expected tokens a second.
    pub rate: Option<f64>,
    /// Layers whose experts lie in RAM.
    pub experts: u32,
    /// How well it runs.
    pub pace: Pace,
}

/// Something to buy, and what then runs.
#[derive(Debug, Clone, PartialEq)]
pub struct UpgradeLine {
    /// What is bought, in words of the reader.
    pub change: Change,
    /// The same with what it is bought for.
    pub before: Plan,
    /// What it costs.
    pub cost: Cost,
    /// Why it may not go in.
    pub obstacle: Option<Obstacle>,
    /// How many models become fast enough to read along.
    pub gained: usize,
    /// The best thought of them.
    pub names: Vec<String>,
    /// The model that is thought of best of all that run then.
    pub best: Option<RunLine>,
}

/// What the view shows.
#[derive(Clone, Copy)]
pub struct MachineInputs<'a> {
    /// What was found last; none before the first look.
    pub found: Option<&'a Detected>,
    /// The search broke off.
    pub broken: bool,
    /// The file that it was opened from; none of this machine.
    pub file: Option<&'a str>,
    /// What the plan that is shown comes to, and its letter, where it is planned for these cards.
    pub planned: Option<(&'a Estimate, &'a str)>,
    /// What was in use.
    pub history: &'a History,
    /// Models that run here; none until that is worked out.
    pub runs: Option<&'a [RunLine]>,
    /// What could be bought; none until that is worked out.
    pub upgrades: Option<&'a [UpgradeLine]>,
    /// Programs that run models here.
    pub engines: &'a [EngineLine],
    /// How far a measurement is, from 0 to 1; none where nothing is measured.
    pub measuring: Option<f32>,
    /// Models, cards and prices.
    pub catalog: &'a Catalog,
    /// The language.
    pub locale: Locale,
}

/// Shows the view in what is left of `ui`; effects are returned, and what was asked for where it is read which memory ran out.
pub fn show(
    ui: &mut Ui,
    inputs: &MachineInputs<'_>,
    state: &mut MachineViewState,
    message: &mut DiagnosisState,
) -> (Vec<Command>, Option<DiagnosisAction>) {
    let (mut commands, mut asked) = (Vec::new(), None);
    let whole = ui.available_rect_before_wrap();
    ui.painter().rect_filled(whole, 0, Tokens::of(ui).bg);
    let margin = Margin { left: SIDE, right: SIDE, top: 16, bottom: 8 };
    ui.scope_builder(UiBuilder::new().id_salt("my machine").max_rect(whole), |ui| {
        Frame::new().inner_margin(margin).show(ui, |ui| {
            ui.set_min_size(ui.available_size());
            head::show(ui, inputs, state, &mut commands);
            asked = section(ui, inputs, state, message, &mut commands);
        });
    });
    ui.advance_cursor_after_rect(whole);
    (commands, asked)
}

/// What of the machine is looked at.
fn section(
    ui: &mut Ui,
    inputs: &MachineInputs<'_>,
    state: &mut MachineViewState,
    message: &mut DiagnosisState,
    commands: &mut Vec<Command>,
) -> Option<DiagnosisAction> {
    if state.section == MachineSection::RanOut {
        return ran_out::show(ui, inputs, message);
    }
    let found = inputs.found?;
    match state.section {
        MachineSection::RanOut => {}
        MachineSection::Live if found.devices(inputs.catalog).iter().any(SeenDevice::is_of_use) => {
            live::show(ui, found, inputs, commands);
        }
        MachineSection::Live => walls::show(ui, found, inputs, commands),
        MachineSection::Runs => runs::show(ui, inputs, commands),
        MachineSection::Upgrades => upgrades::show(ui, inputs, state, commands),
    }
    None
}

/// Whether the page has room for two things side by side.
fn stands_beside(ui: &Ui) -> bool {
    ui.available_width() >= BESIDE_FROM
}

/// A column that is scrolled by itself.
fn column(ui: &mut Ui, name: &'static str, rect: Rect, add: impl FnOnce(&mut Ui)) {
    inside(ui, name, rect, |ui| {
        ScrollArea::vertical().id_salt(name).auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
            // The scroll bar lies over the right edge.
            ui.set_width(rect.width() - 10.0);
            add(ui);
        });
    });
}

/// Says to screen readers what a picture shows.
fn said(ui: &Ui, rect: Rect, salt: impl std::hash::Hash + std::fmt::Debug, words: &str) {
    heard(ui, rect, salt, (Role::Image, words));
}

/// Reads to them a line that was painted as text.
fn told(ui: &Ui, rect: Rect, salt: impl std::hash::Hash + std::fmt::Debug, words: &str) {
    heard(ui, rect, salt, (Role::Label, words));
}

fn heard(ui: &Ui, rect: Rect, salt: impl std::hash::Hash + std::fmt::Debug, (role, words): (Role, &str)) {
    let response = ui.interact(rect, ui.scope_id().with(salt), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(role, true, words));
}
