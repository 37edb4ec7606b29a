//! Pipeline parallel: the layers are split over groups of ranks that work one after the other.
//!
//! Each stage gets an even share of the layers. What is left over goes one by one to the stages before the last, from behind,
//! since the last has the output matrix as well. Source: `get_pp_indices`, `distributed/utils.py` of vLLM 0.33.0.

use std::ops::Range;

use super::Deployment;
use super::kv_blocks::{ElementLayout, KvBlocks};
use super::weights::ServerWeights;
use crate::catalog::model::Model;
use crate::catalog::quantization::Quantization;
use crate::model::tensor::{Place, Tensor, TensorKind};

/// Layers that one group of ranks holds, of so many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stage {
    layers: Range<usize>,
    of: usize,
}

impl Stage {
    /// All layers in so many stages; no more than there are layers.
    pub(crate) fn all(layers: usize, stages: usize) -> Vec<Self> {
        let stages = stages.clamp(1, layers.max(1));
        let (each, left) = (layers / stages, layers % stages);
        let mut next = 0;
        let of = |stage: usize| {
            // The last gets none of what is left, nor those before `left` of them.
            let more = stage + 1 < stages && stage + 1 + left >= stages;
            let from = next;
            next += each + usize::from(more);
            Self { layers: from..next, of: layers }
        };
        (0..stages).map(of).collect()
    }

    /// Its layers.
    pub(crate) fn layers(&self) -> Range<usize> {
        self.layers.clone()
    }

    /// It reads the tokens.
    pub(crate) const fn is_first(&self) -> bool {
        self.layers.start == 0
    }

    /// It writes them.
    pub(crate) const fn is_last(&self) -> bool {
        self.layers.end == self.of
    }

    /// Whether it holds `tensor`; `tied` = the input embeddings serve as output matrix, so that the last stage has a copy.
    pub(crate) fn holds(&self, tensor: &Tensor, tied: bool) -> bool {
        match tensor.place {
            Place::Input if tied && tensor.kind == TensorKind::TokenEmbd => self.is_first() || self.is_last(),
            Place::Input => self.is_first(),
            Place::Layer(layer) => self.layers.contains(&(layer as usize)),
            Place::Output => self.is_last(),
        }
    }
}

/// The weights of a model as a whole, and of each stage where there are several.
#[derive(Debug)]
pub(crate) struct StagedWeights {
    pub(crate) whole: ServerWeights,
    pub(crate) stages: Vec<ServerWeights>,
}

impl StagedWeights {
    /// `model` in a quantization and so many stages, or `None` where its tensors cannot be laid out from known facts.
    pub(crate) fn new(model: &Model, (quantization, stages): (Quantization, u32)) -> Option<Self> {
        let whole = ServerWeights::new(model, quantization)?;
        let stages = match stages {
            0 | 1 => Vec::new(),
            _ => Stage::all(whole.layers.len(), usize::try_from(stages).unwrap_or(usize::MAX)),
        };
        let stages = stages.iter().map(|stage| ServerWeights::of_stage(model, quantization, stage));
        Some(Self { stages: stages.collect::<Option<_>>()?, whole })
    }
}

impl Deployment<'_> {
    /// Stages that hold the layers one after the other.
    pub(super) fn stage_count(&self) -> usize {
        self.staged.len().max(1)
    }

    /// The weights of a stage.
    pub(super) fn stage(&self, stage: usize) -> &ServerWeights {
        self.staged.get(stage).unwrap_or(self.weights)
    }

    /// Whether this stage reads the tokens, and whether it writes them.
    pub(super) fn ends(&self, stage: usize) -> (bool, bool) {
        (stage == 0, stage + 1 == self.stage_count())
    }

    /// The cache of a stage.
    pub(super) fn cache(&self, stage: usize) -> &KvBlocks {
        self.stage_blocks.get(stage).unwrap_or(&self.kv_blocks)
    }

    /// The stage of a rank: those of one stage follow each other.
    pub(super) fn stage_of(&self, rank: usize) -> usize {
        match self.staged.len() {
            0 => 0,
            stages => (rank / usize::try_from(self.settings.ranks.max(1)).unwrap_or(usize::MAX)).min(stages - 1),
        }
    }
}

/// The cache of each stage; none where there is one.
pub(super) fn blocks(model: &Model, staged: &[ServerWeights], cut: ElementLayout) -> Vec<KvBlocks> {
    staged.iter().map(|stage| KvBlocks::of(model, &stage.layers, cut)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_split_as_the_engine_splits_them() {
        let split = |layers, stages| -> Vec<usize> {
            let stages = Stage::all(layers, stages);
            let ends = stages.iter().map(|stage| (stage.is_first(), stage.is_last()));
            assert_eq!(ends.filter(|ends| ends.0 || ends.1).count(), stages.len().min(2));
            stages.iter().map(|stage| stage.layers().len()).collect()
        };
        // 61 in 2 and in 4: the examples of vLLM's documentation.
        assert_eq!(split(61, 2), [31, 30]);
        assert_eq!(split(61, 4), [15, 15, 16, 15]);
        assert_eq!(split(22, 4), [5, 6, 6, 5]);
        assert_eq!(split(5, 3), [2, 2, 1]);
        assert_eq!(split(32, 1), [32]);
        assert_eq!(split(3, 8), [1, 1, 1]);
    }
}
