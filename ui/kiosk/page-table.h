/* page-table.h: the one table of all pages. A new page is a row here and a row in the session's. */
#pragma once

#include <glib-object.h>

#include "flow/session.h"

typedef struct {
  SessionState state;
  const char *id; /* the accessible id of pictures and tests: "home" */
  GType (*type) (void);
  gboolean bare; /* without the bars */
} PageRow;

/* The row of `state`; NULL for a state whose page is not built. */
const PageRow *page_table_find (SessionState state);
