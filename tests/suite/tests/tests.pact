activity visit { pages integer  title text? }
score fit { give 5 per visit }
criteria fits { agreed by sales  need consent  need fit > 3 }
pipeline p { stage one { owner sales  move to two when fits }  stage two { owner sales  final } }
test "nothing expected" { lead { lead_source web  created 2026-01-01  tags "x" } }
#    ^^^^^^^^^^^^^^^^^^ E0901 the test expects nothing
test "lacks what a lead has" { lead { country "TR" }  expect stage one }
#    ^^^^^^^^^^^^^^^^^^^^^^^ E0902 the test's lead lacks `lead_source`, `tags`, `created`
test "an event lacks what it has" {
  lead { lead_source web  created 2026-01-01  tags "x" }
  had visit today
#     ^^^^^ E0902 `visit` needs `pages`
  had visit { pages 3  titel "x" } 2 business days ago
#                      ^^^^^ E0201 there is no property `titel`
#                                  ^^^^^^^^^^^^^^^ E0310 `ago` runs in elapsed time, not in business time
  had visits { pages 3 } yesterday
#     ^^^^^^ E0201 there is no activity, touch or disposition `visits`
  expect stage two, fits 50, fit met
#                   ^^^^ E0312 `fits` is criteria, not a score
#                            ^^^ E0312 `fit` is a score, not criteria
  expect fits not met, one fact short: consent and fit
#                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ E0312 each set must name 1 fact, and one does not
#                                                  ^^^ E0201 there is no field `fit`
  expect carry fits 5
#              ^^^^ E0705 `fits` is criteria: only fields, scores and values are carried
  expect stage tow, route team ibera
#              ^^^ E0201 there is no stage `tow`
#                              ^^^^^ E0201 there is no team `ibera`
}
test "nothing expected" { lead { lead_source web  created 2026-01-01  tags "x" }  expect stage one }
#    ^^^^^^^^^^^^^^^^^^ E0202 two tests have this name
