//! The development key. ANYONE CAN SIGN WITH IT, because its seed is in this public file.
//!
//! It signs the sample events of `events/`, so that they are reproducible and can be sent to functions on
//! this machine. A deployed function refuses to start with it ([`crate::config`]).

/// The private key, which is not secret. For use on this machine only.
pub const SEED: [u8; 32] = *b"PUBLIC-anybody-can-sign-with-it!";

/// The public key in hex, for `DISCORD_PUBLIC_KEY`. Only accepted if `STAGE` is `local`.
pub const PUBLIC_KEY: &str = "41c8203f64632116ee3e1a6cc6c9adc124e9f09383224c4203c60a64b1ff53fb";

/// Whether it is one of `keys`, which are separated by commas.
pub fn is_among(keys: &str) -> bool {
    keys.split(',').any(|key| key.trim().eq_ignore_ascii_case(PUBLIC_KEY))
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;

    use super::*;

    #[test]
    fn both_halves_belong_together() {
        let public = SigningKey::from_bytes(&SEED).verifying_key();
        assert_eq!(hex::encode(public.as_bytes()), PUBLIC_KEY);
    }

    #[test]
    fn it_is_found_among_others_however_it_is_written() {
        assert!(is_among(&format!("00, {}", PUBLIC_KEY.to_uppercase())));
        assert!(!is_among("00,11"));
    }
}
