//! How many of a card are needed.

use super::offer::Need;
use super::trial::Trial;
use crate::catalog::Catalog;
use crate::catalog::card::{Card, FormFactor};
use crate::estimate::{Estimate, most_devices};
use crate::plan::Runtime;
use crate::units::Bytes;

/// The counts in which a card is bought: one where it is part of a computer, modules as their boards hold them, and no
/// more than the engine drives.
pub fn allowed_counts(card: &Card, runtime: Runtime) -> &'static [u32] {
    let driven = most_devices(runtime) / usize::from(card.devices_per_card.max(1));
    let bought = bought(card);
    let driven = bought.partition_point(|count| *count as usize <= driven).max(1);
    bought.get(..driven).unwrap_or(bought)
}

fn bought(card: &Card) -> &'static [u32] {
    match card.form {
        _ if card.is_unified() => &[1],
        FormFactor::Laptop | FormFactor::System => &[1],
        FormFactor::SXM(_) | FormFactor::OAM | FormFactor::Module => &[1, 2, 4, 8],
        FormFactor::Slots(_) => &[1, 2, 3, 4, 5, 6, 7, 8],
    }
}

/// The counts of `card` that are worth a row, in rising order.
pub(super) fn needs(trial: &mut Trial, card: &Card, catalog: &Catalog) -> Vec<(Need, u32)> {
    let allowed = allowed_counts(card, trial.runtime());
    let Ok(alone) = trial.with_all_layers(card, 1, catalog) else { return vec![(Need::Alone, 1)] };
    let least = fewest_by_size(&alone, Bytes::ZERO);
    let holds = |count: u32, trial: &mut Trial| {
        if count == 1 {
            alone.serves_all()
        } else {
            trial.with_all_layers(card, count, catalog).is_ok_and(|found| found.serves_all())
        }
    };
    let fewest = allowed.iter().copied().filter(|count| *count >= least).find(|count| holds(*count, trial));
    if let Some(fewest) = fewest {
        let more = allowed.iter().copied().find(|count| *count > fewest);
        let single = (fewest > 1 && runs(trial, card, 1, catalog)).then_some((Need::Alone, 1));
        let rows = [single, Some((Need::Fewest, fewest)), more.map(|count| (Need::OneMore, count))];
        return rows.into_iter().flatten().collect();
    }
    if runs(trial, card, 1, catalog) {
        return vec![(Need::Alone, 1)];
    }
    let least = fewest_by_size(&alone, alone.host.capacity);
    let runs =
        allowed.iter().copied().filter(|count| *count >= least.max(2)).find(|count| runs(trial, card, *count, catalog));
    vec![runs.map_or((Need::Alone, 1), |count| (Need::Fewest, count))]
}

/// Whether the plan runs on so many with what spills in RAM, as far as it lets it.
fn runs(trial: &mut Trial, card: &Card, count: u32, catalog: &Catalog) -> bool {
    trial.on(card, count, catalog).is_ok_and(|found| found.serves_all())
}

/// Fewer than so many cannot hold what is stored, `elsewhere` taking as much as it can: weights and caches do not
/// shrink by being shared. Saves asking about counts that are far too small.
fn fewest_by_size(alone: &Estimate, elsewhere: Bytes) -> u32 {
    let stored = alone.devices.iter().map(|device| {
        let parts = &device.parts;
        Some(parts.weights? + parts.caches()?)
    });
    let stored = stored.sum::<Option<Bytes>>().unwrap_or_default().saturating_sub(elsewhere);
    let room: Bytes = alone.devices.iter().map(|device| device.usable).sum();
    u32::try_from(stored.0.div_ceil(room.0.max(1))).unwrap_or(u32::MAX).max(1)
}
