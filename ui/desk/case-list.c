/* case-list.c: the middle pane. Choosing a row opens its case, which is recorded; moving over rows
 * with the keyboard opens nothing. */
#include "desk/case-list.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "desk/desk-window.h"
#include "domain/calendar.h"
#include "domain/case.h"
#include "domain/deadline.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"

typedef enum {
  SHOW_ALL,
  SHOW_SUBMITTED,
  SHOW_RUNNING,
  SHOW_PAPERS,
  SHOW_OVERDUE,
  SHOW_CLOSED
} Show;
#define SHOW_N (SHOW_CLOSED + 1)
#define N_COLUMNS 5
#define MAX_BOXES 20

struct _CaseList {
  Desk *desk;
  Calendar *calendar; /* or NULL */
  GtkWidget *root, *rows, *empty, *note, *note_text, *foot;
  GtkWidget *filters[SHOW_N];
  GtkSizeGroup *columns[N_COLUMNS];
  GPtrArray *cases;
  Show show;
  char *find;
  char *seen;
};

static const char *const filter_words[SHOW_N] = {
    N_ ("All"),     N_ ("To be received"), N_ ("In progress"), N_ ("Papers asked for"),
    N_ ("Overdue"), N_ ("Closed"),
};

static void
case_list_free (gpointer data)
{
  CaseList *list = data;

  g_clear_pointer (&list->cases, g_ptr_array_unref);
  calendar_free (list->calendar);
  for (int i = 0; i < N_COLUMNS; i++)
    g_object_unref (list->columns[i]);
  g_free (list->find);
  g_free (list->seen);
  g_free (list);
}

/* ---- what a case is to the list ---- */

static gboolean
is_running (CaseState state)
{
  CaseClock clock = case_clock_promised (state);

  return clock != CASE_CLOCK_STOPPED && clock != CASE_CLOCK_TERMINAL;
}

/* Working days until the due day; FALSE without one. */
static gboolean
days_left (const CaseList *list, const DeskCase *item, int *ret_left)
{
  int due;

  if (list->calendar == NULL || item->due == NULL || !calendar_day_parse (item->due, &due))
    return FALSE;
  *ret_left = deadline_days_left (list->calendar, calendar_day_of (clock_now ()), due);
  return TRUE;
}

static Show
show_of (const CaseList *list, const DeskCase *item)
{
  CaseState state = CASE_STATE_SUBMITTED;
  int left;

  case_state_parse (item->state, &state);
  if (!is_running (state))
    return SHOW_CLOSED;
  if (days_left (list, item, &left) && left < 0)
    return SHOW_OVERDUE;
  if (state == CASE_STATE_SUBMITTED)
    return SHOW_SUBMITTED;
  if (state == CASE_STATE_PRE_SUPPLEMENT || state == CASE_STATE_FURTHER_PAPERS)
    return SHOW_PAPERS;
  return SHOW_RUNNING;
}

static const char *
service_of (const CaseList *list, const DeskCase *item)
{
  return g_str_equal (list->desk->language, "zh_CN") ? item->service_zh : item->service_en;
}

static const char *
name_of (const CaseList *list, const DeskCase *item)
{
  return g_hash_table_lookup (list->desk->names, item->number);
}

static gboolean
is_found (const CaseList *list, const DeskCase *item)
{
  const char *texts[] = {item->number, item->service_zh, item->service_en, name_of (list, item)};

  if (list->find == NULL || *list->find == '\0')
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *text = texts[i] != NULL ? g_utf8_casefold (texts[i], -1) : NULL;
    if (text != NULL && strstr (text, list->find) != NULL)
      return TRUE;
  }
  return FALSE;
}

/* ---- one row ---- */

