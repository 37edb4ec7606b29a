//! The document at hand: what it is, where it is kept, what it was when last saved, and the way back.

use std::path::Path;

use super::files::KnownFile;
use super::history::{History, Moment};
use crate::catalog::Catalog;
use crate::plan::{BuildRequest, Document, Input, MAX_PLANS, NamedPlan, Plan, ScenePosition};
use crate::system::seen::Seen;
use crate::text::{self, Join, Key, Locale, Placeholder};
use crate::units::Usd;

/// The document at hand.
#[derive(Debug)]
pub(super) struct Session {
    document: Document,
    saved: Document,
    file: Option<KnownFile>,
    history: History<Document>,
    /// The file as another program left it, once that was told.
    told: Option<Seen>,
    /// The place of the plan that is shown.
    shown: usize,
    /// The next change of the plan is made to a copy of it.
    copies: bool,
}

impl Session {
    /// A document that has no unsaved changes: new, or just read from `file`.
    pub(super) fn new(document: Document, file: Option<KnownFile>) -> Self {
        let (saved, history) = (document.clone(), History::new(document.clone()));
        Self { saved, history, document, file, told: None, shown: 0, copies: false }
    }

    /// The document as it stands.
    pub(super) fn document(&self) -> &Document {
        &self.document
    }

    /// The plan that is shown: a document holds at least one.
    pub(super) fn plan(&self) -> Option<&Plan> {
        self.document.plans.get(self.shown).map(|named| &named.plan)
    }

    /// The plan that is shown, to be edited.
    pub(super) fn plan_mut(&mut self) -> Option<&mut Plan> {
        self.document.plans.get_mut(self.shown).map(|named| &mut named.plan)
    }

    /// The place of the plan that is shown.
    pub(super) const fn shown(&self) -> usize {
        self.shown
    }

    /// Shows the plan in this place, or the last one.
    pub(super) fn show(&mut self, place: usize) {
        self.history.close();
        self.shown = place.min(self.document.plans.len().saturating_sub(1));
    }

    /// The notes of the document, to be edited.
    pub(super) const fn notes_mut(&mut self) -> &mut String {
        &mut self.document.notes
    }

    /// Another number whenever the document is another one.
    pub(super) const fn version(&self) -> u64 {
        self.history.version()
    }

    /// Goes on with the document in no file: what was last saved stays where it is.
    pub(super) fn leave_file(&mut self, name: String, time: f64) {
        self.file = None;
        self.told = None;
        self.saved = Document::default();
        self.edit(time, |document| document.name = name);
    }

    /// What a machine is to be built for, as it stands or as it begins.
    pub(super) fn build(&self) -> BuildRequest {
        self.document.build.clone().unwrap_or_default()
    }

    /// Takes another wish for the build, where it is one.
    pub(super) fn set_build(&mut self, request: BuildRequest) {
        if self.build() != request {
            self.document.build = Some(request);
        }
    }

    /// The same, as one step to undo.
    pub(super) fn ask_build(&mut self, request: BuildRequest, time: f64) {
        self.edit(time, |document| document.build = Some(request));
    }

    /// Takes note of where the reader of the scenes is: part of what is saved, but no change that can be undone or lost.
    pub(super) fn set_scene(&mut self, position: &ScenePosition) {
        if self.document.scene.as_ref() == Some(position) {
            return;
        }
        let take = |document: &mut Document| document.scene = Some(position.clone());
        take(&mut self.document);
        take(&mut self.saved);
        self.history.carry(take);
    }

    /// Gives up rows of the tables that were changed on purpose since, which is no step to take back.
    pub(super) fn yield_rows(&mut self, before: &Catalog, after: &Catalog) {
        if self.document.frozen.is_empty() {
            return;
        }
        self.document.yield_rows(before, after);
        self.saved.yield_rows(before, after);
        let rows = self.document.frozen.clone();
        self.history.carry(|document| document.frozen.clone_from(&rows));
    }

    /// The most that may be spent, where somebody said so.
    pub(super) fn budget(&self) -> Option<Usd> {
        self.document.build.as_ref().map(|build| build.budget_usd)
    }

    /// Takes another budget, where it is one; a budget that is no longer asked for stays that of the builds.
    pub(super) fn set_budget(&mut self, budget: Option<Usd>) {
        if let Some(usd) = budget.filter(|_| budget != self.budget()) {
            let mut request = self.build();
            request.move_budget(usd);
            self.set_build(request);
        }
    }

