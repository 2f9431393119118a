# A marketplace that wins sellers: marketing-qualified leads, and the deals that some of them became.
pact olist "How the marketplace's marketing and sales share leads" {
  version     "1"
  parties     marketing, sales
  effective   2017-06-01
  time zone   "America/Sao_Paulo"
  precedence  leads, deals
}

lead {
  mql_id                    text key
  first_contact             date?
  landing_page              text?
  origin                    text? "Where the lead came from; `unknown` is a value, blank is missing"
  business_segment          text?
  lead_type                 text?
  business_type             one of reseller, manufacturer, other?
  behaviour                 text?
  average_stock             text?
  catalog_size              integer?
  declared_monthly_revenue  money BRL?
  sales_rep                 text?
}

activity first_contacted

disposition won "The seller signed" {
  seller                   text
  declared_monthly_revenue money BRL?
}

source leads "The file of qualified leads" {
  mql_id        = "mql_id"
  first_contact = "first_contact_date"
  landing_page  = "landing_page_id"
  origin        = "origin"
  event first_contacted at "first_contact_date"
}

source deals "The file of closed deals" {
  times "%Y-%m-%d %H:%M:%S" in "UTC"
  mql_id                   = "mql_id"
  business_segment         = "business_segment"
  lead_type                = "lead_type"
  business_type            = "business_type"
  behaviour                = "lead_behaviour_profile"
  average_stock            = "average_stock" { "unknown" -> missing }
  catalog_size             = "declared_product_catalog_size"
  declared_monthly_revenue = "declared_monthly_revenue"
  sales_rep                = "sr_id"
  event won at "won_date" {
    seller                   = "seller_id"
    declared_monthly_revenue = "declared_monthly_revenue"
  }
}

list intent_origins = "organic_search", "paid_search", "direct_traffic", "referral", "email"

score intent 0 to 100 "How much the way it came tells of a wish to sell" {
  give 40 when origin in "organic_search", "paid_search"
  give 60 when origin in "direct_traffic", "referral"
  give 20 when origin = "social"
  give 10 if any first_contacted in last 30 days
}

criteria known_origin "We know the channel that brought the lead" {
  agreed by marketing, sales
  need origin != "unknown"
}

criteria worth_a_call "Came by a way that shows intent" {
  agreed by marketing, sales
  need known_origin
  need origin in intent_origins
  need intent >= 20
}

pipeline sellers "From first contact to a signed seller" {
  stage contacted "Asked to become a seller" {
    owner  marketing
    expect "Find out where the lead came from and what it sells"
    move to won           when disposition = won
    move to qualification when worth_a_call
    move to cold          after 180 days
  }

  stage qualification "A development representative calls" {
    owner  sales
    expect "Call within a day"
    move to won  when disposition = won
    move to cold after 180 days
  }

  stage cold "Half a year without a signature" {
    owner marketing
    move to won  when disposition = won
    move to gone after 9 months
  }

  stage won  "Signed"                 { owner sales      final }
  stage gone "Waited for long enough" { owner marketing  final }
}

sla signing on qualification "Sales answers for a lead that it took" {
  owner     sales
  agreed by marketing, sales
  outcome recorded within 30 days
  warn at 50%          { alert representative }
  on breach of outcome { alert sales_manager }
}

metric signed "Of the leads that asked, those that signed" = contacted -> won
metric signed_of_called "Of those that sales called"       = qualification -> won
metric days_to_sign "From the first contact"               = median time from first_contacted to won
metric mean_to_sign = average time from first_contacted to won
metric declared "Revenue that sellers declare" = sum of won.declared_monthly_revenue
