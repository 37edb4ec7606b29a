//! The value of an input, whatever its kind, and how a field of a plan gives and takes it.

use super::Choice;
use crate::catalog::quantization::{KvPrecision, Quantization};
use crate::plan::{
    Backend, BaseQuant, BoxLink, CpuExperts, GpuLayers, Logits, LoraTargets, LossMethod, Offload, OperatingSystem,
    Optimizer, Precision, Runtime, RuntimeVersion, Sharding, SplitMode, Task, TrainingAttention, VisionPlace,
};

/// The value of an input.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum InputValue {
    /// None is given: the engine, the card or another input decides.
    #[default]
    Unset,
    /// On or off.
    Switch(bool),
    /// A count, or tokens.
    Whole(u64),
    /// Any other number.
    Real(f64),
    /// One of a closed list, by its place there.
    Choice(u8),
    /// A version of an engine.
    Version(RuntimeVersion),
}

/// A field of a plan that an input gives and takes.
pub(super) trait Field: Sized {
    fn value(&self) -> InputValue;

    /// What the field holds at this value; `None` for a value of another kind or too large for the field.
    fn of(value: InputValue) -> Option<Self>;

    /// Takes the value where the field can; [`super::Input::set`] lets no other through.
    fn put(&mut self, value: InputValue) {
        if let Some(value) = Self::of(value) {
            *self = value;
        }
    }
}

/// Fields that hold what one kind of value holds.
macro_rules! fields {
    ($($kind:ident: $($field:ty),+;)+) => {
        $($(impl Field for $field {
            #[inline]
            fn value(&self) -> InputValue {
                InputValue::$kind((*self).into())
            }

            fn of(value: InputValue) -> Option<Self> {
                if let InputValue::$kind(value) = value { value.try_into().ok() } else { None }
            }
        })+)+
    };
}

fields! {
    Switch: bool;
    Whole: u8, u32, u64;
    Real: f64;
    Version: RuntimeVersion;
}

macro_rules! choices {
    ($($list:ty),+) => {
        $(impl Field for $list {
            fn value(&self) -> InputValue {
                InputValue::Choice(*self as u8)
            }

            fn of(value: InputValue) -> Option<Self> {
                let InputValue::Choice(place) = value else { return None };
                <Self as Choice>::VARIANTS.get(usize::from(place)).copied()
            }
        })+
    };
}

choices!(
    Backend,
    BaseQuant,
    BoxLink,
    KvPrecision,
    Logits,
    LoraTargets,
    LossMethod,
    Offload,
    OperatingSystem,
    Optimizer,
    Precision,
    Quantization,
    Runtime,
    Sharding,
    SplitMode,
    Task,
    TrainingAttention,
    VisionPlace
);

/// The words for a number of layers, in the order of [`GpuLayers`].
pub(super) const LAYER_WORDS: &[&str] = &["all", "auto"];

impl Field for GpuLayers {
    #[inline]
    fn value(&self) -> InputValue {
        match self {
            Self::All => InputValue::Choice(0),
            Self::Auto => InputValue::Choice(1),
            Self::Count(layers) => InputValue::Whole(u64::from(*layers)),
        }
    }

    fn of(value: InputValue) -> Option<Self> {
        match value {
            InputValue::Choice(0) => Some(Self::All),
            InputValue::Choice(1) => Some(Self::Auto),
            InputValue::Whole(layers) => layers.try_into().ok().map(Self::Count),
            _ => None,
        }
    }
}

/// The words for a number of layers whose experts stay in RAM, in the order of [`CpuExperts`].
pub(super) const EXPERT_WORDS: &[&str] = &["auto"];

impl Field for CpuExperts {
    #[inline]
    fn value(&self) -> InputValue {
        match self {
            Self::Auto => InputValue::Choice(0),
            Self::Count(layers) => InputValue::Whole(u64::from(*layers)),
        }
    }

    fn of(value: InputValue) -> Option<Self> {
        match value {
            InputValue::Choice(0) => Some(Self::Auto),
            InputValue::Whole(layers) => layers.try_into().ok().map(Self::Count),
            _ => None,
        }
    }
}

/// What may be left open.
impl<T: Field> Field for Option<T> {
    #[inline]
    fn value(&self) -> InputValue {
        self.as_ref().map_or(InputValue::Unset, Field::value)
    }

    fn of(value: InputValue) -> Option<Self> {
        if value == InputValue::Unset { Some(None) } else { T::of(value).map(Some) }
    }
}
