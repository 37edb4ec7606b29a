//! The window: owns the document, mutates it, runs commands. Each frame: what came from elsewhere, what the keys ask
//! for, drawing, then the commands that drawing returned.

mod adding;
mod age;
mod awaited;
mod background;
mod book;
mod builder;
mod clipboard;
mod command_text;
mod compare;
mod computed;
mod diagnosis;
mod dialogs;
mod documents;
mod draw;
mod explain;
mod exporting;
mod files;
mod glance;
mod glossary;
mod help;
mod history;
mod keeper;
mod kept;
mod kept_field;
mod keys;
mod launch;
mod local_models;
mod machine;
mod manual;
mod measure;
mod menus;
mod modal;
mod notices;
mod offered;
mod opened;
mod palette;
mod plan_chips;
mod plans;
mod platform;
mod preferences;
mod prices;
mod ranked;
mod reading;
mod remedies;
mod restore;
mod rows;
mod run;
mod session;
mod settings;
mod solver;
mod start;
mod start_text;
mod tabs;
mod top_bar;
mod versions;
mod watcher;
mod window;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use eframe::egui::{self, ViewportCommand};

pub use kept::{KeptViews, PersistedState};
pub use platform::PlatformAccess;
pub use settings::Settings;
pub use window::{APP_ID, Options, StartError, run};

use crate::catalog::Catalog;
use crate::catalog::frozen::FrozenRow;
use crate::plan::{Document, Plan};
use crate::system::detect::Detected;
use crate::system::own_tables::{TableFault, catalog_of};
use crate::system::termination::on_termination;
use crate::text::{self, Key, Locale};
use crate::ui::builder::BuildViewState;
use crate::ui::cards::CardsViewState;
use crate::ui::command::{Command, Tab};
use crate::ui::compare::CompareViewState;
use crate::ui::plan::PlanViewState;
use crate::ui::theme;
use crate::ui::widgets::tip;
use background::{Background, Latest};
use builder::TierSearches;
use command_text::CommandText;
use compare::Comparer;
use computed::Computed;
use dialogs::OpenDialogs;
use draw::{dropped, moment};
use explain::SceneStage;
use exporting::Exporting;
use keeper::Keeper;
use local_models::LocalHere;
use machine::view::MachineView;
use notices::Notices;
use opened::pasted;
use palette::Palettes;
use plans::Naming;
use platform::Outside;
use ranked::Ranker;
use session::Session;
use solver::Solver;
use start::StartPage;
use watcher::Watcher;

/// How long the window has to close once the system asks for it.
const LAST_MOMENT: Duration = Duration::from_secs(1);

/// The window's owner of everything.
pub struct App {
    session: Session,
    computed: Computed,
    ranker: Ranker,
    builder: TierSearches,
    comparer: Comparer,
    /// The tables.
    base: Arc<Catalog>,
    /// The tables with the rows over them that came with the document: what everything is worked out from.
    catalog: Arc<Catalog>,
    /// Those rows.
    rows: Vec<FrozenRow>,
    /// One line for each of the user's own tables that cannot be used.
    catalog_problems: Vec<TableFault>,
    settings: Settings,
    outside: Outside,
    /// Keeps what would be lost; `None` where the user has no folders.
    keeper: Option<Keeper>,
    /// Looks at the file of the document.
    watcher: Watcher,
    notices: Notices,
    dialogs: OpenDialogs,
    /// Model files on this machine.
    local: Latest<LocalHere>,
    /// The view that is shown.
    tab: Tab,
    view: PlanViewState,
    cards: CardsViewState,
    build: BuildViewState,
    compare: CompareViewState,
    machine: MachineView,
    explain: SceneStage,
    /// A name while it is being typed.
    naming: Option<Naming>,
    palettes: Palettes,
    /// What the last detection found.
    detected: Option<Detected>,
    /// The model file under way.
    reading: Option<reading::Reading>,
    /// Files under way that the plan is written to.
    exporting: Vec<Exporting>,
    /// The plan file under way whose plans are added.
    adding: Option<adding::Adding>,
    /// A command that came from outside.
    command_text: CommandText,
    /// The start page.
    start: StartPage,
    /// Unsaved work that was held at the start.
    held_work: Option<restore::HeldWork>,
    /// Closing was agreed to.
    may_close: bool,
    /// The system asks the program to end: nobody is asked, and what is unsaved is kept for the next start.
    ended: Arc<AtomicBool>,
    /// As the window's frame last showed it.
    window_title: String,
}

