//! Discord's limits, as its documentation of 2026-08 states them.

use std::time::Duration;

/// So many requests within so many milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub limit: u32,
    pub window_ms: i64,
}

/// An application has this long for its first answer, in real time.
pub(super) const RESPONSE: Duration = Duration::from_secs(3);
/// A token is good for this long, in milliseconds of the stack clock.
pub(super) const TOKEN_MS: i64 = 15 * 60 * 1000;

/// Follow-ups of an application that only the user has installed.
pub(super) const FOLLOW_UPS: usize = 5;

pub(super) const CONTENT: usize = 2000;
pub(super) const EMBEDS: usize = 10;
pub(super) const EMBED_TITLE: usize = 256;
pub(super) const EMBED_DESCRIPTION: usize = 4096;
pub(super) const EMBED_FIELDS: usize = 25;
pub(super) const EMBED_FIELD_NAME: usize = 256;
pub(super) const EMBED_FIELD_VALUE: usize = 1024;
pub(super) const EMBED_FOOTER: usize = 2048;
pub(super) const EMBED_AUTHOR: usize = 256;
/// Title, description, fields, footer and author over all embeds of a message.
pub(super) const EMBEDS_TOTAL: usize = 6000;

pub(super) const COLOUR: i64 = 0xFF_FFFF;

pub(super) const ROWS: usize = 5;
pub(super) const ROW_CHILDREN: usize = 5;
pub(super) const SECTION_TEXTS: usize = 3;
pub(super) const GALLERY_ITEMS: usize = 10;
/// Over all text displays of a message, and for a single one.
pub(super) const TEXT_DISPLAYS: usize = 4000;
pub(super) const V2_COMPONENTS: usize = 40;
pub(super) const CUSTOM_ID: usize = 100;
pub(super) const LABEL: usize = 80;
pub(super) const URL: usize = 512;
pub(super) const SELECT_OPTIONS: usize = 25;
pub(super) const PLACEHOLDER: usize = 150;
pub(super) const MODAL_TITLE: usize = 45;
pub(super) const MODAL_COMPONENTS: usize = 5;
pub(super) const MODAL_LABEL: usize = 45;
pub(super) const MODAL_HINT: usize = 100;
pub(super) const TEXT_INPUT: usize = 4000;
pub(super) const UPLOADS: usize = 10;
/// Of an option or a field that asks for files.
pub(super) const FILE_TYPES: usize = 10;

/// Ids in `allowed_mentions`, for users and for roles.
pub(super) const MENTIONS: usize = 100;
pub(super) const NONCE: usize = 25;
pub(super) const ATTACHMENTS: usize = 10;
/// Description of an attachment, a thumbnail or a picture in a gallery.
pub(super) const ALT_TEXT: usize = 1024;
pub(super) const POLL_QUESTION: usize = 300;
pub(super) const POLL_ANSWERS: usize = 10;
pub(super) const POLL_ANSWER: usize = 55;
pub(super) const POLL_HOURS: i64 = 32 * 24;
/// How long a poll is open if nobody says.
pub(super) const POLL_HOURS_UNSAID: i64 = 24;

pub(super) const CHOICES: usize = 25;
pub(super) const CHOICE: usize = 100;
pub(super) const OPTIONS: usize = 25;
pub(super) const COMMAND_NAME: usize = 32;
pub(super) const DESCRIPTION: usize = 100;
/// The longest text that a string option can ask for.
pub(super) const OPTION_LENGTH: i64 = 6000;
/// Characters of names, descriptions and values of one command.
pub(super) const COMMAND_TOTAL: usize = 8000;
pub(super) const CHAT_INPUT_COMMANDS: usize = 100;
pub(super) const CONTEXT_COMMANDS: usize = 15;
/// New names in a scope within a day.
pub(super) const DAILY_COMMANDS: usize = 200;
/// Overwrites of one command in one guild.
pub(super) const COMMAND_PERMISSIONS: usize = 100;

pub(super) const CHANNEL_NAME: usize = 100;
pub(super) const TOPIC: usize = 1024;
/// Seconds.
pub(super) const SLOW_MODE: i64 = 21_600;
pub(super) const OVERWRITES: usize = 100;
pub(super) const GUILD_NAME: usize = 100;
pub(super) const NICK: usize = 32;
/// Roles of one member.
pub(super) const ROLES: usize = 350;
pub(super) const TIMEOUT_DAYS: i64 = 28;
/// `X-Audit-Log-Reason`, in characters.
pub(super) const REASON: usize = 512;

/// All kinds together, as the list of a bulk overwrite.
pub(super) const COMMANDS: usize = 130;
/// The largest attachment that a member without a subscription may send.
pub(super) const ATTACHMENT_BYTES: u64 = 10 * 1024 * 1024;
/// 2^53 - 1: the largest integer that an option takes.
pub(super) const SAFE_INTEGER: i64 = (1 << 53) - 1;

/// What an application says of itself, in characters, and its addresses.
pub(super) const APPLICATION_DESCRIPTION: usize = 400;
pub(super) const APPLICATION_URL: usize = 2048;
pub(super) const TAGS: usize = 5;
pub(super) const TAG: usize = 20;

/// What an option of type NUMBER takes: ±2^53.
pub(super) const NUMBER: std::ops::RangeInclusive<f64> = -9_007_199_254_740_992.0..=9_007_199_254_740_992.0;

/// Of an application, over all routes but the interaction endpoints.
pub(super) const GLOBAL: Rule = Rule { limit: 50, window_ms: 1_000 };
/// Invalid requests (401, 403, 429) after which Cloudflare bans the sender.
pub(super) const INVALID: Rule = Rule { limit: 10_000, window_ms: 10 * 60 * 1_000 };
/// Numbers per route are not published. These are seen (webhooks) or ours, of the usual size.
pub(super) const WEBHOOK: Rule = Rule { limit: 5, window_ms: 2_000 };
pub(super) const CREATE_MESSAGE: Rule = Rule { limit: 5, window_ms: 5_000 };
pub(super) const REACTION: Rule = Rule { limit: 1, window_ms: 250 };
pub(super) const OTHER_ROUTE: Rule = Rule { limit: 50, window_ms: 5_000 };
/// More buckets than these are looked through for what is over.
pub(super) const BUCKETS_REMEMBERED: usize = 1_000;
/// A request with its files.
pub(super) const REQUEST_BYTES: usize = 25 * 1024 * 1024;

/// Message flags.
pub(super) mod flags {
    pub(crate) const SUPPRESS_EMBEDS: u64 = 1 << 2;
    pub(crate) const EPHEMERAL: u64 = 1 << 6;
    pub(crate) const LOADING: u64 = 1 << 7;
    pub(crate) const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
    pub(crate) const VOICE: u64 = 1 << 13;
    pub(crate) const COMPONENTS_V2: u64 = 1 << 15;
    /// What an application may set on a new message.
    pub(crate) const ON_CREATE: u64 =
        SUPPRESS_EMBEDS | EPHEMERAL | SUPPRESS_NOTIFICATIONS | VOICE | COMPONENTS_V2;
    /// What an edit can change; it ignores the rest.
    pub(crate) const ON_EDIT: u64 = SUPPRESS_EMBEDS | COMPONENTS_V2;
}
