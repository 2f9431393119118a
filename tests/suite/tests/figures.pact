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
disposition later { reason one of timing, budget }
test "what is watched, and what was answered" {
  lead a { }
  at 2026-03-02 09:00 demo
  expect watch mqls changed, watch rte steady
#              ^^^^ E0801 `mqls` is not watched
#                                  ^^^ E0201 there is no metric `rte`
  expect answer later 2, answer later timing 1 let in by "any demo", answer later price 0
#                                                                                 ^^^^^ E0201 there is no reason `price`
  expect answer demo 1
#               ^^^^ E0201 there is no disposition `demo`
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
