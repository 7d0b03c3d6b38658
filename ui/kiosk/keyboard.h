/* keyboard.h: the keyboard on the screen.
 *
 * Plain buttons that never take the focus, so that the entry in use keeps it. Layouts are data
 * (assets/keyboard/layouts.json). In Chinese the letters go through pinyin and stand underlined in
 * the entry until a candidate is chosen. Nothing typed is kept: keyboard_forget wipes letters and
 * candidates. */
#pragma once

#include <gtk/gtk.h>

#include "text/pinyin-input.h"

#define KEYBOARD_TYPE (keyboard_get_type ())
G_DECLARE_FINAL_TYPE (Keyboard, keyboard, ONESTOP, KEYBOARD, GtkWidget)

typedef enum {
  KEYBOARD_CHINESE,  /* pinyin; the language key changes to Latin */
  KEYBOARD_LATIN,    /* letters as they are; the language key changes to Chinese */
  KEYBOARD_CAPITALS, /* capital letters and digits only: passports, names as in the MRZ */
  KEYBOARD_DIGITS,   /* a number pad with + and - */
  KEYBOARD_IDENTITY  /* a number pad with X */
} KeyboardKind;

/* Labels are in `language`. `pinyin` is borrowed and must outlive the keyboard; NULL: no Chinese,
 * the language key is absent. Signal "done" (no arguments): the done key was pressed. Floating. */
Keyboard *keyboard_new (const char *language, PinyinInput *pinyin);

/* What the keys write to from now on; letters not yet turned into words stay in the former target
 * as they are. NULL: the keys do nothing. `target` is held weakly. */
void keyboard_attach (Keyboard *self, GtkEditable *target, KeyboardKind kind);

/* TRUE while letters wait for a candidate: what stands in the target is not yet meant. */
gboolean keyboard_is_composing (Keyboard *self);

/* Ends composing: the letters stay as they are. */
void keyboard_settle (Keyboard *self);

/* Wipes letters and candidates and lets go of the target. */
void keyboard_forget (Keyboard *self);
