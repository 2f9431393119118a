//! The pact in force as a document, and the flow of leads through it.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::language::locale;
use super::problem::Problem;
use super::query::Query;
use super::{App, beside};
use crate::pact::{Pact, Pipeline, Stage};
use crate::span::Span;

/// `GET /v1/flow`: pipelines and stages, with how many leads are in each.
pub(super) async fn flow(State(shared): App, query: Query) -> Result<Json<Value>, Problem> {
    query.end()?;
    beside(move || {
        let pact = shared.service.pact().ok_or_else(Problem::broken)?;
        shared.up_to_date()?;
        let counts = shared.service.stage_counts()?;
        let count = |pipeline: &str, stage: &str| {
            let found = counts.iter().find(|(p, s, ..)| p == pipeline && s == stage);
            found.map_or((0, 0), |(_, _, leads, resting)| (*leads, *resting))
        };
        let pipelines = pact.pipelines.iter().map(|pipeline| {
            let stages = pipeline.stages.iter().map(|stage| {
                let (leads, resting) = count(&pipeline.name, &stage.name);
                json!({
                    "name": stage.name,
                    "label": label(&stage.description, &stage.name),
                    "owner": stage.owner,
                    "final": stage.is_final,
                    "leads": leads,
                    "resting": resting,
                    "moves": moves(&pact, pipeline, stage),
                })
            });
            let stages: Vec<Value> = stages.collect();
            json!({"name": pipeline.name, "label": label(&pipeline.description, &pipeline.name), "stages": stages})
        });
        let scores: Vec<&str> = pact.scores.iter().map(|score| &*score.name).collect();
        Ok(Json(json!({"pipelines": pipelines.collect::<Vec<Value>>(), "scores": scores})))
    })
    .await
}

fn moves(pact: &Pact, pipeline: &Pipeline, stage: &Stage) -> Vec<Value> {
    let to = |step: &crate::pact::Move| {
        let to = pipeline.stages.get(step.to.stage as usize).map(|stage| stage.name.clone());
        json!({"to": to, "words": pact.clause(step.span).says})
    };
    stage.moves.iter().map(to).collect()
}

/// What the pact says that it is, or its name in words.
fn label(description: &str, name: &str) -> String {
    if description.is_empty() { words(name) } else { description.to_owned() }
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// `GET /v1/pact`: the pact as a document.
pub(super) async fn pact(State(shared): App, query: Query) -> Result<Json<Value>, Problem> {
    query.end()?;
    beside(move || {
        let pact = shared.in_force.pact();
        let files: Vec<Value> =
            pact.sources.iter().map(|(_, source)| json!({"name": source.name, "text": source.text})).collect();
        let parties: Vec<Value> =
            pact.parties.iter().map(|party| json!({"name": party, "label": words(party)})).collect();
        Ok(Json(json!({
            "name": pact.name,
            "description": pact.description,
            "version": pact.version,
            "digest": pact.digest,
            "environment": pact.environment,
            "parties": parties,
            "files": files,
            "items": items(&pact),
        })))
    })
    .await
}

/// `GET /v1/labels`: what the things of the pact are called in a language.
pub(super) async fn labels(State(shared): App, mut query: Query) -> Result<Json<Value>, Problem> {
    let language = query.take("language").ok_or_else(|| Problem::bad("`language` says whose labels are meant"))?;
    query.end()?;
    beside(move || {
        let pact = shared.in_force.pact();
        let locale = locale(&pact, Some(&language))?;
        Ok(Json(json!({"language": language, "labels": locale.labels()})))
    })
    .await
}

/// The items of the pact, kind by kind, each with its place.
fn items(pact: &Pact) -> Vec<Value> {
    let mut items = Vec::new();
    let mut add = |kind: &str, name: &str, description: &str, span: Span| {
        let clause = pact.clause(span);
        let label = label(description, name);
        items.push(json!({"kind": kind, "name": name, "label": label, "file": clause.file, "line": clause.line}));
    };
    for pipeline in &pact.pipelines {
        add("pipeline", &pipeline.name, &pipeline.description, pipeline.span);
        for stage in &pipeline.stages {
            add("stage", &stage.name, &stage.description, stage.span);
        }
    }
    for item in &pact.criteria {
        add("criteria", &item.name, &item.description, item.span);
    }
    for item in &pact.scores {
        add("score", &item.name, &item.description, item.span);
    }
    for item in &pact.values {
        add(if item.is_band() { "band" } else { "value" }, &item.name, &item.description, item.span);
    }
    for item in &pact.handoffs {
        let name = format!("{} to {}", pact[item.from].name, pact[item.to].name);
        add("handoff", &name, &item.description, item.span);
    }
    for item in &pact.routes {
        add("route", &item.name, &item.description, item.span);
    }
    for item in &pact.teams {
        add("team", &item.name, &item.description, item.span);
    }
    for item in &pact.slas {
        add("sla", &item.name, &item.description, item.span);
    }
    for item in &pact.recycles {
        add("recycle", &item.name, &item.description, item.span);
    }
    for item in &pact.calendars {
        add("calendar", &item.name, &item.description, item.span);
    }
    for item in &pact.terms {
        add("term", &item.name, &item.description, item.span);
    }
    items
}
