//! Which memory ran out, and how a log compares with the estimate: what is read from a pasted error or log, from what is watched, and
//! from what somebody saw.

use eframe::egui::Context;

use super::App;
use crate::advise::compare::names::subject;
use crate::advise::diagnose::{Finding, Level, Watched, diagnose, watched};
use crate::catalog::Catalog;
use crate::plan::Plan;
use crate::share::runtime_log::against::{Against, Calibration, against};
use crate::share::runtime_log::cures::CuresOnPlan;
use crate::share::runtime_log::{LogTool, RuntimeLog, words};
use crate::system::calibration::{keep_overhead, keep_speeds};
use crate::system::clock::today;
use crate::system::detect::{Detected, SeenDevice};
use crate::text::{Fault, Key, Locale, Placeholder, foreign_path};
use crate::ui::command::{Command, Tab};
use crate::ui::machine::{CureLink, DiagnosisAction, DiagnosisRead, DiagnosisState, FindingSource, LogShown};

/// The longest text that is read while a frame waits, in bytes.
const MOST_BYTES: usize = 1 << 20;

/// What was pasted, and what was read from it.
#[derive(Debug, Default)]
pub(super) struct Diagnosis {
    pub(super) state: DiagnosisState,
    /// What of the log can be kept.
    kept: Calibration,
    /// What was shown before, where a text that was pasted brought here.
    before: Option<Tab>,
    /// The language and the plan at hand that its words are for.
    said_for: Option<(Locale, Option<Plan>)>,
}

impl Diagnosis {
    /// Another view is shown: Escape leads nowhere from then on.
    pub(super) fn stay(&mut self) {
        self.before = None;
    }
}

/// Whether a text says something of a memory.
pub(super) fn is_about_memory(text: &str) -> bool {
    let text = end(text);
    diagnose(text).is_some() || RuntimeLog::read(text).is_some()
}

