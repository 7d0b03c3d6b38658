/* person.c: names as they can be typed and printed, masks, and forgetting. Judges nobody's name. */
#include "domain/person.h"

#include <string.h>

#include "domain/number.h"

#define CHINESE_LEAST 2
#define CHINESE_MOST 30
#define LATIN_MOST 80
#define MIDDLE_DOT 0x00B7

static gboolean
is_blank (gunichar c)
{
  return g_unichar_isspace (c) || c == 0x3000 || c == 0x200B || c == 0xFEFF;
}

/* The dots that keyboards and papers put between the parts of a name. */
static gboolean
is_dot (gunichar c)
{
  return c == MIDDLE_DOT || c == 0x2022 || c == 0x2027 || c == 0x30FB || c == 0xFF65 ||
         c == 0x2E31 || c == 0x22C5;
}

static gboolean
is_han (gunichar c)
{
  return g_unichar_get_script (c) == G_UNICODE_SCRIPT_HAN || c == 0x3007;
}

static PersonNameReason
refuse_at (int place, PersonNameReason reason, int *ret_position)
{
  if (ret_position != NULL)
    *ret_position = place;
  return reason;
}

static PersonNameReason
read_chinese (const char *text, GString *name, int *ret_position)
{
  int place = 0, n = 0;
  gboolean after_dot = TRUE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p), place++) {
    gunichar c = g_utf8_get_char (p);
    if (is_blank (c))
      continue;
    if (is_dot (c)) {
      if (after_dot)
        return refuse_at (place, PERSON_NAME_BAD_FORM, ret_position);
      g_string_append_unichar (name, MIDDLE_DOT);
      after_dot = TRUE;
      continue;
    }
    if (!is_han (c))
      return refuse_at (
          place, g_unichar_isalpha (c) ? PERSON_NAME_WRONG_SCRIPT : PERSON_NAME_BAD_CHARACTER,
          ret_position);
    g_string_append_unichar (name, c);
    after_dot = FALSE;
    n++;
  }
  if (name->len == 0)
    return PERSON_NAME_EMPTY;
  if (n < CHINESE_LEAST)
    return PERSON_NAME_TOO_SHORT;
  if (n > CHINESE_MOST)
    return PERSON_NAME_TOO_LONG;
  return after_dot ? PERSON_NAME_BAD_FORM : PERSON_NAME_OK;
}

static gunichar
latin_form (gunichar c)
{
  if (c >= 0xFF01 && c <= 0xFF5E)
    c -= 0xFEE0;
  if (is_blank (c) || c == '<' || c == ',')
    return ' ';
  if (c == 0x2018 || c == 0x2019 || c == 0x02BC)
    return '\'';
  if (c >= 0x2010 && c <= 0x2013)
    return '-';
  return c < 0x80 ? (gunichar)g_ascii_toupper ((char)c) : c;
}

static PersonNameReason
read_latin (const char *text, GString *name, int *ret_position)
{
  int place = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p), place++) {
    gunichar c = latin_form (g_utf8_get_char (p));
    char last = name->len == 0 ? ' ' : name->str[name->len - 1];
    if (c == ' ' && last == ' ')
      continue;
    if ((c == '-' || c == '\'') && !g_ascii_isalpha (last))
      return refuse_at (place, PERSON_NAME_BAD_FORM, ret_position);
    if (c == ' ' && !g_ascii_isalpha (last) && last != '\'')
      return refuse_at (place, PERSON_NAME_BAD_FORM, ret_position);
    if (c > 0x7F || (!g_ascii_isalpha ((char)c) && c != ' ' && c != '-' && c != '\''))
      return refuse_at (
          place, g_unichar_isalpha (c) ? PERSON_NAME_WRONG_SCRIPT : PERSON_NAME_BAD_CHARACTER,
          ret_position);
    g_string_append_c (name, (char)c);
  }
  if (name->len > 0 && name->str[name->len - 1] == ' ')
    g_string_truncate (name, name->len - 1);
  if (name->len == 0)
    return PERSON_NAME_EMPTY;
  if (name->len > LATIN_MOST)
    return PERSON_NAME_TOO_LONG;
  return name->str[name->len - 1] == '-' ? PERSON_NAME_BAD_FORM : PERSON_NAME_OK;
}

