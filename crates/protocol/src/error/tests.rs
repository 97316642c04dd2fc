use super::*;

#[test]
fn an_error_is_one_word_wide_and_can_cross_threads() {
    fn is_send_and_sync<T: Send + Sync + 'static>() {}
    is_send_and_sync::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}

#[test]
fn display_does_not_repeat_the_source() {
    let error = Error::send_error(SendError::ambiguous("connection reset by peer"));
    assert_eq!(error.to_string(), "no response; the request may have reached the service");
    assert_eq!(error.source().unwrap().to_string(), "connection reset by peer");
}
