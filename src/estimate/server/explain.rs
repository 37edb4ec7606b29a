//! Why a server's figures are what they are: the terms of the budget with the numbers put in.

use super::budget::{Peak, RankBudget};
use super::{Deployment, activations};
use crate::catalog::origin::Origin;
use crate::catalog::runtime::Backend;
use crate::estimate::EstimateError;
use crate::estimate::explanation::{
    Certainty, ExplainRequest, Explanation, Factor, Figure, Quantity as Q, Term, WHOLE_BYTES, with_rest,
};
use crate::plan::Runtime;
use crate::text::Key;
use crate::units::Bytes;

/// Explains a figure of a plan that serves with an engine other than llama.cpp; `None` where its tensors cannot be laid
/// out, or the figure does not apply.
///
/// # Errors
/// What the engine refuses.
pub(in crate::estimate) fn explain(asked: &ExplainRequest<'_>) -> Result<Option<Explanation>, EstimateError> {
    let ExplainRequest { figure, found, .. } = *asked;
    let explained = super::explained(*asked, |deployment, ranks| {
        let (vram, ram) = (found.parts_in_vram(), &found.host.parts);
        let both = |in_vram: Option<Bytes>, in_ram: Option<Bytes>| Some(in_vram? + in_ram?);
        let (terms, rest, result) = match figure {
            Figure::Weights => {
                let rocm = found.devices.first().is_some_and(|device| device.backend == Backend::Rocm);
                let terms = deployment.weights.terms(
                    deployment.settings.ranks,
                    rocm,
                    (deployment.sees(), deployment.guesses()),
                );
                (with_adapters(deployment, terms), Key::TermCopies, both(vram.weights, ram.weights))
            }
            Figure::KvCache => (cache(deployment, ranks, false), Key::TermPadding, both(vram.kv_cache, ram.kv_cache)),
            Figure::RecurrentState => {
                (cache(deployment, ranks, true), Key::TermPadding, both(vram.recurrent_state, ram.recurrent_state))
            }
            Figure::Activations => {
                (working(deployment, ranks), Key::TermSmallBuffers, both(vram.activations, ram.activations))
            }
            Figure::KvPool => (pool(deployment, ranks), Key::TermMissing, found.kv_pool()),
            Figure::Overhead if !found.devices.is_empty() => {
                (overhead(ranks), Key::TermContext, Some(found.overhead()))
            }
            Figure::HostBuffers if found.devices.is_empty() => (overhead(ranks), Key::TermContext, found.host.output),
            Figure::HostBuffers => (Vec::new(), Key::TermContext, found.host.output),
            _ => return None,
        };
        let exact =
            matches!(figure, Figure::KvCache | Figure::RecurrentState) && deployment.settings.runtime == Runtime::Vllm;
        let sequences = (figure == Figure::KvPool).then(|| found.concurrency()).flatten();
        Some(Explanation {
            terms: with_rest(terms, rest, Some(result?), WHOLE_BYTES),
            result,
            certainty: if exact { Certainty::Exact } else { Certainty::Estimate },
            source: source(deployment, figure),
            sequences,
            ..Explanation::unknown(figure)
        })
    })?;
    Ok(explained.flatten())
}

/// `terms` and the slots for adapters, where there are any.
fn with_adapters(deployment: &Deployment<'_>, mut terms: Vec<Term>) -> Vec<Term> {
    let settings = &deployment.settings;
    if settings.adapter_slots > 0 {
        let one = deployment.weights.adapter_bytes(1, settings.adapter_rank, settings.ranks);
        let factors =
            [Q::Cards.of(settings.ranks as f64), Q::Times.of(settings.adapter_slots as f64), Q::CardBytes.of(one)];
        terms.push(Term::of(Key::TermAdapters, factors));
    }
    terms
}

fn source(deployment: &Deployment<'_>, figure: Figure) -> Origin {
    let engine = deployment.settings.engine;
    match figure {
        Figure::Weights => engine.weights.clone(),
        Figure::KvCache | Figure::RecurrentState => engine.kv_cache.clone(),
        _ => deployment.settings.facts.source.clone(),
    }
}