impl App {
    /// For a window of the system.
    pub fn start(context: &eframe::CreationContext<'_>, options: Options) -> Self {
        let surroundings = PlatformAccess::of_system();
        let kept = surroundings.folders.as_ref().and_then(PersistedState::load);
        let app = Self::new(&context.egui_ctx, surroundings, kept, options);
        let (ended, ctx) = (Arc::clone(&app.ended), context.egui_ctx.clone());
        let flush = app.keeper.as_ref().map(Keeper::flush);
        on_termination(move || {
            ended.store(true, Ordering::Relaxed);
            ctx.request_repaint();
            if let Some(flush) = flush {
                flush(LAST_MOMENT);
            }
            std::thread::sleep(LAST_MOMENT);
            // A window that is not drawn hears nothing.
            std::process::exit(0);
        });
        app
    }

    /// In any surroundings. `kept` is what an earlier run left, `None` on the first start.
    pub fn new(
        ctx: &egui::Context,
        surroundings: PlatformAccess,
        kept: Option<PersistedState>,
        options: Options,
    ) -> Self {
        theme::install(ctx);
        let (catalog, catalog_problems) = catalog_of(surroundings.folders.as_ref());
        let catalog = Arc::new(catalog.into_owned());
        let session = Session::new(Document::default(), None);
        let outside = Outside::new(ctx, surroundings);
        let keeper = outside.folders().map(|folders| Keeper::start(folders.clone(), kept.clone(), outside.wake()));
        let watcher = Watcher::start(outside.folders(), outside.wake(), outside.patience());
        let PersistedState { settings, views } = kept.unwrap_or_default();
        let Workers { computed, ranker, builder, comparer } = workers(&catalog, &outside);
        let start = StartPage::new(&outside.workers());
        let machine = MachineView::new(&outside.workers());
        let local = Latest::new(&outside.workers());
        let mut app = Self {
            computed,
            ranker,
            builder,
            comparer,
            session,
            base: Arc::clone(&catalog),
            catalog,
            rows: Vec::new(),
            catalog_problems,
            settings,
            outside,
            keeper,
            watcher,
            notices: Notices::default(),
            dialogs: OpenDialogs::default(),
            local,
            tab: views.tab,
            view: views.plan,
            cards: views.cards,
            build: views.build,
            compare: views.compare,
            machine,
            explain: SceneStage::default(),
            naming: None,
            palettes: Palettes::default(),
            detected: None,
            reading: None,
            exporting: Vec::new(),
            adding: None,
            command_text: CommandText::default(),
            start,
            held_work: None,
            may_close: false,
            ended: Arc::default(),
            window_title: String::new(),
        };
        if !app.catalog_problems.is_empty() {
            app.notices.add(app.locale().word(Key::OwnTablesProblem));
        }
        app.begin_window(options, views.document);
        app.follow_rows();
        app.outside.detect();
        app
    }

    /// Reads the user's own tables anew and works everything out from them.
    pub(crate) fn reload_tables(&mut self, ctx: &egui::Context) {
        self.reload_catalog();
        let said = if self.catalog_problems.is_empty() { Key::TablesReloaded } else { Key::OwnTablesProblem };
        let (said, time) = (self.locale().word(said), ctx.input(|input| input.time));
        if self.catalog_problems.is_empty() {
            self.notices.remark(said, time);
        } else {
            self.notices.add(said);
        }
        ctx.request_repaint();
    }

    /// Reads the user's own tables again.
    fn reload_catalog(&mut self) {
        let (catalog, problems) = catalog_of(self.outside.folders());
        self.catalog_problems = problems;
        self.use_catalog(Arc::new(catalog.into_owned()));
    }

    /// Works everything out anew.
    fn forget_answers(&mut self) {
        self.renew_book();
        self.computed.forget();
        self.ranker.forget();
        self.builder.forget();
        self.comparer.forget();
        self.explain.view.forget();
        self.start.forget();
        self.machine.forget();
    }

    /// Whether what is shown was drawn for `plan`.
    fn is_drawn(&self, plan: &Plan) -> bool {
        match self.tab {
            Tab::Plan => self.is_at_start() || self.computed.holds_for(plan),
            Tab::Cards => self.ranker.asks_for(plan),
            Tab::Build => self.builder.asks_for(&self.session.build(), plan),
            // What differs is looked up plan by plan when it is drawn.
            Tab::Explain | Tab::Compare | Tab::Machine => true,
        }
    }

    /// Something is open over the views.
    fn is_covered(&self) -> bool {
        self.dialogs.any_open() || self.palettes.open.is_some()
    }

    /// The language of the words on screen.
    pub fn locale(&self) -> Locale {
        self.settings.spoken(self.outside.locale())
    }

