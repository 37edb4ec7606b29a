//! The document that is opened and saved: a name, notes and one or more plans.

use serde::{Deserialize, Serialize};

use super::{OutOfRange, Plan};

/// The version of the format that this program writes, and the newest it reads.
pub const SCHEMA_VERSION: u32 = 1;

/// The most plans that one document holds.
pub const MAX_PLANS: usize = 100;

/// What a plan file holds. Inputs only: everything shown is estimated from it anew.
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
}

/// One plan of a document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedPlan {
    /// What the user calls it; may be empty.
    #[serde(default)]
    pub name: String,
    /// The plan itself.
    pub plan: Plan,
}

impl Document {
    /// A document without a name that holds one plan.
    #[must_use]
    pub fn of(plan: Plan) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            name: String::new(),
            notes: String::new(),
            plans: vec![NamedPlan { name: String::new(), plan }],
        }
    }

    /// Whether every value can be planned with; the error names the plan by its number, from 1.
    pub fn check(&self) -> Result<(), OutOfRange> {
        if self.plans.is_empty() {
            return Err(OutOfRange::new("plans", "an empty list", "one plan or more".to_owned()));
        }
        if self.plans.len() > MAX_PLANS {
            return Err(OutOfRange::new("plans", self.plans.len(), format!("at most {MAX_PLANS} plans")));
        }
        for (index, named) in self.plans.iter().enumerate() {
            named.plan.check().map_err(|error| error.in_plan(index + 1, self.plans.len()))?;
        }
        Ok(())
    }
}

impl Default for Document {
    fn default() -> Self {
        Self::of(Plan::default())
    }
}
