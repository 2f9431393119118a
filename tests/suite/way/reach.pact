disposition recycle
program again { kind nurture }
pipeline p {
  stage one { owner sales  move to two when consent }
  stage two { owner sales }
  stage stuck { owner sales }
#       ^^^^^ E0607 no lead ever leaves `stuck`
#       ^^^^^ W0601 no lead ever comes into `stuck`
  stage back { owner marketing  move to one when consent }
  stage done { owner sales  final }
}
recycle later { from two  when disposition = recycle  to back  enroll again  at most 2 times, then done }
