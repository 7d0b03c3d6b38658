/* user-db.h: people who may sign in to the console. */
#pragma once

#include "city/db/db.h"

typedef struct {
  char *name, *display;
  char *role;       /* case_actor_word: centre, district, department, leader */
  char *department; /* id, for department and leader; else NULL */
  char *hall;       /* NULL: all */
  char *hash;       /* trust/passphrase */
  gboolean disabled;
  gint64 failures, locked_until;
} UserRow;

void user_db_row_free (UserRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UserRow, user_db_row_free)

/* NULL with NOT_FOUND. Owned. */
UserRow *user_db_find (Db *db, const char *name, GError **error);
/* CONFLICT if the name is taken. */
gboolean user_db_add (Db *db, const UserRow *row, GError **error);
/* NOT_FOUND. */
gboolean user_db_set_hash (Db *db, const char *name, const char *hash, GError **error);
gboolean user_db_disable (Db *db, const char *name, GError **error);
/* After a try to sign in. */
gboolean user_db_set_failures (Db *db, const char *name, gint64 failures, gint64 locked_until,
                               GError **error);
