//! The RAM of the picture, the link that leads to it, and the scale under both.

use eframe::egui::{Align2, Rangef, Rect, Stroke, Ui, pos2, vec2};

use super::super::bars::Holds;
use super::super::{bars, facts, figures};
use super::Scene;
use crate::plan::Runtime;
use crate::text::{self, Key, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{Memory, radius};
use crate::ui::widgets::link;
use crate::ui::widgets::memory_bar::MemoryBar;
use crate::ui::words;

impl Scene<'_> {
    /// The hourglass from the last card into the RAM, or the bare link where nothing spills.
    pub(super) fn link(&self, top: f32, bottom: f32) {
        let pcie = facts::pcie(&self.plan.machine, self.inputs.catalog);
        let rate = pcie.and_then(|(generation, lanes)| self.inputs.catalog.runtimes().pcie_gb_s(generation, lanes));
        let waist = rate.map_or(0.75, |rate| self.thickness.points(rate));
        let capacity = self.shown.last().map_or(0.0, |device| device.capacity.gib());
        let flow = bars::sum(&self.spilled);
        let at = if flow > 0.0 {
            let os = self.estimate.host.os.gib();
            let from = Rangef::new(self.axis.x(capacity), self.axis.x(capacity + flow));
            let to = Rangef::new(self.axis.x(os), self.axis.x(os + flow));
            let ink = self.t.flow(Memory::Weights);
            link::hourglass(&self.painter, (top, from), (bottom, to), waist, ink)
        } else {
            // A single bar has words of its own under its right half.
            let share = if self.estimate.devices.len() == 1 { 0.25 } else { 0.5 };
            let x = self.axis.x(capacity * share);
            // Under a single bar stands what is free of it.
            let from = if self.estimate.devices.len() == 1 { 22.0 } else { 6.0 };
            self.painter.vline(x, top + from..=bottom - 6.0, Stroke::new(waist, self.t.rail));
            pos2(x, f32::midpoint(top, bottom))
        };
        let Some((generation, lanes)) = pcie else { return };
        let generation = format!("{generation}.0");
        let link = self
            .say(Key::LinkPcie, &[(Placeholder::Generation, &generation), (Placeholder::Lanes, &lanes.to_string())]);
        let rate =
            rate.map_or_else(|| self.word(Key::NoData).to_owned(), |rate| format!("{} GB/s", text::trimmed(rate, 1)));
        // A bottleneck near the right end leaves more room at its left.
        let fits = at.x + 16.0 + 190.0 <= self.rect.right();
        let x = if fits { at.x + 16.0 } else { at.x - 16.0 - 190.0 };
        let two_lines = flow > 0.0 && bottom - top >= 60.0;
        let close = flow == 0.0 && self.estimate.devices.len() == 1 && bottom - top < 60.0;
        let y = at.y + if two_lines { 2.0 } else { f32::from(u8::from(close)) * 8.0 };
        let strip = [link.as_str(), " ", rate.as_str()].concat();
        let width = paint::width(&self.painter, &strip, Type::SmallStrong) + 12.0;
        let plate = Rect::from_min_size(pos2(x - 5.0, y - 9.0), vec2(width, 18.0));
        self.painter.rect_filled(plate, radius::PLATE, self.t.bg);
        let drawn = self.write((x, y), Align2::LEFT_CENTER, &link, Type::Small);
        let rate = self.write((drawn.right() + 8.0, y), Align2::LEFT_CENTER, &rate, Type::SmallStrong);
        if self.estimate.training.is_some() {
            let words = self.word(Key::LinkBatches);
            self.write((rate.right() + 10.0, y), Align2::LEFT_CENTER, words, Type::Caption);
        }
        if two_lines {
            let words = self.word(Key::LinkScale);
            let width = paint::width(&self.painter, words, Type::Caption) + 10.0;
            let plate = Rect::from_min_size(pos2(x - 5.0, y + 8.0), vec2(width, 16.0));
            self.painter.rect_filled(plate, radius::PLATE, self.t.bg);
            self.write((x, y + 15.0), Align2::LEFT_CENTER, words, Type::Caption);
        }
    }

    pub(super) fn ram(&self, ui: &Ui, rows: Rangef) {
        let host = &self.estimate.host;
        let locale = self.inputs.locale;
        let holds = match (&self.estimate.training, self.spilled.is_empty()) {
            (Some(_), _) => Holds::Training,
            (None, false) => Holds::Spilled,
            (None, true) => Holds::Own,
        };
        let stack = bars::host(host, &self.figures.ram, holds, locale);
        let used = bars::sum(&stack.inside);
        let capacity = host.capacity.gib();
        let balance = host.balance().map(|balance| figures::prose(&balance));
        let free = balance
            .as_ref()
            .map(|column| self.say(Key::FreeValue, &[(Placeholder::Value, &column.free.write())]))
            .unwrap_or_default();
        let spoken = self.spoken(self.word(Key::Ram), &stack.inside, &free);
        let cache = host.prompt_cache.gib();
        MemoryBar {
            salt: ("ram", 0),
            spoken: &spoken,
            rows,
            axis: self.axis,
            inside: &stack.inside,
            beyond: &stack.beyond,
            beyond_label: &self.past(balance.map(|column| column.excess), Key::ValueOver),
            capacity,
            withheld: (0.0, ""),
            mark_above: None,
            reserved: (cache > 0.0 && bars::sum(&stack.beyond) == 0.0).then_some((used, cache)),
            free_now: None,
        }
        .show(ui);
        let named = facts::ram_gb_s(&self.plan.machine, self.inputs.catalog);
        // The embedding table is looked up in it, which takes no time.
        let times = &self.estimate.speed.times;
        let looked_up = self.estimate.speed.decode.is_some() && times.ram_weights + times.ram_kv == 0.0;
        let elsewhere = self.estimate.training.is_some() || self.plan.workload.runtime != Runtime::LlamaCpp;
        let unread = looked_up || elsewhere && !self.shown.is_empty();
        self.chip(ui, "CPU", rows, (named.or_else(|| facts::assumed_ram_gb_s(self.estimate)), unread));
        self.ram_notes(rows, used, cache, &free);
    }

    /// What is free, and whether the prompt cache has room in it.
    fn ram_notes(&self, rows: Rangef, used: f64, cache: f64, free: &str) {
        let capacity = self.estimate.host.capacity.gib();
        let (from, end) = (self.axis.x(used), self.axis.x(capacity));
        let cache_end = self.axis.x(used + cache).min(self.rect.right());
        let words = self.say(Key::PromptCacheUpTo, &[(Placeholder::Value, &text::gib_trimmed(cache))]);
        let width = paint::width(&self.painter, &words, Type::Caption);
        let y = rows.center();
        let inside = cache > 0.0 && width + 16.0 <= cache_end.min(end) - from;
        let beside = cache > 0.0 && !inside && cache_end + width + 16.0 <= end;
        let free_from = match (inside, beside) {
            (true, _) => cache_end,
            (_, true) => cache_end + width + 16.0,
            _ => from,
        };
        if end - free_from > paint::width(&self.painter, free, Type::Small) + 16.0 {
            self.write((f32::midpoint(free_from, end), y), Align2::CENTER_CENTER, free, Type::Small);
        }
        if cache <= 0.0 || self.estimate.host.excess.is_some_and(|excess| excess.0 > 0) {
            return;
        }
        if inside || beside {
            let left = if inside { from + 10.0 } else { cache_end + 8.0 };
            self.write((left, y), Align2::LEFT_CENTER, &words, Type::Caption);
        }
        let x = cache_end.max(end) + 10.0;
        let room = self.rect.right() - x;
        if !inside && !beside && room > 60.0 {
            let at = pos2(x, y - 8.0);
            paint::text_within(&self.painter, at, Align2::LEFT_CENTER, &words, (Type::Caption, self.t.sec), room);
        }
        let excess = self.estimate.prompt_cache_excess();
        if excess.0 > 0 && room > 60.0 {
            icons::draw(&self.painter, pos2(x + 7.0, y + 10.0), Icon::Warning, self.t.warning());
            let words = self.say(Key::MoreThanFree, &[(Placeholder::Value, &words::gib_bare(excess))]);
            let at = pos2(x + 18.0, y + 10.0);
            let look = (Type::CaptionStrong, self.t.text);
            paint::text_within(&self.painter, at, Align2::LEFT_CENTER, &words, look, room - 18.0);
        }
    }

    /// Numbers under the lowest bar, at most ten of them.
    pub(super) fn axis_labels(&self, top: f32) {
        let most = f64::from((self.rect.right() - self.axis.left) / self.axis.points_per_gib);
        let step = label_step(most);
        for place in 0..10_u8 {
            let at = f64::from(place) * step;
            if at > most {
                break;
            }
            let x = self.axis.x(at);
            self.painter.vline(x, top + 2.0..=top + 6.0, Stroke::new(1.0, self.t.rail));
            let number = self.write((x, top + 14.0), Align2::CENTER_CENTER, &text::decimal(at, 0), Type::CaptionMono);
            let at_unit = (number.right() + 5.0, top + 14.0);
            if at + step > most && at_unit.0 + 22.0 <= self.rect.right() {
                self.write(at_unit, Align2::LEFT_CENTER, "GiB", Type::CaptionMono);
            }
        }
    }

    pub(super) fn ram_header(&self, y: f32) {
        let drawn = self.write((self.axis.left, y), Align2::LEFT_CENTER, self.word(Key::Ram), Type::SmallStrong);
        let kind = facts::ram_words(&self.plan.machine, self.inputs.catalog, self.inputs.locale);
        let size = words::gib(self.estimate.host.capacity);
        let line = match facts::assumed_ram_gb_s(self.estimate) {
            Some(rate) => {
                let assumed = facts::assumed_words(rate, self.inputs.locale);
                self.say(Key::CardAndSize, &[(Placeholder::Card, &size), (Placeholder::Value, &assumed)])
            }
            None if kind.is_empty() => size,
            None => self.say(Key::CardAndSize, &[(Placeholder::Card, &kind), (Placeholder::Value, &size)]),
        };
        self.write((drawn.right() + 10.0, y), Align2::LEFT_CENTER, &line, Type::Small);
    }
}

/// The power of two, 1 or more, that gives at most seven steps up to `most`.
fn label_step(most: f64) -> f64 {
    (most / 6.5).log2().ceil().exp2().max(1.0)
}

#[cfg(test)]
mod tests {
    use super::label_step;

    #[test]
    fn few_labels_whatever_the_size() {
        for (most, step) in [(0.0, 1.0), (6.5, 1.0), (7.0, 2.0), (64.0, 16.0), (416.0, 64.0), (26_624.0, 4096.0)] {
            assert_eq!(label_step(most), step, "{most}");
        }
        for exponent in 0..300 {
            let most = 10_f64.powi(exponent);
            assert!((1.0..=6.5).contains(&(most / label_step(most))), "{most}");
        }
    }
}
