//! The parts of the help that are the same for all commands: examples, and the options of the connection only
//! where they apply.

use clap::{Arg, Command};

/// The heading of the connection's options.
pub(crate) const CONNECTION: &str = "Connection options";

/// Commands that connect to no service, with the connection options that they use all the same.
const WITHOUT_CONNECTION: &[(&str, &[&str])] =
    &[("demo", &[]), ("decode", &[]), ("emulator", &["subscription"]), ("rollout report", &[])];

/// The examples of each command, without the name of the program.
pub(super) const EXAMPLES: &[(&str, &[&str])] = &[
    ("demo", &["demo", "demo --speed 1000 --seed 7"]),
    (
        "rollback",
        &[
            "rollback --service contoso --slot production --emulator ./emulator",
            "rollback --service contoso --deployment shop --mode manual --no-wait",
        ],
    ),
    (
        "rollout start",
        &[
            "rollout start --service contoso --slot production --configuration shop.cscfg \
             --package https://contoso.blob.core.windows.net/packages/43.cspkg --label 'Release 43'",
            "rollout start --service contoso --slot production --configuration shop.cscfg --dry-run",
        ],
    ),
    ("rollout status", &["rollout status --record rollout-contoso-shop.json"]),
    ("rollout watch", &["rollout watch --record rollout-contoso-shop.json --timeout 1h"]),
    ("rollout promote", &["rollout promote --record rollout-contoso-shop.json"]),
    ("rollout pause", &["rollout pause --record rollout-contoso-shop.json"]),
    ("rollout resume", &["rollout resume --record rollout-contoso-shop.json"]),
    ("rollout abort", &["rollout abort --record rollout-contoso-shop.json"]),
    ("rollout adopt", &["rollout adopt --service contoso --slot production --settle-time 2m"]),
    (
        "rollout revert",
        &["rollout revert --record rollout-contoso-shop.json \
             --package https://contoso.blob.core.windows.net/packages/42.cspkg"],
    ),
    (
        "rollout report",
        &[
            "rollout report rollout-contoso-shop.json",
            "rollout report rollout-contoso-shop.json --svg rollout.svg --json rollout-report.json",
        ],
    ),
    ("show service", &["show service contoso --deployments"]),
    (
        "show deployment",
        &[
            "show deployment --service contoso --slot production",
            "show deployment --service contoso --deployment shop --watch",
        ],
    ),
    ("show operation", &["show operation 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1 --wait"]),
    ("decode", &["decode deployment.xml", "decode --jsonl < responses.jsonl"]),
    (
        "doctor",
        &[
            "doctor management.pfx",
            "doctor --connect --emulator ./emulator",
            "doctor cert.pem key.pem",
        ],
    ),
    (
        "emulator",
        &[
            "emulator --dir ./emulator --sample",
            "emulator --dir ./emulator --state emulator.state --fixture contoso.json --manual-clock",
        ],
    ),
];

/// The notes of the program.
pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  rejected or failed
  2  the command line, or a file that it names, cannot be used; nothing was sent
  3  timed out; an accepted operation continues at the service
  4, 5, 130  of a rollout: rolled back; an operator must decide; ended by a signal, nothing rolled back

The password of a certificate file is read from AZURE_CLASSIC_PASSPHRASE or --passphrase-stdin.
HTTPS_PROXY or ALL_PROXY names an HTTP proxy, NO_PROXY the exempt hosts.
Results go to stdout; progress, errors and hints go to stderr. NO_COLOR turns colours off.

Microsoft retired the public service on 31 August 2024. There is no default endpoint: give
a local emulator (--emulator) or an endpoint (--endpoint).";

/// The notes of `rollback`.
pub(super) const ROLLBACK_HELP: &str = "\
The program reads the deployment in a slot once and then uses its name, so a swap in the meantime cannot
redirect it. It first checks whether the service allows the rollback (RollbackAllowed); --force does not
change that.

With --mode auto it polls the operation and then waits until every instance is ready. With --mode manual
the rollback waits until you walk the upgrade domains; the program prints the command. With --no-wait it
prints only the request id on stdout, and ends when the service has accepted the request.

Exit codes: 0 done, 1 rejected or failed, 2 invalid command line, 3 timed out (the rollback continues at
the service).";

/// Adds the examples, and hides connection options where they have no effect.
pub(super) fn complete(command: Command) -> Command {
    // The values of variables would make the help longer than a screen.
    let mut command = command.mut_args(|argument| argument.hide_env_values(true));
    command.build();
    complete_below(command, "")
}

fn complete_below(command: Command, path: &str) -> Command {
    let names: Vec<_> = command.get_subcommands().map(|it| it.get_name().to_owned()).collect();
    let command = names.iter().filter(|name| *name != "help").fold(command, |command, name| {
        let path = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
        command.mut_subcommand(name, |command| complete_below(command, &path))
    });
    with_examples(without_connection(command, path), path)
}

fn without_connection(command: Command, path: &str) -> Command {
    match WITHOUT_CONNECTION.iter().find(|(name, _)| *name == path) {
        Some((_, used)) => command.mut_args(|argument| {
            let is_unused =
                is_of_connection(&argument) && !used.contains(&argument.get_id().as_str());
            argument.hide(is_unused)
        }),
        None => command,
    }
}

fn with_examples(command: Command, path: &str) -> Command {
    let Some((_, examples)) = EXAMPLES.iter().find(|(name, _)| *name == path) else {
        return command;
    };
    let notes = command.get_after_help().map(|notes| format!("{notes}\n\n")).unwrap_or_default();
    let lines = examples.join("\n  azure-classic ");
    command.after_help(format!("{notes}Examples:\n  azure-classic {lines}"))
}

pub(super) fn is_of_connection(option: &Arg) -> bool {
    option.get_help_heading() == Some(CONNECTION)
}