static GtkWidget *
state_new (const CaseList *list, const DeskCase *item, char **ret_words)
{
  const char *language = list->desk->language;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  CaseState state = CASE_STATE_SUBMITTED;
  Show show = show_of (list, item);
  g_autofree char *day = translate_day (language, item->state_at);

  case_state_parse (item->state, &state);
  const char *words =
      g_str_equal (language, "zh_CN") ? case_state_zh (state) : case_state_en (state);
  const char *class = show == SHOW_OVERDUE                            ? "d-err"
                      : show == SHOW_SUBMITTED || show == SHOW_PAPERS ? "d-dot is-ring"
                                                                      : "d-dot";
  GtkWidget *mark = show == SHOW_OVERDUE ? glyph_new ("dialog-warning", 16)
                                         : gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  label_classes (mark, class);
  gtk_widget_set_valign (mark, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (line), mark);
  gtk_box_append (GTK_BOX (line),
                  label_new_line (show == SHOW_OVERDUE ? "d-strong d-err" : "d-strong", words));
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), label_new_line ("d-small d-muted", day));
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  *ret_words = g_strdup_printf ("%s %s", words, day);
  return box;
}

static GtkWidget *
boxes_new (int gone, int n, gboolean overdue)
{
  GtkWidget *boxes = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 3);

  for (int i = 0; i < MIN (n, MAX_BOXES); i++)
    gtk_box_append (GTK_BOX (boxes), label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0),
                                                    overdue    ? "d-day is-over"
                                                    : i < gone ? "d-day is-gone"
                                                               : "d-day"));
  return boxes;
}

static GtkWidget *
limit_new (const CaseList *list, const DeskCase *item, char **ret_words)
{
  const char *language = list->desk->language;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  int left, n = (int)item->limit_n;
  gboolean workdays = g_strcmp0 (item->limit_unit, "workday") == 0;

  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  if (!days_left (list, item, &left) || !workdays || n <= 0) {
    *ret_words = item->due != NULL ? translate_printf (language, "Due %s", item->due)
                                   : g_strdup (translate (language, "No due date yet"));
    gtk_box_append (GTK_BOX (box), label_new_line ("d-muted", *ret_words));
    return box;
  }
  if (left < 0)
    *ret_words = translate_count (language, "%d day overdue", "%d days overdue", -left);
  else
    *ret_words = g_strdup_printf ("%d / %d", n - CLAMP (left, 0, n), n);
  gtk_box_append (GTK_BOX (box), label_new_line (left < 0 ? "d-strong d-err" : NULL, *ret_words));
  gtk_box_append (GTK_BOX (box), boxes_new (n - CLAMP (left, 0, n), n, left < 0));
  return box;
}

static void
add_cell (const CaseList *list, GtkWidget *line, int column, GtkWidget *cell)
{
  gtk_size_group_add_widget (list->columns[column], cell);
  gtk_box_append (GTK_BOX (line), cell);
}

static GtkWidget *
row_new (const CaseList *list, const DeskCase *item)
{
  const char *language = list->desk->language;
  const char *name = name_of (list, item);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *line = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16), "d-case-row");
  GtkWidget *service = label_new_line (NULL, service_of (list, item));
  g_autofree char *state = NULL;
  g_autofree char *limit = NULL;

  gtk_widget_set_hexpand (service, TRUE);
  add_cell (list, line, 0, label_new_line ("d-strong", item->number));
  add_cell (list, line, 1,
            label_new_line (name != NULL ? NULL : "d-muted",
                            name != NULL ? name : translate (language, "Sealed")));
  add_cell (list, line, 2, service);
  add_cell (list, line, 3, state_new (list, item, &state));
  add_cell (list, line, 4, limit_new (list, item, &limit));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  g_autofree char *spoken =
      g_strdup_printf ("%s, %s, %s, %s", item->number, service_of (list, item), state, limit);
  label_name (row, spoken);
  g_object_set_data_full (G_OBJECT (row), "number", g_strdup (item->number), g_free);
  return row;
}

/* ---- the list ---- */

static const char *
row_number (GtkListBoxRow *row)
{
  return row != NULL ? g_object_get_data (G_OBJECT (row), "number") : NULL;
}

