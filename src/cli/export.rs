//! `rigplan export`: a plan as a page, a picture, Markdown, text or JSON, without a display.

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::value::RawValue;

use super::answer::Answer;
use super::args::ExportArgs;
use super::problem::Problem;
use super::request::Request;
use super::{GOOD, catalog, json, opened, print};
use crate::catalog::Catalog;
use crate::catalog::frozen::RowDetail;
use crate::estimate::{Estimate, estimate as estimated};
use crate::plan::{Document, Plan};
use crate::scenes::palette::{DARK, LIGHT};
use crate::share::carrier::link::to_link;
use crate::share::sheet::{Sheet, file_name};
use crate::share::{picture, report};
use crate::system::clock::today;
use crate::system::storage::{self, StorageError};
use crate::system::system_fault::SystemFault;
use crate::text::{Join, Locale};

/// As what a plan leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Html,
    Png,
    Svg,
    Markdown,
    Text,
    Json,
}

impl Form {
    fn of(args: &ExportArgs) -> Option<Self> {
        let asked = [
            (args.html, Self::Html),
            (args.png, Self::Png),
            (args.svg, Self::Svg),
            (args.markdown, Self::Markdown),
            (args.text, Self::Text),
            (args.json, Self::Json),
        ];
        asked.into_iter().find_map(|(is_asked, form)| is_asked.then_some(form))
    }

    /// How the names of such files end.
    const fn ending(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Png => "png",
            Self::Svg => "svg",
            Self::Markdown => "md",
            Self::Text => "txt",
            Self::Json => "json",
        }
    }
}

/// Writes the plan in the form that was asked for. What it comes to does not change the exit code.
pub(super) fn run(args: &ExportArgs, locale: Locale) -> Result<u8, Problem> {
    let form = Form::of(args).ok_or(Problem::NoFormat)?;
    if form == Form::Png && args.output.is_none() && io::stdout().is_terminal() {
        return Err(Problem::PictureToTerminal);
    }
    let mut catalog = catalog(locale);
    let document = opened::document(&args.plan, args.rows, &mut catalog, locale)?;
    let catalog: &Catalog = &catalog;
    let place = usize::try_from(args.which).ok().and_then(|which| which.checked_sub(1));
    let no_plan = || Problem::NoPlan { asked: args.which, count: document.plans.len() };
    let plan = place.and_then(|place| document.plans.get(place)).ok_or_else(no_plan)?;
    let found = estimated(&plan.plan, catalog)?;
    let title = title(&document, &plan.name, &args.plan, locale);
    // One that is too large for a text travels without.
    let link = to_link(&document.with_rows(catalog, RowDetail::Short)).ok();
    let sheet = Sheet { title: &title, plan: &plan.plan, estimate: &found, catalog, link: link.as_deref() };
    let bytes = written(&sheet, &document, (form, args.dark), locale)?;
    match &args.output {
        None => print(&bytes)?,
        Some(path) => {
            let path = if path.is_dir() { path.join(file_name(&title, form.ending())) } else { path.clone() };
            let write = if args.replace { storage::write_bytes } else { storage::write_new_bytes };
            write(&path, &bytes)?;
        }
    }
    Ok(GOOD)
}

fn written(
    sheet: &Sheet<'_>,
    document: &Document,
    (form, dark): (Form, bool),
    locale: Locale,
) -> Result<Vec<u8>, Problem> {
    let palette = if dark { &DARK } else { &LIGHT };
    Ok(match form {
        Form::Html => report::page(sheet, document.build.as_ref(), &today(), locale).into_bytes(),
        Form::Png => {
            let unwritable = || StorageError::unwritten(&PathBuf::from(sheet.title), SystemFault::UNWRITABLE);
            picture::png(sheet, palette, locale).ok_or_else(unwritable)?
        }
        Form::Svg => picture::vectors(sheet, palette, locale).into_bytes(),
        Form::Markdown => sheet.markdown(locale).into_bytes(),
        Form::Text => sheet.text(locale).into_bytes(),
        Form::Json => data(sheet),
    })
}

/// What a plan is called: as its document, or the file of that, and by its own name among several.
fn title(document: &Document, name: &str, path: &Path, locale: Locale) -> String {
    let stem = || path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let own = document.name.trim();
    let whole = if own.is_empty() { stem() } else { own.to_owned() };
    let parts = [whole, name.trim().to_owned()];
    locale.join(Join::Phrases, parts.iter().filter(|part| !part.is_empty()))
}

#[derive(Serialize)]
struct ExportJson<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
    estimate: Box<RawValue>,
}

/// The answer of the contract, with the plan's name and the text that opens it.
fn data(sheet: &Sheet<'_>) -> Vec<u8> {
    let answer = answered(sheet.plan, sheet.estimate, sheet.catalog);
    // What was just written as JSON is JSON.
    let raw = String::from_utf8(answer).ok().and_then(|text| RawValue::from_string(text).ok());
    raw.map_or_else(Vec::new, |estimate| json::line(&ExportJson { name: sheet.title, link: sheet.link, estimate }))
}

fn answered(plan: &Plan, found: &Estimate, catalog: &Catalog) -> Vec<u8> {
    let mut out = Vec::new();
    let (request, ladder) = (Request::default(), crate::advise::remedies::ladder(plan, catalog));
    let answer = Answer {
        request: &request,
        plan,
        catalog,
        defaults_assumed: false,
        estimate: found,
        limits: None,
        ladder: ladder.as_ref(),
    };
    answer.write(&mut out);
    out
}
