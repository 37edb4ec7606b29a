//! From people to concurrent sequences.
//!
//! Little's law (J. D. C. Little, "A proof for the queuing formula L = λW", Operations Research 9, 1961): the requests in
//! flight are on average the requests that arrive a second times the seconds that each takes, whatever the distribution
//! of either. Requests of many people that do not wait for each other arrive as a Poisson process, and those in flight
//! are then Poisson distributed too (the M/G/∞ queue), which says how many are in flight in all but the busiest moments.

/// People who use one machine, and how much.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Concurrency {
    pub people: f64,
    pub busy: Busy,
    /// Requests an hour that each person sends, for [`Busy::Requests`].
    pub requests_per_hour: f64,
    /// Seconds that one request takes, for [`Busy::Requests`].
    pub seconds_per_request: f64,
    /// Share of the people whose request is in flight at any time, from 0 to 1, for [`Busy::Share`].
    pub share: f64,
    /// Which moments count.
    pub load: Load,
}

/// How it is said how busy people are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Busy {
    /// By requests an hour and seconds a request.
    #[default]
    Requests,
    /// By the share that is active at once.
    Share,
}

/// Which moments the sequences are to be enough for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Load {
    Average,
    /// All but the busiest twentieth.
    #[default]
    Busy,
}

/// The part of all moments that [`Load::Busy`] covers.
const COVERED: f64 = 0.95;
/// More sequences than any plan may ask for.
const MOST: u32 = 1024;

impl Default for Concurrency {
    fn default() -> Self {
        Self {
            people: 50.0,
            busy: Busy::default(),
            requests_per_hour: 12.0,
            seconds_per_request: 20.0,
            share: 0.1,
            load: Load::default(),
        }
    }
}

impl Concurrency {
    /// Requests in flight on average.
    pub fn in_flight(&self) -> f64 {
        let each = match self.busy {
            Busy::Requests => self.requests_per_hour / 3600.0 * self.seconds_per_request,
            Busy::Share => self.share,
        };
        (self.people * each).max(0.0)
    }

    /// Sequences that are enough: from 1 to the most that a plan may ask for (1,024).
    pub fn sequences(&self) -> u32 {
        let mean = self.in_flight();
        match self.load {
            Load::Average => ceil(mean),
            Load::Busy => quantile(mean, COVERED),
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
fn ceil(value: f64) -> u32 {
    value.ceil().clamp(1.0, f64::from(MOST)) as u32
}

/// The least n for which a Poisson number of this mean is at most n with this probability.
fn quantile(mean: f64, covered: f64) -> u32 {
    if mean >= f64::from(MOST) {
        return MOST;
    }
    // Sums of logarithms: e^-mean alone is zero for a large mean.
    let (mut log_term, mut sum) = (-mean, 0.0);
    for n in 0..MOST {
        sum += log_term.exp();
        if sum >= covered {
            return n.max(1);
        }
        log_term += mean.ln() - f64::from(n + 1).ln();
    }
    MOST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn littles_law() {
        let people = Concurrency { load: Load::Average, ..Concurrency::default() };
        // 50 people × 12 an hour × 20 s = 12,000 s of work an hour.
        assert!((people.in_flight() - 12_000.0 / 3600.0).abs() < 1e-12);
        assert_eq!(people.sequences(), 4);
        assert_eq!(Concurrency { busy: Busy::Share, ..people }.sequences(), 5);
        assert_eq!(Concurrency { people: 0.0, ..people }.sequences(), 1, "at least one");
        assert_eq!(Concurrency { people: 1e9, ..people }.sequences(), 1024, "at most what a plan may ask for");
    }

    #[test]
    fn busy_moments_follow_the_poisson_table() {
        // Cumulative Poisson tables: P(X ≤ 6 | 3) = 0.9665, P(X ≤ 5 | 3) = 0.9161; P(X ≤ 15 | 10) = 0.9513.
        assert_eq!(quantile(3.0, COVERED), 6);
        assert_eq!(quantile(10.0, COVERED), 15);
        assert_eq!(quantile(0.0, COVERED), 1);
        let large = quantile(900.0, COVERED);
        assert!((945..955).contains(&large), "about 1.645 standard deviations above: {large}");
        assert_eq!(quantile(5000.0, COVERED), 1024);
    }
}
