//! Driving a rollout: its events are shown and written down, and people are listened to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use azure_classic::rollout::{Event, Input, Pause};
use azure_classic::{Poll, RolloutBuilder, RolloutControls};
use tokio::time::MissedTickBehavior;

use super::control_file::ControlFile;
use super::event_log::{EventLog, LoggedEvent, current_timestamp};
use super::exit::DriverEnd;
use super::files::RolloutFiles;
use super::lock::RolloutLock;
use super::probe::ProbeRunner;
use super::reporter::Reporter;
use crate::arguments::{DeploymentArgs, DriveArgs};
use crate::cli_error::CliError;
use crate::commands::shutdown::ShutdownSignals;
use crate::connection::Connection;

/// How often people are listened to.
const CONTROL_POLL_INTERVAL: Duration = Duration::from_millis(100);

/// A rollout that this process drives, and everything around it.
pub(super) struct Driver<'a> {
    pub(super) connection: &'a Connection,
    pub(super) options: &'a DriveArgs,
    pub(super) files: &'a RolloutFiles,
    /// The deployment, for hints.
    pub(super) deployment: &'a DeploymentArgs,
    /// Whether the rollout begins now, so that there is no record of it yet.
    pub(super) is_new: bool,
}

/// The first pause after each change, and that of probes, unless the interval is shorter.
const FIRST_POLL_DELAY: Duration = Duration::from_secs(2);

/// The connection with the pauses that the options want.
pub(super) fn polling_client(
    connection: &Connection,
    options: &DriveArgs,
) -> azure_classic::Client {
    connection.client.clone().with_poll(Poll {
        first_delay: FIRST_POLL_DELAY.min(options.interval),
        max_delay: options.interval,
        ..Poll::default()
    })
}

impl Driver<'_> {
    /// Drives until the rollout is over, a person has to decide, or a signal comes. The lock is held all
    /// the while.
    pub(super) async fn run(
        &self,
        builder: RolloutBuilder,
        first: Option<Input>,
        lock: RolloutLock,
    ) -> Result<(), CliError> {
        // Before anything is sent, so that no signal ends it in silence.
        let mut stop = ShutdownSignals::listen()?;
        let is_persisted = Arc::new(AtomicBool::new(!self.is_new));
        let mut rollout = self.prepare(builder, &is_persisted).start();
        let controls = rollout.controls();
        if let Some(first) = first {
            controls.input(first);
        }
        let mut reporter = Reporter::new(&self.deployment.service, self.options.output);
        let mut events = EventLog::new(self.files);
        let mut listener = ControlListener::new(self.files);
        let mut listen = tokio::time::interval(CONTROL_POLL_INTERVAL);
        listen.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let end = loop {
            tokio::select! {
                biased;
                () = stop.requested() => break DriverEnd::Interrupted,
                event = rollout.next() => {
                    let Some(event) = event else { break DriverEnd::Finished(Box::new(rollout.outcome().await)) };
                    let entry = LoggedEvent { at: current_timestamp(), event };
                    let is_persisted = is_persisted.load(Ordering::Relaxed);
                    if let Err(error) = events.append(&entry, is_persisted, self.is_new) {
                        reporter.print_message(&format!("the events cannot be written: {error}"));
                    }
                    reporter.report(&entry);
                    reporter.show_if_changed(controls.deployment());
                    if let Event::Paused { pause: Pause::Failed(failure) } = entry.event {
                        break DriverEnd::Paused(failure);
                    }
                }
                _ = listen.tick() => listener.poll(&controls, &mut reporter),
            }
        };
        listener.acknowledge(&controls, &mut reporter);
        let concluded =
            self.finish(end, &controls, &reporter, is_persisted.load(Ordering::Relaxed));
        drop(lock);
        concluded
    }

    fn prepare(&self, builder: RolloutBuilder, is_persisted: &Arc<AtomicBool>) -> RolloutBuilder {
        let (files, is_persisted) = (self.files.clone(), Arc::clone(is_persisted));
        let builder = builder.persist_with(move |record| {
            files.persist(record)?;
            is_persisted.store(true, Ordering::Relaxed);
            Ok(())
        });
        match self.options.probe.clone() {
            None => builder,
            Some(command) => {
                let probes = ProbeRunner::new(command);
                let pause = FIRST_POLL_DELAY.min(self.options.interval);
                builder.probe_with(pause, move |instance| probes.clone().run(instance))
            }
        }
    }
}

/// Listens for commands of other processes.
struct ControlListener {
    control: ControlFile,
    /// A command was taken, and waits for its effect.
    is_pending: bool,
}

impl ControlListener {
    fn new(files: &RolloutFiles) -> Self {
        Self { control: ControlFile::new(files), is_pending: false }
    }

    fn poll(&mut self, controls: &RolloutControls, reporter: &mut Reporter) {
        if self.is_pending {
            return self.acknowledge(controls, reporter);
        }
        match self.control.accept() {
            Ok(Some(input)) => {
                controls.input(input);
                self.is_pending = true;
            }
            Ok(None) => {}
            Err(error) => report_control_error(&error, reporter),
        }
    }

    /// Reports that the command was taken, if it was. A command that was not taken in time stays for its
    /// sender.
    fn acknowledge(&mut self, controls: &RolloutControls, reporter: &mut Reporter) {
        if self.is_pending && controls.has_handled_inputs() {
            self.is_pending = false;
            if let Err(error) = self.control.acknowledge() {
                report_control_error(&error, reporter);
            }
        }
    }
}

fn report_control_error(error: &std::io::Error, reporter: &mut Reporter) {
    reporter.print_message(&format!("the control file cannot be used: {error}"));
}
