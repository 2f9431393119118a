//! What a team's leads come to over many calls.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::Roster;
use crate::load::load;
use crate::pact::{Distribution, Pact, TeamId};
use crate::time::Instant;
use crate::world::Memory;

use Distribution::{ByCapacity, ByWeight, RoundRobin, SingleContact};

const DESK: TeamId = TeamId(0);

/// A pact with one team, `desk`.
fn pact(team: &str) -> Pact {
    let text = format!(
        "pact small {{ parties marketing, sales  time zone \"Europe/Istanbul\" }}\nlead {{ id text key }}\n\
         team desk {{\n{team}\n}}\n"
    );
    load(&Memory::new([("a.pact", &*text)]), None).pact.expect("it checks clean")
}

/// What the checker refuses, and the roster must bear all the same.
fn unchecked<'p>(pact: &'p mut Pact, member: &str) -> &'p mut crate::pact::Member {
    pact.teams[0].members.iter_mut().find(|m| &*m.name == member).unwrap()
}

/// Noon of a day of March 2026 in the pact's zone.
fn day(day: u32) -> Instant {
    format!("2026-03-{day:02}T12:00:00+03:00").parse().unwrap()
}

/// Who gets leads with these numbers.
fn give(
    roster: &mut Roster,
    pact: &Pact,
    by: Option<Distribution>,
    leads: std::ops::Range<usize>,
    at: Instant,
) -> Vec<Option<Arc<str>>> {
    leads.map(|lead| roster.give(pact, DESK, by, &format!("lead {lead}"), at, &[])).collect()
}

/// How many leads each got.
fn counts(given: &[Option<Arc<str>>]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for name in given.iter().flatten() {
        *counts.entry(&**name).or_default() += 1;
    }
    counts
}

const FOUR: &str = "member ana, weight 3, capacity 9  member bo, capacity 25  member cem, weight 2  member dara";

#[test]
fn edge_38_a_bulk_gives_what_singles_give() {
    let pact = pact(FOUR);
    for by in [None, Some(RoundRobin), Some(ByWeight), Some(ByCapacity)] {
        let mut bulk = Roster::default();
        let in_bulk = give(&mut bulk, &pact, by, 0..60, day(2));
        // each by itself, hours apart, the roster stored and read in between
        let (mut single, mut one_by_one) = (Roster::default(), Vec::new());
        for lead in 0..60 {
            let at = day(2) + chrono::TimeDelta::hours(i64::try_from(lead).unwrap());
            one_by_one.extend(give(&mut single, &pact, by, lead..lead + 1, at));
            single = serde_json::from_str(&serde_json::to_string(&single).unwrap()).unwrap();
        }
        assert_eq!(in_bulk, one_by_one);
        assert_eq!(bulk, single);
        assert_eq!(serde_json::to_string(&bulk).unwrap(), serde_json::to_string(&single).unwrap());
    }
}

#[test]
fn edge_39_ties_do_not_favour_seniority() {
    let in_order = pact("member r1, joined 2019-01-01  member r2  member r3  member r4, joined 2026-03-01");
    let turned = pact("member r4, joined 2026-03-01  member r3  member r2  member r1, joined 2019-01-01");
    for by in [RoundRobin, ByWeight, ByCapacity] {
        let first =
            |pact: &Pact, lead: usize| give(&mut Roster::default(), pact, Some(by), lead..lead + 1, day(2)).remove(0);
        let firsts: Vec<_> = (0..4000).map(|lead| first(&in_order, lead)).collect();
        for (name, count) in counts(&firsts) {
            assert!((880..=1120).contains(&count), "{name} is first {count} times of 4000");
        }
        assert!((0..200).all(|lead| first(&turned, lead) == firsts[lead]), "the order in the file counts");
        // after the first round the longest since goes first
        let mut roster = Roster::default();
        let given = give(&mut roster, &in_order, Some(RoundRobin), 0..12, day(2));
        assert_eq!(given[..4], given[4..8]);
        assert_eq!(given[..4], given[8..]);
    }
}

