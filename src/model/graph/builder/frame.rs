//! What a graph is built for: the batch, the caches, and what the model's tensors do not tell.

use super::super::F32;
use super::{Compressed, Latent, PerLayer, SparseBlocks};
use crate::catalog::model::{Altup, Model};
use crate::catalog::runtime::Backend;
use crate::model::architectures::{GraphForm, Normed, RouterForm, Temperature};
use crate::model::cache::Cells;
use crate::model::layers::{Layer, Mixer, Span};
use crate::plan::Logits;

/// What of a workload decides a graph besides its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct GraphOptions {
    pub flash_attention: bool,
    /// For how many tokens logits are reserved.
    pub logits: Logits,
    /// Rows of logits for each sequence where they are not reserved for all tokens: one, and one for each guessed token.
    pub rows: u64,
    /// What the devices' kernels and the build reserve.
    pub kernels: Kernels,
    /// Adapters that are loaded with the model.
    pub adapters: Adapters,
    /// Devices that are reached over a network.
    pub remote: RemoteDevices,
}

/// Devices that are reached over a network: the first of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct RemoteDevices {
    pub count: u8,
    /// They take work without being waited for, so that batches follow each other through all devices.
    pub queue: bool,
}

/// Adapters that are loaded with the model, each on the projections of every layer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Adapters {
    pub count: u64,
    /// Rows of the inner side of their two matrices.
    pub rank: u64,
}

impl Adapters {
    /// Bytes of one element: adapters are converted to F32 unless told otherwise (`convert_lora_to_gguf.py`).
    pub(crate) const ELEMENT_BYTES: u64 = F32;

    /// Bytes of all of them for so many inputs and outputs.
    pub(crate) const fn bytes(self, sides: u64) -> u64 {
        self.count * self.rank * sides * Self::ELEMENT_BYTES
    }
}

/// Largest power of two from 64 up that divides `head`.
pub(super) const fn rotation_size(head: u64) -> u64 {
    let mut size = 64;
    while head.is_multiple_of(2 * size) {
        size *= 2;
    }
    size
}

/// What differs from one compute library, and from one build, to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "each stands for a kernel of its own")]
pub(crate) struct Kernels {
    /// Flash attention over a quantized cache keeps one layer of it in F16 in the buffer (`get_alloc_size` of the
    /// buffer type: `CUDA`, `ROCm`, `SYCL` and Metal do, Vulkan does not).
    pub half_copy: bool,
    /// The gated delta net's result is held all along: Vulkan's buffers are larger by it (logs of a 9B and a 27B, with and
    /// without guessed tokens).
    pub keeps_delta: bool,
    /// The mask comes in F32 and is turned into F16 before it is used.
    pub wide_mask: bool,
    /// Weighted experts are summed at once by the devices: of the backends only CUDA's does, and `ROCm`, built from it.
    pub sums_at_once: bool,
}

/// What an older build does otherwise than today's; nothing where it is not older.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct BuildAge {
    /// Its masks are F32.
    pub wide_mask: bool,
    /// It weighs and adds the experts' outputs in kernels of their own.
    pub sums_one_by_one: bool,
}

impl Kernels {
    /// Those of this library, in a build of this age.
    pub(crate) fn of(backend: Backend, age: BuildAge) -> Self {
        let vulkan = backend == Backend::Vulkan;
        let sums_at_once = matches!(backend, Backend::Cuda | Backend::Rocm) && !age.sums_one_by_one;
        Self { half_copy: !vulkan, keeps_delta: vulkan, wide_mask: age.wide_mask, sums_at_once }
    }
}

/// What a graph is built for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    /// Tokens of the batch.
    pub tokens: u64,
    /// Rows for which logits are wanted.
    pub outputs: u64,
    /// `hidden_size`.
    pub hidden: u64,
    /// Rows of the output matrix.
    pub vocabulary: u64,
    /// Flash attention.
    pub flash: bool,
    /// What the devices' kernels and the build reserve.
    pub kernels: Kernels,
    /// Adapters that are loaded with the model.
    pub adapters: Adapters,
    /// The caches.
    pub cells: Cells,
    /// Head sizes of keys and values that decide the rotation of quantized caches.
    pub rotation: (u64, u64),
    /// What latent attention has beside the layers' shapes.
    pub latent: Latent,
    /// Leading layers to whose output a further part of the embeddings is added.
    pub deepstack: u64,
    /// Attention to compressed tokens.
    pub compressed: Option<Compressed>,
    /// Attention to blocks of tokens.
    pub sparse: Option<SparseBlocks>,
    /// Every so-many-th layer banks the residual stream, 0 for none.
    pub residual_block: u64,
    /// Embeddings of its own for each layer.
    pub per_layer: PerLayer,
    /// Alternating updates of several streams.
    pub altup: Altup,
    /// Factors of the positions are for full layers alone.
    pub full_factors: bool,
    /// The cache keeps windows apart from full layers (another order of operations).
    pub window_cache: bool,
    /// The router of the experts.
    pub router: Router,
    /// What the tensors do not tell.
    pub form: GraphForm,
    /// Number of the CPU among the backends.
    pub cpu: u8,
}

