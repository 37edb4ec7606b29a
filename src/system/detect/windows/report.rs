//! What Windows answered, as its tool writes it: lists of one may come as their element, numbers as texts or as bytes, and anything may
//! be missing. What is not understood is no data.

use serde_json::Value;

use crate::catalog::card::{PciId, Vendor};
use crate::system::detect::graphics::{self, GraphicsChip};
use crate::system::detect::host::Module;
use crate::system::detect::pci_link::PciLink;
use crate::system::detect::reading::VramProcess;

/// `AdapterRAM` has 32 bits: from here on it says that there is at least so much.
const MOST_OF_32_BITS: u64 = 0xFFF0_0000;

/// One answer.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::system::detect) struct Report(Value);

impl Report {
    /// `None` where the text is no answer.
    pub(in crate::system::detect) fn read(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text.trim().trim_start_matches('\u{feff}')).ok()?;
        value.is_object().then_some(Self(value))
    }

    /// Whether it tells what is in use as well, which comes later than what is there.
    pub(in crate::system::detect) fn is_whole(&self) -> bool {
        self.0.get("held").is_some()
    }

    fn list(&self, name: &str) -> &[Value] {
        match self.0.get(name) {
            Some(Value::Array(all)) => &all[..all.len().min(graphics::MOST * graphics::MOST)],
            Some(one @ (Value::Object(_) | Value::Number(_))) => std::slice::from_ref(one),
            _ => &[],
        }
    }

    /// The cards and chips, those without a place on the bus left out: they are no hardware.
    pub(in crate::system::detect) fn chips(&self) -> Vec<GraphicsChip> {
        let adapters: Vec<(PciId, &Value)> =
            self.list("adapters").iter().filter_map(|it| Some((pci_id(text(it, "id")?)?, it))).collect();
        let alike = |id: PciId| adapters.iter().filter(|(other, _)| *other == id).count();
        adapters
            .iter()
            .take(graphics::MOST)
            .enumerate()
            .map(|(at, (id, it))| self.chip(at, *id, it, alike(*id)))
            .collect()
    }

    fn chip(&self, at: usize, id: PciId, adapter: &Value, alike: usize) -> GraphicsChip {
        let place = text(adapter, "place").and_then(place);
        let address = place.clone().unwrap_or_else(|| format!("{id}#{at}"));
        let mut chip = GraphicsChip::new(id, address);
        let works = number(adapter, "fault").is_none_or(|fault| fault == 0);
        // Without a driver of its own it bears the name of Windows'.
        chip.name = text(adapter, "name").filter(|name| works && !name.starts_with("Microsoft ")).map(str::to_owned);
        chip.integrated = graphics::is_built_in(&chip, place.as_deref());
        let described: Vec<&Value> = self.list("described").iter().filter(|it| described_id(it) == Some(id)).collect();
        let of_driver = self.list("drivers").iter().find(|it| text(it, "id").and_then(pci_id) == Some(id));
        let of_driver = of_driver.and_then(|it| number(it, "bytes"));
        let of_dxgi = |name| described.iter().find_map(|it| number(it, name)).filter(|bytes| *bytes > 0);
        if chip.integrated {
            // Intel's have nothing of their own: what is told there is a window on the RAM.
            chip.memory_total_bytes = of_dxgi("own").filter(|_| chip.vendor() == Some(Vendor::Amd));
            chip.shared_total_bytes = of_dxgi("shared");
        } else {
            let of_windows = number(adapter, "ram").filter(|bytes| (1..MOST_OF_32_BITS).contains(bytes));
            chip.memory_total_bytes = of_driver.filter(|bytes| *bytes > 0).or_else(|| of_dxgi("own")).or(of_windows);
            chip.link = link(adapter).believable();
        }
        // Counters name an adapter by a number of this start alone. Which of two alike is which they do not tell.
        let alive = described.iter().filter_map(|it| number(it, "luid")).filter(|luid| self.held(*luid).is_some());
        if let ([luid], 1) = (&alive.collect::<Vec<u64>>()[..], alike)
            && let Some(held) = self.held(*luid)
        {
            chip.memory_used_bytes = number(held, "own").filter(|_| chip.memory_total_bytes.is_some());
            chip.shared_used_bytes = number(held, "shared").filter(|_| chip.integrated);
            chip.now.processes = Some(self.programs(*luid));
        }
        chip
    }

    fn held(&self, luid: u64) -> Option<&Value> {
        self.list("held").iter().find(|it| text(it, "name").and_then(named_luid) == Some(luid))
    }

    fn programs(&self, luid: u64) -> Vec<VramProcess> {
        let of = |it: &Value| {
            let name = text(it, "name")?;
            let pid = name.strip_prefix("pid_")?.split('_').next()?.parse().ok()?;
            (named_luid(name) == Some(luid)).then(|| VramProcess {
                pid,
                name: text(it, "program").map(str::to_owned),
                vram_bytes: number(it, "own"),
                ..VramProcess::default()
            })
        };
        self.list("programs").iter().filter_map(of).collect()
    }

    /// RAM modules.
    pub(in crate::system::detect) fn modules(&self) -> Vec<Module> {
        let of = |it: &Value| {
            let small = |name| number(it, name).and_then(|value| u32::try_from(value).ok());
            let kind = small("kind").and_then(|kind| u8::try_from(kind).ok());
            let width = small("width").and_then(|width| u16::try_from(width).ok());
            let mt_s = small("set").filter(|speed| *speed > 0).or_else(|| small("speed"));
            Module::told(kind, mt_s, width, [text(it, "slot"), text(it, "bank")])
        };
        self.list("modules").iter().map(of).collect()
    }

    /// Kinds of housing, after the DMTF's list.
    pub(in crate::system::detect) fn housing(&self) -> Vec<String> {
        self.list("housing").iter().filter_map(Value::as_u64).map(|kind| kind.to_string()).collect()
    }
}

