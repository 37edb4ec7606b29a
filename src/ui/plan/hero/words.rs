//! What the picture says of itself: titles, legends, and the words of each bar.

use super::super::facts;
use super::Scene;
use crate::estimate::DeviceEstimate;
use crate::estimate::printed::{self as figures, NeededSplit};
use crate::plan::Runtime;
use crate::text::{self, Join, Key, Placeholder, PrintedFigure};
use crate::ui::theme::Memory;
use crate::ui::widgets::memory_lanes::{BarMark, BarSegment, LaneTitle, LegendEntry, MemoryLane};
use crate::ui::words;

/// The system's part needs so many points for its name.
const NAMED_OS: f32 = 66.0;

/// A bandwidth in words.
pub(super) fn rate(gb_s: f64) -> String {
    format!("{} GB/s", text::trimmed(gb_s, 1))
}

impl Scene<'_> {
    pub(super) fn word(&self, key: Key) -> &'static str {
        self.inputs.locale.word(key)
    }

    pub(super) fn say(&self, key: Key, holes: &[(Placeholder, &str)]) -> String {
        self.inputs.locale.sentence(key, holes)
    }

    pub(super) fn spoken(&self, name: &str, segments: &[BarSegment], end: &str) -> String {
        let parts = segments.iter().filter(|it| it.gib > 0.0).map(|it| it.label.as_str());
        let parts = self.inputs.locale.join(Join::Items, parts);
        self.say(Key::BarTwin, &[(Placeholder::Name, name), (Placeholder::Parts, &parts), (Placeholder::Value, end)])
    }

    /// What nobody is offered of a device, and who keeps it.
    pub(super) fn kept(&self, device: &DeviceEstimate) -> BarMark {
        let mark = |gib, words| BarMark { from: 0.0, gib, words };
        if self.unified {
            let given = self.pool_given();
            let gib = device.capacity.gib() - given;
            return mark(gib.max(0.0), if gib > 0.0 { self.word(Key::KeptFromGpu).to_owned() } else { String::new() });
        }
        let kept = [Key::KeptByScreen, Key::KeptByDriver].into_iter().zip(figures::kept_prose(device));
        let kept = kept.filter(|(_, amount)| !amount.is_zero()).map(|(key, amount)| self.amount(key, amount));
        mark(device.capacity.gib() - device.usable.gib(), self.inputs.locale.join(Join::Items, kept))
    }

    /// What the driver keeps of each of several cards of one kind; a screen is on one of them, which says so on hover.
    fn kept_per_card(&self) -> String {
        let kept = self.estimate.devices.last().map(|device| figures::kept_prose(device)[1]);
        self.say(Key::KeptPerCard, &[(Placeholder::Value, &words::with_unit(kept.unwrap_or_default()))])
    }

    /// So much of one pool is taken or free for the plan, with the system's part, in GiB.
    fn pool_given(&self) -> f64 {
        let free = self.estimate.judged().map_or(0.0, |judged| judged.balance.free.gib());
        self.estimate.needed().unwrap_or_default().gib() + self.estimate.host.os.gib() + free
    }

    fn amount(&self, key: Key, amount: PrintedFigure) -> String {
        format!("{} {}", text::within_sentence(self.word(key)), words::with_unit(amount))
    }

    /// Names the cards, and what they keep.
    pub(super) fn head(&self, lanes: &[MemoryLane]) -> LaneTitle {
        let devices = &self.estimate.devices;
        let mut words = self.cards();
        if self.estimate.training.is_some() {
            words = self.say(Key::CardAtPeak, &[(Placeholder::Name, &words)]);
        }
        let mut legend = Vec::new();
        if let Some(lane) = lanes.first() {
            let kept = &lane.bar.kept;
            // Several kinds leave no room for it.
            if kept.gib > 0.0 && !kept.words.is_empty() && self.plan.machine.cards.len() == 1 {
                let words = if devices.len() == 1 { kept.words.clone() } else { self.kept_per_card() };
                legend.push(LegendEntry::Kept(text::within_sentence(&words)));
            }
        }
        let name = self.word(if self.unified { Key::UnifiedMemory } else { Key::Vram });
        LaneTitle { name: name.to_owned(), words, legend, at_end: self.at_end() }
    }

    /// What the CPU and the system take of one pool, where it is too narrow to be named in the bar.
    fn legend_of_pool(&self, lane: &MemoryLane) -> Vec<LegendEntry> {
        let cpu = self.figures.ram.column().needed;
        let mut legend = Vec::new();
        if !cpu.is_zero() {
            legend.push(LegendEntry::Of(Memory::Weights, self.amount(Key::CpuPart, cpu)));
        }
        legend.extend(self.legend_of_system(lane));
        legend
    }

    fn legend_of_system(&self, lane: &MemoryLane) -> Option<LegendEntry> {
        let os = self.estimate.host.os;
        let words = format!("{} {}", self.word(Key::OsAndApps), words::gib_bare(os));
        let narrow = lane.axis.x(os.gib()) - lane.axis.x(0.0) < NAMED_OS;
        narrow.then_some(LegendEntry::Of(Memory::Os, words))
    }

    /// What stands over the end of the only bar: what it is short of, or of one pool what is free.
    fn at_end(&self) -> String {
        let [group] = self.groups.as_slice() else { return String::new() };
        let Some(device) = self.estimate.devices.get(group.place).filter(|_| group.count == 1) else {
            return String::new();
        };
        let lacks = device.balance().filter(|balance| balance.excess.0 > 0);
        let needed = match lacks {
            Some(balance) => Some(figures::prose(&balance).needed),
            None if self.unified => return self.free_of_pool(),
            None if self.spilled.is_empty() => None,
            None => NeededSplit::of(self.estimate).map(|split| split.needed),
        };
        let needed = needed.map(|needed| self.say(Key::NeedsTotal, &[(Placeholder::Value, &words::with_unit(needed))]));
        needed.unwrap_or_default()
    }

    fn free_of_pool(&self) -> String {
        let free = figures::judged(self.estimate).map(|(_, column)| column.free);
        free.map(|free| self.say(Key::ValueFree, &[(Placeholder::Value, &words::with_unit(free))])).unwrap_or_default()
    }

    /// The kinds of cards, what of each programs are offered, and how layers are shared out.
    fn cards(&self) -> String {
        let (plan, devices) = (self.plan, &self.estimate.devices);
        let named = plan.machine.cards.iter().enumerate().map(|(place, kind)| {
            let card = facts::card_name(&kind.card, self.inputs.catalog);
            let of_kind = devices.iter().filter(|device| device.card == place);
            let amounts = of_kind.clone().next_back().map(|it| [it.usable, it.capacity].map(words::gib_bare));
            let [usable, capacity] = amounts.unwrap_or_default();
            let count = of_kind.count();
            let unit = "GiB";
            let several = plan.machine.cards.len() > 1;
            let other = if several { unit.to_owned() } else { format!("{capacity} {unit}") };
            let holes = [
                (Placeholder::Count, &*count.to_string()),
                (Placeholder::Card, card),
                (Placeholder::Value, &*usable),
                (Placeholder::Other, &*other),
            ];
            let key = match (count > 1, several) {
                (false, false) => Key::CardAndUsable,
                (true, false) => Key::CardsAndUsable,
                (false, true) => Key::CardAndUsableBrief,
                (true, true) => Key::CardsAndUsableBrief,
            };
            self.say(key, &holes)
        });
        let by_layer = plan.workload.runtime == Runtime::LlamaCpp && !plan.workload.task.trains();
        let shared = if self.cuts_layers() { Key::LayersCut } else { Key::LayersSplit };
        let split = (devices.len() > 1 && by_layer).then(|| self.word(shared).to_owned());
        self.inputs.locale.join(Join::Clauses, named.chain(split))
    }

    /// What the CPU and the system take of one pool.
    pub(super) fn foot_of_pool(&self, lanes: &[MemoryLane]) -> LaneTitle {
        let legend = lanes.first().map(|lane| self.legend_of_pool(lane)).unwrap_or_default();
        LaneTitle { legend, ..LaneTitle::default() }
    }

    /// Names the RAM.
    pub(super) fn foot(&self, lanes: &[MemoryLane]) -> LaneTitle {
        let kind = facts::ram_words(&self.plan.machine, self.inputs.catalog, self.inputs.locale);
        let size = words::gib(self.estimate.host.capacity);
        let mut words = match self.estimate.assumed_ram_gb_s() {
            Some(rate) => {
                let assumed = facts::assumed_words(rate, self.inputs.locale);
                self.say(Key::CardAndSize, &[(Placeholder::Card, &size), (Placeholder::Value, &assumed)])
            }
            None if kind.is_empty() => size,
            None => self.say(Key::CardAndSize, &[(Placeholder::Card, &kind), (Placeholder::Value, &size)]),
        };
        let lane = lanes.last();
        if lanes.iter().any(|lane| !lane.axis.cuts.is_empty()) {
            words = self.inputs.locale.join(Join::Clauses, [words.as_str(), self.word(Key::AxisCut)]);
        }
        let legend = lane.and_then(|lane| self.legend_of_system(lane)).into_iter().collect();
        LaneTitle { name: self.word(Key::Ram).to_owned(), words, legend, at_end: String::new() }
    }
}