static void
count_filters (CaseList *list)
{
  int counts[SHOW_N] = {0};
  const DeskCase *worst = NULL;

  for (guint i = 0; list->cases != NULL && i < list->cases->len; i++) {
    Show show = show_of (list, list->cases->pdata[i]);
    counts[SHOW_ALL]++;
    counts[show]++;
    if (show == SHOW_OVERDUE)
      worst = list->cases->pdata[i];
  }
  for (int i = 0; i < SHOW_N; i++) {
    g_autofree char *text =
        g_strdup_printf ("%s %d", translate (list->desk->language, filter_words[i]), counts[i]);
    gtk_button_set_label (GTK_BUTTON (list->filters[i]), text);
    label_name (list->filters[i], text);
  }
  gtk_widget_set_visible (list->note, worst != NULL);
  if (worst != NULL) {
    g_autofree char *text = translate_printf (list->desk->language, "%s is overdue: %s",
                                              worst->number, service_of (list, worst));
    gtk_label_set_text (GTK_LABEL (list->note_text), text);
  }
}

static void
fill (CaseList *list)
{
  GtkListBoxRow *selected = gtk_list_box_get_selected_row (GTK_LIST_BOX (list->rows));
  g_autofree char *kept = g_strdup (row_number (selected));
  GtkWidget *child, *focused = NULL;
  GtkRoot *top = gtk_widget_get_root (list->rows);
  GtkWidget *focus = top != NULL ? gtk_root_get_focus (top) : NULL;
  gboolean inside = focus != NULL && gtk_widget_is_ancestor (focus, list->rows);
  guint n = 0;

  while ((child = gtk_widget_get_first_child (list->rows)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (list->rows), child);
  for (guint i = 0; list->cases != NULL && i < list->cases->len; i++) {
    const DeskCase *item = list->cases->pdata[i];
    if ((list->show != SHOW_ALL && show_of (list, item) != list->show) || !is_found (list, item))
      continue;
    GtkWidget *row = row_new (list, item);
    gtk_list_box_append (GTK_LIST_BOX (list->rows), row);
    if (g_strcmp0 (item->number, kept) == 0) {
      gtk_list_box_select_row (GTK_LIST_BOX (list->rows), GTK_LIST_BOX_ROW (row));
      focused = row;
    }
    n++;
  }
  gtk_widget_set_visible (list->empty, n == 0);
  if (inside && focused != NULL)
    gtk_widget_grab_focus (focused);
}

/* What the rows are built from: they are built anew only when it changes. */
static char *
fingerprint (const CaseList *list)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%d %d %s", list->show, calendar_day_of (clock_now ()),
                   list->find != NULL ? list->find : "");
  for (guint i = 0; list->cases != NULL && i < list->cases->len; i++) {
    const DeskCase *item = list->cases->pdata[i];
    const char *name = name_of (list, item);
    g_string_append_printf (text, " %s %s %s %s", item->number, item->state,
                            item->due != NULL ? item->due : "", name != NULL ? name : "");
  }
  return g_string_free (text, FALSE);
}

static void
update (CaseList *list)
{
  g_autofree char *seen = fingerprint (list);

  if (g_strcmp0 (seen, list->seen) == 0)
    return;
  g_free (list->seen);
  list->seen = g_steal_pointer (&seen);
  count_filters (list);
  fill (list);
}

void
case_list_show (CaseList *list, GPtrArray *cases)
{
  g_ptr_array_ref (cases);
  g_clear_pointer (&list->cases, g_ptr_array_unref);
  list->cases = cases;
  update (list);
}

void
case_list_find (CaseList *list, const char *text)
{
  g_free (list->find);
  list->find = g_utf8_casefold (text, -1);
  update (list);
}

void
case_list_focus (CaseList *list)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (GTK_LIST_BOX (list->rows));

  if (row == NULL)
    row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (list->rows), 0);
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

/* ---- building ---- */

static void
on_row_activated (GtkListBox *box, GtkListBoxRow *row, gpointer data)
{
  CaseList *list = data;

  desk_window_open_case (list->desk->window, row_number (row));
}

