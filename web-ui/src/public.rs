//! The public mode: the pages for reading on the internet, behind a server that speaks HTTPS.
//!
//! Built from tables without a handler that writes, it shows the library and nothing of the computer
//! that it runs on, and tells caches, search engines and readers of feeds what they need to know.

pub(crate) mod atom;
pub(crate) mod caching;
pub(crate) mod linked;
pub(crate) mod meta;
pub(crate) mod sitemap;

use axum::http::Uri;
use axum::http::uri::Scheme;

/// The address under which the internet knows a node that is published: scheme and host, no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicAddress {
    base: String,
    host: String,
    secure: bool,
}

/// An address under which nothing can be published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a public address is a scheme and a host, such as https://dosvid.example.ua, and not {0:?}")]
pub struct BadPublicAddress(pub String);

impl PublicAddress {
    /// Reads an address such as `https://dosvid.example.ua`.
    ///
    /// # Errors
    /// If it is something else, or more than that.
    pub fn parse(address: &str) -> Result<Self, BadPublicAddress> {
        let bad = || BadPublicAddress(address.to_owned());
        let uri: Uri = address.trim().parse().map_err(|_| bad())?;
        let secure = uri.scheme() == Some(&Scheme::HTTPS);
        let authority = uri.authority().ok_or_else(bad)?;
        let usual = if secure { 443 } else { 80 };
        let bare = uri.path().trim_end_matches('/').is_empty() && uri.query().is_none();
        if !(secure || uri.scheme() == Some(&Scheme::HTTP)) || !bare || authority.as_str().contains('@') {
            return Err(bad());
        }
        let name = authority.host().to_ascii_lowercase();
        // What is no port of a machine is not taken for one by the parser, and is left in the text.
        let has_port = authority.as_str().len() > name.len();
        // Browsers leave out the port that the scheme implies.
        let host = match authority.port_u16() {
            None if has_port => return Err(bad()),
            Some(port) if port != usual => format!("{name}:{port}"),
            _ => name,
        };
        let scheme = if secure { "https" } else { "http" };
        Ok(Self { base: format!("{scheme}://{host}"), host, secure })
    }

    /// The address without a slash at its end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The one value of `Host` that follows from it.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether it is reached over HTTPS only.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.secure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_scheme_and_a_host() {
        let read = |address| PublicAddress::parse(address).map(|read| (read.base, read.host, read.secure));
        let told = |base: &str, host: &str, secure| Ok((base.to_owned(), host.to_owned(), secure));
        assert_eq!(read("https://Dosvid.example.ua/"), told("https://dosvid.example.ua", "dosvid.example.ua", true));
        assert_eq!(read("https://dosvid.example.ua:443"), told("https://dosvid.example.ua", "dosvid.example.ua", true));
        assert_eq!(read("http://127.0.0.1:8080"), told("http://127.0.0.1:8080", "127.0.0.1:8080", false));
        assert_eq!(read("http://[::1]:80"), told("http://[::1]", "[::1]", false));
    }

    #[test]
    fn anything_more_or_else_is_refused() {
        for address in [
            "",
            "dosvid.example.ua",
            "//dosvid.example.ua",
            "ftp://dosvid.example.ua",
            "https://dosvid.example.ua/library",
            "https://dosvid.example.ua/?x=1",
            "https://user@dosvid.example.ua",
            "https://dosvid.example.ua:99999",
            "https://досвід.укр",
            "https://",
        ] {
            assert_eq!(PublicAddress::parse(address), Err(BadPublicAddress(address.into())));
        }
    }
}
