# What is watched, and what is looked at together.
activity demo { topic text }
program spring { kind nurture }
pipeline all { stage inquiry { owner marketing  on enter enroll spring  move to mql when any demo }  stage mql { owner sales  final } }
metric mqls = leads entering mql
metric rate = inquiry -> mql
watch rate { compare last 4 weeks with the 4 weeks before  alert when it changes by 25% or more  review mql }
watch mqls { }
#     ^^^^ E0312 the watch of `mqls` does not say when to tell
watch mqls {
  compare last 4 weeks with the 4 business days before
#                               ^^^^^^^^^^^^^^^ E0310 a window runs in elapsed time, not in business time
  compare last 1 week with the 1 week before
#              ^^^^^^^^^^^^^^^^^^^^^^ E0601 `compare` stands here a second time
  alert when it changes by 25% or more
  alert when it changes by 0% or more
#                          ^^ E0601 `alert` stands here a second time
#                          ^^ E0804 0% is not above 0% and up to 1000%
  review mqs
#        ^^^ E0201 there is no criteria or sla `mqs`
}
review weekly every 1 week { mqls, rate by country, team, program.kind, stage.owner }
review daily every 1 day { mqs, rate by cuntry, program.owner }
#                          ^^^ E0201 there is no metric `mqs`
#                                       ^^^^^^ E0201 there is no dimension `cuntry`
#                                               ^^^^^^^^^^^^^ E0201 there is no dimension `program.owner`
review answers every 1 week { mqls by disposition, demo.topic, demo.topics }
#                                                              ^^^^^^^^^^^ E0201 there is no dimension `demo.topics`
