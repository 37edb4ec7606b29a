//! The document that is opened and saved: a name, notes and one or more plans.

use serde::{Deserialize, Serialize};

use super::fault::{Allowed, Given};
use super::{BuildRequest, OutOfRange, Plan, ScenePosition};
use crate::catalog::frozen::FrozenRow;

/// The version of the format that this program writes, and the newest it reads.
pub const SCHEMA_VERSION: u32 = 3;

/// The most plans that one document holds.
pub const MAX_PLANS: usize = 100;

/// The longest name of a document or a plan, in characters: more is drawn nowhere, and would be laid out each frame.
pub const MAX_NAME: usize = 300;

/// The longest notes, in characters.
pub const MAX_NOTES: usize = 100_000;

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

    /// Whether every value can be planned with. Ids are not looked up here.
    pub fn check(&self) -> Result<(), OutOfRange> {
        let count = self.plans.len();
        if count == 0 || count > MAX_PLANS {
            let allowed = Allowed::List { least: 1, most: MAX_PLANS };
            return Err(OutOfRange::new("plans", Given::List(count), allowed));
        }
        within(&self.name, "name", MAX_NAME)?;
        within(&self.notes, "notes", MAX_NOTES)?;
        for (index, named) in self.plans.iter().enumerate() {
            within(&named.name, &format!("plans[{index}].name"), MAX_NAME)?;
            named.plan.check().map_err(|error| if count > 1 { error.in_plan(index) } else { error })?;
        }
        let Some(build) = &self.build else { return Ok(()) };
        build.check().map_err(|error| OutOfRange { field: format!("build.{}", error.field), ..error })
    }
}

/// Whether a text is no longer than so many characters. One that is far too long is not gone through to its end.
fn within(text: &str, field: &str, most: usize) -> Result<(), OutOfRange> {
    if text.len() <= most || text.chars().nth(most).is_none() {
        return Ok(());
    }
    Err(OutOfRange::new(field, Given::Letters(text.chars().count()), Allowed::Letters(most)))
}

impl Default for Document {
    fn default() -> Self {
        Self::of(Plan::default())
    }
}
