disposition recycle
program again
#       ^^^^^ E0101 something is missing after `again`
pipeline p {
  stage one { owner sales  move to two when consent }
  stage two { owner sales }
  stage stuck { owner sales }
  stage back { owner marketing  move to one when consent }
  stage done { owner sales  final }
}
recycle later { from two  when disposition = recycle  to back  enroll again  at most 2 times, then done }
