//! The document that is opened and saved: a name, notes and one or more plans.

use serde::{Deserialize, Serialize};

use super::fault::{Allowed, Given};
use super::{BuildRequest, OutOfRange, Plan, ScenePosition};
use crate::catalog::frozen::FrozenRow;

/// The newest version of the format that this program writes and reads.
pub const SCHEMA_VERSION: u32 = 3;

/// The version that documents are written in whose plans run one model each: programs that know no others read them too.
pub const PLAIN_SCHEMA_VERSION: u32 = 2;

/// The most plans that one document holds.
pub const MAX_PLANS: usize = 100;

/// What a plan file holds. Inputs only: everything shown is estimated from it anew, from the rows of the tables that came
/// with it where they are others by now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The version of the format, [`SCHEMA_VERSION`] in memory.
    pub schema_version: u32,
    /// What the user calls it; empty where it has no name yet.
    #[serde(default)]
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub notes: String,
    /// At least one; comparing is looking at several.
    pub plans: Vec<NamedPlan>,
    /// What a machine is to be built for; `None` where nobody asked yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<BuildRequest>,
    /// Where the reader of the pictures is; `None` where nobody looked yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scene: Option<ScenePosition>,
    /// Rows of the tables as they were when the document was saved; in memory those that are others by now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frozen: Vec<FrozenRow>,
}

/// One plan of a document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedPlan {
    /// What the user calls it; may be empty.
    #[serde(default)]
    pub name: String,
    /// The plan itself.
    #[serde(default)]
    pub plan: Plan,
}

impl Document {
    /// A document without a name that holds one plan.
    pub fn of(plan: Plan) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            name: String::new(),
            notes: String::new(),
            plans: vec![NamedPlan { name: String::new(), plan }],
            build: None,
            scene: None,
            frozen: Vec::new(),
        }
    }

    /// The lowest version of the format that says all that is in it.
    pub fn least_version(&self) -> u32 {
        if self.plans.iter().any(|named| !named.plan.also.is_empty()) { SCHEMA_VERSION } else { PLAIN_SCHEMA_VERSION }
    }

    /// As it is written: in the lowest version that says all of it.
    #[must_use]
    pub fn to_write(&self) -> Self {
        Self { schema_version: self.least_version(), ..self.clone() }
    }

    /// Whether every value can be planned with. Ids are not looked up here.
    pub fn check(&self) -> Result<(), OutOfRange> {
        let count = self.plans.len();
        if count == 0 || count > MAX_PLANS {
            let allowed = Allowed::List { least: 1, most: MAX_PLANS };
            return Err(OutOfRange::new("plans", Given::List(count), allowed));
        }
        for (index, named) in self.plans.iter().enumerate() {
            named.plan.check().map_err(|error| if count > 1 { error.in_plan(index) } else { error })?;
        }
        let Some(build) = &self.build else { return Ok(()) };
        build.check().map_err(|error| OutOfRange { field: format!("build.{}", error.field), ..error })
    }
}

impl Default for Document {
    fn default() -> Self {
        Self::of(Plan::default())
    }
}
