//! The names, ARNs and URLs of queues.

use super::Error;

pub(super) const REGION: &str = "us-east-1";
pub(super) const ACCOUNT: &str = "000000000000";

/// Checks the name of a new queue as SQS does. FIFO queues are not supported.
pub(super) fn check_name(name: &str) -> Result<(), Error> {
    if name.ends_with(".fifo") {
        return Err(Error::UnsupportedOperation("a name in .fifo asks for a FIFO queue."));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.len() > 80 || !name.chars().all(allowed) {
        let reason = "Can only include alphanumeric characters, hyphens, or underscores. \
                      1 to 80 in length";
        return Err(Error::parameter("QueueName", name, reason));
    }
    Ok(())
}

pub(super) fn arn(name: &str) -> String {
    format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")
}

/// The name in a queue's ARN; `None` if it is not one. Region and account are not compared, because
/// there is only one of each.
pub(super) fn name_in_arn(arn: &str) -> Option<&str> {
    let mut parts = arn.strip_prefix("arn:aws:sqs:")?.split(':').skip(2);
    parts.next().filter(|name| !name.is_empty() && parts.next().is_none())
}

pub(super) fn url(host: &str, name: &str) -> String {
    format!("http://{host}/{ACCOUNT}/{name}")
}

/// The last segment of a URL. The host is ignored, because clients may use several.
pub(super) fn name_in_url(url: &str) -> &str {
    url.trim_end_matches('/').rsplit('/').next().unwrap_or(url)
}
