//! The mixes proper: how many bits each role gets in each file type.

use crate::catalog::quantization::Quantization as File;

use super::super::block_type::BlockType as Type;
use super::super::tensor::{Place, Tensor};
use super::{MixContext, Quirk};

/// What a matrix does, as far as the mixes distinguish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MatrixRole {
    /// Token embeddings, also those of each layer.
    Embedding,
    /// The output matrix.
    Output,
    /// Query projection.
    AttentionQuery,
    /// Key projection.
    AttentionKey,
    /// Value projection, alone or fused with others: the most sensitive one.
    AttentionValue,
    /// Output projection of attention.
    AttentionOutput,
    /// Up projection, dense or of experts.
    Up,
    /// Gate projection, dense or of experts.
    Gate,
    /// Down projection, dense or of experts.
    Down,
    /// Anything else.
    Other,
}

/// The role of the tensor with this name (without layer and suffix).
pub(super) fn role(name: &str) -> MatrixRole {
    let ends = |ending| name.ends_with(ending);
    match name {
        "output" => MatrixRole::Output,
        "token_embd" | "per_layer_token_embd" => MatrixRole::Embedding,
        _ if ends("attn_qkv") || ends("attn_kv_b") || ends("attn_v") => MatrixRole::AttentionValue,
        _ if ends("attn_k") => MatrixRole::AttentionKey,
        _ if ends("attn_q") => MatrixRole::AttentionQuery,
        _ if ends("attn_output") => MatrixRole::AttentionOutput,
        _ if name.contains("ffn_up") => MatrixRole::Up,
        _ if name.contains("ffn_gate") => MatrixRole::Gate,
        _ if name.contains("ffn_down") => MatrixRole::Down,
        _ => MatrixRole::Other,
    }
}

/// The type that most matrices of a file have.
pub(super) const fn base(file: File) -> Type {
    match file {
        File::F32 => Type::f32,
        File::BF16 => Type::bf16,
        File::Q8_0 => Type::q8_0,
        File::Q6_K => Type::q6_K,
        File::Q5_K_M | File::Q5_K_S => Type::q5_K,
        File::Q5_1 => Type::q5_1,
        File::Q5_0 => Type::q5_0,
        File::Q4_K_M | File::Q4_K_S => Type::q4_K,
        File::Q4_1 => Type::q4_1,
        File::Q4_0 => Type::q4_0,
        File::IQ4_NL => Type::iq4_nl,
        File::IQ4_XS => Type::iq4_xs,
        File::Q3_K_L | File::Q3_K_M | File::Q3_K_S => Type::q3_K,
        File::IQ3_M | File::IQ3_S | File::IQ3_XS => Type::iq3_s,
        File::IQ3_XXS => Type::iq3_xxs,
        File::Q2_K | File::Q2_K_S => Type::q2_K,
        File::IQ2_M => Type::iq2_s,
        File::IQ2_S | File::IQ2_XS => Type::iq2_xs,
        File::IQ2_XXS => Type::iq2_xxs,
        File::IQ1_M => Type::iq1_m,
        File::IQ1_S => Type::iq1_s,
        File::TQ1_0 => Type::tq1_0,
        File::TQ2_0 => Type::tq2_0,
        File::MXFP4_MOE => Type::mxfp4,
        _ => Type::f16,
    }
}

/// How far through the model a role has come.
#[derive(Debug, Clone, Copy)]
pub(super) struct RoleProgress {
    /// Matrices of this role passed.
    pub(super) done: u32,
    /// Matrices of this role in all, as the engine counts them.
    pub(super) of: u32,
}

impl RoleProgress {
    const fn in_first(self, parts: u32) -> bool {
        self.done < self.of / parts
    }

    /// In the first or last eighth, or every third between: where the medium mixes spend their bits.
    const fn deserves_more(self) -> bool {
        let eighth = self.of / 8;
        self.done < eighth || self.done >= 7 * self.of / 8 || (self.done - eighth) % 3 == 2
    }

    /// Between the first and the last eighth.
    const fn in_middle(self) -> bool {
        self.done >= self.of / 8 && self.done < 7 * self.of / 8
    }
}

/// One walk through a file.
pub(super) struct TypeMixer {
    pub(super) file: File,
    pub(super) base: Type,
    pub(super) context: MixContext,
    /// No output matrix: the embeddings serve as one.
    pub(super) tied: bool,
    pub(super) values: RoleProgress,
    pub(super) up: RoleProgress,
    pub(super) gate: RoleProgress,
    pub(super) down: RoleProgress,
}

