use super::help::EXAMPLES;
use super::*;

const GUID: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";

fn read(line: &str) -> Result<Cli, clap::Error> {
    Cli::parse_from_args(line.split_whitespace().map(str::to_owned))
}

fn error_text(line: &str) -> String {
    read(line).expect_err(line).to_string()
}

fn rollback(line: &str) -> RollbackArgs {
    match read(line).unwrap().command {
        Command::Rollback(options) => options,
        other => panic!("{other:?}"),
    }
}

#[test]
fn command_definition_is_valid() {
    Cli::command().debug_assert();
}

#[test]
fn a_rollback_by_slot() {
    let options = rollback("azure-classic rollback --service contoso --slot Production");
    assert_eq!(options.deployment.to_string(), "--service contoso --slot production");
    assert_eq!(
        options.deployment.reference(),
        CloudServiceRef::new("contoso").slot(Slot::Production)
    );
    assert_eq!(options.mode, Mode::Auto);
    assert!(!options.force);
    assert!(!options.no_wait);
    assert_eq!(options.wait_options.timeout, Duration::from_secs(3600));
    assert_eq!(options.wait_options.interval, Duration::from_secs(2));
}

#[test]
fn a_rollback_by_name_with_everything() {
    let options = rollback(
        "azure-classic rollback --service contoso --deployment shop --mode manual --force --no-wait \
         --timeout 1h30m --interval 50ms",
    );
    assert_eq!(options.deployment.to_string(), "--service contoso --deployment shop");
    assert_eq!(options.deployment.reference(), CloudServiceRef::new("contoso").deployment("shop"));
    assert_eq!(options.mode, Mode::Manual);
    assert!(options.force);
    assert!(options.no_wait);
    assert_eq!(options.wait_options.timeout, Duration::from_secs(5400));
    assert_eq!(options.wait_options.interval, Duration::from_millis(50));
}

#[test]
fn a_slot_turns_into_a_name() {
    let options = rollback("azure-classic rollback --service contoso --slot staging");
    assert_eq!(options.deployment.reference(), CloudServiceRef::new("contoso").slot(Slot::Staging));
    let named = options.deployment.with_name("it's");
    assert_eq!(named.to_string(), r"--service contoso --deployment 'it'\''s'");
}

#[test]
fn exactly_one_of_slot_and_name_is_required() {
    let both =
        error_text("azure-classic rollback --service contoso --slot staging --deployment shop");
    assert!(both.contains("cannot be used with"), "{both}");
    let none = error_text("azure-classic rollback --service contoso");
    assert!(none.contains("<--slot <SLOT>|--deployment <NAME>>"), "{none}");
    let service = error_text("azure-classic rollback --slot staging");
    assert!(service.contains("--service <NAME>"), "{service}");
}

#[test]
fn invalid_combinations_are_rejected() {
    for (line, expected) in [
        (
            "rollback --service a --slot staging --interval 1ms",
            "expected a time from 10ms to 365days",
        ),
        ("rollback --service a --slot staging --timeout soon", "'soon' for '--timeout"),
        (
            "rollback --service a --slot staging --mode simultaneous",
            "[possible values: auto, manual]",
        ),
        ("demo --speed 0", "expected a number from 0.001 to 1000"),
        ("demo --speed 1001", "from 0.001 to 1000"),
        ("emulator --dir d --speed inf", "from 0.001 to 1000000"),
        ("show service a --output xml", "[possible values: text, json]"),
        ("show service a --subscription 7", "GUID with hyphens"),
        ("show service a --api-version yesterday", "yesterday"),
    ] {
        let error = error_text(&format!("azure-classic {line}"));
        assert!(error.contains(expected), "{line}: {error}");
    }
}

#[test]
fn a_request_id_reads_in_both_spellings() {
    for spelling in ["4f3a9cbde01c4d24a6b1ca5ed9a3a2b1", "4F3A9CBD-E01C-4D24-A6B1-CA5ED9A3A2B1"] {
        let cli = read(&format!("azure-classic show operation {spelling}")).unwrap();
        let Command::Show(ShowArgs { resource: ShowCommand::Operation { request_id, .. }, .. }) =
            cli.command
        else {
            panic!("{cli:?}")
        };
        assert_eq!(request_id.as_str(), "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1");
    }
    let empty =
        Cli::parse_from_args(["azure-classic", "show", "operation", " "]).unwrap_err().to_string();
    assert!(empty.contains("it is empty"), "{empty}");
}

