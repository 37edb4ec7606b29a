//! Whether a machine does a job at a speed that is of use: the floor that builds and rankings share.

use crate::catalog::parts::BuildRules;
use crate::estimate::Estimate;
use crate::plan::LEAST_DECODE;

/// Whether nobody waits: each sequence is written at least as fast as it is read, or training ends within days. Not where the
/// speed is not known.
pub(super) fn is_quick(found: &Estimate) -> bool {
    match &found.training {
        Some(step) => {
            step.time.is_some_and(|time| time.hours.expected <= BuildRules::known().training.most_days * 24.0)
        }
        None => found.decode_of_each().is_some_and(|speed| speed.expected >= LEAST_DECODE),
    }
}
