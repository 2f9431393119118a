-- worked out: where a lead with many events was when all up to an instant had happened, so that those are not read again
-- {text} is as in the first step
CREATE TABLE checkpoints (
  lead  {text} NOT NULL PRIMARY KEY,
  at    BIGINT NOT NULL,
  state {text} NOT NULL
);

-- and the events after that are found
CREATE INDEX events_at ON events (lead, at);

-- how many leads and events there are, and how many leads in each stage: nobody who asks counts them
CREATE TABLE tallies (
  name {text} NOT NULL PRIMARY KEY,
  n    BIGINT NOT NULL
);
INSERT INTO tallies (name, n) SELECT 'events', count(*) FROM events;
INSERT INTO tallies (name, n) SELECT 'leads', count(*) FROM leads;
CREATE TABLE stage_tallies (
  pipeline {text} NOT NULL,
  stage    {text} NOT NULL,
  leads    BIGINT NOT NULL,
  resting  BIGINT NOT NULL,
  PRIMARY KEY (pipeline, stage)
);
INSERT INTO stage_tallies (pipeline, stage, leads, resting)
  SELECT pipeline, stage, count(*), CAST(sum(resting) AS BIGINT) FROM projections WHERE stage IS NOT NULL
  GROUP BY pipeline, stage;
