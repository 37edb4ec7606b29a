//! The picture: one bar for each card, the link, the RAM bar, all on one scale.

use eframe::egui::{Align2, Painter, Pos2, Rangef, Rect, Sense, Stroke, Ui, pos2, vec2};

use super::bars::{self, Stack};
use super::{PlanInputs, facts};
use crate::estimate::{DeviceEstimate, Estimate};
use crate::plan::Plan;
use crate::text::{self, Hole, Key};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{Memory, Tokens};
use crate::ui::widgets::link::{self, Thickness};
use crate::ui::widgets::memory_bar::{Axis, MemoryBar, Segment};
use crate::ui::{paint, words};

/// Bars begin here: chip 45, lane 51.
const LEFT: f32 = 96.0;
const CHIP: f32 = 45.0;
const GAP: f32 = 12.0;
const HEADER: f32 = 22.0;
/// Right of the bars, where each says what is on it.
const NOTES: f32 = 214.0;
const RAM_BAR: f32 = 56.0;

/// What the picture is drawn from, worked out once a frame.
struct Scene<'a> {
    plan: &'a Plan,
    estimate: &'a Estimate,
    inputs: &'a PlanInputs<'a>,
    t: &'static Tokens,
    painter: Painter,
    /// The whole picture.
    rect: Rect,
    axis: Axis,
    thickness: Thickness,
    /// Devices that get a bar: all of them, or one for many equal ones.
    shown: &'a [DeviceEstimate],
    bar: f32,
    unified: bool,
    spilled: Vec<Segment>,
}

/// Draws the picture, `close` together in a low window. Its height depends on the number of cards alone.
pub(super) fn show(ui: &mut Ui, plan: &Plan, estimate: &Estimate, inputs: &PlanInputs<'_>, close: bool) {
    let unified = facts::is_unified(&plan.machine, inputs.catalog);
    let shown = shown(&estimate.devices);
    let bar = match shown.len() {
        0 | 1 => 56.0,
        2 => 40.0,
        3 | 4 => 28.0,
        _ => 16.0,
    };
    let link = if shown.len() == 1 && !close { 68.0 } else { 44.0 };
    let vram = if shown.is_empty() { 0.0 } else { HEADER + shown.len() as f32 * (bar + GAP) - GAP };
    let ram = if unified { 40.0 } else { RAM_BAR + 44.0 };
    let between = if unified || shown.is_empty() { 0.0 } else { link };
    let (_, rect) = ui
        .allocate_space(vec2(ui.available_width(), vram + between + ram + if shown.is_empty() { HEADER } else { 0.0 }));
    let t = Tokens::of(ui);
    let spilled = if unified { Vec::new() } else { bars::spilled(estimate, inputs.locale) };
    let scene = Scene {
        axis: axis(rect, estimate, shown, unified, bars::sum(&spilled)),
        thickness: thickness(plan, inputs),
        painter: ui.painter().clone(),
        plan,
        estimate,
        inputs,
        t,
        rect,
        shown,
        bar,
        unified,
        spilled,
    };
    let mut y = rect.top();
    if !shown.is_empty() {
        scene.vram_header(y);
        y += HEADER;
        for place in 0..shown.len() {
            scene.device(ui, place, Rangef::new(y, y + bar));
            y += bar + GAP;
        }
        y -= GAP;
        if unified {
            scene.axis_labels(y);
            return;
        }
    } else {
        y += HEADER;
    }
    let ram_rows = Rangef::new(y + between, y + between + RAM_BAR);
    if !shown.is_empty() {
        scene.link(y, ram_rows.min);
    }
    scene.ram(ui, ram_rows);
    scene.axis_labels(ram_rows.max);
    scene.ram_header(ram_rows.max + 33.0);
}

