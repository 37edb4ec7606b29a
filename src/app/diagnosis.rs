//! Which memory ran out, and how a log compares with the estimate: the dialog for a pasted error or log.

use eframe::egui::{Context, vec2};

use super::App;
use super::modal::{escaped, heading, modal};
use crate::advise::compare::names::subject;
use crate::advise::diagnose::diagnose;
use crate::catalog::Catalog;
use crate::plan::Plan;
use crate::share::runtime_log::against::{Against, Calibration, against};
use crate::share::runtime_log::cures::CuresOnPlan;
use crate::share::runtime_log::{LogTool, RuntimeLog, words};
use crate::system::calibration::{keep_overhead, keep_speeds};
use crate::system::clock::today;
use crate::text::{Fault, Key, Locale, Placeholder, foreign_path};
use crate::ui::command::{Command, Tab};
use crate::ui::diagnosis::{self, CureLink, DiagnosisAction, DiagnosisRead, DiagnosisState, LogShown};
use crate::ui::theme::space;
use crate::ui::widgets::button::{ButtonLook, button};

/// The dialog is no larger, and leaves so much of the window around it.
const LARGEST: (f32, f32) = (720.0, 680.0);
const AROUND: f32 = 96.0;

/// The longest text that is read while a frame waits, in bytes.
const MOST_BYTES: usize = 1 << 20;

/// What was done in the dialog.
#[derive(Debug, Clone, PartialEq)]
enum Done {
    Close,
    ShowPlan,
    Act(DiagnosisAction),
}

/// The dialog while it is open.
#[derive(Debug, Default)]
pub(super) struct Diagnosis {
    state: DiagnosisState,
    /// What of the log can be kept.
    kept: Calibration,
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
    /// Opens the dialog, with the text where one was pasted already.
    pub(super) fn open_diagnosis(&mut self, text: Option<&str>) {
        let mut dialog = Diagnosis {
            state: text.map_or_else(DiagnosisState::default, |text| DiagnosisState::of(end(text))),
            ..Diagnosis::default()
        };
        self.read_diagnosis(&mut dialog);
        self.dialogs.diagnosis = Some(dialog);
    }

    /// Reads what is in the field.
    fn read_diagnosis(&self, dialog: &mut Diagnosis) {
        let text = dialog.state.text();
        let (locale, catalog) = (self.locale(), &*self.catalog);
        let at_hand = self.session.plan().filter(|_| !self.is_at_start());
        let finding = diagnose(text);
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
        let cures = cures.collect();
        let log = held_against(text, at_hand, (catalog, locale));
        dialog.kept = log.as_ref().map(|(_, kept)| kept.clone()).unwrap_or_default();
        dialog.state.take(DiagnosisRead { finding, head, cures, log: log.map(|(shown, _)| shown) });
    }

    /// Draws the dialog while it is open.
    pub(super) fn draw_diagnosis(&mut self, ctx: &Context, frame: &eframe::Frame) {
        let locale = self.locale();
        let Some(dialog) = &mut self.dialogs.diagnosis else { return };
        let state = &mut dialog.state;
        let room = ctx.content_rect().size();
        let size = vec2((room.x - AROUND).min(LARGEST.0), (room.y - AROUND).min(LARGEST.1));
        let mut done = None;
        let shown = modal("diagnosis", ctx).show(ctx, |ui| {
            ui.set_width(size.x);
            ui.set_max_height(size.y);
            heading(ui, locale.word(Key::RanOutTitle));
            ui.add_space(space::S);
            done = diagnosis::show(ui, state, locale).map(Done::Act);
            ui.add_space(space::M);
            ui.horizontal(|ui| {
                if button(ui, locale.word(Key::Close), ButtonLook::Primary, None).clicked() {
                    done = Some(Done::Close);
                }
                if state.is_read() {
                    let plan = button(ui, locale.word(Key::RanOutPlan), ButtonLook::Plain, None);
                    if plan.on_hover_text(locale.word(Key::TipRanOutPlan)).clicked() {
                        done = Some(Done::ShowPlan);
                    }
                }
            });
        });
        if escaped(&shown) {
            done = Some(Done::Close);
        }
        let Some(done) = done else { return };
        match done {
            Done::Act(DiagnosisAction::Changed) => {
                if let Some(mut dialog) = self.dialogs.diagnosis.take() {
                    self.read_diagnosis(&mut dialog);
                    self.dialogs.diagnosis = Some(dialog);
                }
            }
            Done::Act(DiagnosisAction::Open { name, plan }) => {
                self.dialogs.diagnosis = None;
                self.run(Command::ApplyWay { name, plan }, ctx, frame);
                self.tab = Tab::Plan;
            }
            Done::Act(DiagnosisAction::Keep) => self.keep_calibration(ctx),
            Done::ShowPlan => {
                self.dialogs.diagnosis = None;
                self.tab = Tab::Plan;
            }
            Done::Close => self.dialogs.diagnosis = None,
        }
        ctx.request_repaint();
    }

    /// Keeps what the log tells of this machine, and works everything out anew.
    fn keep_calibration(&mut self, ctx: &Context) {
        let locale = self.locale();
        let Some(kept) = self.dialogs.diagnosis.as_ref().map(|dialog| dialog.kept.clone()) else { return };
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
        if let Some(mut dialog) = self.dialogs.diagnosis.take() {
            self.read_diagnosis(&mut dialog);
            self.dialogs.diagnosis = Some(dialog);
        }
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
fn rows(found: &Against, locale: Locale) -> Vec<[String; 4]> {
    let row = |row: &crate::share::runtime_log::against::AgainstRow| {
        let name = format!("{} · {}", words::place(row.place, locale), locale.word(row.part.word()));
        let estimated =
            row.estimated.map_or_else(|| locale.word(Key::NoData).to_owned(), |bytes| words::amount(bytes.0));
        [name, estimated, words::amount(row.actual.bytes), words::difference(row, locale)]
    };
    found.rows.iter().map(row).collect()
}
