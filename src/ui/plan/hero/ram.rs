//! The RAM of the picture, and the link that leads to it.

use eframe::egui::Rangef;

use super::super::bars::{self, Holds};
use super::super::facts;
use super::Scene;
use crate::estimate::printed as figures;
use crate::plan::Runtime;
use crate::text::{self, Key, Placeholder};
use crate::ui::widgets::memory_lanes::{BarMark, BarNote, GibAxis, LinkFlow, MemoryBar, MemoryLane, MemoryLink};
use crate::ui::words;

impl Scene<'_> {
    pub(super) fn ram(&self, rows: Rangef) -> MemoryLane {
        let host = &self.estimate.host;
        let holds = match (&self.estimate.training, self.spilled.is_empty()) {
            (Some(_), _) => Holds::Training,
            (None, false) if self.estimate.experts.layers > 0 => Holds::Experts,
            (None, false) => Holds::Spilled,
            (None, true) => Holds::Own,
        };
        let programs = bars::programs(self.estimate, None, &self.programs, self.inputs.locale);
        let stack = bars::host(host, &self.figures.ram, holds, programs, self.inputs.locale);
        let column = host.balance().map(|balance| figures::prose(&balance));
        let free = column
            .as_ref()
            .filter(|column| column.excess.is_zero())
            .map(|column| self.say(Key::FreeValue, &[(Placeholder::Value, &column.free.write())]));
        let free = free.unwrap_or_default();
        let too_much = self.past(column.map(|column| column.excess), Key::ValueOver);
        let cache = host.prompt_cache.gib();
        let used = bars::sum(&stack.inside);
        let shown = cache > 0.0 && too_much.is_empty();
        let words = self.say(Key::PromptCacheUpTo, &[(Placeholder::Value, &text::gib_trimmed(cache))]);
        let excess = self.estimate.prompt_cache_excess();
        // Past the end of the RAM it is said beside the bar.
        let beside = (shown && excess.0 > 0).then(|| BarNote {
            first: words.clone(),
            second: " ".to_owned(),
            warning: self.say(Key::MoreThanFree, &[(Placeholder::Value, &words::gib_bare(excess))]),
            ..BarNote::default()
        });
        let words = if beside.is_some() { String::new() } else { words };
        let bar = MemoryBar {
            spoken: self.spoken(self.word(Key::Ram), &stack.inside, if free.is_empty() { &too_much } else { &free }),
            inside: stack.inside,
            beyond: stack.beyond,
            beyond_label: too_much,
            capacity: host.capacity.gib(),
            reserved: shown.then_some(BarMark { from: used, gib: cache, words }),
            free,
            ghost: self.ram_ghost(),
            ..MemoryBar::default()
        };
        let named = self.plan.machine.named_ram_gb_s(self.inputs.catalog);
        // The embedding table is looked up in it, which takes no time.
        let times = &self.estimate.speed.times;
        let looked_up = self.estimate.speed.decode.is_some() && times.ram_weights + times.ram_kv == 0.0;
        let elsewhere = self.estimate.training.is_some() || self.plan.workload.runtime != Runtime::LlamaCpp;
        let unread = looked_up || elsewhere && !self.groups.is_empty();
        let rate = named.or_else(|| self.estimate.assumed_ram_gb_s());
        MemoryLane {
            chip: "CPU".to_owned(),
            bandwidth: self.bandwidth_of(rate, unread),
            bar,
            rows,
            beside,
            axis: GibAxis::default(),
            below: None,
        }
    }

    /// The hourglass from the last card into the RAM, or the bare link where nothing spills.
    pub(super) fn link(&self, between: f32) -> MemoryLink {
        let pcie = facts::pcie(&self.plan.machine, self.inputs.catalog);
        let gb_s = pcie.and_then(|(generation, lanes)| self.inputs.catalog.runtimes().pcie_gb_s(generation, lanes));
        let last = self.groups.last().and_then(|group| self.estimate.devices.get(group.place));
        let capacity = last.map_or(0.0, |device| device.capacity.gib());
        let gib = bars::sum(&self.spilled);
        let flow = (gib > 0.0).then(|| LinkFlow { from: capacity, to: self.estimate.host.os.gib(), gib });
        let name = pcie.map(|(generation, lanes)| {
            let holes =
                [(Placeholder::Generation, &*format!("{generation}.0")), (Placeholder::Lanes, &*lanes.to_string())];
            self.say(Key::LinkPcie, &holes)
        });
        let more = match (&self.estimate.training, flow) {
            (Some(_), _) => self.word(Key::LinkBatches),
            (None, Some(_)) if between >= 60.0 => self.word(Key::LinkScale),
            _ => "",
        };
        // A single bar has words of its own under its right half, and what is free of it.
        let one = self.estimate.devices.len() == 1;
        MemoryLink {
            gb_s,
            name: name.unwrap_or_default(),
            rate: gb_s.map_or_else(|| self.word(Key::NoData).to_owned(), super::words::rate),
            more: more.to_owned(),
            flow,
            at: capacity * if one { 0.25 } else { 0.5 },
            below: if one { 22.0 } else { 6.0 },
            thickness: self.thickness(),
        }
    }
}
