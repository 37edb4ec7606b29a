//! Plans that leave the program: every figure is `estimate`'s, pages and pictures need nothing, and no name leaves its place.

use std::collections::BTreeSet;
use std::path::Path;

use rigplan::catalog::source::Date;
use rigplan::catalog::{Catalog, TableFile};
use rigplan::estimate::printed::PlanFigures;
use rigplan::estimate::{Estimate, estimate};
use rigplan::plan::{BuildRequest, CardChoice, Document, ModelChoice, Plan, Runtime, Task};
use rigplan::scenes::palette::{DARK, LIGHT};
use rigplan::share::carrier::link::to_link;
use rigplan::share::carrier::read_any;
use rigplan::share::picture;
use rigplan::share::report::{self, Grid, GridCell};
use rigplan::share::sheet::{PartTable, RowOf, Sheet, banded};
use rigplan::text::Locale;
use rigplan::units::Bytes;

use crate::pages::{between, faults_of_tags};

/// Half a step of the last digit, and what rounding so that sums agree moves.
const ROUNDING: f64 = 0.0151;
const LINK: &str = "rigplan:1:q1bKSM1JVbIyNjI0NgQA:1a2b3c4d";

fn today() -> Date {
    Date::try_from("2026-11-29".to_owned()).expect("a date")
}

fn plan(change: impl FnOnce(&mut Plan)) -> Plan {
    let mut plan = Plan::default();
    change(&mut plan);
    plan
}

/// One card, several, one pool, none, a server, training, one that does not fit.
fn plans() -> Vec<(&'static str, Plan)> {
    let model = |plan: &mut Plan, id: &str| plan.workload.model = ModelChoice::Catalog(id.to_owned());
    let card = |plan: &mut Plan, id: &str| plan.machine.cards[0].card = CardChoice::Catalog(id.to_owned());
    vec![
        ("fits", plan(|_| {})),
        ("offload", plan(|it| model(it, "gpt-oss-120b"))),
        ("two cards", plan(|it| it.machine.cards[0].count = 2)),
        ("many cards", plan(|it| it.machine.cards[0].count = 8)),
        ("pool", plan(|it| card(it, "apple-m2-max"))),
        ("cpu", plan(|it| it.machine.cards.clear())),
        ("server", plan(|it| it.workload.choose_runtime(Runtime::Vllm))),
        ("training", plan(|it| it.workload.task = Task::Lora)),
        ("too large", plan(|it| model(it, "llama-3.1-405b"))),
    ]
}

fn found(plan: &Plan) -> Estimate {
    estimate(plan, Catalog::embedded()).expect("an answer")
}

fn sheet<'a>(title: &'a str, plan: &'a Plan, estimate: &'a Estimate) -> Sheet<'a> {
    Sheet { title, plan, estimate, catalog: Catalog::embedded(), link: Some(LINK) }
}

fn number(cell: &str) -> f64 {
    cell.replace(',', "").parse().unwrap_or_else(|_| panic!("{cell} is no number"))
}

/// A whole number as an axis spells it.
fn whole<T: std::str::FromStr>(cell: &str) -> T {
    cell.replace(',', "").parse().unwrap_or_else(|_| panic!("{cell} is no whole number"))
}

/// What lies in each place of a table, exactly.
fn exact(found: &Estimate, places: usize) -> Vec<(Option<Bytes>, Option<Bytes>)> {
    if found.is_unified() {
        // One memory: all that is needed of it, and what is left of the part that ends first.
        return vec![(found.needed(), found.judged().map(|judged| judged.balance.free))];
    }
    let ram = (found.host.total, found.host.free);
    let together = (found.needed_in_vram(), found.free_vram());
    let cards: Vec<_> = match places - 1 {
        0 => Vec::new(),
        1 if found.training.is_some() => found.fullest().map(|it| (it.total, it.free)).into_iter().collect(),
        1 => vec![together],
        _ => found.devices.iter().map(|it| (it.total, it.free)).collect(),
    };
    cards.into_iter().chain([ram]).collect()
}

