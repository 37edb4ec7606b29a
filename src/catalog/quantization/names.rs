//! Names of precisions: how they are printed, read, and suggested when misspelled.

use std::str::FromStr;

use strum::VariantArray;

use super::{KvPrecision, Quantization, facts_table};
use crate::text::{Fault, Join, Key, Phrase, Placeholder, foreign, nearest, printed_in_english};

/// The name in the script contract, which is how a precision is spelled everywhere.
macro_rules! named {
    ($($type:ident)+) => {
        $(impl $type {
            /// Every one, in the order of declaration.
            pub const ALL: &[Self] = Self::VARIANTS;

            /// The name in the script contract.
            pub fn name(self) -> &'static str {
                self.into()
            }
        })+
    };
}

named! { Quantization KvPrecision }

impl KvPrecision {
    /// As people read it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::f32 => "F32",
            Self::f16 => "F16",
            Self::bf16 => "BF16",
            Self::q8_0 => "Q8_0",
            Self::q5_1 => "Q5_1",
            Self::q5_0 => "Q5_0",
            Self::q4_1 => "Q4_1",
            Self::q4_0 => "Q4_0",
            Self::iq4_nl => "IQ4_NL",
            Self::fp8 => "FP8",
        }
    }
}

/// A name that is no precision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct UnknownPrecision {
    /// What was given.
    pub name: String,
    /// The names most like it, best first.
    pub suggestions: Vec<&'static str>,
}

impl UnknownPrecision {
    fn of(name: &str, known: impl Iterator<Item = &'static str>) -> Self {
        Self { name: name.to_owned(), suggestions: nearest(name, known) }
    }
}

impl Fault for UnknownPrecision {
    fn phrase(&self) -> Phrase {
        Phrase::new(Key::UnknownPrecision).with(Placeholder::Name, foreign(&self.name)).with_list(
            Placeholder::Other,
            Join::Items,
            &self.suggestions,
        )
    }
}

printed_in_english!(UnknownPrecision);

impl FromStr for Quantization {
    type Err = UnknownPrecision;

    /// Reads a contract name or an alias in any letter case. Where two names differ in case alone (`bf16`, `BF16`) the
    /// exact one is meant, and the server's otherwise.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        if let Some(exact) = Self::ALL.iter().copied().find(|it| it.name() == name) {
            return Ok(exact);
        }
        let plain = plain(name);
        Self::ALL
            .iter()
            .copied()
            .rev()
            .find(|it| self::plain(it.name()) == plain)
            .or_else(|| facts_table::facts().iter().find(|it| it.is_called(&plain)).map(|it| it.id))
            .ok_or_else(|| UnknownPrecision::of(name, Self::ALL.iter().map(|it| it.name())))
    }
}

impl FromStr for KvPrecision {
    type Err = UnknownPrecision;

    /// Reads a contract name in any letter case; servers' `fp16` and `fp32` are F16 and F32.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        // Names as the contract spells them are looked up without a copy.
        if let Some(exact) = Self::ALL.iter().copied().find(|it| it.name() == name) {
            return Ok(exact);
        }
        let plain = plain(name);
        match plain.as_str() {
            "fp16" => return Ok(Self::f16),
            "fp32" => return Ok(Self::f32),
            "fp8e4m3" | "fp8e5m2" => return Ok(Self::fp8),
            _ => {}
        }
        let found = Self::ALL.iter().copied().find(|it| self::plain(it.name()) == plain);
        found.ok_or_else(|| UnknownPrecision::of(name, Self::ALL.iter().map(|it| it.name())))
    }
}

/// A name without what people vary: letter case, and `_`, `-`, `.` or a space between its parts.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-' | '.' | ' ')).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contract_names_read_back() {
        for it in Quantization::ALL {
            assert_eq!(it.to_string().parse(), Ok(*it));
        }
        for it in KvPrecision::ALL {
            assert_eq!(it.to_string().parse(), Ok(*it));
        }
    }

    #[test]
    fn letter_case_and_separators_do_not_matter() {
        assert_eq!("q4_k_m".parse(), Ok(Quantization::Q4_K_M));
        assert_eq!("Q4-K-M".parse(), Ok(Quantization::Q4_K_M));
        assert_eq!("iq4xs".parse(), Ok(Quantization::IQ4_XS));
        assert_eq!("Bf16".parse(), Ok(Quantization::bf16));
        assert_eq!("BF16".parse(), Ok(Quantization::BF16));
        assert_eq!("MXFP4".parse(), Ok(Quantization::mxfp4));
        assert_eq!("Q8_0".parse(), Ok(KvPrecision::q8_0));
        assert_eq!("fp16".parse(), Ok(KvPrecision::f16));
    }

    #[test]
    fn aliases_of_the_table() {
        assert_eq!("q6".parse(), Ok(Quantization::Q6_K));
        assert_eq!("Q4_K".parse(), Ok(Quantization::Q4_K_M));
        assert_eq!("float16".parse(), Ok(Quantization::fp16));
    }

    #[test]
    fn a_misspelling_names_its_neighbors() {
        let error = "Q4_K_X".parse::<Quantization>().unwrap_err();
        assert!(error.suggestions.contains(&"Q4_K_M"), "{error}");
        assert_eq!(error.to_string().lines().count(), 1);
        assert!("".parse::<Quantization>().is_err());
        assert!("量化".parse::<Quantization>().is_err());
    }
}
