//! A model as training sees it: the tensors of a checkpoint, and the dimensions that the laws are written over.

use super::latent::{self, Latent};
use super::laws::{self, Values};
use crate::catalog::memo::SLOTS;
use crate::catalog::model::{Architecture, Model};
use crate::model::layers::{FeedForward, Layer, Mixer};
use crate::model::layout;
use crate::model::tensor::{Tensor, TensorKind as K};
use crate::plan::{LoraTargets, Task, Training, TrainingAttention};

/// The memo's place of a model as training sees it.
const SLOT: usize = SLOTS - 2;

/// The families of layers that the table holds, each with `LoRA`'s targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Dense,
    QkNorm,
    Gemma2,
    Gemma3,
    Phi3,
    Moe,
    MoeQkNorm,
    DenseAttention,
    DenseQueryValue,
    QkNormAttention,
    MoeAttention,
    MoeQkNormAttention,
    Gpt,
    Latent,
    LatentAttention,
}

impl Family {
    pub(super) const COUNT: usize = 15;
    #[cfg(test)]
    pub(super) const ALL: [Self; Self::COUNT] = [
        Self::Dense,
        Self::QkNorm,
        Self::Gemma2,
        Self::Gemma3,
        Self::Phi3,
        Self::Moe,
        Self::MoeQkNorm,
        Self::DenseAttention,
        Self::DenseQueryValue,
        Self::QkNormAttention,
        Self::MoeAttention,
        Self::MoeQkNormAttention,
        Self::Gpt,
        Self::Latent,
        Self::LatentAttention,
    ];

    pub(super) const fn index(self) -> usize {
        self as usize
    }

    /// The name in the table.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Dense => "d",
            Self::QkNorm => "q",
            Self::Gemma2 => "g",
            Self::Gemma3 => "G",
            Self::Phi3 => "p",
            Self::Moe => "m",
            Self::MoeQkNorm => "n",
            Self::DenseAttention => "da",
            Self::DenseQueryValue => "dv",
            Self::QkNormAttention => "qa",
            Self::MoeAttention => "ma",
            Self::MoeQkNormAttention => "na",
            Self::Gpt => "s",
            Self::Latent => "l",
            Self::LatentAttention => "la",
        }
    }

    /// The family whose instants the table holds: besides what layers keep, blocks with `LayerNorm` and without a gate take
    /// less than those of Llama at any of them; with latent attention it is experts that take most.
    pub(super) const fn instants(self) -> Self {
        match self {
            Self::Gpt => Self::Dense,
            Self::Latent => Self::Moe,
            Self::LatentAttention => Self::MoeAttention,
            own => own,
        }
    }

    /// What stands in where a method is not known for this family.
    pub(super) const fn nearest(self) -> Option<Self> {
        Some(match self {
            Self::MoeQkNormAttention | Self::LatentAttention => Self::MoeAttention,
            Self::MoeQkNorm | Self::MoeAttention | Self::Latent => Self::Moe,
            Self::QkNormAttention | Self::DenseQueryValue => Self::DenseAttention,
            Self::Dense | Self::Moe => return None,
            _ => Self::Dense,
        })
    }

    /// The family whose adapters have these targets, and whether it is this one.
    const fn with(self, targets: LoraTargets) -> (Self, bool) {
        match (self, targets) {
            (_, LoraTargets::AllLinear) => (self, true),
            (Self::Dense, LoraTargets::QueryValue) => (Self::DenseQueryValue, true),
            (Self::Dense, LoraTargets::Attention) => (Self::DenseAttention, true),
            (Self::Moe, targets) => (Self::MoeAttention, matches!(targets, LoraTargets::Attention)),
            (Self::MoeQkNorm, targets) => (Self::MoeQkNormAttention, matches!(targets, LoraTargets::Attention)),
            (Self::Latent, targets) => (Self::LatentAttention, matches!(targets, LoraTargets::Attention)),
            (Self::QkNorm, targets) => (Self::QkNormAttention, matches!(targets, LoraTargets::Attention)),
            _ => (Self::DenseAttention, false),
        }
    }
}

