//! What clauses tell, as people read it.

use std::io;

use super::figures::{Look, Sheet};
use crate::measure::{ClauseWeight, EvidenceReport};

impl Sheet<'_> {
    /// What the clauses tell by each conversion, where that is asked for.
    pub(super) fn evidence(&mut self, reports: &[EvidenceReport]) -> io::Result<()> {
        for report in reports {
            let locale = self.locale;
            let (metric, from, to) = (&report.metric, &report.stages.0, &report.stages.1);
            let names = [locale.name(metric), locale.name(from), locale.name(to)];
            let title =
                locale.fill("{0}: of those that entered {1}, who came to {2}", &[&names[0], &names[1], &names[2]]);
            self.heading(2, &title)?;
            writeln!(self.out, "{}\n", locale.evidence(report))?;
            self.clauses(&report.clauses)?;
        }
        Ok(())
    }

    /// Clause by clause, where there are any.
    pub(super) fn clauses(&mut self, clauses: &[ClauseWeight]) -> io::Result<()> {
        if clauses.is_empty() {
            return Ok(());
        }
        let locale = self.locale;
        let row = |clause: &ClauseWeight| {
            vec![
                locale.tells(clause),
                format!("{}:{}", clause.because.file, clause.because.line),
                locale.share_of(&clause.with),
                locale.share_of(&clause.without),
                clause.difference.map(|difference| locale.points(&difference)).unwrap_or_default(),
                clause.alike.as_ref().map(|alike| locale.points(&alike.difference)).unwrap_or_default(),
                format!("{}: {}", locale.name(&clause.of), clause.because.says),
            ]
        };
        let header = self.heads(&["tells", "", "with it", "without it", "difference", "among leads alike", "clause"]);
        self.table(&header, &clauses.iter().map(row).collect::<Vec<_>>())?;
        let relations: Vec<String> = clauses.iter().filter_map(|clause| locale.relation(clause)).collect();
        relations.iter().try_for_each(|relation| writeln!(self.out, "- {relation}"))?;
        if !relations.is_empty() {
            writeln!(self.out)?;
        }
        let meaning = locale.meaning_of_evidence();
        match self.look {
            Look::Markdown => writeln!(self.out, "{}\n", meaning.join(" ")),
            Look::Aligned(_) => writeln!(self.out, "{}\n", meaning.join("\n")),
        }
    }
}
