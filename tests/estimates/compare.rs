//! Plans side by side: differences turn with the base, conclusions are true, and both languages say them.

use proptest::prelude::*;
use rigplan::advise::compare::inputs::{InputWords, InputsSplit};
use rigplan::advise::compare::names::letter;
use rigplan::advise::compare::words::{concluded, difference as said, quality_difference, reading};
use rigplan::advise::compare::{
    Aside, Clause, Conclusion, Difference, Figure, Pace, QualityDifference, Reach, Reading, Reason, Side, conclude,
    difference, of_quality, reason,
};
use rigplan::catalog::Catalog;
use rigplan::catalog::quantization::Quantization;
use rigplan::estimate::Estimator;
use rigplan::plan::{Input, Plan, Task};
use rigplan::share::comparison::{Compared, markdown};
use rigplan::text::Locale;

use crate::laws::every_engine_and_task;
use crate::support::any::cases;
use crate::support::plans::{cards, serving};

fn sides(plans: &[Plan]) -> Vec<Side> {
    let mut estimator = Estimator::default();
    plans.iter().map(|plan| Side::of(plan, Catalog::embedded(), &mut estimator)).collect()
}

fn searched(plans: &[Plan]) -> Vec<Side> {
    let mut estimator = Estimator::default();
    plans.iter().map(|plan| Side::searched(plan, Catalog::embedded(), &mut estimator)).collect()
}

fn figures() -> impl Iterator<Item = Figure> {
    Figure::of_task(false).chain(Figure::of_task(true))
}

/// A document of plans as people make them, often changes of one another.
fn documents() -> impl Strategy<Value = Vec<Plan>> {
    let few = prop::collection::vec(every_engine_and_task(), 2..=3);
    (few, any::<bool>()).prop_map(|(mut plans, alike)| {
        if alike {
            let mut other = plans[0].clone();
            other.machine = plans[1].machine.clone();
            plans.push(other);
        }
        plans
    })
}

fn clauses(conclusion: &Conclusion) -> Vec<Clause> {
    match conclusion {
        Conclusion::Alone | Conclusion::NothingRuns => Vec::new(),
        Conclusion::OnlyRuns { others, .. } => others.clone(),
        Conclusion::Stands { lead, others } => std::iter::once(*lead).chain(others.iter().copied()).collect(),
    }
}

fn usd(side: &Side) -> f64 {
    side.price.as_ref().expect("a price that is spoken of").usd.0
}

fn expected(figure: Figure, side: &Side) -> f64 {
    figure.of(side).map(Reading::expected).expect("a figure that differs")
}

