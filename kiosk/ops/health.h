/* health.h: what is wrong with this machine, worst first: for `onestop doctor` and staff screens.
 *
 * Each finding is one part, one sentence and one remedy. Nothing here asks a device: printers are
 * as onestop-print last saw them (store/device-health), so it is quick and disturbs nobody. English
 * text without personal data. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "domain/guide.h"
#include "ops/config.h"
#include "store/db.h"
#include "store/enrolment.h"
#include "trust/key-set.h"

typedef enum {
  HEALTH_FAULT,   /* something that a visitor needs does not work */
  HEALTH_WARNING, /* it works, and will not for long, or staff must act */
  HEALTH_NOTICE,  /* worth knowing */
  HEALTH_FINE,
} HealthLevel;

typedef struct {
  HealthLevel level;
  char *part;     /* stable word: "receipt-printer", "disk", "clock", "backlog", "guide"... */
  char *word;     /* stable word of what it is: "media-empty", "low", "unsure"... */
  char *sentence; /* what it is */
  char *remedy;   /* what to do; "" when it is fine */
} HealthFinding;

void health_finding_free (HealthFinding *finding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HealthFinding, health_finding_free)

/* What a program knows of itself (flow/app has all of it). All but the first two may be NULL. */
typedef struct {
  const Config *config;
  Db *db;
  const char *directory;
  const Enrolment *enrolment;
  const KeySet *key_set;
  const Guide *guide;
  gboolean clock_unsure;
  gint64 now;
} HealthSubject;

/* Every part, worst first; parts of one level in the order of the checks. HealthFinding. Never
 * NULL: a check that cannot be made is a finding. */
GPtrArray *health_check (const HealthSubject *subject);

/* One part alone, quickly, for the hints on the screen (`directory` is not needed). NULL if there
 * is nothing to say: no scanner is set up; the device is not enrolled. A scanner is as the last
 * scan ended; the city is as onestop-sync last met it. Owned. */
HealthFinding *health_scanner (const HealthSubject *subject);
HealthFinding *health_city (const HealthSubject *subject);

/* The worst level of all. */
HealthLevel health_worst (const GPtrArray *findings);

const char *health_level_word (HealthLevel level);

/* {"worst": WORD, "findings": [{"part", "level", "word", "sentence", "remedy"}...]}. Owned. */
json_t *health_to_json (const GPtrArray *findings);
