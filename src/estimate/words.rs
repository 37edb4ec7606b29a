//! The sentences of warnings and refusals. They stand in the locales once; who reads them decides what inputs are called.

use std::borrow::Cow;
use std::fmt;

use super::speed::Uncertainty;
use super::{EstimateError, Indivisible, Refusal, Shared, Warning};
use crate::catalog::unified::UnifiedSetting;
use crate::plan::Input;
use crate::plan::inputs::{Choice as _, InputKind};
use crate::text::{self, Fault, Join, Key, Locale, Placeholder, foreign};
use crate::units::Band;

impl Uncertainty {
    /// What it is called.
    pub const fn name(self) -> Key {
        match self {
            Self::Experts => Key::SpreadExperts,
            Self::Recurrent => Key::SpreadRecurrent,
            Self::Latent => Key::SpreadLatent,
            Self::Sequences => Key::SpreadBatch,
            Self::Tensor => Key::SpreadTensor,
            Self::Unpacked => Key::SpreadUnpacked,
            Self::Cache => Key::SpreadCache,
            Self::Limit => Key::SpreadLimit,
            Self::Network => Key::SpreadNetwork,
            Self::Host => Key::SpreadHost,
            Self::Placement => Key::SpreadPlacement,
        }
    }
}

/// Who reads a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A script or a terminal: inputs by the keys of requests, numbers without separators.
    Script,
    /// A person at the window: inputs by their labels, numbers in groups.
    Window,
}

impl Reader {
    fn sentence(self, locale: Locale, key: Key, values: &[(Placeholder, String)]) -> Cow<'static, str> {
        let words = locale.word(key);
        let filled = if words.contains('{') {
            Cow::Owned(text::fill_with(words, |name| match values.iter().find(|(hole, _)| hole.name() == name) {
                Some((_, value)) => Some(value.as_str()),
                None => self.input(locale, name),
            }))
        } else {
            Cow::Borrowed(words)
        };
        match self {
            // Keys of requests are in English letters, which stand apart from Chinese ones.
            Self::Script if locale == Locale::Zh => Cow::Owned(text::spaced(&filled)),
            Self::Script => filled,
            Self::Window => Cow::Owned(text::sentence_case(&filled)),
        }
    }

    /// What the reader calls an input, or a choice of one: `split_mode`, `split_mode.layer`.
    fn input(self, locale: Locale, name: &str) -> Option<&'static str> {
        let (key, choice) = name.split_once('.').map_or((name, None), |(key, choice)| (key, Some(choice)));
        let entry = Input::of_key(key)?.entry();
        let Some(choice) = choice else {
            return Some(if self == Self::Script { entry.key } else { locale.word(entry.label) });
        };
        let InputKind::Choice(choices) = &entry.kind else { return None };
        let place = choices.names.iter().position(|name| *name == choice)?;
        Some(if self == Self::Script { choices.names[place] } else { (choices.word)(place).of(locale) })
    }

    /// What the reader calls a model beside the plan's own, whose row is counted from 0: people count the plan's own as 1.
    fn row(self, locale: Locale, row: usize) -> String {
        match self {
            Self::Script => format!("also[{row}]"),
            Self::Window => locale.sentence(Key::ProgramNumber, &[(Placeholder::Count, &(row + 2).to_string())]),
        }
    }

    fn number(self, number: u64) -> String {
        match self {
            Self::Script => number.to_string(),
            Self::Window => text::count(number),
        }
    }
}

impl super::Verdict {
    /// The word of a verdict, the same everywhere.
    pub const fn word(self) -> Key {
        match self {
            Self::Fits => Key::Fits,
            Self::Tight => Key::Tight,
            Self::Offload => Key::Offload,
            Self::DoesNotFit => Key::DoesNotFit,
        }
    }
}

