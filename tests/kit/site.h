/* site.h: a device as it stands after enrolment, made without a city: keys, enrolment, key set and
 * configuration, with room trust. For tests. */
#pragma once

#include <glib.h>

typedef struct {
  const char *device; /* "GS-K1" */
  const char *role;   /* "kiosk" or "desk" */
  gint64 issued;      /* of the key set, ms */
  gint64 expires;
  gint64 version;
  gboolean without_hall; /* the key set lacks the hall's key */
  int ticket_from, ticket_to;
} SiteOptions;

/* A kiosk GS-K1 with numbers 1 to 199 and a key set that was issued an hour before `now`. */
SiteOptions site_options (gint64 now);

/* Makes below `folder`: ROLE.conf, ROLE/ (the state directory), and, if they are not there yet,
 * city/keyset-sign.key, working.key, hall.key, recovery.key. A second call with other options makes
 * the key set and enrolment anew and keeps the device's keys. Aborts on any failure. */
void site_make (const char *folder, const SiteOptions *options);

/* Deletes a folder and what is in it. */
void site_remove (const char *folder);
