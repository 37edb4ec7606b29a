//! The document at hand: what it is, where it is kept, what it was when last saved, and the way back.

use std::path::Path;

use super::files::KnownFile;
use super::history::{History, Moment};
use crate::plan::{BuildRequest, Document, Input, Plan};
use crate::system::seen::Seen;
use crate::text::{self, Join, Key, Locale, Placeholder};

/// The document at hand.
#[derive(Debug)]
pub(super) struct Session {
    document: Document,
    saved: Document,
    file: Option<KnownFile>,
    history: History<Document>,
    /// The file as another program left it, once that was told.
    told: Option<Seen>,
}

impl Session {
    /// A document that has no unsaved changes: new, or just read from `file`.
    pub(super) fn new(document: Document, file: Option<KnownFile>) -> Self {
        Self { saved: document.clone(), history: History::new(document.clone()), document, file, told: None }
    }

    /// The document as it stands.
    pub(super) fn document(&self) -> &Document {
        &self.document
    }

    /// The plan that is shown: a document holds at least one.
    pub(super) fn plan(&self) -> Option<&Plan> {
        self.document.plans.first().map(|named| &named.plan)
    }

    /// The plan that is shown, to be edited.
    pub(super) fn plan_mut(&mut self) -> Option<&mut Plan> {
        self.document.plans.first_mut().map(|named| &mut named.plan)
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

    /// The file, where another program wrote to it since it was read and nobody was told yet.
    pub(super) fn changed_elsewhere(&mut self) -> Option<&KnownFile> {
        let file = self.file.as_ref()?;
        let seen = file.seen.as_ref().filter(|seen| seen.is_touched(&file.path))?;
        let now = Seen::now(&file.path).filter(|now| !now.holds_the_same(seen))?;
        let old = self.told.as_ref().is_some_and(|told| told.holds_the_same(&now));
        self.told = Some(now);
        Some(file).filter(|_| !old)
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
        self.history.close();
    }

    /// One change of the plan that is shown as one step; the document's other plans stay as they are.
    pub(super) fn edit_plan(&mut self, time: f64, change: impl FnOnce(&mut Plan)) {
        self.edit(time, |document| {
            if let Some(shown) = document.plans.first_mut() {
                change(&mut shown.plan);
            }
        });
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
        if let Some(document) = self.history.undo() {
            self.document = document;
        }
    }

    /// Goes one step forward, where there is one.
    pub(super) fn redo(&mut self) {
        if let Some(document) = self.history.redo() {
            self.document = document;
        }
    }
}

/// The most inputs that one step is named by.
const NAMED: usize = 2;

/// What differs between two states of a document, in words; empty where nothing that has a name.
fn changed(before: &Document, after: &Document, locale: Locale) -> String {
    let plan = |document: &Document| document.plans.first().map(|named| named.plan.clone());
    let (was, is) = (plan(before), plan(after));
    let inputs = was.zip(is).map(|(was, is)| Input::changed(&was, &is)).unwrap_or_default();
    let other = [(before.name != after.name, Key::PlanName), (before.build != after.build, Key::Build)];
    let keys = inputs.iter().map(|input| input.entry().label).chain(other.into_iter().filter(|it| it.0).map(|it| it.1));
    let words: Vec<String> = keys.map(|key| text::within_sentence(locale.word(key))).collect();
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
