//! RAM modules: their kind, speed and channels, from the firmware's tables (which most systems show to root alone), else as far as the
//! kernel's memory controllers tell. Serial numbers stand in the same tables and are never looked at.
//!
//! Layout: DMTF DSP0134 (SMBIOS), type 17; Linux Documentation/admin-guide/ras.rst (EDAC).

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::system::detect::small_file::{below, number, text};

/// More than any table has, in bytes.
const LONGEST: u64 = 256 << 10;
/// The type of a structure that describes a module, and the last one.
const MODULE: u8 = 17;
const END: u8 = 127;
/// What a size of a module says where there is none, and where nobody knows.
const NO_SIZE: [u16; 2] = [0, 0xFFFF];
/// A channel has so many bits.
const WIDTH: u16 = 64;
/// What modules do.
const MT_S: std::ops::RangeInclusive<u32> = 200..=20_000;

/// What is known of the modules; `None` = nobody tells, or they differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::system::detect) struct Modules {
    pub(super) kind: Option<String>,
    pub(super) mt_s: Option<u32>,
    pub(super) channels: Option<u32>,
}

/// Under the system's files at `root`.
pub(super) fn read(root: &Path) -> Modules {
    let table = bytes(&root.join("sys/firmware/dmi/tables/DMI")).map(|table| of_firmware(&table)).unwrap_or_default();
    // Its channels are those of one source, or they may be counted otherwise than the modules.
    if table == Modules::default() { of_kernel(root) } else { table }
}

fn bytes(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LONGEST).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// A structure of the table: its fixed part, then its strings.
struct Structure<'a> {
    fields: &'a [u8],
    strings: &'a [u8],
}

impl Structure<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.fields.get(at).copied()
    }

    fn word(&self, at: usize) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte(at)?, self.byte(at + 1)?]))
    }

    fn long(&self, at: usize) -> Option<u32> {
        Some(u32::from(self.word(at)?) | u32::from(self.word(at + 2)?) << 16)
    }

    /// The string that the field at this place numbers.
    fn string(&self, at: usize) -> Option<String> {
        let number = usize::from(self.byte(at)?).checked_sub(1)?;
        let text = self.strings.split(|byte| *byte == 0).nth(number)?;
        Some(String::from_utf8_lossy(text).trim().to_owned())
    }

    /// MT/s of a field, beyond its range as the longer one says.
    fn speed(&self, at: usize, longer: usize) -> Option<u32> {
        match self.word(at)? {
            0 => None,
            u16::MAX => self.long(longer),
            speed => Some(u32::from(speed)),
        }
        .filter(|speed| MT_S.contains(speed))
    }
}

/// A module that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::system::detect) struct Module {
    kind: Option<&'static str>,
    mt_s: Option<u32>,
    channel: Option<String>,
}

fn of_firmware(table: &[u8]) -> Modules {
    let mut modules = Vec::new();
    let mut rest = table;
    while let [kind, length, ..] = *rest {
        let length = usize::from(length);
        let Some((fields, after)) = rest.split_at_checked(length).filter(|_| length >= 4) else { break };
        // Strings end with an empty one; without any there are two zeros all the same.
        let Some(end) = after.windows(2).position(|pair| pair == [0, 0]) else { break };
        let structure = Structure { fields, strings: &after[..=end] };
        if kind == MODULE && structure.word(0x0C).is_some_and(|size| !NO_SIZE.contains(&size)) {
            modules.push(module(&structure));
        }
        if kind == END {
            break;
        }
        rest = &after[end + 2..];
    }
    together(&modules)
}

