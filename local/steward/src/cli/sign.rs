//! `steward sign`: signs an interaction and prints it as an event, a curl command or headers.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use ops::terminal::{now, print};

use super::ENDPOINT;
use crate::events::{self, Signed, Signer};

#[derive(Debug, Args)]
pub(super) struct Sign {
    /// An interaction in JSON, or an event of API Gateway that holds one.
    #[arg(required_unless_present = "samples")]
    file: Option<PathBuf>,
    #[command(flatten)]
    with: SignatureOptions,
    /// What to print.
    #[arg(long = "as", value_name = "WHAT", default_value = "event")]
    form: OutputFormat,
    /// Instead, regenerate every sample event in this folder from its `interactions/`.
    #[arg(long, value_name = "FOLDER", num_args = 0..=1, default_missing_value = "events", conflicts_with = "file")]
    samples: Option<PathBuf>,
}

/// The options of the signature.
#[derive(Debug, Args)]
pub(super) struct SignatureOptions {
    /// Sign with the key of this seed, 64 hexadecimal digits, instead of the development key.
    #[arg(long, value_name = "SEED")]
    key: Option<String>,
    /// The time of the signature in seconds since 1970, instead of now.
    #[arg(long, value_name = "SECONDS")]
    timestamp: Option<i64>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OutputFormat {
    /// The event that API Gateway makes of it, for `cargo lambda invoke` and `sam local invoke`.
    Event,
    /// A curl command line that posts it.
    Curl,
    /// The headers alone.
    Headers,
}

pub(super) fn run(sign: &Sign) -> Result<(), String> {
    if let Some(folder) = &sign.samples {
        return write_samples(folder);
    }
    let file = sign.file.as_deref().ok_or("no file given")?;
    let body = events::body_of(&read(file)?).map_err(|problem| describe(file, &problem))?;
    let signed = sign.with.sign(body, now())?;
    print(&match sign.form {
        OutputFormat::Event => signed.event().map_err(|error| error.to_string())?,
        OutputFormat::Curl => curl(&signed),
        OutputFormat::Headers => signed.headers().map(|(name, value)| format!("{name}: {value}\n")).concat(),
    });
    Ok(())
}

impl SignatureOptions {
    pub(super) fn sign(&self, body: String, now: Timestamp) -> Result<Signed, String> {
        let signer = match &self.key {
            Some(seed) => Signer::from_hex(seed).ok_or("--key must be a seed of 64 hexadecimal digits")?,
            None => Signer::development(),
        };
        let at = self.timestamp.map_or(Ok(now), Timestamp::from_second);
        let at = at.map_err(|_| "--timestamp must be a number of seconds since 1970")?;
        Ok(Signed::new(&signer, at, body))
    }
}

pub(super) fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))
}

pub(super) fn describe(file: &Path, problem: &events::EventError) -> String {
    format!("{} is {problem}", file.display())
}

fn write_samples(folder: &Path) -> Result<(), String> {
    for (name, content) in events::samples(folder).map_err(|problem| problem.to_string())? {
        let path = folder.join(name);
        fs::write(&path, content).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        print(&format!("{}\n", path.display()));
    }
    Ok(())
}

fn curl(signed: &Signed) -> String {
    let headers = signed
        .headers()
        .map(|(name, value)| format!("  -H {} \\\n", shell_quoted(&format!("{name}: {value}"))));
    format!("curl -i {ENDPOINT} \\\n{}  --data-binary {}\n", headers.concat(), shell_quoted(&signed.body))
}

/// Quoted for a POSIX shell, which takes everything between single quotes literally.
fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_within_a_body_does_not_end_it() {
        assert_eq!(shell_quoted("it's"), r"'it'\''s'");
    }
}
