//! The start page in the window: shown where there is no document, with what is worked out for it beside the window; and
//! what is begun from it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use eframe::egui;

use super::App;
use super::age::ago;
use super::background::{BackgroundTask, Latest, OfMachine, OnMachine, Workers};
use super::glance::{GlanceFault, Glances};
use super::keys;
use super::machine::Words;
use super::session::Session;
use super::versions::plans;
use crate::advise::compare::names::subject;
use crate::advise::runs_well::{plan_of, runs_well};
use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::plan::{CardChoice, CardCount, Document, Machine, Plan};
use crate::share::templates::{Template, TemplateId};
use crate::system::detect::Detected;
use crate::system::storage::StorageError;
use crate::text::Join;
use crate::ui::command::{Command, Tab};
use crate::ui::start::{
    self, Gauge, LocalGlance, MachineFound, MachineShown, ModelName, PlanGlance, RecentRow, RecentState, RunsWell,
    StartInputs, StartViewState, TemplateRow,
};
use crate::units::Bytes;

/// How many models that run well are named.
const RUNS: usize = 3;

/// What each template comes to.
#[derive(Debug)]
struct TemplateGlances(Vec<PlanGlance>);

impl BackgroundTask for TemplateGlances {
    type Question = ();

    const NAME: &'static str = "templates";

    fn of((): (), catalog: &Arc<Catalog>) -> Self {
        Self(Template::all().iter().map(|template| PlanGlance::of(&template.plan, catalog)).collect())
    }

    fn question(&self) -> &() {
        &()
    }
}

/// What runs well on a machine.
#[derive(Debug)]
struct RunsHere(Vec<RunsWell>);

impl OfMachine for RunsHere {
    const NAME: &'static str = "runs well";

    fn of(machine: &Machine, catalog: &Arc<Catalog>) -> Self {
        let found = runs_well(machine, catalog, RUNS).into_iter().map(|run| RunsWell {
            id: run.model.id.clone(),
            name: run.model.name.clone(),
            glance: PlanGlance::of(&run.plan, catalog),
        });
        Self(found.collect())
    }
}

/// The page, while it is shown and after.
#[derive(Debug)]
pub(super) struct StartPage {
    shown: bool,
    pub(super) view: StartViewState,
    templates: Latest<TemplateGlances>,
    runs: Latest<OnMachine<RunsHere>>,
    recent: Latest<Glances>,
    /// The last search of this machine broke off.
    pub(super) broken: bool,
}

impl StartPage {
    /// A page that is not shown; nothing is worked out before it is.
    pub(super) fn new(workers: &Workers) -> Self {
        Self {
            shown: false,
            view: StartViewState::default(),
            templates: Latest::new(workers),
            runs: Latest::new(workers),
            recent: Latest::new(workers),
            broken: false,
        }
    }

    /// Makes everything be worked out anew.
    pub(super) fn forget(&mut self) {
        self.templates.forget();
        self.runs.forget();
        self.recent.forget();
    }

    /// A document was begun: the page goes.
    pub(super) const fn leave(&mut self) {
        self.shown = false;
    }
}

impl App {
    /// Shows the page over an empty document.
    pub(super) fn open_start(&mut self) {
        self.start.shown = true;
        self.start.view = StartViewState::opened();
        // Files may have changed since.
        self.start.recent.forget();
        self.tab = Tab::Plan;
    }

    /// Whether nothing was begun yet: the page waits, whatever is shown over it.
    pub(super) fn has_no_document(&self) -> bool {
        self.start.shown && self.session.is_untouched()
    }

    /// Whether the page is what is seen.
    pub fn is_at_start(&self) -> bool {
        self.start.shown && self.tab == Tab::Plan && self.session.is_untouched()
    }

    pub(super) fn draw_start(&mut self, ui: &mut egui::Ui, commands: &mut Vec<Command>) {
        let locale = self.locale();
        let recent = self.recent_rows();
        let templates = self.template_rows();
        let machine = self.machine_shown();
        let typed = self.start.view.typed.trim();
        let ids = if typed.is_empty() { Vec::new() } else { self.catalog.nearest_models(typed) };
        let named = |id: String| {
            let name = self.catalog.model(&id)?.name.clone();
            Some(ModelName { id, name })
        };
        let alike: Vec<ModelName> = ids.into_iter().filter_map(named).collect();
        let of = |command: Command| keys::shown(ui.ctx(), &command);
        let keys = [of(Command::Open), of(Command::New), of(Command::Palette)];
        let inputs = StartInputs {
            machine: &machine,
            templates: &templates,
            recent: &recent,
            alike: &alike,
            keys: &keys,
            locale,
        };
        egui::CentralPanel::default().frame(egui::Frame::NONE).show(ui, |ui| {
            commands.extend(start::show(ui, &inputs, &mut self.start.view));
        });
    }

    fn recent_rows(&mut self) -> Vec<RecentRow> {
        let (locale, now) = (self.locale(), SystemTime::now());
        let paths: Vec<PathBuf> = self.outside.recent().iter().take(start::MOST_RECENT).cloned().collect();
        self.start.recent.refresh(&paths, &self.catalog);
        let glances = self.start.recent.answer();
        let row = |path: PathBuf| {
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            let glance = glances.and_then(|glances| glances.of(&path));
            let (name, state) = match glance.map(|glance| (&glance.found, glance.written)) {
                None => (stem, RecentState::Reading),
                Some((Ok(glimpse), written)) => {
                    let when = written.map(|written| ago(written, now, locale));
                    let facts = locale.join(Join::Phrases, [plans(glimpse.plans, locale)].into_iter().chain(when));
                    let name = if glimpse.name.is_empty() { stem } else { glimpse.name.clone() };
                    (name, RecentState::Read { facts, glance: glimpse.first.clone() })
                }
                Some((Err(GlanceFault::Disk(StorageError::NotFound(_))), _)) => (stem, RecentState::Missing),
                Some((Err(fault), _)) => (stem, RecentState::Broken(fault.say(locale))),
            };
            RecentRow { path, name, state }
        };
        paths.into_iter().map(row).collect()
    }