static void
on_filter (GtkToggleButton *button, gpointer data)
{
  CaseList *list = data;

  if (!gtk_toggle_button_get_active (button))
    return;
  list->show = (Show)GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "show"));
  update (list);
}

static GtkWidget *
filters_new (CaseList *list)
{
  GtkWidget *bar =
      label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4), "d-pane-head is-filters");

  for (int i = 0; i < SHOW_N; i++) {
    GtkWidget *toggle =
        gtk_toggle_button_new_with_label (translate (list->desk->language, filter_words[i]));
    label_classes (toggle, "d-chip");
    if (i > 0)
      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (toggle),
                                   GTK_TOGGLE_BUTTON (list->filters[0]));
    g_object_set_data (G_OBJECT (toggle), "show", GINT_TO_POINTER (i));
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), i == SHOW_ALL);
    g_signal_connect (toggle, "toggled", G_CALLBACK (on_filter), list);
    gtk_box_append (GTK_BOX (bar), toggle);
    list->filters[i] = toggle;
  }
  return bar;
}

static GtkWidget *
heads_new (CaseList *list)
{
  const char *language = list->desk->language;
  const char *heads[N_COLUMNS] = {translate (language, "Case number"),
                                  translate (language, "Applicant"),
                                  translate (language, "Service"), translate (language, "State"),
                                  translate (language, "Working days")};
  static const int widths[N_COLUMNS] = {144, 92, 120, 176, 160};
  GtkWidget *line = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16), "d-case-head");

  for (int i = 0; i < N_COLUMNS; i++) {
    GtkWidget *cell = label_new_line ("d-muted", heads[i]);
    if (i == 2)
      gtk_widget_set_hexpand (cell, TRUE);
    gtk_widget_set_size_request (cell, widths[i], -1);
    add_cell (list, line, i, cell);
  }
  return line;
}

static GtkWidget *
note_new (CaseList *list)
{
  list->note =
      label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16), "d-note is-error is-pinned");
  list->note_text = label_new ("d-strong", "");
  gtk_box_append (GTK_BOX (list->note), glyph_new ("task-past-due", 24));
  gtk_box_append (GTK_BOX (list->note), list->note_text);
  gtk_widget_set_visible (list->note, FALSE);
  return list->note;
}

static Calendar *
load_calendar (void)
{
  g_autofree char *path = file_asset ("guide/calendar.json");
  g_autoptr (json_t) document = strict_json_load (path, NULL);

  return document != NULL ? calendar_new (document, NULL) : NULL;
}

CaseList *
case_list_new (Desk *desk)
{
  CaseList *list = g_new0 (CaseList, 1);
  GtkWidget *scroll = gtk_scrolled_window_new (), *over = gtk_overlay_new ();

  list->desk = desk;
  list->calendar = load_calendar ();
  for (int i = 0; i < N_COLUMNS; i++)
    list->columns[i] = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  list->root = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "d-pane is-middle");
  gtk_widget_set_hexpand (list->root, TRUE);
  gtk_box_append (GTK_BOX (list->root), filters_new (list));
  gtk_box_append (GTK_BOX (list->root), heads_new (list));
  list->rows = label_classes (gtk_list_box_new (), "d-cases");
  label_name (list->rows, translate (desk->language, "Cases of the hall"));
  g_signal_connect (list->rows, "row-activated", G_CALLBACK (on_row_activated), list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), list->rows);
  gtk_overlay_set_child (GTK_OVERLAY (over), scroll);
  list->empty = label_new_centred ("d-empty d-muted", translate (desk->language, "No case here"));
  gtk_widget_set_valign (list->empty, GTK_ALIGN_START);
  gtk_overlay_add_overlay (GTK_OVERLAY (over), list->empty);
  gtk_widget_set_vexpand (over, TRUE);
  gtk_box_append (GTK_BOX (list->root), over);
  gtk_box_append (GTK_BOX (list->root), note_new (list));
  g_object_set_data_full (G_OBJECT (list->root), "list", list, case_list_free);
  return list;
}

GtkWidget *
case_list_root (CaseList *list)
{
  return list->root;
}