/// What several modules come to.
pub(in crate::system::detect) fn together(modules: &[Module]) -> Modules {
    let same = |mut values: Vec<Option<&'static str>>| {
        values.dedup();
        if let [value] = values[..] { value } else { None }
    };
    let kind = same(modules.iter().map(|it| it.kind).collect());
    // All run as fast as the slowest.
    let mt_s = modules.iter().map(|it| it.mt_s).collect::<Option<Vec<u32>>>().and_then(|all| all.into_iter().min());
    let channels: Option<BTreeSet<&String>> = modules.iter().map(|it| it.channel.as_ref()).collect();
    Modules {
        kind: kind.map(str::to_owned),
        mt_s,
        channels: channels.and_then(|all| u32::try_from(all.len()).ok()).filter(|count| *count > 0),
    }
}

fn module(structure: &Structure<'_>) -> Module {
    let mt_s = structure.speed(0x20, 0x58).or_else(|| structure.speed(0x15, 0x54));
    let places = [structure.string(0x10), structure.string(0x11)];
    Module::told(structure.byte(0x12), mt_s, structure.word(0x0A), places.each_ref().map(Option::as_deref))
}

impl Module {
    /// One by the number of its kind, MT/s, the bits of its data, and where it is plugged in.
    pub(in crate::system::detect) fn told(
        kind: Option<u8>,
        mt_s: Option<u32>,
        width: Option<u16>,
        places: [Option<&str>; 2],
    ) -> Self {
        let kind = match kind {
            Some(0x18) => Some("DDR3"),
            Some(0x1A) => Some("DDR4"),
            Some(0x1E) => Some("LPDDR4"),
            Some(0x22) => Some("DDR5"),
            Some(0x23) => Some("LPDDR5"),
            _ => None,
        };
        let channel = places.into_iter().flatten().find_map(channel).filter(|_| width == Some(WIDTH));
        Self { kind, mt_s: mt_s.filter(|speed| MT_S.contains(speed)), channel }
    }
}

/// Which channel a place is on, as boards write it: `Controller0-ChannelA-DIMM1`, `P0 CHANNEL B`, `CPU1_DIMM_C2`, `DIMMA1`.
fn channel(place: &str) -> Option<String> {
    let place = place.to_ascii_uppercase();
    let letters = |text: &str| text.chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
    if let Some((before, after)) = place.split_once("CHANNEL") {
        let name = letters(after.trim_start_matches([' ', '_', '-']));
        // `ChannelA` or `Channel 1`; what a board writes right behind it is its slot.
        let name: String = match name.chars().next()? {
            first if first.is_ascii_digit() => name.chars().take_while(char::is_ascii_digit).collect(),
            first => first.to_string(),
        };
        return Some(format!("{before}{name}"));
    }
    let (before, after) = place.rsplit_once("DIMM")?;
    let mut name = after.trim_start_matches([' ', '_', '-']).chars();
    let (letter, slot) = (name.next()?, name.next());
    let is_channel = ('A'..='P').contains(&letter) && slot.is_none_or(|slot| slot.is_ascii_digit());
    is_channel.then(|| format!("{before}{letter}"))
}

