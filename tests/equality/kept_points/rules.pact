# Points that fade, are capped by the day and are kept in part over a recycle, where clocks are changed in the night.
pact kept_points { parties marketing, sales  time zone "Europe/Berlin" }

lead {
  id     text key
  size   integer?
  budget money EUR?
}

activity visit { pages integer? }
touch call
disposition later

score heat 0 to 100 {
  agreed by marketing, sales
  give 20 per visit where pages > 1 in last 10 days, at most 60, at most 30 per day
  give 15 if any visit in last 1 month
  fade 33% every 1 day
}

value spent = sum of visit.pages
band temper of heat { hot >= 30  warm > 5  otherwise cold }

criteria ready {
  agreed by marketing, sales
  need temper in hot, warm
  any  size >= 50
  any  budget > 99.99 EUR
}

pipeline way {
  stage inquiry { owner marketing  move to mql when ready }
  stage mql {
    owner sales
    move to lost when temper = cold and (count of visit in last 10 days) = 0 after 2 days
  }
  stage lost { owner marketing  final }
}

sla answers on mql {
  owner sales
  reply within 4 hours to visit
  first touch within 1 day
  pause while size is missing
  warn at 75% { alert boss }
}

recycle again {
  from mql
  when disposition = later
  to   inquiry
  rest 36 hours
  keep 50% of heat
  at most 1 time, then lost
}
