/* retention.c: runs every purge of the store. Refuses to delete anything that the city has not said
 * to hold for good, but what is of the day only. */
#include "ops/retention.h"

#include "base/clock.h"
#include "store/guide-store.h"
#include "store/journal.h"
#include "store/object-store.h"
#include "store/peer-store.h"
#include "store/print-spool.h"
#include "store/receipt-store.h"
#include "store/slip-store.h"
#include "store/ticket-store.h"

static gboolean
purge_objects (Db *db, GError **error)
{
  g_autoptr (GPtrArray) lives = journal_incarnations (db, error);
  gint64 received, safe;

  for (guint i = 0; lives != NULL && i < lives->len; i++)
    if (!peer_store_watermarks (db, lives->pdata[i], &received, &safe, error) ||
        !object_store_purge (db, lives->pdata[i], safe, NULL, error))
      return FALSE;
  return lives != NULL;
}

typedef gboolean (*Purge) (Db *db, gint64 now, GError **error);

static gboolean
purge_safe (Db *db, gint64 now, GError **error)
{
  return purge_objects (db, error);
}

static gboolean
purge_days (Db *db, gint64 now, GError **error)
{
  g_autofree char *today = clock_day (now);
  return ticket_store_purge (db, today, error);
}

gboolean
retention_run (Db *db, gint64 now, GError **error)
{
  static const Purge all[] = {purge_safe, receipt_store_purge, print_spool_purge, slip_store_purge,
                              purge_days, guide_store_purge};
  gboolean done = TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    done = all[i](db, now, done ? error : NULL) && done;
  return done;
}
