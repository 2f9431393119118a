test "a customer that fills its seats is offered more" {
  lead {
    company      "Marmara Lojistik"
    customer     true
    owner_id     "elif"
    plan         team
    seats        50
    seats_used   47
    satisfaction 9
  }
  at     2026-03-02 09:00
  had    limit_reached 4 days ago
  expect pipeline growth, stage conversation
  expect usage 60, risk 0
  expect route to elif
  expect enroll success_stories, alert customer_success
}

test "nobody is enrolled in stories before they begin" {
  lead {
    company      "Marmara Lojistik"
    customer     true
    plan         team
    seats        50
    seats_used   47
    satisfaction 9
  }
  at     2026-01-09 09:00
  had    limit_reached 4 days ago
  expect stage conversation
  expect no enroll success_stories, alert customer_success
}

test "a wound is looked after first" {
  lead { company "Ege Gıda"  customer true  plan team  seats 50  seats_used 50  satisfaction 4 }
  at     2026-03-02 09:00
  had    support_ticket { severity high } 3 days ago
  expect stage care, risk 70
}

test "the first move that holds wins" {
  lead {
    company      "Ege Gıda"
    customer     true
    plan         team
    seats        10
    seats_used   10
    satisfaction 9
    city         "istanbul"
  }
  had    limit_reached today
  expect ready_for_more met
  expect stage conversation
}

test "letters of the city fold the Turkish way" {
  lead {
    company      "Boğaz Turizm"
    customer     true
    plan         starter
    seats        10
    seats_used   10
    satisfaction 8
    city         "İSTANBUL"
  }
  expect route queue istanbul
}

test "a renewal in sight opens the conversation with a content customer" {
  lead {
    company      "Toros Makina"
    customer     true
    plan         enterprise
    seats        100
    seats_used   20
    satisfaction 8
    renewal_on   2026-05-15
  }
  at     2026-03-02 09:00  expect renewal_near met, ready_for_more not met
  expect stage conversation, route queue anadolu
}

test "seats that nobody counted leave it open" {
  lead { company "Toros Makina"  customer true  plan team  seats_used 20  satisfaction 8 }
  expect usage 0 to 60
  expect ready_for_more unknown, one fact short: seats
}

test "an offer needs a budget or a size" {
  lead { company "Toros Makina"  customer true  monthly_revenue 60k TRY }
  in stage conversation
  expect stage offer, offer_makes_sense met
  expect convert to opportunity
}

test "who is no customer stays with marketing" {
  lead { company "Yeni Firma" }
  expect pipeline prospects, stage prospect
}
