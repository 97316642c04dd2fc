use std::collections::BTreeMap;
use std::time::Duration;

use azure_classic::protocol::deployment::model::InstanceStatus as S;
use azure_classic_rollout::timeline::InstanceLine;
use azure_classic_rollout::{
    Change, Event, FailureReason, FinalState, Pause, Phase, UnhealthyInstance,
};

use super::log::{ClockStepBack, ParsedLog, SkippedLine};
use std::fs;

use super::*;

mod event_logs;
mod manual;
mod simulated;

use self::event_logs::{line, log_at_one_time, log_text, report};

#[test]
fn incomplete_lines_and_unknown_events_are_skipped() {
    let mut text = log_at_one_time([Event::Resumed, Event::Promoted]);
    text.push_str("{\"at\":\"2015-01-01T00:00:09Z\",\"event\":{\"event\":\"sang\"}}\n");
    text.push_str("{\"at\":\"yesterday\",\"event\":{\"event\":\"resumed\"}}\n\n");
    text.push_str(&line("2015-01-01T00:00:10.5Z", &Event::Resumed));
    text.push_str("{\"at\":\"2015-01-01T00:00:11Z\",\"eve");
    let log = ParsedLog::read(&text);
    assert_eq!(log.events.len(), 3);
    // Another driver went on in the same line.
    text.push_str(&line("2015-01-01T00:00:12Z", &Event::Promoted));
    let longer = ParsedLog::read(&text);
    assert_eq!(longer.events[3], (Duration::from_secs(12), Event::Promoted));
    assert_eq!(longer.skipped.len(), log.skipped.len());
    assert_eq!(log.events[2], (Duration::from_millis(10_500), Event::Resumed));
    let skipped: Vec<_> = log.skipped.iter().map(|skipped| skipped.line).collect();
    assert_eq!(skipped, [3, 4, 7]);
    assert!(log.skipped[0].reason.contains("sang"), "{:?}", log.skipped);
    assert!(log.skipped[1].reason.starts_with("at: "), "{:?}", log.skipped);
}

#[test]
fn a_clock_that_goes_back_shifts_what_follows() {
    let text: String = ["00:10:00Z", "00:20:00Z", "00:05:00Z", "00:06:00Z", "00:05:30Z"]
        .iter()
        .map(|at| line(&format!("2015-01-01T{at}"), &Event::Resumed))
        .collect();
    let log = ParsedLog::read(&text);
    let seconds: Vec<u64> = log.events.iter().map(|(at, _)| at.as_secs()).collect();
    assert_eq!(seconds, [0, 600, 600, 660, 660]);
    let back = |line, seconds| ClockStepBack { line, by: Duration::from_secs(seconds) };
    assert_eq!(log.clock_steps_back, [back(3, 900), back(5, 30)]);
}

#[test]
fn nothing_is_a_report_too() {
    let report = RolloutReport::new(Header::default(), ParsedLog::read(""));
    assert_eq!(narrative::lines(&report), ["A rollout", "in progress after 0 s"]);
    let picture = svg::draw(&report);
    assert!(picture.contains("No events were noted."), "{picture}");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["started"], serde_json::Value::Null);
    assert_eq!(json["timeline"]["instances"], serde_json::json!([]));
}

#[test]
fn narrative_has_a_line_per_entry() {
    let reported = narrative::lines(&report(&event_logs::rolled_back())).join("\n");
    assert_eq!(
        reported,
        "\
contoso / shop: Release 42 → Release 43
rolled back after 26 min, started 2015-01-01 00:00:00 UTC
 0:00:00  the preflight has passed
 0:00:01  the start of the update is accepted: request id 5f6e0b7c; succeeded after 30 s
 0:00:31  the walk of upgrade domain 0 is accepted: request id 90a1c2d3; succeeded after 4 min
 0:20:31  failed: upgrade domain 0 was not healthy in time: Web_IN_0 (RestartingRole)
 0:20:31  rolling back, because upgrade domain 0 was not healthy in time: Web_IN_0 (RestartingRole)
 0:20:31  the rollback is accepted: request id b7c8d9e0; succeeded after 29 s
 0:26:00  domain 0: healthy in the rollback"
    );
}

/// The bars of instances: their row, start, end and style.
fn bars(picture: &str) -> Vec<(String, f64, f64, &str)> {
    let styles = ["ready", "starting", "stopping", "failing", "inactive"];
    let rects = picture.split("<rect ").skip(1).filter(|rect| rect.contains("<title>"));
    let value = |rect: &str, name: &str| {
        let rest = rect.split_once(&format!(" {name}=\"")).unwrap().1;
        rest.split_once('"').unwrap().0.to_owned()
    };
    let bar = |rect| {
        let style = styles.iter().find(|style| value(&format!(" {rect}"), "class") == **style)?;
        let (x, width) = (value(rect, "x").parse::<f64>(), value(rect, "width").parse::<f64>());
        let (x, width) = (x.unwrap(), width.unwrap());
        Some((value(rect, "y"), x, x + width, *style))
    };
    rects.filter_map(bar).collect()
}

