/* config.c: GKeyFile with a closed list of keys. Refuses to guess: what is not in the list is an
 * error, with its line. */
#include "city/config.h"

#include <string.h>

#include "base/error.h"
#include "base/file.h"

#define CONFIG_MAX 65536

static const struct {
  const char *group, *key, *fallback;
} known[] = {
    {"city", "role", "city"},
    {"listen", "address", "[::]:8443"},
    {"console", "address", "[::]:8444"},
    {"store", "directory", "/var/lib/onestop/city"},
    {"database", "url", NULL},
    {"backup", "every", "60"},
    {"backup", "directory", NULL},
};

/* The line of the first group or key that is not in the list; 0 if all are. */
static guint
strange_line (const char *text, char **ret_what)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *group = g_strdup ("");

  for (guint n = 0; lines[n] != NULL; n++) {
    g_autofree char *line = g_strstrip (g_strdup (lines[n]));
    gboolean good = line[0] == '\0' || line[0] == '#';
    if (line[0] == '[') {
      g_free (group);
      group = g_strndup (line + 1, strcspn (line + 1, "]"));
      for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
        good |= strcmp (known[i].group, group) == 0;
    } else if (!good) {
      line[strcspn (line, "=")] = '\0';
      g_strchomp (line);
      for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
        good |= strcmp (known[i].group, group) == 0 && strcmp (known[i].key, line) == 0;
    }
    if (!good) {
      *ret_what = g_steal_pointer (&line);
      return n + 1;
    }
  }
  return 0;
}

static char *
value (GKeyFile *file, const char *group, const char *key)
{
  char *text = g_key_file_get_string (file, group, key, NULL);

  for (gsize i = 0; text == NULL && i < G_N_ELEMENTS (known); i++)
    if (strcmp (known[i].group, group) == 0 && strcmp (known[i].key, key) == 0)
      text = g_strdup (known[i].fallback);
  return text;
}

static gboolean
interpret (Config *config, GKeyFile *file, const char *path, GError **error)
{
  g_autofree char *every = value (file, "backup", "every");
  g_autofree char *url = value (file, "database", "url");
  guint64 minutes;

  config->role = value (file, "city", "role");
  config->listen = value (file, "listen", "address");
  config->console = value (file, "console", "address");
  config->directory = value (file, "store", "directory");
  config->backup_directory = value (file, "backup", "directory");
  if (config->backup_directory == NULL)
    config->backup_directory = g_build_filename (config->directory, "backup", NULL);
  if (url == NULL)
    config->database = g_build_filename (config->directory, "city.db", NULL);
  else if (g_str_has_prefix (url, "sqlite:/"))
    config->database = g_strdup (url + strlen ("sqlite:"));
  if (strcmp (config->role, "city") != 0)
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "%s: [city] role=%s is not built yet; only city is", path, config->role);
  else if (config->database == NULL)
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "%s: [database] url=%s is not sqlite:/PATH", path, url);
  else if (!g_ascii_string_to_unsigned (every, 10, 0, 100000, &minutes, NULL))
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "%s: [backup] every=%s is no number of minutes", path, every);
  else {
    config->backup_every = (gint64)minutes * 60 * 1000;
    return TRUE;
  }
  return FALSE;
}

Config *
config_load (const char *path, GError **error)
{
  g_autofree char *text = file_read_text (path, CONFIG_MAX, error), *what = NULL;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (Config) config = g_new0 (Config, 1);
  g_autoptr (GError) failed = NULL;
  guint line;

  if (text == NULL)
    return NULL;
  if (!g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, &failed)) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "%s: %s", path, failed->message);
    return NULL;
  }
  line = strange_line (text, &what);
  if (line > 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "%s, line %u: unknown \"%s\"", path,
                 line, what);
    return NULL;
  }
  return interpret (config, file, path, error) ? g_steal_pointer (&config) : NULL;
}

void
config_free (Config *config)
{
  if (config == NULL)
    return;
  g_free (config->role);
  g_free (config->listen);
  g_free (config->console);
  g_free (config->directory);
  g_free (config->database);
  g_free (config->backup_directory);
  g_free (config);
}