#[test]
fn edge_40_nobody_can_take_it() {
    let text = "pact small { parties marketing, sales }\nlead { id text key }\nteam desk { }\n";
    assert!(load(&Memory::new([("a.pact", text)]), None).pact.is_none(), "the checker refuses an empty team");
    let all = [None, Some(RoundRobin), Some(ByWeight), Some(ByCapacity), Some(SingleContact)];
    let nobody = |pact: &Pact, at: Instant, not: &[Arc<str>]| {
        all.iter().all(|by| Roster::default().give(pact, DESK, *by, "lead", at, not).is_none())
    };

    let mut none = pact("member ana");
    none.teams[0].members.clear();
    assert!(nobody(&none, day(2), &[]));

    let mut weightless = pact("member ana  member bo");
    unchecked(&mut weightless, "ana").weight = Some(0);
    unchecked(&mut weightless, "bo").weight = Some(-1);
    assert_eq!(give(&mut Roster::default(), &weightless, Some(ByWeight), 0..3, day(2)), [None, None, None]);
    assert!(give(&mut Roster::default(), &weightless, Some(RoundRobin), 0..1, day(2))[0].is_some());

    let mut roomless = pact("member ana, capacity 1");
    unchecked(&mut roomless, "ana").capacity = Some(0);
    assert!(nobody(&roomless, day(2), &[]));

    // dates are the pact's own: 21:30 in UTC is the next day in Istanbul; both ends are away
    let away = pact("single contact ana  member ana, away 2026-03-05 to 2026-03-07  member bo, joined 2026-03-08");
    assert!(!nobody(&away, "2026-03-04T20:30:00Z".parse().unwrap(), &[]));
    assert!(nobody(&away, "2026-03-04T21:30:00Z".parse().unwrap(), &[]));
    assert!(nobody(&away, "2026-03-07T20:30:00Z".parse().unwrap(), &[]));
    assert!(!nobody(&away, "2026-03-07T21:30:00Z".parse().unwrap(), &[]));
    assert!(nobody(&away, day(8), &["ana".into(), "bo".into()]));

    let full = pact("member ana, capacity 1  member bo, capacity 2");
    let mut roster = Roster::default();
    let given = give(&mut roster, &full, Some(RoundRobin), 0..4, day(2));
    assert_eq!((counts(&given)["ana"], counts(&given)["bo"], &given[3]), (1, 2, &None));
    roster.release("desk", "ana");
    assert_eq!(give(&mut roster, &full, None, 4..6, day(2)), [Some("ana".into()), None]);
}

#[test]
fn edge_41_joiners_and_returners_get_their_share_only() {
    let team = "member ana, weight 2  member bo, weight 2, away 2026-03-05 to 2026-03-20
                member cem, weight 2, joined 2026-03-10";
    let pact = pact(team);
    for by in [RoundRobin, ByWeight] {
        let by = Some(by);
        let mut roster = Roster::default();
        assert_eq!(counts(&give(&mut roster, &pact, by, 0..10, day(2))), [("ana", 5), ("bo", 5)].into());
        assert_eq!(counts(&give(&mut roster, &pact, by, 10..50, day(6))), [("ana", 40)].into());
        assert_eq!(counts(&give(&mut roster, &pact, by, 50..70, day(10))), [("ana", 10), ("cem", 10)].into());
        let all = give(&mut roster, &pact, by, 70..100, day(21));
        assert_eq!(counts(&all), [("ana", 10), ("bo", 10), ("cem", 10)].into());
    }
    // the joiner of small weight has its small share
    let text = "member ana, weight 3  member bo, weight 3, joined 2026-03-10  member cem, joined 2026-03-10";
    let weighted = self::pact(text);
    let mut roster = Roster::default();
    give(&mut roster, &weighted, Some(ByWeight), 0..90, day(2));
    let all = give(&mut roster, &weighted, Some(ByWeight), 90..160, day(12));
    assert_eq!(counts(&all), [("ana", 30), ("bo", 30), ("cem", 10)].into());
    // nobody was there when the team changed over
    let over = self::pact("member ana, away 2026-03-05 to 2026-03-31  member bo, joined 2026-03-08");
    let mut roster = Roster::default();
    give(&mut roster, &over, None, 0..20, day(2));
    assert_eq!(give(&mut roster, &over, None, 20..21, day(6)), [None]);
    give(&mut roster, &over, None, 21..22, day(9));
    let mut back = over.clone();
    unchecked(&mut back, "ana").away.clear();
    let given = give(&mut roster, &back, None, 22..42, day(10));
    assert!(counts(&given)["ana"].abs_diff(10) <= 1, "{given:?}");
}

#[test]
fn edge_41_one_who_was_full_does_not_catch_up() {
    let pact = pact("member ana, capacity 10  member bo");
    let mut roster = Roster::default();
    assert_eq!(counts(&give(&mut roster, &pact, None, 0..100, day(2))), [("ana", 10), ("bo", 90)].into());
    (0..10).for_each(|_| roster.release("desk", "ana"));
    assert_eq!(counts(&give(&mut roster, &pact, None, 100..110, day(3))), [("ana", 5), ("bo", 5)].into());
}

