# What a test of several leads expects.
lead { id text key }
activity demo
pipeline all { stage inquiry { owner marketing  move to mql when any demo }  stage mql { owner sales  final } }
metric mqls = leads entering mql
metric rate = inquiry -> mql
target marketing mqls >= 3 per month
test "each has a name" {
  lead { }
# ^^^^ E0312 a test of several leads says which is which
  lead a { }
  lead a { }
#      ^ E0202 `a` is here twice
  at 2026-03-02 09:00 demo
  expect mqls 3, rate 67%, stage mql
#                          ^^^^^^^^^ E0312 a test of several leads expects figures, and this is about one
  expect target sales mqls behind
#                     ^^^^ E0801 `sales` has no target for `mqls`
  expect target marketing mqls met, mqls 4 hours, rte 3, rte 3%, target marketing rte missed
#                                                 ^^^ E0201 there is no score or value `rte`
#                                                        ^^^ E0201 there is no metric `rte`
#                                                                                 ^^^ E0201 there is no metric `rte`
}
test "figures of one lead" {
  in stage inquiry
  at 2026-03-02 09:00 demo
  at 2026-03-02 10:00 expect mqls 1, stage mql, target marketing mqls on track
}
test "before the first is nobody" {
  in stage mql
#          ^^^ E0312 this stands before the first of several leads, and is about none of them
  had demo yesterday
#          ^^^^^^^^^ E0312 this stands before the first of several leads, and is about none of them
  at 2026-03-02 08:00 demo
#    ^^^^^^^^^^^^^^^^ E0312 this stands before the first of several leads, and is about none of them
  lead a { }
  lead b { }
  expect mqls 0
}
