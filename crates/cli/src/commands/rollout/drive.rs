//! Driving a rollout: its events are shown and written down, and people are listened to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use azure_classic::rollout::{Event, Input, Pause};
use azure_classic::{Poll, RolloutBuilder, RolloutControls};
use tokio::time::MissedTickBehavior;

use super::control::Control;
use super::ending::End;
use super::events::{Entry, Events, now};
use super::files::Files;
use super::lock::Lock;
use super::probe::Probes;
use super::teller::Teller;
use crate::arguments::{DeploymentArgs, DriveArgs};
use crate::commands::stop::Stop;
use crate::connection::Connection;
use crate::failure::Failure;

/// How often people are listened to.
const LISTEN: Duration = Duration::from_millis(100);

/// A rollout that this process drives, and everything around it.
pub(super) struct Drive<'a> {
    pub(super) connection: &'a Connection,
    pub(super) options: &'a DriveArgs,
    pub(super) files: &'a Files,
    /// The deployment, for hints.
    pub(super) deployment: &'a DeploymentArgs,
    /// Whether the rollout begins now, so that there is no record of it yet.
    pub(super) is_new: bool,
}

/// The first pause after each change, and that of probes, unless all are to be shorter.
const FIRST: Duration = Duration::from_secs(2);

/// The connection with the pauses that the options want.
pub(super) fn paced(connection: &Connection, options: &DriveArgs) -> azure_classic::Client {
    connection.client.clone().with_poll(Poll {
        first_delay: FIRST.min(options.interval),
        max_delay: options.interval,
        ..Poll::default()
    })
}

impl Drive<'_> {
    /// Drives until the rollout is over, a person has to decide, or a signal comes. The lock is held all
    /// the while.
    pub(super) async fn to_the_end(
        &self,
        builder: RolloutBuilder,
        first: Option<Input>,
        lock: Lock,
    ) -> Result<(), Failure> {
        // Before anything is sent, so that no signal ends it in silence.
        let mut stop = Stop::listen()?;
        let is_kept = Arc::new(AtomicBool::new(!self.is_new));
        let mut rollout = self.prepare(builder, &is_kept).start();
        let controls = rollout.controls();
        if let Some(first) = first {
            controls.input(first);
        }
        let mut teller = Teller::of(&self.deployment.service, self.options.output);
        let mut events = Events::of(self.files);
        let mut ear = Ear::of(self.files);
        let mut listen = tokio::time::interval(LISTEN);
        listen.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let end = loop {
            tokio::select! {
                biased;
                () = stop.requested() => break End::Interrupted,
                event = rollout.next() => {
                    let Some(event) = event else { break End::Over(Box::new(rollout.outcome().await)) };
                    let entry = Entry { at: now(), event };
                    let is_kept = is_kept.load(Ordering::Relaxed);
                    if let Err(error) = events.add(&entry, is_kept, self.is_new) {
                        teller.say(&format!("the events cannot be written: {error}"));
                    }
                    teller.tell(&entry);
                    teller.show_reading(controls.deployment());
                    if let Event::Paused { pause: Pause::Failed(failure) } = entry.event {
                        break End::Paused(failure);
                    }
                }
                _ = listen.tick() => ear.listen(&controls, &mut teller),
            }
        };
        ear.finish(&controls, &mut teller);
        let concluded = self.conclude(end, &controls, &teller, is_kept.load(Ordering::Relaxed));
        drop(lock);
        concluded
    }

    fn prepare(&self, builder: RolloutBuilder, is_kept: &Arc<AtomicBool>) -> RolloutBuilder {
        let (files, is_kept) = (self.files.clone(), Arc::clone(is_kept));
        let builder = builder.recording(move |record| {
            files.keep(record)?;
            is_kept.store(true, Ordering::Relaxed);
            Ok(())
        });
        match self.options.probe.clone() {
            None => builder,
            Some(command) => {
                let probes = Probes::new(command);
                let pause = FIRST.min(self.options.interval);
                builder.probing(pause, move |instance| probes.clone().run(instance))
            }
        }
    }
}

/// Hears what other processes ask of this one.
struct Ear {
    control: Control,
    /// A word was taken, and its effect is waited for.
    is_waiting: bool,
}

impl Ear {
    fn of(files: &Files) -> Self {
        Self { control: Control::of(files), is_waiting: false }
    }

    fn listen(&mut self, controls: &RolloutControls, teller: &mut Teller) {
        if self.is_waiting {
            return self.finish(controls, teller);
        }
        match self.control.take() {
            Ok(Some(input)) => {
                controls.input(input);
                self.is_waiting = true;
            }
            Ok(None) => {}
            Err(error) => cannot(&error, teller),
        }
    }

    /// Says that the word was taken, if it was. What was not taken in time stays for whoever asked.
    fn finish(&mut self, controls: &RolloutControls, teller: &mut Teller) {
        if self.is_waiting && controls.has_taken_inputs() {
            self.is_waiting = false;
            if let Err(error) = self.control.done() {
                cannot(&error, teller);
            }
        }
    }
}

fn cannot(error: &std::io::Error, teller: &mut Teller) {
    teller.say(&format!("the control file cannot be used: {error}"));
}
