/* name-search.c: a list of names, walked at each question: with some dozens of names that takes
 * less than a key's travel. Refuses to rank by guesses: no misspellings, no learning. */
#include "text/name-search.h"

#include <string.h>

#define MAX_TEXT 120 /* characters of a text that are looked at */

typedef struct {
  gunichar letter;
  char **readings; /* NULL: none */
} Sign;

typedef struct {
  guint thing; /* place in `ids` */
  NameSearchKind kind;
  GArray *signs; /* Sign */
} Text;

struct NameSearch {
  GPtrArray *ids;
  GArray *texts;
};

static void
sign_clear (gpointer p)
{
  g_strfreev (((Sign *)p)->readings);
}

static void
text_clear (gpointer p)
{
  g_array_unref (((Text *)p)->signs);
}

NameSearch *
name_search_new (void)
{
  NameSearch *self = g_new0 (NameSearch, 1);

  self->ids = g_ptr_array_new_with_free_func (g_free);
  self->texts = g_array_new (FALSE, FALSE, sizeof (Text));
  g_array_set_clear_func (self->texts, text_clear);
  return self;
}

void
name_search_free (NameSearch *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->ids);
  g_array_unref (self->texts);
  g_free (self);
}

/* Composing divides syllables with them, and English names have them. */
static gboolean
is_apostrophe (gunichar letter)
{
  return letter == '\'' || letter == 0x2019;
}

/* One form for full-width letters, capitals and compositions. Owned. */
static char *
plain (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);
  return g_utf8_casefold (normal != NULL ? normal : "", -1);
}

static guint
thing_of (NameSearch *self, const char *id)
{
  for (guint i = 0; i < self->ids->len; i++)
    if (strcmp (self->ids->pdata[i], id) == 0)
      return i;
  g_ptr_array_add (self->ids, g_strdup (id));
  return self->ids->len - 1;
}

void
name_search_add (NameSearch *self, PinyinInput *pinyin, const char *id, NameSearchKind kind,
                 const char *text)
{
  g_autofree char *words = text != NULL ? plain (text) : NULL;
  Text added = {.kind = kind};

  if (words == NULL)
    return;
  added.thing = thing_of (self, id);
  added.signs = g_array_new (FALSE, FALSE, sizeof (Sign));
  g_array_set_clear_func (added.signs, sign_clear);
  for (const char *p = words; *p != '\0' && added.signs->len < MAX_TEXT; p = g_utf8_next_char (p)) {
    Sign sign = {.letter = g_utf8_get_char (p)};
    if (is_apostrophe (sign.letter))
      continue;
    if (pinyin != NULL && kind != NAME_SEARCH_ABOUT && sign.letter >= 0x2e80)
      sign.readings = pinyin_input_readings (pinyin, sign.letter);
    g_array_append_val (added.signs, sign);
  }
  g_array_append_val (self->texts, added);
}

/* ---- does a word of the query fit? ---- */

typedef struct {
  const Text *text;
  const gunichar *word;
  glong n;
  gboolean dead[MAX_TEXT + 1][NAME_SEARCH_MAX_QUERY + 1]; /* tried, does not fit */
} Try;

static const Sign *
sign_at (const Text *text, guint i)
{
  return &g_array_index (text->signs, Sign, i);
}

/* The rest of the word, from letter `w`, fits the text from sign `i`. */
static gboolean
fits (Try *try, guint i, glong w)
{
  if (w == try->n)
    return TRUE;
  if (i >= try->text->signs->len || try->dead[i][w])
    return FALSE;
  const Sign *sign = sign_at (try->text, i);
  if (sign->letter == try->word[w] && fits (try, i + 1, w + 1))
    return TRUE;
  for (char **reading = sign->readings; reading != NULL && *reading != NULL; reading++)
    for (glong k = 0;
         w + k < try->n && (*reading)[k] != '\0' && try->word[w + k] == (gunichar)(*reading)[k];
         k++)
      if (fits (try, i + 1, w + k + 1))
        return TRUE;
  /* Quotation marks and brackets are in the name, not in the mind. */
  if (i > 0 && g_unichar_ispunct (sign->letter) && fits (try, i + 1, w))
    return TRUE;
  try->dead[i][w] = TRUE;
  return FALSE;
}

static gboolean
begins_word (const Text *text, guint i)
{
  return i == 0 || !g_unichar_isalnum (sign_at (text, i - 1)->letter);
}

