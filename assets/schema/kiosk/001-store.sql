-- The store of a device. Steps are never edited after release: a change is a new file.
-- Append-only (permanent): identity, entry, redeemed. Triggers refuse to change them.
-- Rebuildable from entry: case_local, case_counter, ticket's counters, object (journal_rebuild).
-- Rebuildable from the city's feed: case_public, queue_public, envelope, envelope_object, peer's cursor.
-- Short-lived: receipt, ticket, spool. Nothing here holds a name or a number of a person in clear.

CREATE TABLE identity (          -- one row an incarnation, the newest is the current one
  position INTEGER PRIMARY KEY,
  incarnation TEXT NOT NULL UNIQUE,
  began_at INTEGER NOT NULL
) STRICT;

CREATE TABLE entry (
  incarnation TEXT NOT NULL REFERENCES identity (incarnation),
  seq INTEGER NOT NULL CHECK (seq > 0),
  at INTEGER NOT NULL,
  unsure INTEGER NOT NULL,       -- the clock was not believed
  kind TEXT NOT NULL,
  case_id TEXT,
  hash TEXT NOT NULL CHECK (length (hash) = 64),
  bytes BLOB NOT NULL,
  PRIMARY KEY (incarnation, seq)
) STRICT;
CREATE INDEX entry_kind ON entry (kind);
CREATE INDEX entry_at ON entry (unsure, at);

CREATE TABLE object (            -- sealed blobs that entries speak of
  sha256 TEXT PRIMARY KEY CHECK (length (sha256) = 64),
  size INTEGER NOT NULL,
  incarnation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  place INTEGER NOT NULL,        -- in its entry, the body is 0
  sent INTEGER NOT NULL DEFAULT 0,
  purged INTEGER NOT NULL DEFAULT 0,
  FOREIGN KEY (incarnation, seq) REFERENCES entry (incarnation, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX object_entry ON object (incarnation, seq, place);
CREATE INDEX object_unsent ON object (incarnation, seq, place) WHERE sent = 0;

CREATE TABLE case_local (
  number TEXT PRIMARY KEY,
  case_id TEXT NOT NULL UNIQUE,
  service TEXT NOT NULL,
  guide TEXT NOT NULL,
  hall TEXT NOT NULL,
  language TEXT NOT NULL,
  submitted_at INTEGER NOT NULL,
  incarnation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  FOREIGN KEY (incarnation, seq) REFERENCES entry (incarnation, seq)
) STRICT;
CREATE INDEX case_local_time ON case_local (submitted_at);

CREATE TABLE case_counter (      -- one row: the last counter value that a case number took
  one INTEGER PRIMARY KEY CHECK (one = 1),
  last INTEGER NOT NULL
) STRICT;
INSERT INTO case_counter VALUES (1, 0);

CREATE TABLE receipt (
  number TEXT PRIMARY KEY,
  data TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE spool (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('receipt', 'ticket')),
  reference TEXT NOT NULL,
  copy INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'unknown', 'printed', 'failed', 'cancelled')),
  reason TEXT,
  job_name TEXT NOT NULL UNIQUE,
  ipp_id INTEGER NOT NULL DEFAULT 0,
  queued_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  UNIQUE (kind, reference, copy)
) STRICT;
CREATE INDEX spool_state ON spool (state, id);
CREATE TABLE print_copy (        -- the highest copy number ever queued: a reprint never says 1 again
  kind TEXT NOT NULL,
  reference TEXT NOT NULL,
  copy INTEGER NOT NULL,
  PRIMARY KEY (kind, reference)
) STRICT;

CREATE TABLE ticket (
  id TEXT PRIMARY KEY CHECK (length (id) = 24),
  number TEXT NOT NULL,
  family TEXT NOT NULL,
  day TEXT NOT NULL,
  service TEXT,
  language TEXT NOT NULL,
  drawn_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  text TEXT NOT NULL,
  UNIQUE (day, number)
) STRICT;
CREATE TABLE ticket_counter (
  day TEXT NOT NULL,
  family TEXT NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (day, family)
) STRICT;
CREATE TABLE redeemed (
  id TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE peer (              -- one row
  one INTEGER PRIMARY KEY CHECK (one = 1),
  epoch TEXT,
  server_time INTEGER NOT NULL DEFAULT 0,
  cursor TEXT,
  last_attempt INTEGER NOT NULL DEFAULT 0,
  last_success INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  last_error TEXT
) STRICT;
INSERT INTO peer (one) VALUES (1);
CREATE TABLE watermark (
  incarnation TEXT PRIMARY KEY REFERENCES identity (incarnation),
  received INTEGER NOT NULL,
  safe INTEGER NOT NULL CHECK (safe <= received)
) STRICT;
CREATE TABLE refused (           -- entries that the city keeps but cannot use: for staff
  incarnation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (incarnation, seq)
) STRICT;

CREATE TABLE case_public (
  number TEXT NOT NULL,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  state TEXT NOT NULL,
  service TEXT,
  limit_n INTEGER NOT NULL DEFAULT 0,
  limit_unit TEXT,
  due TEXT,
  due_provisional INTEGER NOT NULL DEFAULT 0,
  heard INTEGER NOT NULL,        -- order in which the events came, for those of one instant
  PRIMARY KEY (number, at, action, state)
) STRICT, WITHOUT ROWID;
CREATE TABLE queue_public (
  day TEXT NOT NULL,
  number TEXT NOT NULL,
  family TEXT NOT NULL,
  state TEXT NOT NULL,
  window TEXT,
  at INTEGER NOT NULL,
  heard INTEGER NOT NULL,
  PRIMARY KEY (day, number, at, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE envelope (          -- desks only: entries of the hall's devices, bodies still sealed
  device TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  case_id TEXT,
  number TEXT,
  kind TEXT NOT NULL,
  service TEXT,
  at INTEGER NOT NULL,
  hash TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (device, incarnation, seq)
) STRICT;
CREATE INDEX envelope_case ON envelope (case_id);
CREATE INDEX envelope_number ON envelope (number);
CREATE TABLE envelope_object (
  sha256 TEXT NOT NULL,
  device TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  seq INTEGER NOT NULL,
  place INTEGER NOT NULL,
  size INTEGER NOT NULL,
  here INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (sha256, device, incarnation, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX envelope_object_entry ON envelope_object (device, incarnation, seq);

CREATE TRIGGER identity_stays BEFORE UPDATE ON identity BEGIN SELECT RAISE (ABORT, 'append-only'); END;
CREATE TRIGGER identity_remains BEFORE DELETE ON identity BEGIN SELECT RAISE (ABORT, 'append-only'); END;
CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE (ABORT, 'append-only'); END;
CREATE TRIGGER entry_remains BEFORE DELETE ON entry BEGIN SELECT RAISE (ABORT, 'append-only'); END;
CREATE TRIGGER redeemed_stays BEFORE UPDATE ON redeemed BEGIN SELECT RAISE (ABORT, 'append-only'); END;
CREATE TRIGGER redeemed_remains BEFORE DELETE ON redeemed BEGIN SELECT RAISE (ABORT, 'append-only'); END;
