//! A log beside an estimate in words.

use super::against::{Against, AgainstRow, Reason};
use super::{Part, Place};
use crate::catalog::speed::Timed;
use crate::text::{Join, Key, Locale, Placeholder, decimal, gib};
use crate::units::Bytes;

/// Below this amounts are said in MiB.
const SMALL: u64 = 1 << 30;

impl Part {
    /// What it is called.
    pub const fn word(self) -> Key {
        match self {
            Self::Weights => Key::LogWeights,
            Self::KvCache => Key::LogKvCache,
            Self::KvPool => Key::LogKvPool,
            Self::RecurrentState => Key::LogRecurrent,
            Self::Compute => Key::LogCompute,
            Self::Activations => Key::LogActivations,
            Self::Output => Key::LogOutput,
            Self::Overhead => Key::LogOverhead,
            Self::Allocated => Key::LogAllocated,
            Self::Used => Key::LogUsed,
            Self::Held => Key::LogHeld,
        }
    }
}

/// Where it lies.
pub fn place(place: Place, locale: Locale) -> String {
    match place {
        Place::Device(number) => locale.sentence(Key::LogDevice, &[(Placeholder::Count, &number.to_string())]),
        Place::Host => locale.word(Key::LogHost).to_owned(),
    }
}

/// An amount of memory.
pub fn amount(bytes: u64) -> String {
    if bytes < SMALL {
        format!("{} MiB", decimal(bytes as f64 / f64::from(1 << 20), 1))
    } else {
        gib(Bytes(bytes).gib(), 2)
    }
}

/// What the log has more or less than the estimate, and by what share of the log; `None` where it is the same.
pub fn difference(row: &AgainstRow, locale: Locale) -> String {
    let Some(difference) = row.difference() else { return locale.word(Key::NoData).to_owned() };
    if row.agrees() {
        return locale.word(Key::LogSame).to_owned();
    }
    let sign = if difference < 0 { '−' } else { '+' };
    let apart = u64::try_from(difference.unsigned_abs()).unwrap_or(u64::MAX);
    let estimated = row.estimated.map_or(0, |bytes| bytes.0);
    if estimated == 0 {
        return format!("{sign}{}", amount(apart));
    }
    format!("{sign}{} ({sign}{} %)", amount(apart), decimal(100.0 * apart as f64 / estimated as f64, 1))
}

/// Why, in one sentence.
pub fn reason(reason: &Reason, locale: Locale) -> String {
    let key = match reason {
        Reason::OtherSettings(inputs) => {
            let names = inputs
                .iter()
                .map(|input| crate::text::within_sentence(locale.word(input.entry().label).trim_end_matches('…')));
            let names = locale.join(Join::Items, names.collect::<Vec<_>>());
            return locale.sentence(Key::LogOtherSettings, &[(Placeholder::Name, &names)]);
        }
        Reason::Unread(options) => {
            let names = locale.join(Join::Items, options.iter().map(|option| crate::text::foreign(option)));
            return locale.sentence(Key::LogUnreadOptions, &[(Placeholder::Name, &names)]);
        }
        Reason::OtherPrograms(bytes) => {
            return locale.sentence(Key::LogOtherPrograms, &[(Placeholder::Value, &amount(*bytes))]);
        }
        Reason::OlderBuild => Key::LogOlderBuild,
        Reason::OtherMix => Key::LogOtherMix,
        Reason::Mapped => Key::LogMapped,
        Reason::SomethingBeside => Key::LogSomethingBeside,
        Reason::OverheadVaries => Key::LogOverheadVaries,
        Reason::OverheadUnseen => Key::LogOverheadUnseen,
        Reason::PoolIsTheRest => Key::LogPoolIsTheRest,
        Reason::ModelUnsaid => Key::LogModelUnsaid,
        Reason::ContextUnsaid => Key::LogContextUnsaid,
        Reason::CardUnsaid => Key::LogCardUnsaid,
        Reason::PeakOnly => Key::LogPeakOnly,
        Reason::OneFigure => Key::LogOneFigure,
        Reason::FilesInRam => Key::LogFilesInRam,
        Reason::VramUntold => Key::LogVramUntold,
    };
    locale.word(key).to_owned()
}

/// What can be kept as this machine's own; `None` where nothing can.
pub fn kept(found: &Against, locale: Locale) -> Option<String> {
    let overhead = found
        .kept
        .overhead
        .as_ref()
        .map(|own| locale.sentence(Key::LogKeepOverhead, &[(Placeholder::Value, &amount(own.mib << 20))]));
    let speeds = found.kept.speeds.iter().map(|speed| {
        let test = locale.word(if speed.test == Timed::Decode { Key::Decode } else { Key::Prefill });
        format!("{test} {} tok/s", decimal(speed.tokens_per_s, 1))
    });
    let said: Vec<String> = overhead.into_iter().chain(speeds).collect();
    (!said.is_empty()).then(|| locale.join(Join::Items, said))
}
