/* pinyin-input.c: libpinyin behind five calls. After each key the letters are parsed anew: a few
 * milliseconds, and no state of the library that could go astray. Refuses to learn or to save. */
#include <stdbool.h>

#include "text/pinyin-input.h"

#include <pinyin.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"

#define SYSTEM_DATA "/usr/lib/x86_64-linux-gnu/libpinyin/data"
/* A folder that is not there: libpinyin then starts with empty user tables. */
#define USER_DATA "/nonexistent"
/* The library's syllable is opaque in C; it is a bit field of two bytes. test-name-search sees it.
 */
#define CHEWING_KEY_BYTES 2
#define MAX_TABLE_BYTES (256 * 1024)

typedef struct {
  char *letters;
  char *words;
} Own;

typedef struct {
  char *words;
  gsize used; /* letters, apostrophes included */
} Candidate;

struct PinyinInput {
  pinyin_context_t *context;
  pinyin_instance_t *instance;
  GArray *own;
  GString *letters;
  GArray *candidates;
};

static void
own_clear (gpointer p)
{
  Own *own = p;
  g_free (own->letters);
  g_free (own->words);
}

static void
candidate_clear (gpointer p)
{
  Candidate *candidate = p;
  explicit_bzero (candidate->words, strlen (candidate->words));
  g_free (candidate->words);
}

static gboolean
load_own (PinyinInput *self, GError **error)
{
  g_autofree char *path = file_asset ("keyboard/words.tsv");
  g_autofree char *text = file_read_text (path, MAX_TABLE_BYTES, error);
  g_auto (GStrv) lines = NULL;

  if (text == NULL)
    return FALSE;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    g_auto (GStrv) parts = NULL;
    Own own;
    if (lines[i][0] == '\0' || lines[i][0] == '#')
      continue;
    parts = g_strsplit (lines[i], "\t", -1);
    if (g_strv_length (parts) != 2 || parts[0][0] == '\0' ||
        !g_utf8_validate (parts[1], -1, NULL) ||
        strspn (parts[0], "abcdefghijklmnopqrstuvwxyz") != strlen (parts[0])) {
      g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                   "%s, line %u: not \"letters<TAB>words\"", path, i + 1);
      return FALSE;
    }
    own = (Own){g_strdup (parts[0]), g_strdup (parts[1])};
    g_array_append_val (self->own, own);
  }
  return TRUE;
}

PinyinInput *
pinyin_input_new (GError **error)
{
  g_autoptr (PinyinInput) self = g_new0 (PinyinInput, 1);

  self->letters = g_string_sized_new (PINYIN_INPUT_MAX_LETTERS + 1);
  self->candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  g_array_set_clear_func (self->candidates, candidate_clear);
  self->own = g_array_new (FALSE, FALSE, sizeof (Own));
  g_array_set_clear_func (self->own, own_clear);
  if (!load_own (self, error))
    return NULL;
  if (!g_file_test (SYSTEM_DATA, G_FILE_TEST_IS_DIR) ||
      (self->context = pinyin_init (SYSTEM_DATA, USER_DATA)) == NULL) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND,
                 "the pinyin tables are not installed");
    return NULL;
  }
  pinyin_set_options (self->context, PINYIN_INCOMPLETE | PINYIN_CORRECT_ALL | USE_DIVIDED_TABLE |
                                         USE_RESPLIT_TABLE);
  self->instance = pinyin_alloc_instance (self->context);
  return g_steal_pointer (&self);
}

void
pinyin_input_free (PinyinInput *self)
{
  if (self == NULL)
    return;
  if (self->letters != NULL)
    pinyin_input_reset (self);
  if (self->instance != NULL)
    pinyin_free_instance (self->instance);
  if (self->context != NULL)
    pinyin_fini (self->context);
  g_string_free (self->letters, TRUE);
  g_array_unref (self->candidates);
  g_array_unref (self->own);
  g_free (self);
}

static void
offer (PinyinInput *self, const char *words, gsize used)
{
  Candidate candidate = {NULL, used};

  if (self->candidates->len >= PINYIN_INPUT_MAX_CANDIDATES)
    return;
  for (guint i = 0; i < self->candidates->len; i++)
    if (strcmp (g_array_index (self->candidates, Candidate, i).words, words) == 0)
      return;
  candidate.words = g_strdup (words);
  g_array_append_val (self->candidates, candidate);
}

/* Our own words whose letters are those typed; from four letters on also those that begin with
 * them. */
static void
offer_own (PinyinInput *self)
{
  g_autofree char *plain = g_strdup (self->letters->str);
  gsize n = 0;

  for (const char *p = self->letters->str; *p != '\0'; p++)
    if (*p != '\'')
      plain[n++] = *p;
  plain[n] = '\0';
  for (guint i = 0; i < self->own->len; i++) {
    const Own *own = &g_array_index (self->own, Own, i);
    if (strcmp (own->letters, plain) == 0)
      offer (self, own->words, self->letters->len);
  }
  for (guint i = 0; n >= 4 && i < self->own->len; i++) {
    const Own *own = &g_array_index (self->own, Own, i);
    if (g_str_has_prefix (own->letters, plain))
      offer (self, own->words, self->letters->len);
  }
  explicit_bzero (plain, n);
}

/* How many letters `candidate` uses. Choosing changes the library's state; look_up parses anew. */
static gsize
letters_used (PinyinInput *self, lookup_candidate_t *candidate)
{
  lookup_candidate_type_t type;

  pinyin_get_candidate_type (self->instance, candidate, &type);
  if (type == NBEST_MATCH_CANDIDATE)
    return self->letters->len;
  return (gsize)pinyin_choose_candidate (self->instance, 0, candidate);
}

