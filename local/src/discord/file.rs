//! Files: uploads of the application, kept and served back as Discord's CDN would.

use rusqlite::{Connection, OptionalExtension};
use serde_json::{Value, json};

use super::{Error, Snowflake, api_error::ApiError, form::join, limits, store};

/// One file of a request.
#[derive(Debug)]
pub(super) struct Upload {
    /// The n of `files[n]`, which `attachments[].id` names.
    pub number: String,
    pub name: String,
    pub content_type: Option<String>,
    pub data: Vec<u8>,
}

/// A file as it is served.
pub(super) struct Stored {
    pub content_type: String,
    pub data: Vec<u8>,
}

/// Stores the uploads. Gives what the message says of them: `sent` is the list of the application.
pub(super) fn keep(
    db: &Connection,
    uploads: &[Upload],
    sent: &[Value],
    (base, mut mint): (&str, impl FnMut() -> Snowflake),
) -> Result<Vec<Value>, Error> {
    let mut list: Vec<Value> = sent.iter().filter(|entry| of(uploads, entry).is_none()).cloned().collect();
    for upload in uploads {
        let id = mint();
        let said = sent.iter().find(|entry| number(entry) == upload.number).unwrap_or(&Value::Null);
        let name: String = said["filename"].as_str().unwrap_or(&upload.name).chars().map(plain).collect();
        let content_type = upload.content_type.as_deref().unwrap_or("application/octet-stream");
        let sql = "INSERT INTO files VALUES (?1, ?2, ?3)";
        store::execute(db, sql, (id, content_type, &upload.data))?;
        let url = format!("{base}/{id}/{name}");
        let mut attachment = json!({
            "id": id, "filename": name, "size": upload.data.len(), "url": url, "proxy_url": url,
            "content_type": content_type,
        });
        if let Some(description) = said["description"].as_str() {
            attachment["description"] = description.into();
        }
        list.push(attachment);
    }
    Ok(list)
}

/// Every file within its limit, and on a new message a file for every attachment.
pub(super) fn check(uploads: &[Upload], at: &str, sent: &[Value], new: bool) -> Result<(), ApiError> {
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

/// The attachments of a changed message: new ones, and of the old ones those that are listed.
pub(super) fn merge(old: &Value, listed: &Value) -> Value {
    let old = old.as_array().map_or(&[][..], Vec::as_slice);
    let kept = |entry: &Value| {
        if entry["url"].is_string() {
            return Some(entry.clone());
        }
        let mut kept = old.iter().find(|old| number(old) == number(entry))?.clone();
        if let Some(description) = entry.get("description") {
            kept["description"] = description.clone();
        }
        Some(kept)
    };
    listed.as_array().into_iter().flatten().filter_map(kept).collect()
}

pub(super) fn read(db: &Connection, id: Snowflake) -> Result<Option<Stored>, Error> {
    let mut statement = db.prepare_cached("SELECT content_type, data FROM files WHERE id = ?1")?;
    let row = statement.query_row([id], |row| Ok(Stored { content_type: row.get(0)?, data: row.get(1)? }));
    Ok(row.optional()?)
}

fn of<'u>(uploads: &'u [Upload], entry: &Value) -> Option<&'u Upload> {
    uploads.iter().find(|upload| upload.number == number(entry))
}

/// Ids come as strings or as integers.
fn number(entry: &Value) -> String {
    entry["id"].as_str().map_or_else(|| entry["id"].to_string(), str::to_owned)
}

/// Discord keeps letters, digits, dots, dashes and underscores of a name.
fn plain(c: char) -> char {
    if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' }
}
