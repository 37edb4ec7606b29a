//! From places to the whole: the steps of all devices and the host put together.

use super::band::{self, around};
use super::machine::Machine;
use super::prefill::Prompt;
use super::rates::Rates;
use super::share::{Run, Share, Together};
use super::{Speed, StepTimes, decode};
use crate::units::Band;

/// What lies in RAM.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Host {
    /// Layers, experts and caches there.
    pub share: Share,
    /// Blocks whose experts lie there while the rest of the block lies on a device.
    pub experts_apart: f64,
}

/// What one decode step adds up to.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    times: StepTimes,
    /// Seconds × half width of the band.
    doubt: f64,
    power: Power,
    /// Devices that hold something.
    devices: f64,
}

/// W of the devices: all of them, and weighed by the seconds in which they read and calculate.
#[derive(Debug, Clone, Copy, Default)]
struct Power {
    unknown: bool,
    all: f64,
    reading: f64,
    computing: f64,
}

/// How fast `run` goes with these shares on devices and the host; figures that hang on unknown rates are `None`.
///
/// Devices without a share of the model are passed, too: they draw power.
pub fn of<'a>(
    run: &Run,
    devices: &(impl Iterator<Item = (Share, Option<Rates<'a>>)> + Clone),
    host: &Host,
    machine: &Machine<'a>,
) -> Speed {
    let load = band::load(machine);
    let Some(step) = step(run, devices.clone(), host, machine) else { return Speed { load, ..Speed::default() } };
    let speeds = machine.speeds;
    let seconds = step.times.total();
    if seconds <= 0.0 || !seconds.is_finite() {
        return Speed { load, ..Speed::default() };
    }
    let mut all = devices.clone().map(|(share, _)| share).fold(host.share, Share::with);
    all.expert_blocks += host.experts_apart;
    let cache = (step.times.vram_kv + step.times.ram_kv) / seconds;
    let half = band::decode_half(step.doubt / seconds, cache, run, &all, speeds);
    let decode = around(1.0 / seconds, half);
    let decode_total = around(run.sequences / seconds, half);
    let power = step.power.watts(seconds, machine);
    let prefill = |prompt: Prompt| prefill(&prompt, run, devices.clone(), host, machine);
    let timed = Prompt::new(run.prompt, run.batch_tokens);
    let measured = prefill(timed);
    let prefill_band = measured
        .map(|(seconds, doubt)| around(timed.tokens / seconds, band::prefill_half(doubt / seconds, run, &all, speeds)));
    let first = Prompt::new((0.0, run.prompt_tokens), run.batch_tokens);
    let first = if first == timed { measured } else { prefill(first) };
    let first_token = first.map(|(prompt, doubt)| {
        around(prompt + seconds, band::prefill_half((doubt + step.doubt) / (prompt + seconds), run, &all, speeds))
    });
    Speed {
        decode: Some(decode),
        decode_total: Some(decode_total),
        prefill: prefill_band,
        first_token,
        load,
        power,
        energy: power.map(|power| band::energy(power, decode_total)),
        times: step.times,
        pages: false,
        train: None,
    }
}

/// One decode step over all places.
fn step<'a>(
    run: &Run,
    devices: impl Iterator<Item = (Share, Option<Rates<'a>>)> + Clone,
    host: &Host,
    machine: &Machine<'a>,
) -> Option<Step> {
    let links = &machine.speeds.links;
    let mut step = Step::default();
    let holding = devices.clone().filter(|(share, _)| !share.is_empty()).count();
    let several = if holding > 1 && run.together == Together::Layers { links.split_us } else { 0.0 };
    let mut reduce = 0.0_f64;
    for (share, rates) in devices {
        if share.is_empty() {
            step.power.add(rates.as_ref(), &StepTimes::default());
            continue;
        }
        let rates = rates?;
        let times = decode::on_device(&share, run, &rates, several);
        step.devices += 1.0;
        step.power.add(Some(&rates), &times);
        let calibrated = if rates.calibration.decode_measured {
            machine.speeds.spreads.measured
        } else {
            rates.family.decode_spread
        };
        let doubt = times.total() * calibrated;
        if run.together == Together::Tensor {
            if holding > 1 {
                let fixed = links.reduce_us(rates.link) + rates.family.decode.cut_us;
                let sent = exchanged(&share, run, run.sequences, holding);
                let moved = between(&rates, machine).map_or(0.0, |rate| sent / rate);
                reduce = reduce.max(share.blocks * fixed * 1e-6 + moved);
            }
            if times.total() > step.times.total() {
                step.times = times;
                step.doubt = doubt;
            }
        } else {
            step.times = step.times.with(&times);
            step.doubt += doubt;
        }
    }
    step.times.link += reduce;
    if !host.share.is_empty() {
        let times = decode::on_host(&host.share, run, &machine.speeds.host, machine.ram);
        step.times = step.times.with(&times);
        step.doubt += times.total() * host_spread(machine);
        if step.devices > 0.0 {
            step.times.link += decode::handovers(host.experts_apart, host.share.blocks > 0.0, links);
        }
    }
    Some(step)
}

/// Seconds of a prompt over all places, and seconds × half width of the band.
fn prefill<'a>(
    prompt: &Prompt,
    run: &Run,
    devices: impl Iterator<Item = (Share, Option<Rates<'a>>)> + Clone,
    host: &Host,
    machine: &Machine<'a>,
) -> Option<(f64, f64)> {
    let (mut seconds, mut doubt, mut holding, mut reached) = (0.0_f64, 0.0_f64, 0.0, 1.0_f64);
    let (mut first, mut reductions) = (None, 0.0_f64);
    let together = devices.clone().filter(|(share, _)| !share.is_empty()).count();
    for (share, rates) in devices {
        if share.is_empty() {
            first = first.or(rates);
            continue;
        }
        let rates = rates?;
        let one = prompt.on_device(&share, run, &rates)?;
        let spread = if rates.calibration.prefill_measured {
            machine.speeds.spreads.measured
        } else {
            rates.family.prefill_spread
        };
        if run.together == Together::Tensor {
            seconds = seconds.max(one);
            doubt = doubt.max(one * spread);
            let sent = exchanged(&share, run, prompt.tokens, together);
            reductions = reductions.max(between(&rates, machine).map_or(0.0, |rate| sent / rate));
        } else {
            seconds += one;
            doubt += one * spread;
        }
        reached = reached.min(rates.family.prefill.pipeline);
        holding += 1.0;
        first = first.or(Some(rates));
    }
    if holding > 1.0 && run.together == Together::Layers && host.share.is_empty() {
        let gain = prompt.pipeline_gain(holding, reached);
        seconds /= gain;
        // The gain depends on how well the batches overlap.
        doubt = doubt / gain + seconds * 0.2 * (1.0 - 1.0 / gain);
    }
    seconds += reductions;
    let copies = first.as_ref().and_then(|rates| machine.pcie.map(|rate| (rate, rates)));
    let on_host = prompt.on_host(&host.share, run, &machine.speeds.host, copies);
    let guess = &machine.speeds.host.tflops;
    Some((seconds + on_host, doubt + on_host * (guess.high / guess.low).sqrt().ln()))
}

/// Bytes that one of so many devices sends while they add up their parts of each block: twice for each token its
/// activations in 16 bits, each `2 × (n - 1) / n` times (ring all-reduce).
fn exchanged(share: &Share, run: &Run, tokens: f64, devices: usize) -> f64 {
    let others = devices.saturating_sub(1) as f64;
    share.blocks * 4.0 * run.hidden * tokens * 2.0 * others / devices.max(1) as f64
}

/// Bytes a second between devices: over their own link, or over PCI Express.
fn between(rates: &Rates<'_>, machine: &Machine<'_>) -> Option<f64> {
    let share = machine.speeds.links.pcie;
    rates.link_bytes.map(|rate| rate * share).or(machine.pcie)
}

/// Half the band of what runs from RAM: wider where nobody named the RAM.
fn host_spread(machine: &Machine<'_>) -> f64 {
    let law = &machine.speeds.host;
    if !machine.ram_assumed {
        return law.spread;
    }
    let guess = (law.ram_gb_s.high / law.ram_gb_s.low).sqrt() - 1.0;
    law.spread.hypot(guess)
}

impl Power {
    fn add(&mut self, rates: Option<&Rates<'_>>, times: &StepTimes) {
        let Some(watts) = rates.and_then(|rates| rates.power) else {
            self.unknown = true;
            return;
        };
        self.all += watts;
        self.reading += watts * (times.vram_weights + times.vram_kv);
        self.computing += watts * times.compute;
    }

    /// W of all cards while a step of so many seconds repeats.
    fn watts(&self, seconds: f64, machine: &Machine<'_>) -> Option<Band<f64>> {
        let law = &machine.speeds.power;
        if self.unknown || self.all <= 0.0 {
            return None;
        }
        let busy = (law.reading - law.waiting) * self.reading + (law.computing - law.waiting) * self.computing;
        let expected = law.waiting * self.all + busy / seconds;
        let wide = around(expected, law.spread);
        Some(Band { high: wide.high.min(self.all), expected: expected.min(self.all), ..wide })
    }
}

impl StepTimes {
    /// Both, one after the other.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        Self {
            layers: self.layers + other.layers,
            vram_weights: self.vram_weights + other.vram_weights,
            vram_kv: self.vram_kv + other.vram_kv,
            ram_weights: self.ram_weights + other.ram_weights,
            ram_kv: self.ram_kv + other.ram_kv,
            compute: self.compute + other.compute,
            link: self.link + other.link,
        }
    }
}
