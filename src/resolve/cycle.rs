//! Criteria, scores and values that ask for themselves, by any way round.

use super::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{CriteriaId, Expr, ExprKind, ScoreId, ValueId};
use crate::span::Span;

/// A criteria, score or named value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Node {
    Criteria(CriteriaId),
    Score(ScoreId),
    Named(ValueId),
}

impl Resolver<'_> {
    /// A finding for each circle, with every step of it.
    pub(super) fn cycles(&mut self) {
        let criteria = (0..self.pact.criteria.len()).map(|at| Node::Criteria(CriteriaId(at as u32)));
        let scores = (0..self.pact.scores.len()).map(|at| Node::Score(ScoreId(at as u32)));
        let values = (0..self.pact.values.len()).map(|at| Node::Named(ValueId(at as u32)));
        let nodes: Vec<Node> = criteria.chain(scores).chain(values).collect();
        let mut done: Vec<Node> = Vec::new();
        let mut found = Vec::new();
        for node in &nodes {
            self.walk(*node, &mut done, &mut found);
        }
        self.out.extend(found);
    }

    /// Depth first, without recursion: each node is walked once.
    fn walk(&self, start: Node, done: &mut Vec<Node>, found: &mut Vec<Diagnostic>) {
        // the nodes on the way, with the place where each names the next
        let mut path: Vec<(Node, Span)> = Vec::new();
        let mut stack: Vec<(Node, Vec<(Node, Span)>)> = vec![(start, self.named_by(start))];
        while let Some((node, mut next)) = stack.pop() {
            let Some((to, span)) = (!done.contains(&node)).then(|| next.pop()).flatten() else {
                path.pop();
                if !done.contains(&node) {
                    done.push(node);
                }
                continue;
            };
            stack.push((node, next));
            if let Some(at) = stack.iter().position(|(on_way, _)| *on_way == to) {
                let mut steps: Vec<(Node, Span)> = path.get(at..).unwrap_or_default().to_vec();
                steps.push((node, span));
                found.push(self.circle(&steps, to));
                continue;
            }
            if !done.contains(&to) {
                path.push((node, span));
                stack.push((to, self.named_by(to)));
            }
        }
    }

    fn circle(&self, steps: &[(Node, Span)], to: Node) -> Diagnostic {
        let names: Vec<String> = steps.iter().map(|(node, _)| format!("`{}`", self.node_name(*node))).collect();
        let message = match names.as_slice() {
            [only] => format!("{only} asks for itself"),
            names => format!("{} ask for each other in a circle", names.join(", ")),
        };
        let place = steps.first().map_or(Span { file: crate::span::FileId(0), start: 0, end: 0 }, |(_, span)| *span);
        let mut finding = Diagnostic::new(Code::Cycle, place, message);
        for (at, (node, span)) in steps.iter().enumerate() {
            let next = steps.get(at + 1).map_or(to, |(node, _)| *node);
            let says = format!("`{}` asks for `{}` here", self.node_name(*node), self.node_name(next));
            finding = if at == 0 { finding.here(says) } else { finding.and(*span, says) };
        }
        finding.help("take one of these names out, so that a decision can end")
    }

    fn node_name(&self, node: Node) -> &str {
        let name = match node {
            Node::Criteria(id) => self.pact.criteria.get(id.0 as usize).map(|criteria| &*criteria.name),
            Node::Score(id) => self.pact.scores.get(id.0 as usize).map(|score| &*score.name),
            Node::Named(id) => self.pact.values.get(id.0 as usize).map(|value| &*value.name),
        };
        name.unwrap_or_default()
    }

    /// What a criteria, score or value names, last first.
    fn named_by(&self, node: Node) -> Vec<(Node, Span)> {
        let mut names = Vec::new();
        let mut see = |expr: &Expr| match &expr.kind {
            ExprKind::Criteria(id) => names.push((Node::Criteria(*id), expr.span)),
            ExprKind::Score(id) => names.push((Node::Score(*id), expr.span)),
            ExprKind::Named(id) => names.push((Node::Named(*id), expr.span)),
            _ => {}
        };
        match node {
            Node::Criteria(id) => {
                if let Some(criteria) = self.pact.criteria.get(id.0 as usize) {
                    criteria.visit(&mut see);
                }
            }
            Node::Named(id) => {
                if let Some(value) = self.pact.values.get(id.0 as usize) {
                    value.visit(&mut see);
                    let span = value.span;
                    names.extend(value.crosses().map(|crossed| (Node::Named(crossed), span)));
                }
            }
            Node::Score(id) => {
                if let Some(score) = self.pact.scores.get(id.0 as usize) {
                    score.visit(&mut see);
                }
            }
        }
        names.reverse();
        names
    }
}

/// In a graph of what each place names, the first place of every group of places that lead to each other, and every place
/// that names itself. Linear in the size of the graph and without recursion: Kosaraju's strongly connected components, as
/// in Aho, Hopcroft and Ullman, "Data Structures and Algorithms" (1983), section 6.7.
pub(super) fn first_of_circles(graph: &[Vec<usize>]) -> Vec<usize> {
    let mut against: Vec<Vec<usize>> = vec![Vec::new(); graph.len()];
    for (from, named) in graph.iter().enumerate() {
        for to in named {
            if let Some(back) = against.get_mut(*to) {
                back.push(from);
            }
        }
    }
    let mut seen = vec![false; graph.len()];
    let mut finished: Vec<usize> = (0..graph.len()).flat_map(|start| last_first(graph, start, &mut seen)).collect();
    finished.reverse();
    seen.fill(false);
    let mut first = Vec::new();
    for start in finished {
        let group = last_first(&against, start, &mut seen);
        let names_itself = graph.get(start).is_some_and(|named| named.contains(&start));
        if group.len() > 1 || names_itself {
            first.extend(group.iter().min().copied());
        }
    }
    first.sort_unstable();
    first
}

/// The places that a start leads to and that nobody has seen, each after those that it leads to.
fn last_first(graph: &[Vec<usize>], start: usize, seen: &mut [bool]) -> Vec<usize> {
    let mut is_new = |place: usize| seen.get_mut(place).is_some_and(|seen| !std::mem::replace(seen, true));
    let mut finished = Vec::new();
    let mut path: Vec<(usize, std::slice::Iter<'_, usize>)> = Vec::new();
    let mut next = Some(start);
    loop {
        if let Some((place, named)) = next.filter(|place| is_new(*place)).and_then(|at| Some((at, graph.get(at)?))) {
            path.push((place, named.iter()));
        }
        let Some((place, open)) = path.last_mut() else { break finished };
        next = open.next().copied();
        if next.is_none() {
            finished.push(*place);
            path.pop();
        }
    }
}
