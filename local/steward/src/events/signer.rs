//! Signs interactions as Discord does, but with another Ed25519 key.

use discord::development_key;
use ed25519_dalek::{Signer as _, SigningKey};

/// An Ed25519 signing key.
pub struct Signer(SigningKey);

impl Signer {
    /// The development key: local stacks accept it, deployed functions do not.
    pub fn development() -> Self {
        Self(SigningKey::from_bytes(&development_key::SEED))
    }

    /// The key of this seed; `None` unless it has 64 hexadecimal digits.
    pub fn from_hex(seed: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(seed, &mut bytes).ok()?;
        Some(Self(SigningKey::from_bytes(&bytes)))
    }

    /// The signature over timestamp and body, in hex, as in `X-Signature-Ed25519`.
    pub fn sign(&self, timestamp: &str, body: &str) -> String {
        let signed = [timestamp.as_bytes(), body.as_bytes()].concat();
        hex::encode(self.0.sign(&signed).to_bytes())
    }

    /// The value of `DISCORD_PUBLIC_KEY` that accepts its signatures: 64 hexadecimal digits.
    pub fn public_key(&self) -> String {
        hex::encode(self.0.verifying_key().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use discord::Verifier;
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn what_it_signs_is_taken_by_the_functions() {
        let seed = "01".repeat(32);
        for signer in [Signer::development(), Signer::from_hex(&seed).unwrap()] {
            let signature = signer.sign("5", "{}");
            let verifier = Verifier::new(&signer.public_key(), Duration::from_secs(1)).unwrap();
            let now = Timestamp::from_second(5).unwrap();
            assert_eq!(verifier.verify(Some(&signature), Some("5"), b"{}", now), Ok(()));
        }
    }

    #[test]
    fn a_seed_has_64_digits() {
        for bad in ["", "zz", &"0".repeat(63), &"0".repeat(65), &"0".repeat(66), &"ä".repeat(32)] {
            assert!(Signer::from_hex(bad).is_none(), "{bad}");
        }
    }
}
