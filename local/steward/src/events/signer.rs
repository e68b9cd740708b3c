//! Signs interactions as Discord does, with a key that is not Discord's.

use discord::development_key;
use ed25519_dalek::{Signer as _, SigningKey};

/// A key that signs.
pub struct Signer(SigningKey);

impl Signer {
    /// The development key, which every stack on this machine takes, and no deployed function.
    pub fn development() -> Self {
        Self(SigningKey::from_bytes(&development_key::SEED))
    }

    /// The key of this seed; `None` if it is not 64 hexadecimal digits.
    pub fn from_hex(seed: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(seed, &mut bytes).ok()?;
        Some(Self(SigningKey::from_bytes(&bytes)))
    }

    /// The signature in hex over timestamp and body, as Discord's header carries it.
    pub fn sign(&self, timestamp: &str, body: &str) -> String {
        let signed = [timestamp.as_bytes(), body.as_bytes()].concat();
        hex::encode(self.0.sign(&signed).to_bytes())
    }

    /// What `DISCORD_PUBLIC_KEY` has to be for it.
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
