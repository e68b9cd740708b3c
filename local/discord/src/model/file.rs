//! Files that the application uploads. They are stored with their message and served as by Discord's CDN.

use rusqlite::{Connection, OptionalExtension};
use serde_json::{Value, json};

use super::{picture, store};
use crate::{Error, Snowflake, api_error::ApiError, limits, validation::join};

/// One file of a request.
#[derive(Debug)]
pub(crate) struct Upload {
    /// The n of `files[n]`, which `attachments[].id` names.
    pub number: String,
    pub name: String,
    pub content_type: Option<String>,
    pub data: Vec<u8>,
}

/// An upload with its id, not stored yet: that happens in the transaction that stores its message.
#[derive(Debug)]
pub(crate) struct NewFile {
    id: Snowflake,
    content_type: String,
    data: Vec<u8>,
}

/// A file as it is served.
pub(crate) struct Stored {
    pub content_type: String,
    pub data: Vec<u8>,
}

/// Attachment flag.
const IS_SPOILER: u64 = 1 << 3;

/// The attachment objects of the message, and the new files to store. `sent` is `attachments` of the
/// application's body, `base` the URL prefix of files.
pub(crate) fn name(
    uploads: Vec<Upload>,
    sent: &[Value],
    (base, ids): (&str, impl Fn() -> Snowflake),
) -> (Vec<Value>, Vec<NewFile>) {
    let mut list: Vec<Value> = sent.iter().filter(|entry| of(&uploads, entry).is_none()).cloned().collect();
    let mut files = Vec::new();
    for upload in uploads {
        let said = sent.iter().find(|entry| number(entry) == upload.number).unwrap_or(&Value::Null);
        let content_type = upload.content_type.clone();
        let content_type = content_type.unwrap_or_else(|| "application/octet-stream".into());
        let id = ids();
        list.push(attachment((id, base), &upload, said, &content_type));
        files.push(NewFile { id, content_type, data: upload.data });
    }
    (list, files)
}

fn attachment((id, base): (Snowflake, &str), upload: &Upload, said: &Value, content_type: &str) -> Value {
    let name: String = said["filename"].as_str().unwrap_or(&upload.name).chars().map(plain).collect();
    let url = format!("{base}/{id}/{name}");
    let mut attachment = json!({
        "id": id, "filename": name, "size": upload.data.len(), "url": url, "proxy_url": url,
        "content_type": content_type,
    });
    if let Some((width, height)) = picture::size(&upload.data) {
        attachment["width"] = width.into();
        attachment["height"] = height.into();
    }
    if name.starts_with("SPOILER_") {
        attachment["flags"] = IS_SPOILER.into();
    }
    describe(&mut attachment, said);
    attachment
}

/// Sets the fields that an edit can change too: `description` and the spoiler flag.
fn describe(attachment: &mut Value, said: &Value) {
    match &said["description"] {
        Value::String(text) if !text.is_empty() => attachment["description"] = text.clone().into(),
        Value::Null if said.get("description").is_none() => {}
        _ => {
            attachment.as_object_mut().map(|attachment| attachment.remove("description"));
        }
    }
    if let Some(hide) = said["is_spoiler"].as_bool() {
        let before = attachment["flags"].as_u64().unwrap_or(0) & !IS_SPOILER;
        attachment["flags"] = (before | if hide { IS_SPOILER } else { 0 }).into();
    }
}

/// Checks the number and sizes of files, and that each attachment of a new message has its file.
pub(crate) fn check(uploads: &[Upload], at: &str, sent: &[Value], new: bool) -> Result<(), ApiError> {
    let path = join(at, "attachments");
    if uploads.len() > limits::ATTACHMENTS {
        let message = format!("Must be {} or fewer in length.", limits::ATTACHMENTS);
        return Err(ApiError::at(&path, "BASE_TYPE_MAX_LENGTH", message));
    }
    if uploads.iter().any(|upload| upload.data.len() as u64 > limits::ATTACHMENT_BYTES) {
        return Err(ApiError::FILE_TOO_LARGE);
    }
    let missing = sent.iter().position(|entry| of(uploads, entry).is_none());
    match missing.filter(|_| new) {
        Some(index) => {
            Err(ApiError::at(&join(&path, index), "ATTACHMENT_NOT_FOUND", "Attachment data was not found"))
        }
        None => Ok(()),
    }
}

/// The attachments of an edited message: new ones, and those of the old ones that are listed.
pub(crate) fn merge(old: &Value, listed: &Value) -> Value {
    let old = old.as_array().map_or(&[][..], Vec::as_slice);
    let kept = |entry: &Value| {
        if entry["url"].is_string() {
            return Some(entry.clone());
        }
        let mut kept = old.iter().find(|old| number(old) == number(entry))?.clone();
        describe(&mut kept, entry);
        Some(kept)
    };
    listed.as_array().into_iter().flatten().filter_map(kept).collect()
}

/// Stores the new files of a message, and deletes those that it no longer has.
pub(crate) fn settle(
    db: &Connection,
    message: Snowflake,
    attachments: &Value,
    new: &[NewFile],
) -> Result<(), Error> {
    for file in new {
        let sql = "INSERT INTO attachments VALUES (?1, ?2, ?3, ?4)";
        store::execute(db, sql, (file.id, message, &file.content_type, &file.data))?;
    }
    let sql = "DELETE FROM attachments WHERE message = ?1 AND NOT EXISTS (
        SELECT 1 FROM json_each(?2) WHERE json_extract(value, '$.id') = CAST(attachments.id AS TEXT))";
    store::execute(db, sql, (message, attachments.to_string()))?;
    Ok(())
}

pub(crate) fn read(db: &Connection, id: Snowflake) -> Result<Option<Stored>, Error> {
    let mut statement = db.prepare_cached("SELECT content_type, data FROM attachments WHERE id = ?1")?;
    let row = statement.query_row([id], |row| Ok(Stored { content_type: row.get(0)?, data: row.get(1)? }));
    Ok(row.optional()?)
}

fn of<'u>(uploads: &'u [Upload], entry: &Value) -> Option<&'u Upload> {
    uploads.iter().find(|upload| upload.number == number(entry))
}

/// The `id` of an attachment object, which may be a string or an integer.
fn number(entry: &Value) -> String {
    entry["id"].as_str().map_or_else(|| entry["id"].to_string(), str::to_owned)
}

/// Discord replaces other characters than letters, digits, dots, dashes and underscores in a filename.
fn plain(c: char) -> char {
    if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' }
}
