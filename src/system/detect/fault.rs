//! Why the driver's library gave no answer, as data: its own words are English.

use nvml_wrapper::error::NvmlError;
use serde::{Deserialize, Serialize};

use crate::text::{Key, Locale, Placeholder};

/// Why the library gave no answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriverFault {
    /// Something that only its own words tell.
    #[default]
    Unknown,
    /// The library cannot be loaded.
    NotLoaded,
    /// The library is too old for the question.
    Outdated,
    /// The card cannot be asked this.
    NotSupported,
    /// The user may not ask.
    NoPermission,
    /// The card is no longer on the bus.
    Lost,
    /// The card must be reset first.
    NeedsReset,
    /// The card's power cables are not attached.
    NoPower,
    /// The card's interrupts do not arrive.
    Interrupts,
    /// The card's own memory of settings is corrupted.
    Corrupted,
    /// The system keeps the card from the driver.
    System,
    /// It waited in vain itself.
    NoAnswer,
    /// Cut into slices, of which none is there for this user.
    NoSlices,
    /// It wrote without end.
    WroteTooMuch,
}

impl DriverFault {
    /// What kind of error the library's is.
    pub(super) const fn of(error: &NvmlError) -> Self {
        match error {
            NvmlError::LibloadingError(_) | NvmlError::LibraryNotFound => Self::NotLoaded,
            NvmlError::FailedToLoadSymbol(_) | NvmlError::FunctionNotFound => Self::Outdated,
            NvmlError::NotSupported => Self::NotSupported,
            NvmlError::NoPermission => Self::NoPermission,
            NvmlError::GpuLost => Self::Lost,
            NvmlError::ResetRequired => Self::NeedsReset,
            NvmlError::InsufficientPower => Self::NoPower,
            NvmlError::IrqIssue => Self::Interrupts,
            NvmlError::CorruptedInfoROM => Self::Corrupted,
            NvmlError::OperatingSystem => Self::System,
            NvmlError::Timeout => Self::NoAnswer,
            _ => Self::Unknown,
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands references")]
    pub(super) fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }

    /// Why, in words; behind them what the library said itself, where it said something.
    pub fn say(self, reason: &str, locale: Locale) -> String {
        let (key, is_quoted) = match self {
            Self::Unknown => (Key::DriverFaultUnknown, true),
            Self::NotLoaded => (Key::DriverFaultNotLoaded, true),
            Self::Outdated => (Key::DriverFaultOutdated, true),
            Self::NotSupported => (Key::DriverFaultNotSupported, true),
            Self::NoPermission => (Key::DriverFaultNoPermission, true),
            Self::Lost => (Key::DriverFaultLost, true),
            Self::NeedsReset => (Key::DriverFaultNeedsReset, true),
            Self::NoPower => (Key::DriverFaultNoPower, true),
            Self::Interrupts => (Key::DriverFaultInterrupts, true),
            Self::Corrupted => (Key::DriverFaultCorrupted, true),
            Self::System => (Key::DriverFaultSystem, true),
            Self::NoAnswer => (Key::DriverFaultNoAnswer, true),
            Self::NoSlices => (Key::DriverFaultNoSlices, false),
            Self::WroteTooMuch => (Key::DriverFaultWroteTooMuch, false),
        };
        quoting(locale.word(key), if is_quoted { reason } else { "" }, locale)
    }
}

/// Words with those that were heard behind them, where there are any.
pub(super) fn quoting(words: &str, heard: &str, locale: Locale) -> String {
    match heard {
        "" => words.to_owned(),
        _ => locale.sentence(Key::DriverFaultSaid, &[(Placeholder::Value, words), (Placeholder::Name, heard)]),
    }
}