    /// The document as it stands.
    pub fn document(&self) -> &Document {
        self.session.document()
    }

    /// Whether something would be lost by leaving the document.
    pub fn is_unsaved(&self) -> bool {
        self.session.is_unsaved()
    }

    /// What went wrong or was done and is not dismissed yet.
    pub fn notices(&self) -> Vec<String> {
        self.notices.lines().map(str::to_owned).collect()
    }

    /// What the user prefers.
    pub fn settings(&self) -> Settings {
        self.settings
    }
}

/// What works beside the window.
struct Workers {
    computed: Computed,
    ranker: Ranker,
    builder: TierSearches,
    comparer: Comparer,
}

fn workers(catalog: &Catalog, outside: &Outside) -> Workers {
    let solver = Solver::start(outside.wake(), outside.patience());
    let ranking = Background::start(outside.wake(), outside.patience());
    let less_patient = outside.patience() / remedies::LESS_PATIENT;
    let seeker = Background::start(outside.wake(), less_patient);
    let builder = TierSearches::new(|| Background::start(outside.wake(), less_patient));
    Workers {
        computed: Computed::new(solver, seeker, catalog),
        ranker: Ranker::new(ranking),
        builder,
        comparer: Comparer::new(Background::start(outside.wake(), outside.patience())),
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        if let Some(found) = self.outside.detected() {
            self.found(found, ctx);
        }
        self.receive_reading(ctx);
        self.receive_measured(ctx.input(|input| input.time));
        self.receive_exports(ctx);
        self.receive_adding(ctx);
        self.receive_commands(ctx);
        self.computed.receive(&self.catalog);
        self.ranker.receive(&self.catalog);
        self.builder.receive(&self.catalog);
        self.comparer.receive(&self.catalog);
        if let Some(answer) = self.outside.answer() {
            self.answered(answer, ctx);
        }
        let focused = ctx.input(|input| input.events.contains(&egui::Event::WindowFocused(true)));
        self.look_at_file(focused);
        self.look_for_held_work(ctx);
        if self.ended.load(Ordering::Relaxed) && !self.may_close {
            self.may_close = true;
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
        if ctx.input(|input| input.viewport().close_requested()) && !self.may_close && self.session.is_unsaved() {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.dialogs.leaving = Some(platform::After::Quit);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        ctx.set_theme(self.settings.theme);
        theme::set_motion(&ctx, if self.settings.reduce_motion { 0.0 } else { theme::MOTION });
        text::show_as(self.settings.shown());
        let covered = self.is_covered();
        let mut commands = if covered { Vec::new() } else { keys::commands(&ctx) };
        commands.extend(pasted(&ctx, self.tab).filter(|_| !covered));
        self.hear_picture(&ctx, covered);
        commands.extend(dropped(&ctx, self.tab));
        if !self.is_presenting() {
            self.draw_top(ui, &mut commands);
        }
        match self.tab {
            Tab::Plan if self.is_at_start() => self.draw_start(ui, &mut commands),
            Tab::Plan => self.draw_plan(ui, &mut commands),
            Tab::Cards => self.draw_cards(ui, &mut commands),
            Tab::Build => self.draw_build(ui, &mut commands),
            Tab::Explain => self.draw_explain(ui, &mut commands),
            Tab::Compare => self.draw_compare(ui, &mut commands),
            Tab::Machine => self.draw_machine(ui, &mut commands, frame),
        }
        if self.tab != Tab::Machine {
            self.machine.rest();
        }
        commands.extend(tip::wanted(&ctx).map(|concept| Command::Glossary(Some(concept))));
        commands.extend(self.draw_book(&ctx));
        commands.extend(self.draw_palette(&ctx));
        self.draw_notices(&ctx);
        self.draw_dialogs(&ctx, frame);
        self.session.feed(moment(&ctx));
        let again = !commands.is_empty();
        for command in commands {
            self.run(command, &ctx, frame);
        }
        self.follow_rows();
        if !covered && self.is_covered() {
            // A tip would stay where the pointer rests, over what was opened by a key.
            ctx.input_mut(|input| input.pointer = egui::PointerState::default());
        }
        if !self.session.is_untouched() {
            self.start.leave();
        }
        self.show_title(&ctx);
        self.keep();
        // What was drawn before the plan changed is drawn again; nothing else asks for a frame.
        if again || self.session.plan().is_some_and(|plan| !self.is_drawn(plan)) {
            ctx.request_repaint();
        }
    }

    /// Which panels are scrolled or folded is not worth a file that cannot be read one day.
    fn persist_egui_memory(&self) -> bool {
        false
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}
