//! Styles and scripts, embedded in the program and served under names that change with their content.

use std::{fmt::Write as _, sync::LazyLock};

use axum::{
    extract::Path,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use crate::{
    error::Problem,
    route::{Access, Route},
};

/// A named asset is never changed under its name, so a browser may keep it for a year.
const KEEP_FOR_EVER: &str = "public, max-age=31536000, immutable";
/// The icon has one name only; a day is long enough to save requests and short enough to follow an upgrade.
const KEEP_FOR_A_DAY: &str = "public, max-age=86400";
/// Hexadecimal digits of the digest that stand in a name.
const DIGEST_DIGITS: usize = 12;

/// The files that `build.rs` leaves in `OUT_DIR/assets`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asset {
    Styles,
    Script,
    Htmx,
    Logo,
    /// Drafts of a visit while the network is gone.
    Visit,
}

const ALL: [Asset; 5] = [Asset::Styles, Asset::Script, Asset::Htmx, Asset::Logo, Asset::Visit];

impl Asset {
    /// The content as it is served.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Styles => include_bytes!(concat!(env!("OUT_DIR"), "/assets/bihuan.css")),
            Self::Script => include_bytes!(concat!(env!("OUT_DIR"), "/assets/bihuan.js")),
            Self::Htmx => include_bytes!(concat!(env!("OUT_DIR"), "/assets/htmx.js")),
            Self::Logo => include_bytes!(concat!(env!("OUT_DIR"), "/assets/logo.svg")),
            Self::Visit => include_bytes!(concat!(env!("OUT_DIR"), "/assets/visit.js")),
        }
    }

    /// The address of the asset, with the digest of its content in the name: `/assets/bihuan-0a1b2c3d4e5f.css`.
    pub fn url(self) -> &'static str {
        static URLS: LazyLock<[String; 5]> =
            LazyLock::new(|| ALL.map(|asset| format!("/assets/{}", asset.hashed_name())));
        &URLS[self as usize]
    }

    fn hashed_name(self) -> String {
        let (stem, ending) = match self {
            Self::Styles => ("bihuan", "css"),
            Self::Script => ("bihuan", "js"),
            Self::Htmx => ("htmx", "js"),
            Self::Logo => ("logo", "svg"),
            Self::Visit => ("visit", "js"),
        };
        let mut digest = String::new();
        for byte in Sha256::digest(self.bytes()) {
            write!(digest, "{byte:02x}").expect("BUG: writing to a string cannot fail");
        }
        digest.truncate(DIGEST_DIGITS);
        format!("{stem}-{digest}.{ending}")
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Styles => "text/css; charset=utf-8",
            Self::Script | Self::Htmx | Self::Visit => "text/javascript; charset=utf-8",
            Self::Logo => "image/svg+xml",
        }
    }

    fn serve(self, keep: &'static str) -> Response {
        ([(CONTENT_TYPE, self.content_type()), (CACHE_CONTROL, keep)], self.bytes()).into_response()
    }
}

/// The routes of the embedded files. They are open to everybody: the sign-in page needs them.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Vec<Route<S>> {
    vec![
        Route::get("/assets/{name}", "asset.show", "样式、脚本和图标", show).access(Access::Public),
        Route::get("/favicon.ico", "asset.icon", "网站图标", icon).access(Access::Public),
    ]
}

async fn show(Path(name): Path<String>) -> Result<Response, Problem> {
    let wanted = format!("/assets/{name}");
    let asset = ALL.into_iter().find(|asset| asset.url() == wanted).ok_or(Problem::NotFound)?;
    Ok(asset.serve(KEEP_FOR_EVER))
}

async fn icon() -> Response {
    Asset::Logo.serve(KEEP_FOR_A_DAY)
}