static gboolean
fits_by_letter (const Text *text, guint i, const gunichar *word, glong n)
{
  for (glong w = 0; w < n; w++)
    if (i + w >= text->signs->len || sign_at (text, i + (guint)w)->letter != word[w])
      return FALSE;
  return TRUE;
}

enum { HERE = 0, INSIDE = 1, BY_PINYIN = 2, NOWHERE = G_MAXINT };

/* How well a word fits a text: 0 best, NOWHERE not. */
static int
rank (const Text *text, const gunichar *word, glong n)
{
  gboolean latin = word[0] < 0x80;
  int best = NOWHERE;
  g_autofree Try *try = NULL;

  if (text->kind == NAME_SEARCH_ABOUT && n < (latin ? 3 : 2))
    return NOWHERE;
  for (guint i = 0; i < text->signs->len; i++)
    if ((!latin || begins_word (text, i)) && fits_by_letter (text, i, word, n))
      return i == 0 ? HERE : INSIDE;
  try = g_new0 (Try, 1);
  *try = (Try){.text = text, .word = word, .n = n};
  /* One letter begins too many characters to mean one in the middle. */
  for (guint i = 0; i < text->signs->len && best == NOWHERE && (i == 0 || n > 1); i++)
    if (sign_at (text, i)->readings != NULL && fits (try, i, 0))
      best = BY_PINYIN + (i == 0 ? HERE : INSIDE);
  return best;
}

static int
best_rank (const NameSearch *self, guint thing, const gunichar *word, glong n)
{
  int best = NOWHERE;

  for (guint i = 0; i < self->texts->len; i++) {
    const Text *text = &g_array_index (self->texts, Text, i);
    int found = text->thing == thing ? rank (text, word, n) : NOWHERE;
    /* Of two that fit alike, the word is more of the shorter name. */
    if (found != NOWHERE)
      best = MIN (best, (found + 4 * (int)text->kind) * MAX_TEXT + (int)text->signs->len);
  }
  return best;
}

/* The words of a query: what stands between blanks, without the apostrophes of composing. */
static char **
words_of (const char *query)
{
  g_autofree char *cut =
      g_utf8_substring (query, 0, MIN (g_utf8_strlen (query, -1), NAME_SEARCH_MAX_QUERY));
  g_autofree char *words = plain (cut);
  g_autoptr (GString) clean = g_string_new (NULL);

  for (const char *p = words; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar letter = g_utf8_get_char (p);
    if (is_apostrophe (letter))
      continue;
    g_string_append_unichar (clean, g_unichar_isalnum (letter) ? letter : ' ');
  }
  return g_strsplit (clean->str, " ", -1);
}

typedef struct {
  guint thing;
  int rank;
} Found;

static int
by_rank (gconstpointer a, gconstpointer b)
{
  const Found *one = a, *other = b;
  return one->rank != other->rank ? one->rank - other->rank : (int)one->thing - (int)other->thing;
}

/* Keeps of `found` what `word` fits, too; `first`: begins it. */
static void
narrow (const NameSearch *self, GArray *found, const char *word, gboolean first)
{
  glong n = 0;
  g_autofree gunichar *letters = g_utf8_to_ucs4_fast (word, -1, &n);
  g_autoptr (GArray) kept = g_array_new (FALSE, FALSE, sizeof (Found));

  n = MIN (n, NAME_SEARCH_MAX_QUERY);
  for (guint i = 0; i < (first ? self->ids->len : found->len); i++) {
    Found one = first ? (Found){i, 0} : g_array_index (found, Found, i);
    int how = best_rank (self, one.thing, letters, n);
    if (how == NOWHERE)
      continue;
    one.rank = MAX (one.rank, how);
    g_array_append_val (kept, one);
  }
  g_array_set_size (found, 0);
  g_array_append_vals (found, kept->data, kept->len);
}

GPtrArray *
name_search_find (const NameSearch *self, const char *query)
{
  GPtrArray *ids = g_ptr_array_new ();
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Found));
  g_auto (GStrv) words = NULL;
  gboolean first = TRUE;

  if (query == NULL || !g_utf8_validate (query, -1, NULL))
    return ids;
  words = words_of (query);
  for (char **word = words; *word != NULL; word++) {
    if (**word == '\0')
      continue;
    narrow (self, found, *word, first);
    first = FALSE;
  }
  g_array_sort (found, by_rank);
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (ids, self->ids->pdata[g_array_index (found, Found, i).thing]);
  return ids;
}