    fn template_rows(&mut self) -> Vec<TemplateRow> {
        self.start.templates.refresh(&(), &self.catalog);
        let glances = self.start.templates.answer();
        let glance = |place: usize| glances.and_then(|TemplateGlances(all)| all.get(place).cloned());
        let row = |(place, template): (usize, &Template)| TemplateRow {
            id: template.id,
            of: subject(&template.plan, &self.catalog, self.locale()),
            glance: glance(place),
        };
        Template::all().iter().enumerate().map(row).collect()
    }

    fn machine_shown(&mut self) -> MachineShown {
        let rows = if self.detected.is_some() { self.local_models() } else { &[] };
        let local_count = rows.iter().filter(|row| row.can_plan).count();
        let named = rows.iter().filter(|row| row.runs_well).map(|row| LocalGlance {
            path: row.path.clone(),
            name: row.name.rsplit('/').next().unwrap_or(&row.name).to_owned(),
            glance: row.glance.clone(),
        });
        let local: Vec<LocalGlance> = named.take(RUNS).collect();
        let Some(found) = &self.detected else {
            return if self.start.broken { MachineShown::Broken } else { MachineShown::Looking };
        };
        let machine = self.machine_of(found, &Machine::default());
        self.start.runs.refresh(&machine, &self.catalog);
        let words = Words { found, catalog: &self.catalog, locale: self.locale() };
        let vram = vram_of(found, &self.catalog);
        let unified = found.plannable(&self.catalog).iter().any(|device| {
            let CardChoice::Catalog(id) = &device.device.card else { return false };
            self.catalog.card(id).is_some_and(Card::is_unified)
        });
        let ram = found
            .host
            .ram_total_bytes
            .filter(|_| !unified)
            .map(|total| Gauge { total: Bytes(total), free: found.host.ram_available_bytes.map(Bytes) });
        let runs = self.start.runs.answer().filter(|runs| *runs.question() == machine).map(|runs| runs.found.0.clone());
        MachineShown::Found(Box::new(MachineFound {
            cards: words.cards(),
            vram,
            unified,
            ram,
            runs,
            local,
            local_count,
        }))
    }

    /// Does what was asked for on the page.
    pub(super) fn run_start(&mut self, command: Command, ctx: &egui::Context) {
        match command {
            Command::StartFrom(text) => self.start_from(&text, ctx),
            Command::StartWithModel(id) => self.start_with_model(&id),
            Command::StartWithFile(path) => {
                if let Some(plan) = self.local_plan(&path) {
                    self.begin_with(plan);
                }
            }
            Command::StartWithMachine => self.begin_with(Plan { machine: self.this_machine(), ..Plan::default() }),
            Command::StartEmpty => self.begin_with(Plan::default()),
            Command::StartTemplate(id) => self.start_template(id),
            Command::ForgetRecent(path) => self.outside.change_recent(|recent| recent.forget(&path)),
            _ => {}
        }
        ctx.request_repaint();
    }

    /// Begins with this model on this machine, or on that of a new plan where no machine was found.
    pub(super) fn start_with_model(&mut self, id: &str) {
        let Some(model) = self.catalog.model(id) else { return };
        self.begin_with(plan_of(model, &self.this_machine(), &self.catalog));
    }

    fn start_template(&mut self, id: TemplateId) {
        let Some(template) = Template::of(id) else { return };
        let name = self.locale().word(id.label()).to_owned();
        self.begin(Document { name, ..Document::of(template.plan.clone()) });
        if let Some(scene) = template.scene {
            self.show_scene(scene);
        }
    }

    /// This machine where it was found, else that of a new plan.
    pub(super) fn this_machine(&self) -> Machine {
        self.detected.as_ref().map_or_else(Machine::default, |found| self.machine_of(found, &Machine::default()))
    }

    fn begin_with(&mut self, plan: Plan) {
        self.begin(Document::of(plan));
    }

    /// Goes on with a document in no file that nobody has edited yet.
    pub(super) fn begin(&mut self, document: Document) {
        self.session = Session::new(document, None);
        self.start.leave();
        self.tab = Tab::Plan;
    }
}

/// VRAM of the devices that can be planned with; none where there are none.
fn vram_of(found: &Detected, catalog: &Catalog) -> Option<Gauge> {
    let devices = found.plannable(catalog);
    let total = |device: &CardCount| match &device.card {
        CardChoice::Detected { memory_bytes, .. } => Some(Bytes(*memory_bytes)),
        CardChoice::Catalog(id) => Some(catalog.card(id)?.device_memory(device.memory_gib).ok()?.capacity),
    };
    let totals: Vec<Bytes> = devices.iter().filter_map(|plannable| total(&plannable.device)).collect();
    let free = devices.iter().map(|plannable| plannable.free).sum::<Option<Bytes>>();
    (!totals.is_empty()).then(|| Gauge { total: totals.into_iter().sum(), free })
}