impl Warning {
    /// The warning as one sentence.
    pub fn say(&self, locale: Locale, reader: Reader) -> Cow<'static, str> {
        let value = match self {
            Self::ContextAboveTrained { trained } => reader.number(*trained),
            Self::Queued { running, waiting } => {
                let holes = [(Placeholder::Count, *running), (Placeholder::Value, *waiting)];
                let holes = holes.map(|(hole, number)| (hole, reader.number(number.into())));
                return reader.sentence(locale, self.key(), &holes);
            }
            Self::GivenToGpu { by_itself, given, setting } => {
                let holes = [
                    (Placeholder::Free, by_itself.to_string()),
                    (Placeholder::Needed, given.to_string()),
                    (Placeholder::Value, setting.command(*given).unwrap_or_default()),
                ];
                return reader.sentence(locale, self.key(), &holes);
            }
            Self::StateBlocks { asked, held } => {
                let holes = [(Placeholder::Count, *held), (Placeholder::Value, *asked)];
                let holes = holes.map(|(hole, number)| (hole, reader.number(number)));
                return reader.sentence(locale, self.key(), &holes);
            }
            Self::SharesCollide { device, reserved, offered, solved } => {
                let (row, share) = solved.unwrap_or_default();
                let holes = [
                    (Placeholder::Count, device.to_string()),
                    (Placeholder::Needed, reserved.to_string()),
                    (Placeholder::Free, offered.to_string()),
                    (Placeholder::Name, row.map(|row| reader.row(locale, row)).unwrap_or_default()),
                    (Placeholder::Value, format!("{share:.2}")),
                ];
                return reader.sentence(locale, self.key(), &holes);
            }
            Self::Snapshots { each, most, left } => {
                let holes = [
                    (Placeholder::Value, each.to_string()),
                    (Placeholder::Needed, most.to_string()),
                    (Placeholder::Free, left.to_string()),
                ];
                return reader.sentence(locale, self.key(), &holes);
            }
            Self::CachedBlocks { shown, kept } => {
                let holes = [(Placeholder::Needed, shown.to_string()), (Placeholder::Value, kept.to_string())];
                return reader.sentence(locale, self.key(), &holes);
            }
            Self::FromDisk { gb, decode } => {
                let range = |band: &Band<f64>| text::range(&text::figure(band.low), &text::figure(band.high));
                let holes = [
                    (Placeholder::Value, text::figure(gb.expected)),
                    (Placeholder::Other, range(gb)),
                    (Placeholder::Needed, text::figure(decode.expected)),
                    (Placeholder::Free, range(decode)),
                ];
                return reader.sentence(locale, self.key(), &holes);
            }
            Self::OverNetwork { link, boxes, bytes, seconds } => {
                let ms = |seconds: f64| text::figure(seconds * 1e3);
                let holes = [
                    (Placeholder::Count, boxes.to_string()),
                    (Placeholder::Name, link.word().of(locale).to_owned()),
                    (Placeholder::Value, decimal_bytes(*bytes)),
                    (Placeholder::Needed, ms(seconds.expected)),
                    (Placeholder::Free, text::range(&ms(seconds.low), &ms(seconds.high))),
                ];
                return reader.sentence(locale, self.key(), &holes);
            }
            Self::StageLayers { layers } => layers.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
            Self::ManyDevices { most } => most.to_string(),
            Self::LeftOut { engine } => engine.name().to_owned(),
            Self::UnknownArchitecture { name } => name.clone(),
            Self::RamSpeedAssumed { gb_s } => gb_s.to_string(),
            Self::FitMargin { margin, moved, decode } => {
                let holes = [
                    (Placeholder::Free, margin.to_string()),
                    (Placeholder::Spilled, moved.to_string()),
                    (Placeholder::Value, decode.map(text::figure).unwrap_or_default()),
                ];
                return reader.sentence(locale, self.key(), &holes);
            }
            _ => return reader.sentence(locale, self.key(), &[]),
        };
        reader.sentence(locale, self.key(), &[(Placeholder::Value, value)])
    }

    const fn key(&self) -> Key {
        match self {
            Self::ContextAboveTrained { .. } => Key::WarnContext,
            Self::ManyDevices { .. } => Key::WarnDevices,
            Self::SeveralBackends => Key::WarnBackends,
            Self::RamSpeedAssumed { .. } => Key::WarnRamSpeed,
            Self::Queued { .. } => Key::WarnQueued,
            Self::FitMargin { decode: Some(_), .. } => Key::WarnFitMargin,
            Self::FitMargin { decode: None, .. } => Key::WarnFitMarginOnly,
            Self::ThinEvidence => Key::WarnThin,
            Self::LeftOut { .. } => Key::WarnLeftOut,
            Self::ExperimentalSplit => Key::WarnExperimentalSplit,
            Self::OverNetwork { .. } => Key::WarnOverNetwork,
            Self::UnpredictableSpeed => Key::WarnUnpredictable,
            Self::SharedMemory => Key::WarnSharedMemory,
            Self::FromDisk { .. } => Key::WarnFromDisk,
            Self::Snapshots { .. } => Key::WarnSnapshots,
            Self::UnpackedFormat => Key::WarnUnpacked,
            Self::NearestFamily => Key::WarnNearestFamily,
            Self::UntracedLayers => Key::WarnUntracedLayers,
            Self::CachedBlocks { .. } => Key::WarnCachedBlocks,
            Self::DropoutLeftOut => Key::WarnDropout,
            Self::SelectiveIdle => Key::WarnSelective,
            Self::UnquantizedExperts => Key::WarnUnquantizedExperts,
            Self::ExpertAdapters => Key::WarnExpertAdapters,
            Self::CopiedHeads => Key::WarnCopies,
            Self::IdleDevices => Key::WarnIdle,
            Self::LittleBesidePool => Key::WarnBesidePool,
            Self::SharesCollide { solved: None, .. } => Key::WarnSharesCollide,
            Self::SharesCollide { solved: Some((None, _)), .. } => Key::WarnSharesOwn,
            Self::SharesCollide { solved: Some((Some(_), _)), .. } => Key::WarnSharesRow,
            Self::VisionBuffer => Key::WarnVisionBuffer,
            Self::StateBlocks { .. } => Key::WarnStateBlocks,
            Self::GivenToGpu { setting: UnifiedSetting::WiredLimit, .. } => Key::WarnWiredLimit,
            Self::GivenToGpu { setting: UnifiedSetting::TtmPages, .. } => Key::WarnTtmPages,
            Self::GivenToGpu { .. } => Key::WarnCarveOut,
            Self::StageLayers { .. } => Key::WarnStageLayers,
            Self::LayoutUnknown => Key::WarnLayout,
            Self::TypicalShape => Key::WarnTypical,
            Self::UnknownArchitecture { .. } => Key::WarnUnknownArchitecture,
            Self::ImportanceMatrix => Key::WarnImatrix,
            Self::NoFlashKernel => Key::WarnNoFlashKernel,
            Self::PublishedExperts => Key::WarnPublishedExperts,
            Self::OwnOverhead => Key::WarnOwnOverhead,
            Self::UsableEstimated => Key::WarnUsable,
        }
    }
}

