//! From places to the whole: the steps of all devices and the host put together.

use super::band::{self, PlacesSpread, around};
use super::decode;
use super::network;
use super::prefill::Prompt;
use super::rates::DeviceRates;
use crate::estimate::answer::{NetworkShare, Speed, Spread, StepBytes, StepTimes};
use crate::estimate::host_rates::HostRates;
use crate::estimate::step::{HostReads, Inference, StepFacts, StepReads, Together, TokenSpan};
use crate::units::{Band, Bytes, BytesPerSecond, GIB, Seconds};

/// What one decode step adds up to.
#[derive(Debug, Clone, Copy, Default)]
struct DecodeStep {
    times: StepTimes,
    reads: StepBytes,
    doubt: Doubt,
    power: Power,
    /// Devices that hold something.
    devices: f64,
    /// Seconds of the host.
    on_host: f64,
    /// What crosses between boxes.
    network: NetworkShare,
}

/// How unsure seconds are.
#[derive(Debug, Clone, Copy, Default)]
struct Doubt {
    /// Seconds × half width of the band, over all places.
    all: f64,
    /// The same of the host alone.
    host: f64,
    /// The widest of the devices' half widths.
    widest: f64,
    /// A device unpacks its weights with general kernels.
    unpacks: bool,
    /// The widest of the doubts about what limits of power cost.
    limit: f64,
}

impl Doubt {
    /// The same as shares of `seconds`.
    fn over(&self, seconds: f64) -> PlacesSpread {
        let Self { all, host, widest, unpacks, limit } = *self;
        PlacesSpread { widest, all: all / seconds, host: host / seconds, unpacks, limit }
    }
}

/// W of the devices: all of them, and weighed by the seconds in which they read and calculate.
#[derive(Debug, Clone, Copy, Default)]
struct Power {
    unknown: bool,
    all: f64,
    reading: f64,
    computing: f64,
}

/// How fast a plan goes by these facts, with these rates of its devices in order; figures that need a rate that nobody
/// knows are `None`.
pub(in crate::estimate) fn of<'a>(
    facts: &StepFacts,
    rates: &(impl Iterator<Item = Option<&'a DeviceRates<'a>>> + Clone),
    machine: &HostRates<'a>,
) -> Speed {
    let StepFacts { inference, host, .. } = facts;
    let devices = &of_devices(facts, rates);
    let load = band::load(facts, machine);
    let (step, seconds) = match timed((inference, host), devices, machine) {
        Ok(timed) => timed,
        Err(untimed) => return Speed { load, unpredictable: untimed == Untimed::Unpredictable, ..Speed::default() },
    };
    let speeds = machine.speeds;
    let mut all = devices.clone().fold(host.reads, |all, (reads, _)| all + *reads);
    all.expert_blocks += host.experts_apart;
    let cache = (step.times.vram_kv + step.times.ram_kv) / seconds;
    let spread = band::decode_spread(step.doubt.over(seconds), cache, inference, &all, speeds);
    let network = step.network.half(seconds);
    let spread = Spread { placement: step.spilled(facts, &all) / seconds, network, ..spread };
    let decode_total = spread.around(inference.sequences * inference.in_turn / seconds);
    let power = step.power.watts(seconds, machine);
    let prompt_spread = |places: PlacesSpread| band::prefill_spread(places, inference, &all, speeds);
    let widened = |prompt: &PromptTime| Spread {
        network: prompt.network.half(prompt.seconds.0),
        ..prompt_spread(prompt.doubt.over(prompt.seconds.0))
    };
    let prefill = |prompt: Prompt| prefill(&prompt, inference, devices.clone(), host, machine);
    let timed = Prompt::new(inference.prompt, inference.batch_tokens);
    let measured = prefill(timed);
    let prefill_spread = measured.as_ref().map(widened);
    let first = Prompt::new(TokenSpan { from: 0.0, to: inference.prompt_tokens }, inference.batch_tokens);
    let first = if first == timed { measured } else { prefill(first) };
    let first_token = first.map(|prompt| {
        let until = prompt.seconds.0 + seconds;
        let doubt = Doubt { all: prompt.doubt.all + step.doubt.all, ..prompt.doubt };
        let network = prompt.network.half(until);
        around(until, Spread { network, ..prompt_spread(doubt.over(until)) }.half())
    });
    Speed {
        decode: Some(spread.around(1.0 / seconds)),
        at_once: None,
        decode_total: Some(decode_total),
        sustained: None,
        prefill: measured
            .zip(prefill_spread)
            .map(|(prompt, spread)| around(timed.tokens / prompt.seconds.0, spread.half())),
        first_token,
        queued_first_token: None,
        load,
        network: (step.network.seconds.expected > 0.0).then_some(step.network),
        power,
        energy: power.map(|power| band::energy(power, decode_total)),
        decode_spread: Some(spread),
        prefill_spread,
        times: step.times,
        reads: step.reads,
        pages: false,
        unpredictable: false,
        train: None,
    }
}

