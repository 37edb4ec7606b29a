//! Lines that tell what went wrong or was done, over the lower edge of the window: until they are answered, until
//! another about the same takes their place, or for a moment where they only confirm. What was done can be taken back
//! as long as nothing else was.

use std::time::Duration;

use eframe::egui::accesskit::Live;
use eframe::egui::{Align, Align2, Area, Context, Frame, Id, Label, Layout, Margin, Order, RichText, Ui, vec2};

use crate::text::{Key, Locale};
use crate::ui::fonts::Type;
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::button::{ButtonLook, button};

/// The most lines shown at once; older ones that ask nothing make room.
const MOST: usize = 3;
/// The widest line, in points.
const WIDEST: f32 = 620.0;
/// How long a confirmation stands, in seconds; longer where it can be taken back.
const MOMENT: f64 = 4.0;
const MOMENT_TO_UNDO: f64 = 8.0;
/// What the pointer rests on stands so long at least.
const WHILE_READ: f64 = 1.5;

/// What a line is about: a later one about the same takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoticeTopic {
    /// Something of its own.
    Itself,
    /// Why the document could not be saved.
    SaveFailed,
    /// That it was.
    Saved,
    /// A remark in passing.
    Remark,
    /// What was done to the document.
    Done,
    /// Unsaved changes came back from a run that ended abruptly.
    Restored,
    /// The file is another one than was read.
    ChangedElsewhere,
    /// The document counts with rows that are others by now.
    KeptRows,
    /// Another window has the file open.
    AlsoOpen,
    /// Prices may be shown in yuan.
    Yuan,
    /// A command was pasted.
    Command,
    /// A model is being read.
    ReadingModel,
    /// The plans of another file are being read.
    ReadingPlans,
}

/// What was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reply {
    Dismiss,
    Keep,
    Discard,
    Reload,
    KeepMine,
    Undo,
    ShowYuan,
    UseTodays,
    TakeCommand,
    StopReading,
}

impl NoticeTopic {
    /// Whether it goes where there are too many: a question waits for its answer.
    const fn makes_room(self) -> bool {
        !matches!(self, Self::Restored | Self::ChangedElsewhere | Self::KeptRows | Self::ReadingModel)
    }

    /// What can be answered.
    const fn replies(self) -> &'static [(Key, Reply)] {
        match self {
            Self::Itself | Self::SaveFailed | Self::Saved | Self::Remark | Self::AlsoOpen => {
                &[(Key::Dismiss, Reply::Dismiss)]
            }
            Self::Done => &[(Key::Undo, Reply::Undo), (Key::Dismiss, Reply::Dismiss)],
            Self::Restored => &[(Key::Keep, Reply::Keep), (Key::Discard, Reply::Discard)],
            Self::ChangedElsewhere => &[(Key::Reload, Reply::Reload), (Key::KeepMine, Reply::KeepMine)],
            Self::KeptRows => &[(Key::UseTodays, Reply::UseTodays), (Key::Keep, Reply::Keep)],
            Self::Command => &[(Key::PlanFromCommand, Reply::TakeCommand), (Key::Dismiss, Reply::Dismiss)],
            Self::ReadingModel | Self::ReadingPlans => &[(Key::Cancel, Reply::StopReading)],
            Self::Yuan => &[(Key::YuanTake, Reply::ShowYuan), (Key::Dismiss, Reply::Dismiss)],
        }
    }
}

#[derive(Debug)]
struct Notice {
    line: String,
    about: NoticeTopic,
    /// When it goes by itself, in the window's seconds.
    until: Option<f64>,
    /// The state of the document that it tells of; it goes with it.
    version: Option<u64>,
}

/// Lines that tell what went wrong or was done.
#[derive(Debug, Default)]
pub(super) struct Notices(Vec<Notice>);

impl Notices {
    /// Adds a line; one that is already there moves to the end.
    pub(super) fn add(&mut self, line: impl Into<String>) {
        self.tell(NoticeTopic::Itself, line.into());
    }

    /// Adds a line in place of those about the same.
    pub(super) fn tell(&mut self, about: NoticeTopic, line: String) {
        self.0.retain(|other| other.line != line && (about == NoticeTopic::Itself || other.about != about));
        self.0.push(Notice { line, about, until: None, version: None });
        while self.0.len() > MOST
            && let Some(oldest) = self.0.iter().position(|notice| notice.about.makes_room())
        {
            self.0.remove(oldest);
        }
    }

    /// Says something else in the line about this, or adds it where there is none.
    pub(super) fn update(&mut self, about: NoticeTopic, line: String) {
        match self.0.iter_mut().find(|notice| notice.about == about) {
            Some(notice) => notice.line = line,
            None => self.tell(about, line),
        }
    }

