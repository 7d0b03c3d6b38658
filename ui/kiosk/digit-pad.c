/* digit-pad.c: twelve keys and what they wrote. */
#include "kiosk/digit-pad.h"

#include <string.h>

#include "base/translate.h"
#include "domain/calendar.h"
#include "kiosk/button.h"
#include "kiosk/label.h"

#define NUMBER_DIGITS 9
#define DATE_DIGITS 8

struct _DigitPad {
  GtkWidget parent_instance;
  DigitPadKind kind;
  const char *language;
  GtkWidget *root, *shown;
  GString *digits;
  void (*changed) (const char *, gpointer);
  gpointer data;
};

G_DEFINE_FINAL_TYPE (DigitPad, digit_pad, GTK_TYPE_WIDGET)

static void
digit_pad_dispose (GObject *object)
{
  g_clear_pointer (&ONESTOP_DIGIT_PAD (object)->root, gtk_widget_unparent);
  G_OBJECT_CLASS (digit_pad_parent_class)->dispose (object);
}

static void
digit_pad_finalize (GObject *object)
{
  g_string_free (ONESTOP_DIGIT_PAD (object)->digits, TRUE);
  G_OBJECT_CLASS (digit_pad_parent_class)->finalize (object);
}

static void
digit_pad_class_init (DigitPadClass *class)
{
  G_OBJECT_CLASS (class)->dispose = digit_pad_dispose;
  G_OBJECT_CLASS (class)->finalize = digit_pad_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
digit_pad_init (DigitPad *pad)
{
  pad->digits = g_string_new (NULL);
}

/* What is typed, with the date's dashes and blanks to come. Owned. */
static char *
as_shown (DigitPad *pad)
{
  if (pad->kind == DIGIT_PAD_NUMBER)
    return g_strdup (pad->digits->len > 0 ? pad->digits->str : " ");
  char form[] = "____-__-__";
  for (gsize i = 0, at = 0; i < pad->digits->len; i++, at++) {
    if (form[at] == '-')
      at++;
    form[at] = pad->digits->str[i];
  }
  return g_strdup (form);
}

static void
show (DigitPad *pad)
{
  g_autofree char *text = as_shown (pad);
  gtk_label_set_text (GTK_LABEL (pad->shown), text);
}

static void
tell (DigitPad *pad)
{
  g_autofree char *text = as_shown (pad);
  int day;
  gboolean whole =
      pad->kind == DIGIT_PAD_NUMBER ? pad->digits->len > 0 : calendar_day_parse (text, &day);
  if (pad->changed != NULL)
    pad->changed (whole ? text : NULL, pad->data);
}

static void
on_digit (GtkButton *button, gpointer data)
{
  DigitPad *pad = data;
  const char *digit = g_object_get_data (G_OBJECT (button), "digit");
  gsize most = pad->kind == DIGIT_PAD_DATE ? DATE_DIGITS : NUMBER_DIGITS;
  if (pad->digits->len >= most)
    return;
  g_string_append (pad->digits, digit);
  show (pad);
  tell (pad);
}

static void
on_erase (GtkButton *button, gpointer data)
{
  DigitPad *pad = data;
  if (pad->digits->len > 0)
    g_string_truncate (pad->digits, pad->digits->len - 1);
  show (pad);
  tell (pad);
}

static void
on_clear (GtkButton *button, gpointer data)
{
  DigitPad *pad = data;
  g_string_truncate (pad->digits, 0);
  show (pad);
  tell (pad);
}

GtkWidget *
digit_pad_new (DigitPadKind kind, const char *text, const char *language)
{
  static const char *const keys[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9", NULL, "0", NULL};
  DigitPad *pad = g_object_new (DIGIT_PAD_TYPE, NULL);
  pad->kind = kind;
  for (const char *c = text; c != NULL && *c != '\0'; c++)
    if (g_ascii_isdigit (*c))
      g_string_append_c (pad->digits, *c);
  pad->root = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  pad->shown = label_new_line ("k-digits", NULL);
  gtk_box_append (GTK_BOX (pad->root), pad->shown);
  GtkWidget *grid = gtk_grid_new ();
  gtk_widget_add_css_class (grid, "k-osk");
  gtk_grid_set_row_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  for (int i = 0; i < 12; i++) {
    GtkWidget *key;
    if (i == 9)
      key = button_new ("k-fn", translate (language, "Clear"), NULL, NULL, G_CALLBACK (on_clear),
                        pad);
    else if (i == 11)
      key = button_new ("k-fn", translate (language, "Erase"), "edit-clear", NULL,
                        G_CALLBACK (on_erase), pad);
    else
      key = button_new (NULL, keys[i], NULL, NULL, G_CALLBACK (on_digit), pad);
    g_object_set_data (G_OBJECT (key), "digit", (gpointer)keys[i]);
    gtk_widget_set_hexpand (key, TRUE);
    gtk_grid_attach (GTK_GRID (grid), key, i % 3, i / 3, 1, 1);
  }
  gtk_box_append (GTK_BOX (pad->root), grid);
  gtk_widget_set_parent (pad->root, GTK_WIDGET (pad));
  label_name (GTK_WIDGET (pad),
              translate (language, kind == DIGIT_PAD_DATE ? N_ ("Date") : N_ ("Number")));
  show (pad);
  return GTK_WIDGET (pad);
}

void
digit_pad_listen (DigitPad *pad, void (*changed) (const char *, gpointer), gpointer data)
{
  pad->changed = changed;
  pad->data = data;
}
