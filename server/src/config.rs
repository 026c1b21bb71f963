//! Flags and environment variables of the server; `--help` is their reference.
//!
//! Owns what can be asked for and whether it makes sense; starts nothing.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use signaling_protocol::IceServer;

use crate::http::AllowedOrigin;
use crate::http::tls::TlsConfig;
use crate::limits::{self, Limits};
use crate::signaling::ice::{self, IceServers};

/// The STUN server of the tutorial.
pub const DEFAULT_STUN: &str = "stun:stun.l.google.com:19302";

/// Where Firebase's own emulator is, too.
pub const DEFAULT_RTDB: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9000);

/// Serves the pages of WebRTC Tour and the signaling of its calls from one address
#[derive(Clone, Debug, Parser)]
#[command(name = "webrtc-tour-server", version, max_term_width = 100)]
pub struct Config {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(
        long,
        env = "WEBRTC_TOUR_LISTEN",
        value_name = "ADDR",
        default_value = "127.0.0.1:8080"
    )]
    pub listen: SocketAddr,

    /// Directory of the static bundle
    #[arg(
        long,
        env = "WEBRTC_TOUR_ASSETS",
        value_name = "DIR",
        default_value = "dist"
    )]
    pub assets: PathBuf,

    /// ICE servers for clients, a JSON array of RTCIceServer; [] for none
    /// [default: the server of --stun's default]
    #[arg(long, env = "WEBRTC_TOUR_ICE_SERVERS", value_name = "JSON")]
    pub ice_servers: Option<IceServers>,

    /// A STUN server for clients, beside those of --ice-servers; may be repeated
    /// [default: stun:stun.l.google.com:19302, unless --ice-servers is given]
    #[arg(long, env = "WEBRTC_TOUR_STUN", value_name = "URL", value_delimiter = ',', value_parser = ice::stun)]
    pub stun: Vec<String>,

    /// Origins whose pages may use this server besides its own, such as `https://pages.example`,
    /// or * for all; may be repeated
    #[arg(
        long,
        env = "WEBRTC_TOUR_ALLOWED_ORIGINS",
        value_name = "ORIGIN",
        value_delimiter = ','
    )]
    pub allowed_origins: Vec<AllowedOrigin>,

    /// Proxies that this server may believe for whom they ask (`X-Forwarded-For`); may be repeated
    #[arg(
        long,
        env = "WEBRTC_TOUR_TRUSTED_PROXIES",
        value_name = "ADDR",
        value_delimiter = ',',
        default_value = "127.0.0.1,::1"
    )]
    pub trusted_proxies: Vec<IpAddr>,

    /// Form of the log on stderr; RUST_LOG sets what is logged
    #[arg(
        long,
        env = "WEBRTC_TOUR_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text"
    )]
    pub log_format: LogFormat,

    #[command(flatten)]
    pub rtdb: RtdbConfig,

    #[command(flatten)]
    pub tls: TlsConfig,

    #[command(flatten)]
    pub limits: Limits,
}

/// Where the Realtime Database is, besides `/rtdb`.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Realtime Database")]
pub struct RtdbConfig {
    /// Address and port where the database is at the root, as clients made for Firebase expect it,
    /// and where `Authorization: Bearer owner` is its administrator; none for no such place
    /// [default: 127.0.0.1:9000, unless that is in use]
    #[arg(
        long = "rtdb-listen",
        id = "rtdb-listen",
        env = "WEBRTC_TOUR_RTDB_LISTEN",
        value_name = "ADDR"
    )]
    pub listen: Option<RtdbListen>,

    /// Keeps the database in this file; without it, it is empty at each start
    #[arg(
        long = "rtdb-file",
        id = "rtdb-file",
        env = "WEBRTC_TOUR_RTDB_FILE",
        value_name = "FILE"
    )]
    pub file: Option<PathBuf>,

    /// Security rules in Firebase's form [default: those of this project's signaling]
    #[arg(
        long = "rtdb-rules",
        id = "rtdb-rules",
        env = "WEBRTC_TOUR_RTDB_RULES",
        value_name = "FILE"
    )]
    pub rules: Option<PathBuf>,

    /// How long a token of the database is valid; clients renew it before
    #[arg(
        long = "rtdb-token-lifetime",
        id = "rtdb-token-lifetime",
        env = "WEBRTC_TOUR_RTDB_TOKEN_LIFETIME",
        value_name = "TIME",
        default_value = "1h",
        value_parser = limits::seconds
    )]
    pub token_lifetime: Duration,

    /// Whether the server removes participants from the database who have gone without a word
    #[arg(
        long = "rtdb-housekeeping",
        id = "rtdb-housekeeping",
        env = "WEBRTC_TOUR_RTDB_HOUSEKEEPING",
        value_name = "BOOL",
        default_value_t = true,
        action = clap::ArgAction::Set
    )]
    pub housekeeping: bool,
}

