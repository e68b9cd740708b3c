//! Style sheet, scripts and icon, compiled into the binary.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Panel, Playground};

/// The parts of the style sheet, in order.
const STYLE_SHEET: &str = concat!(
    include_str!("style/tokens.css"),
    include_str!("style/frame.css"),
    include_str!("style/message.css"),
    include_str!("style/embed.css"),
    include_str!("style/component.css"),
    include_str!("style/composer.css"),
    include_str!("style/modal.css"),
    include_str!("style/narrow.css"),
);

/// The modules of the script; `main.js` imports the others.
const MODULES: [(&str, &str); 13] = [
    ("main.js", include_str!("client/main.js")),
    ("acts.js", include_str!("client/acts.js")),
    ("ask.js", include_str!("client/ask.js")),
    ("live.js", include_str!("client/live.js")),
    ("time.js", include_str!("client/time.js")),
    ("commands.js", include_str!("client/commands.js")),
    ("mentions.js", include_str!("client/mentions.js")),
    ("composer.js", include_str!("client/composer.js")),
    ("popup.js", include_str!("client/popup.js")),
    ("speak.js", include_str!("client/speak.js")),
    ("options.js", include_str!("client/options.js")),
    ("menu.js", include_str!("client/menu.js")),
    ("modal.js", include_str!("client/modal.js")),
];

const FAVICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="10" fill="#4752c4"/><path d="M12 8a4 4 0 0 1 8 0M9 12h14l-1.300 12H10.300L9 12ZM16 15.500v5" fill="none" stroke="#fff" stroke-width="2.200" stroke-linecap="round" stroke-linejoin="round"/></svg>"##;

/// The assets of the page.
pub(super) struct Assets {
    /// The path prefix with a hash of all assets, so that browsers can cache them for ever. Modules import
    /// each other by relative paths, which keep the prefix.
    pub folder: String,
    style: String,
    /// Names and texts of the scripts.
    pub modules: Vec<(&'static str, &'static str)>,
}

impl Assets {
    pub(super) fn new(panel: Option<&Panel>) -> Self {
        let style = [STYLE_SHEET, panel.map_or("", |panel| panel.style)].concat();
        let modules: Vec<_> = MODULES.into_iter().chain(panel.map(|panel| panel.script)).collect();
        let mut hasher = DefaultHasher::new();
        (&style, &modules).hash(&mut hasher);
        Self { folder: format!("/page/{:016x}", hasher.finish()), style, modules }
    }
}

pub(super) async fn serve(State(playground): State<Playground>, Path(path): Path<String>) -> Response {
    let assets = &playground.assets;
    let version = assets.folder.trim_start_matches("/page/");
    let current = path.strip_prefix(version).and_then(|rest| rest.strip_prefix('/'));
    let (asset, kept) = match current {
        Some(asset) => (asset, "public, max-age=31536000, immutable"),
        None => (path.as_str(), "no-cache"),
    };
    let module = asset.strip_prefix("client/");
    let module = module.and_then(|name| assets.modules.iter().find(|module| module.0 == name));
    let (kind, text) = match (asset, module) {
        ("style.css", _) => ("text/css; charset=utf-8", assets.style.clone()),
        ("icon.svg", _) => ("image/svg+xml", FAVICON.to_owned()),
        (_, Some((_, script))) => ("text/javascript; charset=utf-8", (*script).to_owned()),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)], text).into_response()
}
