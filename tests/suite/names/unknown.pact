# Names that nothing declares, with the ones that were meant.
list bosses = "CEO", "CTO"
activity visit { pages integer? }
touch call
disposition won { amount money USD }
disposition lost { reason one of price, timing }

criteria c "What is asked" {
#        ^ W0201 nothing uses the criteria `c`
  agreed by marketing, sale
#                      ^^^^ E0201 there is no party `sale`
  need contry = "TR"
#      ^^^^^^ E0201 there is no field `contry`
  need title = ceo
#              ^^^ E0201 there is no field `ceo`
  need lead_source = wep
#                    ^^^ E0203 `wep` is none of the words here
  need lead_source in web, "Webinar", direct
#                                     ^^^^^^ E0203 `direct` is none of the words here
  need disposition = wno
#                    ^^^ E0203 `wno` is none of the words here
  need reason = prise
#               ^^^^^ E0203 `prise` is none of the words here
  need any vist
#          ^^^^ E0201 there is no activity `vist`
  need count of visit where pges > 3 in last 30 days > 2
#                           ^^^^ E0201 there is no field `pges`
  need won.amout > 3 USD
#          ^^^^^ E0201 there is no property `amout`
  need visit.pages > 3
#      ^^^^^^^^^^^ E0204 `visit.pages` may have happened many times
  need bosses
#      ^^^^^^ E0204 `bosses` is a list
  need title in bosses
  need domian(title) = "x.com"
#      ^^^^^^ E0201 there is no function `domian`
  need lookup queue in regions = "x"
#                      ^^^^^^^ E0201 there is no table `regions`
  need visit
#      ^^^^^ E0302 `visit` is something that happens
  need employees in revenue
#                   ^^^^^^^ E0204 `revenue` is not known before a lead is there
}

score s { give 3 per visti }
#     ^ W0201 nothing uses the score `s`
#                    ^^^^^ E0201 there is no activity `visti`
