/* keyboard.c: the keyboard on the screen: a strip of candidates over five rows of buttons. It
 * writes into an editable as a person would; it refuses to know what the field means and keeps no
 * history. */
#include "kiosk/keyboard.h"

#include <string.h>

#include "base/file.h"
#include "base/strict-json.h"
#include "base/translate.h"
#include "kiosk/glyph.h"

#define KEY_WIDTH 97
#define KEY_HEIGHT 92
#define GAP 8
#define STRIP_HEIGHT 96
#define STRIP_WIDTH (1080 - 2 * 96) /* beside the two arrows */
#define MAX_SHOWN 9

struct _Keyboard {
  GtkWidget parent;
  char *language;
  PinyinInput *pinyin; /* borrowed */
  GtkEditable *target; /* weak */
  KeyboardKind kind;
  gboolean chinese, shifted;
  int compose_start, compose_length; /* characters in the target */
  guint first;                       /* candidate at the left of the strip */
  guint shown;

  GtkWidget *strip, *candidates, *earlier, *later;
  GtkWidget *keys; /* the rows of the layout on show: others do not exist */
  json_t *layouts;
  const char *layout; /* its id; static */
  GPtrArray *letters; /* GtkButton of a..z, for the shift */
  GtkWidget *language_key, *comma, *stop, *shift;
};

G_DEFINE_FINAL_TYPE (Keyboard, keyboard, GTK_TYPE_WIDGET)

enum { SIGNAL_DONE, N_SIGNALS };
static guint signals[N_SIGNALS];

static void show_candidates (Keyboard *self);
static void refresh (Keyboard *self);
static void show_layout (Keyboard *self, const char *id);

/* ---- writing into the target ---- */

static void
underline (Keyboard *self)
{
  GtkWidget *entry = self->target != NULL ? GTK_WIDGET (self->target) : NULL;
  g_autofree char *text = NULL;
  PangoAttrList *list = NULL;

  while (entry != NULL && !GTK_IS_ENTRY (entry))
    entry = gtk_widget_get_parent (entry);
  if (entry == NULL)
    return;
  if (self->compose_length > 0) {
    PangoAttribute *line = pango_attr_underline_new (PANGO_UNDERLINE_SINGLE);
    text = gtk_editable_get_chars (self->target, 0, -1);
    line->start_index = (guint)(g_utf8_offset_to_pointer (text, self->compose_start) - text);
    line->end_index =
        (guint)(g_utf8_offset_to_pointer (text, self->compose_start + self->compose_length) - text);
    list = pango_attr_list_new ();
    pango_attr_list_insert (list, line);
  }
  gtk_entry_set_attributes (GTK_ENTRY (entry), list);
  g_clear_pointer (&list, pango_attr_list_unref);
}

static void
write_text (Keyboard *self, const char *text)
{
  int place;

  if (self->target == NULL)
    return;
  gtk_editable_delete_selection (self->target);
  place = gtk_editable_get_position (self->target);
  gtk_editable_insert_text (self->target, text, -1, &place);
  gtk_editable_set_position (self->target, place);
}

/* Puts `text` in the place of the letters that are being composed. Who listens to the target sees
 * the end of composing with the change that ends it. */
static void
replace_composed (Keyboard *self, const char *text, gboolean still)
{
  int place = self->compose_start, length = self->compose_length;

  if (self->target == NULL)
    return;
  if (length > 0)
    gtk_editable_delete_text (self->target, self->compose_start, self->compose_start + length);
  self->compose_length = still ? 1 : 0;
  gtk_editable_insert_text (self->target, text, -1, &place);
  gtk_editable_set_position (self->target, place);
  self->compose_length = still ? place - self->compose_start : 0;
  if (!still)
    self->compose_start = place;
  underline (self);
}

static void
compose (Keyboard *self)
{
  g_autofree char *divided = pinyin_input_divided (self->pinyin);

  replace_composed (self, divided, TRUE);
  self->first = 0;
  show_candidates (self);
}

static gboolean
can_compose (Keyboard *self)
{
  return self->chinese && self->pinyin != NULL && self->target != NULL;
}

