/* pinyin-input.h: full pinyin typed letter by letter, Chinese words offered and chosen.
 *
 * Built on libpinyin with its system tables; learning is off and no user table is ever written, so
 * that nothing a visitor types outlives pinyin_input_reset. Words of our own table
 * (assets/keyboard/words.tsv: Suzhou's places, employers, the services' words) stand before
 * libpinyin's. One thread. */
#pragma once

#include <glib.h>

typedef struct PinyinInput PinyinInput;

#define PINYIN_INPUT_MAX_LETTERS 64
#define PINYIN_INPUT_MAX_CANDIDATES 60

/* Opens the tables (about 20 ms). NOT_FOUND if libpinyin's data is not installed; INVALID, naming
 * the line, if our own table is damaged. Owned. */
PinyinInput *pinyin_input_new (GError **error);
void pinyin_input_free (PinyinInput *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PinyinInput, pinyin_input_free)

/* Adds a letter a-z or an apostrophe (which divides syllables). FALSE if it is neither, or there
 * are PINYIN_INPUT_MAX_LETTERS already, or an apostrophe would come first. */
gboolean pinyin_input_type (PinyinInput *self, char letter);

/* Takes the last letter back. FALSE if there is none. */
gboolean pinyin_input_backspace (PinyinInput *self);

/* The letters typed and not yet turned into words, as they were typed. Borrowed until the next
 * call. */
const char *pinyin_input_peek_letters (const PinyinInput *self);

/* The same with the syllables divided by apostrophes, for showing: "su'zhou". Owned. */
char *pinyin_input_divided (PinyinInput *self);

/* The candidates, best first; at most PINYIN_INPUT_MAX_CANDIDATES; none if no letter is there. */
guint pinyin_input_count (const PinyinInput *self);

/* Candidate `index` < count. Borrowed until the next call that changes anything. */
const char *pinyin_input_peek (const PinyinInput *self, guint index);

/* Chooses candidate `index`: returns its words (owned) and keeps the letters that it did not use,
 * whose candidates are then offered. NULL if `index` is out of range. */
char *pinyin_input_choose (PinyinInput *self, guint index);

/* The readings of one Chinese character in the tables, without tones, each once: 乐 is "le", "yue".
 * NULL if it has none. Changes nothing that was typed. Owned: g_strfreev. */
char **pinyin_input_readings (PinyinInput *self, gunichar character);

/* Forgets all letters and candidates, and overwrites them. */
void pinyin_input_reset (PinyinInput *self);
