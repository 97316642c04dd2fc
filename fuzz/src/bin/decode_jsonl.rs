//! `azure-classic decode --jsonl`: no line ends it.
#![cfg_attr(fuzzing, no_main)]

azure_classic_fuzz::target!(check);

fn check(data: &[u8]) {
    azure_classic_cli::decode_jsonl(data).expect("every line has a report");
}
