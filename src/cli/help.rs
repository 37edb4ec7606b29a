//! The help of the command line: the words of the locales beside what can be typed.

use clap::{Arg, ArgAction, Command, CommandFactory};

use super::args::Cli;
use super::columns::wide;
use super::request_flags::LARGEST;
use crate::plan::Input;
use crate::text::{Join, Key, Locale, Placeholder};

/// The command line with its help in this language.
pub fn command_line(locale: Locale) -> Command {
    // Whatever the width of the longest option, each has one row, in every group and language.
    let one_row = 0;
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    spoken(Cli::command().disable_version_flag(true).arg(version), "", locale).term_width(one_row)
}

/// A command and those below it; `above` is what is typed before its name.
fn spoken(command: Command, above: &str, locale: Locale) -> Command {
    let name = command.get_name().to_owned();
    let path = format!("{above}{name}");
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    let mut command = command
        .disable_help_flag(true)
        .arg(help)
        .subcommand_help_heading(locale.word(Key::HelpCommands))
        .mut_args(|arg| described(arg, &name, locale))
        .mut_subcommands(|below| spoken(below, &format!("{path} "), locale));
    if let Some(about) = about(&path) {
        command = command.about(locale.word(about));
    }
    if name == "estimate" {
        command = command.after_help(locale.word(Key::HelpEstimateKeys));
    }
    let usage = usage(&command, &path, locale);
    command.help_template(format!("{{about-with-newline}}\n{usage}\n\n{{all-args}}{{after-help}}"))
}

/// How the command is typed.
fn usage(command: &Command, path: &str, locale: Locale) -> String {
    let typed = |how: &str| locale.sentence(Key::HelpUsage, &[(Placeholder::Value, how)]);
    let mut line = typed(&format!("{path} {}", locale.word(Key::HelpUsageOptions)));
    for arg in command.get_arguments() {
        if arg.is_positional() {
            line.extend([" [", &names(arg), "]"]);
        } else if arg.is_required_set() {
            line.extend([" --", arg.get_long().unwrap_or_default(), " <", &names(arg), ">"]);
        }
    }
    if command.has_subcommands() {
        // Under the first way, which begins behind the heading.
        let indent = " ".repeat(wide(&typed("")));
        line.extend(["\n", &indent, path, " ", locale.word(Key::HelpUsageCommand)]);
    }
    line
}

fn names(arg: &Arg) -> String {
    arg.get_value_names().unwrap_or_default().join(" ")
}

/// What a command does.
fn about(path: &str) -> Option<Key> {
    Some(match path {
        "rigplan" => Key::HelpRigplan,
        "rigplan estimate" => Key::HelpEstimate,
        "rigplan cards" => Key::HelpCards,
        "rigplan build" => Key::HelpBuild,
        "rigplan compare" => Key::HelpCompare,
        "rigplan models" => Key::HelpModels,
        "rigplan explain" => Key::HelpExplain,
        "rigplan export" => Key::HelpExport,
        "rigplan import" => Key::HelpImport,
        "rigplan launch" => Key::HelpLaunch,
        "rigplan diagnose" => Key::HelpDiagnose,
        "rigplan compare-log" => Key::HelpCompareLog,
        "rigplan runs" => Key::HelpRuns,
        "rigplan models local" => Key::HelpModelsLocal,
        "rigplan detect" => Key::HelpDetect,
        "rigplan cards list" | "rigplan models list" => Key::HelpList,
        _ => return None,
    })
}

/// An option with its words: what it does, what it may be, and what it is where it is not given.
fn described(arg: Arg, command: &str, locale: Locale) -> Arg {
    let id = arg.get_id().as_str();
    let input = Input::of_key(id).filter(|_| command == "estimate").map(Input::entry);
    let key = input.map_or_else(|| option(command, id), |entry| Some(entry.tip));
    let mut words = key.map_or("", |key| locale.word(key)).to_owned();
    let choices: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    let is_switch = input.is_some() || id == LARGEST || !arg.get_action().takes_values();
    if !choices.is_empty() && !is_switch {
        let choices = locale.join(Join::Items, choices);
        let holes = [(Placeholder::Value, words.as_str()), (Placeholder::Other, choices.as_str())];
        words = locale.sentence(Key::HelpChoices, &holes);
    }
    if let [default] = arg.get_default_values()
        && !is_switch
    {
        let default = default.to_string_lossy();
        words = locale.sentence(Key::HelpDefault, &[(Placeholder::Value, &*words), (Placeholder::Other, &*default)]);
    }
    let heading = match input {
        Some(entry) => entry.group.word().of(locale),
        None if arg.is_positional() => locale.word(Key::HelpArguments),
        None => locale.word(heading(id)),
    };
    let arg = arg.help(words).help_heading(heading);
    // What it may be and what it is are said in these words.
    if arg.get_action().takes_values() { arg.hide_possible_values(true).hide_default_value(true) } else { arg }
}