/// What a tensor is to training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Embedding,
    /// The output matrix.
    Head,
    /// Norms, biases, and whatever else is neither quantized nor adapted.
    Plain,
    Query,
    Value,
    /// Keys, the output of attention, and fused projections.
    Attention,
    /// Any other linear layer.
    Linear,
    /// A linear layer of an MLP beside experts of the same names: peft takes the experts for those names, and leaves it.
    BesideExperts,
    Router,
    /// Matrices of the routed experts; adapters of fused gate and up have twice the rank.
    Experts {
        fused: bool,
    },
}

/// Tensors of one shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) role: Role,
    /// Row length.
    pub(super) inputs: u64,
    /// Rows.
    pub(super) outputs: u64,
    /// Matrices in one tensor.
    pub(super) matrices: u64,
    /// How many such tensors the model has.
    pub(super) count: u64,
}

impl Group {
    pub(super) const fn elements(&self) -> u64 {
        self.inputs * self.outputs * self.matrices
    }

    /// A linear layer, which nf4 quantizes.
    pub(super) const fn is_linear(&self) -> bool {
        matches!(self.role, Role::Query | Role::Value | Role::Attention | Role::Linear | Role::BesideExperts)
    }
}

/// A model as training sees it.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) family: Family,
    /// The laws were read off this family itself.
    pub(super) derived: bool,
    pub(super) groups: Vec<Group>,
    pub(super) layers: u64,
    pub(super) hidden: u64,
    pub(super) vocabulary: u64,
    pub(super) head_dim: u64,
    pub(super) tied: bool,
    /// Head counts and MLP widths of the layers, each once.
    pub(super) heads: Vec<u64>,
    pub(super) widths: Vec<u64>,
    /// Mean dimensions of a layer.
    mean: Mean,
    /// Those that latent attention has, in its family.
    latent: Option<Latent>,
}

/// Dimensions of a layer, averaged over all of them.
#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    q: f64,
    k: f64,
    heads: f64,
    kv_heads: f64,
    width: f64,
    experts: f64,
    experts_per_token: f64,
    expert_width: f64,
}

impl Shape {
    /// The memo of `model`; `None` where its tensors cannot be laid out.
    pub(super) fn of(model: &Model) -> Option<&Self> {
        model.memo.get(SLOT, || Self::new(model))?.as_ref()
    }

    fn new(model: &Model) -> Option<Self> {
        let (layers, tensors) = (model.layers()?, layout::tensors(model)?);
        let (family, derived) = family(model, &layers);
        let mut heads: Vec<u64> = Vec::new();
        let mut widths: Vec<u64> = Vec::new();
        for layer in &layers {
            match layer.mixer {
                Mixer::Attention(attention) => heads.push(attention.heads),
                Mixer::Recurrent(recurrent) => heads.push(recurrent.heads),
                Mixer::None => {}
            }
            match layer.feed_forward {
                FeedForward::Dense { width, .. } | FeedForward::Experts { width, .. } => widths.push(width),
                FeedForward::None => {}
            }
        }
        heads.dedup();
        widths.dedup();
        Some(Self {
            family,
            derived,
            groups: groups(model, &tensors),
            layers: layers.len() as u64,
            hidden: model.hidden_size,
            vocabulary: model.vocab_size,
            head_dim: model.mla.map_or(model.head_dim, |mla| mla.qk_rope_head_dim),
            tied: model.tie_word_embeddings,
            heads,
            widths,
            latent: Latent::of(model, &layers).filter(|_| family == Family::Latent),
            mean: Mean::of(&layers),
        })
    }

    /// All parameters.
    pub(super) fn parameters(&self) -> u64 {
        self.groups.iter().map(|group| group.count * group.elements()).sum()
    }

    /// The family of a run, and whether the laws were read off just this.
    pub(super) fn family_for(&self, task: Task, training: &Training) -> (Family, bool) {
        let targets = if task == Task::Full { LoraTargets::AllLinear } else { training.lora_targets };
        let (family, same) = self.family.with(targets);
        // With a mask flash attention gives way to one that pads no values.
        let masked = training.padding_mask && training.attention == TrainingAttention::Flash && self.latent.is_some();
        (family, same && self.derived && !masked)
    }

