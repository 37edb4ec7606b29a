//! A training job in an answer: its steps, hours, energy, rent and what it leaves on the disk.

use super::json::Json;
use crate::catalog::Catalog;
use crate::estimate::training::{JobTime, Phase, TrainingStep, rent};
use crate::plan::Plan;

/// Appends the job, with the comma before it.
pub(super) fn write(json: &mut Json<'_>, plan: &Plan, catalog: &Catalog, step: &TrainingStep) {
    json.raw(",\"training\":{\"peak\":");
    json.raw(peak(step.peak));
    json.raw(",\"fullest_device\":");
    json.number(step.device as u64);
    json.raw(",\"trained_params\":");
    json.number(step.trained);
    json.bytes(",\"checkpoint_bytes\":", Some(step.checkpoint));
    json.bytes(",\"disk_bytes\":", Some(step.disk));
    let time = step.time.as_ref();
    json.raw(",\"steps\":");
    figure(json, time.map(|time| time.steps));
    json.band(",\"step_s\":", time.map(JobTime::step_seconds));
    json.band(",\"hours\":", time.map(|time| time.hours));
    json.raw(",\"bubble_share\":");
    figure(json, time.map(|time| time.bubble));
    json.band(",\"energy_kwh\":", time.and_then(|time| time.energy_kwh));
    let rent = time.and_then(|time| rent(plan, catalog, time));
    json.band(",\"rent_usd\":", rent.map(|rent| rent.usd));
    json.raw(",\"rent_offer\":");
    match rent {
        None => json.raw("null"),
        Some(rent) => {
            json.raw("{\"cloud\":");
            json.value(&rent.offer.cloud);
            json.raw(",\"usd_per_hour\":");
            json.figure(rent.usd_per_hour);
            json.raw(",\"date\":");
            json.value(rent.offer.date.as_str());
            json.raw(",\"source\":");
            json.value(&rent.offer.source);
            json.raw("}");
        }
    }
    json.raw("}");
}

fn figure(json: &mut Json<'_>, figure: Option<f64>) {
    match figure {
        Some(figure) => json.figure(figure),
        None => json.raw("null"),
    }
}

/// The moment at which most lies on the card, in quotes.
const fn peak(moment: Phase) -> &'static str {
    match moment {
        Phase::Forward => "\"forward\"",
        Phase::Loss => "\"loss\"",
        Phase::LossBackward => "\"loss_backward\"",
        Phase::LastLayerBackward => "\"last_layer_backward\"",
        Phase::FirstLayerBackward => "\"first_layer_backward\"",
        Phase::EmbeddingBackward => "\"embedding_backward\"",
        Phase::OptimizerStep => "\"optimizer_step\"",
    }
}
