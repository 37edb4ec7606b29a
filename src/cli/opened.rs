//! Plan files as commands open them: in whatever carries them, with the rows that came along or those of today.

use std::borrow::Cow;
use std::path::Path;

use clap::Args;

use super::problem::Problem;
use super::say;
use crate::catalog::Catalog;
use crate::plan::{Document, Plan};
use crate::share::carrier::{self, link, read_any};
use crate::system::storage;
use crate::text::{Join, Key, Locale, Placeholder, foreign_path};

/// Which rows of the tables a plan file counts with.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct RowArgs {
    /// Those of today in place of the ones that were saved with the plan.
    #[arg(long)]
    pub today: bool,
}

/// The first plan of a document, in whatever carries it; that there are others is said.
pub(super) fn first_plan(
    path: &Path,
    rows: RowArgs,
    catalog: &mut Cow<'_, Catalog>,
    locale: Locale,
) -> Result<Plan, Problem> {
    let mut document = document(path, rows, catalog, locale)?;
    if document.plans.len() > 1 {
        // A text stands for itself by how it begins.
        let name = if is_text(path) { format!("{}:…", link::SCHEME) } else { foreign_path(path) };
        let count = document.plans.len().to_string();
        let holes = [(Placeholder::Name, name.as_str()), (Placeholder::Count, count.as_str())];
        say(&locale.sentence(Key::PlansFirst, &holes));
    }
    // A document that was read has one at least.
    Ok(document.plans.swap_remove(0).plan)
}

/// A document, in whatever carries it. What differs by now of the rows that came with it is said; they are laid over the
/// catalog where those of today are not asked for.
pub(super) fn document(
    path: &Path,
    rows: RowArgs,
    catalog: &mut Cow<'_, Catalog>,
    locale: Locale,
) -> Result<Document, Problem> {
    let no_plan = |error| Problem::PlanFile { path: path.to_owned(), error: Box::new(error) };
    let mut document = match path.to_str().filter(|_| is_text(path)) {
        Some(text) => link::from_link(text).map_err(Problem::Link)?,
        None => read_any(&storage::read(path, carrier::MAX_BYTES)?).map_err(no_plan)?,
    };
    let changes = document.settle_rows(catalog);
    if rows.today {
        document.frozen.clear();
    }
    if !changes.is_empty() {
        let words = locale.join(Join::Clauses, changes.iter().map(|change| change.say(locale)));
        let key = if rows.today { Key::TodaysRows } else { Key::KeptRowsOr };
        say(&locale.sentence(key, &[(Placeholder::Parts, words.as_str())]));
    }
    if !document.frozen.is_empty() {
        *catalog = Cow::Owned(catalog.with_frozen(&document.frozen));
    }
    Ok(document)
}

/// Whether what was typed is a plan's text and no file.
fn is_text(path: &Path) -> bool {
    path.to_str().is_some_and(link::is_in) && !path.exists()
}