#[test]
fn what_is_written_is_what_is_estimated_and_adds_up() {
    for (name, plan) in plans() {
        let found = found(&plan);
        let sheet = sheet(name, &plan, &found);
        let table = PartTable::of(&sheet, Locale::En);
        let one = plan.machine.cards.is_empty() || found.is_unified();
        assert_eq!(table.places.len() == 1, one, "{name}: {:?}", table.places);
        assert!(!found.is_unified() || table.places == ["Unified memory"], "{name}: {:?}", table.places);
        let row = |of: RowOf| table.rows.iter().find(|row| row.of == of);
        for (place, (needed, free)) in exact(&found, table.places.len()).into_iter().enumerate() {
            let written = |of| row(of).map(|row| number(&row.cells[place]));
            let near = |written: Option<f64>, exact: Option<Bytes>| {
                let exact = exact.expect("known").gib();
                assert!(written.is_some_and(|it| (it - exact).abs() <= ROUNDING), "{name}: {written:?}, {exact}");
            };
            near(written(RowOf::Needed), needed);
            near(written(RowOf::Free), free);
            let parts = table.rows.iter().filter(|row| matches!(row.of, RowOf::Part(_)));
            let sum: f64 = parts.map(|row| number(&row.cells[place])).sum();
            assert!((sum - written(RowOf::Needed).unwrap()).abs() < 1e-9, "{name}: {sum}");
        }
        for locale in Locale::ALL {
            let (text, markdown) = (sheet.text(locale), sheet.markdown(locale));
            for row in &PartTable::of(&sheet, locale).rows {
                for cell in &row.cells {
                    assert!(text.contains(cell.as_str()) && markdown.contains(&format!(" {cell} |")), "{name}: {cell}");
                }
            }
            let speed = &found.speed;
            for (band, unit) in [(speed.decode, "tok/s"), (speed.prefill, "tok/s"), (speed.first_token, "s")] {
                let said = band.map(|band| banded(band, unit)).unwrap_or_default();
                assert!(text.contains(&said) && markdown.contains(&said), "{name}: {said}");
            }
            assert!(text.contains(LINK) && markdown.contains(LINK));
        }
    }
}

#[test]
fn the_figures_of_a_plan_are_golden_as_text_and_as_markdown() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/exports");
    for (name, plan) in plans().into_iter().filter(|(name, _)| ["fits", "two cards", "training"].contains(name)) {
        let found = found(&plan);
        for locale in Locale::ALL {
            for (ending, said) in
                [("txt", sheet(name, &plan, &found).text(locale)), ("md", sheet(name, &plan, &found).markdown(locale))]
            {
                let file = folder.join(format!("{}-{locale:?}.{ending}", name.replace(' ', "-")));
                if std::env::var_os("UPDATE_EXPORTS").is_some() {
                    std::fs::create_dir_all(&folder).unwrap();
                    std::fs::write(&file, &said).unwrap();
                }
                let golden = std::fs::read_to_string(&file).unwrap_or_default();
                assert_eq!(said, golden, "{}: UPDATE_EXPORTS=1 writes it anew", file.display());
            }
        }
    }
}

#[test]
fn every_position_of_the_grid_is_an_estimate_of_its_own() {
    for (name, plan) in plans() {
        let grid = Grid::of(&plan, Catalog::embedded());
        let [lengths, at_once, weights] = &grid.axes;
        let all = lengths.stops.len() * at_once.stops.len() * weights.stops.len();
        assert_eq!(grid.cells.len(), all, "{name}");
        assert!(lengths.stops.len() > 6 && at_once.stops.len() > 6, "{name}: {all}");
        let own = grid.place([lengths.own, at_once.own, weights.own]);
        let GridCell::Answer { verdict, table, .. } = &grid.cells[own] else { panic!("{name}: its own is refused") };
        let found_own = found(&plan);
        assert_eq!(*verdict, found_own.verdict, "{name}");
        assert_eq!(*table, PartTable::of(&sheet("", &plan, &found_own), Locale::En), "{name}");
        // Every seventh, so that all stops of every axis are among them.
        for place in (0..all).step_by(7) {
            let (length, rest) = (place / (at_once.stops.len() * weights.stops.len()), place / weights.stops.len());
            let mut moved = plan.clone();
            let tokens: u64 = whole(&lengths.stops[length]);
            moved.workload.set_length(tokens);
            moved.workload.set_at_once(whole(&at_once.stops[rest % at_once.stops.len()]));
            moved.workload.quantization = weights.stops[place % weights.stops.len()].parse().expect("a precision");
            if moved.workload.length() != plan.workload.length() {
                moved.workload.prompt_tokens = plan.workload.prompt_tokens.min(moved.workload.context);
            }
            match (&grid.cells[place], estimate(&moved, Catalog::embedded())) {
                (GridCell::Answer { verdict, rates, table }, Ok(found)) => {
                    assert_eq!(*verdict, found.verdict, "{name} {place}");
                    assert_eq!(*table, PartTable::of(&sheet("", &moved, &found), Locale::En), "{name} {place}");
                    let rate = found.speed.decode.or(found.speed.train);
                    assert_eq!(rates[0], rate.map(|it| banded(it, "tok/s")).unwrap_or_default(), "{name} {place}");
                }
                (GridCell::Refused(refused), Err(error)) => assert_eq!(*refused, error, "{name} {place}"),
                (cell, found) => panic!("{name} {place}: {cell:?}, {found:?}"),
            }
        }
    }
}

