/* field.c: one field of a form. Text types are an entry, choices are rows, yes and no are two rows.
 * Refuses to know rules and flows. */
#include "kiosk/field.h"

#include <string.h>

#include "base/translate.h"
#include "domain/person.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"

struct _Field {
  GtkWidget parent;
  const GuideField *spec;
  char *language;
  GtkWidget *label, *entry, *rows, *problem, *problem_text, *fine;
  char *clear; /* the value of a masked entry while it is masked */
  gboolean masked;
  gboolean filling; /* we change the control ourselves */
};

G_DEFINE_FINAL_TYPE (Field, field, GTK_TYPE_WIDGET)

enum { SIGNAL_CHANGED, SIGNAL_ENTERED, SIGNAL_LEFT, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
forget (char **text)
{
  if (*text != NULL)
    explicit_bzero (*text, strlen (*text));
  g_clear_pointer (text, g_free);
}

static const char *
guide_words (Field *self, const GuideText *text)
{
  return guide_text (text, self->language, NULL);
}

static gboolean
is_list (const GuideField *spec)
{
  return spec->type == GUIDE_FIELD_CHOICE || spec->type == GUIDE_FIELD_MULTICHOICE ||
         spec->type == GUIDE_FIELD_BOOL;
}

KeyboardKind
field_keyboard (Field *self)
{
  switch (self->spec->type) {
  case GUIDE_FIELD_INTEGER:
  case GUIDE_FIELD_DECIMAL:
  case GUIDE_FIELD_DATE:
  case GUIDE_FIELD_MOBILE:
  case GUIDE_FIELD_PHONE:
    return KEYBOARD_DIGITS;
  case GUIDE_FIELD_ID_CN:
  case GUIDE_FIELD_RESIDENCE_PERMIT:
    return KEYBOARD_IDENTITY;
  case GUIDE_FIELD_PASSPORT:
  case GUIDE_FIELD_PERMANENT_CARD:
  case GUIDE_FIELD_MRZ:
  case GUIDE_FIELD_NAME_MRZ:
  case GUIDE_FIELD_USCC:
  case GUIDE_FIELD_COUNTRY:
    return KEYBOARD_CAPITALS;
  case GUIDE_FIELD_EMAIL:
    return KEYBOARD_LATIN;
  default:
    return strcmp (self->language, "zh_CN") == 0 ? KEYBOARD_CHINESE : KEYBOARD_LATIN;
  }
}

/* ---- entries ---- */

static void
set_entry (Field *self, const char *text)
{
  self->filling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text != NULL ? text : "");
  self->filling = FALSE;
}

/* Numbers and addresses are hidden; a name stands in full, for whoever fills in must be able to
 * read it again. */
static gboolean
is_masked_type (const GuideField *spec)
{
  return spec->sensitive && spec->type != GUIDE_FIELD_NAME && spec->type != GUIDE_FIELD_NAME_MRZ &&
         spec->type != GUIDE_FIELD_TEXT && spec->type != GUIDE_FIELD_MULTILINE;
}

/* What stands in the entry while nobody edits it: never enough to read over a shoulder. */
static char *
masked_text (Field *self)
{
  g_autofree char *tail = NULL;

  if (self->spec->type == GUIDE_FIELD_MOBILE || self->spec->type == GUIDE_FIELD_PHONE)
    return person_mask_phone (self->clear);
  if (self->spec->type == GUIDE_FIELD_EMAIL)
    return person_mask_email (self->clear);
  tail = person_number_tail (self->clear);
  return g_strdup_printf ("•••• %s", tail);
}

static void
mask (Field *self)
{
  g_autofree char *shown = NULL;

  if (!is_masked_type (self->spec) || self->masked)
    return;
  forget (&self->clear);
  self->clear = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  if (*self->clear == '\0')
    return;
  shown = masked_text (self);
  self->masked = TRUE;
  set_entry (self, shown);
}

static void
unmask (Field *self)
{
  if (!self->masked)
    return;
  self->masked = FALSE;
  set_entry (self, self->clear);
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
  forget (&self->clear);
}