PersonNameReason
person_check_name (PersonNameKind kind, const char *text, char **ret_normal, int *ret_position)
{
  /* Sized so that it never grows: growing would leave a copy behind. */
  GString *name = NULL;
  PersonNameReason reason;

  if (ret_position != NULL)
    *ret_position = -1;
  if (text == NULL)
    return PERSON_NAME_EMPTY;
  if (strlen (text) > 1024)
    return PERSON_NAME_TOO_LONG;
  if (!g_utf8_validate (text, -1, NULL))
    return PERSON_NAME_BAD_CHARACTER;
  name = g_string_sized_new (strlen (text) + 1);
  reason = kind == PERSON_NAME_CHINESE ? read_chinese (text, name, ret_position)
                                       : read_latin (text, name, ret_position);
  if (reason == PERSON_NAME_OK && ret_normal != NULL)
    *ret_normal = g_strdup (name->str);
  person_string_free (name);
  return reason;
}

const char *
person_name_reason_word (PersonNameReason reason)
{
  static const char *const words[] = {
      "ok", "empty", "too-short", "too-long", "bad-character", "wrong-script", "bad-form"};
  return words[reason];
}

char *
person_mask_name (const char *name)
{
  GString *masked = g_string_new (NULL);
  gboolean at_start = TRUE;

  if (name == NULL || !g_utf8_validate (name, -1, NULL))
    return g_string_free (masked, FALSE);
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    if (is_blank (c)) {
      at_start = TRUE;
      continue;
    }
    if (!at_start)
      continue;
    if (masked->len > 0)
      g_string_append_c (masked, ' ');
    g_string_append_unichar (masked, c);
    g_string_append_c (masked, '*');
    at_start = FALSE;
    if (is_han (c))
      break;
  }
  return g_string_free (masked, FALSE);
}

char *
person_number_tail (const char *number)
{
  glong length =
      number != NULL && g_utf8_validate (number, -1, NULL) ? g_utf8_strlen (number, -1) : 0;
  if (length <= 4)
    return g_strdup ("");
  return g_strdup (g_utf8_offset_to_pointer (number, length - 4));
}

char *
person_mask_phone (const char *phone)
{
  g_auto (NumberResult) result = {0};

  /* Any day will do: telephone numbers hold no date. */
  if (number_check (NUMBER_KIND_MOBILE, phone, "2000-01-01", &result))
    return g_strdup_printf ("%.3s **** %s", result.normal, result.normal + 7);
  if (phone == NULL || strlen (phone) < 7 || !g_str_is_ascii (phone))
    return g_strdup ("****");
  return g_strdup_printf ("%.3s **** %s", phone, phone + strlen (phone) - 2);
}

char *
person_mask_email (const char *email)
{
  const char *at = email == NULL ? NULL : strchr (email, '@');

  if (at == NULL || at == email || !g_utf8_validate (email, -1, NULL))
    return g_strdup ("***");
  return g_strdup_printf ("%.*s***%s", (int)(g_utf8_next_char (email) - email), email, at);
}

void
person_wipe (char *text)
{
  if (text != NULL)
    explicit_bzero (text, strlen (text));
}

void
person_text_free (char *text)
{
  person_wipe (text);
  g_free (text);
}

void
person_string_free (GString *string)
{
  if (string == NULL)
    return;
  explicit_bzero (string->str, string->allocated_len);
  g_string_free (string, TRUE);
}

static void
wipe_json (json_t *value)
{
  const char *key;
  json_t *item;
  size_t i;

  if (json_is_string (value)) {
    /* jansson owns this memory and lets nobody write it; but the tree is ours alone and ends now.
     */
    explicit_bzero ((char *)json_string_value (value), json_string_length (value));
  } else if (json_is_array (value)) {
    json_array_foreach (value, i, item)
      wipe_json (item);
  } else if (json_is_object (value)) {
    json_object_foreach (value, key, item)
      wipe_json (item);
  }
}

void
person_json_free (json_t *value)
{
  wipe_json (value);
  json_decref (value);
}

typedef struct {
  gsize length;
  guint8 *data;
} Wiped;

static void
wiped_free (gpointer data)
{
  Wiped *wiped = data;

  explicit_bzero (wiped->data, wiped->length);
  g_free (wiped->data);
  g_free (wiped);
}

GBytes *
person_bytes_take (void *data, gsize length)
{
  Wiped *wiped = g_new (Wiped, 1);

  wiped->length = length;
  wiped->data = data;
  return g_bytes_new_with_free_func (data, length, wiped_free, wiped);
}

GBytes *
person_bytes_new (const void *data, gsize length)
{
  return person_bytes_take (g_memdup2 (data, length), length);
}