#[test]
fn a_report_needs_nothing_and_says_all_of_it_in_both_languages() {
    let mut wrong = BTreeSet::new();
    for (name, plan) in plans() {
        let found = found(&plan);
        let build = (name == "fits").then(BuildRequest::default);
        let page = report::page(&sheet(name, &plan, &found), build.as_ref(), &today(), Locale::En);
        wrong.extend(faults_of_tags(&page).into_iter().map(|fault| format!("{name}: {fault}")));
        for taken in ["src=", "href=", "@import", "<link", "<img", "<iframe", "fetch(", "XMLHttp", "{{", "url(h"] {
            if page.contains(taken) {
                wrong.insert(format!("{name}: takes {taken}"));
            }
        }
        let ids = between(&page, "<pattern id=\"", &['"']);
        let leads = |pattern: &&&str| pattern.strip_prefix('#').is_some_and(|id| ids.contains(id));
        let patterns = between(&page, "url(", &[')']);
        wrong.extend(patterns.iter().filter(|it| !leads(it)).map(|it| format!("{name}: url({it}) leads nowhere")));
        let colors = between(&page, "var(--", &[')']);
        let missing = colors.into_iter().filter(|color| *color != "own" && !page.contains(&format!("--{color}:")));
        wrong.extend(missing.map(|color| format!("{name}: no color {color}")));
        let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
        if !page.contains(policy) {
            wrong.insert(format!("{name}: no policy"));
        }
        for section in ["lies", "explore", "why", "ways", "prices"] {
            if page.matches(&format!("<section class=\"{section}\"")).count() != 2 {
                wrong.insert(format!("{name}: no {section}"));
            }
        }
        if build.is_some() && page.matches("<section class=\"build\"").count() != 2 {
            wrong.insert(format!("{name}: no machine"));
        }
        for locale in Locale::ALL {
            for cell in PartTable::of(&sheet(name, &plan, &found), locale).rows.iter().flat_map(|row| &row.cells) {
                if !page.contains(&format!("<td>{cell}</td>")) {
                    wrong.insert(format!("{name}: without {cell}"));
                }
            }
        }
        assert!(page.len() < 4 << 20, "{name}: {} bytes", page.len());
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().take(40).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_hostile_name_is_only_words_in_every_export() {
    const NAME: &str = "\"><script>alert(1)</script>'&<!-- {vram} [x](http://y) | `c` var(--bg) </title>]]>";
    const CARDS: &str = r#"[(id: "own", name: NAME, vendor: Nvidia, segment: Consumer, architecture: "Ada Lovelace",
        year: 2024, memory_gib: 48.0, ecc: false, form: Slots(2), source: NAME, confidence: High)]"#;
    let text = CARDS.replace("NAME", &format!("{NAME:?}"));
    let (catalog, errors) = Catalog::with_overlay(&[TableFile { name: "cards/own.ron".to_owned(), text }]);
    assert!(errors.is_empty(), "{errors:?}");
    let plan = plan(|it| it.machine.cards[0].card = CardChoice::Catalog("own".to_owned()));
    let found = estimate(&plan, &catalog).unwrap();
    let sheet = Sheet { title: NAME, plan: &plan, estimate: &found, catalog: &catalog, link: Some(LINK) };
    for first in Locale::ALL {
        let page = report::page(&sheet, None, &today(), first);
        assert!(faults_of_tags(&page).is_empty(), "{:?}", faults_of_tags(&page));
        assert_eq!(page.matches("<script").count(), 3, "the grid, the plan and the page's own");
        assert!(
            page.contains("&lt;script&gt;alert(1)") && !page.contains("<!--") && !page.contains("alert(1)</script")
        );
        let drawn = picture::vectors(&sheet, &LIGHT, first);
        assert!(!drawn.contains("<script") && !drawn.contains("<!--") && !drawn.contains("var(--"), "{drawn}");
        assert!(drawn.contains("var(&#45;-bg)"), "a name that spells a color is one");
        let markdown = sheet.markdown(first);
        assert!(
            !markdown.contains("<script") && !markdown.contains("http://") && !markdown.contains("| `"),
            "{markdown}"
        );
        assert_eq!(sheet.text(first).lines().next(), Some(NAME));
    }
}

