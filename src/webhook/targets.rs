//! The operator's file of webhooks: who receives what. Only what stands there is ever called.
//!
//! ```yaml
//! webhooks:
//!   - name: crm
//!     url: https://crm.example.com/hooks/leadpact
//!     secret_file: crm.secret      # beside this file, a secret on each line; all sign, the newest stands first
//!     effects: [breach, move]   # all, when left out
//!     private: true                # it may be in one's own network, and without https; false, when left out
//!     timeout: 10s                 # of an attempt as a whole; this much, when left out
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_yaml::{Mapping, Value as Yaml};
use ureq::http::Uri;

use super::guard::admit;
use super::{EffectTopic, Finding, Secret, Target};
use crate::diagnostic::{Severity, closest};
use crate::private;

const KEYS: [&str; 6] = ["name", "url", "secret_file", "effects", "private", "timeout"];

/// How long an attempt may take where the file does not say.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The shortest and longest that an attempt may be given.
const TIMEOUTS: std::ops::RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_secs(60);

/// The most bytes that a file may have.
const MOST: usize = 1024 * 1024;

/// What reading the file gives: every finding, and the receivers when none of them is an error.
#[derive(Debug)]
pub struct LoadedTargets {
    /// The receivers in the order of the file; none when an error stands against it.
    pub targets: Option<Vec<Target>>,
    /// Every finding, in the order of the file.
    pub findings: Vec<Finding>,
}

/// Reads the file of webhooks, and the secrets that it names.
pub fn load(file: &Path) -> LoadedTargets {
    let mut reading = Reading { file, findings: Vec::new() };
    let targets = reading.whole();
    let findings = reading.findings;
    let good = findings.iter().all(|finding| finding.severity != Severity::Error);
    LoadedTargets { targets: targets.filter(|_| good), findings }
}

struct Reading<'a> {
    file: &'a Path,
    findings: Vec<Finding>,
}

