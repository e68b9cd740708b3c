//! The folder of what outlives the process, used by one stack at a time.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::Error;

/// Seconds by which the clock was moved in this folder's life.
const CLOCK: &str = "clock";

/// A folder that is ours as long as this lives. The system gives it up when the process dies.
#[derive(Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let failed = |error| Error::Data { folder: path.display().to_string(), error };
        fs::create_dir_all(path).map_err(failed)?;
        let lock = File::create(path.join("lock")).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked(path.display().to_string())),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// How far the clock is ahead of real time.
    pub(crate) fn moved_by(&self) -> Duration {
        let seconds = fs::read_to_string(self.file(CLOCK)).ok().and_then(|text| text.trim().parse().ok());
        Duration::from_secs(seconds.unwrap_or_default())
    }

    pub(crate) fn note_moved_by(&self, by: Duration) -> Result<(), Error> {
        let written: io::Result<()> = fs::write(self.file(CLOCK), by.as_secs().to_string());
        written.map_err(|error| Error::Data { folder: self.path.display().to_string(), error })
    }
}
