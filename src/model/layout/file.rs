//! The tensors of a GGUF file as they are, whatever mix made it.

use crate::catalog::model::FileTensor;
use crate::model::block_type::BlockType;
use crate::model::tensor::{Place, Tensor, TensorKind};

/// Tensors and their types, in the file's order; `None` where a type is not known.
pub(crate) fn read(tensors: &[FileTensor]) -> Option<(Vec<Tensor>, Vec<BlockType>)> {
    tensors
        .iter()
        // Towers for other senses lie in files of their own; what a text file has of them is not loaded.
        .filter(|tensor| !tensor.name.starts_with("v.") && !tensor.name.starts_with("mm."))
        .map(|tensor| Some((place(tensor), BlockType::from_gguf(tensor.ggml_type)?)))
        .collect::<Option<Vec<_>>>()
        .map(|pairs| pairs.into_iter().unzip())
}

fn place(tensor: &FileTensor) -> Tensor {
    let (layer, rest) = match tensor.name.strip_prefix("blk.").and_then(|rest| rest.split_once('.')) {
        Some((index, rest)) => (index.parse().ok(), rest),
        None => (None, tensor.name.as_str()),
    };
    let (stem, bias) = match rest.strip_suffix(".bias") {
        Some(stem) => (stem, true),
        None => (rest.strip_suffix(".weight").unwrap_or(rest), false),
    };
    let kind = kind(stem);
    let place = match (layer, kind) {
        (Some(layer), _) => Place::Layer(layer),
        // The engine loads these with the first layer.
        (None, kind) if kind.is_global() => Place::Layer(0),
        (None, TensorKind::TokenEmbd | TensorKind::PerLayerTokenEmbd) => Place::Input,
        (None, _) => Place::Output,
    };
    Tensor { kind, place, ne: tensor.ne, bias }
}

/// Scales share their matrix's name, so the suffix decides.
fn kind(stem: &str) -> TensorKind {
    match stem {
        "ffn_gate_inp.scale" => TensorKind::FfnGateInpScale,
        "ffn_down_exps.scale" => TensorKind::FfnDownExpsScale,
        // LFM2's output norm goes by another name.
        "token_embd_norm" => TensorKind::OutputNorm,
        _ => TensorKind::ALL.iter().copied().find(|kind| kind.name() == stem).unwrap_or(TensorKind::Other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(name: &str) -> Tensor {
        place(&FileTensor { name: name.to_owned(), ne: [8, 4, 1], ggml_type: 0 })
    }

    #[test]
    fn names_tell_kind_and_place() {
        let cases = [
            ("token_embd.weight", TensorKind::TokenEmbd, Place::Input, false),
            ("blk.7.ffn_down_exps.weight", TensorKind::FfnDownExps, Place::Layer(7), false),
            ("blk.7.attn_q.bias", TensorKind::AttnQ, Place::Layer(7), true),
            ("output_norm.weight", TensorKind::OutputNorm, Place::Output, false),
            ("rope_freqs.weight", TensorKind::RopeFreqs, Place::Layer(0), false),
            ("per_layer_model_proj.weight", TensorKind::PerLayerModelProj, Place::Layer(0), false),
            ("blk.2.never_seen.weight", TensorKind::Other, Place::Layer(2), false),
        ];
        for (name, kind, place, bias) in cases {
            let got = tensor(name);
            assert_eq!((got.kind, got.place, got.bias), (kind, place, bias), "{name}");
        }
    }

    #[test]
    fn an_unknown_type_is_not_guessed() {
        let odd = FileTensor { name: "output.weight".to_owned(), ne: [8, 4, 1], ggml_type: 4_000 };
        assert_eq!(read(&[odd]), None, "no such type");
    }
}