impl Reading<'_> {
    fn find(&mut self, severity: Severity, file: &Path, message: String, help: impl Into<String>) {
        self.findings.push(Finding { severity, file: file.to_owned(), message, help: help.into() });
    }

    fn wrong(&mut self, message: String, help: impl Into<String>) {
        let file = self.file;
        self.find(Severity::Error, file, message, help);
    }

    fn whole(&mut self) -> Option<Vec<Target>> {
        let shape = "write `webhooks:` and under it a list, each entry with `name`, `url` and `secret_file`";
        let text = match private::read(self.file, MOST) {
            Ok(text) => text,
            Err(why) => {
                self.wrong(
                    format!("it cannot be read: {why}"),
                    "name a file that is there and that nobody else can read or write",
                );
                return None;
            }
        };
        let mut top = match serde_yaml::from_str(&text) {
            Ok(Yaml::Mapping(top)) => top,
            Ok(_) => {
                self.wrong("it holds no list of webhooks".into(), shape);
                return None;
            }
            Err(error) => {
                self.wrong(format!("it is not YAML: {error}"), "put right what stands at that line");
                return None;
            }
        };
        let entries = match top.remove("webhooks") {
            Some(Yaml::Sequence(entries)) => entries,
            _ => {
                self.wrong("it holds no list of webhooks".into(), shape);
                Vec::new()
            }
        };
        self.unknown("", &top, &["webhooks"]);
        let mut names = BTreeMap::new();
        let mut targets = Vec::new();
        for (entry, at) in entries.into_iter().zip(1..) {
            let Yaml::Mapping(keys) = entry else {
                self.wrong(format!("webhook {at} is no list of keys and values"), shape);
                continue;
            };
            targets.extend(self.target(keys, at, &mut names));
        }
        Some(targets)
    }

    fn target(&mut self, mut keys: Mapping, at: usize, names: &mut BTreeMap<Arc<str>, usize>) -> Option<Target> {
        let named = keys.get("name").and_then(Yaml::as_str).filter(|name| !name.is_empty());
        let who = named.map_or_else(|| format!("webhook {at}"), |name| format!("webhook `{name}`"));
        let name = self.needed(&mut keys, &who, "name", "a text that names this receiver alone");
        let url = self.needed(&mut keys, &who, "url", "an address such as `https://crm.example.com/hooks`");
        let secret_file = self.needed(&mut keys, &who, "secret_file", "the name of a file beside this one");
        let effects = self.key(&mut keys, &who, "effects", "a list of words such as `[alert, move]`");
        let private = self.key(&mut keys, &who, "private", "`true` or `false`");
        let timeout = self.key(&mut keys, &who, "timeout", "a duration such as `10s`");
        self.unknown(&format!("{who}: "), &keys, &KEYS);

        let name = name.and_then(|name| self.name(&who, &name, at, names));
        // where it is not known whether it is private, nothing is said that may not hold
        let open = !matches!(private, Ok(None | Some(false)));
        let url = url.and_then(|url| self.url(&who, &url, open));
        let secrets = secret_file.and_then(|name| self.secrets(&name));
        let effects = effects.ok().map(|effects| self.effects(&who, effects));
        let timeout = timeout.ok().and_then(|timeout| self.timeout(&who, timeout));
        let private = private.ok()?.unwrap_or(false);
        Some(Target { name: name?, url: url?, secrets: secrets?, effects: effects?, private, timeout: timeout? })
    }

    fn unknown(&mut self, who: &str, keys: &Mapping, known: &[&str]) {
        for key in keys.keys() {
            let key = key.as_str().map_or_else(|| format!("{key:?}"), str::to_owned);
            let help = match closest(&key, known.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("take it out; there are {}", list(known)),
            };
            self.wrong(format!("{who}the key `{key}` is not known"), help);
        }
    }

    /// What a key holds: nothing where it is absent, and an error where it holds something else.
    fn key<T: DeserializeOwned>(
        &mut self,
        keys: &mut Mapping,
        who: &str,
        key: &str,
        form: &str,
    ) -> Result<Option<T>, ()> {
        let Some(value) = keys.shift_remove(key) else { return Ok(None) };
        serde_yaml::from_value(value).map(Some).map_err(|_| {
            self.wrong(format!("{who}: what stands at `{key}` does not fit"), format!("write {form}"));
        })
    }

    fn needed(&mut self, keys: &mut Mapping, who: &str, key: &str, form: &str) -> Option<String> {
        let value = self.key(keys, who, key, form).ok()?;
        if value.is_none() {
            self.wrong(format!("{who}: it has no `{key}`"), format!("add `{key}:` and {form}"));
        }
        value
    }

    fn name(&mut self, who: &str, name: &str, at: usize, names: &mut BTreeMap<Arc<str>, usize>) -> Option<Arc<str>> {
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || name.chars().count() > 64 || !name.chars().all(fits) {
            self.wrong(format!("{who}: its name is no name"), "use up to 64 letters, digits, `-`, `_` and `.`");
            return None;
        }
        let name: Arc<str> = name.into();
        if let Some(first) = names.insert(name.clone(), at) {
            names.insert(name.clone(), first);
            let help = format!("webhook {first} of the list has the name already: give this one another");
            self.wrong(format!("{who}: webhook {at} of the list has a name that is taken"), help);
        }
        Some(name)
    }

    fn url(&mut self, who: &str, url: &str, private: bool) -> Option<Uri> {
        let form = "write it as `https://host/path`; letters beyond ASCII as punycode in the host, with % elsewhere";
        let parsed = url.parse::<Uri>().ok().filter(|uri| uri.host().is_some_and(|host| !host.is_empty()));
        let Some(uri) = parsed.filter(|_| !url.contains('#')) else {
            self.wrong(format!("{who}: its url cannot be called"), form);
            return None;
        };
        let good = self.findings.len();
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if private => {}
            Some("http") => {
                let help = "use https; a receiver in your own network can do without when you say `private: true`";
                self.wrong(format!("{who}: its url is not https"), help);
            }
            _ => self.wrong(format!("{who}: its url is not https"), form),
        }
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            let help = "take both out: the signature says who sends";
            self.wrong(format!("{who}: its url holds a user or password"), help);
        }
        if uri.port_u16().is_none_or(|port| port == 0)
            && uri.authority().is_some_and(|authority| ends_in_port(authority.as_str()))
        {
            let help = "write a port from 1 to 65535, or leave it out";
            self.wrong(format!("{who}: its url has no port that there is"), help);
        }
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        if let Ok(Err(forbidden)) = host.parse::<IpAddr>().map(|address| admit(address, private)) {
            let help = "name the receiver's public address, or say `private: true` where it is in your own network";
            self.wrong(format!("{who}: {forbidden}"), help);
        }
        (self.findings.len() == good).then_some(uri)
    }

    fn effects(&mut self, who: &str, words: Option<Vec<String>>) -> BTreeSet<EffectTopic> {
        let Some(words) = words else { return EffectTopic::ALL.into() };
        if words.is_empty() {
            self.wrong(format!("{who}: its effects are none"), "name some, or leave `effects` out for all");
        }
        let known = EffectTopic::ALL.map(EffectTopic::word);
        let mut effects = BTreeSet::new();
        for word in words {
            if let Some(effect) = EffectTopic::named(&word) {
                effects.insert(effect);
                continue;
            }
            let help = match closest(&word, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("there are {}", list(&known)),
            };
            self.wrong(format!("{who}: the effect `{word}` is not known"), help);
        }
        effects
    }

    fn timeout(&mut self, who: &str, text: Option<String>) -> Option<Duration> {
        let Some(text) = text else { return Some(TIMEOUT) };
        let timeout = text.parse::<jiff::SignedDuration>().ok().and_then(|timeout| timeout.try_into().ok());
        let timeout = timeout.filter(|timeout| TIMEOUTS.contains(timeout));
        if timeout.is_none() {
            let help = "write a duration such as `10s`, from `100ms` to `60s`";
            self.wrong(format!("{who}: its timeout `{text}` does not fit"), help);
        }
        timeout
    }

    fn secrets(&mut self, name: &str) -> Option<Vec<Secret>> {
        let file = self.file.parent().unwrap_or(Path::new("")).join(name);
        let help = "put a random text of at least 24 characters there, or `whsec_` and base64";
        let text = match private::read(&file, MOST) {
            Ok(text) => text,
            Err(why) => {
                self.find(Severity::Error, &file, format!("the secret cannot be read: {why}"), help);
                return None;
            }
        };
        let mut secrets = Vec::new();
        for (line, at) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
            match Secret::parse(line.trim()) {
                Ok(secret) => secrets.push(secret),
                Err(why) => self.find(Severity::Error, &file, format!("line {at}: {why}"), help),
            }
        }
        if text.trim().is_empty() {
            self.find(Severity::Error, &file, "it holds no secret".into(), help);
        }
        Some(secrets).filter(|secrets| !secrets.is_empty())
    }
}

/// Whether an authority has a port, whatever number it is: a `:` behind the brackets of an IPv6 address.
fn ends_in_port(authority: &str) -> bool {
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    authority.rsplit_once(']').map_or(authority, |(_, rest)| rest).contains(':')
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