/// One bar each, but one for all where more than eight are alike.
fn shown(devices: &[DeviceEstimate]) -> &[DeviceEstimate] {
    let alike = devices.iter().all(|device| device.capacity == devices[0].capacity && device.card == devices[0].card);
    if devices.len() > 8 && alike { &devices[..1] } else { &devices[..devices.len().min(16)] }
}

/// From zero to a little more than the longest bar, with room for the notes beside the bars of several cards.
#[expect(clippy::cast_possible_truncation, reason = "a scale on the screen")]
fn axis(rect: Rect, estimate: &Estimate, shown: &[DeviceEstimate], unified: bool, spilled: f64) -> Axis {
    let card = shown.iter().map(|device| device.capacity.gib() + device.excess.unwrap_or_default().gib());
    let card = card.fold(0.0, f64::max);
    let host =
        if unified { 0.0 } else { estimate.host.capacity.gib() + estimate.host.excess.unwrap_or_default().gib() };
    let longest = (card + spilled).max(host).max(1.0) * 1.06;
    let room = f64::from(rect.width() - LEFT);
    let mut scale = room / longest;
    if shown.len() > 1 && card > 0.0 {
        scale = scale.min((room - f64::from(NOTES)) / (card + spilled));
    }
    Axis { left: rect.left() + LEFT, points_per_gib: scale as f32 }
}

fn thickness(plan: &Plan, inputs: &PlanInputs<'_>) -> Thickness {
    let rates = (0..plan.machine.cards.len())
        .filter_map(|place| facts::card(&plan.machine, place, inputs.catalog).and_then(|card| card.bandwidth_gb_s));
    Thickness::up_to(rates.fold(0.0, f64::max), 56.0)
}

