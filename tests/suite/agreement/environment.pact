# environment: stagging
pact environment { parties marketing, sales }
#    ^^^^^^^^^^^ E0217 there is no environment `stagging`
param bar = 60 in staging 10 in test "low"
#                                    ^^^^^ E0312 `low` is a text, and a number is needed
criteria c { agreed by sales  need employees > bar }
pipeline p { stage one { owner sales  move to two when c }  stage two { owner sales  final } }
test "small" { in env prod  lead { lead_source web  created 2026-01-01 }  expect stage one }
#    ^^^^^^^ E0902 the test's lead lacks `tags`
#                     ^^^^ E0217 there is no environment `prod`
test "known" { in env staging  lead { lead_source web  created 2026-01-01 }  expect stage one }
#    ^^^^^^^ E0902 the test's lead lacks `tags`
