//! Why there is no build, and what comes nearest to one.

use super::outcome::Build;
use super::rent_first::RentFirst;
use super::violation::Violation;
use crate::catalog::parts::{PartKind, TierId};
use crate::estimate::EstimateError;
use crate::plan::OutOfRange;
use crate::units::Usd;

/// Why there is no build. Each prints as one line.
#[derive(Debug, Clone, PartialEq)]
pub enum BuildError<'a> {
    /// A wish that nobody can have.
    OutOfRange(OutOfRange),
    /// A part that is not in the catalog.
    UnknownPart(String),
    /// Parts that are kept do not go together.
    Contradiction {
        /// What is wrong.
        what: Box<Violation>,
        /// What works without one of them.
        nearest: Option<Box<Nearest<'a>>>,
    },
    /// The budget is below the cheapest build.
    TooLittle {
        /// What there is.
        budget: Usd,
        /// The cheapest build that works.
        cheapest: Box<Build<'a>>,
        /// Where to rent what the budget does not buy.
        rent: Option<Box<RentFirst<'a>>>,
    },
    /// No machine at any price.
    Nothing {
        /// What comes nearest.
        nearest: Option<Box<Nearest<'a>>>,
    },
    /// No machine, since no part of these kinds has a price that counts.
    NoPrice {
        /// The kinds.
        kinds: Vec<PartKind>,
        /// What it would be at prices that nobody asks any more.
        nearest: Option<Box<Nearest<'a>>>,
    },
    /// The plan itself cannot be estimated.
    Plan(EstimateError),
    /// The tier's rules are missing.
    NoRules,
}

/// What works in place of what does not, and what it lacks.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest<'a> {
    /// The machine.
    pub build: Box<Build<'a>>,
    /// What of the wishes it does not have.
    pub lacks: Lack,
    /// A data center was asked for, where the license of its cards' driver forbids them.
    pub unlicensed: bool,
}

/// A wish that is given up.
#[derive(Debug, Clone, PartialEq)]
pub enum Lack {
    /// The least speed, in tokens/s; what it writes, where that is known.
    Speed {
        /// Asked for.
        least: f64,
        /// Reached.
        reached: Option<f64>,
    },
    /// The tier.
    Tier(TierId),
    /// Parts that were kept, by their ids: as few as must go.
    Locks(Vec<String>),
    /// Prices that count.
    Prices,
    /// The quiet.
    Quiet,
}

impl<'a> BuildError<'a> {
    /// The build that is shown all the same: the cheapest, where the budget is below it.
    pub fn cheapest(&self) -> Option<&Build<'a>> {
        match self {
            Self::TooLittle { cheapest, .. } => Some(cheapest),
            _ => None,
        }
    }

    /// The same without any machine.
    pub fn alone(&self) -> BuildError<'static> {
        match self {
            Self::OutOfRange(error) => BuildError::OutOfRange(error.clone()),
            Self::UnknownPart(part) => BuildError::UnknownPart(part.clone()),
            Self::Contradiction { what, .. } => BuildError::Contradiction { what: what.clone(), nearest: None },
            Self::NoPrice { kinds, .. } => BuildError::NoPrice { kinds: kinds.clone(), nearest: None },
            Self::Plan(error) => BuildError::Plan(error.clone()),
            Self::NoRules => BuildError::NoRules,
            Self::TooLittle { .. } | Self::Nothing { .. } => BuildError::Nothing { nearest: None },
        }
    }

    /// What works in place of what does not.
    pub fn nearest(&self) -> Option<&Nearest<'a>> {
        match self {
            Self::Contradiction { nearest, .. } | Self::Nothing { nearest } | Self::NoPrice { nearest, .. } => {
                nearest.as_deref()
            }
            _ => None,
        }
    }
}

impl std::error::Error for BuildError<'_> {}

impl From<OutOfRange> for BuildError<'_> {
    fn from(error: OutOfRange) -> Self {
        Self::OutOfRange(error)
    }
}

impl From<EstimateError> for BuildError<'_> {
    fn from(error: EstimateError) -> Self {
        Self::Plan(error)
    }
}
