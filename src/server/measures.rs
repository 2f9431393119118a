//! The figures that both teams meet over, as of now, and the leads behind them.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::{Extension, Json};
use serde_json::{Value, json};

use super::condition::Condition;
use super::language::locale;
use super::leads::shows_names;
use super::limits::Roles;
use super::problem::Problem;
use super::query::{Key, Query};
use super::tokens::Role;
use super::{App, beside};
use crate::diagnostic::none_named;
use crate::locale::Locale;
use crate::measure::{
    BehindFigure, Dimension, FigurePlace, MeasureReport, ReviewReport, Series, TargetReport, all_metrics, period_named,
    review_series,
};
use crate::pact::{Meeting, MetricId, Pact, Period};
use crate::store::Filter;

/// What is asked, before it is known under which pact it is answered.
struct Asked {
    from: Option<String>,
    to: Option<String>,
    period: Option<Period>,
    by: Vec<String>,
    metrics: Vec<String>,
    condition: Condition,
}

impl Asked {
    fn take(query: &mut Query) -> Result<Self, Problem> {
        let names = |text: Option<String>| -> Vec<String> {
            let names = text.as_deref().unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
            names.map(str::to_owned).collect()
        };
        Ok(Self {
            from: query.take("from"),
            to: query.take("to"),
            period: query.read("period", Period::named)?,
            by: names(query.take("by")),
            metrics: names(query.take("metric")),
            condition: Condition::take(query)?,
        })
    }

    /// What is asked of a pact, for who has these roles.
    fn series(&self, pact: &Pact, roles: &[Role]) -> Result<Series, Problem> {
        may_see(pact, roles, self.by.iter().map(String::as_str))?;
        let instant = |name: &str, text: &Option<String>| {
            let read = |text: &String| {
                pact.zone
                    .read(text)
                    .ok_or_else(|| Problem::bad(format!("`{name}` cannot be `{text}`: it is no instant")))
            };
            text.as_ref().map(read).transpose()
        };
        let (from, to) = (instant("from", &self.from)?, instant("to", &self.to)?);
        if from.zip(to).is_some_and(|(from, to)| from >= to) {
            return Err(Problem::unfit("`from` does not lie before `to`: there is nothing to count"));
        }
        let by = self.by.iter().map(|name| Dimension::named(pact, name).map_err(Problem::unfit));
        let named = self.metrics.iter().map(|name| metric(pact, name).map_err(Problem::unfit));
        let metrics = match self.metrics.is_empty() {
            true => all_metrics(pact),
            false => named.collect::<Result<_, _>>()?,
        };
        let (by, condition) = (by.collect::<Result<_, _>>()?, self.condition.of(pact, roles)?);
        Ok(Series { from, to, period: self.period, by, metrics, condition })
    }
}

fn metric(pact: &Pact, name: &str) -> Result<MetricId, String> {
    let names = || pact.metric_items().map(|metric| &*metric.name);
    pact.metric(name).ok_or_else(|| none_named("metric", name, names()))
}

/// Figures that are split by what is personal say what that is.
fn may_see<'n>(pact: &Pact, roles: &[Role], mut by: impl Iterator<Item = &'n str>) -> Result<(), Problem> {
    let personal = |name: &str| pact.field(name).is_some_and(|field| pact[field].pii);
    if !roles.contains(&Role::Admin) && by.any(personal) { Err(Problem::forbidden(Role::Admin.name())) } else { Ok(()) }
}

/// `GET /v1/measures`: the pact's figures, as `leadpact report` has them.
pub(super) async fn measures(
    State(shared): App,
    Extension(Roles(roles)): Extension<Roles>,
    mut query: Query,
) -> Result<Json<MeasureReport>, Problem> {
    let question = Asked::take(&mut query)?;
    let language = query.take("language");
    query.end()?;
    beside(move || {
        let wants = |pact: &Pact| {
            let series = question.series(pact, &roles)?;
            Ok((vec![series.clone()], series))
        };
        shared.service.figures(wants, |figures, wanted| {
            let locale = locale(figures.pact, language.as_deref())?;
            let mut report = figures.report(wanted, &question.by);
            tell(&locale, &mut report.targets);
            if !question.metrics.is_empty() {
                report.only(&question.metrics);
            }
            Ok(Json(report))
        })
    })
    .await
}

/// Says the levels of targets in a language.
fn tell(locale: &Locale<'_>, targets: &mut [TargetReport]) {
    for target in targets {
        target.level = locale.level(target);
    }
}

