

# first words


pact x"One" {version"1" parties a,b

  # zone
  time zone
     "UTC"
language tr }
list a="x","y" list bb from "b.txt" column "c"
param cap "c"=40 in staging 4 in production -5
param rate = 10M USD
table t from "t.csv"
calendar night "n" { time zone "America/New_York" mon to fri 22:00 to 06:00 sat 09:00 to 13:00, 14:00 to 24:00
sun closed closed 2026-12-25, 2026-12-31 from 12:00 open 2026-12-19
10:00 to 14:00 }
lead { id text key   name text? pii default "none" "How we call them"
 size integer?
 score_of_things_as_told list of one of a, b }
activity call { minutes integer? length duration }, visit
activity empty { }
activity other {
  # nothing yet
}
source s "S" { blank "", "-" dates "%d" times "%H" in "UTC"
match on email
event demo at "When" when "Kind" in "D","E" { page="Page" minutes   =  "Minutes" }
 a="A" or "B" times 100 bb="B"{"x","y"->missing "z"->1 otherwise reject} }
score f 0 to 100 { give 5 when a # why
  give 10 per visit where minutes>-3 in last 30 days,at most 50,at most 10 per day
 # own
 take 5 if any visit where page starts with "/" in last 1 week 2 days
 together at most 40 { give 1 when a give 22 when b }
}
criteria c { need not(a+-b*-(c-1)=-2) as "label" any { need x need yy as "y" not { need z } }
  need if a then b else count of visit where minutes > 3 and page contains exactly "a" in last 3 days >= 3
  need country not in ("TR", "ES") or lower( domain ( email ) ) in free_mail or latest visit.page = "/" or fit if missing 3 > 2 or a is not met }
sla s on mql { warn at 50%,75% alert a reassign on breach of work after 2 days { move to b }
  pause while status="x" }
test "t" {
  lead{a 1 b missing # trailing
  tags "x","y"}
  in stage mql in env staging
  at 2026-03-02   09:00 visit { minutes 3 page "/" }, set country "TR"
  at 2026-03-02
  had visit{ minutes 3 } 2 days ago
  expect fit -5 to 5, qualified not met, one fact short:a and b or c, no alert x
}
# the end

