//! The machine around the devices: RAM, PCI Express, disk.

use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::catalog::speed::Speeds;
use crate::estimate::device::Device;
use crate::plan::{self, CardChoice};

/// The machine around the devices, rates in bytes a second.
#[derive(Debug, Clone, Copy)]
pub struct Machine<'a> {
    /// The constants.
    pub speeds: &'a Speeds,
    /// RAM bandwidth on paper.
    pub ram: f64,
    /// Nobody named the RAM: an assumption with a wide band stands in.
    pub ram_assumed: bool,
    /// What copies over PCI Express reach, for the slowest card; `None` = no data.
    pub pcie: Option<f64>,
    /// What the disk reads; `None` where nobody named it.
    pub disk: Option<f64>,
    /// Bytes that are read from the disk.
    pub file_bytes: f64,
    /// Bytes of them that go on to devices over PCI Express.
    pub copied_bytes: f64,
}

impl<'a> Machine<'a> {
    /// The machine of a plan. On unified memory the host reads what the device reads, and nothing is copied.
    pub fn of(
        machine: &plan::Machine,
        catalog: &'a Catalog,
        devices: &[Device<'_>],
        (file_bytes, on_devices): (f64, f64),
    ) -> Self {
        let speeds = catalog.speeds();
        let cards = || devices.iter().filter_map(|device| device.entry);
        let unified = cards().find(|card| card.is_unified());
        let slowest = |rate: Option<f64>, card: &Card| {
            let generation = machine.pcie_gen.or(card.pcie_gen)?;
            let lanes = machine.pcie_lanes.or(card.pcie_lanes)?;
            let one = catalog.runtimes().pcie_gb_s(generation, lanes)?;
            Some(rate.map_or(one, |rate| rate.min(one)))
        };
        let pcie = cards().try_fold(None, |rate, card| slowest(rate, card).map(Some)).flatten();
        // Without devices the plan runs on the processor of a machine whose cards may share its RAM.
        let named = match unified {
            None if !devices.is_empty() => named_apart(machine, catalog),
            _ => named_ram(machine, catalog),
        };
        Self {
            speeds,
            ram: named.unwrap_or(speeds.host.ram_gb_s.expected) * 1e9,
            ram_assumed: named.is_none(),
            pcie: pcie.map(|rate| rate * 1e9 * speeds.links.pcie),
            disk: machine.disk_gb_s.map(|rate| rate * 1e9),
            file_bytes,
            copied_bytes: if unified.is_some() { 0.0 } else { on_devices },
        }
    }
}

/// RAM bandwidth in GB/s as typed, of the platform, or of the unified memory; `None` where nobody named it.
pub fn named_ram(machine: &plan::Machine, catalog: &Catalog) -> Option<f64> {
    let unified = || {
        machine.cards.iter().find_map(|kind| match &kind.card {
            CardChoice::Catalog(id) => catalog.card(id).filter(|card| card.is_unified())?.bandwidth_gb_s,
            CardChoice::Detected { .. } => None,
        })
    };
    named_apart(machine, catalog).or_else(unified)
}

/// The same where no memory is unified.
fn named_apart(machine: &plan::Machine, catalog: &Catalog) -> Option<f64> {
    machine.ram_gb_s.or_else(|| Some(catalog.platform(machine.platform.as_deref()?)?.memory_bandwidth_gb_s))
}
