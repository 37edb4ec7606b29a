//! Which terms of the glossary a scene shows.

use crate::plan::SceneId;
use crate::text::Concept;

use super::all;

/// The scene that shows what a term means; `None` where there is none.
pub fn of_term(term: Concept) -> Option<SceneId> {
    use Concept as C;
    let scene = match term {
        C::Vram | C::Ram | C::Token | C::Decode | C::Weights | C::Fits | C::DoesNotFit => SceneId::Basics,
        C::UnifiedMemory => SceneId::OnePool,
        C::KvCache | C::Context | C::KvPrecision => SceneId::LongChats,
        C::KvPool => SceneId::PagedKv,
        C::Activations | C::Gradients | C::OptimizerStates | C::MasterWeights | C::FullTune | C::Peak => {
            SceneId::Training
        }
        C::Sequences | C::MicroBatch | C::Throughput | C::Accumulation => SceneId::Batch,
        C::Bandwidth | C::Bottleneck => SceneId::Hbm,
        C::Pcie | C::PcieGeneration | C::PcieLanes => SceneId::Pcie,
        C::Quantization
        | C::BitsPerWeight
        | C::Fp32
        | C::Half
        | C::Int8
        | C::Int4
        | C::QualityLoss
        | C::StaticQuantization
        | C::DynamicQuantization => SceneId::Quantization,
        C::FlashAttention | C::Attention => SceneId::FlashAttention,
        C::Checkpointing => SceneId::Checkpointing,
        C::Lora | C::Qlora | C::LoraRank | C::ZeroStage => SceneId::Lora,
        C::Offload | C::LayersOnGpu | C::RunsWithOffload | C::Layers => SceneId::Offload,
        C::TensorParallel | C::PipelineParallel | C::SplitMode => SceneId::Parallel,
        C::Experts | C::ExpertsInRam => SceneId::Mixtures,
        C::BreakEven | C::Electricity => SceneId::BuyOrRent,
        C::LoadTime | C::Disk => SceneId::OneToken,
        C::Paging => SceneId::SharedGpuMemory,
        _ => return None,
    };
    all::ALL.contains(&scene).then_some(scene)
}
