//! A real browser, led over the WebDriver protocol: Chromium with its ChromeDriver.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// How long the page may take to show something.
const PATIENCE: Duration = Duration::from_secs(20);

/// A browser of a test's own, closed when it is dropped.
pub struct Browser {
    driver: Child,
    agent: ureq::Agent,
    session: String,
    _profile: TempDir,
}

impl Browser {
    /// Opens a browser; none, and a word about it, where there is none.
    pub fn open() -> Option<Self> {
        let mut command = Command::new("chromedriver");
        let driver = command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut driver) = driver else {
            eprintln!("skipped: Chromium and its driver are not installed (Debian's package chromium-driver)");
            return None;
        };
        let mut lines =
            BufReader::new(driver.stdout.take().expect("its output is taken")).lines().map_while(Result::ok);
        let port = lines
            .by_ref()
            .filter_map(|line| line.rsplit_once("on port ")?.1.trim_end_matches('.').parse::<u16>().ok())
            .find(|port| *port != 0)
            .expect("it says where it listens");
        // it writes on, and would end if nobody read it
        std::thread::spawn(move || lines.for_each(drop));
        let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE * 2));
        let profile = tempfile::tempdir().unwrap();
        let agent = config.build().into();
        let session = format!("http://127.0.0.1:{port}/session");
        let mut browser = Self { driver, agent, session, _profile: profile };
        let arguments = [
            "--headless",
            // where tests run as root, or in a container, there is no sandbox to be had
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &format!("--user-data-dir={}", browser._profile.path().display()),
        ];
        let asked = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let answer = browser.send("", &asked);
        let Some(id) = answer["sessionId"].as_str() else {
            eprintln!("skipped: the browser does not open: {answer}");
            return None;
        };
        browser.session = format!("{}/{id}", browser.session);
        Some(browser)
    }

    fn send(&self, path: &str, body: &Value) -> Value {
        let request = self.agent.post(format!("{}{path}", self.session)).header("content-type", "application/json");
        let mut answer = request.send(body.to_string()).expect("the driver answers");
        let text = answer.body_mut().read_to_string().expect("the answer is text");
        serde_json::from_str::<Value>(&text).unwrap_or_else(|error| panic!("{error}: {text}"))["value"].clone()
    }

    fn devtools(&self, command: &str, with: &Value) {
        let answer = self.send("/goog/cdp/execute", &json!({"cmd": command, "params": with}));
        assert!(answer.get("error").is_none(), "{answer}");
    }

    /// Opens a page anew.
    pub fn go(&self, url: &str) {
        // an address that differs in its fragment alone is no new page
        self.send("/url", &json!({"url": "about:blank"}));
        let answer = self.send("/url", &json!({"url": url}));
        assert!(answer.is_null(), "{answer}");
    }

    /// What the body of a function comes to in the page.
    pub fn js(&self, script: &str) -> Value {
        self.js_with(script, &Value::Null)
    }

    /// The same of a function that is given something, `arguments[0]`.
    pub fn js_with(&self, script: &str, given: &Value) -> Value {
        let answer = self.send("/execute/sync", &json!({"script": script, "args": [given]}));
        assert!(answer.get("stacktrace").is_none(), "{script}: {answer}");
        answer
    }

    /// The text that people see of all elements that a selector finds, without white space around it.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let script = format!("return [...document.querySelectorAll({selector:?})].map((one) => one.innerText.trim())");
        serde_json::from_value(self.js(&script)).unwrap()
    }

    /// Waits until an expression holds in the page.
    pub fn until(&self, holds: &str) {
        let began = Instant::now();
        while self.js(&format!("return Boolean({holds})")) != json!(true) {
            let seen = || self.js("return document.body.innerText");
            assert!(began.elapsed() < PATIENCE, "not within {PATIENCE:?}: {holds}\n{}", seen());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until the page shows a text.
    pub fn sees(&self, text: &str) {
        self.until(&format!("document.body.innerText.includes({text:?})"));
    }

    /// Presses keys, one after the other.
    pub fn press(&self, keys: &str) {
        let actions: Vec<Value> = keys
            .chars()
            .flat_map(|key| ["keyDown", "keyUp"].map(|does| json!({"type": does, "value": key.to_string()})))
            .collect();
        let answer = self.send("/actions", &json!({"actions": [{"type": "key", "id": "keys", "actions": actions}]}));
        assert!(answer.is_null(), "{answer}");
    }

    /// Makes the window so wide.
    pub fn wide(&self, width: u32) {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Says which colours its user likes: `light` or `dark`.
    pub fn likes(&self, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.devtools("Emulation.setEmulatedMedia", &json!({"features": features}));
    }

    /// Says which languages its user reads, the best first, with commas between.
    pub fn reads(&self, languages: &str) {
        let agent = self.js("return navigator.userAgent");
        self.devtools("Emulation.setUserAgentOverride", &json!({"userAgent": agent, "acceptLanguage": languages}));
    }

    /// What the console has complained of since it was last asked.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.send("/se/log", &json!({"type": "browser"}));
        let lines = log.as_array().expect("a log").iter().filter(|line| line["level"] == "SEVERE");
        lines.map(|line| line["message"].to_string()).collect()
    }
}

/// Keys that have no letter.
pub mod key {
    pub const TAB: &str = "\u{e004}";
    pub const ENTER: &str = "\u{e007}";
    pub const ESCAPE: &str = "\u{e00c}";
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