gboolean
keyboard_is_composing (Keyboard *self)
{
  return self->compose_length > 0;
}

void
keyboard_settle (Keyboard *self)
{
  gboolean composed = self->compose_length > 0;

  if (self->pinyin != NULL)
    pinyin_input_reset (self->pinyin);
  self->compose_length = 0;
  underline (self);
  show_candidates (self);
  if (composed && self->target != NULL)
    g_signal_emit_by_name (self->target, "changed"); /* the letters are meant now */
}

static void
choose (Keyboard *self, guint index)
{
  g_autofree char *words = pinyin_input_choose (self->pinyin, index);

  if (words == NULL)
    return;
  replace_composed (self, words, FALSE);
  explicit_bzero (words, strlen (words));
  if (*pinyin_input_peek_letters (self->pinyin) != '\0')
    compose (self);
  else
    show_candidates (self);
}

static void
type_letter (Keyboard *self, const char *text)
{
  if (can_compose (self) && !self->shifted && text[1] == '\0' &&
      (g_ascii_islower (text[0]) || text[0] == '\'')) {
    if (self->compose_length == 0) {
      gtk_editable_delete_selection (self->target);
      self->compose_start = gtk_editable_get_position (self->target);
    }
    if (pinyin_input_type (self->pinyin, text[0])) {
      compose (self);
      return;
    }
  }
  keyboard_settle (self);
  if (self->shifted || self->kind == KEYBOARD_CAPITALS) {
    g_autofree char *upper = g_utf8_strup (text, -1);
    write_text (self, upper);
  } else {
    write_text (self, text);
  }
  if (self->shifted && self->kind != KEYBOARD_CAPITALS) {
    self->shifted = FALSE;
    refresh (self);
  }
}

static void
erase (Keyboard *self)
{
  int start, end;

  if (self->target == NULL)
    return;
  if (self->compose_length > 0) {
    pinyin_input_backspace (self->pinyin);
    compose (self);
    return;
  }
  if (gtk_editable_get_selection_bounds (self->target, &start, &end)) {
    gtk_editable_delete_selection (self->target);
    return;
  }
  end = gtk_editable_get_position (self->target);
  if (end > 0)
    gtk_editable_delete_text (self->target, end - 1, end);
}

/* ---- keys ---- */

static GtkWidget *
bare_button (const char *label, const char *name)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_focusable (button, FALSE);
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return button;
}

static Keyboard *
keyboard_of (GtkWidget *inner)
{
  return ONESTOP_KEYBOARD (gtk_widget_get_ancestor (inner, KEYBOARD_TYPE));
}

static void
on_text_clicked (GtkButton *button, gpointer data)
{
  type_letter (keyboard_of (GTK_WIDGET (button)), g_object_get_data (G_OBJECT (button), "text"));
}

static void
on_erase_clicked (GtkButton *button, gpointer data)
{
  erase (keyboard_of (GTK_WIDGET (button)));
}

static void
on_shift_clicked (GtkButton *button, gpointer data)
{
  Keyboard *self = keyboard_of (GTK_WIDGET (button));
  self->shifted = !self->shifted;
  refresh (self);
}

static void
on_language_clicked (GtkButton *button, gpointer data)
{
  Keyboard *self = keyboard_of (GTK_WIDGET (button));
  keyboard_settle (self);
  self->chinese = !self->chinese;
  refresh (self);
}

static void
on_layout_clicked (GtkButton *button, gpointer layout)
{
  Keyboard *self = keyboard_of (GTK_WIDGET (button));
  keyboard_settle (self);
  show_layout (self, layout);
  refresh (self);
}

static void
on_space_clicked (GtkButton *button, gpointer data)
{
  Keyboard *self = keyboard_of (GTK_WIDGET (button));
  if (self->compose_length > 0 && pinyin_input_count (self->pinyin) > 0) {
    choose (self, self->first);
    return;
  }
  keyboard_settle (self);
  write_text (self, " ");
}

static void
on_done_clicked (GtkButton *button, gpointer data)
{
  Keyboard *self = keyboard_of (GTK_WIDGET (button));
  keyboard_settle (self);
  g_signal_emit (self, signals[SIGNAL_DONE], 0);
}

