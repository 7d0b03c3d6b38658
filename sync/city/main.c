/* main.c: onestop-city's commands. Refuses to hold logic: each command is a few calls. */
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/strict-json.h"
#include "city/backup.h"
#include "city/city.h"
#include "city/db/device-db.h"
#include "city/db/meta-db.h"
#include "city/db/user-db.h"
#include "city/enrol.h"
#include "city/serve.h"
#include "domain/case.h"
#include "trust/passphrase.h"
#include "trust/suite.h"

#define DEFAULT_CONFIG "/etc/onestop/city.conf"
#define EXIT_USAGE 2
#define EXIT_NOT_NOW 3

typedef struct {
  const char *config_path;
  int argc;
  char **argv; /* from the command word on */
} Call;

static const char help[] =
    "Usage: onestop-city [--config FILE] COMMAND ...\n"
    "\n"
    "  init DIR [--name HOST]...      make a city: CA, keys, database\n"
    "  serve                          answer devices and browsers\n"
    "  user add NAME --role ROLE [--department ID] [--hall HH] [--display TEXT]\n"
    "  user passwd NAME               the passphrase is read from standard input\n"
    "  user disable NAME\n"
    "  device code --hall HH --role kiosk|desk [--device NAME] [--json]\n"
    "  device list [--json] | revoke NAME | release NAME\n"
    "  backup [DIR]                   a copy that can be restored; moves what devices may delete\n"
    "  restore BACKUP                 put a backup in the place of the database\n"
    "  check                          integrity of all chains, rows and objects\n"
    "\n"
    "Roles: centre district department leader. Configuration: /etc/onestop/city.conf\n";

static int
fail (const GError *error)
{
  fprintf (stderr, "onestop-city: %s\n", error->message);
  return onestop_error_exit_code (error);
}

static int
usage (void)
{
  fputs (help, stderr);
  return EXIT_USAGE;
}

/* The value after `--name`, or NULL. */
static const char *
option (const Call *call, const char *name)
{
  for (int i = 1; i + 1 < call->argc; i++)
    if (strcmp (call->argv[i], name) == 0)
      return call->argv[i + 1];
  return NULL;
}

static gboolean
flag (const Call *call, const char *name)
{
  for (int i = 1; i < call->argc; i++)
    if (strcmp (call->argv[i], name) == 0)
      return TRUE;
  return FALSE;
}

static City *
open_city (const Call *call, GError **error)
{
  Config *config = config_load (call->config_path, error);
  return config != NULL ? city_open (config, error) : NULL;
}

static int
run_init (const Call *call)
{
  static const char *const standard[] = {"localhost", "127.0.0.1", "::1"};
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  if (call->argc < 2 || call->argv[1][0] == '-')
    return usage ();
  for (gsize i = 0; i < G_N_ELEMENTS (standard); i++)
    g_ptr_array_add (names, (gpointer)standard[i]);
  if (strcmp (g_get_host_name (), "localhost") != 0)
    g_ptr_array_add (names, (gpointer)g_get_host_name ());
  for (int i = 2; i + 1 < call->argc; i++)
    if (strcmp (call->argv[i], "--name") == 0)
      g_ptr_array_add (names, call->argv[++i]);
  g_ptr_array_add (names, NULL);
  if (!city_init (call->argv[1], (const char *const *)names->pdata, clock_now (), &error))
    return fail (error);
  printf ("%s is a city now.\n"
          "keys/recovery.key opens every case: take it away from this machine.\n",
          call->argv[1]);
  return 0;
}

static int
run_serve (const Call *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (City) city = open_city (call, &error);

  if (city == NULL || !serve_run (city, call->config_path, &error))
    return fail (error);
  return 0;
}

/* One line from standard input; unseen at a terminal. */
static char *
read_passphrase (GError **error)
{
  char line[PASSPHRASE_MAX + 2];
  struct termios before, silent;
  gboolean terminal = isatty (STDIN_FILENO) && tcgetattr (STDIN_FILENO, &before) == 0;
  char *text = NULL;

  if (terminal) {
    fputs ("Passphrase: ", stderr);
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr (STDIN_FILENO, TCSANOW, &silent);
  }
  if (fgets (line, sizeof line, stdin) != NULL) {
    line[strcspn (line, "\n")] = '\0';
    text = passphrase_hash (line, error);
  } else {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "the passphrase is read from standard input");
  }
  suite_wipe (line, sizeof line);
  if (terminal) {
    tcsetattr (STDIN_FILENO, TCSANOW, &before);
    fputc ('\n', stderr);
  }
  return text;
}