/// `GET /v1/measures/{metric}/leads`: the leads behind a figure, the last first.
pub(super) async fn behind(
    State(shared): App,
    Extension(Roles(roles)): Extension<Roles>,
    mut query: Query,
    Key(name): Key,
) -> Result<Json<Value>, Problem> {
    let limit = query.limit()?;
    let question = Asked::take(&mut query)?;
    let period = query.take("in");
    let values = query.take_all("is");
    query.end()?;
    beside(move || {
        let wants = |pact: &Pact| -> Result<_, Problem> {
            let metric = metric(pact, &name).map_err(Problem::missing)?;
            let series = Series { metrics: vec![metric], ..question.series(pact, &roles)? };
            let within = place(pact, &question, period.as_deref(), &values)?;
            Ok((vec![series.clone()], (series, metric, within)))
        };
        let (pact, metric, found) = shared.service.figures(wants, |figures, (series, metric, within)| {
            Ok::<_, Problem>((figures.pact.clone(), metric, figures.behind(&series, metric, &within)))
        })?;
        let all = found.len();
        let shown: Vec<BehindFigure> = found.into_iter().take(limit).collect();
        let keys = shown.iter().map(|behind| pact.folding.fold(behind.lead.trim()).into_owned()).collect();
        let filter = Filter { leads: Some(keys), ..Filter::default() };
        let known = shared.service.read(|store| store.projections(&filter, limit))?;
        let named = shows_names(&pact, &roles);
        let leads = shown.iter().map(|behind| {
            let key = pact.folding.fold(behind.lead.trim());
            let projection = known.iter().find(|(lead, ..)| *lead == *key).map(|(.., known)| known);
            let mut row = serde_json::to_value(behind).unwrap_or_default();
            row["name"] = json!(projection.and_then(|known| known.name.as_ref()).filter(|_| named));
            row["stage"] = json!(projection.and_then(|known| known.stage.as_ref()));
            row
        });
        let leads: Vec<Value> = leads.collect();
        Ok(Json(json!({"metric": pact[metric].name, "because": pact.clause(pact[metric].span), "leads": leads, "found": all})))
    })
    .await
}

/// Which figure is meant.
fn place(
    pact: &Pact,
    question: &Asked,
    period: Option<&str>,
    values: &BTreeMap<String, String>,
) -> Result<FigurePlace, Problem> {
    let first = period.map(|text| {
        let within =
            question.period.ok_or_else(|| Problem::unfit("`in` needs `period`: which day, week or month is meant?"))?;
        period_named(text, within, pact.fiscal_start)
            .ok_or_else(|| Problem::unfit(format!("`in` cannot be `{text}`: no {} is called that", within.name())))
    });
    let value = |name: &String| {
        let missing = || Problem::unfit(format!("`by` names `{name}`, and which is meant? such as `is[{name}]=…`"));
        values.get(name).cloned().ok_or_else(missing)
    };
    let group: Vec<String> = question.by.iter().map(value).collect::<Result<_, _>>()?;
    if let Some(name) = values.keys().find(|name| !question.by.contains(name)) {
        return Err(Problem::unfit(format!("`is[{name}]` needs `by={name}`: what is split by it?")));
    }
    Ok(FigurePlace { period: first.transpose()?, group: (!group.is_empty()).then(|| group.into()) })
}

/// `GET /v1/reviews`: the meetings of the pact.
pub(super) async fn reviews(State(shared): App, mut query: Query) -> Result<Json<Value>, Problem> {
    let language = query.take("language");
    query.end()?;
    beside(move || {
        let pact = shared.service.pact().ok_or_else(Problem::broken)?;
        let locale = locale(&pact, language.as_deref())?;
        let reviews = pact.reviews.iter().map(|review| {
            json!({
                "name": review.name,
                "description": review.description,
                "every": locale.duration(&review.every.to_string()),
                "because": pact.clause(review.span),
            })
        });
        Ok(Json(json!({"reviews": reviews.collect::<Vec<Value>>()})))
    })
    .await
}

/// `GET /v1/reviews/{name}`: a meeting on one page, as `leadpact review` has it.
pub(super) async fn review(
    State(shared): App,
    Extension(Roles(roles)): Extension<Roles>,
    mut query: Query,
    Key(name): Key,
) -> Result<Json<ReviewReport>, Problem> {
    let condition = Condition::take(&mut query)?;
    let language = query.take("language");
    query.end()?;
    beside(move || {
        let wants = |pact: &Pact| {
            let meeting = meeting(pact, &name)?;
            may_see(pact, &roles, meeting.agenda.iter().flat_map(|item| &item.by).map(|name| &**name))?;
            let condition = condition.of(pact, &roles)?;
            // what a review asks by itself is kept up
            let asked = condition.as_ref().map(|met| review_series(pact, meeting, shared.service.now(), Some(met)));
            Ok((asked.unwrap_or_default(), condition))
        };
        shared.service.figures(wants, |figures, condition| {
            let mut report = figures.review(meeting(figures.pact, &name)?, condition.as_ref());
            tell(&locale(figures.pact, language.as_deref())?, &mut report.targets);
            Ok(Json(report))
        })
    })
    .await
}

/// The review of a name.
fn meeting<'p>(pact: &'p Pact, name: &str) -> Result<&'p Meeting, Problem> {
    let names = || pact.reviews.iter().map(|review| &*review.name);
    pact.review(name).ok_or_else(|| Problem::missing(none_named("review", name, names())))
}
