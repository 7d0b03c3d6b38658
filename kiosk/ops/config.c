/* config.c: one table of all groups and keys, read strictly. Refuses what the table does not know,
 * and says in which line it stands. */
#include "ops/config.h"

#include <stddef.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "domain/case-number.h"

#define MAX_BYTES (64 * 1024)
#define DEFAULT_PATH "/etc/onestop/kiosk.conf"

typedef struct {
  const char *group;
  const char *key;
  const char *fallback;
  gsize offset;        /* of the char * in Config, or NOWHERE */
  const char *choices; /* "a|b|c:" where c: takes a rest; NULL is any text */
} Key;

#define NOWHERE G_MAXSIZE
#define IN(member) offsetof (Config, member)

static const Key keys[] = {
    {"hall", "id", "", IN (hall_id), NULL},
    {"hall", "name", "", IN (hall_name), NULL},
    {"hall", "district", "320500", IN (hall_district), NULL},
    {"kiosk", "id", "", IN (device_id), NULL},
    {"kiosk", "mode", "normal", NOWHERE, "normal|training"},
    {"desk", "id", "", IN (device_id), NULL},
    {"desk", "window", "1", IN (desk_window), NULL},
    {"desk", "mode", "normal", NOWHERE, "normal|training"},
    {"city", "url", "", IN (city_url), NULL},
    {"city", "ca", "", IN (city_ca), NULL},
    {"city", "certificate", "", IN (city_certificate), NULL},
    {"city", "key", "", IN (city_key), NULL},
    {"store", "directory", "/var/lib/onestop", IN (store_directory), NULL},
    {"receipt-printer", "uri", "", IN (receipt_printer_uri), NULL},
    {"receipt-printer", "media", "roll-80mm", IN (receipt_printer_media), NULL},
    {"page-printer", "uri", "", IN (page_printer_uri), NULL},
    {"scanner", "device", "none", IN (scanner_device), "sane:|v4l2:|folder:|none"},
    {"id-reader", "device", "none", IN (id_reader_device), "helper:|none"},
    {"code-reader", "device", "keyboard", IN (code_reader_device), "keyboard|serial:|none"},
    {"card-reader", "device", "none", IN (card_reader_device), "pcsc|none"},
    {"usb-stick", "directory", "", IN (usb_stick_directory), NULL},
    {"screen", "languages", "zh_CN;en", NOWHERE, NULL},
    {"screen", "orientation", "auto", IN (screen_orientation), "portrait|landscape|auto"},
    {"session", "menu", "60+20", NOWHERE, NULL},
    {"session", "form", "180+45", NOWHERE, NULL},
    {"session", "done", "30", NOWHERE, NULL},
    {"session", "extended", "3", NOWHERE, NULL},
    {"hours", "open", "", NOWHERE, NULL},
};

void
config_free (Config *config)
{
  if (config == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (keys[i].offset != NOWHERE)
      g_clear_pointer ((char **)((guint8 *)config + keys[i].offset), g_free);
  g_free (config->path);
  g_strfreev (config->screen_languages);
  hours_free (config->hours);
  g_free (config);
}

char *
config_path (const char *option)
{
  const char *variable = g_getenv ("ONESTOP_CONFIG");

  if (option != NULL)
    return g_strdup (option);
  return g_strdup (variable != NULL && *variable != '\0' ? variable : DEFAULT_PATH);
}

/* ---- where in the file ---- */

/* The line of `key` in `group` (or of the group's heading if `key` is NULL), from 1; 0 if it is
 * nowhere. GKeyFile does not tell. */
static guint
line_of (const char *text, const char *group, const char *key)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *heading = g_strdup_printf ("[%s]", group);
  gboolean inside = FALSE;

  for (guint i = 0; lines[i] != NULL; i++) {
    char *line = g_strstrip (lines[i]), *equals;
    if (*line == '[')
      inside = strcmp (line, heading) == 0;
    if (*line == '[' && inside && key == NULL)
      return i + 1;
    equals = strchr (line, '=');
    if (!inside || key == NULL || *line == '#' || equals == NULL)
      continue;
    *equals = '\0';
    if (strcmp (g_strstrip (line), key) == 0)
      return i + 1;
  }
  return 0;
}