#[test]
fn edge_42_a_refused_lead_is_credited_back() {
    let plain = pact("member ana  member bo  member cem");
    let mut roster = Roster::default();
    let refused = give(&mut roster, &plain, None, 0..6, day(2))[4].clone().unwrap();
    roster.credit("desk", &refused);
    assert_eq!(roster.open("desk", &refused), 1);
    let next = give(&mut roster, &plain, None, 6..10, day(2));
    assert_eq!(next[0].as_ref(), Some(&refused), "its turn was given back");
    assert_eq!(counts(&next[1..]), [("ana", 1), ("bo", 1), ("cem", 1)].into());

    // the one who refused is not asked again, and has the turn for the next
    roster.credit("desk", "bo");
    let other = roster.give(&plain, DESK, None, "lead 9", day(2), &["bo".into()]);
    assert!(other.is_some_and(|name| &*name != "bo"));
    assert_eq!(give(&mut roster, &plain, None, 10..11, day(2)), [Some("bo".into())]);

    // out of room, the others go on; the credit does not drown in the lift
    let tight = pact("member ana, capacity 2  member bo");
    let mut roster = Roster::default();
    give(&mut roster, &tight, None, 0..20, day(2));
    roster.credit("desk", "ana");
    let credited = give(&mut roster, &tight, None, 20..21, day(2));
    assert_eq!(credited, [Some("ana".into())]);

    // who holds none has nothing to give back
    let before = roster.clone();
    roster.credit("desk", "nobody");
    roster.credit("gone", "ana");
    roster.release("desk", "nobody");
    assert_eq!(roster, before);
}

#[test]
fn what_comes_from_outside_takes_room_and_is_a_turn() {
    let pact = pact("member ana, capacity 3  member bo");
    let mut roster = Roster::default();
    (0..4).for_each(|_| roster.take(&pact, DESK, "ana", day(2)));
    assert_eq!(roster.open("desk", "ana"), 4);
    assert_eq!(counts(&give(&mut roster, &pact, None, 0..2, day(2))), [("bo", 2)].into());
    (0..4).for_each(|_| roster.release("desk", "ana"));
    // four turns against two
    assert_eq!(counts(&give(&mut roster, &pact, None, 2..4, day(2))), [("bo", 2)].into());
}

#[test]
fn by_capacity_the_emptiest_hands_are_filled_first() {
    let desk = pact("member ana, capacity 40  member bo, capacity 10");
    let mut roster = Roster::default();
    let given = give(&mut roster, &desk, Some(ByCapacity), 0..51, day(2));
    assert_eq!(counts(&given[..25]), [("ana", 20), ("bo", 5)].into());
    assert_eq!((counts(&given)["ana"], counts(&given)["bo"], &given[50]), (40, 10, &None));

    let unbounded = pact("member ana, capacity 40  member bo  member cem");
    let given = give(&mut Roster::default(), &unbounded, Some(ByCapacity), 0..41, day(2));
    assert_eq!(counts(&given), [("ana", 1), ("bo", 20), ("cem", 20)].into());
}

#[test]
fn a_single_contact_is_the_one_or_nobody() {
    let desk = pact("single contact ana  member ana, capacity 2  member bo");
    for by in [None, Some(SingleContact)] {
        let given = give(&mut Roster::default(), &desk, by, 0..3, day(2));
        assert_eq!(given, [Some("ana".into()), Some("ana".into()), None]);
    }
    let given = give(&mut Roster::default(), &desk, Some(RoundRobin), 0..5, day(2));
    assert_eq!(counts(&given), [("ana", 2), ("bo", 3)].into());
}

#[test]
fn a_changed_pact_goes_on_with_the_roster() {
    let by = Some(ByWeight);
    let old = pact("member ana  member bo  member cem");
    let mut roster = Roster::default();
    give(&mut roster, &old, by, 0..90, day(2));
    // cem has left, dara came, and bo's weight is another
    let new = pact("member ana  member bo, weight 3  member dara");
    let given = give(&mut roster, &new, by, 90..140, day(3));
    assert_eq!(counts(&given), [("ana", 10), ("bo", 30), ("dara", 10)].into());
    assert_eq!(roster.open("desk", "cem"), 30);
    roster.release("desk", "cem");
    assert_eq!(roster.open("desk", "cem"), 29);
    // cem comes back as an equal
    let back = pact("member ana  member bo, weight 3  member cem  member dara");
    let given = give(&mut roster, &back, by, 140..200, day(4));
    assert_eq!(counts(&given), [("ana", 10), ("bo", 30), ("cem", 10), ("dara", 10)].into());
}

