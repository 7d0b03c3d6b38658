/* device-page.c: the fleet at a glance. Refuses to be green while something waits: what was not
 * heard is said as such. */
#include "city/console/device-page.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "city/console/html.h"
#include "city/db/device-db.h"
#include "city/db/meta-db.h"

#define SILENT_MS (30 * 60 * (gint64)1000)

static void
add_alarms (GString *page, const Session *session, const GPtrArray *alarms)
{
  static const char *const words[][2] = {
      {"fork", "日志分叉，已隔离"}, {"seal-damaged", "密封受损"}, {"unreceived", "逾期未收件"}};

  html_add (page, "<section class=card><h1>告警 <small lang=en>Alarms</small></h1>");
  if (alarms->len == 0)
    html_add (page, "<p class=empty>没有未看的告警。</p>");
  html_add (page, "<ul class=alarms>");
  for (guint i = 0; i < alarms->len; i++) {
    const MetaAlarm *alarm = g_ptr_array_index (alarms, i);
    g_autofree char *at = clock_local (alarm->at);
    const char *word = alarm->kind;
    for (gsize k = 0; k < G_N_ELEMENTS (words); k++)
      if (strcmp (words[k][0], alarm->kind) == 0)
        word = words[k][1];
    html_add (page,
              "<li><b>▲ %s</b> <span>%s %s</span> <time>%s</time>"
              "<form method=post action=/devices/seen>",
              word, alarm->device != NULL ? alarm->device : "", alarm->text, at);
    html_add_token (page, session);
    html_add (page,
              "<input type=hidden name=id value=\"%" G_GINT64_FORMAT "\">"
              "<button class=plain>已看</button></form></li>",
              alarm->id);
  }
  html_add (page, "</ul></section>");
}

static void
add_devices (GString *page, const Session *session, const GPtrArray *devices)
{
  gint64 now = clock_now ();

  html_add (page, "<section class=\"card list\"><h1>设备 <small lang=en>Devices</small></h1><table>"
                  "<thead><tr><th scope=col>设备<th scope=col>大厅<th scope=col>类别"
                  "<th scope=col>状态<th scope=col>最近上传</tr></thead><tbody>");
  for (guint i = 0; i < devices->len; i++) {
    const DeviceRow *d = g_ptr_array_index (devices, i);
    g_autofree char *heard = d->heard_at > 0 ? clock_local (d->heard_at) : g_strdup ("从未");
    gboolean good = strcmp (d->state, "active") == 0;
    gboolean silent = good && now - d->heard_at > SILENT_MS;
    if (session->hall != NULL && strcmp (session->hall, d->hall) != 0)
      continue;
    html_add (page,
              "<tr><th scope=row>%s</th><td>%s</td><td>%s</td><td><span class=\"chip %s\">%s</span>"
              "</td><td><time>%s</time></td></tr>",
              d->device, d->hall, strcmp (d->role, "kiosk") == 0 ? "自助终端" : "窗口工作台",
              !good    ? "error"
              : silent ? "notice"
                       : "done",
              strcmp (d->state, "revoked") == 0       ? "已注销"
              : strcmp (d->state, "quarantined") == 0 ? "已隔离，等人核查"
              : silent                                ? "久未上传"
                                                      : "正常",
              heard);
  }
  html_add (page, "</tbody></table></section>");
}

void
device_page_reply (City *city, HttpRequest *request, const Session *session)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) alarms = meta_db_alarms (city->db, &error);
  g_autoptr (GPtrArray) devices = alarms != NULL ? device_db_list (city->db, &error) : NULL;
  GString *page;

  if (devices == NULL) {
    http_reply_error (request, error);
    return;
  }
  page = html_begin (session, "设备与告警", "/devices");
  add_alarms (page, session, alarms);
  add_devices (page, session, devices);
  html_reply (request, 200, page);
}

typedef struct {
  gint64 id;
  const char *who;
} SeenWork;

static gboolean
mark (Db *db, void *data, GError **error)
{
  SeenWork *work = data;
  g_autofree char *subject = g_strdup_printf ("alarm %" G_GINT64_FORMAT, work->id);

  return meta_db_alarm_seen (db, work->id, clock_now (), error) &&
         meta_db_audit (db, clock_now (), work->who, "alarm-seen", subject, error);
}

void
device_page_seen (City *city, HttpRequest *request, const Session *session, GHashTable *sent)
{
  const char *id = g_hash_table_lookup (sent, "id");
  SeenWork work = {id != NULL ? g_ascii_strtoll (id, NULL, 10) : 0, session->name};
  g_autoptr (GError) error = NULL;

  if (db_write (city->db, mark, &work, &error))
    html_redirect (request, "/devices");
  else
    http_reply_error (request, error);
}
