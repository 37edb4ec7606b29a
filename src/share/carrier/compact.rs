//! A document as short RON: what is as in a new document is left out, and read back as what it was.

use ron::Options;
use ron::extensions::Extensions;
use serde::Serialize;

use super::CarrierError;
use crate::plan::{BuildRequest, Document, NamedPlan, Resident, ScenePosition};
use crate::share::plan_file::{self, PlanFileError};
use crate::share::ron_tokens::{starts_name, tokens};

/// The document on one line, without what it shares with a new one.
///
/// # Errors
/// As `plan_file::to_text`.
pub(super) fn to_text(document: &Document) -> Result<String, CarrierError> {
    plan_file::check(document)?;
    let whole = written(document)?;
    let template = Document {
        plans: vec![NamedPlan::default()],
        build: Some(BuildRequest::default()),
        scene: Some(ScenePosition::default()),
        ..Document::default()
    };
    Ok(Pruned::of(&whole, &written(&template)?, &written(&Resident::default())?))
}

fn written(value: &impl Serialize) -> Result<String, PlanFileError> {
    let options = Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    options.to_string(value).map_err(|_error| PlanFileError::Unwritable)
}

/// Fields that stand even where they are as in the template: a document without them is another.
const STANDING: [&str; 4] = ["schema_version", "plans", "build", "scene"];

/// Text from which fields are left out.
struct Pruned<'a> {
    text: String,
    /// What a row of `also` is where nothing is said of it.
    row: &'a str,
}

impl<'a> Pruned<'a> {
    /// `text` without the fields that are as in `template`, in rows of `also` as in `row`; all are RON on one line.
    fn of(text: &str, template: &str, row: &'a str) -> String {
        let mut pruned = Self { text: String::with_capacity(text.len()), row };
        pruned.document(text, template);
        pruned.text
    }

    fn document(&mut self, text: &str, template: &str) {
        let (Some(fields), Some(usual)) = (fields(text), fields(template)) else {
            return self.text.push_str(text);
        };
        let kept = fields.into_iter().filter(|field| STANDING.contains(&field.name) || !is_usual(field, Some(&usual)));
        self.list(('(', ')'), kept.collect(), |pruned, field| {
            pruned.name(field.name);
            let usual = usual_of(&usual, field.name);
            match (field.name, elements(field.value)) {
                ("plans", Some(plans)) => {
                    let plan = usual.and_then(elements).and_then(|plans| plans.first().copied());
                    pruned.list(('[', ']'), plans, |pruned, text| pruned.value(text, plan));
                }
                _ => pruned.value(field.value, usual),
            }
        });
    }

    /// A value beside the one that stands there if nothing is said, where there is one.
    fn value(&mut self, text: &str, usual: Option<&str>) {
        if let Some(elements) = elements(text) {
            return self.list(('[', ']'), elements, |pruned, text| pruned.value(text, None));
        }
        let Some(all) = fields(text) else { return self.text.push_str(text) };
        let usual = usual.and_then(fields);
        let kept = all.into_iter().filter(|field| !is_usual(field, usual.as_deref())).collect();
        self.list(('(', ')'), kept, |pruned, field| {
            pruned.name(field.name);
            let usual = usual.as_deref().and_then(|usual| usual_of(usual, field.name));
            match (field.name, elements(field.value)) {
                ("also", Some(rows)) => {
                    let row = pruned.row;
                    pruned.list(('[', ']'), rows, |pruned, text| pruned.value(text, Some(row)));
                }
                _ => pruned.value(field.value, usual),
            }
        });
    }

    fn list<T>(&mut self, (open, close): (char, char), items: Vec<T>, mut one: impl FnMut(&mut Self, T)) {
        self.text.push(open);
        for (place, item) in items.into_iter().enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            one(self, item);
        }
        self.text.push(close);
    }

    fn name(&mut self, name: &str) {
        self.text.push_str(name);
        self.text.push(':');
    }
}

/// A field of a struct.
#[derive(Clone, Copy)]
struct Field<'a> {
    name: &'a str,
    value: &'a str,
}

fn usual_of<'a>(usual: &[Field<'a>], name: &str) -> Option<&'a str> {
    usual.iter().find(|field| field.name == name).map(|field| field.value)
}

/// Whether the field means the same where it is not written: as in the template, or nothing where there is none.
fn is_usual(field: &Field<'_>, usual: Option<&[Field<'_>]>) -> bool {
    field.value == usual.and_then(|usual| usual_of(usual, field.name)).unwrap_or("None")
}

/// The fields of a struct without a name, where the text is one.
fn fields(text: &str) -> Option<Vec<Field<'_>>> {
    let parts = parts(text, '(', ')')?;
    parts
        .into_iter()
        .map(|part| {
            let (name, value) = part.split_once(':')?;
            (name.starts_with(starts_name) && name.chars().all(|c| c.is_alphanumeric() || c == '_'))
                .then_some(Field { name, value })
        })
        .collect()
}

/// The elements of a list, where the text is one.
fn elements(text: &str) -> Option<Vec<&str>> {
    parts(text, '[', ']')
}

/// What stands between the outer commas of a text in these brackets.
fn parts(text: &str, open: char, close: char) -> Option<Vec<&str>> {
    let inner = text.strip_prefix(open)?.strip_suffix(close)?;
    let (mut depth, mut start, mut parts) = (0_usize, 0, Vec::new());
    for (first, place) in tokens(inner) {
        match first {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            ',' if depth == 0 => {
                parts.push(&inner[start..place.start]);
                start = place.end;
            }
            _ => {}
        }
    }
    if start < inner.len() {
        parts.push(&inner[start..]);
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{CardChoice, CardCount, ModelChoice};
    use crate::share::plan_file;

    #[test]
    fn only_what_was_chosen_is_written() {
        let mut document = Document::default();
        assert_eq!(to_text(&document).unwrap(), "(schema_version:3,plans:[()])");
        let plan = &mut document.plans[0].plan;
        plan.workload.model = ModelChoice::Catalog("qwen3-8b".to_owned());
        plan.machine.cards.push(CardCount::of(CardChoice::Catalog("rtx-4090".to_owned()), 2));
        document.build = Some(BuildRequest::default());
        let expected = "(schema_version:3,plans:[(plan:(workload:(model:Catalog(\"qwen3-8b\")),machine:(cards:[\
             (card:Catalog(\"rtx-4090\"),count:1),(card:Catalog(\"rtx-4090\"),count:2)])))],build:())";
        assert_eq!(to_text(&document).unwrap(), expected);
        assert_eq!(plan_file::from_text(expected).unwrap(), document);
    }

    #[test]
    fn brackets_and_commas_in_texts_stay_there() {
        let document = Document { name: "a),(b:\"[".to_owned(), notes: "None".to_owned(), ..Document::default() };
        assert_eq!(plan_file::from_text(&to_text(&document).unwrap()).unwrap(), document);
    }
}
