//! Linear forms in products of dimensions, as the table of laws writes them.

use super::dim::{Dim, Dims};
use crate::estimate::explanation::{Factor, Quantity};
use crate::text::Key;

/// `coefficient ×` the product of up to three dimensions, in bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct FormTerm {
    coefficient: f64,
    product: [Option<Dim>; 3],
    /// Tensor parallelism divides it.
    cut: bool,
}

/// A sum of terms, in bytes.
pub(super) type Form = Box<[FormTerm]>;

/// How products are divided between cards that share a layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ProductSplit {
    pub(super) tensor: f64,
    pub(super) sequence: bool,
}

/// Forms that a form may call by name.
#[derive(Debug, Clone, Default)]
pub(super) struct Named {
    /// `rebuilt_layer`.
    pub(super) rebuilt: Form,
    /// `layer_gradients`.
    pub(super) gradients: Form,
    pub(super) beside_logits: Form,
}

impl FormTerm {
    pub(super) fn new<const N: usize>(coefficient: f64, dims: [Dim; N]) -> Self {
        let mut product = [None; 3];
        for (place, dim) in product.iter_mut().zip(dims) {
            *place = Some(dim);
        }
        Self { coefficient, product, cut: dims.into_iter().any(Dim::is_cut) }
    }

    pub(super) const fn scaled(self, factor: f64) -> Self {
        Self { coefficient: self.coefficient * factor, ..self }
    }

    /// The bytes of this term on one card.
    pub(super) fn value(&self, dims: &Dims, split: ProductSplit) -> f64 {
        let whole = self.product.iter().flatten().fold(self.coefficient, |product, dim| product * dims.get(*dim));
        if self.is_shared(split) { whole / split.tensor } else { whole }
    }

    fn is_shared(&self, split: ProductSplit) -> bool {
        self.cut || split.sequence && self.has(Dim::Tokens) && self.has(Dim::HiddenSize)
    }

    /// What multiplies to those.
    pub(super) fn factors(&self, dims: &Dims, split: ProductSplit) -> impl Iterator<Item = Factor> {
        let dims = self.product.into_iter().flatten().map(|dim| dim.quantity().of(dims.get(dim)));
        let shared = (self.is_shared(split) && split.tensor > 1.0).then(|| Quantity::SharedBy.of(split.tensor));
        dims.chain([Quantity::ElementBytes.of(self.coefficient)]).chain(shared)
    }

    /// What its bytes are to the model.
    pub(super) fn name(&self) -> Key {
        let any = |dims: &[Dim]| dims.iter().any(|dim| self.has(*dim));
        if !any(&[Dim::Tokens, Dim::LossChunk]) {
            let of_positions = any(&[Dim::SequenceLength]);
            return if of_positions { Key::TermPositions } else { Key::TermWorkMatrix };
        }
        match () {
            () if self.is_logits() => Key::RoleLogits,
            () if any(&[Dim::ExpertWidth, Dim::ExpertsPerToken, Dim::Experts, Dim::ExpertLayers]) => Key::RoleExperts,
            () if any(&[Dim::MlpWidth]) => Key::RoleFeedForward,
            () if any(&[Dim::HiddenSize, Dim::LoraRank]) => Key::RoleHidden,
            () if self.product.iter().flatten().any(|dim| dim.quantity() == Quantity::Width) => Key::RoleProjections,
            () if any(&[Dim::SequenceLength, Dim::Heads, Dim::KeyValueHeads]) => Key::RoleScores,
            () => Key::RoleInput,
        }
    }

    /// The other is as many of the same.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        self.product == other.product
    }

    /// The same with so many more bytes of each.
    pub(super) const fn plus(self, bytes: f64) -> Self {
        Self { coefficient: self.coefficient + bytes, ..self }
    }

    /// Bytes of each.
    pub(super) const fn coefficient(&self) -> f64 {
        self.coefficient
    }

    pub(super) fn has(&self, dim: Dim) -> bool {
        self.product.contains(&Some(dim))
    }

    /// Logits of all tokens or of a chunk, or their gradients.
    pub(super) fn is_logits(&self) -> bool {
        self.has(Dim::Vocabulary) && (self.has(Dim::Tokens) || self.has(Dim::LossChunk))
    }

    /// Tokens by hidden size: the input of a layer.
    pub(super) fn is_hidden_states(&self) -> bool {
        self.product == [Some(Dim::Tokens), Some(Dim::HiddenSize), None]
    }

    /// Attention's scores: tokens by tokens by heads.
    pub(super) fn is_scores(&self) -> bool {
        [Dim::Tokens, Dim::SequenceLength, Dim::Heads].into_iter().all(|dim| self.has(dim))
    }

    /// Without the 16-bit logits that a trainer keeps as its outputs: they are what 4-byte copies of the logits leave over,
    /// 2 of 2, 6 or 10 bytes.
    pub(super) fn without_outputs(self) -> Self {
        if self.is_logits() && self.coefficient % 4.0 == 2.0 {
            Self { coefficient: self.coefficient - 2.0, ..self }
        } else {
            self
        }
    }
}

/// The sum of a form on one card.
pub(super) fn sum(form: &[FormTerm], dims: &Dims, split: ProductSplit) -> f64 {
    form.iter().map(|term| term.value(dims, split)).sum()
}

/// Reads `4 tokens*heads + 16 tokens*hidden_size - rebuilt_layer`; `None` for what is no such form.
pub(super) fn parse(text: &str, named: &Named) -> Option<Form> {
    let mut terms = Vec::new();
    let mut words = text.split_ascii_whitespace().peekable();
    let mut sign = 1.0;
    while let Some(word) = words.next() {
        match word {
            "+" => sign = 1.0,
            "-" => sign = -1.0,
            "0" => {}
            _ => {
                let (minus, word) = word.strip_prefix('-').map_or((1.0, word), |rest| (-1.0, rest));
                let sign = sign * minus;
                if let Some(form) = named.get(word) {
                    terms.extend(form.iter().map(|term| term.scaled(sign)));
                } else {
                    let number: f64 = word.parse().ok()?;
                    terms.push(product(words.next()?)?.scaled(sign * number));
                }
            }
        }
    }
    Some(terms.into())
}

/// One of a product such as `tokens*hidden_size`.
fn product(text: &str) -> Option<FormTerm> {
    let mut dims = text.split('*').map(|name| name.parse::<Dim>().ok());
    let first = dims.next()??;
    match (dims.next(), dims.next(), dims.next()) {
        (None, ..) => Some(FormTerm::new(1.0, [first])),
        (Some(second), None, _) => Some(FormTerm::new(1.0, [first, second?])),
        (Some(second), Some(third), None) => Some(FormTerm::new(1.0, [first, second?, third?])),
        _ => None,
    }
}

impl Named {
    fn get(&self, name: &str) -> Option<&Form> {
        match name {
            "rebuilt_layer" => Some(&self.rebuilt),
            "layer_gradients" => Some(&self.gradients),
            "beside_logits" => Some(&self.beside_logits),
            _ => None,
        }
    }
}