/// Tokens a second of one sequence as [`of`] expects them, and nothing else of it.
pub(in crate::estimate) fn decode_alone<'a>(
    (inference, reads, host): (&Inference, &'a [StepReads], &HostReads),
    rates: &(impl Iterator<Item = Option<&'a DeviceRates<'a>>> + Clone),
    machine: &HostRates<'a>,
) -> Option<f64> {
    let on = |index: usize| reads.get(index).unwrap_or(&StepReads::NOTHING);
    let devices = rates.clone().enumerate().map(|(index, rates)| (on(index), rates));
    timed((inference, host), &devices, machine).ok().map(|(_, seconds)| 1.0 / seconds)
}

/// What lies on each device, and its rates. Devices without a part of the model count, too: they draw power.
fn of_devices<'f, 'a: 'f>(
    facts: &'f StepFacts,
    rates: &(impl Iterator<Item = Option<&'a DeviceRates<'a>>> + Clone),
) -> impl Iterator<Item = (&'f StepReads, Option<&'f DeviceRates<'f>>)> + Clone {
    rates.clone().enumerate().map(|(index, rates)| (facts.devices.on(index), rates))
}

/// Why a step has no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Untimed {
    /// Nobody can tell how fast a device is with such weights.
    Unpredictable,
    /// A rate is not known, or nothing is read.
    NoData,
}

