//! Decode speed against layers on the GPU: the cliff between VRAM and RAM.

use crate::catalog::Catalog;
use crate::estimate::{Estimate, Verdict, estimate};
use crate::plan::{CpuExperts, GpuLayers, Plan, Runtime};
use crate::units::{Band, Bytes};

/// Steps of the curve from none to all layers.
const STEPS: u32 = 24;
/// Up to so many of the last card are asked where the cards of the plan hold too little: more than any plan needs.
const MOST_CARDS: u32 = 32;

/// One point of the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayersPoint {
    /// Layers on the devices, the output layer counted.
    pub layers: u32,
    /// Tokens a second that one sequence receives.
    pub decode: Band<f64>,
    /// The machine of the plan holds it so; else it is the speed with more of the same cards.
    pub holds: bool,
}

/// Decode speed against layers on the GPU.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LayersCurve {
    /// From no layer to all of them.
    pub points: Vec<LayersPoint>,
    /// The most layers that the devices of the plan hold.
    pub most: Option<u32>,
    /// All layers of the model.
    pub layers: u32,
}

impl LayersCurve {
    /// The speed with all layers in VRAM, were there enough of it.
    pub fn all_on_gpu(&self) -> Option<Band<f64>> {
        self.points.last().filter(|last| last.layers == self.layers).map(|last| last.decode)
    }
}

/// The curve of `plan`; empty where there is no card, no data, or nothing to choose.
///
/// Where the cards of the plan cannot hold it so, nothing would run: then the speed is that of the same plan with the
/// fewest more of the same cards that can. Where the RAM cannot, every token waits for the disk: there is no point.
pub fn decode_against_layers(plan: &Plan, catalog: &Catalog) -> LayersCurve {
    // Server engines put every layer on the cards.
    if plan.workload.runtime != Runtime::LlamaCpp {
        return LayersCurve::default();
    }
    let mut trial = plan.clone();
    // The experts stay where they are along the curve.
    if !plan.workload.places_experts() {
        trial.workload.cpu_experts = CpuExperts::Count(plan.workload.asked_experts());
    }
    trial.workload.gpu_layers = GpuLayers::Auto;
    let Ok(auto) = estimate(&trial, catalog) else { return LayersCurve::default() };
    if auto.devices.is_empty() || auto.verdict.is_none() || auto.devices.iter().any(|device| device.unified) {
        return LayersCurve::default();
    }
    let layers = auto.layers;
    let most = (auto.verdict != Some(Verdict::DoesNotFit)).then(|| auto.gpu_layers());
    let mut asked: Vec<u32> = (0..=STEPS).map(|step| layers * step / STEPS).chain(most).collect();
    asked.sort_unstable();
    asked.dedup();
    trial.workload.cpu_experts = CpuExperts::Count(auto.experts.first);
    let mut roomy = trial.clone();
    let mut points = Vec::with_capacity(asked.len());
    for layers in asked {
        // Several cards may share the layers otherwise than they would those of a given number.
        if let Some(decode) = auto.speed.decode.filter(|_| Some(layers) == most) {
            points.push(LayersPoint { layers, decode, holds: !auto.speed.pages });
            continue;
        }
        trial.workload.gpu_layers = GpuLayers::Count(layers);
        let Ok(found) = estimate(&trial, catalog) else { break };
        let holds = found.verdict != Some(Verdict::DoesNotFit) && !found.speed.pages;
        roomy.workload.gpu_layers = GpuLayers::Count(layers);
        let found = if holds { Some(found) } else { with_room(&mut roomy, catalog) };
        let Some(found) = found else { continue };
        // What has no data with few layers has none with more.
        let Some(decode) = found.speed.decode else { break };
        points.push(LayersPoint { layers, decode, holds });
    }
    LayersCurve { points, most, layers }
}

/// The estimate of `plan` with cards added until they hold what is asked; `None` where the RAM does not. What was added
/// stays for the next point: it changes nothing that a token waits for.
fn with_room(plan: &mut Plan, catalog: &Catalog) -> Option<Estimate> {
    loop {
        let found = estimate(plan, catalog).ok()?;
        let over = |excess: Option<Bytes>| excess.is_some_and(|excess| excess > Bytes::ZERO);
        if found.devices.iter().any(|device| over(device.excess)) {
            let last = plan.machine.cards.last_mut().filter(|cards| cards.count < MOST_CARDS)?;
            last.count += 1;
        } else {
            return (!over(found.host.excess) && !found.speed.pages).then_some(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::ModelChoice;

    #[test]
    fn a_curve_marks_what_the_card_holds() {
        let mut plan = Plan::default();
        plan.workload.model = ModelChoice::Catalog("llama-3.1-70b".to_owned());
        let curve = decode_against_layers(&plan, Catalog::embedded());
        assert_eq!(curve.layers, 81, "80 blocks and the output layer");
        assert!(curve.most.is_some_and(|most| (40..50).contains(&most)), "{:?}", curve.most);
        assert!(curve.points.iter().all(|point| point.holds || Some(point.layers) > curve.most), "{:?}", curve.points);
        assert!(curve.points.windows(2).all(|pair| pair[0].layers < pair[1].layers), "in order");
        let rising = |pair: &[LayersPoint]| pair[0].decode.expected <= pair[1].decode.expected * 1.02;
        assert!(curve.points.windows(2).all(rising), "a layer more in VRAM is never slower: {:?}", curve.points);
    }

    #[test]
    fn nothing_is_drawn_where_every_token_waits_for_the_disk() {
        let mut plan = Plan::default();
        plan.workload.model = ModelChoice::Catalog("llama-3.1-70b".to_owned());
        plan.machine.ram_gib = 8.0;
        let curve = decode_against_layers(&plan, Catalog::embedded());
        assert!(curve.points.iter().all(|point| point.layers > 40), "{:?}", curve.points);
        assert!(curve.points.iter().all(|point| point.decode.expected > 2.0), "{:?}", curve.points);
    }

    #[test]
    fn where_nothing_is_to_choose_there_is_no_curve() {
        let mut plan = Plan::default();
        plan.machine.cards.clear();
        assert_eq!(decode_against_layers(&plan, Catalog::embedded()), LayersCurve::default());
        plan.workload.model = ModelChoice::Catalog("nobody".to_owned());
        assert_eq!(decode_against_layers(&plan, Catalog::embedded()), LayersCurve::default());
    }
}