/// An amount that crosses a network, whose units are decimal.
fn decimal_bytes(bytes: f64) -> String {
    if bytes < 1e6 { format!("{} kB", text::figure(bytes / 1e3)) } else { format!("{} MB", text::figure(bytes / 1e6)) }
}

impl EstimateError {
    /// What is wrong and what would do, as one sentence.
    pub fn say(&self, locale: Locale, reader: Reader) -> Cow<'static, str> {
        let unknown = |key, id: &str, nearest: &[String]| {
            let unknown = reader.sentence(locale, key, &[(Placeholder::Name, format!("{:?}", foreign(id)))]);
            if nearest.is_empty() {
                return unknown;
            }
            let nearest =
                [(Placeholder::Value, unknown.into_owned()), (Placeholder::Name, locale.join(Join::Items, nearest))];
            reader.sentence(locale, Key::ErrorNearest, &nearest)
        };
        match self {
            Self::UnknownModel { id, nearest } => unknown(Key::ErrorUnknownModel, id, nearest),
            Self::UnknownCard { id, nearest } => unknown(Key::ErrorUnknownCard, id, nearest),
            Self::UnknownPlatform { id, nearest } => unknown(Key::ErrorUnknownPlatform, id, nearest),
            Self::OutOfRange(error) => Cow::Owned(error.say(locale)),
            Self::CardMemory(error) => Cow::Owned(error.say(locale)),
            Self::Refused(refusal) => refusal.say(locale, reader),
            Self::NoDevice { device, devices } => {
                let holes = [(Placeholder::Value, device.to_string()), (Placeholder::Count, devices.to_string())];
                reader.sentence(locale, Key::ErrorNoDevice, &holes)
            }
            Self::InRow { row, error } => {
                let holes = [
                    (Placeholder::Name, reader.row(locale, *row)),
                    (Placeholder::Value, error.say(locale, reader).into_owned()),
                ];
                reader.sentence(locale, Key::ErrorInRow, &holes)
            }
        }
    }
}

