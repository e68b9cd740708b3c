//! Files that users attach: uploaded first, then referred to by options and modals.

use std::collections::VecDeque;

use axum::body::Bytes;
use serde_json::{Value, json};

use crate::{
    Discord, Refused, Snowflake, limits,
    model::{self, picture},
};

/// How many uploads are stored. Discord's ephemeral attachments do not last either.
const MAX_UPLOADS: usize = 100;

/// An uploaded file, which may not have been sent yet.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub id: Snowflake,
    pub owner: Snowflake,
    pub filename: String,
    pub content: Bytes,
    /// The origin of its URL.
    origin: String,
}

pub(crate) type Uploads = VecDeque<Upload>;

impl Discord {
    /// Uploads a file. Options and modals then refer to it by its filename or the returned id.
    ///
    /// # Errors
    /// If there is no such user, or the file is larger than 10 MiB.
    pub fn upload(
        &self,
        user: &str,
        filename: &str,
        content: impl Into<Bytes>,
    ) -> Result<Snowflake, Refused> {
        let content = content.into();
        if content.len() as u64 > limits::ATTACHMENT_BYTES {
            return Err(Refused::because(format!(
                "`{filename}` is larger than {} bytes",
                limits::ATTACHMENT_BYTES
            )));
        }
        let users = self.inner.store.read(model::users)?;
        let owner = users.into_iter().find(|known| known.is_called(user));
        let owner = owner.ok_or_else(|| Refused::because(format!("there is no user `{user}`")))?.id;
        let id = self.inner.ids.next(self.inner.clock.now());
        let origin = self.origin();
        let mut uploads = self.inner.uploads.lock();
        uploads.truncate(MAX_UPLOADS - 1);
        uploads.push_front(Upload { id, owner, filename: filename.into(), content, origin });
        Ok(id)
    }

    /// The content of an upload, if it is still stored.
    pub fn uploaded(&self, id: Snowflake) -> Option<Bytes> {
        let uploads = self.inner.uploads.lock();
        uploads.iter().find(|upload| upload.id == id).map(|upload| upload.content.clone())
    }

    /// The newest first.
    pub(crate) fn uploads_of(&self, owner: Snowflake) -> Vec<Upload> {
        let uploads = self.inner.uploads.lock();
        uploads.iter().filter(|upload| upload.owner == owner).cloned().collect()
    }
}

impl Upload {
    /// As in `resolved.attachments`.
    pub(crate) fn object(&self) -> Value {
        let path = format!("ephemeral-attachments/{}/{}/{}", self.owner, self.id, self.filename);
        let mut attachment = json!({
            "id": self.id,
            "filename": self.filename,
            "size": self.content.len(),
            "url": format!("{}/{path}?ex=1&is=1&hm=1", self.origin),
            "proxy_url": format!("{}/{path}?ex=1&is=1&hm=1", self.origin),
            "content_type": self.content_type(),
            "ephemeral": true,
        });
        if let Some((width, height)) = picture::size(&self.content) {
            attachment["width"] = width.into();
            attachment["height"] = height.into();
        }
        attachment
    }

    /// Whether it matches an entry of `file_types`: `image`, `video`, `audio`, or an extension such as
    /// `.pdf`.
    pub(crate) fn is_of_type(&self, wanted: &str) -> bool {
        match wanted.strip_prefix('.') {
            Some(extension) => self.extension().eq_ignore_ascii_case(extension),
            None => self.content_type().split('/').next() == Some(wanted),
        }
    }

    fn extension(&self) -> &str {
        self.filename.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    fn content_type(&self) -> &'static str {
        match self.extension().to_ascii_lowercase().as_str() {
            "png" => "image/png",
            "jpg" | "jpeg" => "image/jpeg",
            "gif" => "image/gif",
            "webp" => "image/webp",
            "mp4" => "video/mp4",
            "mov" => "video/quicktime",
            "webm" => "video/webm",
            "mp3" => "audio/mpeg",
            "ogg" => "audio/ogg",
            "wav" => "audio/x-wav",
            "pdf" => "application/pdf",
            "txt" => "text/plain; charset=utf-8",
            "csv" => "text/csv; charset=utf-8",
            "json" => "application/json",
            _ => "application/octet-stream",
        }
    }
}
