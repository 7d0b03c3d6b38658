/* serve.h: the running server: both ports, backups by the clock, and an orderly end. */
#pragma once

#include "city/city.h"

/* Serves until SIGTERM or SIGINT. Writes listening.json {"devices","console","pid"} into the state
 * directory and one line of the same to standard output when both ports are open. `config_path` is
 * passed to the backup process. */
gboolean serve_run (City *city, const char *config_path, GError **error);
