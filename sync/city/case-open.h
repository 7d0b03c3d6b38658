/* case-open.h: opens the seals of a case with the city's working key, for as long as somebody
 * looks.
 *
 * What is stored stays sealed: the database holds clear metadata alone, and a body or document is
 * opened in memory for each look and wiped after it. The caller records the reading first. */
#pragma once

#include <jansson.h>

#include "city/city.h"

/* One submission or supplement, opened. */
typedef struct {
  gint64 chain, seq; /* its entry */
  json_t *body;      /* the sealed body: answers, consents, documents */
} CaseOpenPart;

/* All of a case, the submission first. Personal data: wiped by case_open_free. */
typedef struct {
  char *case_id;
  GPtrArray *parts; /* CaseOpenPart */
} CaseOpen;

/* NOT_FOUND if the body has not arrived, DENIED or CORRUPT if it does not open. Owned. */
CaseOpen *case_open_new (City *city, const char *case_id, GError **error);
void case_open_free (CaseOpen *open);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CaseOpen, case_open_free)

/* Document `index` of part `part`, opened; its record in the body (borrowed from `open`) tells slot
 * and media. CORRUPT if its bytes are not those that the body names. Owned. */
GBytes *case_open_document (City *city, CaseOpen *open, guint part, guint index,
                            const json_t **ret_record, GError **error);

/* TRUE if all of the case opens: each body names this service and exactly the objects of its entry,
 * each document is what the body says. A machine's look: nothing is shown or kept. */
gboolean case_open_check (City *city, const char *case_id, GError **error);
