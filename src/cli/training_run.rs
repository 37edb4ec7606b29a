//! A training run in an answer: its steps, hours, energy, rent and what it leaves on the disk.

use serde::Serialize;

use super::json::{Rounded, RoundedBand};
use crate::advise::remedies::rented;
use crate::catalog::Catalog;
use crate::catalog::cloud::Cloud;
use crate::catalog::origin::Origin;
use crate::estimate::training::{JobTime, TrainingPhase, TrainingStep, rent};
use crate::estimate::{Estimate, Verdict, estimate};
use crate::plan::Plan;
use crate::units::Bytes;

/// The run as the contract spells it.
#[derive(Debug, Serialize)]
pub(super) struct TrainingRunJson<'a> {
    peak: TrainingPhase,
    fullest_device: usize,
    trained_params: u64,
    checkpoint_bytes: Bytes,
    disk_bytes: Bytes,
    steps: Option<Rounded>,
    step_s: Option<RoundedBand>,
    hours: Option<RoundedBand>,
    bubble_share: Option<Rounded>,
    energy_kwh: Option<RoundedBand>,
    rent_usd: Option<RoundedBand>,
    rent_offer: Option<RentOffer<'a>>,
}

/// The offer that the rent is calculated with.
#[derive(Debug, Serialize)]
struct RentOffer<'a> {
    card: &'a str,
    cloud: &'a Cloud,
    usd_per_hour: Rounded,
    date: &'a str,
    source: &'a Origin,
}

impl<'a> TrainingRunJson<'a> {
    pub(super) fn of(plan: &Plan, catalog: &'a Catalog, (found, step): (&Estimate, &TrainingStep)) -> Self {
        let time = step.time.as_ref();
        // Nobody rents cards on which the job does not fit.
        let elsewhere = (found.verdict == Some(Verdict::DoesNotFit)).then(|| rented(plan, catalog)).flatten();
        let rent = match &elsewhere {
            Some(plan) => estimate(plan, catalog).ok().and_then(|found| rent(plan, catalog, &found)),
            None => rent(plan, catalog, found),
        };
        Self {
            peak: step.peak,
            fullest_device: step.device,
            trained_params: step.trained,
            checkpoint_bytes: step.checkpoint,
            disk_bytes: step.disk,
            steps: time.map(|time| Rounded(time.steps)),
            step_s: time.map(JobTime::step_seconds).map(RoundedBand::from),
            hours: time.map(|time| time.hours.into()),
            bubble_share: time.map(|time| Rounded(time.bubble)),
            energy_kwh: time.and_then(|time| time.energy_kwh).map(RoundedBand::from),
            rent_usd: rent.as_ref().map(|rent| rent.usd.map(f64::from).into()),
            rent_offer: rent.map(|rent| RentOffer {
                card: &rent.offer.card,
                cloud: &rent.offer.cloud,
                usd_per_hour: Rounded(rent.usd_per_hour.0),
                date: rent.offer.date.as_str(),
                source: &rent.offer.source,
            }),
        }
    }
}