static void
on_entry_changed (GtkEditable *entry, gpointer data)
{
  Field *self = data;
  if (!self->filling)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
on_focus_entered (GtkEventControllerFocus *controller, gpointer data)
{
  Field *self = data;
  unmask (self);
  g_signal_emit (self, signals[SIGNAL_ENTERED], 0);
}

static void
on_focus_left (GtkEventControllerFocus *controller, gpointer data)
{
  Field *self = data;
  g_signal_emit (self, signals[SIGNAL_LEFT], 0);
  mask (self);
}

static const char *
placeholder (Field *self)
{
  switch (self->spec->type) {
  case GUIDE_FIELD_DATE:
    return translate (self->language, N_ ("Year-month-day, as 1990-02-28"));
  case GUIDE_FIELD_COUNTRY:
    return translate (self->language, N_ ("Three letters, as in the passport: DEU"));
  case GUIDE_FIELD_NAME_MRZ:
    return translate (self->language, N_ ("Capital letters, as in the passport"));
  default:
    return NULL;
  }
}

static void
build_entry (Field *self, const json_t *value)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();
  g_autofree char *text =
      value != NULL ? form_value_text (self->spec, value, self->language) : NULL;

  self->entry = gtk_entry_new ();
  gtk_widget_add_css_class (self->entry, "k-entry");
  gtk_widget_set_hexpand (self->entry, TRUE);
  gtk_entry_set_max_length (GTK_ENTRY (self->entry),
                            (int)self->spec->max_length + 40); /* pinyin needs room */
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry), placeholder (self));
  gtk_entry_set_input_hints (GTK_ENTRY (self->entry),
                             GTK_INPUT_HINT_NO_EMOJI | GTK_INPUT_HINT_PRIVATE |
                                 GTK_INPUT_HINT_NO_SPELLCHECK | GTK_INPUT_HINT_INHIBIT_OSK);
  g_object_set (self->entry, "enable-emoji-completion", FALSE, NULL);
  set_entry (self, text);
  forget (&text);
  g_signal_connect (self->entry, "changed", G_CALLBACK (on_entry_changed), self);
  g_signal_connect (focus, "enter", G_CALLBACK (on_focus_entered), self);
  g_signal_connect (focus, "leave", G_CALLBACK (on_focus_left), self);
  gtk_widget_add_controller (self->entry, focus);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  guide_words (self, self->spec->label), -1);
  gtk_widget_set_parent (self->entry, GTK_WIDGET (self));
  mask (self);
}

/* ---- rows to choose from ---- */

static void
on_row_toggled (GtkCheckButton *row, gpointer data)
{
  Field *self = data;
  if (!self->filling &&
      (gtk_check_button_get_active (row) || self->spec->type == GUIDE_FIELD_MULTICHOICE))
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static gboolean
is_chosen (Field *self, const json_t *value, const char *option)
{
  size_t i;
  json_t *one;

  if (self->spec->type == GUIDE_FIELD_BOOL)
    return json_is_boolean (value) && (json_is_true (value) == (strcmp (option, "true") == 0));
  if (json_is_string (value))
    return strcmp (json_string_value (value), option) == 0;
  json_array_foreach ((json_t *)value, i, one)
    if (json_is_string (one) && strcmp (json_string_value (one), option) == 0)
      return TRUE;
  return FALSE;
}

static void
add_row (Field *self, GtkWidget **group, const char *option, const char *label, const char *note,
         const json_t *value)
{
  gboolean many = self->spec->type == GUIDE_FIELD_MULTICHOICE;
  GtkWidget *row =
      button_new_option (many ? NULL : *group, many, label, note, is_chosen (self, value, option));

  if (*group == NULL)
    *group = row;
  g_object_set_data_full (G_OBJECT (row), "option", g_strdup (option), g_free);
  g_signal_connect (row, "toggled", G_CALLBACK (on_row_toggled), self);
  gtk_box_append (GTK_BOX (self->rows), row);
}

static void
build_rows (Field *self, const json_t *value)
{
  GtkWidget *group = NULL;

  self->rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 16);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->rows), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  guide_words (self, self->spec->label), -1);
  self->filling = TRUE;
  if (self->spec->type == GUIDE_FIELD_BOOL) {
    add_row (self, &group, "true", translate (self->language, N_ ("Yes")), NULL, value);
    add_row (self, &group, "false", translate (self->language, N_ ("No")), NULL, value);
  }
  for (guint i = 0; self->spec->type != GUIDE_FIELD_BOOL && i < self->spec->options->len; i++) {
    const GuideOption *option = self->spec->options->pdata[i];
    add_row (self, &group, option->value, guide_words (self, option->label),
             guide_words (self, option->note), value);
  }
  self->filling = FALSE;
  gtk_widget_set_parent (self->rows, GTK_WIDGET (self));
}

static json_t *
rows_value (Field *self)
{
  json_t *many = self->spec->type == GUIDE_FIELD_MULTICHOICE ? json_array () : NULL;

  for (GtkWidget *row = gtk_widget_get_first_child (self->rows); row != NULL;
       row = gtk_widget_get_next_sibling (row)) {
    const char *option = g_object_get_data (G_OBJECT (row), "option");
    if (!gtk_check_button_get_active (GTK_CHECK_BUTTON (row)))
      continue;
    if (many == NULL)
      return self->spec->type == GUIDE_FIELD_BOOL ? json_boolean (strcmp (option, "true") == 0)
                                                  : json_string (option);
    json_array_append_new (many, json_string (option));
  }
  if (many != NULL && json_array_size (many) == 0)
    g_clear_pointer (&many, json_decref);
  return many;
}

