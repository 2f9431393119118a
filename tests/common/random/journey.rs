//! Pipelines, hand-overs, routes, promises and recycles of chance.

use super::condition::Speaker;
use super::text::item;

/// Lengths of business time.
const OPEN_HOURS: [&str; 6] = [
    "25 business minutes",
    "1 business hour",
    "4 business hours",
    "10 business hours",
    "1 business day",
    "3 business days",
];

/// A stage as it is built.
struct Stage {
    name: String,
    last: bool,
    moves: Vec<(usize, String)>,
}

impl Speaker<'_> {
    /// Everything about the way of a lead.
    pub fn journey(&mut self) -> String {
        let mut text = String::new();
        let pipelines = self.dice.between(1, 2);
        let mut all = Vec::new();
        let mut moves: Vec<(String, String)> = Vec::new();
        for at in 0..pipelines {
            let many = self.dice.between(2, 5);
            let mut stages: Vec<Stage> = (0..many)
                .map(|n| Stage { name: format!("stage_{at}_{n}"), last: n + 1 == many, moves: Vec::new() })
                .collect();
            self.moves(&mut stages);
            let named = |to: usize| stages[to].name.clone();
            moves.extend(
                stages.iter().flat_map(|from| from.moves.iter().map(|(to, _)| (from.name.clone(), named(*to)))),
            );
            let mut clauses = Vec::new();
            if at + 1 < pipelines {
                // each lead needs a pipeline, whatever it lacks
                clauses.push(format!("for leads where {} is met", self.condition(1)));
            }
            clauses.extend(stages.iter().map(|stage| self.stage(stage)));
            text.push_str(&item(&format!("pipeline pipeline_{at}"), &clauses));
            all.push(stages);
        }
        moves.sort();
        moves.dedup();
        for (from, to) in moves {
            if self.dice.percent(40) {
                text.push_str(&self.handoff(&from, &to));
            }
        }
        for at in 0..self.dice.between(1, 4) {
            let stages = self.dice.pick(&all);
            let open: Vec<&Stage> = stages.iter().filter(|stage| !stage.last).collect();
            let (on, to) = (self.dice.pick(&open).name.clone(), self.dice.pick(stages).name.clone());
            text.push_str(&self.promise(at, &on, &to));
        }
        for at in 0..self.dice.between(0, 2) {
            let stages = self.dice.pick(&all);
            let names: Vec<String> = stages.iter().map(|stage| stage.name.clone()).collect();
            text.push_str(&self.recycle(at, &names));
        }
        text
    }

    /// Each stage leads to the next, perhaps on or back besides. A way back takes time or an answer, so that no lead goes
    /// round at one instant.
    fn moves(&mut self, stages: &mut [Stage]) {
        let many = stages.len();
        for (at, stage) in stages.iter_mut().enumerate().take(many - 1) {
            for n in 0..self.dice.between(1, 3) {
                let to = if n == 0 { at + 1 } else { (at + self.dice.between(1, many - 1)) % many };
                let step = match (to > at, self.dice.below(6)) {
                    (true, 0) => format!("after {}", self.wait()),
                    (true, 1) | (false, 0..=3) => format!("when {} after {}", self.condition(2), self.wait()),
                    (false, _) => match self.answer() {
                        Some(answer) => format!("when disposition = {answer} and {}", self.condition(1)),
                        None => format!("after {}", self.wait()),
                    },
                    (true, 2) => match self.answer() {
                        Some(answer) => format!("when disposition = {answer}"),
                        None => format!("when {}", self.condition(2)),
                    },
                    (true, 3..=4) => {
                        let criteria = self.dice.any(&self.words.criteria).cloned();
                        format!("when {}", criteria.unwrap_or_else(|| "true".into()))
                    }
                    (true, _) => format!("when {}", self.condition(2)),
                };
                stage.moves.push((to, step));
            }
            let moves = &mut stage.moves;
            let next = moves.remove(0);
            moves.insert(self.dice.below(moves.len() + 1), next);
        }
    }

    fn answer(&mut self) -> Option<String> {
        let answers: Vec<String> = self.words.class("disposition").iter().map(|kind| kind.name.clone()).collect();
        self.dice.any(&answers).cloned()
    }

    fn wait(&mut self) -> String {
        match self.dice.any(&self.words.calendars).cloned() {
            Some(calendar) if self.dice.percent(30) => format!("{} in {calendar} hours", self.dice.pick(&OPEN_HOURS)),
            _ => self.length(),
        }
    }

    fn stage(&mut self, stage: &Stage) -> String {
        let mut clauses = vec![format!("owner {}", self.dice.pick(&["marketing", "sales"]))];
        if self.dice.percent(25) {
            clauses.push(format!("status crm \"{} - ติดต่อ\"", stage.name));
        }
        if self.dice.percent(20) {
            clauses.push("expect \"Звонок\"".into());
        }
        if self.dice.percent(50) {
            clauses.push(format!("on enter {{ {} }}", self.actions(None)));
        }
        if stage.last {
            clauses.push("final".into());
        }
        clauses.extend(stage.moves.iter().map(|(to, step)| {
            let (way, _) = stage.name.rsplit_once('_').unwrap_or(("stage", ""));
            format!("move to {way}_{to} {step}")
        }));
        item(&format!("stage {}", stage.name), &clauses)
    }

    /// Actions; where there is a stage, perhaps a move there or an answer.
    fn actions(&mut self, to: Option<&str>) -> String {
        let mut actions = vec![format!("alert {}", self.dice.pick(&["assignee", "boss", "queue"]))];
        if let Some(program) = self.dice.any(&self.words.programs).cloned() {
            actions.push(format!("enroll {program}"));
        }
        actions.push("convert to contact".into());
        actions.push("reassign".into());
        if let Some(to) = to {
            actions.push(format!("move to {to}"));
            actions.extend(self.answer().map(|answer| format!("dispose as {answer}")));
        }
        self.dice.some(&actions, 2).join("  ")
    }

    fn handoff(&mut self, from: &str, to: &str) -> String {
        let mut clauses = Vec::new();
        if let Some(route) = self.dice.any(&self.words.routes).cloned()
            && self.dice.percent(75)
        {
            clauses.push(format!("route by {route}"));
        }
        let named = self.words.values.iter().map(|value| &value.name).chain(&self.words.scores);
        let all: Vec<String> = named.chain(self.words.fields.iter().map(|field| &field.name)).cloned().collect();
        let carried = self.dice.some(&all, 4).join(", ");
        clauses.push(match self.dice.percent(50) {
            true => format!("carry {carried}, activities in last {}, reasons", self.length()),
            false => format!("carry {carried}"),
        });
        if self.dice.percent(35) {
            clauses.push(format!("need {}", self.condition(1)));
        }
        if self.dice.percent(30) {
            clauses.push("alert assignee, queue".into());
        }
        item(&format!("handoff {from} to {to}"), &clauses)
    }

    fn promise(&mut self, at: usize, on: &str, to: &str) -> String {
        let mut clauses = vec![format!("owner {}", self.dice.pick(&["marketing", "sales"]))];
        let calendar = self.dice.any(&self.words.calendars).cloned().filter(|_| self.dice.percent(60));
        clauses.extend(calendar.iter().map(|calendar| format!("clock {calendar}")));
        if self.dice.percent(60) {
            clauses.push(format!("starts at {}", self.dice.pick(&["entry", "assignment", "qualification"])));
        }
        if self.dice.percent(25) {
            clauses.push(format!("for leads where {}", self.condition(1)));
        }
        let names =
            |kinds: Vec<&super::vocabulary::Kind>| kinds.iter().map(|kind| kind.name.clone()).collect::<Vec<_>>();
        let (touches, activities) = (names(self.words.class("touch")), names(self.words.class("activity")));
        let all = ["first touch", "touches", "reply", "outcome", "work"];
        let promised = self.dice.some(&all, 3);
        for promise in &promised {
            let within = self.within(calendar.is_some());
            clauses.push(match *promise {
                "first touch" => format!("first touch within {within}"),
                "touches" => {
                    let apart =
                        if self.dice.percent(50) { format!(", {} apart", self.within(false)) } else { String::new() };
                    let by = self.dice.some(&touches, 2).join(", ");
                    format!("at least {} touches by {by} within {within}{apart}", self.dice.between(1, 3))
                }
                "reply" => format!("reply within {within} to {}", self.dice.some(&activities, 2).join(", ")),
                "outcome" => format!("outcome recorded within {within}"),
                _ => format!("work at most {within}"),
            });
        }
        if self.dice.percent(35) {
            clauses.push(format!("pause while {}", self.condition(1)));
        }
        if self.dice.percent(60) {
            let at = *self.dice.pick(&["50%", "75%, 90%", "33%"]);
            clauses.push(format!("warn at {at} {{ {} }}", self.actions(None)));
        }
        for promise in &promised {
            if self.dice.percent(60) {
                let after = if self.dice.percent(40) {
                    format!("after {} ", self.within(calendar.is_some()))
                } else {
                    String::new()
                };
                let to = Some(to).filter(|to| *to != on);
                clauses.push(format!("on breach of {promise} {after}{{ {} }}", self.actions(to)));
            }
        }
        for what in ["reassignment", "reopening"] {
            if self.dice.percent(40) {
                clauses.push(format!("on {what} {}", self.dice.pick(&["keep", "restart"])));
            }
        }
        item(&format!("sla sla_{at} on {on}"), &clauses)
    }

    fn within(&mut self, open: bool) -> String {
        if open && self.dice.percent(60) { (*self.dice.pick(&OPEN_HOURS)).to_owned() } else { self.length() }
    }

    fn recycle(&mut self, at: usize, stages: &[String]) -> String {
        let Some(answer) = self.answer() else { return String::new() };
        let (open, last) = (&stages[..stages.len() - 1], &stages[stages.len() - 1]);
        let mut clauses = vec![format!("from {}", self.dice.some(open, 3).join(", "))];
        let more = if self.dice.percent(40) { format!(" and {}", self.condition(1)) } else { String::new() };
        clauses.push(format!("when disposition = {answer}{more}"));
        let owner = *self.dice.pick(&["", " owner marketing", " owner sales"]);
        clauses.push(format!("to {}{owner}", self.dice.pick(open)));
        if self.dice.percent(60) {
            clauses.push(format!("rest {}", self.length()));
        }
        if let Some(program) = self.dice.any(&self.words.programs).cloned() {
            clauses.push(format!("enroll {program}"));
        }
        if let Some(score) = self.dice.any(&self.words.scores).cloned() {
            clauses.push(format!("keep {} of {score}", self.dice.pick(&["0%", "50%", "33.3%", "100%"])));
        }
        if self.dice.percent(50) {
            clauses.push(format!("at most {} times, then {last}", self.dice.pick(&[1, 1, 1, 2, 3])));
        }
        if self.dice.percent(40) {
            clauses.push("never back to the same rep".into());
        }
        item(&format!("recycle recycle_{at}"), &clauses)
    }
}
