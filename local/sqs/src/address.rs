//! How a queue is called: by its name, its ARN or its URL.

use super::Error;

pub(super) const REGION: &str = "us-east-1";
pub(super) const ACCOUNT: &str = "000000000000";

/// Lets a new queue's name pass if SQS would, and if it does not announce a FIFO queue.
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

/// The queue's name, if this looks like a queue's ARN. Region and account are not compared: there
/// is only one of each here.
pub(super) fn name_in_arn(arn: &str) -> Option<&str> {
    let mut parts = arn.strip_prefix("arn:aws:sqs:")?.split(':').skip(2);
    parts.next().filter(|name| !name.is_empty() && parts.next().is_none())
}

pub(super) fn url(host: &str, name: &str) -> String {
    format!("http://{host}/{ACCOUNT}/{name}")
}

/// The last segment, whatever stands before it: the same queue is reached under several hosts.
pub(super) fn name_in_url(url: &str) -> &str {
    url.trim_end_matches('/').rsplit('/').next().unwrap_or(url)
}
