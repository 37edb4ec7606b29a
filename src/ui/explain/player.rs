//! Goes along the clock of a scene: on, back, again. At the end of each stop it waits.

use crate::plan::ScenePosition;
use crate::scenes::clock::Clock;

/// What the reader asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Step {
    /// To the end of this stop, or through the next one.
    GoOn,
    /// Through the stop that is under way, or no further for now.
    PlayOrPause,
    /// One stop on, at once.
    Next,
    /// To the stop before, at once.
    Back,
    /// To a stop, at once.
    To(usize),
    /// To the last stop, at once.
    Last,
    /// This stop again.
    Replay,
    /// To a moment, by the hand on the timeline.
    Scrub(f32),
}

/// Whether the clock runs, and how fast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Player {
    pub(super) playing: bool,
    pub(super) speed: f32,
}

impl Default for Player {
    fn default() -> Self {
        Self { playing: false, speed: 1.0 }
    }
}

/// The speeds to choose from.
pub(super) const SPEEDS: [f32; 3] = [0.5, 1.0, 2.0];

impl Player {
    /// Does a step. `still` = movement disturbs the reader: stop to stop without what lies between.
    pub(super) fn step(&mut self, step: Step, position: &mut ScenePosition, clock: &Clock, still: bool) {
        let stop = clock.stop_at(position.time);
        let under_way = position.time < clock.end_of(stop);
        let last = clock.stops.len().saturating_sub(1);
        self.playing = false;
        position.time = match step {
            Step::GoOn | Step::Next if under_way => clock.end_of(stop),
            Step::GoOn if stop < last && still => clock.end_of(stop + 1),
            Step::GoOn if stop < last => {
                self.playing = true;
                // Past the end of this stop, so that the next one is under way.
                position.time + f32::EPSILON * position.time.max(1.0)
            }
            Step::PlayOrPause if under_way => {
                self.playing = true;
                position.time
            }
            Step::PlayOrPause => return self.step(Step::GoOn, position, clock, still),
            Step::GoOn => position.time,
            Step::Next => clock.end_of((stop + 1).min(last)),
            Step::Back if under_way && stop > 0 => clock.end_of(stop - 1),
            Step::Back => clock.end_of(stop.saturating_sub(1)),
            Step::To(place) => clock.end_of(place.min(last)),
            Step::Last => clock.end_of(last),
            Step::Replay if still => clock.end_of(stop),
            Step::Replay => {
                self.playing = true;
                clock.stops.get(stop).map_or(0.0, |stop| stop.start) + f32::EPSILON * position.time.max(1.0)
            }
            Step::Scrub(time) => time.clamp(0.0, clock.length()),
        };
    }

    /// Holds where it is.
    pub(super) const fn pause(&mut self) {
        self.playing = false;
    }

    /// Goes on by so many seconds of the wall; stops where an idea ends.
    pub(super) fn run(&mut self, seconds: f32, position: &mut ScenePosition, clock: &Clock) {
        if !self.playing {
            return;
        }
        let end = clock.end_of(clock.stop_at(position.time));
        position.time = (position.time + seconds * self.speed).min(end);
        self.playing = position.time < end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenes::clock::StopTimes;

    fn clock() -> Clock {
        let stop = |start: f32, end: f32| StopTimes { start, end, events: Vec::new() };
        Clock { stops: vec![stop(0.0, 1.0), stop(1.0, 3.0), stop(3.0, 4.0)] }
    }

    #[test]
    fn every_stop_waits() {
        let (clock, mut player, mut position) = (clock(), Player::default(), ScenePosition::default());
        let mut seen = Vec::new();
        player.step(Step::Replay, &mut position, &clock, false);
        for _ in 0..5 {
            while player.playing {
                player.run(0.1, &mut position, &clock);
            }
            seen.push(position.time);
            player.step(Step::GoOn, &mut position, &clock, false);
        }
        assert_eq!(seen, [1.0, 3.0, 4.0, 4.0, 4.0]);
    }

    #[test]
    fn whom_movement_disturbs_sees_none() {
        let (clock, mut player, mut position) = (clock(), Player::default(), ScenePosition::default());
        for step in [Step::GoOn, Step::GoOn, Step::Replay, Step::Back, Step::Last, Step::GoOn, Step::PlayOrPause] {
            player.step(step, &mut position, &clock, true);
            assert!(!player.playing && clock.is_stopped(position.time), "{step:?} leads to {}", position.time);
        }
    }

    #[test]
    fn a_hand_on_the_timeline_holds_it() {
        let (clock, mut player, mut position) = (clock(), Player::default(), ScenePosition::default());
        player.step(Step::GoOn, &mut position, &clock, false);
        player.step(Step::GoOn, &mut position, &clock, false);
        assert!(player.playing);
        player.step(Step::Scrub(2.0), &mut position, &clock, false);
        player.run(1.0, &mut position, &clock);
        assert_eq!(position.time, 2.0);
        player.step(Step::Back, &mut position, &clock, false);
        assert_eq!(position.time, 1.0);
        player.step(Step::Scrub(99.0), &mut position, &clock, false);
        assert_eq!(position.time, 4.0);
    }
}
