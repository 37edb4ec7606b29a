//! What was found, in words: lines under three headings.

use crate::catalog::Catalog;
use crate::catalog::card::Vendor;
use crate::system::detect::{Detected, DetectedCard, GraphicsChip, Inside, NvmlState};
use crate::text::{Key, Locale, Placeholder, foreign};
use crate::ui::words;
use crate::units::Bytes;

/// The most cards that get a line; a broken driver may name any number.
const MOST: usize = 10;

/// What was found, to be said.
#[derive(Clone, Copy)]
pub(in crate::app) struct Words<'a> {
    pub(in crate::app) found: &'a Detected,
    pub(in crate::app) catalog: &'a Catalog,
    pub(in crate::app) locale: Locale,
}

impl Words<'_> {
    pub(super) fn processor(&self) -> String {
        let host = &self.found.host;
        let name = host.cpu.as_deref().map_or_else(|| self.no_data(), |name| foreign(name).into_owned());
        let Some(cores) = host.physical_cores else { return name };
        let count = cores.to_string();
        self.locale.sentence(Key::MachineCores, &[(Placeholder::Name, &name), (Placeholder::Count, &count)])
    }

    pub(super) fn ram(&self) -> String {
        let host = &self.found.host;
        let size = host.ram_bytes().map_or_else(|| self.no_data(), |bytes| words::gib(Bytes(bytes)));
        host.ram_kind.as_ref().map_or_else(|| size.clone(), |kind| format!("{size} {kind}"))
    }

    /// One line for each kind of card, chip and fault; then, where nothing can be planned with, why.
    pub(in crate::app) fn cards(&self) -> Vec<String> {
        let Detected { cards, graphics, unreadable, .. } = self.found;
        let mut lines = repeated(cards.iter().map(|card| self.card(card)), self.locale);
        lines.extend(repeated(graphics.iter().map(|chip| self.chip(chip)), self.locale));
        lines.extend(unreadable.iter().map(|card| {
            let count = (card.index + 1).to_string();
            self.with(
                Key::MachineUnreadable,
                &[(Placeholder::Count, &count), (Placeholder::Name, &card.why(self.locale))],
            )
        }));
        if lines.len() > MOST {
            let more = (lines.len() - MOST).to_string();
            lines.truncate(MOST);
            lines.push(self.with(Key::MachineMore, &[(Placeholder::Count, &more)]));
        }
        if cards.iter().any(|card| card.slice_of.is_some()) {
            lines.push(self.locale.word(Key::MachineSlices).to_owned());
        }
        if self.found.plannable(self.catalog).is_empty() {
            lines.extend(self.why_none());
        }
        lines
    }

    /// Why there is no card to plan with.
    fn why_none(&self) -> Vec<String> {
        let locale = self.locale;
        let state = &self.found.nvml;
        let answers = matches!(state, NvmlState::Ready { .. });
        if answers && (!self.found.unreadable.is_empty() || !self.found.cards.is_empty()) {
            return Vec::new();
        }
        let mut lines = vec![match state {
            NvmlState::Ready { .. } => locale.word(Key::MachineNoCard).to_owned(),
            _ => state.say(locale),
        }];
        let inside = self.found.host.inside.filter(|_| answers || *state == NvmlState::NoDriver);
        lines.extend(inside.map(|inside| {
            let key = match inside {
                Inside::Wsl => Key::MachineInWsl,
                Inside::Container | Inside::ContainerInWsl => Key::MachineInContainer,
            };
            locale.word(key).to_owned()
        }));
        lines
    }

    fn card(&self, card: &DetectedCard) -> String {
        let memory = self.memory(card.memory_total_bytes);
        let known = card.known(self.catalog);
        let named = |name: Option<&String>| name.cloned().unwrap_or_else(|| self.no_data());
        if let Some(whole) = &card.slice_of {
            let of = DetectedCard {
                name: whole.name.clone(),
                memory_total_bytes: whole.memory_total_bytes,
                ..DetectedCard::default()
            };
            let of = of.known(self.catalog).map_or_else(|| named(whole.name.as_ref()), |card| card.name.clone());
            let holes = [(Placeholder::Card, of.as_str()), (Placeholder::Value, &memory)];
            return self.noted(self.with(Key::MachineSlice, &holes), known.is_some());
        }
        let name = known.map_or_else(|| named(card.name.as_ref()), |card| card.name.clone());
        let line = self.with(Key::MachineCard, &[(Placeholder::Card, &name), (Placeholder::Value, &memory)]);
        self.noted(line, known.is_some())
    }

    fn chip(&self, chip: &GraphicsChip) -> String {
        let known = self.found.known_chip(chip, self.catalog);
        let vendor = chip.vendor();
        let name = known.map_or_else(|| chip.called(), |card| card.name.clone());
        let memory = self.memory(chip.memory_total_bytes);
        let holes = [(Placeholder::Card, name.as_str()), (Placeholder::Value, &memory)];
        match vendor {
            _ if chip.integrated => self.with(Key::MachineIntegrated, &holes),
            Some(Vendor::Nvidia) => self.with(Key::MachineNoDriver, &holes),
            _ => self.noted(self.with(Key::MachineCard, &holes), known.is_some()),
        }
    }

    /// With what is not known of a card that the catalog lacks.
    fn noted(&self, line: String, known: bool) -> String {
        if known { line } else { self.with(Key::MachineUnknown, &[(Placeholder::Name, &line)]) }
    }

    fn memory(&self, bytes: Option<u64>) -> String {
        bytes.map_or_else(|| self.no_data(), |bytes| words::gib(Bytes(bytes)))
    }

    fn no_data(&self) -> String {
        self.locale.word(Key::NoData).to_owned()
    }

    fn with(&self, key: Key, holes: &[(Placeholder, &str)]) -> String {
        self.locale.sentence(key, holes)
    }
}

/// Lines in order; those that are alike and follow each other are counted.
fn repeated(lines: impl Iterator<Item = String>, locale: Locale) -> Vec<String> {
    let mut counted: Vec<(String, usize)> = Vec::new();
    for line in lines {
        match counted.last_mut() {
            Some((last, count)) if *last == line => *count += 1,
            _ => counted.push((line, 1)),
        }
    }
    let say = |(line, count): (String, usize)| match count {
        1 => line,
        _ => locale.sentence(
            Key::MachineCount,
            &[(Placeholder::Count, &count.to_string()), (Placeholder::Name, line.as_str())],
        ),
    };
    counted.into_iter().map(say).collect()
}
