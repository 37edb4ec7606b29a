//! Where cards are plugged in: slot, port of the processor or chipset, bridges between, and which processor's memory is near.
//! Linux: Documentation/ABI/testing/sysfs-bus-pci.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use super::graphics::GraphicsChip;
use super::small_file::{below, number, text};
use super::{Detected, figures};

/// More nodes than any machine has.
const MOST_NODES: u32 = 1024;

/// Where one device is plugged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PciPlace {
    /// Its address, such as `0000:01:00.0`.
    pub address: String,
    /// The slot as the board numbers it, where firmware tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    /// The node of processor and memory that it is near, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numa_node: Option<u32>,
    /// The port of the processor or chipset that it hangs on, by address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<String>,
    /// Bridges between the port and it: a switch of the board, or one on the card.
    #[serde(default)]
    pub bridges: u32,
}

impl PciPlace {
    /// The same without what cannot be shown.
    pub(super) fn believable(self) -> Self {
        Self {
            address: figures::name(Some(self.address)).unwrap_or_default(),
            slot: figures::name(self.slot),
            numa_node: self.numa_node.filter(|node| *node < MOST_NODES),
            port: figures::name(self.port),
            bridges: self.bridges,
        }
    }
}

/// Where these chips are, under the system's files at `root`; those on no bus are left out.
pub(super) fn places(root: &Path, chips: &[GraphicsChip]) -> Vec<PciPlace> {
    of(root, chips.iter().filter(|chip| !chip.integrated).map(|chip| chip.pci_bus_id.as_str()))
}

fn of<'a>(root: &Path, addresses: impl Iterator<Item = &'a str>) -> Vec<PciPlace> {
    let slots: BTreeMap<String, String> = below(&root.join("sys/bus/pci/slots"))
        .into_iter()
        .filter_map(|slot| Some((text(&slot.join("address"))?, slot.file_name()?.to_str()?.to_owned())))
        .collect();
    addresses.filter_map(|address| place(root, address, &slots)).collect()
}

fn place(root: &Path, address: &str, slots: &BTreeMap<String, String>) -> Option<PciPlace> {
    let folder = root.join("sys/bus/pci/devices").join(address);
    let real = std::fs::canonicalize(&folder).ok()?;
    let names: Vec<&str> = real
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .skip_while(|name| !name.starts_with("pci"))
        .skip(1)
        .collect();
    // A slot is told for the bridge that leads to it or for the card, without the function.
    let slot = names.iter().rev().find_map(|name| slots.get(name.rsplit_once('.')?.0));
    let above = names.len().saturating_sub(1);
    Some(PciPlace {
        address: address.to_owned(),
        slot: figures::name(slot.cloned()),
        // −1 is a machine with one node.
        numa_node: number(&folder.join("numa_node")).filter(|node| *node < MOST_NODES),
        port: names.first().filter(|_| above > 0).and_then(|port| figures::name(Some((*port).to_owned()))),
        bridges: u32::try_from(above.saturating_sub(1)).unwrap_or(0),
    })
}

impl Detected {
    /// Where the device with this address is plugged in. NVIDIA's driver writes domains with eight digits, in capitals.
    pub fn place_of(&self, address: &str) -> Option<&PciPlace> {
        let plain = address.to_ascii_lowercase();
        let plain = plain.strip_prefix("0000").filter(|rest| rest.len() >= "0000:00:00.0".len()).unwrap_or(&plain);
        self.places.iter().find(|place| place.address == plain)
    }

    /// The addresses of all devices, in the order of their list.
    pub fn addresses(&self) -> impl Iterator<Item = Option<&str>> {
        let cards = self.cards.iter().map(|card| card.pci_bus_id.as_deref());
        cards.chain(self.graphics.iter().map(|chip| Some(chip.pci_bus_id.as_str())))
    }

    /// What links of a card's own lead to: the number of a device in the list, and how many lead there.
    pub fn linked_to(&self, device: usize) -> Vec<(usize, u32)> {
        let Some(card) = self.cards.get(device) else { return Vec::new() };
        let place = |address: &str| {
            self.addresses().position(|other| other.is_some_and(|other| other.eq_ignore_ascii_case(address)))
        };
        card.facts.nvlink_peers.iter().filter_map(|peer| Some((place(&peer.pci_bus_id)?, peer.links))).collect()
    }

    /// Others that hang on the same port as the device in this place of the list.
    pub fn sharing_port(&self, device: usize) -> Vec<usize> {
        let ports: Vec<Option<&str>> = self
            .addresses()
            .map(|address| address.and_then(|address| self.place_of(address)?.port.as_deref()))
            .collect();
        let Some(own) = ports.get(device).copied().flatten() else { return Vec::new() };
        let others = ports.iter().enumerate().filter(|(place, port)| *place != device && **port == Some(own));
        others.map(|(place, _)| place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::detect::DetectedCard;

    #[test]
    #[cfg(unix)]
    fn slot_port_and_node_are_read_from_the_tree() {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path);
        let real = "sys/devices/pci0000:40/0000:40:01.1/0000:41:00.0/0000:42:00.0/0000:43:00.0";
        std::fs::create_dir_all(at(real)).unwrap();
        std::fs::write(at(&format!("{real}/numa_node")), "1\n").unwrap();
        std::fs::create_dir_all(at("sys/bus/pci/devices")).unwrap();
        std::os::unix::fs::symlink(at(real), at("sys/bus/pci/devices/0000:43:00.0")).unwrap();
        std::fs::create_dir_all(at("sys/bus/pci/slots/SLOT7")).unwrap();
        std::fs::write(at("sys/bus/pci/slots/SLOT7/address"), "0000:41:00\n").unwrap();
        let found = of(root.path(), ["0000:43:00.0", "0000:99:00.0"].into_iter());
        let expected = PciPlace {
            address: "0000:43:00.0".to_owned(),
            slot: Some("SLOT7".to_owned()),
            numa_node: Some(1),
            port: Some("0000:40:01.1".to_owned()),
            bridges: 2,
        };
        assert_eq!(found, std::slice::from_ref(&expected));
        let card = |bus: &str| DetectedCard { pci_bus_id: Some(bus.to_owned()), ..DetectedCard::default() };
        let other = PciPlace { address: "0000:44:00.0".to_owned(), ..expected };
        let cards = vec![card("00000000:43:00.0"), card("00000000:44:00.0"), card("00000000:99:00.0")];
        let machine = Detected { cards, places: vec![found[0].clone(), other], ..Detected::default() };
        assert_eq!(machine.place_of("00000000:43:00.0").map(|it| it.bridges), Some(2));
        assert_eq!((machine.sharing_port(0), machine.sharing_port(2)), (vec![1], vec![]));
    }
}
