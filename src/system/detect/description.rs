//! A machine written down, to be opened elsewhere: what it has, and nothing that tells whose it is. Serials are never asked
//! for; programs, paths and what libraries said in their own words stay behind.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::graphics::GraphicsChip;
use super::host::{Host, MeasuredRates};
use super::nvml::NvmlReport;
use super::topology::PciPlace;
use super::{Detected, NvmlState, UnreadableCard, figures};
use crate::text::{Fault, JsonFault, Key, Phrase, printed_in_english};

/// The form of the text; later ones read earlier ones.
const FORM: u32 = 1;

/// The text: its form, then the machine.
#[derive(Debug, Serialize, Deserialize)]
struct Written {
    rigplan_machine: u32,
    #[serde(flatten)]
    machine: Detected,
}

/// Why a text is no description of a machine.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DescriptionFault {
    /// It is none, or a broken one.
    Broken(JsonFault),
    /// A newer rigplan wrote it.
    Newer,
}

impl Fault for DescriptionFault {
    fn phrase(&self) -> Phrase {
        match self {
            Self::Broken(fault) => fault.phrase(),
            Self::Newer => Phrase::new(Key::MachineFileNewer),
        }
    }
}

printed_in_english!(DescriptionFault);

/// The most bytes of such a text: a machine of 256 cards needs fewer.
pub const MAX_DESCRIPTION_BYTES: usize = 4 << 20;

impl Detected {
    /// The machine as a text that is opened elsewhere, with nothing in it of whoever has it.
    pub fn described(&self) -> String {
        let written = Written { rigplan_machine: FORM, machine: self.anonymous() };
        let mut text = serde_json::to_string_pretty(&written).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads such a text, or what `rigplan detect --json` writes; without what cannot be.
    ///
    /// # Errors
    /// Where it is none, or a newer one.
    pub fn from_description(text: &[u8]) -> Result<Self, DescriptionFault> {
        let broken = |error: &serde_json::Error| DescriptionFault::Broken(JsonFault::of(error));
        let value: serde_json::Value = serde_json::from_slice(text).map_err(|error| broken(&error))?;
        let form = value.get("rigplan_machine").and_then(serde_json::Value::as_u64).unwrap_or_else(|| FORM.into());
        if form > u64::from(FORM) {
            return Err(DescriptionFault::Newer);
        }
        // Read anew, since only that tells where something is wrong.
        serde_json::from_slice(text).map(Self::believable).map_err(|error| broken(&error))
    }

    /// The same without programs, paths and words of libraries.
    fn anonymous(&self) -> Self {
        let mut machine = self.clone();
        let silent = |card: UnreadableCard| UnreadableCard { reason: String::new(), ..card };
        machine.unreadable = machine.unreadable.into_iter().map(silent).collect();
        for card in &mut machine.cards {
            card.now.processes = None;
        }
        for chip in &mut machine.graphics {
            chip.now.processes = None;
        }
        match &mut machine.nvml {
            NvmlState::Failed { reason, .. } | NvmlState::NotAsked { reason, .. } => reason.clear(),
            _ => {}
        }
        machine
    }

    fn believable(self) -> Self {
        let Self { nvml, cards, unreadable, graphics, host, places, programs } = self;
        let NvmlReport { state, cards, unreadable } = NvmlReport { state: nvml, cards, unreadable }.believable();
        let Host { ram_kind, cpu, os, board, measured, .. } = host.clone();
        let [ram_kind, cpu, os, board] = [ram_kind, cpu, os, board].map(figures::name);
        Self {
            nvml: state,
            cards,
            unreadable,
            graphics: graphics.into_iter().take(super::graphics::MOST).map(GraphicsChip::believable).collect(),
            host: Host { ram_kind, cpu, os, board, measured: measured.and_then(MeasuredRates::believable), ..host },
            places: places.into_iter().take(super::graphics::MOST).map(PciPlace::believable).collect(),
            programs,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::detect::{CardReading, DetectedCard, DriverFault, VramProcess};

    #[test]
    fn a_machine_comes_back_without_what_tells_whose_it_is() {
        let secret = "/home/alice/secret-project/llama-server";
        let process =
            VramProcess { pid: 1, name: Some(secret.to_owned()), vram_bytes: Some(1), ..VramProcess::default() };
        let card = DetectedCard {
            name: Some("NVIDIA GeForce RTX 4090".to_owned()),
            memory_total_bytes: Some(24 << 30),
            now: CardReading { processes: Some(vec![process]), temperature_c: Some(50), ..CardReading::default() },
            ..DetectedCard::default()
        };
        let lost = UnreadableCard { index: 1, fault: DriverFault::Lost, reason: secret.to_owned() };
        let nvml = NvmlState::Failed { fault: DriverFault::NotLoaded, reason: secret.to_owned() };
        let machine = Detected { nvml, cards: vec![card], unreadable: vec![lost], ..Detected::default() };
        let text = machine.described();
        assert!(!text.contains("alice") && !text.contains("secret") && !text.contains("pid"), "{text}");
        let read = Detected::from_description(text.as_bytes()).unwrap();
        assert_eq!(read, machine.anonymous());
        assert_eq!(read.cards[0].now.temperature_c, Some(50));
        assert_eq!(Detected::from_description(read.described().as_bytes()).unwrap(), read);
    }

    #[test]
    fn what_is_none_is_refused_and_what_cannot_be_is_left_out() {
        for text in ["", "{", "[]", "{}", "not json", r#"{"rigplan_machine":"x"}"#] {
            assert!(matches!(Detected::from_description(text.as_bytes()), Err(DescriptionFault::Broken(_))), "{text}");
        }
        assert_eq!(Detected::from_description(br#"{"rigplan_machine":2}"#), Err(DescriptionFault::Newer));
        let absurd = r#"{"nvml":{"state":"no_driver"},"cards":[{"index":0,"name":"\u001b[31m","memory_total_bytes":1,
            "pcie_gen":99}],"unreadable":[],"host":{"cpu":"a\nb"}}"#;
        let read = Detected::from_description(absurd.as_bytes()).unwrap();
        assert_eq!((&read.cards[0].name, read.cards[0].pcie_gen, &read.host.cpu), (&None, None, &None));
    }
}
