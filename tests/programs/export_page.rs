//! A report in a browser: its sliders show what `estimate` says, in both languages, light and dark, and it asks nobody for
//! anything. Without a browser on the machine this says so and is skipped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rigplan::catalog::Catalog;
use rigplan::estimate::estimate;
use rigplan::plan::Plan;
use rigplan::share::report::Grid;
use rigplan::share::sheet::{PartTable, RowOf, Sheet, banded};
use rigplan::text::Locale;
use serde_json::Value;
use tempfile::TempDir;

use crate::run::run_in;

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Moves the sliders to positions, then looks at every theme and language; what was seen is left in the page as text.
const MOVES: &str = r#"<script>
(() => {
  const articles = [...document.querySelectorAll("article")];
  const found = { moves: [], looks: [] };
  for (const position of POSITIONS) {
    position.forEach((value, axis) => {
      const slider = articles[0].querySelector(`[data-axis="${axis}"]`);
      slider.value = value;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    });
    for (const article of articles) {
      const text = (query) => [...article.querySelectorAll(query)].map((it) => it.textContent);
      const rows = [...article.querySelectorAll(".explore tbody tr")].map((row) => [...row.children].map((it) => it.textContent));
      const bars = [...article.querySelectorAll("[data-bar]")].map((it) => Number(it.getAttribute("width")));
      found.moves.push({ lang: article.lang, said: text('[data-said="verdict"]')[0], rates: text("[data-rate]"), rows, bars });
    }
  }
  for (const theme of ["light", "dark"]) {
    for (const language of ["en", "zh"]) {
      document.getElementById(theme).click();
      document.getElementById(language).click();
      const shown = articles.filter((it) => getComputedStyle(it).display !== "none").map((it) => it.lang);
      const ground = getComputedStyle(document.querySelector(".page")).backgroundColor;
      const sliders = articles.map((it) => getComputedStyle(it.querySelector(".explore")).display);
      found.looks.push({ theme, language, shown, ground, sliders, lang: document.documentElement.lang });
    }
  }
  const pre = document.createElement("pre");
  pre.id = "found";
  pre.textContent = JSON.stringify(found);
  document.body.append(pre);
})();
</script>"#;

fn browser() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    let named = |folder: PathBuf| BROWSERS.iter().map(move |name| folder.join(name)).find(|path| path.is_file());
    std::env::split_paths(&folders).find_map(named)
}

/// The page as it stands after its scripts, and what the browser complained of.
fn opened(browser: &Path, home: &Path, page: &Path) -> (String, String) {
    let profile = format!("--user-data-dir={}", home.join("profile").display());
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--enable-logging=stderr"])
        .args(["--virtual-time-budget=3000", "--dump-dom", &profile])
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

/// A whole number as an axis spells it.
fn whole<T: std::str::FromStr>(cell: &str) -> T {
    cell.replace(',', "").parse().unwrap_or_else(|_| panic!("{cell} is no whole number"))
}

#[test]
fn sliders_show_what_estimate_says() {
    let Some(browser) = browser() else {
        println!("skipped: no browser on this machine");
        return;
    };
    let home = TempDir::new().expect("a folder");
    let plan = Plan::default();
    fs::write(home.path().join("plan.ron"), "(schema_version: 1, plans: [(plan: ())])").expect("written");
    let (exit, page, err) = run_in(home.path(), &["export", "plan.ron", "--html"], "");
    assert_eq!((exit, err.as_str()), (0, ""));
    let catalog = Catalog::embedded();
    let grid = Grid::of(&plan, catalog);
    let last = grid.axes.each_ref().map(|axis| axis.stops.len() - 1);
    let own = grid.axes.each_ref().map(|axis| axis.own);
    let positions = [own, [0, 0, 0], last, [last[0] / 2, 2, last[2] / 2], [last[0], 0, 0]];
    let moves = MOVES.replace("POSITIONS", &serde_json::to_string(&positions).expect("JSON"));
    let path = home.path().join("plan.html");
    fs::write(&path, page.replace("</body>", &format!("{moves}</body>"))).expect("written");
    let (seen, complaints) = opened(&browser, home.path(), &path);
    for complaint in ["Refused to", "Uncaught", "violates the following Content Security"] {
        assert!(!complaints.contains(complaint), "{complaints}");
    }
    let found = seen.split("<pre id=\"found\">").nth(1).and_then(|rest| rest.split("</pre>").next());
    let found = found.unwrap_or_else(|| panic!("the script did not end: {complaints}"));
    let found = found.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let found: Value = serde_json::from_str(&found).expect("JSON");

    let stop = |axis: usize, at: usize| grid.axes[axis].stops[at].as_str();
    for (place, seen) in found["moves"].as_array().expect("moves").iter().enumerate() {
        let [length, at_once, weights] = positions[place / 2];
        let locale = [Locale::En, Locale::Zh][place % 2];
        let mut moved = plan.clone();
        moved.workload.set_length(whole(stop(0, length)));
        moved.workload.set_at_once(whole(stop(1, at_once)));
        moved.workload.quantization = stop(2, weights).parse().expect("a precision");
        if moved.workload.context != plan.workload.context {
            moved.workload.prompt_tokens = plan.workload.prompt_tokens.min(moved.workload.context);
        }
        let comes_to = estimate(&moved, catalog).expect("an answer");
        let verdict = comes_to.verdict.expect("a verdict");
        assert_eq!(seen["said"], locale.word(verdict.word()), "{seen}");
        let decode = comes_to.speed.decode.map(|band| banded(band, "tok/s"));
        let none = locale.word(rigplan::text::Key::NoData).to_owned();
        assert_eq!(seen["rates"][0], decode.unwrap_or(none), "{seen}");
        let sheet = Sheet { title: "", plan: &moved, estimate: &comes_to, catalog, link: None };
        let table = PartTable::of(&sheet, locale);
        let rows = seen["rows"].as_array().expect("rows");
        for row in &table.rows {
            let shown = rows.iter().find(|shown| shown[0] == row.name).unwrap_or_else(|| panic!("no {}", row.name));
            for (cell, written) in row.cells.iter().enumerate() {
                assert_eq!(shown[cell + 1], **written, "{} at {:?}", row.name, positions[place / 2]);
            }
        }
        let parts = table.rows.iter().filter(|row| matches!(row.of, RowOf::Part(_))).count();
        let wide = seen["bars"].as_array().expect("bars").iter().filter(|bar| bar.as_f64() > Some(0.0)).count();
        assert!(wide > 0 && wide <= parts * table.places.len(), "{seen}");
    }
    let looks = found["looks"].as_array().expect("looks");
    for look in looks {
        let wanted = if look["language"] == "en" { "en" } else { "zh-CN" };
        assert_eq!((&look["shown"], &look["lang"]), (&Value::from(vec![wanted]), &Value::from(wanted)), "{look}");
        let ground = if look["theme"] == "light" { "rgb(244, 246, 247)" } else { "rgb(15, 17, 19)" };
        assert_eq!(look["ground"], ground);
    }
    assert_eq!(looks.len(), 4);
}
