//! GiB to points, the same for every lane of a picture, and where a lane is cut to stay on the screen.

/// Points that a cut takes on the screen.
pub const CUT: f32 = 16.0;
/// How much of what is cut is seen before the cut.
const BEFORE: f64 = 0.7;

/// GiB to points of one lane.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GibAxis {
    /// Where zero stands.
    pub left: f32,
    /// Points a GiB.
    pub points_per_gib: f32,
    /// What is left out, from the left to the right.
    pub cuts: Vec<AxisCut>,
}

/// A stretch that is not drawn to scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AxisCut {
    /// From so many GiB.
    pub from: f64,
    /// To so many.
    pub to: f64,
}

/// A stretch of a lane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AxisStretch {
    /// So many GiB.
    pub gib: f64,
    /// It may be cut where the lane is too long.
    pub may_be_cut: bool,
}

impl GibAxis {
    /// Where so many GiB stand.
    #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
    pub fn x(&self, gib: f64) -> f32 {
        let mut drawn = gib;
        let mut points = 0.0;
        for cut in self.cuts.iter().filter(|cut| gib > cut.from) {
            let inside = gib.min(cut.to) - cut.from;
            drawn -= inside;
            points += (inside / (cut.to - cut.from)) as f32 * CUT;
        }
        self.left + drawn as f32 * self.points_per_gib + points
    }

    /// Whether so many GiB are left out.
    pub fn leaves_out(&self, gib: f64) -> bool {
        self.cuts.iter().any(|cut| gib > cut.from && gib < cut.to)
    }

    /// Axes of lanes in so many points from `left` on: whole on one scale where that leaves `card`, the longest card, the
    /// `share` of the room; else at the scale at which it has that, the longest stretches cut, all to the same length.
    #[expect(clippy::cast_possible_truncation, reason = "a scale on the screen")]
    pub fn fit(left: f32, room: f32, lanes: &[Vec<AxisStretch>], card: f64, share: f64) -> Vec<Self> {
        let whole = |lane: &Vec<AxisStretch>| lane.iter().map(|stretch| stretch.gib).sum::<f64>();
        let longest = lanes.iter().map(whole).fold(card, f64::max).max(1e-9);
        let room = f64::from(room.max(1.0));
        let scale = room / longest;
        if card <= 0.0 || scale * card >= share * room {
            let axis = Self { left, points_per_gib: scale as f32, cuts: Vec::new() };
            return vec![axis; lanes.len()];
        }
        let scale = share * room / card;
        let most = lanes.iter().map(|lane| longest_uncut(lane, room / scale, f64::from(CUT) / scale));
        let most = most.fold(f64::INFINITY, f64::min);
        let cut = |lane: &Vec<AxisStretch>| Self { left, points_per_gib: scale as f32, cuts: cuts(lane, most) };
        lanes.iter().map(cut).collect()
    }
}

/// How long a stretch may be so that the lane has room, where longer ones are cut to that, each with a `gap`.
fn longest_uncut(lane: &[AxisStretch], room: f64, gap: f64) -> f64 {
    let fixed: f64 = lane.iter().filter(|stretch| !stretch.may_be_cut).map(|stretch| stretch.gib).sum();
    let mut free: Vec<f64> = lane.iter().filter(|stretch| stretch.may_be_cut).map(|stretch| stretch.gib).collect();
    free.sort_by(f64::total_cmp);
    let mut left = room - fixed;
    if free.iter().sum::<f64>() <= left {
        return f64::INFINITY;
    }
    for (place, stretch) in free.iter().enumerate() {
        let others = (free.len() - place) as f64;
        let each = left / others - gap;
        if *stretch > each {
            return each.max(gap);
        }
        left -= stretch;
    }
    f64::INFINITY
}

fn cuts(lane: &[AxisStretch], most: f64) -> Vec<AxisCut> {
    let mut cuts = Vec::new();
    let mut at = 0.0;
    for stretch in lane {
        if stretch.may_be_cut && stretch.gib > most {
            cuts.push(AxisCut { from: at + BEFORE * most, to: at + stretch.gib - (1.0 - BEFORE) * most });
        }
        at += stretch.gib;
    }
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(stretches: &[f64]) -> Vec<AxisStretch> {
        stretches.iter().map(|gib| AxisStretch { gib: *gib, may_be_cut: true }).collect()
    }

    fn card(gib: f64) -> Vec<AxisStretch> {
        vec![AxisStretch { gib, may_be_cut: false }]
    }

    #[test]
    fn what_has_room_is_drawn_whole() {
        let axes = GibAxis::fit(96.0, 800.0, &[card(24.0), lane(&[4.0, 60.0])], 24.0, 0.3);
        assert!(axes.iter().all(|axis| axis.cuts.is_empty()));
        assert_eq!((axes[1].x(0.0), axes[1].x(64.0)), (96.0, 896.0));
    }

    /// From 8 GB with 16 GB of RAM to 16 × H200 with 2 TiB.
    #[test]
    fn every_machine_is_readable_and_stays_in_its_room() {
        for vram in [8.0, 24.0, 80.0, 141.0] {
            for ram in [16.0, 64.0, 128.0, 512.0, 2048.0] {
                for spilled in [0.0, 0.4 * ram, 0.8 * ram] {
                    let mut first = card(vram);
                    first.extend(lane(&[spilled]));
                    let second = lane(&[4.0, spilled, ram - spilled - 4.0]);
                    let axes = GibAxis::fit(0.0, 800.0, &[first.clone(), second.clone()], vram, 0.3);
                    let width = axes[0].x(vram);
                    assert!(width >= 239.0, "the card has {width} points of {vram} beside {ram}");
                    for (axis, lane) in axes.iter().zip([&first, &second]) {
                        let end = axis.x(lane.iter().map(|it| it.gib).sum());
                        assert!(end <= 801.0, "{end} for {vram}, {ram}, {spilled}");
                    }
                    let wide = [axes[0].x(vram + spilled) - axes[0].x(vram), axes[1].x(4.0 + spilled) - axes[1].x(4.0)];
                    assert!((wide[0] - wide[1]).abs() < 1.0, "the same bytes are equally wide: {wide:?}");
                }
            }
        }
    }

    #[test]
    fn places_rise_over_a_cut() {
        let axis = &GibAxis::fit(0.0, 800.0, &[card(24.0), lane(&[4.0, 1020.0])], 24.0, 0.3)[1];
        let xs: Vec<f32> = (0..1025).map(|gib| axis.x(f64::from(gib))).collect();
        assert!(xs.is_sorted() && axis.leaves_out(500.0) && !axis.leaves_out(1023.0));
    }
}