/// What the memory controllers say of the modules; few machines have a driver for them.
fn of_kernel(root: &Path) -> Modules {
    let controllers = below(&root.join("sys/devices/system/edac/mc"));
    let mut channels: BTreeSet<(String, String)> = BTreeSet::new();
    let mut kind = None;
    for controller in controllers {
        let name = controller.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        for module in below(&controller) {
            let Some(said) = text(&module.join("dimm_mem_type")) else { continue };
            // `Unbuffered-DDR4`
            let said = said.split('-').find(|part| part.contains("DDR")).map(str::to_owned);
            kind = kind.or_else(|| said.filter(|kind| kind.len() <= 8 && kind.is_ascii()));
            let place = text(&module.join("dimm_location")).unwrap_or_default();
            let mut words = place.split_whitespace().skip_while(|word| *word != "channel");
            if number::<u64>(&module.join("size")).is_some_and(|size| size > 0)
                && let Some(channel) = words.nth(1)
            {
                channels.insert((name.clone(), channel.to_owned()));
            }
        }
    }
    Modules { kind, mt_s: None, channels: u32::try_from(channels.len()).ok().filter(|count| *count > 0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A structure of type 17: size in MiB, places, kind, speed as set.
    fn structure(size: u16, places: [&str; 2], kind: u8, configured: u16) -> Vec<u8> {
        let mut fields = vec![0_u8; 0x5C];
        (fields[0], fields[1]) = (MODULE, 0x5C);
        fields[0x0A..0x0C].copy_from_slice(&WIDTH.to_le_bytes());
        fields[0x0C..0x0E].copy_from_slice(&size.to_le_bytes());
        (fields[0x10], fields[0x11], fields[0x12]) = (1, 2, kind);
        fields[0x15..0x17].copy_from_slice(&5600_u16.to_le_bytes());
        fields[0x20..0x22].copy_from_slice(&configured.to_le_bytes());
        for place in places {
            fields.extend(place.bytes().chain([0]));
        }
        // The serial number, which nobody reads.
        fields.extend(b"12345678\0\0");
        fields
    }

    fn table(structures: &[Vec<u8>]) -> Vec<u8> {
        let bios = [0, 4, 0, 0, 0, 0];
        let end = [END, 4, 0, 0, 0, 0];
        bios.into_iter().chain(structures.iter().flatten().copied()).chain(end).collect()
    }

    #[test]
    fn modules_tell_kind_speed_and_channels() {
        let desktop = table(&[
            structure(0, ["DIMM 0", "P0 CHANNEL A"], 2, 0),
            structure(0x7FFF, ["DIMM 1", "P0 CHANNEL A"], 0x22, 5200),
            structure(0, ["DIMM 0", "P0 CHANNEL B"], 2, 0),
            structure(0x7FFF, ["DIMM 1", "P0 CHANNEL B"], 0x22, 5200),
        ]);
        let expected = Modules { kind: Some("DDR5".to_owned()), mt_s: Some(5200), channels: Some(2) };
        assert_eq!(of_firmware(&desktop), expected);
        let mixed = table(&[
            structure(16384, ["ChannelA-DIMM0", "BANK 0"], 0x1A, 3200),
            structure(16384, ["ChannelA-DIMM1", "BANK 1"], 0x1A, 2666),
        ]);
        let found = of_firmware(&mixed);
        assert_eq!((found.mt_s, found.channels), (Some(2666), Some(1)), "as fast as the slowest");
        let unnamed = table(&[structure(16384, ["Onboard", "BANK 0"], 0x23, 6400)]);
        assert_eq!(of_firmware(&unnamed).channels, None);
    }

    #[test]
    fn channels_are_read_as_boards_write_them() {
        let names = ["Controller0-ChannelA-DIMM1", "Controller1-ChannelA-DIMM1", "CPU1_DIMM_C2", "DIMMA1", "A1_DIMM0"];
        let read = names.map(channel);
        let expected = [Some("CONTROLLER0-A"), Some("CONTROLLER1-A"), Some("CPU1_C"), Some("A"), None];
        assert_eq!(read, expected.map(|it| it.map(str::to_owned)));
        assert_eq!(channel("P1 CHANNEL 12 SLOT 1").as_deref(), Some("P1 12"));
    }

    #[test]
    fn a_broken_table_tells_nothing() {
        let whole = table(&[structure(16384, ["DIMM_A1", ""], 0x22, 6000)]);
        for end in 0..whole.len() {
            let _ = of_firmware(&whole[..end]);
        }
        assert_eq!(of_firmware(&[17, 0, 0, 0, 0, 0]), Modules::default());
        assert_eq!(of_firmware(&[0xFF; 300]), Modules::default());
        let absurd = table(&[structure(16384, ["DIMM_A1", "x"], 0x22, 3)]);
        assert_eq!(of_firmware(&absurd).mt_s, Some(5600), "what cannot be is left to what the module can");
    }
}
