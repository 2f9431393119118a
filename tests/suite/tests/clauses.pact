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
  lead { lead_source Web  tags "a", 2  created 2026-01-01  employees "ten"  country "TR", "TH"  size 3 }
#                    ^^^ E0203 `Web` is none of the words that this may be
#                                   ^ E0312 `2` is a number, and a text is needed
#                                                                    ^^^^^ E0312 `ten` is a text, and a number is needed
#                                                                                         ^^^^ E0312 `country` has one value, not several
#                                                                                               ^^^^ E0201 there is no field `size`
  lead { }
# ^^^^^^^^ E0601 `lead` stands here a second time
  in stage tow
#          ^^^ E0201 there is no stage `tow`
  in stage one
#          ^^^ E0601 `in stage` stands here a second time
  in env stagging
#        ^^^^^^^^ E0217 there is no environment `stagging`
  at 2026-03-01
  at 2026-03-02
#    ^^^^^^^^^^ E0601 `at` stands here a second time
  had visit 0 days ago
#     ^^^^^ E0902 `visit` needs `pages`
#           ^^^^^^ E0310 `ago` of `0 days` is no time at all
  had visit { pgs 3 } today
#             ^^^ E0201 there is no property `pgs`
  had vist yesterday
#     ^^^^ E0201 there is no activity, touch or disposition `vist`
  expect stage three, fits 50, fit met, sales met
#              ^^^^^ E0201 there is no stage `three`
#                     ^^^^ E0312 `fits` is criteria, not a score
#                              ^^^ E0312 `fit` is a score, not criteria
#                                       ^^^^^ E0201 there is no criteria `sales`
  expect fits not met, one fact short: employees and country
#                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ E0312 each set must name 1 fact, and one does not
  expect fits not met, one fact short: employes
#                                      ^^^^^^^^ E0201 there is no field `employes`
  expect carry consent yes
#                      ^^^ E0204 `yes` means nothing here
  expect carry fits missing
#              ^^^^ E0705 `fits` is criteria: only fields, scores and values are carried
  expect route team dsk
#                   ^^^ E0201 there is no team `dsk`
  expect enroll welcom, dispose as visit
#               ^^^^^^ E0201 there is no program `welcom`
#                                  ^^^^^ E0201 there is no disposition `visit`
  expect pipeline q
#                 ^ E0201 there is no pipeline `q`
  expect sla sped first touch met
#            ^^^^ E0201 there is no sla `sped`
  expect recycled by nobody
#                    ^^^^^^ E0201 there is no recycle `nobody`
}
