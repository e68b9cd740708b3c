//! Verifies that a request comes from Discord and is not a replay of an old one.

use std::time::Duration;

use ed25519_dalek::{Signature, VerifyingKey};
use jiff::Timestamp;

/// Verifies Discord's Ed25519 signatures.
///
/// Holds one to three public keys, so that a key can be rotated without downtime.
#[derive(Clone, Debug)]
pub struct Verifier {
    keys: Vec<VerifyingKey>,
    max_age: Duration,
}

/// A public key could not be parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There are not one to three keys.
    #[error("one to three keys are expected, separated by commas")]
    Count,
    /// A key is not 64 hexadecimal digits, or not a point on the curve.
    #[error("key {0} is not an Ed25519 public key of 64 hexadecimal digits")]
    Unreadable(usize),
}

/// Why a request was rejected, always with HTTP 401.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// A signature header is missing.
    #[error("unsigned")]
    Missing,
    /// A signature header is malformed.
    #[error("malformed signature")]
    Malformed,
    /// The timestamp is too old, or too far in the future.
    #[error("stale signature")]
    Stale,
    /// Signed with another key, or modified.
    #[error("wrong signature")]
    Wrong,
}

impl Verifier {
    /// A verifier for `keys`, one to three public keys in hex, separated by commas. A timestamp may differ
    /// from now by `max_age` at most; zero turns that check off.
    ///
    /// # Errors
    /// [`KeyError`] says which key is wrong.
    pub fn new(keys: &str, max_age: Duration) -> Result<Self, KeyError> {
        let keys: Vec<_> = keys.split(',').map(str::trim).enumerate().map(key).collect::<Result<_, _>>()?;
        if keys.len() > 3 {
            return Err(KeyError::Count);
        }
        Ok(Self { keys, max_age })
    }

    /// Adds the keys of `other`, without limit on their number. `max_age` stays.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.keys.extend(other.keys);
        self
    }

    /// Checks that Discord signed exactly these bytes, recently.
    ///
    /// `signature` and `timestamp` are the values of the two headers, `now` is the time of receipt.
    ///
    /// # Errors
    /// [`SignatureError`]; respond with 401.
    pub fn verify(
        &self,
        signature: Option<&str>,
        timestamp: Option<&str>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), SignatureError> {
        let (Some(signature), Some(timestamp)) = (signature, timestamp) else {
            return Err(SignatureError::Missing);
        };
        let signature = unhex::<64>(signature).ok_or(SignatureError::Malformed)?;
        self.check_age(timestamp, now)?;

        let mut signed = Vec::with_capacity(timestamp.len() + body.len());
        signed.extend_from_slice(timestamp.as_bytes());
        signed.extend_from_slice(body);
        let signature = Signature::from_bytes(&signature);
        let genuine = self.keys.iter().any(|key| key.verify_strict(&signed, &signature).is_ok());
        if genuine { Ok(()) } else { Err(SignatureError::Wrong) }
    }

    fn check_age(&self, timestamp: &str, now: Timestamp) -> Result<(), SignatureError> {
        // `parse` would also accept a sign.
        if timestamp.is_empty() || !timestamp.bytes().all(|b| b.is_ascii_digit()) {
            return Err(SignatureError::Malformed);
        }
        let sent: i64 = timestamp.parse().map_err(|_| SignatureError::Malformed)?;
        let age = now.as_second().abs_diff(sent);
        if !self.max_age.is_zero() && age > self.max_age.as_secs() {
            return Err(SignatureError::Stale);
        }
        Ok(())
    }
}

/// Whether signatures are checked at all: a known one is accepted, and refused with a flipped bit.
///
/// Source: RFC 8032, section 7.1, TEST 2.
pub fn self_test() -> bool {
    const PUBLIC_KEY: &str = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    const MESSAGE: &[u8] = &[0x72];
    const SIGNATURE: &str = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    let (Ok(key), Some(mut signature)) = (key((0, PUBLIC_KEY)), unhex::<64>(SIGNATURE)) else { return false };
    let accepts =
        |signature: &[u8; 64]| key.verify_strict(MESSAGE, &Signature::from_bytes(signature)).is_ok();
    let is_accepted = accepts(&signature);
    signature[0] ^= 1;
    is_accepted && !accepts(&signature)
}