/// The team of the page on teams, day by day.
#[test]
fn the_figures_of_the_page_hold() {
    let pact = pact(
        "member ana, weight 2\nmember bo, away 2026-03-03 to 2026-03-04\nmember cem, capacity 5, joined 2026-03-04",
    );
    let mut roster = Roster::default();
    let days = [(2, 6, [4, 2, 0]), (3, 4, [4, 0, 0]), (4, 9, [6, 0, 3]), (5, 8, [4, 2, 2]), (6, 6, [4, 2, 0])];
    let mut lead = 0;
    for (on, leads, expected) in days {
        let given = give(&mut roster, &pact, Some(ByWeight), lead..lead + leads, day(on));
        lead += leads;
        let counts = counts(&given);
        assert_eq!(["ana", "bo", "cem"].map(|name| counts.get(name).copied().unwrap_or(0)), expected, "on day {on}");
    }
}

/// A team of as many members, with these weights and capacities.
fn team(members: &[(i64, Option<i64>)]) -> Pact {
    let members: Vec<String> = members
        .iter()
        .enumerate()
        .map(|(at, (weight, capacity))| {
            let capacity = capacity.map(|n| format!(", capacity {n}")).unwrap_or_default();
            format!("member m{at}, weight {weight}{capacity}")
        })
        .collect();
    pact(&members.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn round_robin_turns_differ_by_at_most_one(size in 1usize..7, leads in prop::collection::vec(any::<u16>(), 0..60)) {
        let (pact, mut roster) = (team(&vec![(1, None); size]), Roster::default());
        let mut turns = vec![0usize; size];
        for lead in leads {
            let name = roster.give(&pact, DESK, Some(RoundRobin), &lead.to_string(), day(2), &[]).unwrap();
            turns[name[1..].parse::<usize>().unwrap()] += 1;
            prop_assert!(turns.iter().max().unwrap() - turns.iter().min().unwrap() <= 1, "{turns:?}");
        }
    }

    #[test]
    fn turns_follow_weights_within_one_round(
        weights in prop::collection::vec(1i64..8, 1..5),
        leads in prop::collection::vec(any::<u16>(), 0..80),
    ) {
        let members: Vec<_> = weights.iter().map(|weight| (*weight, None)).collect();
        let (pact, mut roster) = (team(&members), Roster::default());
        let mut turns = vec![0i64; weights.len()];
        let round: i64 = weights.iter().sum();
        for (given, lead) in leads.iter().enumerate() {
            let name = roster.give(&pact, DESK, Some(ByWeight), &lead.to_string(), day(2), &[]).unwrap();
            turns[name[1..].parse::<usize>().unwrap()] += 1;
            let given = i64::try_from(given).unwrap() + 1;
            let (whole, begun) = (given / round, (given + round - 1) / round);
            for (turns, weight) in turns.iter().zip(&weights) {
                prop_assert!((whole * weight..=begun * weight).contains(turns), "{turns} of {weight} at {given}");
            }
        }
    }

    #[test]
    fn capacity_is_never_exceeded(
        members in prop::collection::vec((1i64..4, prop::option::of(1i64..6)), 1..5),
        calls in prop::collection::vec((0usize..6, 0usize..5, any::<u16>()), 0..120),
    ) {
        let (pact, mut roster) = (team(&members), Roster::default());
        let mut open = vec![0i64; members.len()];
        for (call, member, lead) in calls {
            let by = [Some(RoundRobin), Some(ByWeight), Some(ByCapacity), None][call % 4];
            let member = member % members.len();
            match call {
                0..4 => match roster.give(&pact, DESK, by, &lead.to_string(), day(2), &[]) {
                    Some(name) => open[name[1..].parse::<usize>().unwrap()] += 1,
                    None => prop_assert!(members.iter().zip(&open).all(|((_, room), open)| *room == Some(*open))),
                },
                4 => roster.release("desk", &format!("m{member}")),
                _ => roster.credit("desk", &format!("m{member}")),
            }
            if call >= 4 {
                open[member] = 0.max(open[member] - 1);
            }
            for (at, ((_, capacity), open)) in members.iter().zip(&open).enumerate() {
                prop_assert!(capacity.is_none_or(|capacity| *open <= capacity));
                prop_assert_eq!(roster.open("desk", &format!("m{at}")), u64::try_from(*open).unwrap());
            }
        }
    }
}
