//! `rigplan build`: buying against renting as text, Markdown and JSON.

use serde_json::Value;

use crate::run::{run, run_on};

fn json(arguments: &[&str]) -> Value {
    let (code, output, errors) = run(&[&["build"], arguments, &["--json"]].concat());
    assert!(code < 2 && errors.is_empty(), "{errors}");
    serde_json::from_str::<Value>(&output).expect("JSON")["buy_or_rent"].clone()
}

#[test]
fn text_and_markdown_say_what_each_way_costs() {
    let (code, text, _) = run(&["build", "--budget", "3000", "--api-usd-per-million", "0.6"]);
    assert_eq!(code, 0);
    for words in
        ["Buy or rent, 8 hours a day for 48 months", "a month of power", "hosted API", "buying pays after", "dated"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    let (_, markdown, _) = run(&["build", "--budget", "3000", "--markdown"]);
    assert!(markdown.contains("## Buy or rent") && markdown.contains("| cloud offer |"), "{markdown}");
    assert!(!markdown.contains("hosted API"), "it has no price");
}

#[test]
fn terms_are_flags_and_change_the_sums() {
    let number = |rent: &Value, path: &str| rent.pointer(path).and_then(Value::as_f64);
    let usual = json(&["--budget", "3000"]);
    let dear = json(&["--budget", "3000", "--usd-per-kwh", "0.34"]);
    let power = |rent: &Value| number(rent, "/buy/power_usd_per_month").expect("power");
    assert!((power(&dear) / power(&usual) - 2.0).abs() < 1e-9);
    let unused = json(&["--budget", "3000", "--hours-per-day", "0"]);
    assert_eq!(number(&unused, "/buy/power_usd_per_month"), Some(0.0));
    assert!(unused.pointer("/buy/usd_per_million").is_some_and(Value::is_null), "no token, no price a token");
    assert!(unused.pointer("/offers/0/break_even_months").is_some_and(Value::is_null), "never");
    let offers = usual["offers"].as_array().expect("offers");
    let prices = |leads: bool| {
        let alike = offers.iter().filter(move |offer| offer["leads"] == leads);
        alike.filter_map(|offer| offer["usd_per_million"].as_f64()).collect::<Vec<f64>>()
    };
    assert!(prices(true).len() > 10 && prices(true).is_sorted() && prices(false).is_sorted());
    assert!(offers.is_sorted_by_key(|offer| offer["leads"] != true), "bargains and doubtful ones come last");
    assert!(offers.iter().all(|offer| offer["date"].is_string() && offer["source"].is_string()));
}

#[test]
fn a_budget_too_small_still_says_what_renting_costs() {
    let (code, text, _) = run(&["build", "--budget", "300"]);
    assert_eq!(code, 1);
    assert!(text.contains("below the cheapest build") && text.contains("Buy or rent"), "{text}");
}

#[test]
fn absurd_terms_are_one_line_and_code_2() {
    for (flag, value) in
        [("--hours-per-day", "25"), ("--months", "0"), ("--resale-share", "1.5"), ("--usd-per-kwh", "nan")]
    {
        let (code, output, errors) = run(&["build", "--budget", "3000", flag, value]);
        assert_eq!((code, output.as_str(), errors.lines().count()), (2, "", 1), "{flag} {value}: {errors}");
    }
}

/// One, two and five years on there is still an answer, as text and as JSON, whose old prices are marked.
#[test]
fn a_clock_that_is_years_ahead_builds_as_well() {
    const NOW: u64 = 1_795_824_000;
    const YEAR: u64 = 31_557_600;
    for (tier, budget) in [("starter", "3000"), ("team", "10000"), ("enterprise", "100000"), ("starter", "500")] {
        let arguments = ["build", "--tier", tier, "--budget", budget];
        let (now, ..) = run_on(NOW, &arguments);
        for years in [1, 2, 5] {
            let day = NOW + years * YEAR;
            let (code, text, errors) = run_on(day, &arguments);
            assert_eq!((code, errors.as_str()), (now, ""), "{tier}, ${budget}, {years} years on");
            assert!(text.contains("GPU") || text.contains("gpu"), "{text}");
            let (code, output, _) = run_on(day, &[&arguments[..], &["--json"]].concat());
            let answer: Value = serde_json::from_str(&output).expect("JSON");
            let build = if code == 0 { &answer["build"] } else { &answer["cheapest"] };
            let lines = build["parts"].as_array().expect("parts");
            assert!(
                code == now
                    && !lines.is_empty()
                    && lines.iter().all(|line| line["stale"] == true || line["price"].is_null()),
                "{output}"
            );
        }
    }
}

/// The middle of a range is what a card costs in builds and in the list of cards.
#[test]
fn a_card_costs_the_same_in_builds_and_lists() {
    let (_, output, _) = run(&["build", "--budget", "200000", "--lock", "h100-pcie", "--json"]);
    let answer: Value = serde_json::from_str(&output).expect("JSON");
    let lines = answer["build"]["parts"].as_array().expect("parts");
    let line = lines.iter().find(|line| line["id"] == "h100-pcie").expect("it is kept");
    let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/valid/smallest.ron");
    let (_, output, _) = run(&["cards", "--json", "--plan", plan]);
    let rows: Vec<Value> = serde_json::from_str(&output).expect("JSON");
    let row = rows.iter().find(|row| row["card"] == "h100-pcie" && row["count"] == 1).expect("it is listed");
    assert_eq!((&line["usd"], &row["price_usd"]), (&Value::from(27_500.0), &Value::from(27_500.0)));
}

#[test]
fn three_tiers_stand_side_by_side_and_the_split_is_said() {
    let (_, text, _) = run(&["build", "--budget", "9000"]);
    for words in
        ["The three tiers for $9,000", "Starter", "Team", "Enterprise begins at", "Split: GPU", "rule: GPU at least"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    let (_, markdown, _) = run(&["build", "--budget", "9000", "--markdown"]);
    assert!(markdown.contains("| tier | machine |") && markdown.contains("Split: GPU"), "{markdown}");
    let (_, one, _) = run(&["build", "--budget", "9000", "--tier", "team"]);
    assert!(!one.contains("The three tiers"), "{one}");
    let (_, output, _) = run(&["build", "--budget", "9000", "--json"]);
    let answer: Value = serde_json::from_str(&output).expect("JSON");
    assert_eq!(answer["tiers"].as_array().map(Vec::len), Some(3));
    let split = &answer["build"]["split"];
    let sum: f64 = ["gpu", "ram", "cpu", "rest"].iter().filter_map(|key| split[key].as_f64()).sum();
    assert!((sum - 1.0).abs() < 1e-6, "{split}");
}

#[test]
fn what_nothing_satisfies_is_said_with_what_comes_nearest() {
    let (code, output, errors) = run(&["build", "--budget", "9000", "--lock", "am5-matx", "--lock", "rtx-5090=2"]);
    assert_eq!((code, output.as_str(), errors.lines().count()), (2, "", 1), "{errors}");
    assert!(errors.contains("do not go together") && errors.contains("without"), "{errors}");
    let (code, _, errors) = run(&["build", "--budget", "3000", "--goal", "largest", "--least-decode", "100000"]);
    assert_eq!((code, errors.lines().count()), (2, 1), "{errors}");
    assert!(errors.contains("nearest is") && errors.contains("tok/s"), "{errors}");
}