    /// The file that the document was read from or last written to.
    pub(super) fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(|file| file.path.as_path())
    }

    /// The same, with what it held then.
    pub(super) fn file(&self) -> Option<&KnownFile> {
        self.file.as_ref()
    }

    /// Whether something would be lost by leaving the document.
    pub(super) fn is_unsaved(&self) -> bool {
        self.document != self.saved
    }

    /// Whether nobody has worked on the document yet: as it was, with no step back or forward, in no file.
    pub(super) fn is_untouched(&self) -> bool {
        !self.is_unsaved() && self.history.before().is_none() && self.history.after().is_none() && self.file.is_none()
    }

    /// Notes that `written` lies in `file`. What was edited while it was being written stays unsaved.
    pub(super) fn mark_saved(&mut self, written: Document, file: KnownFile) {
        self.saved = written;
        self.file = Some(file);
    }

    /// Notes that the user is told what the file holds now; whether that is news.
    pub(super) fn tell(&mut self, now: Seen) -> bool {
        let old = self.told.as_ref().is_some_and(|told| told.holds_the_same(&now));
        self.told = Some(now);
        !old
    }

    /// Goes on with the document as it stands over `theirs`, what `file` holds now: that is what saving replaces.
    pub(super) fn keep_over(&mut self, theirs: Document, file: KnownFile) {
        self.mark_saved(theirs, file);
    }

    /// Takes what was last saved; the way back leads to what was not.
    pub(super) fn discard(&mut self, time: f64) {
        let saved = self.saved.clone();
        self.edit(time, |document| *document = saved);
    }

    /// Takes what the file holds now; the way back leads to what it replaces.
    pub(super) fn reload(&mut self, read: Document, file: KnownFile, time: f64) {
        self.mark_saved(read.clone(), file);
        self.edit(time, |document| *document = read);
    }

    /// Takes note of what a frame changed.
    pub(super) fn feed(&mut self, moment: Moment) {
        self.history.feed(moment, &self.document);
    }

    /// One change as one step, whatever came before and comes after it.
    pub(super) fn edit(&mut self, time: f64, change: impl FnOnce(&mut Document)) {
        self.history.close();
        change(&mut self.document);
        self.history.feed(Moment { time, ..Moment::default() }, &self.document);
        self.show(self.shown);
    }

    /// One change of the plan that is shown as one step; the document's other plans stay as they are.
    pub(super) fn edit_plan(&mut self, time: f64, change: impl FnOnce(&mut Plan)) {
        let shown = self.shown;
        let copies = std::mem::take(&mut self.copies) && self.document.plans.len() < MAX_PLANS;
        let place = shown + usize::from(copies);
        self.edit(time, |document| {
            if let Some(of) = document.plans.get(shown).filter(|_| copies) {
                let copy = NamedPlan { name: String::new(), plan: of.plan.clone() };
                document.plans.insert(place, copy);
            }
            if let Some(named) = document.plans.get_mut(place) {
                change(&mut named.plan);
            }
        });
        self.show(place);
    }

    /// Whether the next change of the plan is made to a copy behind it, which is shown then.
    pub(super) const fn copy_first(&mut self, copies: bool) {
        self.copies = copies;
    }

    /// Whether there is a step back.
    pub(super) fn can_undo(&self) -> bool {
        self.history.before().is_some()
    }

    /// Whether there is a step forward.
    pub(super) fn can_redo(&self) -> bool {
        self.history.after().is_some()
    }

    /// What undo would do, where there is a step back.
    pub(super) fn undo_words(&self, locale: Locale) -> Option<String> {
        let change = changed(self.history.before()?, self.history.present(), locale);
        Some(named(Key::Undo, Key::UndoNamed, &change, locale))
    }

    /// What redo would do, where there is a step forward.
    pub(super) fn redo_words(&self, locale: Locale) -> Option<String> {
        let change = changed(self.history.present(), self.history.after()?, locale);
        Some(named(Key::Redo, Key::RedoNamed, &change, locale))
    }

    /// Goes one step back, where there is one.
    pub(super) fn undo(&mut self) {
        let document = self.history.undo();
        self.go_to(document);
    }

    /// Goes one step forward, where there is one.
    pub(super) fn redo(&mut self) {
        let document = self.history.redo();
        self.go_to(document);
    }

    /// Takes a state of the history, and shows the plan that it changes.
    fn go_to(&mut self, document: Option<Document>) {
        let Some(document) = document else { return };
        let before = std::mem::replace(&mut self.document, document);
        let (was, is) = (&before.plans, &self.document.plans);
        let differs = |place: usize| was.get(place) != is.get(place);
        let seen = was.len() == is.len() && differs(self.shown);
        let first = (0..was.len().max(is.len())).find(|place| differs(*place));
        let place = match first {
            Some(first) if is.len() < was.len() => first.saturating_sub(1),
            Some(first) if !seen => first,
            _ => self.shown,
        };
        self.show(place);
    }
}

/// The most inputs that one step is named by.
const NAMED: usize = 2;

/// What differs between two states of a document, in words; empty where nothing that has a name.
fn changed(before: &Document, after: &Document, locale: Locale) -> String {
    let (was, is) = (&before.plans, &after.plans);
    let pairs = || was.iter().zip(is);
    let moved = was.len() == is.len() && was.iter().all(|plan| is.contains(plan)) && was != is;
    let differing = pairs().find(|(was, is)| was.plan != is.plan).filter(|_| was.len() == is.len() && !moved);
    let inputs = differing.map(|(was, is)| Input::changed(&was.plan, &is.plan)).unwrap_or_default();
    let other = [
        (before.name != after.name, Key::PlanName),
        (is.len() > was.len(), Key::UndoPlanAdded),
        (is.len() < was.len(), Key::UndoPlanDeleted),
        (moved, Key::UndoPlanMoved),
        (!moved && was.len() == is.len() && pairs().any(|(was, is)| was.name != is.name), Key::UndoPlanNamed),
        (before.notes != after.notes, Key::Notes),
        (before.build != after.build, Key::Build),
        (before.frozen != after.frozen, Key::UseTodays),
    ];
    let keys = inputs.iter().map(|input| input.entry().label).chain(other.into_iter().filter(|it| it.0).map(|it| it.1));
    let words: Vec<String> = keys.map(|key| text::within_sentence(locale.word(key).trim_end_matches('…'))).collect();
    match words.len() {
        0..=NAMED => locale.join(Join::And, words),
        count => locale.sentence(Key::SeveralInputs, &[(Placeholder::Count, &count.to_string())]),
    }
}

fn named(plain: Key, with: Key, change: &str, locale: Locale) -> String {
    match change {
        "" => locale.word(plain).to_owned(),
        _ => locale.sentence(with, &[(Placeholder::Name, change)]),
    }
}
