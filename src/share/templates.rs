//! Plans to start from, as data: their words stand in the locales, and what each comes to is estimated.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::catalog::entry_table::parse;
use crate::plan::{Plan, SceneId};
use crate::text::Key;

const TEXT: &str = include_str!("../../data/templates.ron");

/// Which template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum TemplateId {
    /// A large dense model on two used cards.
    ChatAtHome,
    /// A mixture whose experts lie in RAM.
    LargeMixture,
    /// Adapters over quantized weights.
    FineTune,
    /// A server engine with several users at once.
    ServeTwenty,
    /// What VRAM is, by a model that does not fit.
    ToAColleague,
}

impl TemplateId {
    /// What it is called.
    pub const fn label(self) -> Key {
        match self {
            Self::ChatAtHome => Key::TemplateChatAtHome,
            Self::LargeMixture => Key::TemplateLargeMixture,
            Self::FineTune => Key::TemplateFineTune,
            Self::ServeTwenty => Key::TemplateServeTwenty,
            Self::ToAColleague => Key::TemplateToAColleague,
        }
    }
}

/// A plan to start from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Which.
    pub id: TemplateId,
    /// The plan itself.
    pub plan: Plan,
    /// The scene that is shown with it at once.
    #[serde(default)]
    pub scene: Option<SceneId>,
}

impl Template {
    /// All templates, in their order; none where the table cannot be read, which its test would say.
    pub fn all() -> &'static [Self] {
        static ALL: LazyLock<Vec<Template>> = LazyLock::new(|| parse(TEXT).unwrap_or_default());
        &ALL
    }

    /// The template of this id.
    pub fn of(id: TemplateId) -> Option<&'static Self> {
        Self::all().iter().find(|template| template.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::estimate::{Verdict, estimate};

    /// What each template is to show; its words say no less.
    #[test]
    fn every_template_comes_to_what_it_is_there_for() {
        parse::<Vec<Template>>(TEXT).unwrap_or_else(|fault| panic!("{fault:?}"));
        let found: Vec<_> = Template::all()
            .iter()
            .map(|template| {
                template.plan.check().unwrap();
                let answer = estimate(&template.plan, Catalog::embedded()).unwrap();
                let speed = answer.speed.train.or(answer.speed.decode_total).map(|rate| rate.expected > 5.0);
                (template.id, answer.verdict, speed)
            })
            .collect();
        let runs = Some(true);
        assert_eq!(
            found,
            [
                (TemplateId::ChatAtHome, Some(Verdict::Fits), runs),
                (TemplateId::LargeMixture, Some(Verdict::Offload), runs),
                (TemplateId::FineTune, Some(Verdict::Fits), runs),
                (TemplateId::ServeTwenty, Some(Verdict::Fits), runs),
                (TemplateId::ToAColleague, Some(Verdict::DoesNotFit), None),
            ]
        );
    }
}
