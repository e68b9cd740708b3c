//! Discord's limits, from its documentation of 2026-08.

pub(crate) mod command_limits;
pub(crate) mod rate_limit;

use std::time::Duration;

/// A limit: a number of requests in a number of milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub limit: u32,
    pub window_ms: i64,
}

/// The time for the response to an interaction, in real time.
pub(crate) const RESPONSE_TIMEOUT: Duration = Duration::from_secs(3);
/// The lifetime of a token, in milliseconds of the stack's clock.
pub(crate) const TOKEN_MS: i64 = 15 * 60 * 1000;

/// Follow-ups of one interaction, if the application is installed only for the user.
pub(crate) const FOLLOW_UPS: usize = 5;

pub(crate) const CONTENT: usize = 2000;
pub(crate) const EMBEDS: usize = 10;
pub(crate) const EMBED_TITLE: usize = 256;
pub(crate) const EMBED_DESCRIPTION: usize = 4096;
pub(crate) const EMBED_FIELDS: usize = 25;
pub(crate) const EMBED_FIELD_NAME: usize = 256;
pub(crate) const EMBED_FIELD_VALUE: usize = 1024;
pub(crate) const EMBED_FOOTER: usize = 2048;
pub(crate) const EMBED_AUTHOR: usize = 256;
/// Title, description, fields, footer and author over all embeds of a message.
pub(crate) const EMBEDS_TOTAL: usize = 6000;

pub(crate) const MAX_COLOUR: i64 = 0xFF_FFFF;

pub(crate) const ROWS: usize = 5;
pub(crate) const ROW_CHILDREN: usize = 5;
pub(crate) const SECTION_TEXTS: usize = 3;
pub(crate) const GALLERY_ITEMS: usize = 10;
/// Characters of all text displays of a message together.
pub(crate) const TEXT_DISPLAYS: usize = 4000;
pub(crate) const V2_COMPONENTS: usize = 40;
pub(crate) const CUSTOM_ID: usize = 100;
pub(crate) const LABEL: usize = 80;
pub(crate) const URL: usize = 512;
pub(crate) const SELECT_OPTIONS: usize = 25;
pub(crate) const PLACEHOLDER: usize = 150;
pub(crate) const MODAL_TITLE: usize = 45;
pub(crate) const MODAL_COMPONENTS: usize = 5;
pub(crate) const MODAL_LABEL: usize = 45;
pub(crate) const MODAL_DESCRIPTION: usize = 100;
pub(crate) const TEXT_INPUT: usize = 4000;
pub(crate) const UPLOADS: usize = 10;
/// Entries of `file_types`.
pub(crate) const FILE_TYPES: usize = 10;

/// Ids in `allowed_mentions`, for users and for roles.
pub(crate) const MENTIONS: usize = 100;
pub(crate) const NONCE: usize = 25;
pub(crate) const ATTACHMENTS: usize = 10;
/// The description of an attachment, a thumbnail or a media gallery item.
pub(crate) const ALT_TEXT: usize = 1024;
pub(crate) const POLL_QUESTION: usize = 300;
pub(crate) const POLL_ANSWERS: usize = 10;
pub(crate) const POLL_ANSWER: usize = 55;
pub(crate) const POLL_HOURS: i64 = 32 * 24;
/// The default duration of a poll, in hours.
pub(crate) const DEFAULT_POLL_HOURS: i64 = 24;

pub(crate) const CHOICES: usize = 25;
pub(crate) const CHOICE: usize = 100;
pub(crate) const OPTIONS: usize = 25;
pub(crate) const COMMAND_NAME: usize = 32;
pub(crate) const DESCRIPTION: usize = 100;
/// The maximum of `min_length` and `max_length` of a string option.
pub(crate) const OPTION_LENGTH: i64 = 6000;
/// Characters of names, descriptions and values of one command.
pub(crate) const COMMAND_TOTAL: usize = 8000;
pub(crate) const CHAT_INPUT_COMMANDS: usize = 100;
pub(crate) const CONTEXT_COMMANDS: usize = 15;
/// New commands of a scope within 24 hours.
pub(crate) const DAILY_COMMANDS: usize = 200;
/// Permission entries of a command in a guild.
pub(crate) const COMMAND_PERMISSIONS: usize = 100;