    /// The symbols of the laws for one micro-batch.
    pub(super) fn values(&self, training: &Training) -> Values {
        let tokens = training.sequence_length as f64 * f64::from(training.micro_batch);
        let mean = &self.mean;
        let own = |symbol| self.latent.and_then(|latent| latent.value(symbol));
        laws::values(|symbol| {
            own(symbol).unwrap_or_else(|| match symbol {
                'T' => tokens,
                'S' => training.sequence_length as f64,
                'h' => self.hidden as f64,
                'q' => mean.q,
                'k' => mean.k,
                'u' => mean.q + 2.0 * mean.k,
                'd' => self.head_dim as f64,
                'a' => mean.heads,
                'g' => mean.kv_heads,
                'i' => mean.width,
                'V' => self.vocabulary as f64,
                'r' => f64::from(training.lora_rank),
                'E' => mean.experts,
                't' => mean.experts_per_token,
                'e' => mean.expert_width,
                _ => 0.0,
            })
        })
    }

    /// Width of all queries and active inner dimensions, for arithmetic.
    pub(super) const fn query_width(&self) -> f64 {
        self.mean.q
    }

    /// Experts in a layer and how many a token passes through.
    pub(super) const fn experts(&self) -> (f64, f64) {
        (self.mean.experts, self.mean.experts_per_token)
    }
}

impl Mean {
    fn of(layers: &[Layer]) -> Self {
        let mut sum = Self::default();
        let expert_width = layers.iter().find_map(|layer| match layer.feed_forward {
            FeedForward::Experts { width, .. } => Some(width as f64),
            _ => None,
        });
        for layer in layers {
            match layer.mixer {
                Mixer::Attention(it) => {
                    sum.q += (it.heads * it.key_dim) as f64;
                    sum.k += (it.kv_heads * (it.key_dim + it.value_dim)) as f64 / 2.0;
                    sum.heads += it.heads as f64;
                    sum.kv_heads += it.kv_heads as f64;
                }
                // As if its inner activations were queries.
                Mixer::Recurrent(it) => {
                    sum.q += it.inner_width as f64;
                    sum.k += (it.groups * it.state_size) as f64;
                    sum.heads += it.heads as f64;
                    sum.kv_heads += it.groups as f64;
                }
                Mixer::None => {}
            }
            match (layer.feed_forward, expert_width) {
                (FeedForward::Dense { width, .. }, None) => sum.width += width as f64,
                // Beside experts a dense MLP counts as experts that every token passes through, and so do shared ones.
                (FeedForward::Dense { width, .. }, Some(one)) => {
                    sum.experts += width as f64 / one;
                    sum.experts_per_token += width as f64 / one;
                }
                (FeedForward::Experts { experts, experts_per_token, width, shared_width, .. }, _) => {
                    sum.experts += experts as f64;
                    sum.experts_per_token += experts_per_token as f64 + shared_width as f64 / width.max(1) as f64;
                }
                (FeedForward::None, _) => {}
            }
        }
        let count = layers.len().max(1) as f64;
        Self {
            q: sum.q / count,
            k: sum.k / count,
            heads: sum.heads / count,
            kv_heads: sum.kv_heads / count,
            width: sum.width / count,
            experts: sum.experts / count,
            experts_per_token: sum.experts_per_token / count,
            expert_width: expert_width.unwrap_or(0.0),
        }
    }
}

/// The nearest family, and whether it is the model's own.
fn family(model: &Model, layers: &[Layer]) -> (Family, bool) {
    use Architecture as A;
    let mixture = model.experts.is_some();
    let plain =
        model.recurrent.is_none() && model.mla.is_none() && layers.windows(2).all(|pair| alike(pair[0], pair[1]));
    let shared = model.experts.is_some_and(|experts| experts.shared_expert_intermediate_size > 0);
    match (model.architecture, mixture) {
        (_, true) if model.mla.is_some() && model.recurrent.is_none() => (Family::Latent, latent::derived(model)),
        (A::Gemma2, false) => (Family::Gemma2, plain),
        (A::Gemma3, false) => (Family::Gemma3, plain),
        (A::Gemma3n | A::Gemma4, false) => (Family::Gemma3, false),
        (A::Phi3, false) => (Family::Phi3, plain),
        (A::Qwen3, false) => (Family::QkNorm, plain),
        (A::Qwen3Moe, true) => (Family::MoeQkNorm, plain && !shared),
        (A::Llama, true) => (Family::Moe, plain && !shared),
        (A::Llama | A::Mistral3 | A::Qwen2, false) => (Family::Dense, plain),
        (A::Starcoder2, false) => (Family::Gpt, plain),
        // One norm for attention and MLP, which run beside each other.
        (A::Falcon, false) => (Family::Gpt, false),
        (A::Olmo2 | A::Exaone4, false) => (Family::QkNorm, false),
        (A::HunyuanMoe | A::Step35 | A::MinimaxM2 | A::Glm4Moe, true) => (Family::MoeQkNorm, false),
        (_, true) => (Family::Moe, false),
        (_, false) => (Family::Dense, false),
    }
}

