//! Several boxes that share one model: what joins them, and in which order llama.cpp takes their devices.

use super::device::Device;
use crate::catalog::Catalog;
use crate::catalog::boxes::BoxLinkLaw;
use crate::plan::{FIRST_BOX, Machine};
use crate::units::{Band, BytesPerSecond};

/// The network between boxes.
#[derive(Debug, Clone, Copy)]
pub(in crate::estimate) struct Network<'a> {
    /// The link.
    pub(in crate::estimate) law: &'a BoxLinkLaw,
    /// How much longer a step takes in which one box waits for another, as a share.
    pub(in crate::estimate) apart: Band<f64>,
}

impl<'a> Network<'a> {
    /// What joins the boxes of these devices; `None` where they stand in one.
    pub(in crate::estimate) fn of(machine: &Machine, catalog: &'a Catalog, devices: &[Device<'_>]) -> Option<Self> {
        if !several(devices) {
            return None;
        }
        let apart = &catalog.speeds().boxes.apart;
        let apart = Band { low: apart.low, expected: apart.expected, high: apart.high };
        Some(Self { law: machine.box_link_law(catalog)?, apart })
    }

    /// Bytes a second in one direction.
    pub(in crate::estimate) fn rate(&self) -> Band<BytesPerSecond> {
        self.law.reached.map(|share| BytesPerSecond::from_gb_s(self.law.gb_s * share))
    }
}

/// Whether the devices stand in several boxes.
pub(in crate::estimate) fn several(devices: &[Device<'_>]) -> bool {
    devices.iter().any(|device| device.in_box != FIRST_BOX)
}

/// The order in which llama.cpp takes devices: those of other boxes first, box by box, so that the output layer stays where it runs.
/// `None` where that is their own order.
pub(in crate::estimate) fn engine_order(devices: &[Device<'_>]) -> Option<Vec<usize>> {
    if !several(devices) {
        return None;
    }
    let mut order: Vec<usize> = (0..devices.len()).collect();
    order.sort_by_key(|place| (devices[*place].in_box == FIRST_BOX, devices[*place].in_box));
    Some(order)
}