typedef struct {
  Config *config;
  GKeyFile *file;
  const char *text;
} Reading;

static gboolean
refuse (const Reading *reading, const char *group, const char *key, const char *why, GError **error)
{
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "%s: line %u: [%s] %s%s%s",
               reading->config->path, line_of (reading->text, group, key), group,
               key != NULL ? key : "", key != NULL ? ": " : "", why);
  return FALSE;
}

/* ---- strangers ---- */

static const Key *
find_key (const char *group, const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (strcmp (keys[i].group, group) == 0 && (key == NULL || strcmp (keys[i].key, key) == 0))
      return &keys[i];
  return NULL;
}

static gboolean
check_group (const Reading *reading, const char *group, GError **error)
{
  g_auto (GStrv) names = g_key_file_get_keys (reading->file, group, NULL, NULL);

  if (find_key (group, NULL) == NULL)
    return refuse (reading, group, NULL, "is not a group of this file", error);
  for (char **name = names; name != NULL && *name != NULL; name++)
    if (find_key (group, *name) == NULL)
      return refuse (reading, group, *name, "is not a key of this group", error);
  return TRUE;
}

static gboolean
check_strangers (const Reading *reading, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (reading->file, NULL);
  gboolean kiosk = g_key_file_has_group (reading->file, "kiosk");

  for (char **group = groups; *group != NULL; group++)
    if (!check_group (reading, *group, error))
      return FALSE;
  reading->config->is_desk = g_key_file_has_group (reading->file, "desk");
  if (kiosk == reading->config->is_desk) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "%s: exactly one of [kiosk] and [desk] must stand there", reading->config->path);
    return FALSE;
  }
  return TRUE;
}

/* ---- values ---- */

/* The value or its default, stripped. Owned. */
static char *
value_of (const Reading *reading, const Key *key)
{
  char *value = g_key_file_get_string (reading->file, key->group, key->key, NULL);
  return value != NULL ? g_strstrip (value) : g_strdup (key->fallback);
}

static gboolean
is_choice (const char *value, const char *choices)
{
  g_auto (GStrv) words = g_strsplit (choices, "|", -1);

  for (char **word = words; *word != NULL; word++) {
    gsize length = strlen (*word);
    if ((*word)[length - 1] == ':' ? g_str_has_prefix (value, *word) && value[length] != '\0'
                                   : strcmp (value, *word) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
read_texts (const Reading *reading, GError **error)
{
  const char *other = reading->config->is_desk ? "kiosk" : "desk";

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
    const Key *key = &keys[i];
    g_autofree char *value = value_of (reading, key);
    g_autofree char *why = NULL;
    char **place;
    if (strcmp (key->group, other) == 0 && key->offset == IN (device_id))
      continue;
    if (key->choices != NULL && !is_choice (value, key->choices)) {
      why = g_strdup_printf ("\"%s\" is none of %s", value, key->choices);
      return refuse (reading, key->group, key->key, why, error);
    }
    if (key->offset == NOWHERE)
      continue;
    place = (char **)((guint8 *)reading->config + key->offset);
    g_free (*place);
    *place = g_steal_pointer (&value);
  }
  return TRUE;
}

static gboolean
parse_number (const char *text, int min, int max, int *ret_number)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, min, max, &number, NULL))
    return FALSE;
  *ret_number = (int)number;
  return TRUE;
}

static gboolean
read_number (const Reading *reading, const char *name, int min, int max, int *ret_number,
             GError **error)
{
  g_autofree char *value = value_of (reading, find_key ("session", name));
  g_autofree char *why = g_strdup_printf ("a number from %d to %d is wanted", min, max);

  if (!parse_number (value, min, max, ret_number))
    return refuse (reading, "session", name, why, error);
  return TRUE;
}