static void
parse (PinyinInput *self)
{
  pinyin_reset (self->instance);
  pinyin_parse_more_full_pinyins (self->instance, self->letters->str);
  pinyin_guess_sentence (self->instance);
  pinyin_guess_candidates (self->instance, 0,
                           SORT_BY_PHRASE_LENGTH_AND_PINYIN_LENGTH_AND_FREQUENCY);
}

static void
look_up (PinyinInput *self)
{
  guint n = 0;

  g_array_set_size (self->candidates, 0);
  if (self->letters->len == 0)
    return;
  offer_own (self);
  parse (self);
  pinyin_get_n_candidate (self->instance, &n);
  for (guint i = 0; i < n && self->candidates->len < PINYIN_INPUT_MAX_CANDIDATES; i++) {
    lookup_candidate_t *candidate;
    const char *words;
    if (pinyin_get_candidate (self->instance, i, &candidate) &&
        pinyin_get_candidate_string (self->instance, candidate, &words))
      offer (self, words, 0);
  }
}

gboolean
pinyin_input_type (PinyinInput *self, char letter)
{
  if (self->letters->len >= PINYIN_INPUT_MAX_LETTERS ||
      !((letter >= 'a' && letter <= 'z') || (letter == '\'' && self->letters->len > 0)))
    return FALSE;
  g_string_append_c (self->letters, letter);
  look_up (self);
  return TRUE;
}

gboolean
pinyin_input_backspace (PinyinInput *self)
{
  if (self->letters->len == 0)
    return FALSE;
  g_string_truncate (self->letters, self->letters->len - 1);
  look_up (self);
  return TRUE;
}

const char *
pinyin_input_peek_letters (const PinyinInput *self)
{
  return self->letters->str;
}

char *
pinyin_input_divided (PinyinInput *self)
{
  char *divided = NULL;

  if (self->letters->len == 0)
    return g_strdup ("");
  pinyin_get_full_pinyin_auxiliary_text (self->instance, self->letters->len, &divided);
  if (divided == NULL)
    return g_strdup (self->letters->str);
  /* The library writes "su zhou|" with the caret as a bar. */
  g_strdelimit (divided, " ", '\'');
  for (char *bar = strchr (divided, '|'); bar != NULL; bar = strchr (divided, '|'))
    memmove (bar, bar + 1, strlen (bar));
  while (g_str_has_suffix (divided, "'") && self->letters->str[self->letters->len - 1] != '\'')
    divided[strlen (divided) - 1] = '\0';
  return divided;
}

guint
pinyin_input_count (const PinyinInput *self)
{
  return self->candidates->len;
}

const char *
pinyin_input_peek (const PinyinInput *self, guint index)
{
  g_return_val_if_fail (index < self->candidates->len, NULL);
  return g_array_index (self->candidates, Candidate, index).words;
}

/* The letters that `words` of libpinyin uses: found by looking for it again, since the library's
 * own list skips what our table offered before. */
static gsize
find_used (PinyinInput *self, const char *words)
{
  guint n = 0;

  parse (self);
  pinyin_get_n_candidate (self->instance, &n);
  for (guint i = 0; i < n; i++) {
    lookup_candidate_t *candidate;
    const char *there;
    if (pinyin_get_candidate (self->instance, i, &candidate) &&
        pinyin_get_candidate_string (self->instance, candidate, &there) &&
        strcmp (there, words) == 0)
      return letters_used (self, candidate);
  }
  return self->letters->len;
}

char *
pinyin_input_choose (PinyinInput *self, guint index)
{
  char *words;
  gsize used;

  if (index >= self->candidates->len)
    return NULL;
  words = g_strdup (g_array_index (self->candidates, Candidate, index).words);
  used = g_array_index (self->candidates, Candidate, index).used;
  if (used == 0)
    used = find_used (self, words);
  g_string_erase (self->letters, 0, MIN (used, self->letters->len));
  while (self->letters->str[0] == '\'')
    g_string_erase (self->letters, 0, 1);
  look_up (self);
  return words;
}

/* The readings of one word of the tables, added to `readings` where they are new. */
static void
add_readings (PinyinInput *self, phrase_token_t token, GPtrArray *readings)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, CHEWING_KEY_BYTES);
  guint n = 0;

  pinyin_token_get_n_pronunciation (self->instance, token, &n);
  for (guint i = 0; i < n; i++) {
    char *reading = NULL;
    if (!pinyin_token_get_nth_pronunciation (self->instance, token, i, keys) || keys->len != 1 ||
        !pinyin_get_pinyin_string (self->instance, (ChewingKey *)keys->data, &reading))
      continue;
    if (g_ptr_array_find_with_equal_func (readings, reading, g_str_equal, NULL))
      g_free (reading);
    else
      g_ptr_array_add (readings, reading);
  }
}

char **
pinyin_input_readings (PinyinInput *self, gunichar character)
{
  g_autoptr (GPtrArray) readings = g_ptr_array_new ();
  g_autoptr (GArray) tokens = g_array_new (FALSE, FALSE, sizeof (phrase_token_t));
  char word[7] = {0};

  g_unichar_to_utf8 (character, word);
  if (pinyin_lookup_tokens (self->instance, word, tokens))
    for (guint i = 0; i < tokens->len; i++)
      add_readings (self, g_array_index (tokens, phrase_token_t, i), readings);
  if (readings->len == 0)
    return NULL;
  g_ptr_array_add (readings, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&readings), FALSE);
}

void
pinyin_input_reset (PinyinInput *self)
{
  explicit_bzero (self->letters->str, self->letters->allocated_len);
  g_string_truncate (self->letters, 0);
  g_array_set_size (self->candidates, 0);
  if (self->instance != NULL)
    pinyin_reset (self->instance);
}
