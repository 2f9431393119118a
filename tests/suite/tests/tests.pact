# Tests and what they may say.
activity visit { pages integer }
disposition won { amount money USD }
team desk { member ana }
param limit = 60 in staging 10
program welcome { kind notify }
pipeline p {
  stage one { owner marketing  on enter enroll welcome  move to two when disposition = won }
  stage two { owner sales  final }
}
criteria fits { agreed by marketing, sales  need employees > limit }
score fit { give 10 when fits }
sla speed on two { owner sales  first touch within 4 hours }
test "nothing is expected" { lead { lead_source web  tags "a"  created 2026-01-01 } }
#    ^^^^^^^^^^^^^^^^^^^^^ E0901 the test expects nothing
test "fields are lacking" { lead { country "TR" }  expect stage one }
#    ^^^^^^^^^^^^^^^^^^^^ E0902 the test's lead lacks `lead_source`, `tags`, `created`
test "fields are lacking" {
#    ^^^^^^^^^^^^^^^^^^^^ E0202 two tests have this name
#    ^^^^^^^^^^^^^^^^^^^^ E0902 the test's lead lacks `lead_source`, `tags`, `created`
  lead { lead_source Web  tags "a", 2  created 2026-01-01  employees "ten"  country "TR" "TH"  size 3 }
#                                                                                        ^^^^ E0101 `"TH"` does not fit here
  lead { }
# ^^^^^^^^ E0601 `lead` stands here a second time
  in stage tow
  in stage one
#          ^^^ E0601 `in stage` stands here a second time
  in env stagging
#        ^^^^^^^^ E0217 there is no environment `stagging`
  at 2026-03-01
  at 2026-03-02
#    ^^^^^^^^^^ E0601 `at` stands here a second time
  had visit 0 days ago
#           ^^^^^^ E0310 a time of `0 seconds` holds nothing
  had visit { pgs 3 } today
#     ^^^^^ E0902 `visit` needs `pages`
  had vist yesterday
  expect stage three, fits 50, fit met, sales met
#                     ^^^^ E0312 `fits` is a criteria, not a score
#                              ^^^ E0312 `fit` is a score, not a criteria
  expect fits not met, one fact short: employees and country
#                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ E0312 each set must name 1 facts
  expect fits not met, one fact short: employes
  expect carry consent yes
  expect carry fits missing
#              ^^^^ E0705 `fits` is a criteria: only fields and scores are carried
  expect route team dsk
  expect enroll welcom, dispose as visit
  expect pipeline q
  expect sla sped first touch met
  expect recycled by nobody
}