fn key((index, hex): (usize, &str)) -> Result<VerifyingKey, KeyError> {
    let bytes = unhex::<32>(hex).ok_or(KeyError::Unreadable(index + 1))?;
    VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::Unreadable(index + 1))
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != N * 2 {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

fn digit(character: u8) -> Option<u8> {
    char::from(character).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};
    use proptest::prelude::*;

    use super::*;

    const NOW: i64 = 1_800_000_000;
    const BODY: &[u8] = br#"{"type":1}"#;

    fn discord(seed: u8) -> SigningKey {
        SigningKey::from_bytes(&[seed; 32])
    }

    fn public(key: &SigningKey) -> String {
        hex::encode(key.verifying_key().as_bytes())
    }

    fn sign(key: &SigningKey, timestamp: &str, body: &[u8]) -> String {
        hex::encode(key.sign(&[timestamp.as_bytes(), body].concat()).to_bytes())
    }

    fn verifier(keys: &str) -> Verifier {
        Verifier::new(keys, Duration::from_secs(300)).unwrap()
    }

    fn verify(timestamp: &str, signature: &str) -> Result<(), SignatureError> {
        let now = Timestamp::from_second(NOW).unwrap();
        verifier(&public(&discord(1))).verify(Some(signature), Some(timestamp), BODY, now)
    }

    #[test]
    fn what_discord_signed_passes() {
        assert_eq!(verify("1800000000", &sign(&discord(1), "1800000000", BODY)), Ok(()));
        assert_eq!(verify("1800000000", &sign(&discord(1), "1800000000", BODY).to_uppercase()), Ok(()));
    }

    #[test]
    fn while_a_key_is_rotated_both_are_taken() {
        let both = format!("{}, {}", public(&discord(1)), public(&discord(2)));
        let now = Timestamp::from_second(NOW).unwrap();
        for seed in [1, 2] {
            let signature = sign(&discord(seed), "1800000000", BODY);
            assert_eq!(verifier(&both).verify(Some(&signature), Some("1800000000"), BODY, now), Ok(()));
        }
        let stranger = sign(&discord(3), "1800000000", BODY);
        assert_eq!(
            verifier(&both).verify(Some(&stranger), Some("1800000000"), BODY, now),
            Err(SignatureError::Wrong)
        );
    }

    #[test]
    fn a_recording_is_refused() {
        for (age, expected) in [
            (300, Ok(())),
            (301, Err(SignatureError::Stale)),
            (-300, Ok(())),
            (-301, Err(SignatureError::Stale)),
        ] {
            let timestamp = (NOW - age).to_string();
            assert_eq!(verify(&timestamp, &sign(&discord(1), &timestamp, BODY)), expected, "{age}");
        }
    }

    #[test]
    fn malformed_headers_are_refused() {
        let good = sign(&discord(1), "1800000000", BODY);
        for timestamp in
            ["", "now", "+1800000000", "-5", "1800000000.0", " 1800000000", "99999999999999999999"]
        {
            let signature = sign(&discord(1), timestamp, BODY);
            assert_eq!(verify(timestamp, &signature), Err(SignatureError::Malformed), "{timestamp:?}");
        }
        for signature in ["", "00", &good[1..], &format!("{good}00"), &good.replace(&good[..1], "g")] {
            assert_eq!(verify("1800000000", signature), Err(SignatureError::Malformed), "{signature:?}");
        }
        let now = Timestamp::from_second(NOW).unwrap();
        let verifier = verifier(&public(&discord(1)));
        assert_eq!(verifier.verify(None, Some("1800000000"), BODY, now), Err(SignatureError::Missing));
        assert_eq!(verifier.verify(Some(&good), None, BODY, now), Err(SignatureError::Missing));
    }

    #[test]
    fn bad_keys_are_named() {
        let good = public(&discord(1));
        let wrong = |keys: &str| Verifier::new(keys, Duration::ZERO).unwrap_err();
        assert_eq!(wrong(""), KeyError::Unreadable(1));
        assert_eq!(wrong(&format!("{good},zz")), KeyError::Unreadable(2));
        let off_the_curve = format!("02{}", "0".repeat(62));
        assert_eq!(wrong(&format!("{good},{off_the_curve}")), KeyError::Unreadable(2));
        assert_eq!(wrong(&[good.as_str(); 4].join(",")), KeyError::Count);
    }

    proptest! {
        #[test]
        fn one_flipped_bit_is_noticed(bit in 0..BODY.len() * 8) {
            let signature = sign(&discord(1), "1800000000", BODY);
            let mut body = BODY.to_vec();
            body[bit / 8] ^= 1 << (bit % 8);
            let now = Timestamp::from_second(NOW).unwrap();
            prop_assert_eq!(
                verifier(&public(&discord(1))).verify(Some(&signature), Some("1800000000"), &body, now),
                Err(SignatureError::Wrong)
            );
        }

        #[test]
        fn no_header_makes_it_panic(signature in ".{0,140}", timestamp in ".{0,24}") {
            prop_assert!(verify(&timestamp, &signature).is_err());
        }
    }
}
