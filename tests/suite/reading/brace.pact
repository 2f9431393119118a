pipeline p {
  stage one {
#           ^ E0103 `{` is never closed
    owner sales
    move to two when consent
  stage two { owner sales  final }
}
criteria c { agreed by sales  need consent }
#        ^ W0201 nothing uses the criteria `c`