    /// Confirms for a moment.
    pub(super) fn confirm(&mut self, about: NoticeTopic, line: String, time: f64) {
        self.tell(about, line);
        if let Some(notice) = self.0.last_mut() {
            notice.until = Some(time + MOMENT);
        }
    }

    /// Says something in passing.
    pub(super) fn remark(&mut self, line: impl Into<String>, time: f64) {
        self.confirm(NoticeTopic::Remark, line.into(), time);
    }

    /// Says what was done to the document, which is in this state now; one step takes it back.
    pub(super) fn did(&mut self, line: String, version: u64, time: f64) {
        self.tell(NoticeTopic::Done, line);
        if let Some(notice) = self.0.last_mut() {
            (notice.until, notice.version) = (Some(time + MOMENT_TO_UNDO), Some(version));
        }
    }

    /// Takes back what was about this.
    pub(super) fn settle(&mut self, about: NoticeTopic) {
        self.0.retain(|notice| notice.about != about);
    }

    /// Oldest first.
    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|notice| notice.line.as_str())
    }

    /// Draws them over a document in this state; what was answered to which. An answered line goes.
    pub(super) fn show(&mut self, ctx: &Context, locale: Locale, version: u64) -> Option<(NoticeTopic, Reply)> {
        let now = ctx.input(|input| input.time);
        self.0.retain(|notice| notice.until.is_none_or(|until| now < until));
        self.0.retain(|notice| notice.version.is_none_or(|of| of == version));
        if let Some(next) = self.0.iter().filter_map(|notice| notice.until).min_by(f64::total_cmp) {
            ctx.request_repaint_after(Duration::from_secs_f64((next - now).max(0.0)));
        }
        if self.0.is_empty() {
            return None;
        }
        let mut answered = None;
        let area =
            Area::new(Id::unique("notices")).order(Order::Middle).anchor(Align2::CENTER_BOTTOM, vec2(0.0, -space::L));
        let shown = area.show(ctx, |ui| {
            for (index, notice) in self.0.iter().enumerate() {
                let reply = ui.push_id(index, |ui| notice.show(ui, locale)).inner;
                answered = reply.map(|reply| (index, reply)).or(answered);
            }
        });
        if shown.response.contains_pointer() {
            for until in self.0.iter_mut().filter_map(|notice| notice.until.as_mut()) {
                *until = until.max(now + WHILE_READ);
            }
        }
        let (index, reply) = answered?;
        Some((self.0.remove(index).about, reply))
    }
}

impl Notice {
    fn show(&self, ui: &mut Ui, locale: Locale) -> Option<Reply> {
        let mut answered = None;
        Frame::popup(ui.style()).fill(Tokens::of(ui).raised).inner_margin(Margin::symmetric(12, 6)).show(ui, |ui| {
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.scope(|ui| {
                    ui.set_max_width(WIDEST);
                    let words = RichText::new(&self.line).font(Type::Body.font());
                    let said = ui.add(Label::new(words).wrap().selectable(true));
                    // Read aloud as it comes: at once where something went wrong.
                    let live = if self.until.is_some() { Live::Polite } else { Live::Assertive };
                    ui.ctx().accesskit_node_builder(said.id, |node| node.set_live(live));
                });
                ui.add_space(space::M);
                for &(words, reply) in self.about.replies() {
                    if button(ui, locale.word(words), ButtonLook::Plain, None).clicked() {
                        answered = Some(reply);
                    }
                }
            });
        });
        answered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_about_the_same_takes_the_place_of_the_one_before() {
        let mut notices = Notices::default();
        notices.tell(NoticeTopic::SaveFailed, "disk full".to_owned());
        notices.tell(NoticeTopic::SaveFailed, "no such folder".to_owned());
        notices.add("other");
        notices.add("other");
        assert!(notices.lines().eq(["no such folder", "other"]));
        notices.settle(NoticeTopic::SaveFailed);
        assert!(notices.lines().eq(["other"]));
    }

    #[test]
    fn what_was_done_is_told_once_and_as_the_last() {
        let mut notices = Notices::default();
        notices.did("one".to_owned(), 1, 0.0);
        notices.add("failed");
        notices.did("two".to_owned(), 2, 0.0);
        assert!(notices.lines().eq(["failed", "two"]));
    }

    #[test]
    fn a_question_makes_no_room_for_other_lines() {
        let mut notices = Notices::default();
        notices.tell(NoticeTopic::Restored, "restored".to_owned());
        for line in ["a", "b", "c", "d"] {
            notices.add(line);
        }
        assert!(notices.lines().eq(["restored", "c", "d"]));
    }
}