/// What all sequences take of the caches on all cards.
fn cache(deployment: &Deployment<'_>, ranks: &[RankBudget], state: bool) -> Vec<Term> {
    let workload = &deployment.plan.workload;
    let running = ranks.first().map_or(workload.sequences, |rank| rank.running);
    let (cards, stages) = (ranks.len() as f64, f64::from(deployment.stages()));
    let spread =
        [Q::Cards.of(cards), Q::SharedBy.of(stages)].into_iter().filter(|factor| factor.value > 1.0 && cards != stages);
    let alike = (deployment.settings.ranks > 1).then(|| Q::Cards.of(deployment.settings.ranks as f64));
    let spread: Vec<Factor> = if deployment.stage_count() > 1 { alike.into_iter().collect() } else { spread.collect() };
    let all = [Q::Sequences.of(f64::from(running))].into_iter().chain(spread);
    let of = |stage: usize| deployment.cache(stage).terms(workload.context, deployment.in_flight());
    let terms = (0..deployment.stage_count()).flat_map(of);
    terms.filter(|term| (term.name == Key::TermState) == state).map(|term| term.times(all.clone())).collect()
}

/// Activations of all cards.
fn working(deployment: &Deployment<'_>, ranks: &[RankBudget]) -> Vec<Term> {
    let on = |(index, rank): (usize, &RankBudget)| {
        let fixed = |name, bytes: Bytes| Term::of(name, [Q::CardBytes.of(bytes.0 as f64)]);
        let small = fixed(Key::TermSmallBuffers, activations::small_buffers());
        match Peak::of(deployment, deployment.stage_of(index), rank.sorts) {
            Peak::Language(terms, kept) => terms.into_iter().chain([small, fixed(Key::TermVision, kept)]).collect(),
            Peak::Encoder(bytes) => vec![fixed(Key::TermVision, bytes), small],
        }
    };
    let each: Vec<Vec<Term>> = ranks.iter().enumerate().map(on).collect();
    let alike = each.chunk_by(|one, next| one == next);
    let times = |alike: &[Vec<Term>]| {
        let cards = Q::Cards.of(alike.len() as f64);
        alike.first().into_iter().flatten().cloned().map(|term| term.times([cards])).collect::<Vec<_>>()
    };
    alike.flat_map(times).collect()
}

/// What is asked for of the card that leaves least, less what it is spent on; on all cards.
fn pool(deployment: &Deployment<'_>, ranks: &[RankBudget]) -> Vec<Term> {
    let (settings, cards) = (&deployment.settings, Q::Cards.of(ranks.len() as f64));
    let share = Q::Share.of(settings.utilization);
    let runtime = settings.runtime;
    // A share of what is free once weights and activations are there.
    let of_rest = (runtime == Runtime::TensorRtLlm).then_some(share);
    let on = |rank: &RankBudget| {
        let term = |name: Key, bytes: Bytes, share: Option<Factor>| {
            Term::of(name, [cards, Q::CardBytes.of(bytes.0 as f64)].into_iter().chain(share))
        };
        let context = (runtime != Runtime::Vllm).then(|| term(Key::TermContext, rank.context, Some(share)));
        let beside = [(Key::TermLibraries, rank.non_torch), (Key::TermActivations, rank.activations)];
        let beside = beside.map(|(name, bytes)| term(name, bytes, of_rest));
        let graphs = settings.facts.graphs.in_budget.then(|| term(Key::TermGraphs, rank.graphs, None));
        let spent = [term(Key::TermWeights, rank.weights, of_rest)].into_iter().chain(context).chain(graphs);
        let spent = spent.chain(beside.into_iter().filter(|_| runtime != Runtime::Sglang));
        let asked = term(Key::TermRequested, rank.total, Some(share));
        std::iter::once(asked).chain(spent.map(Term::less)).collect::<Vec<_>>()
    };
    let left = |terms: &Vec<Term>| terms.iter().map(Term::signed).sum::<f64>();
    ranks.iter().map(on).min_by(|one, other| left(one).total_cmp(&left(other))).unwrap_or_default()
}

/// What lies beside the engine's own memory, on cards that are alike.
fn overhead(ranks: &[RankBudget]) -> Vec<Term> {
    let parts = |rank: &RankBudget| {
        [(Key::TermContext, rank.context), (Key::TermLibraries, rank.non_torch), (Key::TermGraphs, rank.graphs)]
    };
    let alike = ranks.chunk_by(|one, next| parts(one) == parts(next));
    let terms = alike.filter_map(|alike| {
        let cards = Q::Cards.of(alike.len() as f64);
        Some(parts(alike.first()?).map(|(name, bytes)| Term::of(name, [cards, Q::CardBytes.of(bytes.0 as f64)])))
    });
    terms.flatten().collect()
}
