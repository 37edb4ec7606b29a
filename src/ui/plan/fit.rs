//! How close the center of the view stands.

use crate::ui::theme::space;

/// How what stands in the center shares its height, from the roomiest on: things draw together before any is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Everything with room around it, two plots below.
    Roomy,
    /// The same, closer.
    Near,
    /// As near, one plot below, chosen among all.
    OnePlot,
    /// As [`Self::OnePlot`], without whiskers.
    Close,
    /// As close, the plot at the right of the table, where an explanation covers it while a row is looked at.
    Beside,
}

impl Fit {
    /// All but that with the plot beside the table, which always has room, and the least height of the plots in each.
    pub(super) const STEPS: [(Self, f32); 4] =
        [(Self::Roomy, 142.0), (Self::Near, 140.0), (Self::OnePlot, 132.0), (Self::Close, 126.0)];

    pub(super) fn is_near(self) -> bool {
        self != Self::Roomy
    }

    pub(super) fn has_whiskers(self) -> bool {
        self < Self::Close
    }

    pub(super) fn has_two_plots(self) -> bool {
        self < Self::OnePlot
    }

    /// The least height of what stands below everything else.
    pub(super) fn least_plot(self) -> f32 {
        Self::STEPS.iter().find(|(fit, _)| *fit == self).map_or(0.0, |(_, least)| *least)
    }

    pub(super) const fn margins(self) -> (i8, i8) {
        if matches!(self, Self::Roomy) { (24, 12) } else { (14, 8) }
    }

    /// Between the picture and the table.
    pub(super) const fn gap(self) -> f32 {
        if matches!(self, Self::Roomy) { space::XL } else { 6.0 }
    }

    pub(super) const fn rule(self) -> f32 {
        if matches!(self, Self::Roomy) { space::M } else { space::S }
    }
}