impl Refusal {
    /// Why the engine would refuse and what to do, as one sentence.
    pub fn say(&self, locale: Locale, reader: Reader) -> Cow<'static, str> {
        let (one, other, give) = match *self {
            Self::Indivisible(Indivisible { of, parts, nearest, .. }) => (parts, of, nearest),
            Self::TooManyParts { parts, devices } => (parts, devices, devices),
            Self::TooManyStages { layers } => (layers, layers, layers),
            Self::MainGpu { place, devices } => (place.into(), devices.into(), devices.saturating_sub(1).into()),
            Self::RankAboveWidth { rank, width } => (u64::from(rank), width, width),
            _ => return reader.sentence(locale, self.key(), &[]),
        };
        let values = [(Placeholder::Value, one), (Placeholder::Count, other), (Placeholder::Other, give)];
        reader.sentence(locale, self.key(), &values.map(|(hole, number)| (hole, reader.number(number))))
    }

    const fn key(&self) -> Key {
        match self {
            Self::Engine => Key::RefusedEngine,
            Self::GgufServer => Key::RefusedGgufServer,
            Self::ServerCache => Key::RefusedServerCache,
            Self::ServerOnCpu => Key::RefusedServerOnCpu,
            Self::ServerBackend => Key::RefusedServerBackend,
            Self::OldCard => Key::RefusedOldCard,
            Self::NoBfloat16 => Key::RefusedNoBfloat16,
            Self::FormatUnsupported => Key::RefusedFormat,
            Self::TooManyRanks => Key::RefusedRanks,
            Self::TooManyStages { .. } => Key::RefusedStages,
            Self::Heads => Key::RefusedHeads,
            Self::ServerPrecision => Key::RefusedServerPrecision,
            Self::TensorFlash => Key::RefusedTensorFlash,
            Self::TensorCache => Key::RefusedTensorCache,
            Self::TensorArchitecture => Key::RefusedTensorArchitecture,
            Self::TensorBackend => Key::RefusedTensorBackend,
            Self::TensorBoxes => Key::RefusedTensorBoxes,
            Self::OneBox => Key::RefusedOneBox,
            Self::TooManyCells => Key::RefusedTooManyCells,
            Self::TooManyDevices => Key::RefusedTooManyDevices,
            Self::Fp8Cache => Key::RefusedFp8Cache,
            Self::QuantizedValues => Key::RefusedQuantizedValues,
            Self::OneCacheType => Key::RefusedOneCacheType,
            Self::HeadSize => Key::RefusedHeadSize,
            Self::TrainingOnCpu => Key::RefusedTrainingOnCpu,
            Self::Indivisible(it) => match it.shared {
                Shared::Heads => Key::RefusedSharedHeads,
                Shared::Width => Key::RefusedSharedWidth,
                Shared::Layers => Key::RefusedSharedLayers,
                Shared::Devices => Key::RefusedSharedDevices,
            },
            Self::TooManyParts { .. } => Key::RefusedTooManyParts,
            Self::RankAboveWidth { .. } => Key::RefusedRankAboveWidth,
            Self::ZeroPipeline => Key::RefusedZeroPipeline,
            Self::OffloadStage => Key::RefusedOffloadStage,
            Self::TooManyTokens => Key::RefusedTooManyTokens,
            Self::NoNextToken => Key::RefusedNoNextToken,
            Self::UnknownBuffer => Key::RefusedUnknownBuffer,
            Self::MainGpu { .. } => Key::RefusedMainGpu,
            Self::CutTensors => Key::RefusedCutTensors,
            Self::ServerDraft => Key::RefusedServerDraft,
            Self::ServerVision => Key::RefusedServerVision,
            Self::NoVision => Key::RefusedNoVision,
            Self::AbovePebibyte => Key::RefusedAbovePebibyte,
        }
    }
}

impl fmt::Display for EstimateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Locale::En, Reader::Script))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Locale::En, Reader::Script))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::memory::MemorySizeError;

    #[test]
    fn a_refusal_is_one_sentence_that_names_inputs_as_its_reader_knows_them() {
        let refused = Refusal::RankAboveWidth { rank: 2000, width: 1024 };
        let script = "lora_rank 2000 is above the narrowest matrix with an adapter: give at most 1024";
        assert_eq!(refused.to_string(), script);
        let window = "LoRA rank 2,000 is above the narrowest matrix with an adapter: give at most 1,024";
        assert_eq!(refused.say(Locale::En, Reader::Window), window);
        let engine = Warning::ManyDevices { most: 16 }.say(Locale::En, Reader::Window);
        assert!(engine.starts_with("llama.cpp runs at most 16 devices"), "a name stays as it is written: {engine}");
    }

    #[test]
    fn what_is_refused_is_said_in_the_language_of_the_window() {
        let han = |words: &str| words.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let size = MemorySizeError { id: "m4-max".to_owned(), asked: 7.0, offered: vec![36.0, 48.0] };
        for refused in [EstimateError::Refused(Refusal::HeadSize), EstimateError::CardMemory(size)] {
            let [zh, en] = [Locale::Zh, Locale::En].map(|locale| refused.say(locale, Reader::Window));
            assert!(han(&zh) && !han(&en) && !zh.contains('{'), "{zh}, {en}");
        }
    }
}
