//! What a message says: a CloudEvent.

use serde_json::{Value as Json, json};

use super::EffectTopic;
use crate::time::Instant;

/// The content type of a message: CloudEvents 1.0, JSON format, structured mode.
pub const CONTENT_TYPE: &str = "application/cloudevents+json";

/// A message before it is bytes. The names are those of CloudEvents 1.0.
#[derive(Debug, Clone, PartialEq)]
pub struct WebhookEvent {
    /// The idempotency key: the same for the same event, however often it is sent. A receiver that has seen the pair of
    /// `source` and `id` has seen the event. It is sent as `webhook-id` too, so in visible ASCII without a full stop.
    pub id: String,
    /// Who says it, as a URI reference, such as `/pacts/acme`.
    pub source: String,
    /// What it is about; the `type` is `leadpact.` and its word.
    pub effect: EffectTopic,
    /// When it happened, which is not when it is sent.
    pub time: Instant,
    /// The lead's key, or the digest's name.
    pub subject: String,
    /// All the rest, as JSON.
    pub data: Json,
}

impl WebhookEvent {
    /// The bytes of the message: the same for the same event, since attributes and the keys of `data` keep their order.
    /// They are what is stored, signed and sent.
    pub fn body(&self) -> Vec<u8> {
        let message = json!({
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": format!("leadpact.{}", self.effect.word()),
            "time": self.time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
            "subject": self.subject,
            "datacontenttype": "application/json",
            "data": self.data,
        });
        message.to_string().into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_a_cloud_event_in_the_order_of_its_attributes() {
        let event = WebhookEvent {
            id: "L-1:7".into(),
            source: "/pacts/acme".into(),
            effect: EffectTopic::Alert,
            time: "2026-03-02T09:00:00+03:00".parse().unwrap(),
            subject: "ลีด-1".into(),
            data: json!({"to": "sales", "because": {"file": "a.pact", "line": 7}}),
        };
        let body = r#"{"specversion":"1.0","id":"L-1:7","source":"/pacts/acme","type":"leadpact.alert","#.to_owned()
            + r#""time":"2026-03-02T06:00:00Z","subject":"ลีด-1","datacontenttype":"application/json","#
            + r#""data":{"to":"sales","because":{"file":"a.pact","line":7}}}"#;
        assert_eq!(String::from_utf8(event.body()).unwrap(), body);
    }
}