/// A decode step and its seconds.
fn timed<'f>(
    (inference, host): (&Inference, &HostReads),
    devices: &(impl Iterator<Item = (&'f StepReads, Option<&'f DeviceRates<'f>>)> + Clone),
    machine: &HostRates<'f>,
) -> Result<(DecodeStep, f64), Untimed> {
    let unpredictable = |(reads, rates): (&StepReads, Option<&DeviceRates<'_>>)| {
        !reads.is_empty() && rates.is_some_and(|rates| rates.is_unpredictable(inference))
    };
    if devices.clone().any(unpredictable) {
        return Err(Untimed::Unpredictable);
    }
    let step = step(inference, devices.clone(), host, machine).ok_or(Untimed::NoData)?;
    let seconds = step.times.total();
    if seconds > 0.0 && seconds.is_finite() { Ok((step, seconds)) } else { Err(Untimed::NoData) }
}

impl DecodeStep {
    /// Seconds that a step takes longer where more whole layers of a dense model lie in RAM, as many as may: each byte of
    /// them is read as slowly as those that lie there already.
    fn spilled(&self, facts: &StepFacts, all: &StepReads) -> f64 {
        let there = facts.host.reads.dense_bytes;
        let on_devices = all.dense_bytes - there;
        if there <= 0.0 || on_devices <= 0.0 || all.expert_blocks > 0.0 {
            return 0.0;
        }
        let (slow, quick) = (self.on_host / there, (self.times.total() - self.on_host) / on_devices);
        facts.may_spill_bytes.min(on_devices) * (slow - quick).max(0.0)
    }
}

/// One decode step over all places.
fn step<'a>(
    inference: &Inference,
    devices: impl Iterator<Item = (&'a StepReads, Option<&'a DeviceRates<'a>>)> + Clone,
    host: &HostReads,
    machine: &HostRates<'a>,
) -> Option<DecodeStep> {
    let links = &machine.speeds.links;
    let mut step = DecodeStep::default();
    let holding = devices.clone().filter(|(reads, _)| !reads.is_empty()).count();
    let several = if holding > 1 && inference.together == Together::Layers { links.split_us } else { 0.0 };
    let (mut reduce, mut blocks) = (0.0_f64, 0.0_f64);
    let apart = machine.network.is_some() && inference.crossing.cut;
    for (reads, rates) in devices {
        if reads.is_empty() {
            step.power.add(rates, &StepTimes::default());
            continue;
        }
        let rates = rates?;
        let times = decode::on_device(reads, inference, rates, several);
        step.devices += 1.0;
        step.reads.vram_weights += whole(reads.weight_bytes(inference));
        step.reads.vram_kv += whole(reads.cache_bytes(inference));
        step.power.add(Some(rates), &times);
        let calibrated = if rates.calibration.decode_measured {
            machine.speeds.spreads.measured
        } else {
            rates.family.decode_spread
        };
        let doubt = times.total() * calibrated;
        step.doubt.widest = step.doubt.widest.max(calibrated);
        step.doubt.limit = step.doubt.limit.max(rates.clock.unsure.1);
        step.doubt.unpacks |= rates.general_kernels(inference).is_some() && !rates.calibration.decode_measured;
        if inference.together == Together::Tensor {
            blocks = blocks.max(reads.blocks);
            // Cards of several boxes add up over the network.
            if holding > 1 && !apart {
                let fixed = links.reduce_us(rates.link) + rates.family.decode.cut_us;
                let sent = exchanged(reads, inference, inference.sequences, holding);
                let moved = between(rates, machine).map_or(0.0, |rate| rate.time_for(sent).0);
                reduce = reduce.max(reads.blocks * fixed * 1e-6 + moved);
            }
            if times.total() > step.times.total() {
                step.times = times;
                step.doubt.all = doubt;
            }
        } else {
            step.times = step.times + times;
            step.doubt.all += doubt;
        }
    }
    step.times.link += reduce;
    if let Some(network) = &machine.network {
        step.network = network.of_step(inference, blocks, holding, &step.times);
        step.times.link += step.network.seconds.expected;
    }
    if !host.reads.is_empty() {
        let times = decode::on_host(&host.reads, inference, machine);
        step.reads.ram_weights = whole(host.reads.weight_bytes(inference));
        step.reads.ram_kv = whole(host.reads.cache_bytes(inference));
        step.times = step.times + times;
        step.on_host = times.total();
        step.doubt.host = times.total() * host_spread(machine);
        step.doubt.all += step.doubt.host;
        if step.devices > 0.0 {
            step.times.link += decode::handovers(host.experts_apart, host.reads.blocks > 0.0, links);
        }
    }
    Some(step)
}

/// Bytes that are told: whole ones.
fn whole(bytes: f64) -> Bytes {
    Bytes::from_gib(bytes / GIB as f64)
}

/// How long a prompt takes, and how unsure that is.
#[derive(Debug, Clone, Copy)]
struct PromptTime {
    seconds: Seconds,
    doubt: Doubt,
    /// What crosses between boxes.
    network: NetworkShare,
}

/// A prompt over all places.
fn prefill<'a>(
    prompt: &Prompt,
    inference: &Inference,
    devices: impl Iterator<Item = (&'a StepReads, Option<&'a DeviceRates<'a>>)> + Clone,
    host: &HostReads,
    machine: &HostRates<'a>,
) -> Option<PromptTime> {
    let (mut seconds, mut doubt, mut holding, mut reached) = (Seconds::ZERO, Doubt::default(), 0.0, 1.0_f64);
    let (mut first, mut reductions, mut blocks) = (None, Seconds::ZERO, 0.0_f64);
    let crossing = &inference.crossing;
    let together = devices.clone().filter(|(reads, _)| !reads.is_empty()).count();
    for (reads, rates) in devices {
        if reads.is_empty() {
            first = first.or(rates);
            continue;
        }
        let rates = rates?;
        let one = prompt.on_device(reads, inference, rates)?;
        let spread = if rates.calibration.prefill_measured {
            machine.speeds.spreads.measured
        } else {
            rates.family.prefill_spread
        };
        doubt.widest = doubt.widest.max(spread);
        doubt.limit = doubt.limit.max(rates.clock.unsure.0);
        doubt.unpacks |= rates.general_kernels(inference).is_some() && !rates.calibration.prefill_measured;
        if inference.together == Together::Tensor {
            seconds = seconds.max(one);
            doubt.all = doubt.all.max(one.0 * spread);
            blocks = blocks.max(reads.blocks);
            let sent = exchanged(reads, inference, prompt.tokens, together);
            let rate = between(rates, machine).filter(|_| !crossing.cut);
            reductions = reductions.max(rate.map_or(Seconds::ZERO, |rate| rate.time_for(sent)));
        } else {
            seconds += one;
            doubt.all += one.0 * spread;
        }
        reached = reached.min(rates.family.prefill.pipeline);
        holding += 1.0;
        first = first.or(Some(rates));
    }
    let follow = crossing.messages <= 0.0 || crossing.overlaps;
    if holding > 1.0 && inference.together == Together::Layers && host.reads.is_empty() && follow {
        let gain = prompt.pipeline_gain(holding, reached);
        seconds = seconds / gain;
        // The gain depends on how well the batches overlap.
        doubt.all = doubt.all / gain + seconds.0 * 0.2 * (1.0 - 1.0 / gain);
    }
    seconds += reductions;
    let network = match &machine.network {
        Some(network) => network.of_prompt(prompt, inference, blocks, together, seconds),
        None => NetworkShare::default(),
    };
    seconds += Seconds(network.seconds.expected);
    let copies = machine.pcie.zip(first);
    let on_host = prompt.on_host(&host.reads, inference, &machine.speeds.host, copies);
    let guess = &machine.speeds.host.tflops;
    doubt.host = on_host.0 * (guess.high / guess.low).sqrt().ln();
    doubt.all += doubt.host;
    Some(PromptTime { seconds: seconds + on_host, doubt, network })
}

/// Bytes that one of so many devices sends while they add up their parts of each block.
fn exchanged(reads: &StepReads, inference: &Inference, tokens: f64, devices: usize) -> f64 {
    reads.blocks * network::exchanged(inference, tokens, devices)
}

/// Bytes a second between devices: over their own link, or over PCI Express.
fn between(rates: &DeviceRates<'_>, machine: &HostRates<'_>) -> Option<BytesPerSecond> {
    let links = &machine.speeds.links;
    let through_ram = if rates.staged { links.staged } else { 1.0 };
    rates.link_rate.map(|rate| rate * links.pcie).or_else(|| Some(machine.pcie? * through_ram))
}

/// Half the band of what runs from RAM: wider where nobody named the RAM.
fn host_spread(machine: &HostRates<'_>) -> f64 {
    let law = &machine.speeds.host;
    if !machine.ram_assumed {
        return law.spread;
    }
    let guess = (law.ram_gb_s.high / law.ram_gb_s.low).sqrt() - 1.0;
    law.spread.hypot(guess)
}

impl Power {
    fn add(&mut self, rates: Option<&DeviceRates<'_>>, times: &StepTimes) {
        let Some(watts) = rates.and_then(|rates| rates.power) else {
            self.unknown = true;
            return;
        };
        self.all += watts;
        self.reading += watts * (times.vram_weights + times.vram_kv);
        self.computing += watts * times.compute;
    }

    /// W of all cards while a step of so many seconds repeats.
    fn watts(&self, seconds: f64, machine: &HostRates<'_>) -> Option<Band<f64>> {
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
