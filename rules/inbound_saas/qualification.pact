score fit 0 to 100 "How well the company matches who stays with us" {
  give 30 when number_of_employees between 20 and 499
  give 40 when number_of_employees >= 500
  give 25 when title in deciders
  give 15 when plan_interest in team, enterprise
  give 10 when lead_source = referral
  take 30 when domain(email) in free_mail
}

score interest 0 to 100 "How much the lead wants to hear from us; old signs count less" {
  give 40 if any demo_request  in last 60 days
  give 30 if any trial_started in last 30 days
  together at most 40 {
    give 10 per pricing_page_visit in last 30 days
    give 2  per docs_visit         in last 14 days, at most 4 per day
  }
  give 5 per feature_used where feature in "import", "invite", "integration" in last 14 days,
      at most 20
  give 10 per webinar_attended in last 60 days, at most 20
  take 60 if any unsubscribed
  fade 25% every 2 weeks
}

band grade of fit "A fits best" { a >= 70  b >= 50  c >= 30  otherwise d }
band heat of interest "How warm the lead is" { hot >= 70  warm >= 40  otherwise cold }

band urgency of grade by heat "Who is called first" {
  #    hot    warm   cold
  a -> first, first, next
  b -> first, next,  next
  c -> next,  next,  later
  d -> next,  later, later
}

criteria qualified "Fits, is interested, and may be called" {
  agreed by marketing, telequalification, sales
  need fit >= fit_needed as "The company fits"
  need interest >= interest_needed as "The lead is interested"
  need consent as "We may call"
  not  never_fits is met as "Not one that we cannot serve"
}

criteria sales_ready "Said on the telephone that it wants to talk to sales" {
  agreed by telequalification, sales
  need has_need as "Has a need that we serve"
  any  has_authority
  any { need title in deciders  need number_of_employees < 50 }
  need has_budget if missing true as "Nobody said that there is no money"
  need wants_meeting
}

criteria never_fits "We cannot serve it" {
  agreed by marketing, sales
  any industry in excluded_industries
  any number_of_employees < 2
}
