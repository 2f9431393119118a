program welcome { kind notify }
score fit { give 5 when consent }
criteria good { agreed by sales  need fitt > 3 }
#                                     ^^^^ E0201 there is no field `fitt`
pipeline p {
  stage one { owner sales  on enter enroll welcom  move to two when god }
#                                          ^^^^^^ E0201 there is no program `welcom`
#                                                                   ^^^ E0201 there is no field `god`
  stage two { owner sales  final }
}
