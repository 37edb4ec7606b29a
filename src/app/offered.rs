//! The commands as they stand in a frame: what each is called now, and why it cannot be chosen.

use super::App;
use crate::plan::{MAX_PLANS, ModelChoice, Plan};
use crate::share::launch;
use crate::text::Key;
use crate::ui::command::{Command, CommandEntry, Needs};

/// An entry of the table of commands as it stands.
#[derive(Debug)]
pub(super) struct Offered {
    pub(super) entry: &'static CommandEntry,
    /// What it is called, with what it would take back or make again.
    pub(super) name: String,
    /// Why it does nothing just now.
    pub(super) refused: Option<Key>,
}

impl App {
    /// All entries as they stand.
    pub(super) fn offered(&self) -> Vec<Offered> {
        let locale = self.locale();
        let (undo, redo) = (self.session.undo_words(locale), self.session.redo_words(locale));
        let offered = |entry: &'static CommandEntry| Offered {
            entry,
            name: match (&entry.command, &undo, &redo) {
                (Command::Undo, Some(words), _) | (Command::Redo, _, Some(words)) => words.clone(),
                _ => locale.word(entry.name).to_owned(),
            },
            refused: entry.needs.reason().filter(|_| !self.has(entry.needs)),
        };
        CommandEntry::all().iter().map(offered).collect()
    }

    /// Why a command does nothing just now.
    pub(super) fn refusal(&self, command: &Command) -> Option<Key> {
        let needs = CommandEntry::find(command)?.needs;
        needs.reason().filter(|_| !self.has(needs))
    }

    fn has(&self, needs: Needs) -> bool {
        let plans = self.session.document().plans.len();
        match needs {
            Needs::Nothing => true,
            Needs::StepBack => self.session.can_undo(),
            Needs::StepForward => self.session.can_redo(),
            Needs::OtherPlan => plans > 1,
            Needs::PlanBefore => self.session.shown() > 0,
            Needs::PlanBehind => self.session.shown() + 1 < plans,
            Needs::RoomForPlan => plans < MAX_PLANS,
            Needs::ChangedPlan => self.session.plan().is_some_and(|plan| *plan != Plan::default()),
            Needs::KeptRows => !self.session.document().frozen.is_empty(),
            Needs::FileModel => {
                self.session.plan().is_some_and(|plan| matches!(plan.workload.model, ModelChoice::File { .. }))
            }
            Needs::SavedFile => self.session.file().is_some(),
            Needs::LaunchCommand => self.session.plan().is_some_and(launch::is_known),
        }
    }
}
