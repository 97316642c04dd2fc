/// How many times in a row something has happened.
#[derive(Debug, Default)]
pub(super) struct Counters {
    /// Readings that did not show a change whose response was lost.
    pub(super) denials: u32,
    /// Readings since the accepted operation was polled.
    pub(super) reads_since_poll: u32,
    /// Reads without a response.
    pub(super) failed_reads: u32,
    /// Polls of the accepted operation that the service did not know.
    pub(super) unknown: u32,
    /// Readings that took so long that they were repeated.
    pub(super) reread: u32,
    /// Changes that did not arrive, or that a busy service rejected.
    pub(super) busy: u32,
    /// Changes that the service rejected.
    pub(super) refusals: u32,
}
