//! Who rents cards out: a cloud by its name, and on what terms, which is said in the reader's language.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::{Key, Locale, Placeholder};

/// Who rents cards out. In the tables a text such as `RunPod`, `Vast.ai (marketplace)` or `Secure clouds (cheapest)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Cloud {
    /// The name that it has in every language; none for several clouds together.
    name: String,
    terms: CloudTerms,
}

/// On what terms it rents out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CloudTerms {
    /// Its own cards, as all its kin.
    Usual,
    /// Cards of private hosts.
    Marketplace,
    /// The cards of others, without what its secure ones promise.
    Community,
    /// Cards in data centers that it vouches for.
    Secure,
    /// The cheapest of several clouds of that kind.
    CheapestSecure,
    /// The median of several clouds of that kind.
    MedianSecure,
    /// The median of several marketplaces.
    MedianMarketplace,
}

impl CloudTerms {
    /// The terms that a name ends with, as the tables write them.
    const OF_ONE: [(&str, Self); 3] = [
        (" (marketplace)", Self::Marketplace),
        (" (community cloud)", Self::Community),
        (" (secure cloud)", Self::Secure),
    ];
    /// Several clouds together, as the tables write them.
    const OF_SEVERAL: [(&str, Self); 3] = [
        ("Secure clouds (cheapest)", Self::CheapestSecure),
        ("Secure clouds (median)", Self::MedianSecure),
        ("Marketplaces (median)", Self::MedianMarketplace),
    ];

    /// The words for them.
    const fn key(self) -> Option<Key> {
        match self {
            Self::Usual => None,
            Self::Marketplace => Some(Key::CloudMarketplace),
            Self::Community => Some(Key::CloudCommunity),
            Self::Secure => Some(Key::CloudSecure),
            Self::CheapestSecure => Some(Key::CloudCheapestSecure),
            Self::MedianSecure => Some(Key::CloudMedianSecure),
            Self::MedianMarketplace => Some(Key::CloudMedianMarketplace),
        }
    }
}

impl Cloud {
    /// Its name and its terms in this language.
    pub fn said(&self, locale: Locale) -> String {
        self.terms
            .key()
            .map_or_else(|| self.name.clone(), |key| locale.sentence(key, &[(Placeholder::Name, &self.name)]))
    }
}

impl From<String> for Cloud {
    fn from(text: String) -> Self {
        if let Some((_, terms)) = CloudTerms::OF_SEVERAL.into_iter().find(|(written, _)| *written == text) {
            return Self { name: String::new(), terms };
        }
        let of_one = |(written, terms): (&str, CloudTerms)| Some((text.strip_suffix(written)?.to_owned(), terms));
        match CloudTerms::OF_ONE.into_iter().find_map(of_one) {
            Some((name, terms)) => Self { name, terms },
            None => Self { name: text, terms: CloudTerms::Usual },
        }
    }
}

impl From<Cloud> for String {
    fn from(cloud: Cloud) -> Self {
        cloud.to_string()
    }
}

impl fmt::Display for Cloud {
    /// As the tables and scripts write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = CloudTerms::OF_ONE.into_iter().chain(CloudTerms::OF_SEVERAL);
        let written = all.into_iter().find(|(_, terms)| *terms == self.terms).map_or("", |(written, _)| written);
        write!(f, "{}{written}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cloud_is_said_in_the_language_and_written_as_it_was_read() {
        for (text, zh) in [
            ("AWS", "AWS"),
            ("AWS (p5)", "AWS (p5)"),
            ("Vast.ai (marketplace)", "Vast.ai（个人出租）"),
            ("RunPod (secure cloud)", "RunPod（安全云）"),
            ("Secure clouds (cheapest)", "安全云中最便宜的"),
        ] {
            let cloud = Cloud::from(text.to_owned());
            assert_eq!((cloud.to_string(), cloud.said(Locale::En)), (text.to_owned(), text.to_owned()));
            assert_eq!(cloud.said(Locale::Zh), zh);
        }
    }
}
