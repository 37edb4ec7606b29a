//! Where an entry of the tables comes from: of what kind, which is said in the reader's language, and where it can be read
//! again, which is the same in all of them.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::{Join, Key, Locale, Placeholder};

/// Where something comes from. In the tables a text, which names a place to read it again, or these fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// Of what kind.
    pub kind: OriginKind,
    /// Where it can be read again: site, repository and commit, date.
    pub at: String,
    /// What of it nobody has looked up.
    pub unverified: Option<String>,
    /// An engine that the rest is carried over from.
    pub rest: Option<String>,
    /// What those who keep the tables know besides; nobody else is told.
    pub note: String,
}

/// Of what kind a source is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub enum OriginKind {
    /// It names itself.
    #[default]
    Cited,
    /// What a program writes when it starts, of so many starts where that was counted.
    Logs {
        /// The program.
        of: String,
        /// Starts.
        #[serde(default)]
        count: u32,
        /// The first of its versions.
        #[serde(default)]
        from: String,
        /// The last of its versions.
        #[serde(default)]
        to: String,
    },
    /// The code of a program.
    Code {
        /// The program and its version.
        of: String,
    },
    /// Runs of a program that were watched allocation by allocation.
    Traces {
        /// The program and its version.
        of: String,
    },
    /// Measurements of speed.
    Runs,
    /// Measurements of another kind of card or engine.
    Carried {
        /// Which.
        of: String,
    },
    /// The shapes of a model's matrices, never compared with logs of the engine.
    Shapes {
        /// The engine.
        of: String,
    },
    /// Nobody measured it.
    Assumed,
    /// A shop's listing.
    Shop,
    /// Offers that people posted.
    Deals,
    /// Prices that are followed by day.
    Tracker,
    /// Price lists of clouds.
    Clouds,
    /// A page that reports it.
    Report,
    /// Several pages, read together.
    Survey,
    /// Read where somebody else quotes it.
    Quoted,
    /// The user's own.
    Own,
}

/// How tables write a source that is the user's own.
const OWN: &str = "typed by you";
/// Before what nobody has looked up.
const UNVERIFIED: &str = "unverified:";

/// The fields as a table has them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct OriginFields {
    kind: OriginKind,
    at: String,
    unverified: Option<String>,
    rest: Option<String>,
    note: String,
}

impl Origin {
    /// A source that names itself.
    pub fn cited(at: impl Into<String>) -> Self {
        Self { at: at.into(), ..Self::default() }
    }

    /// What [`Self::text`] wrote.
    fn read(text: &str) -> Self {
        if text == OWN {
            return Self::own();
        }
        let (at, unverified) = match text.rsplit_once(UNVERIFIED) {
            Some((at, what)) if at.is_empty() || at.ends_with("; ") => {
                (at.trim_end_matches("; "), Some(what.trim().to_owned()))
            }
            _ => (text, None),
        };
        Self { unverified, ..Self::cited(at) }
    }

    /// As whoever reads [`Self::text`] knows it.
    #[must_use]
    pub fn as_told(&self) -> Self {
        Self::read(&self.text())
    }

    /// The user's own.
    pub fn own() -> Self {
        Self { kind: OriginKind::Own, note: OWN.to_owned(), ..Self::default() }
    }

    /// Whether nobody has looked any of it up.
    pub const fn is_unverified(&self) -> bool {
        self.unverified.is_some() && self.at.is_empty()
    }

    /// Where it can be read again, as tables and scripts read it; what the keepers of the tables know besides only where
    /// there is no such place.
    pub fn text(&self) -> String {
        let is_own = self.kind == OriginKind::Own;
        let known = if is_own || self.at.is_empty() { &self.note } else { &self.at };
        let unverified = self.unverified.as_ref().map(|what| format!("{UNVERIFIED} {what}").trim_end().to_owned());
        let known = Some(known.clone()).filter(|known| !known.is_empty());
        known.into_iter().chain(unverified).collect::<Vec<_>>().join("; ")
    }

    /// Whether it says nothing: neither a place nor, with none, of what kind it is.
    pub const fn is_empty(&self) -> bool {
        let says_kind = !matches!(self.kind, OriginKind::Cited);
        !says_kind && self.at.is_empty() && self.note.is_empty() && self.unverified.is_none()
    }

    /// Of what kind it is, as a sentence; `None` where it names itself.
    pub fn say(&self, locale: Locale) -> Option<String> {
        let with = |key, name: &str| Some(locale.sentence(key, &[(Placeholder::Name, name)]));
        let word = |key| Some(locale.word(key).to_owned());
        let said = match &self.kind {
            _ if self.is_unverified() => word(Key::OriginUnverified),
            OriginKind::Cited => None,
            OriginKind::Logs { of, count, from, to } => Some(logs(of, *count, (from, to), locale)),
            OriginKind::Code { of } => with(Key::OriginCode, of),
            OriginKind::Traces { of } => with(Key::OriginTraces, of),
            OriginKind::Runs => word(Key::OriginRuns),
            OriginKind::Carried { of } => with(Key::OriginCarried, of),
            OriginKind::Shapes { of } => with(Key::OriginShapes, of),
            OriginKind::Assumed => word(Key::OriginAssumed),
            OriginKind::Shop => word(Key::OriginShop),
            OriginKind::Deals => word(Key::OriginDeals),
            OriginKind::Tracker => word(Key::OriginTracker),
            OriginKind::Clouds => word(Key::OriginClouds),
            OriginKind::Report => word(Key::OriginReport),
            OriginKind::Survey => word(Key::OriginSurvey),
            OriginKind::Quoted => word(Key::OriginQuoted),
            OriginKind::Own => word(Key::OriginOwn),
        };
        let rest = self.rest.as_deref().and_then(|of| with(Key::OriginRest, of));
        let said: Vec<String> = said.into_iter().chain(rest).collect();
        (!said.is_empty()).then(|| locale.join(Join::Clauses, said))
    }

    /// The kind and the place on one line.
    pub fn line(&self, locale: Locale) -> String {
        let at = Some(self.at.clone()).filter(|at| !at.is_empty());
        locale.join(Join::Clauses, self.say(locale).into_iter().chain(at))
    }

    /// Where there is room for few words: the place, or else the kind.
    pub fn brief(&self, locale: Locale) -> String {
        if self.at.is_empty() { self.say(locale).unwrap_or_default() } else { self.at.clone() }
    }
}

fn logs(of: &str, count: u32, (from, to): (&str, &str), locale: Locale) -> String {
    let count = count.to_string();
    let starts = if count == "0" { Key::OriginLogs } else { Key::OriginLogsCounted };
    let starts = locale.sentence(starts, &[(Placeholder::Name, of), (Placeholder::Count, &count)]);
    let versions = [(Placeholder::Value, from), (Placeholder::Other, to)];
    let versions = match (from, to) {
        ("", _) => None,
        (from, to) if from == to || to.is_empty() => Some(locale.sentence(Key::OriginVersion, &versions)),
        _ => Some(locale.sentence(Key::OriginVersions, &versions)),
    };
    locale.join(Join::Phrases, std::iter::once(starts).chain(versions))
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrFields;

        impl<'de> Visitor<'de> for TextOrFields {
            type Value = Origin;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or the fields of a source")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Origin, E> {
                Ok(Origin::read(text))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Origin, A::Error> {
                let fields = OriginFields::deserialize(MapAccessDeserializer::new(map))?;
                let OriginFields { kind, at, unverified, rest, note } = fields;
                Ok(Origin { kind, at, unverified, rest, note })
            }
        }

        deserializer.deserialize_any(TextOrFields)
    }
}