static void
on_comma_clicked (GtkButton *button, gpointer data)
{
  Keyboard *self = keyboard_of (GTK_WIDGET (button));
  keyboard_settle (self);
  write_text (self, self->chinese ? "，" : ",");
}

static void
on_stop_clicked (GtkButton *button, gpointer data)
{
  Keyboard *self = keyboard_of (GTK_WIDGET (button));
  keyboard_settle (self);
  write_text (self, self->chinese ? "。" : ".");
}

/* The keys that do something else than write their own text. */
static GtkWidget *
special_key (Keyboard *self, const char *what)
{
  static const struct {
    const char *what, *label, *name, *icon;
    void (*clicked) (GtkButton *, gpointer);
    gpointer data;
    const char *style;
  } keys[] = {
      {"erase", NULL, N_ ("Erase"), "edit-clear", on_erase_clicked, NULL, "k-fn"},
      {"shift", NULL, N_ ("Capital letters"), "shift", on_shift_clicked, NULL, "k-fn"},
      {"language", "中／英", N_ ("Chinese or English letters"), NULL, on_language_clicked, NULL,
       "k-fn"},
      {"symbols", N_ ("Symbols"), N_ ("Symbols"), NULL, on_layout_clicked, "symbols", "k-fn"},
      {"letters", N_ ("ABC"), N_ ("Letters"), NULL, on_layout_clicked, "letters", "k-fn"},
      {"space", N_ ("Space"), N_ ("Space"), NULL, on_space_clicked, NULL, NULL},
      {"comma", ",", N_ ("Comma"), NULL, on_comma_clicked, NULL, NULL},
      {"stop", ".", N_ ("Full stop"), NULL, on_stop_clicked, NULL, NULL},
      {"done", N_ ("Done"), N_ ("Done"), NULL, on_done_clicked, NULL, "k-go"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++) {
    const char *name;
    GtkWidget *button;
    if (strcmp (keys[i].what, what) != 0)
      continue;
    name = translate (self->language, keys[i].name);
    button =
        bare_button (keys[i].label != NULL ? translate (self->language, keys[i].label) : "", name);
    if (keys[i].icon != NULL)
      gtk_button_set_child (GTK_BUTTON (button), glyph_new (keys[i].icon, 40));
    gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                    -1);
    if (keys[i].style != NULL)
      gtk_widget_add_css_class (button, keys[i].style);
    g_signal_connect (button, "clicked", G_CALLBACK (keys[i].clicked), keys[i].data);
    return button;
  }
  return NULL;
}

static GtkWidget *
text_key (Keyboard *self, const char *text)
{
  GtkWidget *button = bare_button (text, text);

  g_object_set_data_full (G_OBJECT (button), "text", g_strdup (text), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (on_text_clicked), NULL);
  if (text[1] == '\0' && g_ascii_islower (text[0]))
    g_ptr_array_add (self->letters, button);
  return button;
}

static GtkWidget *
new_key (Keyboard *self, const json_t *spec)
{
  const char *text =
      json_is_string (spec) ? json_string_value (spec) : strict_json_peek (spec, "text", NULL);
  const char *what = strict_json_peek (spec, "do", NULL);
  json_t *wide = json_object_get (spec, "wide");
  GtkWidget *key = what != NULL ? special_key (self, what) : text_key (self, text);

  if (key == NULL)
    return NULL;
  gtk_widget_set_size_request (key, wide != NULL ? (int)json_integer_value (wide) : KEY_WIDTH,
                               KEY_HEIGHT);
  if (what != NULL && strcmp (what, "language") == 0) {
    self->language_key = key;
    gtk_widget_set_visible (key, self->pinyin != NULL);
  } else if (what != NULL && strcmp (what, "shift") == 0) {
    self->shift = key;
  } else if (what != NULL && strcmp (what, "comma") == 0) {
    self->comma = key;
  } else if (what != NULL && strcmp (what, "stop") == 0) {
    self->stop = key;
  }
  return key;
}