fn text<'a>(of: &'a Value, name: &str) -> Option<&'a str> {
    of.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// A whole number, also one written as a text or as its bytes, the lowest first.
fn number(of: &Value, name: &str) -> Option<u64> {
    whole(of.get(name)?)
}

fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Array(bytes) if bytes.len() == 8 => bytes.iter().rev().try_fold(0_u64, |sum, byte| {
            let byte = byte.as_u64().filter(|byte| *byte < 256)?;
            Some(sum << 8 | byte)
        }),
        _ => None,
    }
}

/// `PCI\VEN_10DE&DEV_2684&SUBSYS_…`, in letters of any size.
fn pci_id(name: &str) -> Option<PciId> {
    let name = name.to_ascii_uppercase();
    let hex = |start: &str| u16::from_str_radix(name.split_once(start)?.1.get(..4)?, 16).ok();
    name.starts_with("PCI\\").then_some(())?;
    Some(PciId { vendor: hex("VEN_")?, device: hex("DEV_")? })
}

fn described_id(described: &Value) -> Option<PciId> {
    let part = |name| number(described, name).and_then(|value| u16::try_from(value).ok());
    Some(PciId { vendor: part("vendor")?, device: part("device")? })
}

/// `@System32\drivers\pci.sys,#65536;PCI bus %1, device %2, function %3;(1,0,0)`: the end is the same in every language.
fn place(text: &str) -> Option<String> {
    let numbers = text.rsplit_once('(')?.1.strip_suffix(')')?;
    let numbers: Vec<u8> = numbers.split(',').map(|number| number.trim().parse().ok()).collect::<Option<_>>()?;
    let [bus, device, function] = numbers[..] else { return None };
    (device < 32 && function < 8).then(|| format!("0000:{bus:02x}:{device:02x}.{function}"))
}

/// `luid_0x00000000_0x0000C5A4_phys_0`, alone or behind a program's number.
fn named_luid(name: &str) -> Option<u64> {
    let mut halves = name.split_once("luid_")?.1.split('_');
    let mut half = || u32::from_str_radix(halves.next()?.strip_prefix("0x")?, 16).ok();
    let (high, low) = (half()?, half()?);
    Some(u64::from(high) << 32 | u64::from(low))
}