/// Whether two layers have the same dimensions, wherever they look.
fn alike(one: Layer, other: Layer) -> bool {
    let mixers = match (one.mixer, other.mixer) {
        (Mixer::Attention(one), Mixer::Attention(other)) => {
            (one.heads, one.kv_heads, one.key_dim, one.value_dim)
                == (other.heads, other.kv_heads, other.key_dim, other.value_dim)
        }
        _ => false,
    };
    mixers && one.feed_forward == other.feed_forward
}

/// The tensors of a checkpoint, by shape.
fn groups(model: &Model, tensors: &[Tensor]) -> Vec<Group> {
    let gated = tensors.iter().any(|tensor| tensor.kind == K::FfnGateExps);
    let mut groups: Vec<Group> = Vec::new();
    for tensor in tensors {
        let Some(group) = group(model, tensor, gated).filter(|it| it.role != Role::Head || !model.tie_word_embeddings)
        else {
            continue;
        };
        match groups.iter_mut().find(|known| Group { count: 1, ..**known } == group) {
            Some(known) => known.count += 1,
            None => groups.push(group),
        }
    }
    groups
}

/// What a checkpoint holds for a tensor of a GGUF file: gate and up of experts are one there, factors of positions are
/// computed.
fn group(model: &Model, tensor: &Tensor, gated: bool) -> Option<Group> {
    let [inputs, outputs, matrices] = tensor.ne.map(|dimension| dimension.max(1));
    let of = |role| Some(Group { role, inputs, outputs, matrices, count: 1 });
    match tensor.kind {
        K::RopeFreqs | K::RopeFactorsLong | K::RopeFactorsShort => None,
        K::FfnGateExps if !tensor.bias => None,
        K::TokenEmbd => of(Role::Embedding),
        K::Output if !tensor.bias => of(Role::Head),
        _ if tensor.bias || outputs * matrices <= 1 => of(Role::Plain),
        K::FfnUpExps => Some(Group {
            role: Role::Experts { fused: gated },
            inputs,
            outputs: if gated { 2 * outputs } else { outputs },
            matrices,
            count: 1,
        }),
        K::FfnGateUpExps => of(Role::Experts { fused: true }),
        K::FfnDownExps => of(Role::Experts { fused: false }),
        K::FfnGateInp => of(Role::Router),
        K::AttnQ | K::AttnQB => of(Role::Query),
        K::AttnV => of(Role::Value),
        K::AttnK | K::AttnQkv | K::AttnOutput | K::AttnQA | K::AttnKvAMqa => of(Role::Attention),
        // One matrix in a checkpoint: keys without position and values, from the latent.
        K::AttnKB => None,
        K::AttnVB => {
            let keys = model.mla.map_or(0, |mla| mla.qk_nope_head_dim);
            let (outputs, matrices) = ((outputs + keys) * matrices, 1);
            Some(Group { role: Role::Value, inputs, outputs, matrices, count: 1 })
        }
        K::PerLayerTokenEmbd
        | K::SsmConv1d
        | K::SsmConv1dQ
        | K::SsmConv1dK
        | K::SsmConv1dV
        | K::SsmA
        | K::SsmD
        | K::ShortconvConv => of(Role::Plain),
        K::FfnGate | K::FfnUp | K::FfnDown | K::FfnGateShexp | K::FfnUpShexp | K::FfnDownShexp
            if model.mla.is_some() && model.experts.is_some() =>
        {
            of(Role::BesideExperts)
        }
        _ if matrices > 1 => of(Role::Plain),
        _ => of(Role::Linear),
    }
}
