//! The dish read round and round, side by side: one ring a memory, each with its road, its cook and its words a second.

use super::kit::cells;
use crate::estimate::Memory;
use crate::scenes::draw::lane::Lane;
use crate::scenes::draw::reading::Reading;
use crate::scenes::draw::ring::Ring;
use crate::scenes::draw::worker::Worker;
use crate::scenes::figure::Figure;
use crate::scenes::mark::{Area, Link};
use crate::scenes::picture::{Placed, Say};

/// Seconds that rings run.
pub(super) const RUN: f32 = 3.0;
/// GB/s that one point of a road stands for.
pub(super) const SCALE: f64 = 8.0;
/// From one row to the next, and where the first begins.
const ROW: f32 = 248.0;
const TOP: f32 = 78.0;

/// One row of such a race.
pub(super) struct Lap {
    /// Ring, road, cook, reading: the same in every picture.
    pub ids: [&'static str; 4],
    /// What is read, in GB.
    pub gb: f64,
    /// How fast, in GB/s.
    pub gb_s: f64,
    /// Who cooks.
    pub worker: Worker,
    /// Under the ring.
    pub whole: &'static str,
    /// Under the road.
    pub road: &'static str,
    /// Under the words a second.
    pub about: &'static str,
    /// What lights up with the road.
    pub link: Link,
    /// The widest there is.
    pub limit: Option<(f64, Say)>,
}

impl Lap {
    /// Seconds of a lap.
    pub fn seconds(&self) -> f64 {
        self.gb / self.gb_s
    }

    /// The things of the row, counted from 0.
    pub fn placed(self, row: u8) -> Vec<Placed> {
        let y = TOP + ROW * f32::from(row);
        let lap = self.seconds();
        let [ring, road, cook, words] = self.ids;
        let rate = Figure::GbPerSecond(self.gb_s);
        let dish = Ring {
            component: Memory::Weights,
            pieces: cells(self.gb.round()).max(1),
            lap,
            reading: Figure::Seconds(lap).into(),
            unit: "lap".into(),
            role: self.whole.into(),
            runs: RUN,
            radii: [96.0, 62.0],
        };
        let lane = Lane {
            gb_s: self.gb_s,
            scale: SCALE,
            rate: rate.into(),
            role: self.road.into(),
            cargo: Some(Memory::Weights),
            limit: self.limit,
            runs: RUN,
            back: false,
        };
        let reading = Reading {
            figure: Figure::WordsPerSecond(1.0 / lap).into(),
            unit: "words".into(),
            about: self.about.into(),
        };
        vec![
            Placed::new(ring, Area::new(112.0, y, 200.0, 200.0), dish).linked(Link::Weights),
            Placed::new(road, Area::new(340.0, y + 42.0, 330.0, 112.0), lane).linked(self.link),
            Placed::new(cook, Area::new(700.0, y + 42.0, 90.0, 112.0), self.worker).linked(self.link),
            Placed::new(words, Area::new(850.0, y + 50.0, 460.0, 110.0), reading),
        ]
    }
}
