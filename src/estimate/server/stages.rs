//! Pipeline parallel: the layers are split over groups of ranks that work one after the other.
//!
//! Each stage gets an even share of the layers. What is left over goes one by one to the stages before the last, from behind,
//! since the last has the output matrix as well. Source: `get_pp_indices`, `distributed/utils.py` of vLLM 0.33.0. Cards of
//! unequal memory are given layers in proportion to their room instead, which the engine must be told
//! (`VLLM_PP_LAYER_PARTITION`).

use std::ops::Range;

use super::kv_blocks::{ElementLayout, KvBlocks};
use super::weights::ServerWeights;
use super::{Deployment, budget};
use crate::catalog::model::Model;
use crate::catalog::quantization::Quantization;
use crate::estimate::device::Device;
use crate::model::tensor::{Place, Tensor, TensorKind};
use crate::units::Bytes;

/// How the layers are split over stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum StageSplit {
    /// As the engine splits them over so many.
    Even(u32),
    /// So many each, zeros behind the last stage.
    Layers([u16; MOST_SIZED]),
}

/// The most stages that are given layers of their own number.
pub(crate) const MOST_SIZED: usize = 16;

impl StageSplit {
    /// So many layers in proportion to what each stage has room for: one after the other goes to the stage that has most
    /// room for each layer with it. `None` where that many stages are not sized one by one.
    pub(crate) fn by_room(layers: usize, rooms: &[Bytes]) -> Option<Self> {
        let mut sizes = [0_u16; MOST_SIZED];
        let stages = sizes.get_mut(..rooms.len()).filter(|stages| !stages.is_empty() && stages.len() <= layers)?;
        stages.fill(1);
        for _ in stages.len()..layers {
            let widest = rooms.iter().zip(&mut *stages).max_by_key(|(room, held)| room.0 / (u64::from(**held) + 1));
            if let Some((_, held)) = widest {
                *held += 1;
            }
        }
        Some(Self::Layers(sizes))
    }

    /// The stages of so many layers.
    fn stages(self, layers: usize) -> Vec<Stage> {
        match self {
            Self::Even(0 | 1) => Vec::new(),
            Self::Even(stages) => Stage::all(layers, usize::try_from(stages).unwrap_or(usize::MAX)),
            Self::Layers(sizes) => {
                let mut next = 0;
                let stage = |size: &u16| {
                    let from = next;
                    next += usize::from(*size);
                    Stage { layers: from..next, of: layers }
                };
                sizes.iter().take_while(|size| **size > 0).map(stage).collect()
            }
        }
    }
}

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
    /// `model` in a quantization and split so, or `None` where its tensors cannot be laid out from known facts.
    pub(crate) fn new(model: &Model, (quantization, split): (Quantization, StageSplit)) -> Option<Self> {
        let whole = ServerWeights::new(model, quantization)?;
        let stages = split.stages(whole.layers.len());
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

    /// How many layers each stage holds where the engine must be told.
    pub(super) fn told_layers(&self) -> Option<Vec<usize>> {
        matches!(self.split, StageSplit::Layers(_))
            .then(|| self.staged.iter().map(|stage| stage.layers.len()).collect())
    }

    /// The split over cards of unequal memory, from one that is even; `None` where there are too many to size.
    pub(super) fn split_by_room(&self, devices: &[Device<'_>]) -> Option<StageSplit> {
        let ranks = usize::try_from(self.settings.ranks.max(1)).unwrap_or(usize::MAX);
        let rooms: Vec<Bytes> = devices
            .chunks(ranks)
            .take(self.stage_count())
            .enumerate()
            .map(|(stage, ranks)| ranks.iter().map(|rank| budget::room(self, rank, stage)).min().unwrap_or_default())
            .collect();
        StageSplit::by_room(self.weights.layers.len(), &rooms)
    }

    /// The cache of a stage.
    pub(super) fn cache(&self, stage: usize) -> &KvBlocks {
        self.stage_blocks.get(stage).unwrap_or(&self.kv_blocks)
    }

    /// The stage of a rank: those of one stage follow each other.
    pub(super) fn stage_of(&self, rank: usize) -> usize {
        match self.staged.len() {
            0 => 0,
            // Each copy of the engine has all of them.
            stages => (rank / usize::try_from(self.settings.ranks.max(1)).unwrap_or(usize::MAX)) % stages,
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

    #[test]
    fn unequal_cards_hold_layers_by_their_room() {
        let sizes = |layers, rooms: &[u64]| -> Vec<usize> {
            let rooms: Vec<Bytes> = rooms.iter().map(|room| Bytes(*room << 30)).collect();
            let split = StageSplit::by_room(layers, &rooms).unwrap();
            split.stages(layers).iter().map(|stage| stage.layers().len()).collect()
        };
        assert_eq!(sizes(48, &[1200, 2400]), [16, 32]);
        assert_eq!(sizes(10, &[0, 100]), [1, 9], "no stage is empty");
        assert_eq!(sizes(64, &[10, 10, 20]), [16, 16, 32]);
    }
}
