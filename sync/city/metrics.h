/* metrics.h: counters for a monitor, in Prometheus' text form. Nothing personal. */
#pragma once

#include "city/city.h"

/* Owned. NULL when the database fails. */
char *metrics_text (City *city, gint64 now, GError **error);