static void
show_layout (Keyboard *self, const char *id)
{
  GtkWidget *child;
  json_t *row, *spec;
  size_t r, k;

  if (g_strcmp0 (id, self->layout) == 0)
    return;
  self->layout = id;
  self->language_key = self->comma = self->stop = self->shift = NULL;
  g_ptr_array_set_size (self->letters, 0);
  while ((child = gtk_widget_get_first_child (self->keys)) != NULL)
    gtk_box_remove (GTK_BOX (self->keys), child);
  json_array_foreach (json_object_get (self->layouts, id), r, row) {
    GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, GAP);
    gtk_widget_set_halign (line, GTK_ALIGN_CENTER);
    json_array_foreach (row, k, spec) {
      GtkWidget *key = new_key (self, spec);
      if (key != NULL)
        gtk_box_append (GTK_BOX (line), key);
    }
    gtk_box_append (GTK_BOX (self->keys), line);
  }
}

static void
load_layouts (Keyboard *self)
{
  g_autofree char *path = file_asset ("keyboard/layouts.json");
  g_autoptr (GError) error = NULL;

  self->layouts = strict_json_load (path, &error);
  if (self->layouts == NULL)
    g_error ("the keyboard has no layouts: %s",
             error->message); /* part of the program, checked by a test */
}

/* ---- candidates ---- */

static void
on_candidate_clicked (GtkButton *button, gpointer index)
{
  choose (keyboard_of (GTK_WIDGET (button)), GPOINTER_TO_UINT (index));
}

static void
on_later_clicked (GtkButton *button, gpointer data)
{
  Keyboard *self = keyboard_of (GTK_WIDGET (button));
  self->first += self->shown;
  show_candidates (self);
}

static void
on_earlier_clicked (GtkButton *button, gpointer data)
{
  Keyboard *self = keyboard_of (GTK_WIDGET (button));
  self->first = self->first > MAX_SHOWN ? self->first - MAX_SHOWN : 0;
  show_candidates (self);
}

/* The width that a candidate takes: padding, its digit, and 38 px a character. */
static int
candidate_width (const char *words)
{
  return MAX (96, 60 + 30 + 38 * (int)g_utf8_strlen (words, -1));
}

static void
show_candidates (Keyboard *self)
{
  guint count =
      can_compose (self) && self->compose_length > 0 ? pinyin_input_count (self->pinyin) : 0;
  int left = STRIP_WIDTH;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->candidates)) != NULL)
    gtk_box_remove (GTK_BOX (self->candidates), child);
  self->shown = 0;
  for (guint i = self->first; i < count && self->shown < MAX_SHOWN; i++) {
    const char *words = pinyin_input_peek (self->pinyin, i);
    GtkWidget *button;
    left -= candidate_width (words);
    if (left < 0 && self->shown > 0)
      break;
    button = bare_button (words, words);
    gtk_widget_set_size_request (button, candidate_width (words), STRIP_HEIGHT);
    if (self->shown++ == 0)
      gtk_widget_add_css_class (button, "is-selected");
    g_signal_connect (button, "clicked", G_CALLBACK (on_candidate_clicked), GUINT_TO_POINTER (i));
    gtk_box_append (GTK_BOX (self->candidates), button);
  }
  gtk_widget_set_visible (self->earlier, self->first > 0 && count > 0);
  gtk_widget_set_visible (self->later, self->first + self->shown < count);
}

static GtkWidget *
arrow (Keyboard *self, const char *icon, const char *name, GCallback clicked)
{
  GtkWidget *button = bare_button ("", name);

  gtk_button_set_child (GTK_BUTTON (button), glyph_new (icon, 40));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_size_request (button, 96, STRIP_HEIGHT);
  gtk_widget_set_visible (button, FALSE);
  g_signal_connect (button, "clicked", clicked, NULL);
  return button;
}

/* ---- the whole ---- */