impl TypeMixer {
    /// The type of a matrix that is quantized; matrices of a role come in the order of layers.
    pub(super) fn choose(&mut self, tensor: &Tensor, role: MatrixRole) -> Type {
        let wanted = match role {
            MatrixRole::Output => self.output(tensor),
            MatrixRole::Embedding if self.tied => self.output(tensor),
            _ if self.file == File::MXFP4_MOE => self.microscaled(tensor, role),
            MatrixRole::Embedding => self.embedding(),
            _ if self.is_very_low() => self.very_low(role),
            MatrixRole::AttentionValue => self.value(),
            MatrixRole::AttentionKey | MatrixRole::AttentionQuery => self.query_or_key(role),
            MatrixRole::AttentionOutput => self.attention_output(),
            MatrixRole::Down => self.down(tensor),
            MatrixRole::Gate => {
                Self::up_or_gate(self.file, self.base, Self::step(&mut self.gate, tensor, self.context))
            }
            MatrixRole::Up => Self::up_or_gate(self.file, self.base, Self::step(&mut self.up, tensor, self.context)),
            MatrixRole::Other => self.base,
        };
        fitting(self.floor(tensor, wanted), tensor.ne[0])
    }

    const fn eight_experts(&self) -> bool {
        self.context.experts == 8
    }

    const fn grouped(&self) -> bool {
        self.context.query_groups >= 4
    }

    /// The file types around two bits, which have a mix of their own.
    const fn is_very_low(&self) -> bool {
        matches!(self.file, File::IQ2_XXS | File::IQ2_XS | File::IQ2_S | File::IQ2_M | File::IQ1_S | File::IQ1_M)
    }

    /// GLM-5 next does not take the low-rank query matrices below `Q8_0`.
    fn floor(&self, tensor: &Tensor, wanted: Type) -> Type {
        let name = tensor.kind.name();
        let guarded = ["attn_q_a", "attn_q_b", "nextn.eh_proj"].iter().any(|it| name.contains(it));
        if self.context.quirk == Quirk::Glm5Next && guarded { Type::q8_0 } else { wanted }
    }

    fn output(&self, tensor: &Tensor) -> Type {
        match self.file {
            File::MXFP4_MOE | File::Q8_0 => Type::q8_0,
            _ if self.context.quirk == Quirk::Falcon || !self.base.divides(tensor.ne[0]) => Type::q8_0,
            File::IQ3_XXS => Type::q5_K,
            _ if self.is_very_low() => Type::q5_K,
            _ => Type::q6_K,
        }
    }

    fn microscaled(&self, tensor: &Tensor, role: MatrixRole) -> Type {
        let expert = self.context.quirk != Quirk::BailingMoe3
            || matches!(role, MatrixRole::Up | MatrixRole::Gate | MatrixRole::Down);
        if tensor.ne[2] > 1 && expert { Type::mxfp4 } else { Type::q8_0 }
    }

    const fn embedding(&self) -> Type {
        match self.file {
            File::IQ2_XXS | File::IQ2_XS | File::IQ1_S | File::IQ1_M => Type::q2_K,
            File::IQ2_S | File::IQ2_M | File::IQ3_XXS => Type::iq3_s,
            File::TQ1_0 | File::TQ2_0 => Type::q4_K,
            _ => self.base,
        }
    }

    fn very_low(&mut self, role: MatrixRole) -> Type {
        let roomy = matches!(self.file, File::IQ2_S | File::IQ2_M);
        let better = if roomy { Type::iq3_s } else { Type::q2_K };
        match role {
            MatrixRole::AttentionValue if self.grouped() || self.context.experts >= 4 => Type::q4_K,
            MatrixRole::AttentionValue => better,
            MatrixRole::AttentionKey if self.eight_experts() => Type::q4_K,
            MatrixRole::AttentionOutput if self.eight_experts() => Type::q5_K,
            MatrixRole::AttentionOutput if roomy => Type::iq3_s,
            MatrixRole::AttentionOutput if matches!(self.file, File::IQ1_S | File::IQ1_M) => Type::iq2_xxs,
            MatrixRole::Down => {
                // Counted matrix by matrix here, even where experts make several a layer.
                let first = self.down.in_first(8);
                self.down.done += 1;
                if first { better } else { self.base }
            }
            _ => self.base,
        }
    }

