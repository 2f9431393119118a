-- The first of the steps that make a store. A step is never changed once a version with it is out: a later one follows.
-- {text} is the back end's type for text that compares by its bytes.

-- events of leads, as they were reported
CREATE TABLE events (
  lead     {text} NOT NULL,
  hash     {text} NOT NULL,
  at       BIGINT NOT NULL,
  received BIGINT NOT NULL,
  source   {text} NOT NULL,
  line     {text} NOT NULL,
  PRIMARY KEY (lead, hash)
);

-- up to when each lead was replayed and by which pact version, its assignments, where it was when that version came into
-- force, and when an event of it was last reported
CREATE TABLE leads (
  lead           {text} NOT NULL PRIMARY KEY,
  replayed_until BIGINT NOT NULL,
  pact_version   BIGINT NOT NULL,
  assignments    {text} NOT NULL,
  checkpoint     {text},
  last_reported  BIGINT NOT NULL
);
CREATE INDEX leads_pact_version ON leads (pact_version, lead);
CREATE INDEX leads_last_reported ON leads (last_reported, lead);

-- worked out: where each lead is
CREATE TABLE projections (
  lead       {text} NOT NULL PRIMARY KEY,
  pipeline   {text},
  stage      {text},
  owner      {text},
  team       {text},
  person     {text},
  queue      {text},
  resting    BIGINT NOT NULL,
  due        BIGINT,
  scores     {text} NOT NULL,
  projection {text} NOT NULL
);
CREATE INDEX projections_due ON projections (due, lead) WHERE due IS NOT NULL;
CREATE INDEX projections_stage ON projections (pipeline, stage, lead);
CREATE INDEX projections_person ON projections (person, lead);
CREATE INDEX projections_team ON projections (team, lead);

-- worked out: points, the most first
CREATE TABLE points (
  lead   {text} NOT NULL,
  score  {text} NOT NULL,
  points BIGINT NOT NULL,
  PRIMARY KEY (lead, score)
);
CREATE INDEX points_score ON points (score, points, lead);

-- worked out: clocks that run
CREATE TABLE clocks (
  lead    {text} NOT NULL,
  n       BIGINT NOT NULL,
  sla     {text} NOT NULL,
  promise {text} NOT NULL,
  state   {text} NOT NULL,
  due     BIGINT,
  stage   {text},
  team    {text},
  person  {text},
  PRIMARY KEY (lead, n)
);
CREATE INDEX clocks_due ON clocks (due, lead, n) WHERE due IS NOT NULL;

-- the pacts that were in force, with their texts
CREATE TABLE pact_versions (
  n           BIGINT NOT NULL PRIMARY KEY,
  since       BIGINT NOT NULL,
  digest      {text} NOT NULL,
  environment {text},
  files       {text} NOT NULL
);

-- what is to be sent, and what became of it
CREATE TABLE outbox (
  id       {text} NOT NULL PRIMARY KEY,
  lead     {text} NOT NULL,
  at       BIGINT NOT NULL,
  kind     {text} NOT NULL,
  series   {text} NOT NULL,
  target   {text} NOT NULL,
  body     {text} NOT NULL,
  state    {text} NOT NULL,
  attempts BIGINT NOT NULL,
  next     BIGINT NOT NULL,
  why      {text}
);
CREATE INDEX outbox_next ON outbox (next, id) WHERE state = 'waiting';
CREATE INDEX outbox_lead ON outbox (lead, series);
CREATE INDEX outbox_dead ON outbox (at, id) WHERE state = 'dead';

-- requests that were answered, by the key that the client gave them
CREATE TABLE requests (
  idempotency {text} NOT NULL PRIMARY KEY,
  body        {text} NOT NULL,
  answer      {text} NOT NULL,
  at          BIGINT NOT NULL
);
CREATE INDEX requests_at ON requests (at);

-- single values: the roster
CREATE TABLE singles (
  name  {text} NOT NULL PRIMARY KEY,
  value {text} NOT NULL
);
