activity visit
disposition junk
program welcome { kind notify }
team desk { member ana }
pipeline p "The way" {
  stage one "First" {
    owner marketing
    owner sales
#         ^^^^^ E0601 `owner` stands here a second time
    label tr "bir", xx "one"
#                   ^^ E0201 there is no label language `xx`
    on enter { enroll welcom  alert salse, assignee, nightwatch  move to two  dispose as visit }
#                     ^^^^^^ E0201 there is no program `welcom`
#                                   ^^^^^ W0603 `salse` is one letter away from `sales`
#                                                                ^^^^^^^^^^^ E0606 a lead cannot move while it enters
#                                                                                        ^^^^^ E0201 there is no disposition `visit`
    move to one when consent
#           ^^^ E0603 `one` moves to itself
    move to two
#   ^^^^^^^^^^^ E0605 every lead would move to `two` at once
    move to tow when consent
#           ^^^ E0201 there is no stage `tow`
    move to far when consent
#           ^^^ E0610 `far` is a stage of another pipeline
    move to three after 14 days in office hours
#                                  ^^^^^^ E0201 there is no calendar `office`
  }
  stage two { move to three when disposition = junk }
#       ^^^ E0602 nobody owns `two`
  stage three { owner legal  final  move to two when consent }
#                     ^^^^^ E0201 there is no party `legal`
#                                   ^^^^^^^^^^^^^^^^^^^^^^^^ E0604 `three` is final, and nothing moves from there
  stage lonely { owner sales }
#       ^^^^^^ E0607 no lead ever leaves `lonely`
}
pipeline q "Another" {
#        ^ E0608 `p` and `q` both take every lead
#        ^ W0602 `q` never ends: no stage of it is final
  stage far { owner sales  expect "a"  expect "b"  on enter enroll welcome  move to away when any visit }
#                                             ^^^ E0601 `expect` stands here a second time
  stage away { owner sales  move to far after 3 days after 0 days }
#                                                          ^^^^^^ E0601 `after` stands here a second time
}
pipeline r { }
#        ^ E0609 `r` has no stages
