//! Why a server's figures are what they are: the terms of the budget with the numbers put in.

use super::Deployment;
use super::budget::RankBudget;
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::estimate::explanation::{Certainty, Figure, Why, grouped};
use crate::estimate::{Estimate, EstimateError};
use crate::plan::{Plan, Runtime};
use crate::text::memory_unit;
use crate::units::Bytes;

/// Explains `figure` of a plan that serves with an engine other than llama.cpp; `None` where its tensors cannot be laid
/// out, or the figure does not apply.
///
/// # Errors
/// What the engine refuses.
pub(in crate::estimate) fn explain(
    (plan, catalog): (&Plan, &Catalog),
    model: &Model,
    figure: Figure,
    found: &Estimate,
) -> Result<Option<Why>, EstimateError> {
    let why = super::explained(plan, catalog, model, |deployment, ranks| {
        let parts = found.parts_in_vram();
        let (lines, result) = match figure {
            Figure::Weights => (weights(deployment, found), sum(parts.weights, found.host.parts.weights)),
            Figure::KvCache => {
                (cache(deployment, deployment.blocks().kv), sum(parts.kv_cache, found.host.parts.kv_cache))
            }
            Figure::RecurrentState => (
                cache(deployment, deployment.blocks().state),
                sum(parts.recurrent_state, found.host.parts.recurrent_state),
            ),
            Figure::Activations => (activations(deployment), sum(parts.activations, found.host.parts.activations)),
            Figure::KvPool => {
                (ranks.first().map(|rank| pool_lines(deployment, rank, found)).unwrap_or_default(), found.kv_pool())
            }
            Figure::Overhead => {
                (ranks.first().map(|rank| overhead(rank, ranks.len())).unwrap_or_default(), Some(found.overhead()))
            }
            Figure::HostBuffers => (Vec::new(), found.host.output),
            Figure::Compute | Figure::Gradients | Figure::Adapter | Figure::Optimizer | Figure::Usable => return None,
        };
        let exact =
            matches!(figure, Figure::KvCache | Figure::RecurrentState) && deployment.settings.runtime == Runtime::Vllm;
        let certainty = if exact { Certainty::Exact } else { Certainty::Estimate };
        Some((lines, result, certainty, source(deployment, figure)))
    })?;
    Ok(why.flatten())
}

fn source(deployment: &Deployment<'_>, figure: Figure) -> String {
    match (figure, &deployment.model.vision) {
        (Figure::Weights, Some(vision)) => vision.source().to_owned(),
        (Figure::Weights, None) => "vLLM 0.19.0, 61 logs".to_owned(),
        (Figure::KvCache | Figure::RecurrentState, _) => "vLLM 0.33.0, v1/core/kv_cache_planning.py".to_owned(),
        _ => deployment.settings.facts.source.clone(),
    }
}

fn sum(one: Option<Bytes>, other: Option<Bytes>) -> Option<Bytes> {
    Some(one? + other?)
}

/// The checkpoint, its share on a rank, what every rank holds besides.
fn weights(deployment: &Deployment<'_>, found: &Estimate) -> Vec<String> {
    let mut lines = Vec::new();
    if let (Some(params), Some(bits), Some(file)) = (found.params, found.bits_per_weight, found.weights) {
        let name = deployment.plan.workload.quantization.name();
        lines.push(format!("{} × {bits:.4} bit ÷ 8 = {} B ({name})", grouped(params), grouped(file.0)));
    }
    if let Some(vision) = &deployment.model.vision {
        lines.push(format!("{} × 2 B", grouped(vision.parameters())));
    }
    if let Some(rank) = found.devices.first().and_then(|device| device.parts.weights) {
        lines.push(format!("{} × {} B", deployment.settings.ranks, grouped(rank.0)));
    }
    lines
}

/// Blocks of a sequence × bytes of a block × sequences × ranks.
fn cache(deployment: &Deployment<'_>, blocks: u64) -> Vec<String> {
    vec![format!(
        "{} × {} B × {} × {}",
        grouped(blocks),
        grouped(deployment.kv_blocks.block_bytes),
        deployment.plan.workload.sequences,
        deployment.settings.ranks
    )]
}

fn activations(deployment: &Deployment<'_>) -> Vec<String> {
    let settings = &deployment.settings;
    if !settings.reserves() {
        return Vec::new();
    }
    let rows = settings.max_num_seqs.min(settings.max_batched_tokens);
    let mut lines = vec![
        format!("{} B × {} × {}", settings.facts.sampler_bytes, grouped(rows), grouped(deployment.model.vocab_size)),
        format!("2 B × {} × {}", grouped(settings.max_batched_tokens), grouped(deployment.model.hidden_size)),
    ];
    if deployment.model.vision.is_some() {
        lines.push(memory_unit().write(settings.facts.vision_gib, 2));
    }
    lines
}

/// What is asked for, less what it is spent on; then how many sequences that holds.
fn pool_lines(deployment: &Deployment<'_>, rank: &RankBudget, found: &Estimate) -> Vec<String> {
    let settings = &deployment.settings;
    let mut lines = vec![format!("{} × {} = {}", written(rank.total), settings.utilization, written(rank.requested))];
    let graphs = (settings.facts.graphs.in_budget && rank.graphs > Bytes::ZERO).then_some(rank.graphs);
    let counted = settings.runtime != Runtime::Sglang;
    let beside = [Some(rank.non_torch), Some(rank.activations), graphs].into_iter().flatten().filter(|_| counted);
    lines.extend(std::iter::once(rank.weights).chain(beside).map(|bytes| format!("- {}", written(bytes))));
    lines.extend(
        found
            .concurrency(deployment.plan.workload.sequences)
            .map(|fit| format!("{fit:.2} × {}", grouped(deployment.plan.workload.context))),
    );
    lines
}

fn overhead(rank: &RankBudget, ranks: usize) -> Vec<String> {
    let terms = [rank.context, rank.non_torch, rank.graphs].map(written);
    vec![format!("{ranks} × ({})", terms.join(" + "))]
}

fn written(bytes: Bytes) -> String {
    memory_unit().write(bytes.gib(), 2)
}