/// As much of a text as is read while a frame waits: its end, where programs say why they stop.
fn end(text: &str) -> &str {
    let mut start = text.len().saturating_sub(MOST_BYTES);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

impl App {
    /// Shows the page, with the text where one was pasted already.
    pub(super) fn open_diagnosis(&mut self, text: Option<&str>) {
        let before = self.machine.message.before.or_else(|| Some(self.tab).filter(|tab| *tab != Tab::Machine));
        match text {
            Some(text) => self.machine.message.state = DiagnosisState::of(end(text)),
            None => self.machine.message.state.opens(),
        }
        self.machine.message.before = before;
        self.machine.show_ran_out();
        self.tab = Tab::Machine;
        self.read_diagnosis();
    }

    /// Reads what is in the field.
    fn read_diagnosis(&mut self) {
        let text = self.machine.message.state.text();
        let (locale, catalog) = (self.locale(), &*self.catalog);
        let at_hand = self.session.plan().filter(|_| !self.has_no_document());
        let log = held_against(text, at_hand, (catalog, locale));
        let read = self.read_finding(diagnose(text), text);
        let read = DiagnosisRead { log: log.as_ref().map(|(shown, _)| shown.clone()), ..read };
        self.machine.message.kept = log.map(|(_, kept)| kept).unwrap_or_default();
        self.machine.message.state.take(read, FindingSource::Text);
    }

    /// Says what is shown again where the language or the plan at hand is another by now.
    pub(super) fn renew_diagnosis(&mut self) {
        let locale = self.locale();
        let at_hand = self.session.plan().filter(|_| !self.has_no_document());
        if self
            .machine
            .message
            .said_for
            .as_ref()
            .is_some_and(|(said, plan)| *said == locale && plan.as_ref() == at_hand)
        {
            return;
        }
        let now = (locale, at_hand.cloned());
        if self.machine.message.said_for.replace(now).is_none() {
            return;
        }
        let (finding, source) = self.machine.message.state.finding();
        let finding = finding.cloned();
        match source {
            FindingSource::Text if self.machine.message.state.text().is_empty() => {}
            FindingSource::Text => self.read_diagnosis(),
            source => {
                let read = self.read_finding(finding, "");
                self.machine.message.state.take(read, source);
            }
        }
    }

    /// A finding with its cures as changes of the plan that `text` is about, else of the one at hand.
    fn read_finding(&self, finding: Option<Finding>, text: &str) -> DiagnosisRead {
        let (locale, catalog) = (self.locale(), &*self.catalog);
        let at_hand = self.session.plan().filter(|_| !self.has_no_document());
        let planned = finding.as_ref().and_then(|finding| CuresOnPlan::of(text, finding, at_hand, catalog));
        let cures = planned.iter().flat_map(|planned| {
            planned.cures.iter().map(|cure| CureLink {
                cure: cure.cure,
                line: planned.line(cure, catalog, locale),
                name: planned.change(cure, catalog, locale),
                plan: cure.plan.clone(),
            })
        });
        let head = planned.as_ref().filter(|planned| !planned.cures.is_empty()).map(|it| it.head(catalog, locale));
        DiagnosisRead { cures: cures.collect(), head, log: None, finding }
    }

    /// Does what was asked for on the page.
    pub(super) fn act_on_message(&mut self, action: DiagnosisAction, ctx: &Context, frame: &eframe::Frame) {
        match action {
            DiagnosisAction::Changed => self.read_diagnosis(),
            DiagnosisAction::Watched => {
                let finding = self.detected.as_ref().and_then(|found| watched(&levels(found, &self.catalog)));
                let read = self.read_finding(finding, "");
                self.machine.message.state.take(read, FindingSource::Machine);
            }
            DiagnosisAction::Saw(symptom) => {
                let read = self.read_finding(Some(symptom.finding()), "");
                self.machine.message.state.take(read, FindingSource::Seen);
            }
            DiagnosisAction::Open { name, plan } => {
                self.machine.message.before = None;
                self.run(Command::ApplyWay { name, plan }, ctx, frame);
                self.tab = Tab::Plan;
            }
            DiagnosisAction::Keep => {
                let kept = self.machine.message.kept.clone();
                self.keep_calibrated(&kept, ctx);
                self.read_diagnosis();
            }
            DiagnosisAction::ShowPlan => {
                self.machine.message.before = None;
                self.tab = Tab::Plan;
            }
            DiagnosisAction::Leave => {
                if let Some(before) = self.machine.message.before.take() {
                    self.tab = before;
                }
            }
        }
        ctx.request_repaint();
    }

    /// Keeps this as the machine's own, and works everything out anew.
    pub(super) fn keep_calibrated(&mut self, kept: &Calibration, ctx: &Context) {
        let locale = self.locale();
        let Some(folders) = self.outside.folders() else {
            return self.notices.add(locale.word(Key::MeasureNoFolder));
        };
        let overhead = kept.overhead.as_ref().map(|own| keep_overhead(own, folders));
        let speeds = (!kept.speeds.is_empty()).then(|| keep_speeds(&kept.speeds, folders));
        for written in overhead.into_iter().chain(speeds) {
            match written {
                Ok(path) => {
                    let said = locale.sentence(Key::LogKept, &[(Placeholder::Name, &foreign_path(&path))]);
                    self.notices.remark(said, ctx.input(|input| input.time));
                }
                Err(fault) => self.notices.add(fault.say(locale)),
            }
        }
        self.reload_catalog();
    }
}

/// What is watched of a machine, as it is judged.
fn levels(found: &Detected, catalog: &Catalog) -> Watched {
    let level = |free: Option<u64>, total: Option<u64>| Some(Level { free: free?, total: total? });
    let host = &found.host;
    let devices = found.devices(catalog).into_iter().filter(SeenDevice::has_vram).map(|device| {
        let programs = device.now.processes.as_ref().map_or(0, Vec::len);
        (level(device.free().map(|it| it.0), device.total.map(|it| it.0)), programs)
    });
    Watched {
        devices: devices.collect(),
        ram: level(host.ram_free_bytes(), host.ram_bytes()),
        is_allotted: host.ram_limit_bytes.is_some(),
        swap: level(host.swap_free_bytes, host.swap_total_bytes),
    }
}

/// A log beside the estimate of the plan that it amounts to, else of the one at hand; `None` where the text is no log.
fn held_against(
    text: &str,
    at_hand: Option<&Plan>,
    (catalog, locale): (&Catalog, Locale),
) -> Option<(LogShown, Calibration)> {
    let log = RuntimeLog::read(text)?;
    let machine = at_hand.map(|plan| plan.machine.clone()).unwrap_or_default();
    let logged = log.plan(&machine, catalog).ok();
    let plan = logged.as_ref().map(|logged| &logged.plan).or(at_hand)?;
    let found = against(&log, plan, logged.as_ref(), catalog, today().as_str()).ok()?;
    let tool = log.tool().map_or("", LogTool::title);
    let of = subject(plan, catalog, locale);
    let shown = LogShown {
        title: locale.sentence(Key::LogOf, &[(Placeholder::Name, tool), (Placeholder::Value, &of)]),
        rows: rows(&found, locale),
        reasons: found.reasons.iter().map(|reason| words::reason(reason, locale)).collect(),
        kept: words::kept(&found, locale),
        plan: logged.as_ref().map(|logged| (of, Box::new(logged.plan.clone()))),
    };
    Some((shown, found.kept))
}

/// Place and part, estimate, log, difference.
pub(super) fn rows(found: &Against, locale: Locale) -> Vec<[String; 4]> {
    let row = |row: &crate::share::runtime_log::against::AgainstRow| {
        let name = format!("{} · {}", words::place(row.place, locale), locale.word(row.part.word()));
        let estimated =
            row.estimated.map_or_else(|| locale.word(Key::NoData).to_owned(), |bytes| words::amount(bytes.0));
        [name, estimated, words::amount(row.actual.bytes), words::difference(row, locale)]
    };
    found.rows.iter().map(row).collect()
}
