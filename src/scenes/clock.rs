//! The clock of a scene: what moves when, told from two pictures that come after each other.
//!
//! In every stop the order is the same: look (the rest dims), name (new things appear), move (what is different moves, one
//! thing at a time), number (the words over the picture change). At its end the clock stops until somebody goes on.

use super::Scene;

/// Seconds that looking, naming and numbers take each.
pub const BEAT: f32 = 0.6;

/// What happens in a span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// The rest dims.
    Look,
    /// What is new appears.
    Name,
    /// One thing moves.
    Move,
    /// The words over the picture change.
    Number,
}

/// One event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// What happens.
    pub kind: EventKind,
    /// To which thing; `None` = to the whole picture.
    pub thing: Option<&'static str>,
    /// When it begins, in seconds of the scene.
    pub start: f32,
    /// When it is over.
    pub end: f32,
}

impl Event {
    /// How far it is at `time`: 0 before, 1 after.
    pub fn share(&self, time: f32) -> f32 {
        if time >= self.end {
            return 1.0;
        }
        ((time - self.start) / (self.end - self.start).max(f32::EPSILON)).clamp(0.0, 1.0)
    }
}

/// The events of one stop.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StopTimes {
    /// When it begins.
    pub start: f32,
    /// When it is over: where the clock stops.
    pub end: f32,
    /// What happens, in order.
    pub events: Vec<Event>,
}

/// The times of a whole scene.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Clock {
    /// One entry a stop.
    pub stops: Vec<StopTimes>,
}

impl Clock {
    /// The clock of a scene.
    pub fn of(scene: &Scene) -> Self {
        let mut stops = Vec::with_capacity(scene.stops());
        let mut now = 0.0;
        for (place, picture) in scene.pictures.iter().take(scene.stops()).enumerate() {
            let before = place.checked_sub(1).and_then(|earlier| scene.pictures.get(earlier));
            let start = now;
            let mut events = Vec::new();
            let mut add = |kind, thing, seconds: f32| {
                events.push(Event { kind, thing, start: now, end: now + seconds });
                now += seconds;
            };
            if before.is_some() {
                add(EventKind::Look, None, BEAT);
            }
            let is_new = |id: &str| before.is_none_or(|before| before.find(id).is_none());
            if picture.things.iter().any(|placed| is_new(placed.id)) {
                add(EventKind::Name, None, BEAT);
            }
            let mut race = 0.0_f32;
            let mut racing = Vec::new();
            for placed in &picture.things {
                let was = before.and_then(|before| before.find(placed.id));
                let seconds = placed.thing.acts().seconds(was.map(|was| &was.thing));
                let is_moved = was.is_some_and(|was| was.area != placed.area);
                let seconds = if is_moved { seconds.max(BEAT) } else { seconds };
                if placed.thing.acts().races() {
                    race = race.max(seconds);
                    racing.push(placed.id);
                } else if seconds > 0.0 {
                    add(EventKind::Move, Some(placed.id), seconds);
                }
            }
            let span = Event { kind: EventKind::Move, thing: None, start: now, end: now + race };
            events.extend(racing.into_iter().map(|id| Event { thing: Some(id), ..span }));
            now += race;
            let mut add = |kind, thing, seconds: f32| {
                events.push(Event { kind, thing, start: now, end: now + seconds });
                now += seconds;
            };
            add(EventKind::Number, None, BEAT);
            stops.push(StopTimes { start, end: now, events });
        }
        Self { stops }
    }

    /// Seconds from the first frame to the last.
    pub fn length(&self) -> f32 {
        self.stops.last().map_or(0.0, |stop| stop.end)
    }

    /// The stop that `time` lies in, counted from 0.
    pub fn stop_at(&self, time: f32) -> usize {
        let over = self.stops.iter().take_while(|stop| stop.end < time).count();
        over.min(self.stops.len().saturating_sub(1))
    }

    /// When a stop is over.
    pub fn end_of(&self, stop: usize) -> f32 {
        self.stops.get(stop).map_or_else(|| self.length(), |stop| stop.end)
    }

    /// Whether the clock stands at the end of a stop.
    pub fn is_stopped(&self, time: f32) -> bool {
        self.stops.iter().any(|stop| stop.end == time)
    }

    /// How far a kind of event is in a stop, for a thing or the whole; 1 where there is no such event.
    pub fn share(&self, stop: usize, kind: EventKind, thing: Option<&str>, time: f32) -> f32 {
        let events = self.stops.get(stop).map_or(&[][..], |stop| &stop.events);
        let found = events.iter().find(|event| event.kind == kind && event.thing == thing);
        found.map_or(1.0, |event| event.share(time))
    }
}
