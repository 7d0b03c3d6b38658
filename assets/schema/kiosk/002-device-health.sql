-- What the owner of a device last saw of it. Local, may be lost at any time.
CREATE TABLE device_health (
  device TEXT PRIMARY KEY,
  condition TEXT NOT NULL,
  detail TEXT,
  since INTEGER NOT NULL,
  checked_at INTEGER NOT NULL
) STRICT;
