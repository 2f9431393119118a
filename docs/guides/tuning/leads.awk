# A year of leads as events, the same everywhere: chance is the generator of D. H. Lehmer (1951), with whole numbers.
function chance() { state = state * 16807 % 2147483647; return state / 2147483647 }
function event(at, name) { printf "{\"lead\": \"L%05d\", \"at\": \"%s+01:00\", \"event\": \"%s\"%s}\n", lead, at, name, more }
BEGIN {
  state = 20260302; leads = 8000
  for (lead = 1; lead <= leads; lead++) {
    day = int((lead - 1) * 360 / leads); month = int(day / 30) + 1; day = day % 30 + 1
    if (month == 2 && day > 28) day = 28
    at = sprintf("2025-%02d-%02dT09:00:00", month, day)
    demo = chance() < 0.4
    webinar = chance() < (demo ? 0.8 : 0.2)   # goes along with the demo
    letter = chance() < 0.4                   # goes along with nothing
    price = chance() < 0.4
    employees = 10 + int(chance() * 190)
    more = sprintf(", \"employees\": %d", employees); event(at, "record"); more = ""
    if (demo) event(at, "demo_request")
    if (price) event(at, "price_visit")
    if (webinar) event(at, "webinar")
    if (letter) event(at, "newsletter_click")
    # what makes sales work a lead: the demo, the prices, and thirty employees or more
    wants = (demo ? 0.4 : 0.05) + (price ? 0.15 : 0) - (employees < 30 ? 0.3 : 0)
    handed = employees >= 50 && (demo * 40 + price * 20 + webinar * 20 + letter * 20) >= 20
    answer = chance() < wants ? "accepted" : "refused"
    # of those that are not handed over sales finds some by itself
    if (handed || (answer == "accepted" && chance() < 0.9)) {
      hours = 1 + int(chance() * 8)
      event(sprintf("2025-%02d-%02dT%02d:00:00", month, day, 9 + hours), answer)
    }
  }
}