pub(crate) const CHANNEL_NAME: usize = 100;
pub(crate) const TOPIC: usize = 1024;
/// `rate_limit_per_user`, in seconds.
pub(crate) const MAX_SLOW_MODE_SECONDS: i64 = 21_600;
pub(crate) const OVERWRITES: usize = 100;
pub(crate) const GUILD_NAME: usize = 100;
pub(crate) const NICK: usize = 32;
/// Roles of one member.
pub(crate) const ROLES: usize = 350;
pub(crate) const TIMEOUT_DAYS: i64 = 28;
/// `X-Audit-Log-Reason`, in characters.
pub(crate) const REASON: usize = 512;

/// Commands of all types together in a bulk overwrite.
pub(crate) const COMMANDS: usize = 130;
/// The largest attachment that a member without a subscription may send.
pub(crate) const ATTACHMENT_BYTES: u64 = 10 * 1024 * 1024;
/// 2^53 - 1: the largest integer that an option takes.
pub(crate) const MAX_SAFE_INTEGER: i64 = (1 << 53) - 1;

/// The description and the URLs of an application, in characters.
pub(crate) const APPLICATION_DESCRIPTION: usize = 400;
pub(crate) const APPLICATION_URL: usize = 2048;
pub(crate) const TAGS: usize = 5;
pub(crate) const TAG: usize = 20;

/// The range of an option of type NUMBER: ±2^53.
pub(crate) const NUMBER: std::ops::RangeInclusive<f64> = -9_007_199_254_740_992.0..=9_007_199_254_740_992.0;

/// The global rate limit of an application, over all routes except interaction endpoints.
pub(crate) const GLOBAL: Rule = Rule { limit: 50, window_ms: 1_000 };
/// Invalid requests (401, 403, 429) after which Cloudflare bans the sender.
pub(crate) const INVALID: Rule = Rule { limit: 10_000, window_ms: 10 * 60 * 1_000 };
/// Discord does not publish the limits of routes. Webhook's was observed; the others are plausible values.
pub(crate) const WEBHOOK: Rule = Rule { limit: 5, window_ms: 2_000 };
pub(crate) const CREATE_MESSAGE: Rule = Rule { limit: 5, window_ms: 5_000 };
pub(crate) const REACTION: Rule = Rule { limit: 1, window_ms: 250 };
pub(crate) const OTHER_ROUTE: Rule = Rule { limit: 50, window_ms: 5_000 };
/// With more buckets than this, expired ones are removed.
pub(crate) const MAX_BUCKETS: usize = 1_000;
/// A request body with its files.
pub(crate) const MAX_REQUEST_BYTES: usize = 25 * 1024 * 1024;

/// Message flags.
pub(crate) mod flags {
    pub(crate) const SUPPRESS_EMBEDS: u64 = 1 << 2;
    pub(crate) const EPHEMERAL: u64 = 1 << 6;
    pub(crate) const LOADING: u64 = 1 << 7;
    pub(crate) const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
    pub(crate) const VOICE: u64 = 1 << 13;
    pub(crate) const COMPONENTS_V2: u64 = 1 << 15;
    /// The flags that an application may set on a new message.
    pub(crate) const ON_CREATE: u64 =
        SUPPRESS_EMBEDS | EPHEMERAL | SUPPRESS_NOTIFICATIONS | VOICE | COMPONENTS_V2;
    /// The flags that an edit can change; it ignores the others.
    pub(crate) const ON_EDIT: u64 = SUPPRESS_EMBEDS | COMPONENTS_V2;
}
