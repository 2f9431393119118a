//! `leadpact feed`: events from a file to a service.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, BufRead as _, BufReader};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::Exit;
use super::common::{failed, input};
use crate::io::{Format, InputForm, Rows, rows};
use crate::leads::UnreadableCells;
use crate::service::{Accepted, RejectedRow};

/// How often a request is tried that did not reach the service, or found it busy.
const TRIES: u32 = 5;

/// Send events to a service
///
/// Rows that the service does not take are named with their line; the rest goes on. Sending a file twice changes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  leadpact feed rules/acme/events.ndjson")]
pub(super) struct Feed {
    /// Events: NDJSON, JSON, CSV or XLSX; `-` for the standard input
    #[arg(value_name = "EVENTS")]
    file: PathBuf,
    /// The `source` of the pact that says what the columns mean
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// The sheet of a workbook
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The row of a sheet or line of a CSV file that names the columns; the first when absent
    #[arg(long, value_name = "N")]
    header_row: Option<u32>,
    /// Where the service is
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7878", env = "LEADPACT_URL")]
    to: String,
    /// A token with the role `write`
    #[arg(long, value_name = "TOKEN", env = "LEADPACT_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// How many events go into one request
    #[arg(long, value_name = "N", default_value_t = 1000)]
    batch: usize,
}

impl Feed {
    pub(super) fn run(self) -> io::Result<Exit> {
        let mut rows = self.open()?;
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .into();
        let mut sum = Accepted::default();
        let (mut unread, mut leads, mut unused) = (0_u64, BTreeSet::new(), BTreeSet::new());
        let mut unreadable: BTreeMap<String, UnreadableCells> = BTreeMap::new();
        // a number that the standard library draws: another in each run
        let run = RandomState::new().hash_one(());
        for part in 1_u64.. {
            let mut lines = Vec::new();
            let mut body = Vec::new();
            for row in rows.by_ref().take(self.batch.max(1)) {
                match row {
                    Ok(row) => {
                        lines.push(row.line);
                        serde_json::to_writer(&mut body, &row)?;
                        body.push(b'\n');
                    }
                    Err(reject) => {
                        unread += 1;
                        errln!("{}: {reject}", self.file.display());
                    }
                }
            }
            if lines.is_empty() {
                break;
            }
            // each part is known by itself when it is sent again, and not taken for another that is alike
            let key = format!("feed-{run:016x}-{}", part);
            let accepted = self.send(&agent, &key, &body)?;
            sum.accepted += accepted.accepted;
            sum.known += accepted.known;
            leads.extend(accepted.leads);
            unused.extend(accepted.unused);
            // rows are numbered anew in each request
            let line_of = |line: u64| {
                let at = usize::try_from(line).ok().and_then(|line| lines.get(line.checked_sub(1)?)).copied();
                at.unwrap_or(line)
            };
            for cells in accepted.unreadable {
                let line = line_of(cells.line);
                let known = unreadable.entry(cells.column.clone());
                known.and_modify(|known| known.cells += cells.cells).or_insert(UnreadableCells { line, ..cells });
            }
            for row in &accepted.rejected {
                errln!("{}: line {}: {}", self.file.display(), line_of(row.line), row.reason);
            }
            sum.rejected.extend(accepted.rejected);
        }
        if !unused.is_empty() {
            let unused: Vec<String> = unused.into_iter().collect();
            errln!("of these columns the pact knows nothing: {}", unused.join(", "));
        }
        unreadable.values().for_each(|cells| errln!("{cells}"));
        let rejected = sum.rejected.len() as u64 + unread;
        outln!("{} new, {} known already, {rejected} rejected, of {} leads", sum.accepted, sum.known, leads.len());
        Ok(if rejected > 0 || rows.cut_short() { Exit::Findings } else { Exit::Good })
    }

    /// Sends events until the service has said what became of them.
    fn send(&self, agent: &ureq::Agent, key: &str, body: &[u8]) -> io::Result<Accepted> {
        let mut url = format!("{}/v1/events", self.to.trim_end_matches('/'));
        if let Some(source) = &self.source {
            url.push_str("?source=");
            url.push_str(source);
        }
        let mut last = String::new();
        for attempt in 0..TRIES {
            std::thread::sleep(Duration::from_millis(200) * attempt.pow(2));
            let request = agent.post(&url).header("content-type", "application/x-ndjson");
            let mut request = request.header("idempotency-key", key);
            if let Some(token) = &self.token {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            let mut response = match request.send(body) {
                Ok(response) => response,
                Err(error) => {
                    last = format!("{}: {error}: is `leadpact serve` running there?", self.to);
                    continue;
                }
            };
            let status = response.status().as_u16();
            let text = response.body_mut().read_to_string().map_err(io::Error::other)?;
            match status {
                200 => return serde_json::from_str(&text).map_err(io::Error::other),
                // the one event of the request
                422 if text.contains("urn:leadpact:problem:bad-row") => {
                    let rejected = vec![RejectedRow { line: 1, reason: problem(&text) }];
                    return Ok(Accepted { rejected, ..Accepted::default() });
                }
                503 => last = problem(&text),
                _ => return Err(io::Error::other(format!("{}: {}", self.to, problem(&text)))),
            }
        }
        Err(io::Error::other(last))
    }
}

/// What a problem says.
fn problem(text: &str) -> String {
    let read: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    match read.get("detail").and_then(|detail| detail.as_str()) {
        Some(detail) => detail.to_owned(),
        None => format!("it does not answer as leadpact does: {}", text.chars().take(200).collect::<String>()),
    }
}

impl Feed {
    fn open(&self) -> io::Result<Rows> {
        let name = self.file.display().to_string();
        let mut input = BufReader::new(input(&name)?);
        let format = match input.fill_buf()?.trim_ascii_start().first() {
            Some(b'{') => Some(Format::Ndjson),
            _ => None,
        };
        let form = InputForm { format, sheet: self.sheet.as_deref(), header: self.header_row };
        rows(Box::new(input), &name, form).map_err(|error| failed(&name, &error))
    }
}
