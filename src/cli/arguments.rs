//! What is wrong with what was typed, told from the structure of clap's errors: their texts are English.

use std::error::Error as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::plan::inputs::InputFault;
use crate::text::{Fault, Join, Key, Phrase, Placeholder, one_line};

/// What is wrong, in no language yet.
pub(super) fn fault(error: &clap::Error) -> Phrase {
    let fault = without_advice(error);
    let meant = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let meant: Vec<String> = meant.into_iter().flat_map(|kind| texts(error, kind)).collect();
    if meant.is_empty() {
        return fault;
    }
    Phrase::new(Key::ErrorNearest).with_phrase(Placeholder::Value, fault).with_list(
        Placeholder::Name,
        Join::Items,
        meant,
    )
}

fn without_advice(error: &clap::Error) -> Phrase {
    let argument = joined(error, ContextKind::InvalidArg);
    let value = joined(error, ContextKind::InvalidValue);
    let named = |key| Phrase::new(key).with(Placeholder::Name, &argument);
    let valued = |key| named(key).with(Placeholder::Value, &value);
    match error.kind() {
        ErrorKind::UnknownArgument => named(Key::ArgumentUnknown),
        ErrorKind::InvalidSubcommand => {
            Phrase::new(Key::CommandUnknown).with(Placeholder::Name, joined(error, ContextKind::InvalidSubcommand))
        }
        ErrorKind::InvalidValue if value.is_empty() => named(Key::ArgumentNoValue),
        ErrorKind::InvalidValue => valued(Key::ArgumentChoice).with_list(
            Placeholder::Other,
            Join::Items,
            texts(error, ContextKind::ValidValue),
        ),
        ErrorKind::ValueValidation => match error.source().and_then(|source| source.downcast_ref::<InputFault>()) {
            Some(fault) => valued(Key::ArgumentValue).with_phrase(Placeholder::Other, fault.phrase()),
            None => valued(Key::ArgumentRefused),
        },
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => named(Key::ArgumentNoValue),
        ErrorKind::TooManyValues => valued(Key::ArgumentRefused),
        ErrorKind::ArgumentConflict => {
            let others = texts(error, ContextKind::PriorArg);
            if others.contains(&argument) {
                named(Key::ArgumentTwice)
            } else {
                named(Key::ArgumentConflict).with_list(Placeholder::Other, Join::And, others)
            }
        }
        ErrorKind::MissingRequiredArgument => named(Key::ArgumentMissing),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let commands = texts(error, ContextKind::ValidSubcommand);
            Phrase::new(Key::CommandMissing).with_list(Placeholder::Other, Join::Items, commands)
        }
        ErrorKind::InvalidUtf8 => Phrase::new(Key::ArgumentNoText),
        _ => Phrase::new(Key::ArgumentOther),
    }
}

/// The names of this kind that the error holds.
fn texts(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![one_line(text).into_owned()],
        Some(ContextValue::Strings(texts)) => texts.iter().map(|text| one_line(text).into_owned()).collect(),
        _ => Vec::new(),
    }
}

fn joined(error: &clap::Error, kind: ContextKind) -> String {
    texts(error, kind).join(" ")
}
