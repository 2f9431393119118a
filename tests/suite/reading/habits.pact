criteria c {
#        ^ W0201 nothing uses the criteria `c`
  agreed by sales
  need country == "TR"
#               ^ E0101 `=` does not fit here
  need employees > 10 && consent
#                     ^ E0101 `&` does not fit here
  need revenue > $10M
#                ^ E0101 `$` does not fit here
  need revenue >= 10m USD
#                 ^^^ E0101 `10m` does not fit here
  need title = 'CEO'
#              ^ E0101 `'` does not fit here
  need title is not missing
#                   ^^^^^^^ E0101 `missing` does not fit here
  need employees => 10
#                 ^ E0101 `>` does not fit here
  need country is "TR"
#                 ^^^^ E0101 `"TR"` does not fit here
}
