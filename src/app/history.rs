//! Undo and redo by whole states: what the user did in one gesture is one step.

/// The most steps that are kept.
const DEPTH: usize = 200;
/// Changes that follow each other faster than this, in seconds, and without the pointer, belong together (a key held down).
const PAUSE: f64 = 1.0;

/// What the pointer did in a frame, and when.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Moment {
    /// Seconds since any fixed instant.
    pub(super) time: f64,
    /// A pointer button went down in this frame.
    pub(super) pressed: bool,
    /// A pointer button is down.
    pub(super) held: bool,
    /// A pointer button came up in this frame.
    pub(super) released: bool,
}

/// The states before and after the present one.
///
/// The state before a gesture is kept the moment it changes, so that nothing waits for a later frame: an idle window
/// draws none, and two edits far apart are two steps all the same.
#[derive(Debug, Clone)]
pub(super) struct History<T> {
    past: Vec<T>,
    future: Vec<T>,
    present: T,
    /// When the gesture under way last changed the state.
    open: Option<f64>,
    /// Counts every change of the present state.
    version: u64,
}

impl<T: Clone + PartialEq> History<T> {
    /// A history that knows this state alone.
    pub(super) fn new(present: T) -> Self {
        Self { past: Vec::new(), future: Vec::new(), present, open: None, version: 0 }
    }

    /// Takes note of the state after a frame.
    pub(super) fn feed(&mut self, moment: Moment, state: &T) {
        let paused = self.open.is_some_and(|last| moment.time - last >= PAUSE);
        if moment.pressed || (paused && !moment.held) {
            self.close();
        }
        if *state != self.present {
            self.step(moment.time, state);
        }
        if moment.released {
            self.close();
        }
    }

    /// Changes every state alike: what was done stays what it was.
    pub(super) fn carry(&mut self, change: impl Fn(&mut T)) {
        self.past.iter_mut().chain(&mut self.future).chain([&mut self.present]).for_each(change);
    }

    fn step(&mut self, time: f64, state: &T) {
        let before = std::mem::replace(&mut self.present, state.clone());
        self.version += 1;
        self.future.clear();
        if self.open.is_none() {
            self.past.push(before);
            if self.past.len() > DEPTH {
                self.past.remove(0);
            }
        }
        self.open = Some(time);
    }

    /// Ends the gesture under way: the next change is a step of its own.
    pub(super) fn close(&mut self) {
        // A gesture that came back to where it began is no step.
        if self.open.take().is_some() && self.past.last() == Some(&self.present) {
            self.past.pop();
        }
    }

    /// The state as it stands.
    pub(super) fn present(&self) -> &T {
        &self.present
    }

    /// Another number whenever the state is another one.
    pub(super) const fn version(&self) -> u64 {
        self.version
    }

    /// The state one step back. A gesture under way that is back where it began is no step.
    pub(super) fn before(&self) -> Option<&T> {
        let returned = self.open.is_some() && self.past.last() == Some(&self.present);
        self.past.iter().rev().nth(usize::from(returned))
    }

    /// The state one step forward.
    pub(super) fn after(&self) -> Option<&T> {
        self.future.last()
    }

    /// The state one step back, where there is one.
    pub(super) fn undo(&mut self) -> Option<T> {
        self.close();
        let before = self.past.pop()?;
        self.future.push(std::mem::replace(&mut self.present, before));
        self.version += 1;
        Some(self.present.clone())
    }

    /// The state one step forward, where there is one.
    pub(super) fn redo(&mut self) -> Option<T> {
        self.close();
        let after = self.future.pop()?;
        self.past.push(std::mem::replace(&mut self.present, after));
        self.version += 1;
        Some(self.present.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(time: f64) -> Moment {
        Moment { time, ..Moment::default() }
    }

    fn drag(time: f64) -> Moment {
        Moment { time, held: true, ..Moment::default() }
    }

    fn press(time: f64) -> Moment {
        Moment { time, pressed: true, held: true, released: false }
    }

    #[test]
    fn a_drag_is_one_step_however_long_it_rests() {
        let mut history = History::new(0);
        history.feed(press(0.0), &1);
        history.feed(drag(0.1), &2);
        history.feed(drag(30.0), &3);
        assert_eq!(history.undo(), Some(0), "the whole drag goes back");
        assert!(history.before().is_none(), "nothing is left to undo");
        assert_eq!(history.redo(), Some(3), "and comes again");
    }

    #[test]
    fn edits_far_apart_are_two_steps_without_a_frame_between() {
        let mut history = History::new(0);
        history.feed(key(0.0), &1);
        history.feed(key(20.0), &2);
        assert_eq!(history.undo(), Some(1), "the second edit goes back");
        assert_eq!(history.undo(), Some(0), "then the first");
    }

    #[test]
    fn two_quick_clicks_are_two_steps_and_a_held_key_is_one() {
        let mut history = History::new(0);
        history.feed(press(0.0), &1);
        history.feed(press(0.3), &1);
        history.feed(Moment { time: 0.35, released: true, ..Moment::default() }, &2);
        for step in 3..10 {
            history.feed(key(0.4 + f64::from(step) * 0.05), &step);
        }
        assert_eq!(history.undo(), Some(2), "the key's run goes back at once");
        assert_eq!(history.undo(), Some(1), "then the second click");
        assert_eq!(history.undo(), Some(0), "then the first");
        assert_eq!(history.undo(), None, "then nothing");
    }

    #[test]
    fn a_drag_that_returns_is_no_step_and_an_edit_forgets_the_future() {
        let mut history = History::new(0);
        history.feed(press(0.0), &1);
        history.feed(drag(0.2), &0);
        assert!(history.before().is_none(), "back where it began");
        history.feed(press(2.0), &5);
        assert_eq!(history.undo(), Some(0), "one step");
        assert!(history.after().is_some(), "and one forward");
        history.feed(press(4.0), &7);
        assert!(history.after().is_none(), "an edit ends the other branch");
    }

    #[test]
    fn old_steps_are_let_go() {
        let mut history = History::new(0);
        for step in 1..=(DEPTH + 50) {
            history.feed(press(step as f64), &step);
        }
        assert_eq!(history.past.len(), DEPTH, "bounded");
    }
}
