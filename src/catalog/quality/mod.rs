//! What quantization costs in quality: measured losses by method and size of model, and the one of five words that
//! they come to. Scale and rules are those of the table's own study, `data/quality.ron`.

mod loss_table;
mod word;

use serde::{Deserialize, Serialize};

use super::quantization::{KvPrecision, Quantization};
pub use loss_table::QualityTable;

/// What is stored in fewer bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum QuantizedPart {
    /// The weights.
    Weights(Quantization),
    /// The KV cache.
    KvCache(KvPrecision),
}

impl QuantizedPart {
    /// Whether this is the precision that losses are measured against.
    pub const fn is_reference(self) -> bool {
        match self {
            Self::Weights(it) => matches!(
                it,
                Quantization::F32
                    | Quantization::F16
                    | Quantization::BF16
                    | Quantization::fp32
                    | Quantization::fp16
                    | Quantization::bf16
            ),
            Self::KvCache(it) => matches!(it, KvPrecision::f32 | KvPrecision::f16 | KvPrecision::bf16),
        }
    }
}

/// Models by their parameters, all experts counted: small ones lose more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "in billions of parameters, as the names say")]
pub enum SizeClass {
    Under4B,
    From4To15B,
    From15To50B,
    Over50B,
}

impl SizeClass {
    /// The class of a model with so many parameters.
    pub const fn of(parameters: u64) -> Self {
        match parameters {
            0..4_000_000_000 => Self::Under4B,
            4_000_000_000..15_000_000_000 => Self::From4To15B,
            15_000_000_000..50_000_000_000 => Self::From15To50B,
            _ => Self::Over50B,
        }
    }

    /// As it is written everywhere: `4–15B`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Under4B => "<4B",
            Self::From4To15B => "4\u{2013}15B",
            Self::From15To50B => "15\u{2013}50B",
            Self::Over50B => ">50B",
        }
    }

    /// The next smaller class.
    const fn smaller(self) -> Option<Self> {
        match self {
            Self::Under4B => None,
            Self::From4To15B => Some(Self::Under4B),
            Self::From15To50B => Some(Self::From4To15B),
            Self::Over50B => Some(Self::From15To50B),
        }
    }
}

/// What was measured. Percent are of the unquantized model; a negative loss is noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Measure {
    /// Increase of the perplexity, in percent.
    Perplexity,
    /// Loss of task scores, in percent.
    TaskScore,
    /// Mean KL divergence of the next token.
    Divergence,
    /// Share of equal first tokens, in percent.
    SameToken,
}

/// How the files that were measured had been made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FileRecipe {
    /// Every row that counts.
    All,
    /// Without calibration data.
    Plain,
    /// With calibration data, such as an importance matrix.
    Calibrated,
    /// A dynamic mix of precisions, layer by layer.
    Dynamic,
    /// Trained or tuned further with the quantization in place.
    Tuned,
    /// The cache is rotated before it is quantized.
    Rotated,
}

/// What the rows of one method, size and measure say together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// What was quantized, and how.
    pub method: QuantizedPart,
    /// Of which models.
    pub size: SizeClass,
    /// What was measured.
    #[serde(rename = "kind")]
    pub measure: Measure,
    /// In which files.
    pub recipe: FileRecipe,
    /// The middle row.
    pub median: f64,
    /// The lowest row.
    pub low: f64,
    /// The highest row.
    pub high: f64,
    /// Rows.
    pub rows: u32,
    /// Models among them.
    pub models: u32,
    /// Year in which the newest of the models came out, where it is known.
    #[serde(default)]
    pub newest_year: Option<u16>,
    /// Keys of [`QualityTable::sources`]; empty for a part of what all rows say.
    #[serde(default)]
    pub sources: Vec<String>,
}

/// The loss in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LossWord {
    /// None that was measured.
    None,
    /// Small.
    Small,
    /// Noticeable.
    Noticeable,
    /// Marked.
    Marked,
    /// Severe.
    Severe,
}

/// What a word rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// The precision that losses are measured against.
    Reference,
    /// Three rows or more of two models or more.
    Measured,
    /// Fewer rows than that.
    FewRows,
    /// Measured on smaller models, which lose more; none of this size was.
    OtherSize(SizeClass),
}

/// How much quality a method costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct QualityLoss {
    /// In one word.
    pub word: LossWord,
    /// What the word rests on.
    pub basis: Basis,
}

impl QualityLoss {
    /// Whether the word is marked with a question mark.
    pub const fn is_doubtful(self) -> bool {
        matches!(self.basis, Basis::FewRows | Basis::OtherSize(_))
    }
}

/// The loss of `method` on a model with so many parameters, all experts counted; `None` = nothing was measured.
pub fn loss(method: QuantizedPart, parameters: u64) -> Option<QualityLoss> {
    word::loss(QualityTable::built_in(), method, SizeClass::of(parameters))
}