/// What a clause says is so.
fn assert_true(clause: &Clause, sides: &[Side]) -> Result<(), TestCaseError> {
    let (ours, theirs) = (&sides[clause.subject], &sides[clause.other]);
    match clause.aside {
        Some(Aside::Cheaper(by)) => {
            prop_assert!(usd(ours) < usd(theirs) && (usd(theirs) - usd(ours) - by.0).abs() < 1e-6);
        }
        Some(Aside::Dearer(by)) => {
            prop_assert!(usd(ours) > usd(theirs) && (usd(ours) - usd(theirs) - by.0).abs() < 1e-6);
        }
        Some(Aside::SamePrice) => prop_assert!((usd(ours) - usd(theirs)).abs() < 0.01),
        Some(Aside::SmallerModel | Aside::LargerModel | Aside::OtherModel) => {
            prop_assert_eq!(QualityDifference::of(ours, theirs), QualityDifference::OtherModel);
        }
        Some(Aside::WorseQuality) => prop_assert_eq!(QualityDifference::of(ours, theirs), QualityDifference::Worse),
        Some(Aside::BetterQuality) => prop_assert_eq!(QualityDifference::of(ours, theirs), QualityDifference::Better),
        Some(Aside::InRam(_)) => prop_assert!(matches!(clause.pace, Pace::Slower(_))),
        None => {}
    }
    let speed = if ours.trains() { Figure::TrainSpeed } else { Figure::Decode };
    match clause.pace {
        Pace::Faster(times) => {
            prop_assert!(times > 1.0 && expected(speed, ours) > expected(speed, theirs));
        }
        Pace::Slower(times) => {
            prop_assert!(times > 1.0 && expected(speed, ours) < expected(speed, theirs));
        }
        Pace::DoesNotFit | Pace::NotEstimated => prop_assert!(ours.running().is_none()),
        Pace::AboutAsFast | Pace::OtherTask | Pace::NoSpeed => {}
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn the_base_is_like_itself_and_arrows_turn_with_it(plans in documents()) {
        let sides = sides(&plans);
        for (figure, base) in figures().flat_map(|figure| sides.iter().map(move |side| (figure, side))) {
            let found = difference(figure, base, base);
            let known = figure.of(base).is_some();
            prop_assert_eq!(found, if known { Difference::Same } else { Difference::Unknown });
            prop_assert_eq!(QualityDifference::of(base, base), QualityDifference::Same);
            for side in &sides {
                match (difference(figure, side, base), difference(figure, base, side)) {
                    (Difference::Differs { more, better, .. }, turned) => match turned {
                        Difference::Differs { more: less, better: worse, .. } => {
                            prop_assert!(more != less && better != worse, "{:?}", figure);
                        }
                        other => prop_assert!(false, "{:?} turns into {:?}", figure, other),
                    },
                    (one, other) => prop_assert_eq!(one, other),
                }
            }
        }
    }

    #[test]
    fn conclusions_are_true_and_said_in_both_languages(plans in documents(), base in 0..2_usize) {
        let sides = sides(&plans);
        let found = conclude(&sides, base);
        let all = clauses(&found);
        for clause in &all {
            assert_true(clause, &sides)?;
        }
        for place in 0..sides.len() {
            let spoken = all.iter().filter(|clause| clause.subject == place || clause.other == place).count();
            let runs = matches!(&found, Conclusion::OnlyRuns { runs, .. } if *runs == place);
            prop_assert!(spoken > 0 || runs || found == Conclusion::NothingRuns, "{} in {:?}", place, found);
        }
        for locale in Locale::ALL {
            let said = concluded(&found, letter, locale);
            let whole = format!("{} {}", said.lead, said.rest);
            prop_assert!(!said.lead.is_empty() && !whole.contains('{') && !whole.contains('*'), "{}", whole);
            let han = whole.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
            prop_assert_eq!(han, locale == Locale::Zh, "{}", whole);
        }
    }

    #[test]
    fn a_table_has_a_cell_for_every_plan(plans in documents(), base in 0..2_usize) {
        let sides = sides(&plans);
        let letters: Vec<String> = (0..plans.len()).map(letter).collect();
        for locale in Locale::ALL {
            let compared = Compared {
                letters: &letters, titles: &letters, sides: &sides, base, catalog: Catalog::embedded(), locale,
            };
            let text = markdown(&compared);
            let rows: Vec<usize> =
                text.lines().filter(|line| line.starts_with('|')).map(|line| line.matches(" |").count()).collect();
            prop_assert!(rows.len() > 4 && rows.iter().all(|cells| *cells >= plans.len() + 2), "{}", text);
            prop_assert!(!text.contains('{'), "{}", text);
        }
    }
}

/// Which way to a model of 70 billion parameters: one card, two, one and a used older one, a smaller model.
fn ways_to_seventy() -> [Plan; 4] {
    let on = |model: &str, kinds: &[(&str, u32)]| {
        let mut plan = serving(model);
        plan.machine.cards = kinds.iter().map(|(card, count)| cards(card, *count)).collect();
        plan.machine.ram_gb_s = Some(83.2);
        plan
    };
    [
        on("llama-3.1-70b", &[("rtx-4090", 1)]),
        on("llama-3.1-70b", &[("rtx-4090", 2)]),
        on("llama-3.1-70b", &[("rtx-4090", 1), ("rtx-3090", 1)]),
        on("qwen3-32b", &[("rtx-4090", 1)]),
    ]
}

#[test]
fn the_cheapest_of_the_fastest_leads() {
    let sides = searched(&ways_to_seventy());
    let found = conclude(&sides, 1);
    let Conclusion::Stands { lead, others } = &found else { panic!("{found:?}") };
    assert_eq!((lead.subject, lead.other, lead.pace), (2, 1, Pace::AboutAsFast));
    assert!(matches!(lead.aside, Some(Aside::Cheaper(_))), "{lead:?}");
    assert!(matches!((others[0].pace, others[0].aside), (Pace::Slower(_), Some(Aside::InRam(_)))), "{others:?}");
    assert!(matches!((others[1].pace, others[1].aside), (Pace::Faster(_), Some(Aside::SmallerModel))), "{others:?}");
    let said = concluded(&found, letter, Locale::En);
    assert!(said.lead.starts_with("C is about as fast as B and costs $") && said.lead.ends_with(" less"), "{said:?}");
    assert!(
        said.rest.starts_with("A is ")
            && said.rest.contains("times slower than B: ")
            && said.rest.contains("wait in RAM")
    );
    assert!(said.rest.ends_with("D is 2.1 times as fast as B, but a smaller model"), "{said:?}");
    let said = concluded(&found, letter, Locale::Zh);
    assert!(said.lead.starts_with("C 与 B 差不多快，便宜 $"), "{said:?}");
}

/// What is bad follows on what is bad as an and, on what is good as a but.
#[test]
fn what_sets_a_plan_apart_follows_on_how_fast_it_is() {
    let on = |card: &str, count: u32, quantization: Quantization| {
        let mut plan = serving("llama-3.1-70b");
        plan.machine.cards = vec![cards(card, count)];
        plan.workload.quantization = quantization;
        plan
    };
    let whole = on("rtx-3090", 2, Quantization::Q4_K_M);
    let said = |plans: &[Plan]| concluded(&conclude(&searched(plans), 0), letter, Locale::En).lead;
    let lead = said(&[whole.clone(), on("rtx-5090", 1, Quantization::Q3_K_M)]);
    assert!(lead.contains("times slower than A and loses more quality"), "{lead}");
    let lead = said(&[whole, on("rtx-5090", 2, Quantization::Q3_K_M)]);
    assert!(lead.contains("times as fast as A, but loses more quality"), "{lead}");
}

#[test]
fn figures_reasons_and_inputs_of_the_ways_to_seventy() {
    let plans = ways_to_seventy();
    let sides = searched(&plans);
    let (catalog, locale) = (Catalog::embedded(), Locale::En);
    let differs = |figure, place: usize| said(figure, difference(figure, &sides[place], &sides[1]), locale);
    assert!(differs(Figure::Decode, 0).ends_with("times slower"), "{}", differs(Figure::Decode, 0));
    assert_eq!(differs(Figure::Decode, 2), "about the same");
    assert!(differs(Figure::InRam, 0).starts_with('+'));
    assert!(differs(Figure::Price, 2).starts_with("\u{2212}$"));
    assert_eq!(quality_difference(QualityDifference::of(&sides[3], &sides[1]), locale), "another model");
    assert_eq!(of_quality(&sides, 1), Some(Reason::FewerParameters));
    assert_eq!(reason(Figure::FirstToken, &sides, 1), Some(Reason::PulledOverPcie));
    assert_eq!(reason(Figure::LargestContext, &sides, 1), Some(Reason::GrowsIntoRam(0)));
    assert_eq!(reason(Figure::Power, &sides, 1), Some(Reason::WaitsForRam(0)));
    assert_eq!(reading(Figure::LargestContext, &sides[0], catalog, locale), "all 128k");
    assert!(matches!(sides[1].reach, Reach::Tokens(tokens) if tokens < 32_768));
    let split = InputsSplit::of(&plans.iter().collect::<Vec<_>>(), catalog, locale);
    assert!(split.differs(Input::Model) && split.differs(Input::Card) && !split.differs(Input::Context));
    let apart: Vec<Vec<String>> =
        split.apart.iter().map(|apart| apart.iter().map(InputWords::brief).collect()).collect();
    assert_eq!(apart[2], ["RTX 4090 + RTX 3090", "Llama 3.1 70B"]);
    assert!(split.foremost().any(|words| words == "Context 8,192"), "{:?}", split.foremost().collect::<Vec<_>>());
}

#[test]
fn a_plan_that_cannot_run_says_so_and_one_alone_waits() {
    let [plan, other, ..] = ways_to_seventy();
    let mut broken = plan.clone();
    broken.machine.cards = vec![cards("no-such-card", 1)];
    let mut training = serving("llama-3.1-8b");
    training.workload.task = Task::Qlora;
    let sides = sides(&[other, broken, training]);
    let found = conclude(&sides, 0);
    let all = clauses(&found);
    assert!(all.iter().any(|clause| clause.subject == 1 && clause.pace == Pace::NotEstimated), "{found:?}");
    assert!(all.iter().any(|clause| clause.subject == 2 && clause.pace == Pace::OtherTask), "{found:?}");
    assert_eq!(conclude(&sides[..1], 0), Conclusion::Alone);
    assert_eq!(Figure::StepMemory.of(&sides[0]), None);
    assert!(Figure::StepMemory.of(&sides[2]).is_some() && Figure::Job.of(&sides[2]).is_some());
}
