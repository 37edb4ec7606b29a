//! The command line speaks the language of the system to people, and English to scripts.

use std::path::Path;

use rigplan::cli::command_line;
use rigplan::text::Locale;
use tempfile::TempDir;

use crate::run::rigplan;
use crate::support::english::{english, has_han};

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Run on a system that is set to Chinese.
fn in_chinese(home: &Path, arguments: &[&str], input: &str) -> Ran {
    let mut command = rigplan(home);
    command.env("LC_ALL", "zh_CN.UTF-8").env("LANG", "zh_CN.UTF-8").args(arguments);
    let output = command.write_stdin(input).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

const COMMANDS: [&[&str]; 10] = [
    &[],
    &["explain"],
    &["estimate"],
    &["cards"],
    &["cards", "list"],
    &["build"],
    &["compare"],
    &["models"],
    &["models", "list"],
    &["detect"],
];

#[test]
fn every_command_has_its_help_in_both_languages() {
    let home = TempDir::new().expect("a folder");
    for command in COMMANDS {
        for flag in ["--help", "-h"] {
            let Ran { code, out, err } = in_chinese(home.path(), &[command, &[flag]].concat(), "");
            assert_eq!((code, err.as_str()), (Some(0), ""), "{command:?}");
            assert!(has_han(&out) && english(&out).is_none(), "{command:?}: {:?}\n{out}", english(&out));
            // What clap would write of itself.
            for words in ["Usage", "Options", "Commands", "Arguments", "default", "possible", "OPTIONS"] {
                assert!(!out.contains(words), "{command:?} says {words}:\n{out}");
            }
        }
        let english = in_chinese(home.path(), &[command, &["--lang", "en", "--help"]].concat(), "").out;
        assert!(!has_han(&english) && english.contains("Usage: rigplan"), "{english}");
    }
}

#[test]
fn every_option_has_words() {
    fn look(command: &clap::Command, wrong: &mut Vec<String>) {
        for arg in command.get_arguments().filter(|_| !command.is_hide_set()) {
            if arg.get_help().is_none_or(|help| help.to_string().trim().is_empty()) {
                wrong.push(format!("{} {}", command.get_name(), arg.get_id()));
            }
        }
        command.get_subcommands().for_each(|below| look(below, wrong));
    }
    for locale in Locale::ALL {
        let mut command = command_line(locale);
        command.build();
        let mut wrong = Vec::new();
        look(&command, &mut wrong);
        assert!(wrong.is_empty(), "{locale:?}: {wrong:?}");
        command.debug_assert();
    }
}

#[test]
fn answers_for_people_are_in_the_language_of_the_system() {
    let home = TempDir::new().expect("a folder");
    std::fs::write(home.path().join("plan.ron"), "(schema_version: 1, plans: [(plan: ())])").expect("written");
    let cases: [&[&str]; 15] = [
        &["explain"],
        &["estimate"],
        &["estimate", "--cards", "0"],
        &["estimate", "--model", "llama-3.1-70b", "--sequences", "4", "--largest"],
        &["estimate", "--model", "llama-3.1-405b", "--ram-gib", "8", "--ways"],
        &["estimate", "--model", "deepseek-v4-pro", "--runtime", "vllm", "--quant", "fp8"],
        &["estimate", "--task", "qlora"],
        &["estimate", "--task", "full", "--model", "llama-3.1-70b"],
        &["estimate", "--runtime", "vllm", "--quant", "bf16"],
        &["cards", "--plan", "plan.ron"],
        &["cards", "list"],
        &["models", "list"],
        &["build", "--budget", "3000", "--api-usd-per-million", "0.6"],
        &["build", "--budget", "3000", "--markdown"],
        &["detect"],
    ];
    for arguments in cases {
        let Ran { out, err, .. } = in_chinese(home.path(), arguments, "");
        assert_eq!(err, "", "{arguments:?}");
        assert!(has_han(&out) && english(&out).is_none(), "{arguments:?}: {:?}\n{out}", english(&out));
        let asked = in_chinese(home.path(), &[arguments, &["--lang=en"]].concat(), "").out;
        assert!(!has_han(&asked), "{arguments:?}: {asked}");
    }
    let first = in_chinese(home.path(), &["--lang", "en", "models", "list"], "").out;
    assert!(!has_han(&first), "the language may stand before the command");
}

#[test]
fn what_is_wrong_is_said_in_the_language_of_the_system() {
    let home = TempDir::new().expect("a folder");
    std::fs::write(home.path().join("bad.ron"), "(schema_version: 1, plan").expect("written");
    std::fs::write(home.path().join("bad.gguf"), "no model").expect("written");
    let tables = home.path().join("rigplan/data/cards");
    std::fs::create_dir_all(&tables).expect("created");
    std::fs::write(tables.join("mine.ron"), "[(id: 3)]").expect("written");
    let cases: [&[&str]; 23] = [
        &["explain", "basc"],
        &["explain", "--html", "x.html"],
        &["estimate", "--contxt", "5"],
        &["estimate", "--context"],
        &["estimate", "--context", "8k"],
        &["estimate", "--context", "1", "--context", "2"],
        &["estimate", "--context", "0"],
        &["estimate", "--model", "lama-3.1-8b"],
        &["estimate", "--quant", "Q4_XM"],
        &["estimate", "--machine", "rtx-4090:x"],
        &["estimate", "--gpu-layers", "some"],
        &["estimate", "--runtime-version", "new"],
        &["estimate", "--runtime", "vllm", "--cards", "0"],
        &["estimate", "missing.ron"],
        &["estimate", "bad.ron"],
        &["estimate", "--model", "bad.gguf"],
        &["estimate", "--jsonl", "--context", "5"],
        &["cards"],
        &["models"],
        &["build"],
        &["build", "--budget", "x"],
        &["build", "--budget", "0"],
        &["build", "--budget", "3000", "--tier", "x"],
    ];
    for arguments in cases {
        let Ran { code, out, err } = in_chinese(home.path(), arguments, "");
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}: {err}");
        for line in err.lines() {
            assert!(has_han(line) && english(line).is_none(), "{arguments:?}: {line}");
        }
        let last = err.lines().last().expect("a line");
        assert!(last.starts_with("rigplan: ") && !last.contains('{'), "{arguments:?}: {last}");
    }
}

#[test]
fn scripts_are_answered_in_english_everywhere() {
    let home = TempDir::new().expect("a folder");
    let lines = "{\"id\":1,\"contxt\":1}\n{\"id\":2,\"context\":0}\n{\"id\":3\n{\"id\":4,\"context\":200000}\n";
    let stream: &[&str] = &["estimate", "--jsonl"];
    let cases: [(&[&str], &str); 5] = [
        (stream, lines),
        (&["estimate", "--json", "--ways", "--model", "llama-3.1-70b"], ""),
        (&["cards", "list", "--json"], ""),
        (&["build", "--budget", "3000", "--json"], ""),
        (&["detect", "--json"], ""),
    ];
    for (arguments, input) in cases {
        let mut english = rigplan(home.path());
        let english = english.args(arguments).write_stdin(input).output().expect("it runs").stdout;
        let chinese = in_chinese(home.path(), arguments, input).out;
        let stable =
            |text: &str| text.lines().filter(|line| !line.contains("ram_available")).collect::<Vec<_>>().join("\n");
        assert_eq!(stable(&chinese), stable(&String::from_utf8(english).expect("text")), "{arguments:?}");
    }
}
