# A B2B hardware seller: opportunities, the accounts they belong to, and the agents who work them.
pact maven "How opportunities are worked and closed" {
  version     "1"
  parties     marketing, sales
  effective   2016-10-01
  time zone   "America/New_York"
  precedence  opportunities, accounts, agents
}

lead {
  opportunity_id       text key
  sales_agent          text
  product              text
  account              text? "Blank until an account is found"
  deal_stage           one of prospecting, engaging, won, lost
  engaged_on           date?
  closed_on            date?
  close_value          money USD?
  sector               text?
  annual_revenue       money USD?
  number_of_employees  integer?
  office_location      text?
  manager              text?
  regional_office      text?
}

activity engaged

disposition won "The deal closed" {
  amount money USD
}
disposition lost "The deal did not close"

source opportunities "One row an opportunity" {
  opportunity_id = "opportunity_id"
  sales_agent    = "sales_agent"
  product        = "product" { "GTXPro" -> "GTX Pro" }
  account        = "account"
  deal_stage = "deal_stage" {
    "Prospecting" -> prospecting
    "Engaging"    -> engaging
    "Won"         -> won
    "Lost"        -> lost
    otherwise reject
  }
  engaged_on  = "engage_date"
  closed_on   = "close_date"
  close_value = "close_value"
  event engaged at "engage_date"
  event won at "close_date" when "deal_stage" in "Won" { amount = "close_value" }
  event lost at "close_date" when "deal_stage" in "Lost"
}

source accounts "One row an account; it adds to every opportunity of the account" {
  match on account
  account             = "account"
  sector              = "sector" { "technolgy" -> "technology" }
  annual_revenue      = "revenue" times 1M
  number_of_employees = "employees"
  office_location     = "office_location" { "Philipines" -> "Philippines" }
}

source agents "One row a sales agent" {
  match on sales_agent
  sales_agent     = "sales_agent"
  manager         = "manager"
  regional_office = "regional_office"
}

criteria large_account "Worth a senior agent" {
  agreed by sales
  need number_of_employees >= 1000 or annual_revenue >= 1B USD
}

criteria has_account "The opportunity belongs to an account" {
  agreed by sales
  need account is present
}

pipeline deals "From prospecting to a closed deal" {
  stage prospecting "Nobody has talked to the customer yet" {
    owner  marketing
    expect "Find the account and engage it"
    move to engaging when any engaged
  }

  stage engaging "Sales talks to the customer" {
    owner  sales
    expect "Close it, or say that it is lost"
    move to won  when disposition = won
    move to lost when disposition = lost
  }

  stage won  "Closed, won"  { owner sales  final }
  stage lost "Closed, lost" { owner sales  final }
}

# The size of an account is known once the account is.
route desk {
  to queue senior_agents  when large_account
  to queue account_search when not has_account
  otherwise to queue agents
}

handoff prospecting to engaging {
  route by desk
  carry product, account, sector, number_of_employees
}

metric deals_won   = leads entering won
metric win_rate    = deals_won / (deals_won + leads entering lost)
metric days_to_win = median time from engaged to won
metric revenue     = sum of won.amount
