//! The output during a rollout: a board with lines above it, lines, or JSON.

use std::sync::Arc;

use azure_classic::Deployment;
use serde_json::json;

use super::event_log::{LoggedEvent, current_timestamp};
use super::event_text::event_text;
use crate::arguments::Format;
use crate::output::{print_json_line, print_json_text};
use crate::screen::Screen;

/// A closed output does not stop the rollout: errors of writing are ignored.
pub(super) struct Reporter {
    format: Format,
    screen: Screen,
    last_shown: Option<Arc<Deployment>>,
}

impl Reporter {
    pub(super) fn new(service: &str, format: Format) -> Self {
        Self { format, screen: Screen::stderr(service), last_shown: None }
    }

    pub(super) fn print_message(&mut self, text: &str) {
        if self.format == Format::Text {
            let _ = self.screen.print_message(text);
        }
    }

    pub(super) fn report(&mut self, entry: &LoggedEvent) {
        match self.format {
            Format::Json => {
                let _ = print_json_line(entry);
            }
            Format::Text => {
                for line in event_text(&entry.event) {
                    self.print_message(&line);
                }
            }
        }
    }

    /// Prints the events that another process has written.
    pub(super) fn report_logged_line(&mut self, line: &str) {
        match self.format {
            Format::Json => {
                let _ = print_json_text(line);
            }
            Format::Text => {
                // Another version may have other events.
                if let Ok(entry) = serde_json::from_str(line) {
                    self.report(&entry);
                }
            }
        }
    }

    /// Shows a reading. Of many events of the same reading only the first draws.
    pub(super) fn show_if_changed(&mut self, reading: Option<Arc<Deployment>>) {
        let Some(reading) = reading else { return };
        let is_shown = self.last_shown.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, &reading));
        if !is_shown {
            self.show(Some(&reading));
            self.last_shown = Some(reading);
        }
    }

    pub(super) fn show(&mut self, deployment: Option<&Deployment>) {
        if let (Format::Text, Some(deployment)) = (self.format, deployment) {
            let _ = self.screen.show(deployment);
        }
    }

    /// The result as the last line of JSON.
    pub(super) fn report_result(&self, result: &str, details: serde_json::Value) {
        if self.format == Format::Json {
            let mut line = json!({ "at": current_timestamp(), "result": result });
            if let (Some(line), serde_json::Value::Object(details)) =
                (line.as_object_mut(), details)
            {
                line.extend(details);
            }
            let _ = print_json_line(&line);
        }
    }

    pub(super) fn is_text(&self) -> bool {
        self.format == Format::Text
    }
}