#[test]
fn each_instance_has_a_row_without_gaps_and_its_look_at_each_time() {
    let report = report(&simulated::rolled_back());
    assert_eq!(narrative::final_state(&report).1, "rolled back");
    let picture = svg::draw(&report);
    let mut rows: BTreeMap<String, Vec<(f64, f64, &str)>> = BTreeMap::new();
    for (row, from, to, style) in bars(&picture) {
        rows.entry(row).or_default().push((from, to, style));
    }
    let states = |line: &InstanceLine| line.states.len();
    assert_eq!(rows.len(), 10);
    let drawn: usize = rows.values().map(Vec::len).sum();
    assert_eq!(drawn, report.timeline.instances.iter().map(states).sum::<usize>());
    let ends: Vec<_> = rows.values().map(|row| (row[0].0, row[row.len() - 1].1)).collect();
    assert!(ends.iter().all(|end| *end == ends[0]), "all rows are of one length: {ends:?}");
    for row in rows.values() {
        // Numbers have a decimal.
        assert!(row.windows(2).all(|pair| (pair[0].1 - pair[1].0).abs() < 0.25), "{row:?}");
    }
    // One instance was in trouble, and all of the three domains that were walked were brought there and back.
    let with = |style| rows.values().filter(|row| row.iter().any(|bar| bar.2 == style)).count();
    assert_eq!((with("failing"), with("stopping"), with("ready")), (1, 6, 10));
}

#[test]
fn json_has_the_head_and_the_timeline() {
    let json = serde_json::to_value(report(&event_logs::paused())).unwrap();
    assert_eq!(json["format"], 1);
    assert_eq!(json["service"], "contoso");
    assert_eq!(json["started"], "2015-01-01T00:00:00.000Z");
    assert_eq!(json["drivers"], 2);
    assert_eq!(json["timeline"]["end"], serde_json::json!({ "ended": "upgraded" }));
    assert_eq!(
        json["timeline"]["pauses"],
        serde_json::json!([{ "from": 300.0, "to": 900.0, "reason": "requested" }])
    );
    assert_eq!(json["timeline"]["resumed"], serde_json::json!([600.0]));
    assert_eq!(json["skipped"], serde_json::json!([]));
}

#[test]
fn hostile_names_stay_text() {
    let name = "</text><script>alert(1)</script>\u{1b}[31m\u{202e}&\"'\u{0}";
    let mut report = report(&event_logs::with_instance_name(name));
    report.header.after = Some(name.to_owned());
    report.skipped.push(SkippedLine { line: 1, reason: name.to_owned() });
    let picture = svg::draw(&report);
    assert!(!picture.contains("<script"), "{picture}");
    assert!(!picture.contains(['\u{1b}', '\u{202e}', '\u{0}']), "{picture}");
    // As XML it can be read: the tags are closed in their order.
    let mut open = Vec::new();
    for tag in picture.split('<').skip(1) {
        let tag = tag.split_once('>').expect("each tag ends").0;
        let name = tag.trim_start_matches('/').split_whitespace().next().unwrap();
        match tag {
            _ if tag.starts_with('/') => assert_eq!(open.pop(), Some(name)),
            _ if tag.ends_with('/') => {}
            _ => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn many_instances_have_low_rows_and_no_names() {
    let picture = svg::draw(&report(&event_logs::many(500)));
    assert!(!picture.contains(">Web_IN_7</text>"), "no names");
    assert!(picture.contains("<title>Web_IN_7, Web</title>"), "but on hovering");
    let height = picture.split("height=\"").nth(1).and_then(|rest| rest.split('"').next());
    assert!(height.unwrap().parse::<f64>().unwrap() < 3500.0);
}

#[test]
fn the_events_lie_beside_the_record() {
    let folder = tempfile::tempdir().unwrap();
    let record = folder.path().join("contoso.json");
    let missing = run(&options(&record, None, None)).unwrap_err();
    assert!(missing.to_string().contains("contoso.json.events.jsonl"), "{missing}");

    fs::write(events_path(&record), log_text(&event_logs::paused())).unwrap();
    fs::write(&record, "no record").unwrap();
    let (svg, json) = (folder.path().join("r.svg"), folder.path().join("r.json"));
    run(&options(&record, Some(&svg), Some(&json))).unwrap();
    assert!(fs::read_to_string(svg).unwrap().starts_with("<svg "));
    let json: serde_json::Value = serde_json::from_slice(&fs::read(json).unwrap()).unwrap();
    assert_eq!(json["service"], serde_json::Value::Null);
    assert_eq!(json["drivers"], 2);
}

fn options(record: &Path, svg: Option<&Path>, json: Option<&Path>) -> ReportArgs {
    ReportArgs {
        record: record.to_owned(),
        svg: svg.map(Path::to_owned),
        json: json.map(Path::to_owned),
    }
}
