use std::time::Duration;

/// How long things take, in the emulator's own time.
///
/// ```
/// use std::time::Duration;
/// use azure_classic_emulator::Pace;
///
/// let slow_operations = Pace { operation: Duration::from_secs(5), ..Pace::default() };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// From the answer 202 to the end of the operation. The deployment is locked meanwhile.
    pub operation: Duration,
    /// Each of `CreatingVM`, `StartingVM`, `StoppingVM` and `DeletingVM`.
    pub machine: Duration,
    /// Each of `CreatingRole`, `StartingRole`, `BusyRole` and `StoppingRole`.
    pub role: Duration,
    /// How long an automatic update stands before an upgrade domain (`Before`) until it begins.
    pub domain: Duration,
    /// How long an update waits for the instances of an upgrade domain before it goes on without
    /// them. The service's update guide gives 30 minutes.
    pub patience: Duration,
    /// By how many percent of itself each of the first four varies, at most 100; the seed decides.
    pub spread: u8,
}

const HALF_AN_HOUR: Duration = Duration::from_secs(30 * 60);

impl Pace {
    /// The pace to look at: an instance starts in about one and a half seconds.
    pub const BRISK: Self = Self {
        operation: Duration::from_millis(300),
        machine: Duration::from_millis(400),
        role: Duration::from_millis(250),
        domain: Duration::from_millis(250),
        patience: HALF_AN_HOUR,
        spread: 40,
    };

    /// Everything that needs no one to act happens at once.
    pub const IMMEDIATE: Self = Self {
        operation: Duration::ZERO,
        machine: Duration::ZERO,
        role: Duration::ZERO,
        domain: Duration::ZERO,
        patience: HALF_AN_HOUR,
        spread: 0,
    };

    /// As slow as the service was: an operation ends after half a minute, an instance starts in five.
    pub const REALISTIC: Self = Self {
        operation: Duration::from_secs(30),
        machine: Duration::from_secs(90),
        role: Duration::from_secs(40),
        domain: Duration::from_secs(10),
        patience: HALF_AN_HOUR,
        spread: 25,
    };
}

/// [`Pace::BRISK`].
impl Default for Pace {
    fn default() -> Self {
        Self::BRISK
    }
}
