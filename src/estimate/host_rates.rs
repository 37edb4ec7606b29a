//! What the machine around the devices moves: RAM, PCI Express, disk.

use crate::catalog::Catalog;
use crate::catalog::speed::Speeds;
use crate::estimate::boxes::Network;
use crate::estimate::device::Device;
use crate::estimate::links::SlotLink;
use crate::plan::{self, CardChoice, FIRST_BOX, Runtime, RuntimeVersion, Workload};
use crate::units::BytesPerSecond;

/// Rates of the machine around the devices.
#[derive(Debug, Clone, Copy)]
pub(super) struct HostRates<'a> {
    /// The constants.
    pub(super) speeds: &'a Speeds,
    /// RAM bandwidth on paper, as far as threads of one socket or both reach it.
    pub(super) ram: BytesPerSecond,
    /// Nobody named the RAM: an assumption with a wide band stands in.
    pub(super) ram_assumed: bool,
    /// What the processor goes through of recurrent states in a second, in builds that step through them by many small
    /// operations; `None` = those that do it in one.
    pub(super) unfused: Option<BytesPerSecond>,
    /// What copies over PCI Express reach, for the slowest card; `None` = no data.
    pub(super) pcie: Option<BytesPerSecond>,
    /// What the disk reads; `None` where nobody named it.
    pub(super) disk: Option<BytesPerSecond>,
    /// Devices share the RAM: what they hold is not copied to them.
    pub(super) unified: bool,
    /// What joins the boxes of the devices; `None` where they stand in one.
    pub(super) network: Option<Network<'a>>,
}

impl<'a> HostRates<'a> {
    /// The machine of a plan. On unified memory the host reads what the device reads.
    pub(super) fn of(machine: &plan::Machine, catalog: &'a Catalog, devices: &[Device<'_>]) -> Self {
        let speeds = catalog.speeds();
        // The host is that of the box that the engine is started in.
        let here = || devices.iter().filter(|device| device.in_box == FIRST_BOX);
        let unified = here().filter_map(|device| device.entry).find(|card| card.is_unified());
        let slowest = |rate: Option<f64>, device: &Device<'_>| {
            let SlotLink { generation, lanes } = SlotLink::of_card(machine, device.card, device.entry, catalog);
            let one = catalog.runtimes().pcie_gb_s(generation?, lanes?)?;
            Some(rate.map_or(one, |rate| rate.min(one)))
        };
        // Cards of one kind follow each other.
        let kinds = devices.chunk_by(|one, next| one.card == next.card).filter_map(|alike| alike.first());
        let mut known = kinds.filter(|device| device.entry.is_some() && device.in_box == FIRST_BOX);
        let pcie = known.try_fold(None, |rate, device| slowest(rate, device).map(Some)).flatten();
        // Without devices the plan runs on the processor of a machine whose cards may share its RAM.
        let named = match unified {
            None if !devices.is_empty() => machine.named_ram_gb_s(catalog),
            Some(card) => machine.named_ram_gb_s(catalog).or(card.bandwidth_gb_s),
            None => named_ram(machine, catalog),
        };
        let ram = named.unwrap_or(speeds.host.ram_gb_s.expected);
        let ram = if unified.is_some() { ram } else { speeds.host.counted_gb_s(ram) };
        Self {
            speeds,
            ram: BytesPerSecond::from_gb_s(ram),
            ram_assumed: named.is_none(),
            unfused: None,
            pcie: pcie.map(|rate| BytesPerSecond::from_gb_s(rate) * speeds.links.pcie),
            disk: machine.disk_gb_s.map(BytesPerSecond::from_gb_s),
            unified: unified.is_some(),
            network: Network::of(machine, catalog, devices),
        }
    }

    /// The same as this workload's build of its engine uses it.
    pub(super) fn under(self, workload: &Workload) -> Self {
        let law = &self.speeds.host.unfused;
        let (year, month) = law.until;
        let since = RuntimeVersion::Month { year, month };
        let older = workload.runtime == Runtime::LlamaCpp
            && workload.runtime_version.is_some_and(|version| version.is_before(since) == Some(true));
        Self { unfused: older.then(|| BytesPerSecond::from_gb_s(law.state_gb_s)), ..self }
    }
}

/// RAM bandwidth in GB/s as typed, of the platform, or of the unified memory; `None` where nobody named it.
pub(super) fn named_ram(machine: &plan::Machine, catalog: &Catalog) -> Option<f64> {
    let unified = || {
        machine.cards.iter().find_map(|kind| match &kind.card {
            CardChoice::Catalog(id) => catalog.card(id).filter(|card| card.is_unified())?.bandwidth_gb_s,
            CardChoice::Detected { .. } => None,
        })
    };
    machine.named_ram_gb_s(catalog).or_else(unified)
}
