/* kiosk-app.c: the product's own opening of a site that kit/site made. */
#include "kiosk-app.h"

#include "base/clock.h"
#include "site.h"
#include "store/case-store.h"
#include "store/journal.h"
#include "store/print-spool.h"

static void
open_app (KioskApp *kiosk)
{
  g_autoptr (GError) error = NULL;

  kiosk->app = app_open (kiosk->config, 0, &error);
  g_assert_no_error (error);
}

void
kiosk_app_set_up (KioskApp *kiosk, gconstpointer data)
{
  SiteOptions options = site_options (clock_now ());

  kiosk->folder = g_dir_make_tmp ("onestop-XXXXXX", NULL);
  kiosk->config = g_build_filename (kiosk->folder, "kiosk.conf", NULL);
  site_make (kiosk->folder, &options);
  open_app (kiosk);
}

void
kiosk_app_tear_down (KioskApp *kiosk, gconstpointer data)
{
  app_free (kiosk->app);
  site_remove (kiosk->folder);
  g_free (kiosk->folder);
  g_free (kiosk->config);
}

void
kiosk_app_reopen (KioskApp *kiosk)
{
  app_free (kiosk->app);
  open_app (kiosk);
}

guint
kiosk_app_count_objects (const KioskApp *kiosk)
{
  g_autofree char *objects = g_build_filename (kiosk->app->directory, "objects", NULL);
  g_autoptr (GDir) dir = g_dir_open (objects, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *below = g_build_filename (objects, name, NULL);
    g_autoptr (GDir) inner = g_dir_open (below, 0, NULL);
    while (g_dir_read_name (inner) != NULL)
      n++;
  }
  return n;
}

void
kiosk_app_check_empty (const KioskApp *kiosk)
{
  g_autoptr (GPtrArray) cases = case_store_list (kiosk->app->db, 10, NULL);
  g_autoptr (GPtrArray) jobs = print_spool_list (kiosk->app->db, 10, NULL);
  gint64 seq;

  g_assert_cmpuint (cases->len, ==, 0);
  g_assert_cmpuint (jobs->len, ==, 0);
  g_assert_cmpuint (kiosk_app_count_objects (kiosk), ==, 0);
  g_assert_true (
      journal_head (kiosk->app->db, db_peek_incarnation (kiosk->app->db), &seq, NULL, NULL));
  g_assert_cmpint (seq, ==, 0);
}
