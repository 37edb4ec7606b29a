//! Why training's figures are what they are: the terms with the numbers put in, at the peak of the fullest device.

use super::buffers::{Buffers, GATHERED_LAYERS};
use super::optimizer::SCALE_BLOCK;
use super::phases::Source;
use super::run::{BUCKET_ELEMENTS, BUCKETS, TrainingRun};
use super::states::States;
use super::stored::{self, GPTQ_GROUP, GPTQ_SCALE, NF4_BLOCK, NF4_SCALES};
use super::tensor_groups::{TensorGroup, TrainingRole};
use super::trained_model::TrainedModel;
use super::{Grounds, answer, host, tensor_terms};
use crate::estimate::EstimateError;
use crate::estimate::answer::TrainingPhase;
use crate::estimate::explanation::{
    Certainty, ExplainRequest, Explanation, Factor, Figure, Quantity as Q, Term, WHOLE_BYTES, with_rest,
};
use crate::plan::{BaseQuant, Optimizer, Precision, Sharding, Task};
use crate::text::Key;
use crate::units::Bytes;

/// Explains a figure of a plan that trains; `None` where it does not apply.
///
/// # Errors
/// What training refuses.
pub(in crate::estimate) fn explain(
    asked: &ExplainRequest<'_>,
    trained: &TrainedModel,
) -> Result<Option<Explanation>, EstimateError> {
    let ExplainRequest { plan, catalog, figure, found, .. } = *asked;
    let Some((step, device)) = found.training.as_deref().zip(found.fullest()) else { return Ok(None) };
    let Some(at) = step.at(step.peak) else { return Ok(None) };
    super::explained(plan, catalog, trained, |run, grounds| {
        let (facts, adapter, ram) = (catalog.training(), step.adapter.min(at.weights), &found.host.parts);
        let stage = run.grid.stage(step.device as u64);
        let (part, share) = (run.part(stage), run.share(stage));
        let (_, height) = share.peak();
        // What the plan has put into RAM is explained there, on all cards together.
        let here = |on_card: Bytes, in_ram: Option<Bytes>| if on_card == Bytes::ZERO { in_ram } else { Some(on_card) };
        let scope = |on_card: Bytes, from_stage: u8| {
            let cut = if run.training.zero_stage >= from_stage { run.grid.data } else { 1 };
            Scope { run, stage: (on_card > Bytes::ZERO).then_some(stage), cards: (run.grid.tensor * cut) as f64 }
        };
        let (terms, rest, result) = match figure {
            Figure::Weights => {
                let on_card = at.weights - adapter;
                (scope(on_card, 3).weights(), Key::TermRounding, here(on_card, ram.weights))
            }
            Figure::Adapter => (vec![scope(adapter, 3).adapters()], Key::TermRounding, Some(adapter)),
            Figure::Gradients => {
                let scope = scope(at.gradients, 2);
                let told = scope.stage.is_some() && run.training.gradient_accumulation == 1;
                let told = told.then(|| tensor_terms::gradients(run, stage, &part, &height, step.peak)).flatten();
                let shared = Q::SharedBy.of(scope.cards / run.grid.tensor as f64);
                let whole = || vec![scope.trained(Key::TermGradients, scope.gradient_width())];
                let terms = told.map_or_else(whole, |terms| terms.into_iter().map(|it| it.times([shared])).collect());
                (terms, Key::TermRounding, here(at.gradients, ram.gradients))
            }
            Figure::Optimizer => {
                (scope(at.optimizer, 1).optimizer(), Key::TermRounding, here(at.optimizer, ram.optimizer))
            }
            Figure::Activations => {
                let rest = if height.from == Source::Step { Key::TermStep } else { Key::TermWorkMatrix };
                let positions = Term::of(Key::TermPositions, [Q::CardBytes.of(share.positions)]);
                let terms = tensor_terms::activations(run, stage, &part, &height, step.peak);
                let terms = terms.into_iter().chain([positions]).collect();
                (terms, rest, Some(at.activations + at.temporaries))
            }
            Figure::Compute => {
                (scope(at.buffers, 4).buffers(&share.buffers, step.peak), Key::TermRounding, Some(at.buffers))
            }
            Figure::Overhead => {
                let context = facts.context.bytes().expected.0 as f64;
                let allocated = device.parts.total().unwrap_or_default().0 as f64;
                let reserve = answer::reserve(run.training, facts).expected;
                let fragments = (device.overhead.expected.0 as f64 - context - allocated * reserve).max(0.0);
                let terms = [
                    Term::of(Key::TermContext, [Q::CardBytes.of(context)]),
                    Term::of(Key::TermFragments, [Q::CardBytes.of(fragments.round())]),
                    Term::of(Key::TermReserve, [Q::CardBytes.of(allocated), Q::Share.of(reserve)]),
                ];
                (terms.to_vec(), Key::TermReserve, Some(device.overhead.expected))
            }
            Figure::HostBuffers => {
                let processes = usize::try_from(run.grid.devices()).unwrap_or(usize::MAX);
                let terms = host::processes(run.training, &facts.host, processes, answer::checkpoint(run));
                (terms, Key::TermProcesses, ram.compute)
            }
            Figure::KvCache | Figure::RecurrentState | Figure::KvPool | Figure::Usable | Figure::Also => return None,
        };
        let states = matches!(figure, Figure::Weights | Figure::Adapter | Figure::Optimizer);
        let exact = states && grounds != Grounds::Nearest && run.grid.devices() == 1;
        let source = match figure {
            Figure::Overhead => &facts.context.source,
            Figure::HostBuffers => &facts.host.source,
            _ => &facts.laws,
        };
        let result = Some(result?);
        let terms = if result == Some(Bytes::ZERO) { Vec::new() } else { terms };
        Some(Explanation {
            terms: with_rest(terms, rest, result, WHOLE_BYTES),
            result,
            certainty: if exact { Certainty::Exact } else { Certainty::Estimate },
            source: source.clone(),
            ..Explanation::unknown(figure)
        })
    })
}

