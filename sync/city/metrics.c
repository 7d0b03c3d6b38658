/* metrics.c: how much there is and how old the last backup is. Refuses names, numbers of cases and
 * anything of a person. */
#include "city/metrics.h"

#include "city/db/case-db.h"
#include "city/db/device-db.h"
#include "city/db/meta-db.h"
#include "domain/case.h"

static gboolean
add_cases (City *city, GString *text, GError **error)
{
  g_string_append (text, "# TYPE onestop_cases gauge\n");
  for (int state = CASE_STATE_SUBMITTED; state < CASE_STATE_N; state++) {
    g_autofree char *states = g_strdup_printf ("[\"%s\"]", case_state_word ((CaseState)state));
    CaseFilter filter = {.states = states};
    gint64 n = 0;
    if (!case_db_count (city->db, &filter, &n, error))
      return FALSE;
    g_string_append_printf (text, "onestop_cases{state=\"%s\"} %" G_GINT64_FORMAT "\n",
                            case_state_word ((CaseState)state), n);
  }
  return TRUE;
}

static gboolean
add_devices (City *city, GString *text, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) devices = device_db_list (city->db, error);

  if (devices == NULL)
    return FALSE;
  g_string_append (text, "# TYPE onestop_device_silent_seconds gauge\n");
  for (guint i = 0; i < devices->len; i++) {
    const DeviceRow *d = g_ptr_array_index (devices, i);
    g_string_append_printf (
        text, "onestop_device_silent_seconds{device=\"%s\",state=\"%s\"} %" G_GINT64_FORMAT "\n",
        d->device, d->state, d->heard_at > 0 ? (now - d->heard_at) / 1000 : -1);
  }
  return TRUE;
}

char *
metrics_text (City *city, gint64 now, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) alarms = meta_db_alarms (city->db, error);
  gint64 last = 0;

  if (alarms == NULL || !meta_db_last_backup (city->db, &last, error) ||
      !add_cases (city, text, error) || !add_devices (city, text, now, error))
    return NULL;
  g_string_append_printf (text,
                          "# TYPE onestop_alarms gauge\nonestop_alarms %u\n"
                          "# TYPE onestop_backup_age_seconds gauge\n"
                          "onestop_backup_age_seconds %" G_GINT64_FORMAT "\n",
                          alarms->len, last > 0 ? (now - last) / 1000 : -1);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
