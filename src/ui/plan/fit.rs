//! How close the center of the view stands.

use crate::ui::theme::space;

/// How what stands in the center shares its height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// Everything with room around it, two plots below.
    Roomy,
    /// Closer, without whiskers, one plot below.
    Close,
    /// As close, the plot at the right of the table, where an explanation covers it while a row is looked at.
    Beside,
}

impl Fit {
    pub(super) fn is_close(self) -> bool {
        self != Self::Roomy
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
