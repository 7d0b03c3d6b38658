/* config.h: city.conf, read strictly: an unknown group or key is an error that names its line.
 *
 * The shipped example, with every key and its default, is assets/packaging/city.conf. */
#pragma once

#include <glib.h>

typedef struct {
  char *role;          /* "city" */
  char *listen;        /* device port, ADDRESS:PORT */
  char *console;       /* console port */
  char *directory;     /* state */
  char *database;      /* path of the SQLite file */
  gint64 backup_every; /* ms, 0: never by itself */
  char *backup_directory;
} Config;

/* NOT_FOUND, INVALID. Owned. */
Config *config_load (const char *path, GError **error);
void config_free (Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Config, config_free)