/// The part of a model whose states are explained: a stage on one of the cards that share it, or all of them in RAM.
#[derive(Clone, Copy)]
struct Scope<'a> {
    run: &'a TrainingRun<'a>,
    /// `None` for all.
    stage: Option<u64>,
    /// Cards that share a stage.
    cards: f64,
}

impl Scope<'_> {
    fn shared(&self) -> [Factor; 1] {
        [Q::SharedBy.of(if self.stage.is_some() { self.cards } else { 1.0 })]
    }

    /// A product that the cards share.
    fn of_all(&self, name: Key, factors: impl IntoIterator<Item = Factor>) -> Term {
        Term::of(name, factors.into_iter().chain(self.shared()))
    }

    /// Weights and states: of one card that shares the stage's tensors, or of the model.
    fn states(&self) -> States {
        self.stage.map_or(*self.run.states, |stage| self.run.states_of(stage))
    }

    /// What one card has of something, on all cards that share the stage's tensors.
    fn whole(&self, on_card: u64) -> f64 {
        on_card as f64 * if self.stage.is_some() { self.run.grid.tensor as f64 } else { 1.0 }
    }

    /// The tensors here, by shape.
    fn groups(&self) -> Vec<TensorGroup> {
        let Some(stage) = self.stage else { return self.run.model.groups.clone() };
        let groups = self.run.model.of_stage(self.run.grid.pipeline, stage);
        groups.iter().map(|group| group.on_each(self.run.grid.tensor)).collect()
    }

    /// Embeddings and output matrices here; and in the whole model.
    fn ends(&self) -> f64 {
        let own = |stage: u64| self.run.own_ends(&self.run.part(stage));
        self.stage.map_or_else(|| (0..self.run.grid.pipeline).map(own).sum(), own)
    }

    /// What is stored in 4 bits, and what is not.
    fn weights(&self) -> Vec<Term> {
        let run = self.run;
        let is_quantized = |group: &TensorGroup| stored::quantized(group, run.task, run.training).is_some();
        let groups = self.groups();
        let sum = |quantized: bool, of: fn(&TensorGroup) -> u64| -> f64 {
            let groups = groups.iter().filter(|group| is_quantized(group) == quantized);
            self.whole(groups.map(|group| group.count * of(group)).sum())
        };
        let linear = sum(true, TensorGroup::elements);
        let is_end = |group: &&TensorGroup| matches!(group.role, TrainingRole::Embedding | TrainingRole::Head);
        let in_ends = groups.iter().filter(is_end).map(|group| group.count * group.elements()).sum();
        let plain = sum(false, TensorGroup::elements) - self.whole(in_ends);
        let width = Q::ElementBytes.of(run.states.base_width as f64);
        let (vocabulary, hidden) = (run.model.vocabulary as f64, run.model.hidden_size as f64);
        let ends = [Q::Times.of(self.ends()), Q::Vocabulary.of(vocabulary), Q::HiddenSize.of(hidden), width];
        let ends = self.of_all(Key::TermEnds, ends);
        let codes = |bits: f64| self.of_all(Key::TermCodes, [Q::Parameters.of(linear), Q::BitsPerWeight.of(bits)]);
        let scales = |name: Key, block: u64, bytes: f64| {
            let each = Q::ElementBytes.of(bytes);
            self.of_all(name, [Q::Parameters.of(linear), Q::PerScale.of(block as f64), each])
        };
        let double = run.training.double_quantization;
        let quantized = match run.training.quantized_base(run.task) {
            Some(BaseQuant::Nf4) => vec![
                codes(4.0),
                scales(Key::TermScales, NF4_BLOCK, if double { 1.0 } else { 4.0 }),
                scales(Key::TermSecondScales, NF4_BLOCK * NF4_SCALES, if double { 4.0 } else { 0.0 }),
            ],
            Some(BaseQuant::Int8) => {
                let rows = Q::Elements.of(sum(true, |group| group.outputs * group.matrices));
                vec![codes(8.0), self.of_all(Key::TermScales, [rows, Q::ElementBytes.of(4.0)])]
            }
            Some(BaseQuant::Gptq) => vec![codes(4.0), scales(Key::TermScales, GPTQ_GROUP, GPTQ_SCALE)],
            None => Vec::new(),
        };
        let rest = if quantized.is_empty() { Key::TermMatrices } else { Key::TermUnquantized };
        let mut terms = quantized;
        terms.push(self.of_all(rest, [Q::Parameters.of(plain), width]));
        // In RAM adapters lie among them.
        terms.extend((self.stage.is_none() && run.task != Task::Full).then(|| self.adapters()));
        terms.push(ends);
        terms
    }

    fn adapters(&self) -> Term {
        let width = Q::ElementBytes.of(self.run.states.trained_width as f64);
        self.of_all(Key::TermAdapters, [Q::Parameters.of(self.parameters()), width])
    }

    /// So many bytes for each parameter that is trained here.
    fn trained(&self, name: Key, bytes: f64) -> Term {
        self.of_all(name, [Q::Parameters.of(self.parameters()), Q::ElementBytes.of(bytes)])
    }

    /// Parameters that are trained here.
    fn parameters(&self) -> f64 {
        self.whole(self.states().trained)
    }

    /// `DeepSpeed` keeps states in RAM in 32 bits.
    fn is_deepspeed_in_ram(&self) -> bool {
        self.stage.is_none() && self.run.training.sharding == Sharding::DeepSpeed
    }

    fn gradient_width(&self) -> f64 {
        if self.is_deepspeed_in_ram() { 4.0 } else { self.run.states.trained_width as f64 }
    }

    fn optimizer(&self) -> Vec<Term> {
        let training = self.run.training;
        let master = training.precision == Precision::Bf16Master || self.is_deepspeed_in_ram();
        let width = if master { 4.0 } else { self.run.states.trained_width as f64 };
        let moments = |bytes: f64| self.trained(Key::TermMoments, bytes);
        let own = match training.optimizer {
            _ if self.is_deepspeed_in_ram() => vec![moments(2.0 * width)],
            Optimizer::AdamW | Optimizer::AdamWForeach => vec![moments(2.0 * width)],
            Optimizer::AdamW8bit | Optimizer::PagedAdamW8bit => {
                let small = self.whole(self.states().trained_small);
                let large = Q::Parameters.of(self.parameters() - small);
                let scales = [large, Q::PerScale.of(SCALE_BLOCK as f64), Q::ElementBytes.of(8.0)];
                let whole = [Q::Parameters.of(small), Q::ElementBytes.of(8.0)];
                let whole = (small > 0.0).then(|| self.of_all(Key::TermMoments, whole));
                let eighths = self.of_all(Key::TermMoments, [large, Q::ElementBytes.of(2.0)]);
                std::iter::once(eighths).chain(whole).chain([self.of_all(Key::TermScales, scales)]).collect()
            }
            Optimizer::SgdMomentum => vec![moments(width)],
            Optimizer::Adafactor => {
                let rows = [Q::Elements.of(self.whole(self.states().factored)), Q::ElementBytes.of(4.0)];
                vec![self.of_all(Key::TermFactored, rows)]
            }
            Optimizer::Muon | Optimizer::GaLore => {
                let states = self.states();
                let kept = |name: Key, elements: u64, width: f64| {
                    self.of_all(name, [Q::Elements.of(self.whole(elements)), Q::ElementBytes.of(width)])
                };
                let moments = kept(Key::TermMoments, states.moments, width);
                let trained_width = self.run.states.trained_width as f64;
                let projections = kept(Key::TermProjections, states.projections, trained_width);
                std::iter::once(moments).chain((states.projections > 0).then_some(projections)).collect()
            }
            Optimizer::Sgd => Vec::new(),
        };
        own.into_iter().chain(master.then(|| self.trained(Key::TermMaster, 4.0))).collect()
    }

    /// Weights gathered from other cards, and gradients on their way to them.
    fn buffers(&self, buffers: &Buffers, phase: TrainingPhase) -> Vec<Term> {
        let (run, states) = (self.run, self.states());
        let layers = (run.model.layers / run.grid.pipeline) as f64;
        let tensor = Q::SharedBy.of(run.grid.tensor as f64);
        let (gathered, there) = (Q::Layers.of(buffers.layers(phase)), buffers.others(phase));
        let mut terms = Vec::new();
        if run.training.zero_stage >= 3 {
            let narrow = Q::Share.of(run.gathered_width());
            let end = run.end();
            let layer = Q::CardBytes.of((states.weights as f64 - self.ends() * end) / layers);
            terms.push(Term::of(Key::TermGathered, [gathered, layer, narrow]));
            terms.push(Term::of(Key::TermGathered, [Q::Times.of(there * self.ends()), Q::CardBytes.of(end), narrow]));
        }
        let width = Q::ElementBytes.of(states.trained_width as f64);
        terms.extend((run.grid.data > 1).then(|| match (run.training.zero_stage, run.training.sharding) {
            (0, _) => self.trained(Key::TermCommunicated, states.trained_width as f64),
            (_, Sharding::Fsdp) => {
                let layer = Q::Parameters.of(self.whole(states.trained_in_layers) / layers);
                Term::of(Key::TermCommunicated, [Q::Layers.of(there * GATHERED_LAYERS), layer, width, tensor])
            }
            (_, Sharding::DeepSpeed) => {
                let bucket = Q::Parameters.of(BUCKET_ELEMENTS.min(self.parameters() / run.grid.tensor as f64));
                Term::of(Key::TermCommunicated, [Q::Times.of(f64::from(BUCKETS)), bucket, width])
            }
        }));
        terms
    }
}
