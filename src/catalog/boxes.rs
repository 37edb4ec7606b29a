//! Networks between computers that share one model, and what sharing over them costs.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray, VariantNames};

use super::machine_laws::Guess;
use super::origin::Origin;
use crate::units::Band;

/// What joins the boxes that share a model.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray, VariantNames,
)]
pub enum BoxLink {
    /// Ethernet, 1 Gbit/s.
    #[strum(serialize = "1gbe")]
    Ethernet1,
    /// Ethernet, 2.5 Gbit/s.
    #[strum(serialize = "2.5gbe")]
    Ethernet2,
    /// Ethernet, 10 Gbit/s.
    #[strum(serialize = "10gbe")]
    Ethernet10,
    /// Ethernet, 25 Gbit/s.
    #[strum(serialize = "25gbe")]
    Ethernet25,
    /// Ethernet, 100 Gbit/s.
    #[strum(serialize = "100gbe")]
    Ethernet100,
    /// The ports of a DGX Spark: 200 Gbit/s that reach the other's memory without its processor.
    #[strum(serialize = "connectx-7")]
    ConnectX7,
    /// A cable between two ports of Thunderbolt 4, as a network.
    #[strum(serialize = "thunderbolt-4")]
    Thunderbolt4,
    /// The same of Thunderbolt 5.
    #[strum(serialize = "thunderbolt-5")]
    Thunderbolt5,
}

/// What it costs to share a model over a network.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoxLaw {
    /// How much longer a step takes in which one box works while the others wait, as a share of it.
    pub apart: Guess,
    /// The links.
    pub links: Vec<BoxLinkLaw>,
    /// What joins such machines where nobody says.
    pub usual: Vec<UsualLink>,
    /// Where the figures come from.
    pub source: Origin,
}

/// One link.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoxLinkLaw {
    /// Which.
    pub link: BoxLink,
    /// GB/s in one direction, on paper.
    pub gb_s: f64,
    /// Share of that which is reached.
    pub reached: Band<f64>,
    /// A message that is too short to count, from one program to the other, in µs.
    pub message_us: Band<f64>,
    /// The two reductions of a block that is cut across the boxes, in µs.
    pub reduce_us: Band<f64>,
    /// Where the figures come from.
    pub source: Origin,
}

/// What usually joins machines of these cards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsualLink {
    /// How the ids of all their cards begin.
    pub cards: String,
    /// Joined by this.
    pub link: BoxLink,
}

impl BoxLaw {
    /// The law of a link.
    pub fn link(&self, link: BoxLink) -> Option<&BoxLinkLaw> {
        self.links.iter().find(|law| law.link == link)
    }

    /// What usually joins machines with cards of these ids, of so many kinds; those whose ids are not known may be any.
    pub fn usual_of<'a>(&self, ids: &(impl Iterator<Item = &'a str> + Clone), kinds: usize) -> BoxLink {
        let known = ids.clone().count() == kinds;
        let fits = |usual: &&UsualLink| {
            usual.cards.is_empty() || known && ids.clone().all(|id| id.starts_with(usual.cards.as_str()))
        };
        self.usual.iter().find(fits).map_or(BoxLink::Ethernet1, |usual| usual.link)
    }
}
