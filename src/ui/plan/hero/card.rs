//! The cards of the picture: their bars, what each holds and how it is judged.

use eframe::egui::Rangef;

use super::super::bars::{self, Stack};
use super::{CardGroup, Scene};
use crate::estimate::DeviceEstimate;
use crate::estimate::printed::PlanPart;
use crate::estimate::printed::{self as figures, NeededSplit};
use crate::plan::{FIRST_BOX, Runtime, SplitMode};
use crate::text::{Join, Key, Placeholder, PrintedFigure};
use crate::ui::widgets::memory_lanes::{BarMark, BarNote, GibAxis, LaneBandwidth, MemoryBar, MemoryLane};
use crate::ui::words;

impl Scene<'_> {
    /// One card, or one for all of a kind; what spills is drawn past the end of the `last`.
    pub(super) fn card(&self, group: CardGroup, rows: Rangef, last: bool) -> Option<MemoryLane> {
        let device = self.estimate.devices.get(group.place)?;
        let locale = self.inputs.locale;
        // Of several computers with one memory each, the first has the CPU's part of the plan.
        let pool = self.unified && device.in_box == FIRST_BOX;
        let Stack { inside, mut beyond } = if pool {
            bars::pool(self.estimate, &self.figures, &self.programs, locale)
        } else {
            let side = self.figures.devices.get(group.place).unwrap_or(&self.figures.vram);
            let programs = bars::programs(self.estimate, Some(group.place), &self.programs, locale);
            bars::device(device, side, self.estimate.training.is_some(), programs, locale)
        };
        let excess = device.balance().map(|balance| figures::prose(&balance).excess);
        let mut beyond_label = self.past(excess, Key::ValueOver);
        if last && !self.spilled.is_empty() {
            beyond.clone_from(&self.spilled);
            beyond_label = self.past(NeededSplit::of(self.estimate).map(|split| split.ram), Key::SpillsToRam);
        }
        let several = self.groups.len() > 1 || self.estimate.devices.len() > 1;
        let chip =
            if self.groups.len() > 1 && group.count == 1 { format!("GPU {}", group.place) } else { "GPU".to_owned() };
        let free_now = self.inputs.free_now.get(group.place).map(|free| BarMark {
            gib: device.capacity.gib() - free.gib(),
            words: self.say(Key::FreeNow, &[(Placeholder::Value, &words::gib_bare(*free))]),
            from: 0.0,
        });
        let kept = self.kept(device);
        let end = [Some(self.free_words(group.place, device)), free_now.as_ref().map(|now| now.words.clone())];
        let kept_words = (!kept.words.is_empty()).then(|| kept.words.clone());
        let end = locale.join(Join::Phrases, end.into_iter().flatten().chain(kept_words));
        let reserved =
            bars::reserved(device).map(|(from, gib)| BarMark { from, gib, words: self.word(Key::KvPool).into() });
        let bar = MemoryBar {
            spoken: self.spoken(&chip, &inside, &end),
            inside,
            beyond,
            beyond_label,
            capacity: device.capacity.gib(),
            kept,
            reserved,
            free_now,
            free: String::new(),
            ghost: self.device_ghost(group.place),
            marked: !several && !self.unified,
        };
        let rate = self.bandwidth(device.card);
        let (beside, below) = match (self.unified, several) {
            (true, false) => (None, None),
            (_, true) => (Some(self.note(group, device)), None),
            _ => (None, Some(self.only_note(group.place, device))),
        };
        let bandwidth = self.bandwidth_of(rate, false);
        Some(MemoryLane { chip, bandwidth, bar, axis: GibAxis::default(), rows, beside, below })
    }

    /// A rate with its words; `unread` where nothing is read from the memory.
    pub(super) fn bandwidth_of(&self, gb_s: Option<f64>, unread: bool) -> LaneBandwidth {
        let unknown = if unread { String::new() } else { self.word(Key::NoData).to_owned() };
        let why = self.word(if unread { Key::LaneIdle } else { Key::NoData });
        let words = gb_s.map_or_else(|| why.to_owned(), super::words::rate);
        LaneBandwidth { gb_s, words, unknown }
    }

    /// What is written on the part past the end of a memory.
    pub(super) fn past(&self, amount: Option<PrintedFigure>, key: Key) -> String {
        let amount = amount.filter(|amount| !amount.is_zero());
        amount.map(|amount| self.say(key, &[(Placeholder::Value, &words::with_unit(amount))])).unwrap_or_default()
    }

    /// What is free on a device, or too much.
    pub(super) fn free_words(&self, place: usize, device: &DeviceEstimate) -> String {
        let Some(balance) = device.balance() else { return self.word(Key::NoData).to_owned() };
        if balance.excess.0 > 0 {
            return self.past(Some(figures::prose(&balance).excess), Key::ValueOver);
        }
        let free = self.free.get(place).copied().unwrap_or_default();
        self.say(Key::ValueFree, &[(Placeholder::Value, &words::with_unit(free))])
    }

    /// Of the only card: what is free, and how it is judged. A card that offloads is as full as it can be: its own verdict
    /// would speak against that of the plan.
    fn only_note(&self, place: usize, device: &DeviceEstimate) -> BarNote {
        let free = self.free_words(place, device);
        let verdict = device.verdict.filter(|verdict| Some(*verdict) == self.estimate.verdict);
        let first = match verdict {
            Some(verdict) => format!("{free} · {}", self.word(words::verdict(verdict))),
            None => free,
        };
        BarNote { verdict, first, ..BarNote::default() }
    }

    /// Of one of several cards: its layers, what is free, and its parts.
    fn note(&self, group: CardGroup, device: &DeviceEstimate) -> BarNote {
        let free = self.free_words(group.place, device);
        let trains = self.estimate.training.is_some();
        let serves = self.plan.workload.runtime != Runtime::LlamaCpp;
        // Otherwise each card holds its part of every layer.
        let whole_layers = !serves && !trains && !self.cuts_layers() && group.alike;
        let layers = [
            (Placeholder::OnGpu, &*device.gpu_layers.to_string()),
            (Placeholder::Layers, &*self.estimate.layers.to_string()),
        ];
        let mut first = match device.verdict {
            Some(_) if whole_layers => format!("{}  {free}", self.say(Key::LayersOfAll, &layers)),
            _ => free,
        };
        if group.count > 1 {
            let key = if group.alike { Key::EachOf } else { Key::FullestOf };
            let each = self.say(key, &[(Placeholder::Count, &group.count.to_string())]);
            first = format!("{each}: {first}");
        }
        let parts = if device.verdict.is_some() { self.parts(group.place) } else { String::new() };
        let several = self.estimate.devices.iter().any(|device| device.in_box != FIRST_BOX);
        let count = (device.in_box + 1).to_string();
        let computer = several.then(|| self.say(Key::BoxNumber, &[(Placeholder::Count, &count)]));
        let second = computer.into_iter().chain(Some(parts).filter(|parts| !parts.is_empty()));
        let second = self.inputs.locale.join(Join::Clauses, second);
        BarNote { verdict: device.verdict, first, second, warning: String::new() }
    }

    fn parts(&self, place: usize) -> String {
        let side = self.figures.devices.get(place).unwrap_or(&self.figures.vram);
        let both = |a: PlanPart, b: PlanPart| match side.part(a).zip(side.part(b)) {
            Some((one, other)) => (one + other).write(),
            None => self.word(Key::NoData).to_owned(),
        };
        let holes = [
            (Placeholder::Value, &*both(PlanPart::Optimizer, PlanPart::Gradients)),
            (Placeholder::Kv, &*both(PlanPart::Kv, PlanPart::State)),
            (Placeholder::Compute, &*both(PlanPart::Compute, PlanPart::Activations)),
            (Placeholder::Overhead, &*side.part(PlanPart::Overhead).unwrap_or_default().write()),
        ];
        let key = match (self.estimate.training.is_some(), self.plan.workload.runtime) {
            (true, _) => Key::BarPartsTraining,
            (false, Runtime::LlamaCpp) => Key::BarParts,
            (false, _) => Key::BarPartsServer,
        };
        self.say(key, &holes)
    }

    /// llama.cpp cuts each layer across the cards.
    pub(super) fn cuts_layers(&self) -> bool {
        let workload = &self.plan.workload;
        let several = self.estimate.devices.len() > 1;
        several && workload.runtime == Runtime::LlamaCpp && workload.split_mode == SplitMode::Tensor
    }
}