/// An address, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RtdbListen {
    Nowhere,
    At(SocketAddr),
}

impl FromStr for RtdbListen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self::Nowhere);
        }
        let address = text.parse().map(Self::At);
        address
            .map_err(|_| format!("\"{text}\" is neither an address like {DEFAULT_RTDB} nor none"))
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

impl Config {
    /// What clients are told to use for ICE.
    pub fn ice_servers(&self) -> Vec<IceServer> {
        let default = [DEFAULT_STUN.to_owned()];
        let stun = if self.ice_servers.is_none() && self.stun.is_empty() {
            &default[..]
        } else {
            &self.stun[..]
        };
        let stun = stun.iter().map(|url| IceServer {
            urls: vec![url.clone()],
            username: None,
            credential: None,
        });
        let given = self.ice_servers.iter().flat_map(|list| list.0.clone());
        stun.chain(given).collect()
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use std::net::Ipv6Addr;

    use super::*;

    fn parse(args: &[&str]) -> Result<Config, clap::Error> {
        let args = std::iter::once(&"webrtc-tour-server").chain(args);
        Config::try_parse_from(args)
    }

    #[test]
    fn flags_are_consistent() {
        Config::command().debug_assert();
    }

    #[test]
    fn every_flag_has_its_environment_variable() {
        for arg in Config::command().get_arguments() {
            let flag = arg.get_long().unwrap();
            if matches!(flag, "help" | "version") {
                continue;
            }
            let expected = format!("WEBRTC_TOUR_{}", flag.to_uppercase().replace('-', "_"));
            assert_eq!(arg.get_env().unwrap().to_str(), Some(expected.as_str()));
        }
    }

    #[test]
    fn ice_servers_default_to_the_tutorials_and_may_be_none() {
        let urls = |args: &[&str]| -> Vec<String> {
            let servers = parse(args).unwrap().ice_servers();
            servers.into_iter().flat_map(|server| server.urls).collect()
        };
        assert_eq!(urls(&[]), [DEFAULT_STUN]);
        assert!(urls(&["--ice-servers", "[]"]).is_empty());
        assert_eq!(
            urls(&["--stun", "stun:a", "--stun", "stun:b"]),
            ["stun:a", "stun:b"]
        );
        assert_eq!(
            urls(&[
                "--stun",
                "stun:a",
                "--ice-servers",
                r#"[{"urls":"stun:b"}]"#
            ]),
            ["stun:a", "stun:b"]
        );
    }

    #[test]
    fn the_same_machine_may_be_the_proxy_unless_others_are() {
        let loopback: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        assert_eq!(parse(&[]).unwrap().trusted_proxies, loopback);
        let others = parse(&["--trusted-proxies", "192.0.2.1"]).unwrap();
        assert_eq!(others.trusted_proxies.len(), 1);
    }

    #[test]
    fn nonsense_is_refused_with_code_2() {
        for args in [
            &["--listen", "nowhere"][..],
            &["--stun", "http://x"],
            &["--ice-servers", "{"],
            &["--tls-cert", "cert.pem"],
            &["--max-clients", "-1"],
            &["--max-connections", "99999999999999"],
            &["--message-rate", "0"],
            &["--ping-interval", "0s"],
            &["--queue-bytes", "1"],
            &["--max-queued-bytes", "1000"],
            &["--call-capacity", "0"],
            &["--call-capacity", "3"],
            &["--mesh-capacity", "65"],
            &["--max-room-chars", "65"],
            &["--max-name-chars", "101"],
            &["--max-message-bytes", "65537"],
            &["--resume-grace", "0s"],
            &["--allowed-origins", "pages.example"],
            &["--trusted-proxies", "proxy.example"],
            &["--log-format", "xml"],
            &["--rtdb-listen", "nowhere"],
            &["--rtdb-housekeeping", "maybe"],
            &["--rtdb-token-lifetime", "500ms"],
            &["--rtdb-token-lifetime", "1h 1ms"],
            &["--rtdb-max-bytes", "1"],
            &["--unknown"],
        ] {
            let error = parse(args).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{args:?}");
        }
    }
}