    fn value(&mut self) -> Type {
        let place = self.values;
        self.values.done += 1;
        if self.eight_experts() {
            return Type::q8_0;
        }
        let chosen = match self.file {
            File::Q2_K if !self.grouped() => Type::q3_K,
            File::Q2_K | File::Q2_K_S | File::IQ3_XXS | File::IQ3_XS | File::IQ3_S if self.grouped() => Type::q4_K,
            File::IQ3_M => Type::q4_K,
            File::Q3_K_M if place.done >= 2 => Type::q4_K,
            File::Q3_K_M | File::Q3_K_L => Type::q5_K,
            File::IQ4_NL | File::IQ4_XS if self.grouped() => Type::q5_K,
            File::Q4_K_M | File::Q5_K_M if place.deserves_more() => Type::q6_K,
            File::Q4_K_S if place.done < 4 => Type::q5_K,
            _ => self.base,
        };
        match chosen {
            Type::q3_K | Type::q4_K if self.context.quirk == Quirk::SeventyB => Type::q5_K,
            _ => chosen,
        }
    }

    const fn query_or_key(&self, role: MatrixRole) -> Type {
        match self.file {
            _ if matches!(role, MatrixRole::AttentionKey) && self.eight_experts() => Type::q8_0,
            File::IQ3_XS => Type::iq3_xxs,
            File::IQ3_XXS => Type::iq2_s,
            _ => self.base,
        }
    }

    fn attention_output(&self) -> Type {
        match self.file {
            File::Q3_K_L if self.context.quirk == Quirk::Falcon => Type::q4_K,
            _ if self.context.quirk == Quirk::Falcon => self.base,
            File::Q2_K
            | File::Q3_K_S
            | File::Q3_K_M
            | File::Q4_K_S
            | File::Q4_K_M
            | File::IQ3_XXS
            | File::IQ3_XS
            | File::IQ3_S
            | File::IQ3_M
            | File::IQ4_NL
            | File::IQ4_XS
                if self.eight_experts() =>
            {
                Type::q5_K
            }
            _ if self.eight_experts() => self.base,
            File::Q2_K => Type::q3_K,
            File::IQ3_XXS => Type::iq3_s,
            File::Q3_K_M | File::IQ3_M => Type::q4_K,
            File::Q3_K_L => Type::q5_K,
            _ => self.base,
        }
    }

    fn down(&mut self, tensor: &Tensor) -> Type {
        let place = Self::step(&mut self.down, tensor, self.context);
        let falcon = self.context.quirk == Quirk::Falcon;
        match self.file {
            File::Q2_K => Type::q3_K,
            File::Q2_K_S if place.in_first(8) => Type::q4_K,
            File::Q3_K_M if place.in_first(16) => Type::q5_K,
            File::Q3_K_M if !falcon || place.deserves_more() => Type::q4_K,
            File::IQ3_M if place.in_first(8) || self.eight_experts() && place.deserves_more() => Type::q4_K,
            File::Q3_K_L if falcon => Type::q4_K,
            File::Q3_K_L => Type::q5_K,
            File::Q4_K_M if falcon && place.deserves_more() && !place.in_first(16) => Type::q5_K,
            File::Q4_K_M | File::Q5_K_M if place.deserves_more() => Type::q6_K,
            File::IQ4_NL | File::IQ4_XS if place.in_first(8) => Type::q5_K,
            File::Q4_K_S if !falcon && place.in_first(8) => Type::q5_K,
            _ => self.base,
        }
    }

    const fn up_or_gate(file: File, base: Type, place: RoleProgress) -> Type {
        match file {
            File::IQ3_XS if place.in_middle() => Type::iq3_xxs,
            _ => base,
        }
    }

    /// Where a feed-forward matrix stands: by its layer in a model of experts, by count otherwise.
    fn step(progress: &mut RoleProgress, tensor: &Tensor, context: MixContext) -> RoleProgress {
        let place = match tensor.place {
            Place::Layer(layer) if context.experts > 1 => RoleProgress { done: layer, ..*progress },
            _ => *progress,
        };
        progress.done += 1;
        place
    }
}

/// The type itself, or what takes its place where rows do not divide into its blocks: a type with blocks of 32, and
/// F16 where not even that goes.
fn fitting(wanted: Type, ne0: u64) -> Type {
    if wanted.divides(ne0) {
        return wanted;
    }
    let smaller = match wanted {
        Type::q6_K => Type::q8_0,
        Type::q5_K => Type::q5_1,
        Type::q4_K => Type::q5_0,
        Type::q3_K | Type::q2_K | Type::q2_0 | Type::tq1_0 | Type::tq2_0 => Type::q4_0,
        Type::iq4_xs
        | Type::iq3_s
        | Type::iq3_xxs
        | Type::iq2_s
        | Type::iq2_xs
        | Type::iq2_xxs
        | Type::iq1_m
        | Type::iq1_s => Type::iq4_nl,
        other => other,
    };
    if smaller.divides(ne0) { smaller } else { Type::f16 }
}