/* ---- the whole ---- */

json_t *
field_value (Field *self)
{
  g_autofree char *text = NULL;
  char *end = NULL;
  json_t *value;

  if (self->rows != NULL)
    return rows_value (self);
  text = g_strdup (self->masked ? self->clear : gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  g_strstrip (text);
  if (*text == '\0')
    return NULL;
  if (self->spec->type == GUIDE_FIELD_INTEGER) {
    gint64 n = g_ascii_strtoll (text, &end, 10);
    if (end != NULL && *end == '\0')
      return json_integer (n);
  }
  value = json_string (text);
  explicit_bzero (text, strlen (text));
  return value;
}

const GuideField *
field_peek_spec (Field *self)
{
  return self->spec;
}

GtkEditable *
field_peek_editable (Field *self)
{
  return self->entry != NULL ? GTK_EDITABLE (self->entry) : NULL;
}

void
field_show_problem (Field *self, const char *text)
{
  GtkWidget *control = self->entry != NULL ? self->entry : self->rows;

  gtk_widget_set_visible (self->problem, text != NULL);
  if (text != NULL) {
    gtk_label_set_text (GTK_LABEL (self->problem_text), text);
    gtk_widget_add_css_class (control, "is-error");
    gtk_widget_set_visible (self->fine, FALSE);
  } else {
    gtk_widget_remove_css_class (control, "is-error");
  }
  gtk_accessible_update_state (
      GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_STATE_INVALID,
      text != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

void
field_show_fine (Field *self, gboolean fine)
{
  gtk_widget_set_visible (self->fine, fine);
}

void
field_focus (Field *self)
{
  gtk_widget_grab_focus (self->entry != NULL ? self->entry
                                             : gtk_widget_get_first_child (self->rows));
}

void
field_wipe (Field *self)
{
  forget (&self->clear);
  self->masked = FALSE;
  if (self->entry != NULL)
    set_entry (self, "");
}

static void
field_dispose (GObject *object)
{
  Field *self = ONESTOP_FIELD (object);
  GtkWidget *child;

  forget (&self->clear);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->language, g_free);
  G_OBJECT_CLASS (field_parent_class)->dispose (object);
}

static void
field_class_init (FieldClass *class)
{
  G_OBJECT_CLASS (class)->dispose = field_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_GROUP);
  signals[SIGNAL_CHANGED] =
      g_signal_new ("changed", FIELD_TYPE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ENTERED] =
      g_signal_new ("entered", FIELD_TYPE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LEFT] =
      g_signal_new ("left", FIELD_TYPE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
field_init (Field *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 12);
}

static void
build_label (Field *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16);
  const char *help = guide_words (self, self->spec->help);

  self->label = label_new ("k-label", guide_words (self, self->spec->label));
  gtk_box_append (GTK_BOX (line), self->label);
  if (!self->spec->required)
    gtk_box_append (GTK_BOX (line),
                    label_new ("k-caption", translate (self->language, N_ ("optional"))));
  self->fine = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_box_append (GTK_BOX (self->fine), glyph_new ("emblem-ok", 36));
  label_classes (self->fine, "k-acc");
  gtk_widget_set_hexpand (self->fine, TRUE);
  gtk_widget_set_halign (self->fine, GTK_ALIGN_END);
  gtk_widget_set_visible (self->fine, FALSE);
  label_name (self->fine, translate (self->language, N_ ("fine")));
  gtk_box_append (GTK_BOX (line), self->fine);
  gtk_widget_set_parent (line, GTK_WIDGET (self));
  if (help != NULL)
    gtk_widget_set_parent (label_new ("k-caption", help), GTK_WIDGET (self));
}

Field *
field_new (const GuideField *spec, const char *language, const json_t *value)
{
  Field *self = g_object_new (FIELD_TYPE, NULL);

  self->spec = spec;
  self->language = g_strdup (language);
  build_label (self);
  if (is_list (spec))
    build_rows (self, value);
  else
    build_entry (self, value);

  self->problem = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  label_classes (self->problem, "k-error-text");
  gtk_box_append (GTK_BOX (self->problem), glyph_new ("dialog-warning", 32));
  self->problem_text = label_new ("k-error-text", "");
  gtk_box_append (GTK_BOX (self->problem), self->problem_text);
  gtk_widget_set_visible (self->problem, FALSE);
  gtk_widget_set_parent (self->problem, GTK_WIDGET (self));
  return self;
}