/// Generation now and at most, lanes now and at most.
fn link(adapter: &Value) -> PciLink {
    let of = |at: usize| adapter.get("link")?.get(at).and_then(whole).and_then(|value| u32::try_from(value).ok());
    PciLink { generation: of(0), generation_max: of(1), lanes: of(2), lanes_max: of(3) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{GIB, MIB};

    const ENDS: &str = "@System32\\\\drivers\\\\pci.sys,#65536;PCI-Bus %1, Gerät %2, Funktion %3;";

    fn chips(text: &str) -> Vec<GraphicsChip> {
        Report::read(text).expect("an answer").chips().into_iter().map(GraphicsChip::believable).collect()
    }

    /// One adapter of an answer: name, number, what `AdapterRAM` says, place, link.
    fn adapter(name: &str, id: &str, ram: u64, place: &str, link: &str) -> String {
        format!(
            "{{\"name\":\"{name}\",\"id\":\"PCI\\\\{id}&SUBSYS_0&REV_00\\\\4&1&0\",\"ram\":{ram},\"fault\":0,\"place\":\"{ENDS}({place})\",\"link\":[{link}]}}"
        )
    }

    #[test]
    fn a_card_beside_graphics_of_the_processor() {
        let text = format!(
            "{{\"adapters\":[{},{}],\"drivers\":[{{\"id\":\"PCI\\\\VEN_1002&DEV_744C\",\"bytes\":25753026560}},\
             {{\"id\":\"pci\\\\ven_1002&dev_164e\",\"bytes\":536870912}}],\"described\":[\
             {{\"vendor\":4098,\"device\":29772,\"luid\":50596,\"own\":25669140480,\"shared\":34219245568}},\
             {{\"vendor\":4098,\"device\":29772,\"luid\":99,\"own\":25669140480,\"shared\":34219245568}},\
             {{\"vendor\":4098,\"device\":5710,\"luid\":61000,\"own\":536870912,\"shared\":34219245568}}],\
             \"held\":[{{\"name\":\"luid_0x00000000_0x0000C5A4_phys_0\",\"own\":\"2147483648\",\"shared\":5}},\
             {{\"name\":\"luid_0x00000000_0x0000EE48_phys_0\",\"own\":1048576,\"shared\":268435456}}],\
             \"programs\":[{{\"name\":\"pid_812_luid_0x00000000_0x0000C5A4_phys_0\",\"own\":1073741824,\"program\":\"llama-server\"}},\
             {{\"name\":\"pid_9_luid_0x00000000_0x0000EE48_phys_0\",\"own\":4096,\"program\":null}}]}}",
            adapter("AMD Radeon RX 7900 XTX", "VEN_1002&DEV_744C", 4_293_918_720, "3,0,0", "4,4,16,16"),
            adapter("AMD Radeon(TM) Graphics", "VEN_1002&DEV_164E", 536_870_912, "19,0,0", "")
        );
        let [card, graphics] = &chips(&text)[..] else { panic!("two chips") };
        assert_eq!((card.name.as_deref(), &*card.pci_bus_id), (Some("AMD Radeon RX 7900 XTX"), "0000:03:00.0"));
        assert_eq!((card.integrated, card.memory_total_bytes), (false, Some(25_753_026_560)));
        assert_eq!((card.memory_used_bytes, card.shared_used_bytes), (Some(2 * GIB), None));
        let programs = card.now.processes.as_deref().unwrap();
        assert_eq!((programs.len(), programs[0].pid, programs[0].vram_bytes), (1, 812, Some(GIB)));
        assert_eq!(programs[0].name.as_deref(), Some("llama-server"));
        assert_eq!((card.link.generation_max, card.link.lanes), (Some(4), Some(16)));
        assert_eq!((graphics.integrated, graphics.memory_total_bytes), (true, Some(512 * MIB)), "a carve-out");
        assert_eq!((graphics.shared_total_bytes, graphics.shared_used_bytes), (Some(34_219_245_568), Some(256 * MIB)));
    }

    #[test]
    fn two_cards_alike_tell_no_use_since_counters_do_not_say_whose_it_is() {
        let card = |place| {
            adapter("Intel(R) Arc(TM) B580 Graphics", "VEN_8086&DEV_E20B", 4_293_918_720, place, "\"4\",\"5\",8,8")
        };
        let text = format!(
            "{{\"adapters\":[{},{}],\"drivers\":{{\"id\":\"PCI\\\\VEN_8086&DEV_E20B&SUBSYS_1\",\"bytes\":[0,0,0,248,2,0,0,0]}},\
             \"described\":{{\"vendor\":32902,\"device\":57867,\"luid\":7,\"own\":1,\"shared\":2}},\
             \"held\":{{\"name\":\"luid_0x00000000_0x00000007_phys_0\",\"own\":77,\"shared\":0}}}}",
            card("3,0,0"),
            card("4,0,0")
        );
        let found = chips(&text);
        assert_eq!(found.len(), 2);
        for chip in &found {
            assert_eq!(
                (chip.memory_total_bytes, chip.memory_used_bytes),
                (Some(0x02_F800_0000), None),
                "bytes of the registry"
            );
            assert_eq!((chip.integrated, chip.link.generation_max), (false, Some(5)));
        }
    }

    #[test]
    fn graphics_without_memory_of_their_own_have_none() {
        let intel = |place: &str| adapter("Intel(R) UHD Graphics 770", "VEN_8086&DEV_4680", 1_073_741_824, place, "");
        let described =
            "\"described\":[{\"vendor\":32902,\"device\":18048,\"luid\":7,\"own\":134217728,\"shared\":17000000000}]";
        for place in ["0,2,0", "unknown"] {
            let chip = &chips(&format!("{{\"adapters\":{},{described}}}", intel(place)))[0];
            assert_eq!((chip.integrated, chip.memory_total_bytes), (true, None), "{place}");
            assert_eq!(chip.shared_total_bytes, Some(17_000_000_000));
        }
    }

    #[test]
    fn a_card_without_its_driver_is_there_and_nothing_is_known_of_it() {
        let mut text = adapter("Microsoft Basic Display Adapter", "VEN_10DE&DEV_2684", 0, "1,0,0", "");
        let nameless = &chips(&format!("{{\"adapters\":[{text}]}}"))[0];
        assert_eq!((nameless.name.as_deref(), nameless.memory_total_bytes), (None, None));
        text = text
            .replace("\"fault\":0", "\"fault\":43")
            .replace("Microsoft Basic Display Adapter", "NVIDIA GeForce RTX 4090");
        assert_eq!(chips(&format!("{{\"adapters\":[{text}]}}"))[0].name, None, "Windows has stopped it");
        let small = adapter("AMD Radeon HD 7770", "VEN_1002&DEV_683D", 1_073_741_824, "1,0,0", "");
        assert_eq!(chips(&format!("{{\"adapters\":[{small}]}}"))[0].memory_total_bytes, Some(GIB), "below 4 GiB");
        let large = small.replace("1073741824", "4293918720");
        assert_eq!(chips(&format!("{{\"adapters\":[{large}]}}"))[0].memory_total_bytes, None, "as much as 32 bits say");
    }

    #[test]
    fn what_is_no_hardware_and_what_is_garbage_is_passed_over() {
        for text in ["", "null", "[]", "7", "{\"adapters\":", "Get-CimInstance : Access denied"] {
            assert_eq!(Report::read(text), None, "{text}");
        }
        let other = "{\"adapters\":[{\"name\":\"Remote\",\"id\":\"SWD\\\\REMOTEDISPLAYENUM\"},{\"id\":\"PCI\\\\VEN_QCOM&DEV_0\"},7,null,\
                     {\"id\":\"PCI\\\\VEN_é\"}],\"held\":[{\"name\":\"luid_0x_0x\"},{\"name\":7}],\"modules\":[null,{\"kind\":\"x\"}],\"housing\":{}}";
        let report = Report::read(other).unwrap();
        assert_eq!((report.chips(), report.housing()), (Vec::new(), Vec::new()));
        let told = crate::system::detect::Host::default().told(&report.housing(), &report.modules());
        assert_eq!(told, crate::system::detect::Host::default());
        let absurd = adapter("x", "VEN_1002&DEV_744C", 1, "300,99,9", "9,99,999,0");
        let absurd = format!(
            "{{\"adapters\":[{absurd}],\"drivers\":[{{\"id\":\"PCI\\\\VEN_1002&DEV_744C\",\"bytes\":18446744073709551615}}]}}"
        );
        assert_eq!(chips(&absurd)[0].memory_total_bytes, None);
    }

    #[test]
    fn modules_and_housing_are_those_of_the_machine() {
        let module = |slot: &str| {
            format!("{{\"kind\":34,\"speed\":5600,\"set\":5200,\"width\":64,\"slot\":\"{slot}\",\"bank\":\"BANK 0\"}}")
        };
        let text = format!(
            "\u{feff}{{\"modules\":[{},{}],\"housing\":[10]}}\r\n",
            module("Controller0-ChannelA-DIMM1"),
            module("Controller1-ChannelA-DIMM1")
        );
        let report = Report::read(&text).unwrap();
        let host = crate::system::detect::Host::default().told(&report.housing(), &report.modules());
        assert_eq!((host.ram_kind.as_deref(), host.ram_mt_s, host.ram_channels), (Some("DDR5"), Some(5200), Some(2)));
        assert_eq!(host.laptop, Some(true));
    }
}
