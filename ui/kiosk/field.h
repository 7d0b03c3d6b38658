/* field.h: one field of a form on the screen: label, hint, control, and what is wrong with it.
 *
 * Knows how each type of field is entered and shown; refuses to judge: whoever owns the form checks
 * and calls field_show_problem. Values are as in domain/form.h. A sensitive value is masked once
 * the field loses the focus and is shown again when it is touched. */
#pragma once

#include <gtk/gtk.h>
#include <jansson.h>

#include "domain/form.h"
#include "kiosk/keyboard.h"

#define FIELD_TYPE (field_get_type ())
G_DECLARE_FINAL_TYPE (Field, field, ONESTOP, FIELD, GtkWidget)

/* `spec` lives as long as the guide; `value` (may be NULL) is what stands in it at first. Signals:
 * "changed" after the person changed the value; "entered" when its entry gets the focus (attach the
 * keyboard to field_peek_editable); "left" when it loses it. Floating. */
Field *field_new (const GuideField *spec, const char *language, const json_t *value);

const GuideField *field_peek_spec (Field *self);

/* The value as it stands, or NULL when the field is empty. Owned. */
json_t *field_value (Field *self);

/* The entry that the keyboard writes to, or NULL for a field that is chosen by touch. Borrowed. */
GtkEditable *field_peek_editable (Field *self);
KeyboardKind field_keyboard (Field *self);

/* Says under the field what is wrong, with the sign of an error; NULL takes it back. `text` is in
 * the field's language. */
void field_show_problem (Field *self, const char *text);

/* A check mark beside a value that is fine. */
void field_show_fine (Field *self, gboolean fine);

/* Gives the focus to the control. */
void field_focus (Field *self);

/* Overwrites what is shown, before the field goes. */
void field_wipe (Field *self);