typedef struct {
  UserRow row;
  const char *action;
} UserWork;

static gboolean
change_user (Db *db, void *data, GError **error)
{
  UserWork *work = data;
  gboolean done = strcmp (work->action, "add") == 0 ? user_db_add (db, &work->row, error)
                  : strcmp (work->action, "passwd") == 0
                      ? user_db_set_hash (db, work->row.name, work->row.hash, error)
                      : user_db_disable (db, work->row.name, error);
  g_autofree char *action = g_strconcat ("user-", work->action, NULL);

  return done && meta_db_audit (db, clock_now (), "operator", action, work->row.name, error);
}

static gboolean
user_is_sound (const Call *call, GError **error)
{
  const char *role = option (call, "--role");
  CaseActor actor;
  const char *name = call->argv[2];

  if (name[0] == '\0' || strlen (name) > 64 ||
      name[strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789.-_")] != '\0')
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "a user's name has lower-case letters, digits, dot, dash and underscore");
  else if (role == NULL || !case_actor_parse (role, &actor) ||
           (actor & (CASE_ACTOR_CENTRE | CASE_ACTOR_DISTRICT | CASE_ACTOR_DEPARTMENT |
                     CASE_ACTOR_LEADER)) == 0)
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "--role is centre, district, department or leader");
  else if (actor == CASE_ACTOR_DEPARTMENT && option (call, "--department") == NULL)
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "a department's user needs --department");
  else
    return TRUE;
  return FALSE;
}

static int
run_user (const Call *call)
{
  const char *action = call->argc > 2 ? call->argv[1] : "";
  gboolean add = strcmp (action, "add") == 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (City) city = NULL;
  g_autofree char *hash = NULL;
  UserWork work = {.action = action};

  if (!add && strcmp (action, "passwd") != 0 && strcmp (action, "disable") != 0)
    return usage ();
  if ((add && !user_is_sound (call, &error)) || (city = open_city (call, &error)) == NULL)
    return fail (error);
  if (strcmp (action, "disable") != 0 && (hash = read_passphrase (&error)) == NULL)
    return fail (error);
  work.row = (UserRow){.name = call->argv[2],
                       .display = (char *)option (call, "--display"),
                       .role = (char *)option (call, "--role"),
                       .department = (char *)option (call, "--department"),
                       .hall = (char *)option (call, "--hall"),
                       .hash = hash};
  if (work.row.display == NULL)
    work.row.display = call->argv[2];
  return db_write (city->db, change_user, &work, &error) ? 0 : fail (error);
}

static int
device_code (const Call *call, City *city)
{
  const char *hall = option (call, "--hall"), *role = option (call, "--role");
  g_autoptr (GError) error = NULL;
  g_autofree char *device = NULL, *code = NULL, *text = NULL;
  g_autoptr (json_t) value = NULL;

  if (hall == NULL || role == NULL)
    return usage ();
  code =
      enrol_make_code (city, hall, role, option (call, "--device"), clock_now (), &device, &error);
  if (code == NULL)
    return fail (error);
  value = json_pack ("{s:s,s:s,s:i}", "code", code, "device", device, "minutes", 15);
  text = flag (call, "--json") ? strict_json_write (value) : g_strdup (code);
  puts (text);
  fprintf (stderr, "%s: good once, for 15 minutes\n", device);
  return 0;
}

static int
device_list (const Call *call, City *city)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = device_db_list (city->db, &error);
  g_autoptr (json_t) values = json_array ();
  g_autofree char *text = NULL;

  if (all == NULL)
    return fail (error);
  for (guint i = 0; i < all->len; i++) {
    DeviceRow *d = g_ptr_array_index (all, i);
    g_autofree char *heard = d->heard_at > 0 ? clock_format (d->heard_at) : NULL;
    json_array_append_new (values,
                           json_pack ("{s:s,s:s,s:s,s:s,s:s?}", "device", d->device, "hall",
                                      d->hall, "role", d->role, "state", d->state, "heard", heard));
    if (!flag (call, "--json"))
      printf ("%-8s %-6s %-12s %s\n", d->device, d->role, d->state,
              heard != NULL ? heard : "never heard");
  }
  text = strict_json_pretty (values);
  if (flag (call, "--json"))
    puts (text);
  return 0;
}

