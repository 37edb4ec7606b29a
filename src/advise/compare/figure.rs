//! The figures that plans are compared by.

use strum::VariantArray;

use super::side::{Reach, Side};
use crate::units::{Band, Bytes};

/// A figure of a plan.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, VariantArray,
)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Tokens a second that one sequence receives.
    Decode,
    /// Tokens a second over all sequences, where there are several.
    Throughput,
    /// Tokens of prompts a second.
    Prefill,
    /// Seconds from the prompt to the first token.
    FirstToken,
    /// Tokens a second that training goes through.
    TrainSpeed,
    /// What lies on the fullest card at the peak of a training step.
    StepMemory,
    /// Hours of the whole job.
    Job,
    /// What lies in RAM.
    InRam,
    /// The longest context at which the plan runs as it does.
    LargestContext,
    /// Watts of the cards while they decode or train.
    Power,
    /// kWh for a million tokens.
    Energy,
    /// kWh for the whole job.
    JobEnergy,
    /// Seconds from the disk to the first use.
    Load,
    /// What the cards cost.
    Price,
    /// What each token a second costs.
    PerToken,
}

/// In what a figure is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureKind {
    /// Tokens a second.
    Rate,
    /// Seconds.
    Seconds,
    /// Hours.
    Hours,
    /// Bytes.
    Memory,
    /// Tokens.
    Tokens,
    /// Watts.
    Power,
    /// kWh.
    Energy,
    /// US dollars.
    Money,
}

/// What a figure is of one plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// Known to the last digit: bytes, prices, tokens.
    Exact(f64),
    /// Estimated, with its band.
    Estimated(Band<f64>),
}

impl Reading {
    /// The one figure that stands for it.
    pub const fn expected(self) -> f64 {
        match self {
            Self::Exact(value) => value,
            Self::Estimated(band) => band.expected,
        }
    }
}

impl Figure {
    /// The figures that are chosen from, of plans that serve and of plans that train.
    pub fn of_task(trains: bool) -> impl Iterator<Item = Self> {
        Self::VARIANTS.iter().copied().filter(move |figure| figure.is_of(trains))
    }

    /// Those that stand beside the bars at first.
    pub const fn at_first(trains: bool) -> [Self; 3] {
        if trains {
            [Self::TrainSpeed, Self::StepMemory, Self::Price]
        } else {
            [Self::Decode, Self::InRam, Self::Price]
        }
    }

    const fn is_of(self, trains: bool) -> bool {
        match self {
            Self::TrainSpeed | Self::StepMemory | Self::Job | Self::JobEnergy => trains,
            Self::Decode | Self::Throughput | Self::Prefill | Self::FirstToken | Self::Energy | Self::Load => !trains,
            Self::InRam | Self::LargestContext | Self::Power | Self::Price | Self::PerToken => true,
        }
    }

    /// In what it is counted.
    pub const fn kind(self) -> FigureKind {
        match self {
            Self::Decode | Self::Throughput | Self::Prefill | Self::TrainSpeed => FigureKind::Rate,
            Self::FirstToken | Self::Load => FigureKind::Seconds,
            Self::Job => FigureKind::Hours,
            Self::StepMemory | Self::InRam => FigureKind::Memory,
            Self::LargestContext => FigureKind::Tokens,
            Self::Power => FigureKind::Power,
            Self::Energy | Self::JobEnergy => FigureKind::Energy,
            Self::Price | Self::PerToken => FigureKind::Money,
        }
    }

    /// Whether more of it is better for who runs the plan.
    pub const fn more_is_better(self) -> bool {
        matches!(self.kind(), FigureKind::Rate | FigureKind::Tokens)
    }

    /// What it is of one plan; `None` = no data, or nothing runs, or it does not apply.
    pub fn of(self, side: &Side) -> Option<Reading> {
        let priced = || side.price.as_ref().map(|price| price.usd);
        if self == Self::Price {
            return priced().map(|usd| Reading::Exact(usd.0));
        }
        let found = side.running().filter(|_| self.is_of(side.trains()))?;
        let (speed, step) = (&found.speed, found.training.as_deref());
        let time = || step.and_then(|step| step.time);
        let bytes = |bytes: Bytes| Reading::Exact(bytes.0 as f64);
        let band = match self {
            Self::Price => return None,
            Self::InRam => return found.host.total.map(bytes),
            Self::LargestContext => {
                return match side.reach {
                    Reach::Tokens(tokens) => Some(Reading::Exact(tokens as f64)),
                    Reach::Pending | Reach::Nothing => None,
                };
            }
            Self::Decode => speed.decode,
            Self::Throughput => speed.decode_total.filter(|_| side.plan.workload.sequences > 1),
            Self::Prefill => speed.prefill,
            Self::FirstToken => speed.first_token,
            Self::TrainSpeed => speed.train,
            Self::StepMemory => found.training_peak(),
            Self::Job => time().map(|time| time.hours),
            Self::Power if side.trains() => time().and_then(|time| time.power_w),
            Self::Power => speed.power,
            Self::Energy => speed.energy,
            Self::JobEnergy => time().and_then(|time| time.energy_kwh),
            Self::Load => speed.load,
            Self::PerToken => {
                let rate = speed_of(side).filter(|rate| rate.low > 0.0)?;
                let usd = priced()?.0;
                Some(Band { low: usd / rate.high, expected: usd / rate.expected, high: usd / rate.low })
            }
        };
        band.filter(|band| band.expected.is_finite()).map(Reading::Estimated)
    }
}

/// How fast a plan runs: decoding or training, in tokens a second; `None` where that is not known or it does not run.
pub(super) fn speed_of(side: &Side) -> Option<Band<f64>> {
    let speed = &side.running()?.speed;
    if side.trains() { speed.train } else { speed.decode }
}
