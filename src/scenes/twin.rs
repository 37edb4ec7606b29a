//! The text twin of a scene: every stop as sentences, for a screen reader and for `rigplan explain`.

use super::Scene;
use super::spans::Tongue;
use crate::text::{Locale, sentence_case};

/// A stop in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StopText {
    /// Its name on the timeline.
    pub name: String,
    /// Over the picture, and under that.
    pub heading: String,
    /// Under the heading; may be empty.
    pub sub: String,
    /// The answers, where it asks.
    pub answers: Vec<String>,
    /// What is said to each answer at the next stop.
    pub replies: Vec<String>,
    /// What the picture shows, a sentence a thing.
    pub picture: Vec<String>,
    /// Under the picture.
    pub caption: String,
    /// At the foot; may be empty.
    pub note: String,
    /// What helps, with its figures.
    pub offers: Vec<String>,
}

/// All stops of a scene in words.
pub fn texts(scene: &Scene, tongue: Tongue, locale: Locale) -> Vec<StopText> {
    (0..scene.stops()).map(|stop| stop_text(scene, stop, tongue, locale)).collect()
}

/// One of them, counted from 0; nothing where there is none.
pub fn stop_text(scene: &Scene, stop: usize, tongue: Tongue, locale: Locale) -> StopText {
    let (Some(words), Some(picture)) = (scene.script.stops.get(stop), scene.pictures.get(stop)) else {
        return StopText::default();
    };
    let plain = |said| scene.plain(said, tongue, locale);
    let mut things: Vec<String> =
        picture.things.iter().map(|placed| placed.thing.acts().describe(scene, tongue, locale)).collect();
    things.retain(|thing| !thing.is_empty());
    let things = things.iter().map(|thing| sentence(thing, locale)).collect();
    let offers = scene.offers.iter().filter(|offer| offer.stop == stop).map(|offer| {
        let say = |say| scene.say(say, tongue, locale);
        let (name, about, figures) = (say(&offer.name), say(&offer.about), say(&offer.figures));
        match locale {
            Locale::En => sentence(&format!("{name}: {about}, {figures}"), locale),
            Locale::Zh => sentence(&format!("{name}：{about}，{figures}"), locale),
        }
    });
    StopText {
        name: plain(&words.name),
        heading: plain(&words.heading),
        sub: plain(&words.sub),
        answers: words.answers.iter().map(plain).collect(),
        replies: words.replies.iter().map(plain).collect(),
        picture: things,
        caption: plain(&words.caption),
        note: plain(&words.note),
        offers: offers.collect(),
    }
}

/// The words as a sentence of their own, with its beginning and its end.
pub fn sentence(words: &str, locale: Locale) -> String {
    let words = sentence_case(words.trim());
    let is_over = words.is_empty() || words.ends_with(['.', '!', '?', '。', '！', '？', '…']);
    match (is_over, locale) {
        (true, _) => words,
        (false, Locale::En) => format!("{words}."),
        (false, Locale::Zh) => format!("{words}。"),
    }
}
