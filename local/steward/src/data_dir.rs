//! The data folder, locked so that one stack uses it at a time.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::Error;

/// The file with the seconds by which the stack's clock has been advanced.
const CLOCK_FILE: &str = "clock";

/// A locked data folder. Dropping it releases the file lock; so does the system when the process dies.
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

    /// How far the stack's clock is ahead of real time; zero if the file is missing or unreadable.
    pub(crate) fn moved_by(&self) -> Duration {
        let seconds =
            fs::read_to_string(self.file(CLOCK_FILE)).ok().and_then(|text| text.trim().parse().ok());
        Duration::from_secs(seconds.unwrap_or_default())
    }

    pub(crate) fn note_moved_by(&self, by: Duration) -> Result<(), Error> {
        let written: io::Result<()> = fs::write(self.file(CLOCK_FILE), by.as_secs().to_string());
        written.map_err(|error| Error::Data { folder: self.path.display().to_string(), error })
    }
}
