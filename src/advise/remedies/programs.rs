//! What can be done about the programs beside the plan's own model: another place for one of them, no place until it is
//! asked for, or a smaller share for one that reserves its memory.

use super::{Baseline, Change, Remedy, RemedyGroup};
use crate::estimate::{Estimate, Warning, estimate};
use crate::plan::{Resident, ResidentPlace};

pub(super) fn ways(base: &Baseline<'_>) -> Vec<Remedy> {
    if base.plan.also.is_empty() {
        return Vec::new();
    }
    let Ok(found) = estimate(base.plan, base.catalog) else { return Vec::new() };
    let rows = base.plan.also.iter().enumerate();
    let mut ways: Vec<Remedy> = rows.flat_map(|(row, resident)| of_row(base, &found, (row, resident))).collect();
    ways.extend(shares(base, &found));
    ways
}

/// Another place for one program.
fn of_row(base: &Baseline<'_>, found: &Estimate, (row, resident): (usize, &Resident)) -> Vec<Remedy> {
    let moved = |group, place| base.better(group, Change::MoveProgram { row, place });
    let on_device = matches!(resident.place, ResidentPlace::Device(_) | ResidentPlace::AllDevices);
    let devices = u32::try_from(found.devices.len()).unwrap_or(u32::MAX);
    let others = (0..devices).map(ResidentPlace::Device).filter(|place| *place != resident.place);
    let better = others.filter_map(|place| moved(RemedyGroup::Parallelize, place));
    let best = better.reduce(|best, way| if way.after.improves(&best.after) { way } else { best });
    let ram = on_device.then(|| moved(RemedyGroup::Offload, ResidentPlace::Ram)).flatten();
    let off = (resident.place != ResidentPlace::Off).then(|| moved(RemedyGroup::AskLess, ResidentPlace::Off)).flatten();
    best.into_iter().chain(ram).chain(off).collect()
}

/// The share with which programs that reserve theirs find room.
fn shares(base: &Baseline<'_>, found: &Estimate) -> Vec<Remedy> {
    let changes = found.warnings.iter().filter_map(|warning| match warning {
        Warning::SharesCollide { solved: Some((Some(row), share)), .. } => {
            Some(Change::ProgramShare { row: *row, share: *share })
        }
        Warning::SharesCollide { solved: Some((None, share)), .. } => Some(Change::Utilization(*share)),
        _ => None,
    });
    changes.filter_map(|change| base.better(RemedyGroup::Settings, change)).collect()
}
