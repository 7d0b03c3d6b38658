/* digit-pad.h: a field for a number or a date with its own keys, where no whole keyboard is needed.
 */
#pragma once

#include <gtk/gtk.h>

typedef enum {
  DIGIT_PAD_NUMBER, /* at most 9 digits */
  DIGIT_PAD_DATE,   /* eight digits shown as 2026-11-23 */
} DigitPadKind;

#define DIGIT_PAD_TYPE (digit_pad_get_type ())
G_DECLARE_FINAL_TYPE (DigitPad, digit_pad, ONESTOP, DIGIT_PAD, GtkWidget)

/* `text` as on_changed gives it, or NULL for nothing. Floating. */
GtkWidget *digit_pad_new (DigitPadKind kind, const char *text, const char *language);

/* `changed` gets "42" or "2026-11-23" whenever that is complete, NULL while it is not. */
void digit_pad_listen (DigitPad *pad, void (*changed) (const char *text, gpointer data),
                       gpointer data);
