//! `rigplan build`: buying against renting as text, Markdown and JSON.

use serde_json::Value;

use tempfile::TempDir;

use crate::run::{run, run_in, run_on};

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
    // Where two of three are in the way, both are named.
    let three = ["--lock", "am5-matx", "--lock", "am4-r5-5600", "--lock", "ddr5-rdimm-32"];
    let (code, _, errors) = run(&[&["build", "--budget", "9000"][..], &three].concat());
    assert_eq!((code, errors.lines().count()), (2, 1), "{errors}");
    assert!(errors.contains("without") && errors.contains(" and "), "{errors}");
}

/// The catalog's table with every price as old as if nobody had asked one since.
fn aged(name: &str) -> String {
    let path = format!("{}/data/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.replace("date: \"2026", "date: \"2021").replace("date: \"2025", "date: \"2021")
}

/// A home whose own tables hold these.
fn home_with(tables: &[&str]) -> TempDir {
    let home = TempDir::new().expect("a folder");
    for name in tables {
        let path = home.path().join("rigplan/data").join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, aged(name)).expect("a table");
    }
    home
}

/// No part of a kind has a price that counts: which kind, what to do, and what it would be at the old prices.
#[test]
fn without_a_fresh_price_it_says_of_what_and_what_it_would_be() {
    let home = home_with(&["ram.ron", "systems.ron"]);
    for language in ["en", "zh"] {
        let (code, output, errors) =
            run_in(home.path(), &["build", "--budget", "3000", "--tier", "starter", "--lang", language], "");
        assert_eq!((code, output.as_str(), errors.lines().count()), (2, "", 1), "{errors}");
        assert!(errors.contains(if language == "en" { "for RAM" } else { "内存" }), "{errors}");
        assert!(errors.contains('$'), "what it would be: {errors}");
    }
    // A part that is there already needs no price.
    let own = ["build", "--budget", "3000", "--tier", "starter", "--own", "ddr4-udimm-2x16=2"];
    let (code, text, errors) = run_in(home.path(), &own, "");
    assert_eq!((code, errors.as_str()), (0, ""), "{text}");
    let cards = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/data/cards")).expect("the cards");
    let cards = cards.map(|file| format!("cards/{}", file.expect("a file").file_name().to_string_lossy()));
    let tables: Vec<String> = cards.chain(["systems.ron".to_owned()]).collect();
    let home = home_with(&tables.iter().map(String::as_str).collect::<Vec<_>>());
    let (code, _, errors) = run_in(home.path(), &["build", "--budget", "3000"], "");
    assert_eq!((code, errors.lines().count()), (2, 1), "{errors}");
    assert!(errors.contains("for GPU") && errors.contains("at prices that nobody asks"), "{errors}");
}

#[test]
fn a_budget_below_everything_says_what_is_missing_and_a_goal_beyond_all_what_comes_nearest() {
    for tier in ["starter", "team", "enterprise"] {
        let (code, text, errors) = run(&["build", "--budget", "100", "--tier", tier]);
        assert_eq!((code, errors.as_str()), (1, ""), "{tier}");
        assert!(text.contains("$100 is below the cheapest build that works"), "{tier}: {text}");
    }
    let (code, _, errors) = run(&["build", "--budget", "9000", "--tier", "starter", "--least-decode", "50000"]);
    assert_eq!((code, errors.lines().count()), (2, 1), "{errors}");
    assert!(errors.contains("in place of 50,000"), "{errors}");
}

/// The driver's license keeps `GeForce` out of data centers: said where one is asked for with such cards, and where a machine
/// stands in a rack.
#[test]
fn geforce_in_a_data_center_names_the_license_of_its_driver() {
    let license = "against the license of its driver";
    let (code, _, errors) = run(&["build", "--budget", "60000", "--tier", "enterprise", "--lock", "rtx-5090=4"]);
    assert_eq!((code, errors.lines().count()), (2, 1), "{errors}");
    assert!(errors.contains("as Team") && errors.contains(license), "{errors}");
    let racked = ["build", "--budget", "9000", "--tier", "team", "--lock", "rtx-3090=2", "--lock", "silverstone-rm52"];
    let (code, text, errors) = run(&racked);
    assert_eq!((code, errors.as_str()), (0, ""), "{text}");
    assert!(text.contains(license), "{text}");
    let (_, text, _) = run(&racked[..racked.len() - 2]);
    assert!(!text.contains(license), "beside a desk: {text}");
}

/// Whose money is too little reads what the card alone costs, and no word of a tier's name twice.
#[test]
fn too_little_money_says_what_the_card_alone_costs() {
    let (code, text, _) = run(&["build", "--budget", "600"]);
    assert_eq!(code, 1);
    assert!(text.contains("In a computer that is there already") && text.contains("Enterprise begins at"), "{text}");
    let (_, text, _) = run(&["build", "--budget", "600", "--lang", "zh"]);
    assert!(text.contains("如已有电脑") && text.contains("企业级档从"), "{text}");
}
