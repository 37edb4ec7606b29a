//! GLM-4.5: biases on query, key and value; norms on query and key in the large ones.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["glm4_moe"], corrected: true, optional_qk_norm: true, ..ConfigRules::PLAIN },
    tensors: TensorForm {
        norms: BlockNorms::BeforeAsPostAttention,
        mixture: MixtureExtras { choice_bias: true, ..MixtureExtras::PLAIN },
        block,
        ..TensorForm::PLAIN
    },
    training: TrainingForm::mixture(TrainingFamily::Qwen3Moe, false).adapting_experts().replayed(ProgramForm {
        head_norms: Some(Norms::Head),
        qkv_bias: true,
        router: RouterProduct::Wide,
        ..ProgramForm::PLAIN
    }),
    next_token: NextToken::Own,
    ..ArchTraits::PLAIN
};

fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    let norms = if b.model.use_qk_norm { Norms::Head } else { Norms::None };
    plain_with(b, Projections { qkv_bias: true, norms, ..Projections::PLAIN })
}
