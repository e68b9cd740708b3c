//! `TIMESTAMP\nSIGNATURE\nBODY`: accepted only if it is signed by the known key within the maximum age.
//!
//! The signature `*` stands for the right one, which a fuzzer cannot find; the timestamp `*` for now, and `*-7` for
//! seven seconds ago.

use super::stand::{self, signed};

/// `MAX_SIGNATURE_AGE_SECONDS` of the function under test.
const MAX_AGE: u64 = 300;

/// Checks one input.
pub fn check(input: &[u8]) {
    let mut parts = input.splitn(3, |byte| *byte == b'\n');
    let mut line = || parts.next().unwrap_or_default();
    let (timestamp, signature, body) = (line(), line(), line());
    // API Gateway passes only text headers to a function.
    let (Ok(timestamp), Ok(signature)) = (str::from_utf8(timestamp), str::from_utf8(signature)) else {
        return;
    };
    stand::with(|stand| {
        stand.set_clock(stand::NOW);
        let timestamp = match timestamp.strip_prefix('*').map(|ahead| ahead.parse::<i32>()) {
            Some(Ok(ahead)) => (stand.now() + i64::from(ahead)).to_string(),
            Some(Err(_)) => stand.now().to_string(),
            None => timestamp.to_owned(),
        };
        let right = signed(&timestamp, body);
        let signature = if signature == "*" { &right } else { signature };
        let genuine = signature.eq_ignore_ascii_case(&right) && is_lately(&timestamp, stand.now());
        let (status, _) = stand.asked(signature, &timestamp, body);
        assert_eq!(status != 401, genuine, "{status}");
        assert_ne!(status, 500);
        if genuine && let Some(changed) = one_bit_flipped(body) {
            assert_eq!(stand.asked(signature, &timestamp, &changed).0, 401, "a changed body");
        }
    });
}

fn is_lately(timestamp: &str, now: i64) -> bool {
    let is_number = !timestamp.is_empty() && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    is_number && timestamp.parse().is_ok_and(|sent| now.abs_diff(sent) <= MAX_AGE)
}

/// Flips one bit, chosen by a sum of the body.
fn one_bit_flipped(body: &[u8]) -> Option<Vec<u8>> {
    let sum: usize = body.iter().map(|byte| usize::from(*byte)).sum();
    let bit = sum.checked_rem(body.len() * 8)?;
    let mut changed = body.to_vec();
    changed[bit / 8] ^= 1 << (bit % 8);
    Some(changed)
}
