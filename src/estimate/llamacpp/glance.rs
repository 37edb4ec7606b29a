//! What many machines are compared by first, and nothing else of the answers: the judgment, and how fast one sequence is served.

use super::Caches;
use super::asked::{Asked, Runs};
use super::automatic::Ways;
use super::estimate::{Question, ask};
use super::place::Way;
use super::placement_cache::Placements;
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::estimate::EstimateError;
use crate::estimate::device::{Device, Hardware, TakenRam};
use crate::estimate::speed;
use crate::estimate::standing::{Glance, Standing};
use crate::estimate::timed::Laws;
use crate::plan::{Drafter, Plan};
use crate::units::Bytes;

/// How `plan` does on a machine whose devices and laws are known.
///
/// # Errors
/// What the engine refuses.
pub(in crate::estimate) fn glance(
    plan: &Plan,
    catalog: &Catalog,
    model: &Model,
    (devices, laws): (&[Device<'_>], &Laws<'_>),
    caches: &mut Caches,
) -> Result<Glance, EstimateError> {
    let machine = || Ok(Hardware { devices: devices.to_vec(), taken_ram: TakenRam::default() });
    let (standing, _) = ask(plan, catalog, model, machine, caches, |question| match question {
        Question::Unknown { .. } => Standing::UNKNOWN,
        Question::Known(asked, mut placements) => match asked.given() {
            Some(way) if asked.is_far_beyond(&way) => Standing::FAR_BEYOND,
            Some(way) => asked.standing(&way, laws, &mut placements),
            None => {
                let Ways { layers, experts, .. } = Ways::of(&asked, &mut placements);
                let standing = asked.standing(&layers, laws, &mut placements);
                let other = experts.map(|way| asked.standing(&way, laws, &mut placements));
                other.filter(|other| other.is_no_worse_than(&standing)).unwrap_or(standing)
            }
        },
    })?;
    // The engine takes all sequences or does not start.
    Ok(Glance { verdict: standing.verdict, waiting: 0, decode: standing.decode })
}

/// Whether a glance tells as much as an answer: not of tokens that are guessed ahead.
pub(in crate::estimate) fn is_told_at_a_glance(plan: &Plan) -> bool {
    plan.workload.speculation.drafter == Drafter::None
}

impl Asked<'_> {
    /// Whether it is known without a layout that nothing runs.
    fn is_far_beyond(&self, way: &Way) -> bool {
        self.order.is_none() && self.beside.is_none() && self.placer.is_far_beyond(way.gpu_layers)
    }

    fn standing(&self, way: &Way, laws: &Laws<'_>, placements: &mut Placements<'_>) -> Standing {
        let placement = placements.of(way);
        let laid = self.lay(way, placement);
        let decode = match laid.runs {
            Runs::Steps => speed::decode_alone(
                &self.facts(&laid.devices, placement),
                &laws.of_devices(self.machine),
                &laws.machine,
            ),
            Runs::Pages | Runs::Halts => None,
        };
        let on_devices: Bytes = laid.devices.iter().filter_map(|device| device.excess).sum();
        Standing { verdict: laid.verdict, missing: on_devices + laid.host.excess.unwrap_or_default(), decode }
    }
}
