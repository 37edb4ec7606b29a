//! Pictures in words: what a thing shows, as a sentence for those who do not see it.

use crate::estimate::Memory;
use crate::scenes::Scene;
use crate::scenes::picture::Say;
use crate::scenes::spans::Tongue;
use crate::text::{Key, Locale, Placeholder};

/// Puts things of a scene into words.
#[derive(Clone, Copy)]
pub struct Teller<'a> {
    /// Whose words they are.
    pub scene: &'a Scene,
    /// Kitchen words or plain ones.
    pub tongue: Tongue,
    /// The language.
    pub locale: Locale,
}

impl Teller<'_> {
    /// The words of a label or figure.
    pub fn say(&self, say: &Say) -> String {
        self.scene.say(say, self.tongue, self.locale)
    }

    /// What memory is taken for.
    pub fn component(&self, component: Memory) -> String {
        self.say(&Say::Label(match component {
            Memory::Weights => "weights",
            Memory::Kv => "kv",
            Memory::Compute => "compute",
            Memory::Overhead => "overhead",
            Memory::Os => "system",
            Memory::Gradients => "gradients",
            Memory::Optimizer => "optimizer",
            Memory::Adapter => "adapter",
            Memory::Also => "also",
        }))
    }

    /// A sentence of the locale.
    pub fn sentence(&self, key: Key, holes: &[(Placeholder, &str)]) -> String {
        self.locale.sentence(key, holes)
    }

    /// Parts of a sentence, those left out that say nothing.
    pub fn list(&self, parts: Vec<String>) -> String {
        joined(parts, if self.locale == Locale::En { ", " } else { "，" })
    }

    /// Sentences that belong together.
    pub fn lines(&self, lines: Vec<String>) -> String {
        joined(lines, if self.locale == Locale::En { "; " } else { "；" })
    }

    /// A name and what it is; either alone where the other says nothing.
    pub fn named(&self, name: &str, what: &str) -> String {
        let colon = match (name.is_empty() || what.is_empty(), self.locale) {
            (true, _) => "",
            (false, Locale::En) => ": ",
            (false, Locale::Zh) => "：",
        };
        format!("{name}{colon}{what}")
    }
}

fn joined(mut parts: Vec<String>, between: &str) -> String {
    parts.retain(|part| !part.is_empty());
    parts.join(between)
}