#[test]
fn what_leaves_opens_again() {
    for (name, plan) in plans().into_iter().filter(|(name, _)| ["fits", "server", "training"].contains(name)) {
        let document = Document { name: "</title><b>".to_owned(), ..Document::of(plan.clone()) };
        let (found, link) = (found(&plan), to_link(&document).expect("short"));
        let sheet = Sheet { link: Some(&link), ..sheet(&document.name, &plan, &found) };
        let files = [
            picture::png(&sheet, &DARK, Locale::En).expect("encoded"),
            picture::vectors(&sheet, &LIGHT, Locale::Zh).into_bytes(),
            report::page(&sheet, None, &today(), Locale::En).into_bytes(),
        ];
        for bytes in files {
            assert_eq!(read_any(&bytes).expect("a plan"), document, "{name}");
        }
    }
}

#[test]
fn pictures_are_drawn_the_same_each_time_and_hold_every_figure() {
    for (name, plan) in plans() {
        let found = found(&plan);
        let sheet = sheet(name, &plan, &found);
        for locale in Locale::ALL {
            for palette in [&LIGHT, &DARK] {
                let drawn = picture::vectors(&sheet, palette, locale);
                assert!(drawn.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox="), "{name}");
                assert!(faults_of_tags(&format!("<!doctype html>{drawn}")).is_empty(), "{name}: {drawn}");
                assert!(!drawn.contains("var(--") && drawn.contains(LINK), "{name}");
                assert_eq!(drawn, picture::vectors(&sheet, palette, locale));
            }
            let drawn = picture::vectors(&sheet, &LIGHT, locale);
            let figures = PlanFigures::of(&found);
            for side in figures.devices.iter().chain([&figures.ram]).filter(|_| !found.is_unified()) {
                for (part, bytes) in side.amounts().iter().filter(|(_, bytes)| bytes.unwrap_or_default() > Bytes::ZERO)
                {
                    let printed = side.part(part).unwrap_or_default();
                    let said = format!("{} {}", locale.word(part.name()), printed.write());
                    let nothing = printed.is_zero();
                    assert!(nothing || drawn.contains(&said), "{name}: {said} of {bytes:?}");
                }
            }
        }
    }
}

#[test]
fn a_picture_in_pixels_has_ink_where_the_drawing_has() {
    let plan = Plan::default();
    let found = found(&plan);
    for (palette, locale) in [(&LIGHT, Locale::En), (&DARK, Locale::Zh)] {
        let pixels = picture::pixels(&sheet("70B", &plan, &found), palette, locale);
        assert_eq!(pixels.rgba.len(), (4 * pixels.width * pixels.height) as usize);
        assert!(pixels.width == 2400 && pixels.height > 600, "{} × {}", pixels.width, pixels.height);
        assert_eq!(pixels.rgba[..3], palette.bg.0, "the ground");
        assert!(pixels.rgba.chunks(4).all(|pixel| pixel[3] == 255), "nothing is seen through");
        let count = |color: [u8; 3]| pixels.rgba.chunks(4).filter(|pixel| pixel[..3] == color).count();
        let weights = palette.memory(rigplan::estimate::Memory::Weights).fill.0;
        assert!(count(weights) > 5_000 && count(palette.text.0) > 500, "{} {}", count(weights), count(palette.text.0));
        let bytes = picture::png(&sheet("70B", &plan, &found), palette, locale).expect("encoded");
        assert!(bytes.starts_with(b"\x89PNG") && bytes.len() < 1 << 20, "{} bytes", bytes.len());
    }
}
