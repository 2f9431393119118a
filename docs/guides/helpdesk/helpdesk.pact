# A service desk: its cases are leads that the desk shares with its second line.
pact helpdesk "How the desk and its second line share cases" {
  version    "1"
  parties    desk, second_line
  effective  2010-01-01
  time zone  "Europe/Rome"
}

lead {
  case text key
}

# The log numbers its activities and does not name them. These names say what the numbers do to a case.
activity filed, opened, put_off, passed_on
touch    taken "Somebody has the case in hand"
disposition resolved "The answer is given"

source log "The event log of the desk" {
  times "%Y-%m-%d %H:%M:%S" in "Europe/Rome"
  case = "CaseID"
  event opened at "CompleteTimestamp" when "ActivityID" in "1"
  event filed at "CompleteTimestamp" when "ActivityID" in "3"
  event taken at "CompleteTimestamp" when "ActivityID" in "8"
  event put_off at "CompleteTimestamp" when "ActivityID" in "9"
  event resolved at "CompleteTimestamp" when "ActivityID" in "6"
  event passed_on at "CompleteTimestamp" when "ActivityID" in "2", "4", "5", "7"
}

calendar desk_hours "When the desk works, by the clock of the log" {
  mon to fri  15:00 to 02:00
  closed      2010-12-25, 2010-12-26, 2011-01-01, 2011-12-25, 2011-12-26, 2012-01-01
}

criteria waits "Put off, and not taken up again" {
  agreed by desk, second_line
  need any put_off
  need time since put_off < (time since taken if missing 100 years)
}

criteria goes_on "Something is done after the case was resolved" {
  agreed by desk, second_line
  any time since taken < time since resolved
  any time since put_off < time since resolved
}

pipeline cases "From the first call to a case that stays closed" {
  stage open "Nobody has it yet" {
    owner desk
    move to resolved when disposition = resolved
    move to in_work  when any taken
  }

  stage in_work "Somebody has it in hand" {
    owner desk
    move to resolved when disposition = resolved
  }

  stage resolved "Answered; the customer may come back" {
    owner desk
    move to closed after 30 days
  }

  stage closed  "Quiet for 30 days"    { owner desk         final }
  stage problem "Comes back too often" { owner second_line  final }
}

sla response on open "Somebody takes a new case" {
  owner     desk
  agreed by desk, second_line
  clock     desk_hours
  first touch within 4 business hours
  warn at 75%              { alert desk_lead }
  on breach of first touch { alert desk_manager }
}

sla resolution on in_work "A case that is taken is resolved; the clock stands still while it waits" {
  owner     desk
  agreed by desk, second_line
  clock     desk_hours
  outcome recorded within 5 business days
  pause while waits
  warn at 80%                                 { alert desk_lead }
  on breach of outcome                        { alert desk_manager }
  on breach of outcome after 10 business days { alert second_line_lead }
}

recycle reopened "A case that goes on after it was resolved" {
  from resolved
  when goes_on
  to   in_work
  at most 1 times, then problem
}

test "a case is taken, resolved, comes back and is closed in the end" {
  at 2012-03-05 15:00  opened
  at 2012-03-05 16:00  taken
  at 2012-03-05 17:00  resolved
  at 2012-03-07 15:30  taken
  at 2012-03-07 16:30  resolved
  at 2012-03-05 16:30  expect sla response first touch met
  at 2012-03-06 15:00  expect stage resolved
  at 2012-03-07 16:00  expect stage in_work, recycled by reopened
  at 2012-04-06 16:29  expect stage resolved
  at 2012-04-06 16:30  expect stage closed
}

test "the clock stands still while the case waits" {
  at 2012-03-05 15:00  taken
  at 2012-03-06 15:00  put_off
  at 2012-03-20 12:00  expect sla resolution outcome paused
  at 2012-03-20 15:00  taken
  at 2012-03-21 15:00  expect sla resolution outcome running
}

test "a case that comes back a second time is a problem" {
  at 2012-03-05 15:00  opened
  at 2012-03-05 16:00  resolved
  at 2012-03-05 17:00  taken
  at 2012-03-05 18:00  resolved
  at 2012-03-05 19:00  expect stage resolved
  at 2012-03-05 20:00  taken
  at 2012-03-05 21:00  expect stage problem
}

metric answered "Of the cases that were opened, those that got an answer within a week" = open -> resolved within 7 days
metric to_hand "How long a case lies before somebody has it" = median time from created to first touch
metric to_answer "How long a case takes" = median time from created to resolved
metric come_back "Cases that came back, of those that were answered" = resolved -> problem
