//! Many rollouts, driven in turn from a heap of times.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use azure_classic_protocol::Bytes;
use azure_classic_protocol::machine::{Instant, Machine as _, Poll, Step};
use azure_classic_rollout::{Rollout, RolloutOutcome};
use http::Response;

use crate::metrics::Metrics;
use crate::world::{Shape, World};

/// How long a request and its response are in flight.
const ROUND_TRIP: Duration = Duration::from_millis(80);
/// Within this time all rollouts are started.
const STARTS: Duration = Duration::from_secs(30);

/// The number of deployments in one simulator. It keeps only the last 10,000 operations, and counts the cores
/// of all deployments at each start.
const IN_A_CLOUD: usize = 1000;

pub(crate) struct Fleet {
    worlds: Vec<World>,
    pub(crate) rollouts: Vec<Option<Rollout>>,
    /// The response in flight for each rollout.
    responses: Vec<Option<Response<Bytes>>>,
    /// Whose turn it is, and when.
    turns: BinaryHeap<Reverse<(Instant, usize)>>,
    pub(crate) metrics: Metrics,
    started: Instant,
    now: Instant,
    pub(crate) upgraded: usize,
    /// How long those have taken in all, by their own clock.
    lasted: Duration,
    starts: Vec<Instant>,
}

impl Fleet {
    pub(crate) fn new(count: usize, shape: Shape, seed: u64) -> Self {
        Self::polling(count, shape, seed, &Poll::default())
    }

    /// One whose rollouts read as often as this says.
    pub(crate) fn polling(count: usize, shape: Shape, seed: u64, poll: &Poll) -> Self {
        let worlds: Vec<World> = (0..count)
            .step_by(IN_A_CLOUD)
            .map(|first| World::new(IN_A_CLOUD.min(count - first), shape, seed + first as u64))
            .collect();
        let started = worlds.iter().map(World::now).max().unwrap_or(Instant::ORIGIN);
        let mut chance = fastrand::Rng::with_seed(seed);
        let rollouts = (0..count).map(|at| Some(rollout(&worlds[at / IN_A_CLOUD], at, poll)));
        let rollouts: Vec<_> = rollouts.collect();
        let millis = STARTS.as_millis().try_into().unwrap_or(u64::MAX);
        let starts: Vec<Instant> =
            (0..count).map(|_| started + Duration::from_millis(chance.u64(..millis))).collect();
        let turns = starts.iter().enumerate().map(|(at, start)| Reverse((*start, at)));
        Self {
            worlds,
            rollouts,
            responses: (0..count).map(|_| None).collect(),
            turns: turns.collect(),
            metrics: Metrics::default(),
            started,
            now: started,
            upgraded: 0,
            lasted: Duration::ZERO,
            starts,
        }
    }

    /// How long the rollouts have taken by their own clock.
    pub(crate) fn elapsed(&self) -> Duration {
        self.now - self.started
    }

    /// How long a rollout took by its own clock, from its first step, on the average.
    pub(crate) fn mean(&self) -> Duration {
        self.lasted / u32::try_from(self.upgraded.max(1)).unwrap_or(u32::MAX)
    }

    /// Until all have ended, all of them well.
    pub(crate) fn run(&mut self) {
        self.run_for(Duration::MAX);
        assert_eq!(self.upgraded, self.rollouts.len(), "every rollout ends well");
    }

    /// Until all have ended, or for so long by their own clock.
    pub(crate) fn run_for(&mut self, time: Duration) {
        let mut metrics = std::mem::take(&mut self.metrics);
        metrics.run(|metrics| {
            while let Some(&Reverse((instant, at))) = self.turns.peek() {
                if instant - self.started > time {
                    break;
                }
                self.turns.pop();
                self.now = instant;
                self.turn(at, metrics);
            }
        });
        self.metrics = metrics;
    }

    /// Gives a rollout its response, if there is one, and carries out its next step.
    fn turn(&mut self, at: usize, metrics: &mut Metrics) {
        let now = self.now;
        let Some(rollout) = &mut self.rollouts[at] else { return };
        let response = self.responses[at].take();
        let step = metrics.driver(|| {
            if let Some(response) = response {
                rollout.receive(now, Ok(response));
            }
            rollout.step(now)
        });
        let next = match step {
            Step::WaitUntil(instant) => instant,
            Step::Send(request) => {
                metrics.requests.count(&request);
                let there = now + ROUND_TRIP / 2;
                let world = &mut self.worlds[at / IN_A_CLOUD];
                self.responses[at] = Some(metrics.emulator(|| world.response(there, &request)));
                now + ROUND_TRIP
            }
            Step::Done(outcome) => {
                match outcome {
                    Ok(Ok(RolloutOutcome::Upgraded(_))) => {
                        self.upgraded += 1;
                        self.lasted += now - self.starts[at];
                    }
                    other => println!("rollout {at} does not end well: {other:?}"),
                }
                self.rollouts[at] = None;
                return;
            }
        };
        self.turns.push(Reverse((next, at)));
    }
}

/// A rollout as an application makes it; its record goes where a database would be.
fn rollout(world: &World, at: usize, poll: &Poll) -> Rollout {
    let poll = Poll { seed: Some(at as u64), ..poll.clone() };
    Rollout::new(&world.endpoint, world.plan(at % IN_A_CLOUD))
        .with_poll(poll)
        .persist_with(|record| {
            std::hint::black_box(record);
            Ok(())
        })
        .on_event(|now, event| {
            std::hint::black_box((now, event));
        })
}
