//! Words of a build for scripts and tables, beside those that the window uses as well.

pub(super) use crate::advise::builder::words::dated;
use crate::catalog::parts::PartKind;
use crate::text::count;
use crate::units::Usd;

/// US dollars in whole ones.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "prices are positive and small")]
pub(super) fn money(usd: impl Into<f64>) -> String {
    format!("${}", count(usd.into().round().max(0.0) as u64))
}

/// US dollars with cents below a hundred.
pub(super) fn exact(usd: Usd) -> String {
    if usd.0.abs() < 100.0 { format!("${usd:.2}") } else { money(usd) }
}

/// A kind of part by its key in scripts.
pub(super) const fn kind(kind: PartKind) -> &'static str {
    match kind {
        PartKind::System => "machine",
        PartKind::Card => "gpu",
        PartKind::Ram => "ram",
        PartKind::Processor => "cpu",
        PartKind::Board => "board",
        PartKind::Disk => "storage",
        PartKind::PowerSupply => "power",
        PartKind::Case => "case",
        PartKind::Fitting => "fitting",
        PartKind::Cooler => "cooler",
        PartKind::Network => "network",
    }
}