static gboolean
read_idle (const Reading *reading, const char *name, ConfigIdle *ret_idle, GError **error)
{
  g_autofree char *value = value_of (reading, find_key ("session", name));
  g_auto (GStrv) parts = g_strsplit (value, "+", -1);

  if (g_strv_length (parts) != 2 || !parse_number (parts[0], 10, 3600, &ret_idle->silence) ||
      !parse_number (parts[1], 20, 45, &ret_idle->countdown))
    return refuse (reading, "session", name,
                   "SILENCE+COUNTDOWN in seconds is wanted, 10 to 3600 and 20 to 45", error);
  return TRUE;
}

static gboolean
read_languages (const Reading *reading, GError **error)
{
  static const char *const known[] = {"zh_CN", "en", NULL};
  g_autofree char *value = value_of (reading, find_key ("screen", "languages"));
  g_auto (GStrv) parts = g_strsplit (value, ";", -1);
  g_autoptr (GPtrArray) languages = g_ptr_array_new_with_free_func (g_free);

  for (char **part = parts; *part != NULL; part++) {
    char *word = g_strstrip (*part);
    if (*word == '\0')
      continue;
    if (!g_strv_contains (known, word))
      return refuse (reading, "screen", "languages", "zh_CN and en are known", error);
    g_ptr_array_add (languages, g_strdup (word));
  }
  if (languages->len == 0)
    return refuse (reading, "screen", "languages", "at least one is wanted", error);
  g_ptr_array_add (languages, NULL);
  reading->config->screen_languages =
      (char **)g_ptr_array_free (g_steal_pointer (&languages), FALSE);
  return TRUE;
}

static gboolean
read_hours (const Reading *reading, GError **error)
{
  g_autofree char *value = value_of (reading, find_key ("hours", "open"));
  g_autoptr (GError) problem = NULL;

  if (*value == '\0')
    return TRUE;
  reading->config->hours = hours_parse (value, &problem);
  return problem == NULL || refuse (reading, "hours", "open", problem->message, error);
}

static gboolean
read_values (const Reading *reading, GError **error)
{
  Config *config = reading->config;
  const Key *mode = find_key (config->is_desk ? "desk" : "kiosk", "mode");
  g_autofree char *word = value_of (reading, mode);
  g_autofree char *folder = g_path_get_dirname (config->path);
  g_autofree char *directory = NULL;

  if (!read_texts (reading, error) || !read_languages (reading, error) ||
      !read_hours (reading, error) || !read_idle (reading, "menu", &config->idle_menu, error) ||
      !read_idle (reading, "form", &config->idle_form, error) ||
      !read_number (reading, "done", 5, 600, &config->idle_done, error) ||
      !read_number (reading, "extended", 0, 20, &config->idle_extended, error))
    return FALSE;
  config->mode = strcmp (word, "training") == 0 ? CONFIG_MODE_TRAINING : CONFIG_MODE_NORMAL;
  if (*config->hall_id != '\0' && !case_number_is_hall (config->hall_id))
    return refuse (reading, "hall", "id", "two characters of " CASE_NUMBER_ALPHABET " are wanted",
                   error);
  directory = g_canonicalize_filename (config->store_directory, folder);
  g_free (config->store_directory);
  config->store_directory = g_steal_pointer (&directory);
  return TRUE;
}

/* ---- the file ---- */

static gboolean
parse (const Reading *reading, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (g_key_file_load_from_data (reading->file, reading->text, (gsize)-1, G_KEY_FILE_NONE,
                                 &problem))
    return TRUE;
  g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "%s: %s", reading->config->path,
               problem->message);
  return FALSE;
}

Config *
config_load (const char *path, GError **error)
{
  g_autofree char *text = file_read_text (path, MAX_BYTES, error);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (Config) config = g_new0 (Config, 1);
  Reading reading = {config, file, text};

  if (text == NULL)
    return NULL;
  config->path = g_canonicalize_filename (path, NULL);
  if (!parse (&reading, error) || !check_strangers (&reading, error) ||
      !read_values (&reading, error))
    return NULL;
  return g_steal_pointer (&config);
}
