//! The cards of the picture: their names, their bars, what each holds and how it is judged.

use eframe::egui::{Align2, Pos2, Rangef, Rect, Sense, Ui, pos2};

use super::super::bars::{self, Stack};
use super::super::facts;
use super::super::figures::{self, NeededSplit};
use super::super::parts::PlanPart;
use super::{CHIP, HEADER, Scene};
use crate::estimate::DeviceEstimate;
use crate::plan::{Runtime, SplitMode};
use crate::text::{self, Join, Key, Placeholder, PrintedFigure};
use crate::ui::fonts::Type;
use crate::ui::widgets::link;
use crate::ui::widgets::memory_bar::{BarSegment, MemoryBar};
use crate::ui::{icons, paint, words};

impl Scene<'_> {
    /// Names the cards; how far the mark at the end of VRAM may rise without crossing the words.
    pub(super) fn vram_header(&self, y: f32) -> f32 {
        let title = self.word(if self.unified { Key::UnifiedMemory } else { Key::Vram });
        let y = y + HEADER / 2.0 - 2.0;
        let drawn = self.write((self.axis.left, y), Align2::LEFT_CENTER, title, Type::SmallStrong);
        let devices = &self.estimate.devices;
        let kinds = &self.plan.machine.cards;
        let names: Vec<String> = kinds
            .iter()
            .enumerate()
            .map(|(place, kind)| {
                let card = facts::card_name(&kind.card, self.inputs.catalog);
                let of_kind = devices.iter().filter(|device| device.card == place);
                let amounts = of_kind.clone().next().map(|it| [it.usable, it.capacity].map(words::gib_bare));
                let [usable, capacity] = amounts.unwrap_or_default();
                let capacity = format!("{capacity} {}", "GiB");
                let count = of_kind.count();
                let holes = [
                    (Placeholder::Count, &*count.to_string()),
                    (Placeholder::Card, card),
                    (Placeholder::Value, &*usable),
                    (Placeholder::Other, &*capacity),
                ];
                self.say(if count > 1 { Key::CardsAndUsable } else { Key::CardAndUsable }, &holes)
            })
            .collect();
        let by_layer = self.plan.workload.runtime == Runtime::LlamaCpp && !self.plan.workload.task.trains();
        let shared = if self.cuts_layers() { Key::LayersCut } else { Key::LayersSplit };
        let split = (devices.len() > 1 && by_layer).then(|| self.word(shared).to_owned());
        let mut line = self.inputs.locale.join(Join::Clauses, names.into_iter().chain(split));
        if self.estimate.training.is_some() {
            line = self.say(Key::CardAtPeak, &[(Placeholder::Name, &line)]);
        }
        let room = self.rect.right() - drawn.right() - 12.0 - if self.shown.len() == 1 { 110.0 } else { 0.0 };
        let at = pos2(drawn.right() + 10.0, y);
        let named = paint::text_within(&self.painter, at, Align2::LEFT_CENTER, &line, (Type::Small, self.t.sec), room);
        let lacks = devices.first().and_then(DeviceEstimate::balance).filter(|balance| balance.excess.0 > 0);
        let needed = match lacks {
            Some(balance) => Some(figures::prose(&balance).needed),
            None if self.spilled.is_empty() => None,
            None => NeededSplit::of(self.estimate).map(|split| split.needed),
        };
        if let Some(needed) = needed.filter(|_| self.shown.len() == 1) {
            let words = self.say(Key::NeedsTotal, &[(Placeholder::Value, &words::with_unit(needed))]);
            let longest = devices.first().map_or(0.0, |it| it.capacity.gib() + it.excess.unwrap_or_default().gib());
            let end = self.axis.x(longest + bars::sum(&self.spilled)).min(self.rect.right());
            // Clear of the names where the bar is short.
            let width = paint::width(&self.painter, &words, Type::SmallStrong);
            let end = end.max(named.right() + 14.0 + width).min(self.rect.right());
            self.write((end, y), Align2::RIGHT_CENTER, &words, Type::SmallStrong);
        }
        let end = self.axis.x(devices.first().map_or(0.0, |device| device.capacity.gib()));
        if named.right() + 4.0 > end { 3.0 } else { 14.0 }
    }

    pub(super) fn device(&self, ui: &Ui, place: usize, rows: Rangef, mark: f32) {
        let Some(device) = self.shown.get(place) else { return };
        let last = place + 1 == self.shown.len();
        let locale = self.inputs.locale;
        let Stack { inside, mut beyond } = if self.unified {
            bars::pool(self.estimate, &self.figures, locale)
        } else {
            let side = self.figures.devices.get(place).unwrap_or(&self.figures.vram);
            bars::device(device, side, self.estimate.training.is_some(), locale)
        };
        let excess = device.balance().map(|balance| figures::prose(&balance).excess);
        let mut past = self.past(excess, Key::ValueOver);
        if last && !self.spilled.is_empty() {
            beyond.clone_from(&self.spilled);
            past = self.past(NeededSplit::of(self.estimate).map(|split| split.ram), Key::SpillsToRam);
        }
        let name = self.chip_name(place);
        let free = self
            .inputs
            .free_now
            .get(place)
            .map(|free| (free.gib(), self.say(Key::FreeNow, &[(Placeholder::Value, &words::gib_bare(*free))])));
        let mut end = self.free_words(place, device);
        if let Some((_, now)) = &free {
            end = locale.join(Join::Phrases, [end.as_str(), now.as_str()]);
        }
        let spoken = self.spoken(&name, &inside, &end);
        let withheld = device.capacity.saturating_sub(device.usable);
        let withheld_words = self.withheld(device);
        MemoryBar {
            salt: ("vram", place),
            spoken: &spoken,
            rows,
            axis: self.axis,
            inside: &inside,
            beyond: &beyond,
            beyond_label: &past,
            capacity: device.capacity.gib(),
            withheld: (withheld.gib(), &withheld_words),
            mark_above: (self.shown.len() == 1 && !self.unified).then_some(mark),
            reserved: bars::reserved(device),
            free_now: free.as_ref().map(|(gib, words)| (*gib, words.as_str())),
        }
        .show(ui);
        if let Some((from, more)) = bars::reserved(device) {
            let (left, right) = (self.axis.x(from), self.axis.x(from + more));
            let words = self.word(Key::KvPool);
            if paint::width(&self.painter, words, Type::Caption) + 16.0 <= right - left && rows.span() >= 22.0 {
                let middle = (f32::midpoint(left, right), rows.center());
                self.write(middle, Align2::CENTER_CENTER, words, Type::Caption);
            }
        }
        self.chip(ui, &name, rows, (self.bandwidth(device.card), false));
        let noted = self.notes(place, device, rows, bars::sum(&beyond));
        // Between several bars there is no room for it: their lines say it on hover.
        if let Some((free, words)) = free.filter(|_| self.shown.len() == 1 && !self.unified) {
            let at = self.axis.x(device.capacity.gib() - free).min(noted - 24.0);
            self.write((at, rows.max + 13.0), Align2::RIGHT_CENTER, &words, Type::Caption);
        }
    }

    /// Who keeps what nobody is offered.
    pub(super) fn withheld(&self, device: &DeviceEstimate) -> String {
        let named = |key, amount: PrintedFigure| format!("{} {}", self.word(key), words::with_unit(amount));
        let keys =
            if device.unified { [Key::KeptByScreen, Key::KeptFromGpu] } else { [Key::KeptByScreen, Key::KeptByDriver] };
        let kept = keys.into_iter().zip(figures::kept_prose(device)).filter(|(_, amount)| !amount.is_zero());
        self.inputs.locale.join(Join::Items, kept.map(|(key, amount)| named(key, amount)))
    }

    /// What is written on the part past the end of a memory.
    pub(super) fn past(&self, amount: Option<PrintedFigure>, key: Key) -> String {
        let amount = amount.filter(|amount| !amount.is_zero());
        amount.map(|amount| self.say(key, &[(Placeholder::Value, &words::with_unit(amount))])).unwrap_or_default()
    }

    fn chip_name(&self, place: usize) -> String {
        if self.shown.len() > 1 { format!("GPU {place}") } else { "GPU".to_owned() }
    }

    fn bandwidth(&self, card: usize) -> Option<f64> {
        facts::card(&self.plan.machine, card, self.inputs.catalog).and_then(|card| card.bandwidth_gb_s)
    }

    /// The chip of a memory, and the lane between both; `unread` where nothing is read from it.
    pub(super) fn chip(&self, ui: &Ui, name: &str, rows: Rangef, (gb_s, unread): (Option<f64>, bool)) {
        let chip = Rect::from_x_y_ranges(self.rect.left()..=self.rect.left() + CHIP, rows);
        link::chip(&self.painter, chip, name, self.t);
        let lane = Rect::from_x_y_ranges(chip.right()..=self.axis.left, rows);
        let unknown = if unread { "" } else { self.word(Key::NoData) };
        link::lane(&self.painter, lane, gb_s, unknown, self.thickness, self.t);
        let why = self.word(if unread { Key::LaneIdle } else { Key::NoData });
        let reading = gb_s.map_or_else(|| why.to_owned(), |rate| format!("{} GB/s", text::trimmed(rate, 1)));
        ui.interact(lane, ui.make_persistent_id(("lane", name)), Sense::hover())
            .on_hover_text(format!("{name} {reading}"));
    }

    fn free_words(&self, place: usize, device: &DeviceEstimate) -> String {
        let Some(balance) = device.balance() else { return self.word(Key::NoData).to_owned() };
        if balance.excess.0 > 0 {
            return self.past(Some(figures::prose(&balance).excess), Key::ValueOver);
        }
        let free = self.free.get(place).copied().unwrap_or_default();
        self.say(Key::ValueFree, &[(Placeholder::Value, &words::with_unit(free))])
    }

    /// The verdict of one card: beside its bar, or under it where it is the only one; where the words begin.
    fn notes(&self, place: usize, device: &DeviceEstimate, rows: Rangef, beyond: f64) -> f32 {
        let free = self.free_words(place, device);
        let end = self.axis.x(device.capacity.gib());
        if self.shown.len() == 1 && self.estimate.devices.len() == 1 {
            // A card that offloads is as full as it can be: its own verdict would speak against that of the plan.
            let judged = device.verdict.filter(|verdict| Some(*verdict) == self.estimate.verdict);
            let words = match judged {
                Some(verdict) => format!("{free} · {}", self.word(words::verdict(verdict))),
                None => free,
            };
            // Under one pool stands the axis.
            let y = if self.unified { rows.min - 12.0 } else { rows.max + 13.0 };
            let width = paint::width(&self.painter, &words, Type::Caption) + 20.0;
            let right = (end - 4.0).max(self.axis.left + width);
            let drawn = self.write((right, y), Align2::RIGHT_CENTER, &words, Type::Caption);
            if judged.is_some() {
                self.verdict_icon(pos2(drawn.left() - 9.0, drawn.center().y), device);
            }
            return drawn.left();
        }
        let left = self.axis.x(device.capacity.gib() + beyond) + 12.0;
        let trains = self.estimate.training.is_some();
        let serves = self.plan.workload.runtime != Runtime::LlamaCpp;
        let whole_layers = !serves && !self.cuts_layers();
        let layers = [
            (Placeholder::OnGpu, device.gpu_layers.to_string()),
            (Placeholder::Layers, self.estimate.layers.to_string()),
        ];
        let layers: Vec<(Placeholder, &str)> = layers.iter().map(|(hole, value)| (*hole, value.as_str())).collect();
        let mut first = match device.verdict {
            // Otherwise each card holds its part of every layer.
            Some(_) if !trains && whole_layers => format!("{}  {free}", self.say(Key::LayersOfAll, &layers)),
            _ => free,
        };
        if self.estimate.devices.len() > self.shown.len() {
            let count = self.estimate.devices.len().to_string();
            first = format!("{}: {first}", self.say(Key::EachOf, &[(Placeholder::Count, &count)]));
        }
        let two_lines = rows.span() >= 28.0 && device.verdict.is_some();
        let y = if two_lines { rows.center() - 8.0 } else { rows.center() };
        self.verdict_icon(pos2(left + 6.0, y), device);
        self.write((left + 17.0, y), Align2::LEFT_CENTER, &first, Type::SmallStrong);
        if two_lines {
            let side = self.figures.devices.get(place).unwrap_or(&self.figures.vram);
            let both = |a: PlanPart, b: PlanPart| match side.part(a).zip(side.part(b)) {
                Some((one, other)) => (one + other).write(),
                None => self.word(Key::NoData).to_owned(),
            };
            let parts = [
                (Placeholder::Value, both(PlanPart::Optimizer, PlanPart::Gradients)),
                (Placeholder::Kv, both(PlanPart::Kv, PlanPart::State)),
                (Placeholder::Compute, both(PlanPart::Compute, PlanPart::Activations)),
                (Placeholder::Overhead, side.part(PlanPart::Overhead).unwrap_or_default().write()),
            ];
            let parts: Vec<(Placeholder, &str)> = parts.iter().map(|(hole, value)| (*hole, value.as_str())).collect();
            let words = match (trains, serves) {
                (true, _) => Key::BarPartsTraining,
                (false, true) => Key::BarPartsServer,
                (false, false) => Key::BarParts,
            };
            self.write((left + 17.0, y + 16.0), Align2::LEFT_CENTER, &self.say(words, &parts), Type::Caption);
        }
        left
    }

    /// llama.cpp cuts each layer across the cards.
    fn cuts_layers(&self) -> bool {
        let workload = &self.plan.workload;
        let several = self.estimate.devices.len() > 1;
        several && workload.runtime == Runtime::LlamaCpp && workload.split_mode == SplitMode::Tensor
    }

    fn verdict_icon(&self, at: Pos2, device: &DeviceEstimate) {
        if let Some(verdict) = device.verdict {
            icons::verdict_small(&self.painter, at, verdict, self.t);
        }
    }

    pub(super) fn spoken(&self, name: &str, segments: &[BarSegment], end: &str) -> String {
        let parts = segments.iter().filter(|it| it.gib > 0.0).map(|it| it.label.as_str());
        let parts = self.inputs.locale.join(Join::Items, parts);
        self.say(Key::BarTwin, &[(Placeholder::Name, name), (Placeholder::Parts, &parts), (Placeholder::Value, end)])
    }
}
