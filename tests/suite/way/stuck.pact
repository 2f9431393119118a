disposition junk
activity visit
param least = 100
criteria huge { agreed by sales  need employees > least }
criteria tiny { agreed by sales  need employees between 1 and 10 }
pipeline p {
  stage one   { owner sales  move to two when huge }
  stage two   { owner sales  move to three when huge and tiny  move to four when country = "TR" and country = "US" }
#       ^^^ E0607 a lead with employees 101 never leaves `two`
  stage three { owner sales  move to two when 1 > 2 }
  stage four  { owner sales  move to six when lead_source = web and (lead_source = webinar or consent is missing and consent) }
#       ^^^^ E0607 no lead ever leaves `four`
  stage five  { owner sales  move to six when employees > 1 and employees < 2  move to four after 3 days }
  stage six   { owner sales  move to seven when revenue > 1 USD and revenue < 2 USD }
  stage seven { owner sales  move to eight when huge and count of visit > 5 }
  stage eight { owner sales  move to five when born > 2020-01-01 and born < 2020-01-02 and count of visit > 5 }
#       ^^^^^ E0607 a lead with employees 101, visit 6 times never leaves `eight`
  stage nine  { owner sales  move to ten when country = exactly "TR" and country != "tr" }
  stage ten   { owner sales  final }
}
recycle later { from three  when disposition = junk  to nine }