/* A button's new label becomes its accessible name; the name is given back. */
static void
relabel (GtkWidget *key, const char *label, const char *name)
{
  if (key == NULL)
    return;
  gtk_button_set_label (GTK_BUTTON (key), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (key), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
refresh (Keyboard *self)
{
  gboolean capitals = self->shifted || self->kind == KEYBOARD_CAPITALS;

  for (guint i = 0; i < self->letters->len; i++) {
    GtkWidget *key = self->letters->pdata[i];
    const char *label = gtk_button_get_label (GTK_BUTTON (key));
    char letter[2] = {capitals ? g_ascii_toupper (label[0]) : g_ascii_tolower (label[0]), '\0'};
    gtk_button_set_label (GTK_BUTTON (key), letter);
    gtk_accessible_update_property (GTK_ACCESSIBLE (key), GTK_ACCESSIBLE_PROPERTY_LABEL, letter,
                                    -1);
  }
  if (self->shift != NULL) {
    gtk_widget_set_sensitive (self->shift, self->kind != KEYBOARD_CAPITALS);
    if (capitals)
      gtk_widget_add_css_class (self->shift, "is-selected");
    else
      gtk_widget_remove_css_class (self->shift, "is-selected");
  }
  if (self->language_key != NULL)
    gtk_widget_set_visible (self->language_key,
                            self->pinyin != NULL && self->kind != KEYBOARD_CAPITALS);
  relabel (self->comma, self->chinese ? "，" : ",", translate (self->language, N_ ("Comma")));
  relabel (self->stop, self->chinese ? "。" : ".", translate (self->language, N_ ("Full stop")));
  show_candidates (self);
}

void
keyboard_attach (Keyboard *self, GtkEditable *target, KeyboardKind kind)
{
  static const char *const layouts[] = {"letters", "letters", "letters", "digits", "identity"};

  keyboard_settle (self);
  g_set_weak_pointer (&self->target, target);
  self->kind = kind;
  self->chinese = kind == KEYBOARD_CHINESE && self->pinyin != NULL;
  self->shifted = FALSE;
  show_layout (self, layouts[kind]);
  refresh (self);
}

void
keyboard_forget (Keyboard *self)
{
  keyboard_attach (self, NULL, KEYBOARD_LATIN);
}

static void
keyboard_dispose (GObject *object)
{
  Keyboard *self = ONESTOP_KEYBOARD (object);
  GtkWidget *child;

  if (self->pinyin != NULL)
    pinyin_input_reset (self->pinyin);
  self->pinyin = NULL;
  g_clear_weak_pointer (&self->target);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->letters, g_ptr_array_unref);
  g_clear_pointer (&self->layouts, json_decref);
  g_clear_pointer (&self->language, g_free);
  G_OBJECT_CLASS (keyboard_parent_class)->dispose (object);
}

static void
keyboard_class_init (KeyboardClass *class)
{
  G_OBJECT_CLASS (class)->dispose = keyboard_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BOX_LAYOUT);
  signals[SIGNAL_DONE] =
      g_signal_new ("done", KEYBOARD_TYPE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
keyboard_init (Keyboard *self)
{
  self->letters = g_ptr_array_new ();
  gtk_orientable_set_orientation (
      GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
}

Keyboard *
keyboard_new (const char *language, PinyinInput *pinyin)
{
  Keyboard *self = g_object_new (KEYBOARD_TYPE, NULL);

  self->language = g_strdup (language);
  self->pinyin = pinyin;
  self->strip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  self->candidates = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (self->strip, "k-candidates");
  gtk_widget_set_hexpand (self->candidates, TRUE);
  self->earlier = arrow (self, "go-previous", translate (language, N_ ("Earlier words")),
                         G_CALLBACK (on_earlier_clicked));
  self->later = arrow (self, "go-next", translate (language, N_ ("More words")),
                       G_CALLBACK (on_later_clicked));
  gtk_box_append (GTK_BOX (self->strip), self->earlier);
  gtk_box_append (GTK_BOX (self->strip), self->candidates);
  gtk_box_append (GTK_BOX (self->strip), self->later);
  gtk_widget_set_parent (self->strip, GTK_WIDGET (self));

  load_layouts (self);
  self->keys = gtk_box_new (GTK_ORIENTATION_VERTICAL, GAP);
  gtk_widget_add_css_class (self->keys, "k-osk");
  gtk_widget_set_parent (self->keys, GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  translate (language, N_ ("Keyboard")), -1);
  keyboard_attach (self, NULL, KEYBOARD_LATIN);
  return self;
}