impl Scene<'_> {
    fn word(&self, key: Key) -> &'static str {
        self.inputs.locale.word(key)
    }

    fn say(&self, key: Key, holes: &[(Hole, &str)]) -> String {
        self.inputs.locale.sentence(key, holes)
    }

    fn write(&self, at: (f32, f32), anchor: Align2, words: &str, step: Type) -> Rect {
        let ink = match step {
            Type::SmallStrong | Type::CaptionStrong => self.t.text,
            Type::Small => self.t.sec,
            _ => self.t.faint,
        };
        paint::text(&self.painter, pos2(at.0, at.1), anchor, words, step, ink)
    }

    fn vram_header(&self, y: f32) {
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
                let size = of_kind.clone().next().map(|device| text::gib(device.capacity)).unwrap_or_default();
                let count = of_kind.count();
                let holes = [(Hole::Count, &*count.to_string()), (Hole::Card, card), (Hole::Value, &*size)];
                self.say(if count > 1 { Key::CardsAndSize } else { Key::CardAndSize }, &holes)
            })
            .collect();
        let mut line = names.join("; ");
        if devices.len() > 1 {
            line = format!("{line}; {}", self.word(Key::LayersSplit));
        }
        let room = self.rect.right() - drawn.right() - 12.0 - if self.shown.len() == 1 { 110.0 } else { 0.0 };
        let at = pos2(drawn.right() + 10.0, y);
        paint::text_within(&self.painter, at, Align2::LEFT_CENTER, &line, (Type::Small, self.t.sec), room);
        let over =
            bars::sum(&self.spilled) > 0.0 || devices.iter().any(|device| device.excess.is_some_and(|it| it.0 > 0));
        if let Some(needed) = self.estimate.needed().filter(|_| self.shown.len() == 1 && over) {
            let words = self.say(Key::NeedsTotal, &[(Hole::Value, &text::gib(needed))]);
            let longest = devices.first().map_or(0.0, |it| it.capacity.gib() + it.excess.unwrap_or_default().gib());
            let end = self.axis.x(longest + bars::sum(&self.spilled)).min(self.rect.right());
            self.write((end, y), Align2::RIGHT_CENTER, &words, Type::SmallStrong);
        }
    }

    fn device(&self, ui: &Ui, place: usize, rows: Rangef) {
        let Some(device) = self.shown.get(place) else { return };
        let last = place + 1 == self.shown.len();
        let locale = self.inputs.locale;
        let Stack { inside, mut beyond } =
            if self.unified { bars::pool(self.estimate, locale) } else { bars::device(device, locale) };
        let mut past = self.past(device.excess, Key::DoesNotFitPart);
        if last && !self.spilled.is_empty() {
            beyond.clone_from(&self.spilled);
            past = self.past(self.estimate.host.total, Key::SpillsToRam);
        }
        let name = self.chip_name(place);
        let free = self
            .inputs
            .free_now
            .get(place)
            .map(|free| (free.gib(), self.say(Key::FreeNow, &[(Hole::Value, &text::gib_bare(*free))])));
        let spoken = self.spoken(&name, &inside, &self.free_words(device));
        MemoryBar {
            salt: ("vram", place),
            spoken: &spoken,
            rows,
            axis: self.axis,
            inside: &inside,
            beyond: &beyond,
            beyond_label: &past,
            capacity: device.capacity.gib(),
            withheld: if self.unified { 0.0 } else { device.capacity.saturating_sub(device.usable).gib() },
            marks_end: self.bar >= 28.0 && !self.unified,
            reserved: None,
            free_now: free.as_ref().map(|(gib, words)| (*gib, words.as_str())),
        }
        .show(ui);
        self.chip(ui, &name, rows, self.bandwidth(device.card));
        self.notes(device, rows, bars::sum(&beyond));
    }

    /// What is written on the part past the end of a memory.
    fn past(&self, bytes: Option<crate::units::Bytes>, key: Key) -> String {
        let bytes = bytes.filter(|bytes| bytes.0 > 0);
        bytes.map(|bytes| self.say(key, &[(Hole::Value, &text::gib(bytes))])).unwrap_or_default()
    }

    fn chip_name(&self, place: usize) -> String {
        if self.shown.len() > 1 { format!("GPU {place}") } else { "GPU".to_owned() }
    }

    fn bandwidth(&self, card: usize) -> Option<f64> {
        facts::card(&self.plan.machine, card, self.inputs.catalog).and_then(|card| card.bandwidth_gb_s)
    }

    fn chip(&self, ui: &Ui, name: &str, rows: Rangef, gb_s: Option<f64>) {
        let chip = Rect::from_x_y_ranges(self.rect.left()..=self.rect.left() + CHIP, rows);
        link::chip(&self.painter, chip, name, self.t);
        let lane = Rect::from_x_y_ranges(chip.right()..=self.axis.left, rows);
        link::lane(&self.painter, lane, gb_s, self.word(Key::NoData), self.thickness, self.t);
        let reading =
            gb_s.map_or_else(|| self.word(Key::NoData).to_owned(), |rate| format!("{} GB/s", text::trimmed(rate, 1)));
        ui.interact(lane, ui.make_persistent_id(("lane", name)), Sense::hover())
            .on_hover_text(format!("{name} {reading}"));
    }

    fn free_words(&self, device: &DeviceEstimate) -> String {
        let over = device.excess.filter(|excess| excess.0 > 0);
        match (over, device.free) {
            (Some(excess), _) => self.say(Key::ValueOver, &[(Hole::Value, &text::gib(excess))]),
            (None, Some(free)) => self.say(Key::ValueFree, &[(Hole::Value, &text::gib(free))]),
            (None, None) => self.word(Key::NoData).to_owned(),
        }
    }

    /// The verdict of one card: beside its bar, or under it where it is the only one.
    fn notes(&self, device: &DeviceEstimate, rows: Rangef, beyond: f64) {
        let free = self.free_words(device);
        let end = self.axis.x(device.capacity.gib());
        if self.shown.len() == 1 && self.estimate.devices.len() == 1 {
            let words = match device.verdict {
                Some(verdict) => format!("{free} · {}", self.word(words::verdict(verdict))),
                None => free,
            };
            let drawn = self.write((end - 4.0, rows.max + 13.0), Align2::RIGHT_CENTER, &words, Type::Caption);
            self.verdict_icon(pos2(drawn.left() - 9.0, drawn.center().y), device);
            return;
        }
        let left = self.axis.x(device.capacity.gib() + beyond) + 12.0;
        let layers = [(Hole::OnGpu, device.gpu_layers.to_string()), (Hole::Layers, self.estimate.layers.to_string())];
        let layers: Vec<(Hole, &str)> = layers.iter().map(|(hole, value)| (*hole, value.as_str())).collect();
        let mut first = format!("{}  {free}", self.say(Key::LayersOfAll, &layers));
        if self.estimate.devices.len() > self.shown.len() {
            let count = self.estimate.devices.len().to_string();
            first = format!("{}: {first}", self.say(Key::EachOf, &[(Hole::Count, &count)]));
        }
        let two_lines = rows.span() >= 28.0;
        let y = if two_lines { rows.center() - 8.0 } else { rows.center() };
        self.verdict_icon(pos2(left + 6.0, y), device);
        self.write((left + 17.0, y), Align2::LEFT_CENTER, &first, Type::SmallStrong);
        if two_lines {
            let fine = |bytes: Option<crate::units::Bytes>| {
                bytes.map_or_else(|| self.word(Key::NoData).to_owned(), text::gib_fine)
            };
            let kv = device.parts.kv_cache.zip(device.parts.recurrent_state).map(|(kv, state)| kv + state);
            let parts = [
                (Hole::Kv, fine(kv)),
                (Hole::Compute, fine(device.parts.compute)),
                (Hole::Overhead, text::gib_fine(device.overhead.expected)),
            ];
            let parts: Vec<(Hole, &str)> = parts.iter().map(|(hole, value)| (*hole, value.as_str())).collect();
            self.write((left + 17.0, y + 16.0), Align2::LEFT_CENTER, &self.say(Key::BarParts, &parts), Type::Caption);
        }
    }

    fn verdict_icon(&self, at: Pos2, device: &DeviceEstimate) {
        if let Some(verdict) = device.verdict {
            icons::verdict_small(&self.painter, at, verdict, self.t);
        }
    }

    fn spoken(&self, name: &str, segments: &[Segment], end: &str) -> String {
        let parts: Vec<&str> = segments.iter().filter(|it| it.gib > 0.0).map(|it| it.label.as_str()).collect();
        let parts = parts.join(", ");
        self.say(Key::BarTwin, &[(Hole::Name, name), (Hole::Parts, &parts), (Hole::Value, end)])
    }

    /// The hourglass from the last card into the RAM, or the bare link where nothing spills.
    fn link(&self, top: f32, bottom: f32) {
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
            let x = self.axis.x(capacity / 2.0);
            self.painter.vline(x, top + 6.0..=bottom - 6.0, Stroke::new(waist, self.t.rail));
            pos2(x, f32::midpoint(top, bottom))
        };
        let Some((generation, lanes)) = pcie else { return };
        let generation = format!("{generation}.0");
        let link = self.say(Key::LinkPcie, &[(Hole::Generation, &generation), (Hole::Lanes, &lanes.to_string())]);
        let rate =
            rate.map_or_else(|| self.word(Key::NoData).to_owned(), |rate| format!("{} GB/s", text::trimmed(rate, 1)));
        // A bottleneck near the right end leaves more room at its left.
        let fits = at.x + 16.0 + 190.0 <= self.rect.right();
        let x = if fits { at.x + 16.0 } else { at.x - 16.0 - 190.0 };
        let (first, second) = if flow > 0.0 { (at.y + 2.0, at.y + 17.0) } else { (at.y, at.y) };
        let drawn = self.write((x, first), Align2::LEFT_CENTER, &link, Type::Small);
        self.write((drawn.right() + 8.0, first), Align2::LEFT_CENTER, &rate, Type::SmallStrong);
        if flow > 0.0 {
            self.write((x, second), Align2::LEFT_CENTER, self.word(Key::LinkScale), Type::Caption);
        }
    }

    fn ram(&self, ui: &Ui, rows: Rangef) {
        let host = &self.estimate.host;
        let locale = self.inputs.locale;
        let stack = bars::host(host, !self.spilled.is_empty(), locale);
        let used = bars::sum(&stack.inside);
        let capacity = host.capacity.gib();
        let free =
            host.free.map(|free| self.say(Key::FreeValue, &[(Hole::Value, &text::gib_bare(free))])).unwrap_or_default();
        let spoken = self.spoken(self.word(Key::Ram), &stack.inside, &free);
        let cache = host.prompt_cache.gib();
        MemoryBar {
            salt: ("ram", 0),
            spoken: &spoken,
            rows,
            axis: self.axis,
            inside: &stack.inside,
            beyond: &stack.beyond,
            beyond_label: &self.past(host.excess, Key::DoesNotFitPart),
            capacity,
            withheld: 0.0,
            marks_end: false,
            reserved: (cache > 0.0 && bars::sum(&stack.beyond) == 0.0).then_some((used, cache)),
            free_now: None,
        }
        .show(ui);
        self.chip(ui, "CPU", rows, facts::ram_gb_s(&self.plan.machine, self.inputs.catalog));
        self.ram_notes(rows, used, cache, &free);
    }

    /// What is free, and whether the prompt cache has room in it.
    fn ram_notes(&self, rows: Rangef, used: f64, cache: f64, free: &str) {
        let capacity = self.estimate.host.capacity.gib();
        let (from, end) = (self.axis.x(used), self.axis.x(capacity));
        let cache_end = self.axis.x(used + cache).min(self.rect.right());
        let words = self.say(Key::PromptCacheUpTo, &[(Hole::Value, &format!("{} GiB", text::trimmed(cache, 1)))]);
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
        if cache <= 0.0 {
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
            let words = self.say(Key::MoreThanFree, &[(Hole::Value, &text::gib_bare(excess))]);
            let at = pos2(x + 18.0, y + 10.0);
            let look = (Type::CaptionStrong, self.t.text);
            paint::text_within(&self.painter, at, Align2::LEFT_CENTER, &words, look, room - 18.0);
        }
    }

    /// Numbers under the lowest bar, at most ten of them.
    fn axis_labels(&self, top: f32) {
        let most = f64::from((self.rect.right() - self.axis.left) / self.axis.points_per_gib);
        let steps = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0];
        let step = steps.into_iter().find(|step| most / step <= 6.5).unwrap_or(4096.0);
        let mut at = 0.0;
        while at <= most {
            let x = self.axis.x(at);
            self.painter.vline(x, top + 2.0..=top + 6.0, Stroke::new(1.0, self.t.rail));
            let number = self.write((x, top + 14.0), Align2::CENTER_CENTER, &text::decimal(at, 0), Type::CaptionMono);
            let unit = (number.right() + 5.0, top + 14.0);
            if at + step > most && unit.0 + 22.0 <= self.rect.right() {
                self.write(unit, Align2::LEFT_CENTER, "GiB", Type::CaptionMono);
            }
            at += step;
        }
    }

    fn ram_header(&self, y: f32) {
        let drawn = self.write((self.axis.left, y), Align2::LEFT_CENTER, self.word(Key::Ram), Type::SmallStrong);
        let kind = facts::ram_words(&self.plan.machine, self.inputs.catalog);
        let size = text::gib(self.estimate.host.capacity);
        let line = if kind.is_empty() {
            size
        } else {
            self.say(Key::CardAndSize, &[(Hole::Card, &kind), (Hole::Value, &size)])
        };
        self.write((drawn.right() + 10.0, y), Align2::LEFT_CENTER, &line, Type::Small);
    }
}