impl Frame {
    /// Layers choose which cells a token sees.
    pub(crate) const fn chooses_cells(&self) -> bool {
        self.latent.indexer.is_some() || self.sparse.is_some() || self.compressed.is_some()
    }

    /// Of `model` and its `layers` under `options`, with so many devices before the CPU.
    pub(crate) fn new(model: &Model, layers: &[Layer], options: GraphOptions, cells: Cells, devices: u8) -> Self {
        let tokens = cells.batch_tokens();
        let cells = cells.for_layers(layers, options.flash_attention);
        let windowed = |layer: &Layer| matches!(layer.mixer, Mixer::Attention(attention) if matches!(attention.span, Span::Window(_)));
        Self {
            // Every sequence has the same number of tokens in the batch that is reserved for.
            tokens: tokens.next_multiple_of(cells.sequences.max(1)),
            outputs: match options.logits {
                Logits::All => tokens,
                Logits::Last => tokens.min(cells.sequences.saturating_mul(options.rows)),
            },
            hidden: model.hidden_size,
            vocabulary: model.vocab_size,
            flash: options.flash_attention,
            kernels: options.kernels,
            adapters: options.adapters,
            cells,
            rotation: (model.head_dim, model.v_head_dim.unwrap_or(model.head_dim)),
            latent: Latent {
                query_rank: model.mla.and_then(|mla| mla.q_lora_rank).unwrap_or(0),
                indexer: model.indexer.filter(|_| model.mla.is_some()),
            },
            deepstack: model.deepstack_layers,
            compressed: Compressed::of(model),
            sparse: SparseBlocks::of(model),
            residual_block: model.attn_res_block_size,
            per_layer: PerLayer { width: model.hidden_size_per_layer_input, layers: model.num_hidden_layers },
            altup: model.altup.map_or_else(Altup::default, |altup| Altup {
                altup_num_inputs: altup.altup_num_inputs.max(1),
                ..altup
            }),
            full_factors: model.architecture.traits().config.own_rope_factors,
            window_cache: layers.iter().any(windowed),
            router: Router::new(model),
            form: form(model),
            cpu: devices,
        }
    }
}

/// What the architecture does where the model leaves nothing open.
fn form(model: &Model) -> GraphForm {
    let form = model.architecture.traits().graph;
    let temperature = match form.temperature {
        Temperature::AsSaid if model.llama_4_scaling => Temperature::Always,
        Temperature::AsSaid => Temperature::Never,
        told => told,
    };
    GraphForm { temperature, ..form }
}

/// The router of a model's experts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Router {
    /// What its architecture does.
    pub form: RouterForm,
    /// Scores are normed over the chosen experts.
    pub normed: bool,
    /// Groups of experts of which the best are chosen first; 1 without groups.
    pub groups: u64,
    /// Groups of which experts are chosen.
    pub groups_used: u64,
    /// Width in which the routed experts work where it is not `hidden_size`, 0 otherwise.
    pub latent: u64,
}

impl Router {
    fn new(model: &Model) -> Self {
        let form = model.architecture.traits().router;
        let corrected = model.experts.is_some_and(|experts| experts.e_score_correction_bias);
        let groups = model.experts.and_then(|experts| experts.groups());
        let (groups, groups_used) = groups.unwrap_or((1, 1));
        Self {
            form,
            normed: match form.normed {
                Normed::Always => true,
                Normed::Never => false,
                Normed::IfCorrected => corrected,
            },
            groups,
            groups_used,
            latent: model.experts.map_or(0, |experts| experts.moe_latent_size),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    /// However many experts there are.
    #[test]
    fn experts_are_in_groups_where_the_model_says_so() {
        let deepseek = Catalog::embedded().model("deepseek-v3").expect("a model");
        for (num_experts, n_group, topk_group, groups) in
            [(256, 8, 4, (8, 4)), (256, 1, 1, (1, 1)), (256, 0, 0, (1, 1)), (160, 8, 3, (8, 3)), (255, 8, 4, (1, 1))]
        {
            let mut fields = deepseek.clone().into_fields();
            let experts = fields.experts.as_mut().expect("experts");
            (experts.num_experts, experts.n_group, experts.topk_group) = (num_experts, n_group, topk_group);
            let router = Router::new(&Model::new(fields).expect("a model"));
            assert_eq!((router.groups, router.groups_used), groups, "{n_group} groups of {num_experts} experts");
        }
    }
}
