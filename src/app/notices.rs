//! Lines that tell what went wrong or was done, over the lower edge of the window: until they are answered, until
//! another about the same takes their place, or for a moment where they only confirm. What was done can be taken back
//! as long as nothing else was.

use std::time::Duration;

use eframe::egui::accesskit::Live;
use eframe::egui::{Align, Align2, Area, Context, Frame, Id, Label, Layout, Margin, Order, Rect, RichText, Ui, vec2};

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
/// Between two lines, in points.
const BETWEEN: f32 = space::S;

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
    /// Tells it from all others of this run.
    number: u64,
    /// As it was drawn last, in points.
    height: f32,
    /// What stood below it and is gone, in points: it stays where it is while the pointer may be about to press a button.
    gap: f32,
}

/// Lines that tell what went wrong or was done, the oldest lowest: those that come later move none that is there.
#[derive(Debug, Default)]
pub(super) struct Notices {
    list: Vec<Notice>,
    /// How many there were.
    told: u64,
    /// The pointer is where they stand.
    pointed: bool,
}

impl Notices {
    /// Adds a line; one that is already there moves to the end.
    pub(super) fn add(&mut self, line: impl Into<String>) {
        self.tell(NoticeTopic::Itself, line.into());
    }

    /// Adds a line in place of those about the same.
    pub(super) fn tell(&mut self, about: NoticeTopic, line: String) {
        self.retain(|other| other.line != line && (about == NoticeTopic::Itself || other.about != about));
        self.told += 1;
        let number = self.told;
        self.list.push(Notice { line, about, until: None, version: None, number, height: 0.0, gap: 0.0 });
        while self.list.len() > MOST
            && let Some(oldest) = self.list.iter().position(|notice| notice.about.makes_room())
        {
            self.remove(oldest);
        }
    }

    /// Says something else in the line about this, or adds it where there is none.
    pub(super) fn update(&mut self, about: NoticeTopic, line: String) {
        match self.list.iter_mut().find(|notice| notice.about == about) {
            Some(notice) => notice.line = line,
            None => self.tell(about, line),
        }
    }

    /// Confirms for a moment.
    pub(super) fn confirm(&mut self, about: NoticeTopic, line: String, time: f64) {
        self.tell(about, line);
        if let Some(notice) = self.list.last_mut() {
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
        if let Some(notice) = self.list.last_mut() {
            (notice.until, notice.version) = (Some(time + MOMENT_TO_UNDO), Some(version));
        }
    }

    /// Takes back what was about this.
    pub(super) fn settle(&mut self, about: NoticeTopic) {
        self.retain(|notice| notice.about != about);
    }

    /// Oldest first.
    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|notice| notice.line.as_str())
    }

    fn retain(&mut self, stays: impl Fn(&Notice) -> bool) {
        for place in (0..self.list.len()).rev() {
            if !stays(&self.list[place]) {
                self.remove(place);
            }
        }
    }

    /// Takes one away; what stands over it keeps its place.
    fn remove(&mut self, place: usize) -> Notice {
        let gone = self.list.remove(place);
        if let Some(over) = self.list.get_mut(place) {
            over.gap += gone.gap + gone.height + BETWEEN;
        }
        gone
    }

    /// Draws them over a document in this state; what was answered to which. An answered line goes.
    pub(super) fn show(&mut self, ctx: &Context, locale: Locale, version: u64) -> Option<(NoticeTopic, Reply)> {
        let now = ctx.input(|input| input.time);
        self.retain(|notice| notice.until.is_none_or(|until| now < until));
        self.retain(|notice| notice.version.is_none_or(|of| of == version));
        if let Some(next) = self.list.iter().filter_map(|notice| notice.until).min_by(f64::total_cmp) {
            ctx.request_repaint_after(Duration::from_secs_f64((next - now).max(0.0)));
        }
        if !self.pointed {
            // Nobody is about to press anything here: what is left stands together.
            self.list.iter_mut().for_each(|notice| notice.gap = 0.0);
        }
        let mut answered = None;
        let mut stack = Rect::NOTHING;
        let mut below = space::L;
        for (place, notice) in self.list.iter_mut().enumerate() {
            below += notice.gap;
            let area = Area::new(Id::unique("notice").with(notice.number)).order(Order::Middle);
            let area = area.anchor(Align2::CENTER_BOTTOM, vec2(0.0, -below));
            let shown = area.show(ctx, |ui| notice.show(ui, locale));
            answered = shown.inner.map(|reply| (place, reply)).or(answered);
            let rect = shown.response.rect;
            notice.height = rect.height();
            stack = stack.union(rect).union(rect.translate(vec2(0.0, notice.gap)));
            below += notice.height + BETWEEN;
        }
        let pointer = ctx.pointer_latest_pos();
        let pointed = pointer.is_some_and(|pointer| stack.contains(pointer));
        if std::mem::replace(&mut self.pointed, pointed) && !pointed {
            ctx.request_repaint();
        }
        if pointed {
            for until in self.list.iter_mut().filter_map(|notice| notice.until.as_mut()) {
                *until = until.max(now + WHILE_READ);
            }
        }
        let (place, reply) = answered?;
        Some((self.remove(place).about, reply))
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
