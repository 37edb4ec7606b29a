//! What stands on the stage at one stop, as data.

pub use super::draw::Thing;
use super::figure::Figure;
use super::mark::{Area, Link};

/// The picture of one stop.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Picture {
    /// What stands there, in the order it is drawn and moves.
    pub things: Vec<Placed>,
    /// What is looked at: the rest is dimmed. Everything where it is empty.
    pub looked_at: Vec<&'static str>,
    /// Told as planned: handles on its things rest until a later stop.
    pub at_rest: bool,
}

impl Picture {
    /// A picture of these things, none dimmed.
    pub fn of(things: Vec<Placed>) -> Self {
        Self { things, looked_at: Vec::new(), at_rest: false }
    }

    /// The same, with all but these dimmed.
    #[must_use]
    pub fn looking_at(mut self, things: &[&'static str]) -> Self {
        self.looked_at = things.to_vec();
        self
    }

    /// The same, its handles at rest.
    #[must_use]
    pub fn at_rest(self) -> Self {
        Self { at_rest: true, ..self }
    }

    /// The thing of this name.
    pub fn find(&self, id: &str) -> Option<&Placed> {
        self.things.iter().find(|placed| placed.id == id)
    }

    /// Whether a thing is in full light.
    pub fn is_lit(&self, id: &str) -> bool {
        self.looked_at.is_empty() || self.looked_at.contains(&id)
    }
}

/// A thing in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The same in every picture of the scene that it stands in.
    pub id: &'static str,
    /// Where it stands.
    pub area: Area,
    /// What lights up with it as a whole.
    pub link: Option<Link>,
    /// What it is.
    pub thing: Thing,
}

impl Placed {
    /// A thing that stands there.
    pub fn new(id: &'static str, area: Area, thing: impl Into<Thing>) -> Self {
        Self { id, area, link: None, thing: thing.into() }
    }

    /// The same, lighting up with others.
    #[must_use]
    pub fn linked(mut self, link: Link) -> Self {
        self.link = Some(link);
        self
    }
}

/// Words in a picture: of the scene's script, or a figure or name as it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Say {
    /// A label of the script, by its name.
    Label(&'static str),
    /// A figure.
    Figure(Figure),
    /// A name of the catalog.
    Name(String),
    /// Several, with a space between: a label and its figure.
    Joined(Vec<Self>),
}

impl Say {
    /// Nothing.
    pub const NOTHING: Self = Self::Name(String::new());

    /// A label and its figure: `weights 4.3 GiB`.
    pub fn of(label: &'static str, figure: Figure) -> Self {
        Self::Joined(vec![Self::Label(label), Self::Figure(figure)])
    }

    /// A figure and what it counts: `12 tokens/s`.
    pub fn counting(figure: Figure, label: &'static str) -> Self {
        Self::Joined(vec![Self::Figure(figure), Self::Label(label)])
    }

    /// Several with a dot between.
    pub fn list(parts: Vec<Self>) -> Self {
        let dot = || Self::Name("·".to_owned());
        let count = parts.len();
        let parts = parts.into_iter().enumerate();
        Self::Joined(parts.flat_map(|(at, part)| [Some(part), (at + 1 < count).then(dot)]).flatten().collect())
    }
}

impl From<&'static str> for Say {
    fn from(label: &'static str) -> Self {
        Self::Label(label)
    }
}

impl From<Figure> for Say {
    fn from(figure: Figure) -> Self {
        Self::Figure(figure)
    }
}