#[test]
fn connection_flags_stand_before_or_after_the_command() {
    for line in [
        format!("azure-classic --subscription {GUID} show service contoso"),
        format!("azure-classic show --subscription {GUID} service contoso"),
        format!("azure-classic show service contoso --subscription {GUID}"),
    ] {
        let cli = read(&line).unwrap();
        assert_eq!(cli.connection.subscription, Some(GUID.parse().unwrap()), "{line}");
    }
}

#[test]
fn emulator_flag_supplies_all_connection_settings() {
    let error = error_text("azure-classic show service contoso --emulator d --ca ca.pem");
    assert!(
        error.starts_with("error: --ca cannot be used with --emulator, which stands for it\n"),
        "{error}"
    );
}

#[test]
fn flag_overrides_variable_of_its_alternative() {
    for (line, expected) in [
        ("--cloud china --endpoint https://a", "--cloud cannot be used with --endpoint"),
        ("--token-env T --certificate c.pem", "--token-env cannot be used with --certificate"),
        ("--token-env T --key k.pem", "--token-env cannot be used with --key"),
        ("--token-env T --emulator d", "--token-env cannot be used with --emulator"),
        ("--cloud mars", "unknown cloud \"mars\"; use public, china, us-government or germany"),
    ] {
        let error = error_text(&format!("azure-classic show service contoso {line}"));
        assert!(error.contains(expected), "{line}: {error}");
    }
}

#[test]
fn an_address_to_listen_on_has_a_host_and_a_port() {
    for address in ["127.0.0.1:0", "[::1]:8443", "localhost:65535"] {
        read(&format!("azure-classic emulator --dir d --listen {address}")).unwrap();
    }
    for address in ["8443", "127.0.0.1", ":8443", "127.0.0.1:65536", "127.0.0.1:-1", "localhost:"] {
        let error = error_text(&format!("azure-classic emulator --dir d --listen={address}"));
        assert!(error.contains("such as 127.0.0.1:8443"), "{address}: {error}");
    }
}

#[test]
fn every_command_has_examples_that_parse() {
    fn leaves(command: &clap::Command, path: &str, found: &mut Vec<String>) {
        let subcommands: Vec<_> =
            command.get_subcommands().filter(|command| command.get_name() != "help").collect();
        if subcommands.is_empty() {
            found.push(path.trim_start().to_owned());
        }
        for subcommand in subcommands {
            leaves(subcommand, &format!("{path} {}", subcommand.get_name()), found);
        }
    }
    let mut commands = Vec::new();
    leaves(&Cli::complete_command(), "", &mut commands);
    let documented: Vec<_> = EXAMPLES.iter().map(|(name, _)| (*name).to_owned()).collect();
    commands.sort();
    assert_eq!(commands, {
        let mut documented = documented;
        documented.sort();
        documented
    });
    for (name, examples) in EXAMPLES {
        assert!(!examples.is_empty(), "{name}");
        for example in *examples {
            let line = example.split(" < ").next().unwrap().replace('\'', "");
            let words = line.replace("Release 4", "Release-4");
            let words = std::iter::once("azure-classic").chain(words.split_whitespace());
            assert!(example.starts_with(name), "{example}");
            if let Err(error) = Cli::parse_from_args(words) {
                panic!("{example}: {error}");
            }
        }
    }
}

#[test]
fn connection_options_are_shown_only_where_they_apply() {
    for (line, is_shown) in [
        ("rollback", true),
        ("rollout start", true),
        ("show service", true),
        ("doctor", true),
        ("demo", false),
        ("decode", false),
        ("rollout report", false),
        ("emulator", false),
    ] {
        let help = error_text(&format!("azure-classic {line} --help"));
        assert_eq!(help.contains("--endpoint"), is_shown, "{help}");
        assert!(help.contains("Examples:\n  azure-classic "), "{help}");
    }
}
