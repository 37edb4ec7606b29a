//! What runs beside the plan's own model, in answers: a row each, as a plan of its own comes out with the machine to itself.

use serde::{Serialize, Serializer};

use super::answer::{DeviceJson, HostJson, SpeedJson};
use super::request::Request;
use super::resident::{ResidentRequest, word_of};
use super::{assumed, words};
use crate::catalog::Catalog;
use crate::estimate::{Estimate, ResidentEstimate, Verdict};
use crate::plan::{ModelChoice, Plan, ResidentPlace};
use crate::text::Locale;
use crate::units::Bytes;

/// The rows of an answer.
pub(super) struct AlsoJson<'a> {
    /// The plan.
    pub(super) plan: &'a Plan,
    /// What it comes to.
    pub(super) estimate: &'a Estimate,
    /// Where its names lead.
    pub(super) catalog: &'a Catalog,
    /// What the request gives of the rows; `None` where a file gave them.
    pub(super) request: Option<&'a Request>,
}

impl Serialize for AlsoJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.estimate.also.iter().enumerate().filter_map(|(row, found)| self.row(row, found)))
    }
}

impl<'a> AlsoJson<'a> {
    fn row(&self, row: usize, found: &'a ResidentEstimate) -> Option<RowJson<'a>> {
        let workload = &self.plan.also.get(row)?.workload;
        let alone = found.alone.as_deref();
        let model = match &workload.model {
            ModelChoice::Catalog(id) => id.clone(),
            ModelChoice::File { path, .. } => path.to_string_lossy().into_owned(),
            ModelChoice::Size(parameters) => parameters.to_string(),
        };
        let seen = alone.map_or(0, |alone| found.first + alone.devices.len());
        let devices = (0..seen.max(self.estimate.devices.len())).map(|device| PlaceJson {
            held_bytes: found.held_on(device),
            parts: found.on(device).map(|it| DeviceJson::of(it, false)),
        });
        let given = self.request.and_then(|request| request.also.as_ref()?.get(row));
        Some(RowJson {
            model,
            device: PlaceWord(found.place),
            verdict: found.verdict(),
            params: alone.and_then(|alone| alone.params),
            weights_bytes: alone.and_then(|alone| alone.weights),
            bits_per_weight: alone.and_then(|alone| alone.bits_per_weight),
            devices: devices.collect(),
            host: alone.map(|alone| HostJson::of(&alone.host)),
            total_bytes: found.held(),
            speed: alone.map(|alone| SpeedJson::of(&alone.speed)),
            warnings: alone.map(warnings).unwrap_or_default(),
            assumed: AssumedInRow {
                given,
                own: self.plan.of_resident(row)?,
                place: found.place,
                catalog: self.catalog,
            },
        })
    }
}

fn warnings(alone: &Estimate) -> Vec<String> {
    alone.warnings.iter().map(|warning| words::warning(warning, Locale::En).into_owned()).collect()
}

#[derive(Serialize)]
struct RowJson<'a> {
    model: String,
    device: PlaceWord,
    // With the machine to itself.
    verdict: Option<Verdict>,
    params: Option<u64>,
    weights_bytes: Option<Bytes>,
    bits_per_weight: Option<f64>,
    devices: Vec<PlaceJson>,
    host: Option<HostJson>,
    total_bytes: Option<Bytes>,
    speed: Option<SpeedJson>,
    warnings: Vec<String>,
    assumed: AssumedInRow<'a>,
}

/// What a row has on one device of the machine.
#[derive(Serialize)]
struct PlaceJson {
    // What it keeps, whether it uses all of it or not.
    held_bytes: Option<Bytes>,
    #[serde(flatten)]
    parts: Option<DeviceJson>,
}

/// Where a row lies, as requests give it.
struct PlaceWord(ResidentPlace);

impl Serialize for PlaceWord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (word_of(self.0), self.0) {
            (Some(word), _) => serializer.serialize_str(word),
            (None, ResidentPlace::Device(device)) => serializer.serialize_u32(device),
            (None, _) => serializer.serialize_none(),
        }
    }
}

/// The defaults that were filled in of one row.
struct AssumedInRow<'a> {
    given: Option<&'a ResidentRequest>,
    own: Plan,
    place: ResidentPlace,
    catalog: &'a Catalog,
}

impl Serialize for AssumedInRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let placed = PlaceWord(self.place);
        let place = self.given.filter(|row| row.place.is_none()).map(|_| &placed);
        assumed::of_row(serializer, self.given.map(|row| &row.request), place, &self.own, self.catalog)
    }
}
