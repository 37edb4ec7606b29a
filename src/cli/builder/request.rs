//! What is typed after `rigplan build`, as a request.

use crate::catalog::parts::{CircuitId, TierId};
use crate::cli::args::{BuildArgs, GoalName, TierName};
use crate::cli::problem::Problem;
use crate::plan::{BuildGoal, BuildRequest, Buying, PartCount, Wanted};
use crate::system::language;
use crate::text::Locale;
use crate::units::Usd;

/// The request, its values in range.
pub(super) fn of(args: &BuildArgs, locale: Locale) -> Result<BuildRequest, Problem> {
    let without = if args.plan.is_some() { GoalName::Run } else { GoalName::Largest };
    let goal = match args.goal.unwrap_or(without) {
        GoalName::Run => BuildGoal::RunPlan,
        GoalName::Tokens => BuildGoal::MostTokens,
        GoalName::Largest => BuildGoal::LARGEST,
        GoalName::Mixture => BuildGoal::MIXTURE,
        GoalName::Users => BuildGoal::USERS,
    };
    let goal = goal.stored_as(args.quant).at_least(args.least_decode);
    let tier = args.tier.map_or_else(
        || TierId::for_budget(Usd(args.budget)),
        |tier| match tier {
            TierName::Starter => TierId::Starter,
            TierName::Team => TierId::Team,
            TierName::Enterprise => TierId::Enterprise,
        },
    );
    Ok(BuildRequest {
        budget_usd: Usd(args.budget),
        tier,
        goal,
        circuit: args.circuit.map(CircuitId::from),
        usual_outlet: here(args, locale),
        buying: match () {
            () if args.new => Buying::New,
            () if args.used => Buying::UsedCards,
            () => Buying::NewOrUsed,
        },
        quiet: args.quiet,
        owned: args.owned.iter().map(|part| counted("own", part)).collect::<Result<_, _>>()?,
        locks: args.locks.iter().map(|part| counted("lock", part)).collect::<Result<_, _>>()?,
        terms: args.rent.terms(),
        ..BuildRequest::default()
    })
}

/// The usual outlet of where the system is set to be; scripts are answered alike everywhere.
fn here(args: &BuildArgs, locale: Locale) -> CircuitId {
    if args.json { CircuitId::default() } else { CircuitId::usual(language::tag().as_deref(), locale) }
}

/// `rtx-3090=2`, or the id alone.
fn counted(key: &str, typed: &str) -> Result<PartCount, Problem> {
    let (part, count) = typed.split_once('=').unwrap_or((typed, "1"));
    match count.parse() {
        Ok(count @ 1..=1024) if !part.is_empty() => Ok(PartCount { part: part.to_owned(), count }),
        _ => Err(Problem::Value { key: key.to_owned(), value: typed.to_owned(), wanted: Wanted::PartCount }),
    }
}
