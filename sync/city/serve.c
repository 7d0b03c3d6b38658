/* serve.c: the main loop. Refuses to run twice on one state. Backups are a process of their own, so
 * that no request waits for one. */
#include "city/serve.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/strict-json.h"
#include "city/backup.h"
#include "city/console/console-port.h"
#include "city/db/meta-db.h"
#include "city/device-port.h"
#include "city/overdue.h"

#define BACKUP_LOOK_SECONDS 5

typedef struct {
  City *city;
  const char *config_path;
  GMainLoop *loop;
  GSubprocess *backup;
} Server;

static gboolean
on_signal (gpointer data)
{
  g_main_loop_quit (((Server *)data)->loop);
  return G_SOURCE_CONTINUE;
}

static void
on_backup_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Server *server = data;
  g_autoptr (GError) error = NULL;

  if (!g_subprocess_wait_check_finish (G_SUBPROCESS (source), result, &error))
    log_error ("city.backup-failed", "%s", error->message);
  else
    log_info ("city.backup-done", "a backup is finished");
  g_clear_object (&server->backup);
}

static gboolean
on_backup_look (gpointer data)
{
  Server *server = data;
  gint64 last = 0;
  g_autoptr (GError) error = NULL;

  if (server->backup != NULL || !meta_db_last_backup (server->city->db, &last, NULL) ||
      clock_now () - last < server->city->config->backup_every)
    return G_SOURCE_CONTINUE;
  server->backup = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, "/proc/self/exe",
                                     "--config", server->config_path, "backup", NULL);
  if (server->backup == NULL)
    log_error ("city.backup-failed", "%s", error->message);
  else
    g_subprocess_wait_check_async (server->backup, NULL, on_backup_done, server);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_hour (gpointer data)
{
  g_autoptr (GError) error = NULL;

  City *city = ((Server *)data)->city;

  if (!city_renew_keyset (city, clock_now (), &error))
    log_error ("city.keyset", "%s", error->message);
  g_clear_error (&error);
  if (!overdue_raise (city, clock_now (), &error))
    log_error ("city.overdue", "%s", error->message);
  return G_SOURCE_CONTINUE;
}

static gboolean
announce (City *city, const DevicePort *devices, const ConsolePort *console, GError **error)
{
  g_autoptr (json_t) value =
      json_pack ("{s:i,s:i,s:i}", "devices", device_port_number (devices), "console",
                 console_port_number (console), "pid", (int)getpid ());
  g_autofree char *text = strict_json_write (value), *path = city_path (city, "listening.json");

  if (!file_write (path, text, strlen (text), 0644, error))
    return FALSE;
  puts (text);
  fflush (stdout);
  return TRUE;
}

gboolean
serve_run (City *city, const char *config_path, GError **error)
{
  g_autoptr (DevicePort) devices = NULL;
  g_autoptr (ConsolePort) console = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Server server = {.city = city, .config_path = config_path, .loop = loop};

  if (!backup_lock (city->config->directory, error) ||
      !city_renew_keyset (city, clock_now (), error) ||
      !overdue_raise (city, clock_now (), error) ||
      (devices = device_port_new (city, error)) == NULL ||
      (console = console_port_new (city, error)) == NULL ||
      !announce (city, devices, console, error))
    return FALSE;
  g_unix_signal_add (SIGTERM, on_signal, &server);
  g_unix_signal_add (SIGINT, on_signal, &server);
  if (city->config->backup_every > 0)
    g_timeout_add_seconds (BACKUP_LOOK_SECONDS, on_backup_look, &server);
  g_timeout_add_seconds (3600, on_hour, &server);
  log_notice ("city.started", "devices on port %d, console on port %d",
              device_port_number (devices), console_port_number (console));
  g_main_loop_run (loop);
  log_notice ("city.stopped", "asked to stop");
  if (server.backup != NULL)
    g_subprocess_send_signal (server.backup, SIGTERM);
  return TRUE;
}