static int
run_device (const Call *call)
{
  const char *action = call->argc > 1 ? call->argv[1] : "";
  g_autoptr (GError) error = NULL;
  g_autoptr (City) city = open_city (call, &error);

  if (city == NULL)
    return fail (error);
  if (strcmp (action, "code") == 0)
    return device_code (call, city);
  if (strcmp (action, "list") == 0)
    return device_list (call, city);
  if (strcmp (action, "revoke") == 0 && call->argc > 2)
    return enrol_revoke (city, call->argv[2], clock_now (), &error) ? 0 : fail (error);
  if (strcmp (action, "release") == 0 && call->argc > 2)
    return enrol_release (city, call->argv[2], clock_now (), &error) ? 0 : fail (error);
  return usage ();
}

static int
run_backup (const Call *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (City) city = open_city (call, &error);
  g_autofree char *path = NULL;

  if (city == NULL ||
      !backup_make (city, call->argc > 1 ? call->argv[1] : NULL, clock_now (), &path, &error))
    return fail (error);
  puts (path);
  return 0;
}

static int
run_restore (const Call *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Config) config = NULL;
  int code;

  if (call->argc < 2)
    return usage ();
  config = config_load (call->config_path, &error);
  if (config != NULL && backup_restore (config, call->argv[1], clock_now (), &error))
    return 0;
  code = fail (error);
  /* A damaged backup is input that cannot be taken in. */
  return code == 5 && onestop_error_is (error, ONESTOP_ERROR_CORRUPT) ? 4 : code;
}

static int
run_check (const Call *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (City) city = open_city (call, &error);
  g_autoptr (GString) report = g_string_new (NULL);

  if (city == NULL)
    return fail (error);
  if (!backup_check (city, report, &error)) {
    fail (error);
    return onestop_error_is (error, ONESTOP_ERROR_CORRUPT) ? 1 : onestop_error_exit_code (error);
  }
  fputs (report->str, stdout);
  return 0;
}

static const struct {
  const char *word;
  int (*run) (const Call *call); /* NULL: not built yet */
} commands[] = {
    {"init", run_init},     {"serve", run_serve},     {"user", run_user},   {"device", run_device},
    {"backup", run_backup}, {"restore", run_restore}, {"check", run_check}, {"department", NULL},
    {"guide", NULL},        {"calendar", NULL},       {"stats", NULL},      {"bulletin", NULL},
    {"dossier", NULL},      {"relay", NULL},          {"demo", NULL},
};

int
main (int argc, char **argv)
{
  const char *from_environment = g_getenv ("ONESTOP_CONFIG");
  Call call = {from_environment != NULL ? from_environment : DEFAULT_CONFIG, argc - 1, argv + 1};

  if (call.argc >= 2 && strcmp (call.argv[0], "--config") == 0) {
    call.config_path = call.argv[1];
    call.argc -= 2;
    call.argv += 2;
  }
  if (call.argc >= 1 && strcmp (call.argv[0], "--help") == 0) {
    fputs (help, stdout);
    return 0;
  }
  if (call.argc >= 1 && strcmp (call.argv[0], "--version") == 0) {
    puts ("onestop-city " ONESTOP_VERSION);
    return 0;
  }
  for (gsize i = 0; call.argc >= 1 && i < G_N_ELEMENTS (commands); i++) {
    if (strcmp (commands[i].word, call.argv[0]) != 0)
      continue;
    /* --config may stand after the command as well. */
    if (option (&call, "--config") != NULL)
      call.config_path = option (&call, "--config");
    if (commands[i].run != NULL)
      return commands[i].run (&call);
    fprintf (stderr, "onestop-city: \"%s\" is not built yet\n", call.argv[0]);
    return EXIT_NOT_NOW;
  }
  return usage ();
}
