/* material.h: the checklist of a service's documents: what is needed, there, missing. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "domain/guide.h"

typedef enum {
  MATERIAL_NOT_NEEDED, /* conditional and the condition is not met, or exempt: not listed */
  MATERIAL_OPTIONAL,   /* nothing there, and that is fine */
  MATERIAL_MISSING,    /* needed and not there */
  MATERIAL_DEFERRED,   /* needed, not there, may follow within `deferrable_days` (容缺) */
  MATERIAL_UNDECIDED,  /* conditional, and the answers do not say yet: shown, not counted */
  MATERIAL_PRESENT     /* at least one document is there */
} MaterialState;

typedef struct {
  const GuideMaterial *material;
  MaterialState state;
  MaterialState needed; /* what `state` would be if nothing were there */
  guint documents;      /* how many are there */
  gboolean full;        /* no further document fits into the slot */
} MaterialLine;

/* The whole list in the guide's order. `documents` is a JSON array of {"slot": id, ...} (the sealed
 * body's `documents`); an entry of an unknown slot is ignored. `answers` as in form.h. Array of
 * MaterialLine; unref it. */
GPtrArray *material_list (const GuideService *service, const json_t *answers,
                          const json_t *documents);

/* How many lines are MATERIAL_MISSING; how many of the needed ones there are in all. */
guint material_missing (const GPtrArray *list);
guint material_needed (const GPtrArray *list);

/* May a document of `media` (a media type) and `bytes` go into the slot? NULL if so; otherwise an
 * English msgid: wrong kind, too large, slot full. Static. */
const char *material_refusal (const MaterialLine *line, const char *media, guint64 bytes);