/// Where an option that is no input stands.
fn heading(id: &str) -> Key {
    match id {
        LARGEST => Key::HelpAnswer,
        "hours_per_day"
        | "months"
        | "usd_per_kwh"
        | "resale_share"
        | "idle_watts"
        | "work_watts"
        | "api_usd_per_million" => Key::HelpRent,
        _ => Key::HelpOptions,
    }
}

/// What an option that is no input does.
fn option(command: &str, id: &str) -> Option<Key> {
    // The cards are listed by the same options as they are ranked.
    let command = if command == "list" { "cards" } else { command };
    own_option(command, id).or_else(|| shared_option(id))
}

/// What it does where a command has a meaning of its own for it.
fn own_option(command: &str, id: &str) -> Option<Key> {
    Some(match (command, id) {
        ("diagnose" | "compare-log", "file") => Key::HelpDiagnoseFile,
        ("detect", "file") => Key::HelpDetectFile,
        ("detect", "watch") => Key::HelpDetectWatch,
        ("detect", "save") => Key::HelpDetectSave,
        ("detect", "measure") => Key::HelpDetectMeasure,
        ("detect", "disk") => Key::HelpDetectDisk,
        ("runs", "plan") => Key::HelpRunsPlan,
        ("runs", "all") => Key::HelpRunsAll,
        ("diagnose", "plan") => Key::HelpDiagnosePlan,
        ("compare-log", "plan") => Key::HelpCompareLogPlan,
        ("compare-log", "keep") => Key::HelpCompareLogKeep,
        ("compare-log", "running") => Key::HelpCompareLogRunning,
        ("compare-log", "pid") => Key::HelpCompareLogPid,
        ("estimate", "plan") => Key::HelpEstimatePlan,
        ("cards", "plan") => Key::HelpCardsPlan,
        ("build", "plan") => Key::HelpBuildPlan,
        ("explain", "plan") => Key::HelpExplainPlan,
        ("export", "plan") => Key::HelpExportPlan,
        ("export", "html") => Key::HelpExportHtml,
        ("export", "replace") => Key::HelpExportReplace,
        ("launch", "plan") => Key::HelpLaunchPlan,
        ("cards", "budget") => Key::HelpCardsBudget,
        ("cards", "new") => Key::HelpCardsNew,
        ("cards", "used") => Key::HelpCardsUsed,
        ("build", "used") => Key::HelpUsedCards,
        _ => return None,
    })
}

/// What it does everywhere else.
fn shared_option(id: &str) -> Option<Key> {
    Some(match id {
        "help" => Key::HelpHelp,
        "version" => Key::HelpVersion,
        "lang" => Key::HelpLang,
        "json" => Key::HelpJson,
        "today" => Key::HelpToday,
        "file" => Key::HelpFile,
        "png" => Key::HelpExportPng,
        "svg" => Key::HelpExportSvg,
        "text" => Key::HelpExportText,
        "output" => Key::HelpExportOut,
        "which" => Key::HelpExportWhich,
        "dark" => Key::HelpExportDark,
        "what" => Key::HelpImportWhat,
        "keep" => Key::HelpKeep,
        "tool" => Key::HelpLaunchTool,
        "explain" => Key::HelpLaunchExplain,
        "scene" => Key::HelpScene,
        "files" => Key::HelpCompareFiles,
        "base" => Key::HelpCompareBase,
        "plain" => Key::HelpPlain,
        "html" => Key::HelpHtml,
        "replace" => Key::HelpReplace,
        "ways" => Key::HelpWays,
        "jsonl" => Key::HelpJsonl,
        LARGEST => Key::HelpLargest,
        "maker" => Key::HelpMaker,
        "memory" => Key::HelpMemory,
        "single" => Key::HelpSingle,
        "no_spare" => Key::HelpNoSpare,
        "native" => Key::HelpNative,
        "priced" => Key::HelpPriced,
        "least_speed" => Key::HelpLeastSpeed,
        "name" => Key::HelpName,
        "sort" => Key::HelpSort,
        "budget" => Key::HelpBudget,
        "tier" => Key::HelpTier,
        "tiers" => Key::HelpTiers,
        "least_decode" => Key::HelpLeastDecode,
        "goal" => Key::HelpGoal,
        "quant" => Key::HelpQuant,
        "owned" => Key::HelpOwned,
        "locks" => Key::HelpLocks,
        "circuit" => Key::HelpCircuit,
        "new" => Key::HelpNew,
        "quiet" => Key::HelpQuiet,
        "markdown" => Key::HelpMarkdown,
        "hours_per_day" => Key::HelpHours,
        "months" => Key::HelpMonths,
        "usd_per_kwh" => Key::HelpKwh,
        "resale_share" => Key::HelpResale,
        "idle_watts" => Key::HelpIdle,
        "work_watts" => Key::HelpWork,
        "api_usd_per_million" => Key::HelpApi,
        _ => return None,
    })
}
