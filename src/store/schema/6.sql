-- points stand beside what leads are listed by: one index has the hot list, whatever it asks for
-- {text} is as in the first step
ALTER TABLE points ADD COLUMN pipeline {text};
ALTER TABLE points ADD COLUMN stage {text};
ALTER TABLE points ADD COLUMN owner {text};
ALTER TABLE points ADD COLUMN team {text};
ALTER TABLE points ADD COLUMN person {text};
ALTER TABLE points ADD COLUMN queue {text};
UPDATE points SET pipeline = s.pipeline, stage = s.stage, owner = s.owner, team = s.team, person = s.person, queue = s.queue
  FROM projections s WHERE s.lead = points.lead;
DROP INDEX points_score;
CREATE INDEX points_listed ON points (score, points DESC, lead, stage, pipeline, owner, team, person, queue);

-- and lists by key, and how many leads are in each stage
CREATE INDEX projections_listed ON projections (lead, stage, pipeline, owner, team, person, queue);
CREATE INDEX projections_flow ON projections (pipeline, stage, resting) WHERE stage IS NOT NULL;
