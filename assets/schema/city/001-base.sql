-- The city's tables. Append-only for good: device_log, quarantine, event, audit, refused entries within device_log.
-- All other rows can be made again from them and from the object files.

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE device (
  device TEXT PRIMARY KEY, hall TEXT NOT NULL, role TEXT NOT NULL, case_code TEXT NOT NULL,
  block_from INTEGER NOT NULL, block_to INTEGER NOT NULL,
  key BLOB NOT NULL,              -- Ed25519, public
  incarnation TEXT NOT NULL,      -- the chain it writes
  state TEXT NOT NULL,            -- active, revoked, quarantined
  enrolled_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, heard_at INTEGER);
CREATE TABLE certificate (
  serial TEXT PRIMARY KEY, device TEXT NOT NULL, expires_at INTEGER NOT NULL, revoked_at INTEGER);
CREATE TABLE enrol_code (
  secret_hash TEXT PRIMARY KEY, device TEXT NOT NULL, hall TEXT NOT NULL, role TEXT NOT NULL, case_code TEXT NOT NULL,
  block_from INTEGER NOT NULL, block_to INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  request_hash TEXT,              -- of the request that used it
  answer TEXT);

-- What devices wrote, byte for byte.
CREATE TABLE chain (
  chain INTEGER PRIMARY KEY, device TEXT NOT NULL, incarnation TEXT NOT NULL,
  received INTEGER NOT NULL, head TEXT NOT NULL, safe INTEGER NOT NULL,
  UNIQUE (device, incarnation));
CREATE TABLE device_log (
  chain INTEGER NOT NULL REFERENCES chain, seq INTEGER NOT NULL, hash TEXT NOT NULL, bytes BLOB NOT NULL,
  received_at INTEGER NOT NULL, reason TEXT,   -- NULL: used; else why it was refused
  PRIMARY KEY (chain, seq));
CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY, device TEXT NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE alarm (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, device TEXT, text TEXT NOT NULL, seen_at INTEGER);

-- Sealed files.
CREATE TABLE object (sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, stored_at INTEGER NOT NULL);
CREATE TABLE upload (
  id TEXT PRIMARY KEY, device TEXT NOT NULL, sha256 TEXT NOT NULL, length INTEGER NOT NULL, -- -1: not said yet
  complete INTEGER NOT NULL, touched_at INTEGER NOT NULL);
CREATE TABLE object_use (
  sha256 TEXT NOT NULL, chain INTEGER NOT NULL, seq INTEGER NOT NULL, ordinal INTEGER NOT NULL, size INTEGER NOT NULL,
  hall TEXT NOT NULL, case_id TEXT,
  PRIMARY KEY (chain, seq, ordinal));
CREATE INDEX object_use_sha256 ON object_use (sha256);
CREATE INDEX object_use_case ON object_use (case_id);

-- Cases: events, and the row that is their fold.
CREATE TABLE event (
  case_id TEXT NOT NULL, seq INTEGER NOT NULL, event_id TEXT NOT NULL, type TEXT NOT NULL,
  at INTEGER NOT NULL, recorded_at INTEGER NOT NULL, actor TEXT NOT NULL, origin TEXT, guide TEXT, body TEXT NOT NULL,
  prev_hash TEXT NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (case_id, seq));
CREATE TABLE case_file (
  case_id TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, service TEXT NOT NULL, hall TEXT NOT NULL, guide TEXT,
  state TEXT NOT NULL, version INTEGER NOT NULL,  -- seq of the last event that changed it
  department TEXT, submitted_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
  promised_n INTEGER, promised_unit TEXT, promised_due TEXT, promised_provisional INTEGER NOT NULL DEFAULT 0,
  statutory_n INTEGER, statutory_unit TEXT, statutory_due TEXT, statutory_provisional INTEGER NOT NULL DEFAULT 0,
  seal TEXT NOT NULL DEFAULT 'waiting'); -- waiting for documents, good, damaged
CREATE INDEX case_file_state ON case_file (state, submitted_at);

-- The queue of a hall and day.
CREATE TABLE queue_number (
  hall TEXT NOT NULL, day TEXT NOT NULL, number TEXT NOT NULL, family TEXT NOT NULL, state TEXT NOT NULL, window TEXT,
  at INTEGER NOT NULL, device TEXT NOT NULL,
  PRIMARY KEY (hall, day, number));

-- What goes down. hall NULL: to every hall; role NULL: to every role.
CREATE TABLE feed (cursor INTEGER PRIMARY KEY, hall TEXT, role TEXT, item TEXT NOT NULL);

-- Staff.
CREATE TABLE user (
  name TEXT PRIMARY KEY, display TEXT NOT NULL, role TEXT NOT NULL, department TEXT, hall TEXT, hash TEXT NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, locked_until INTEGER NOT NULL DEFAULT 0);
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL,
  prev_hash TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TABLE backup (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, path TEXT NOT NULL);
