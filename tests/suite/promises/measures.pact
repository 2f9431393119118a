# Metrics and what is done with them.
activity visit
disposition won { amount money USD }
pipeline p {
  stage one { owner marketing  move to two when disposition = won }
  stage two { owner sales  final }
}
criteria fits { agreed by marketing, sales  need consent }
score fit { give 10 when fits }
sla speed on one { owner sales  first touch within 4 hours }
metric a = b / 2
#      ^ E0806 `a` is measured by itself
metric b = a + c
metric c = c * 2
#      ^ E0806 `c` is measured by itself
metric entered = leads entering too where title
#                               ^^^ E0201 there is no stage `too`
#                                         ^^^^^ E0302 `title` is a text, not a condition
metric money = sum of won.amout where amount > 10
#                         ^^^^^ E0201 there is no property `amout`
#                                              ^^ E0304 `amount` is money in USD, `10` is a number without a currency
metric visits = count of vist
#                        ^^^^ E0201 there is no activity, touch or disposition `vist`
metric wait = median time from entering one to visit, in office hours
#                                                        ^^^^^^ E0201 there is no calendar `office`
metric share = one -> too
#                     ^^^ E0201 there is no stage `too`
target legal entered >= 300 per quarter
#      ^^^^^ E0201 there is no party `legal`
target sales entred <= 4 hours
#            ^^^^^^ E0201 there is no metric `entred`
watch share { compare last 0 weeks with the 4 weeks before  alert when it changes by 0% or more  review fits, sped }
#                          ^^^^^^^ E0310 a window of `0 weeks` is no time at all
#                                                                                    ^^ E0804 0% is not above 0% and up to 1000%
#                                                                                                             ^^^^ E0201 there is no criteria or sla `sped`
digest hot for sale { every weekday at 08:30  top 0 leads in one by fits  leads in one near breach of sped  leads in one that miss one fact for fit }
#              ^^^^ E0201 there is no party `sale`
#                                                 ^ E0804 a count of 0 leads means nothing
#                                                                   ^^^^ E0204 `fits` is a criteria, and a score is needed
#                                                                                                     ^^^^ E0201 there is no sla `sped`
#                                                                                                                                               ^^^ E0204 `fit` is a score, and a criteria is needed
review meeting every 2 weeks { entered, shares by country, fit, program.knd }
#                                       ^^^^^^ E0201 there is no metric `shares`
#                                                               ^^^^^^^^^^^ E0201 there is no dimension `program.knd`
