use proptest::prelude::*;

use crate::io::{Sorted, Sorter};

type Record = (Vec<u8>, Vec<u8>);

fn all(mut sorted: Sorted) -> Vec<Record> {
    let mut records = Vec::new();
    while let Some((key, payload)) = sorted.next_record().unwrap() {
        records.push((key.to_vec(), payload.to_vec()));
    }
    assert_eq!(sorted.next_record().unwrap(), None);
    records
}

fn sort(budget: usize, records: &[Record]) -> Vec<Record> {
    let mut sorter = Sorter::new(budget);
    for (key, payload) in records {
        sorter.push(key, payload).unwrap();
    }
    all(sorter.finish().unwrap())
}

/// Sorts them under the budget and compares with the order of a list.
#[track_caller]
fn holds(budget: usize, mut records: Vec<Record>) {
    let sorted = sort(budget, &records);
    records.sort();
    assert!(sorted == records, "{} records under {budget} bytes", records.len());
}

#[test]
fn nothing_gives_nothing() {
    assert!(sort(64, &[]).is_empty());
    assert!(sort(0, &[]).is_empty());
}

#[test]
fn empty_and_equal_records_stay() {
    let records = vec![(vec![], vec![]), (vec![0], vec![]), (vec![], vec![0]), (vec![], vec![]), (vec![0], vec![])];
    for budget in [0, 64, 1 << 20] {
        holds(budget, records.clone());
    }
}

#[test]
fn a_key_that_begins_another_stands_before_it() {
    let keys: [&[u8]; 7] = [b"lead 10\0", b"lead 10", b"lead 10\0\0", b"lead 1\xFF", b"lead 1", b"\0", b""];
    for budget in [0, 1 << 20] {
        holds(budget, keys.iter().map(|key| (key.to_vec(), b"x".to_vec())).collect());
    }
}

#[test]
fn a_record_may_be_larger_than_the_budget_and_every_buffer() {
    let huge = |byte: u8| (vec![byte; 9], vec![byte; 3 << 20]);
    let small = |byte: u8| (vec![byte; 3], vec![byte; 5]);
    holds(64, vec![huge(2)]);
    holds(64, vec![huge(2), small(3), small(1), huge(2), small(2), huge(1), small(2)]);
    holds(100, (0..40).map(|i| if i == 20 { huge(7) } else { small(39 - i) }).collect());
}

#[test]
fn runs_longer_than_a_buffer_are_read_in_pieces() {
    let record = |i: u32| (i.wrapping_mul(2_654_435_761).to_be_bytes().to_vec(), vec![i as u8; i as usize % 300]);
    holds(100_000, (0..5_000).map(record).collect());
}

#[test]
fn many_runs_are_merged_in_levels() {
    // two records a run: 35 000 runs, then 137, then one order
    let record = |i: u32| (i.wrapping_mul(2_654_435_761).to_be_bytes().to_vec(), b"x".to_vec());
    holds(64, (0..70_000).map(record).collect());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_order_is_that_of_a_list(
        budget in prop_oneof![Just(64_usize), 0..2_000_usize, Just(1 << 20)],
        records in prop::collection::vec(
            (prop::collection::vec(0..4_u8, 0..12), prop::collection::vec(any::<u8>(), 0..6)),
            0..400,
        ),
    ) {
        holds(budget, records);
    }
}
