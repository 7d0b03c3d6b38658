/* queue-pane.c: the left pane. Shows the queue as of when the city was last heard, and says so; a
 * call stands here at once and is sent with the next sync. */
#include "desk/queue-pane.h"

#include "base/clock.h"
#include "base/error.h"
#include "desk/desk-window.h"
#include "desk/desk-work.h"
#include "domain/queue.h"
#include "kiosk/button.h"
#include "kiosk/label.h"

struct _QueuePane {
  Desk *desk;
  GtkWidget *root, *number, *since, *next, *recall, *miss, *count, *list, *foot;
  GtkWidget *families; /* toggles: all, A, B, C */
  char family;         /* the one that is called from, or 0 */
  char *called;        /* number, or NULL */
  char *seen;          /* what the list was built from */
};

static void
queue_pane_free (gpointer data)
{
  QueuePane *pane = data;

  g_free (pane->called);
  g_free (pane->seen);
  g_free (pane);
}

/* ---- calling ---- */

static gpointer
call_next (App *app, const Clerk *clerk, const DeskAsk *ask, GError **error)
{
  char *number = NULL;

  return desk_flow_call_next (app, app->db, clerk, ask->family, clock_now (), &number, error)
             ? number
             : NULL;
}

static gpointer
call_one (App *app, const Clerk *clerk, const DeskAsk *ask, GError **error)
{
  return desk_flow_call (app, app->db, clerk, ask->text, clock_now (), error) ? g_strdup (ask->text)
                                                                              : NULL;
}

static gpointer
miss (App *app, const Clerk *clerk, const DeskAsk *ask, GError **error)
{
  char *number = NULL;

  return desk_flow_miss (app, app->db, clerk, clock_now (), &number, error) ? number : NULL;
}

static void
say_fault (Desk *desk, const GError *error)
{
  g_autofree char *text = NULL;

  if (onestop_error_is (error, ONESTOP_ERROR_NOT_FOUND))
    text = g_strdup (translate (desk->language, "Nobody waits, as far as this desk has heard."));
  else
    text = translate_printf (desk->language, "The call could not be stored: %s", error->message);
  desk_window_toast (desk->window, text);
}

static void
on_called (Desk *desk, gpointer result, const GError *error)
{
  g_autofree char *number = result;
  g_autofree char *text = NULL;

  if (number == NULL) {
    say_fault (desk, error);
    return;
  }
  text = translate_printf (desk->language, "%s is called to window %s", number,
                           desk->app->config->desk_window);
  desk_window_toast (desk->window, text);
  desk_window_refresh (desk->window);
}

static void
on_missed (Desk *desk, gpointer result, const GError *error)
{
  g_autofree char *number = result;
  g_autofree char *text = NULL;

  if (number == NULL) {
    say_fault (desk, error);
    return;
  }
  text = translate_printf (desk->language, "%s did not come", number);
  desk_window_toast (desk->window, text);
  desk_window_refresh (desk->window);
}

void
queue_pane_call_next (QueuePane *pane)
{
  DeskAsk ask = {.family = pane->family};
  desk_work_run (pane->desk, call_next, &ask, g_free, on_called);
}

static void
call_number (QueuePane *pane, const char *number)
{
  DeskAsk ask = {.text = (char *)number};
  desk_work_run (pane->desk, call_one, &ask, g_free, on_called);
}

void
queue_pane_recall (QueuePane *pane)
{
  if (pane->called != NULL)
    call_number (pane, pane->called);
}

void
queue_pane_miss (QueuePane *pane)
{
  if (pane->called != NULL)
    desk_work_run (pane->desk, miss, NULL, g_free, on_missed);
}

/* ---- what is shown ---- */

static const char *
family_name (const Desk *desk, char letter)
{
  const QueueFamily *family = queue_family (letter);

  if (family == NULL)
    return "";
  return g_str_equal (desk->language, "zh_CN") ? family->zh : family->en;
}

static char *
minutes (const Desk *desk, gint64 since, gint64 now)
{
  int n = (int)(MAX (now - since, 0) / 60000);

  return n == 0 ? g_strdup (translate (desk->language, "just now"))
                : translate_count (desk->language, "%d min", "%d min", n);
}

static GtkWidget *
row_new (QueuePane *pane, const PublicTicket *ticket, const char *state, const char *right)
{
  GtkWidget *row = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 16), "d-queue-row");
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *number = label_new_line ("d-number", ticket->number);
  GtkWidget *wait = label_new_line ("d-muted", right);

  gtk_widget_set_size_request (number, 72, -1);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (words),
                  label_new_line ("d-strong", family_name (pane->desk, ticket->number[0])));
  gtk_box_append (GTK_BOX (words), label_new_line ("d-small d-muted", state));
  gtk_box_append (GTK_BOX (row), number);
  gtk_box_append (GTK_BOX (row), words);
  gtk_box_append (GTK_BOX (row), wait);
  return row;
}

static void
on_call_missed (GtkButton *button, gpointer data)
{
  call_number (data, g_object_get_data (G_OBJECT (button), "number"));
}

static GtkWidget *
missed_row_new (QueuePane *pane, const PublicTicket *ticket)
{
  const char *language = pane->desk->language;
  g_autofree char *time = translate_time (ticket->at);
  g_autofree char *state = translate_printf (language, "Missed at %s", time);
  GtkWidget *row = row_new (pane, ticket, state, "");
  g_autofree char *name = translate_printf (language, "Call %s again", ticket->number);
  GtkWidget *again = button_new ("d-btn is-quiet is-tight", translate (language, "Call"), NULL,
                                 NULL, G_CALLBACK (on_call_missed), pane);

  label_name (again, name);
  gtk_widget_set_tooltip_text (again, name);
  gtk_widget_set_valign (again, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (again), "number", g_strdup (ticket->number), g_free);
  gtk_box_append (GTK_BOX (row), again);
  label_classes (row, "is-missed");
  return row;
}

static gboolean
is_shown (const QueuePane *pane, const PublicTicket *ticket)
{
  return pane->family == 0 || ticket->number[0] == pane->family;
}

static void
fill_list (QueuePane *pane, const DeskQueue *queue, gint64 now)
{
  const char *language = pane->desk->language;
  GtkWidget *child;
  guint n = 0;

  while ((child = gtk_widget_get_first_child (pane->list)) != NULL)
    gtk_box_remove (GTK_BOX (pane->list), child);
  for (guint i = 0; i < queue->waiting->len; i++) {
    const PublicTicket *ticket = queue->waiting->pdata[i];
    g_autofree char *wait = minutes (pane->desk, ticket->at, now);
    if (is_shown (pane, ticket)) {
      gtk_box_append (GTK_BOX (pane->list),
                      row_new (pane, ticket, translate (language, "Waiting"), wait));
      n++;
    }
  }
  if (n == 0)
    gtk_box_append (GTK_BOX (pane->list),
                    label_new_centred ("d-empty d-muted", translate (language, "Nobody waits")));
  for (guint i = 0; i < queue->missed->len; i++)
    if (is_shown (pane, queue->missed->pdata[i]))
      gtk_box_append (GTK_BOX (pane->list), missed_row_new (pane, queue->missed->pdata[i]));
  g_autofree char *count =
      translate_count (language, "%d waiting", "%d waiting", (int)queue->waiting->len);
  gtk_label_set_text (GTK_LABEL (pane->count), count);
}

static void
show_called (QueuePane *pane, const DeskQueue *queue, gint64 now)
{
  const char *language = pane->desk->language;
  gboolean called = queue->called != NULL;
  g_autofree char *since = called ? minutes (pane->desk, queue->called->at, now) : NULL;

  g_free (pane->called);
  pane->called = called ? g_strdup (queue->called->number) : NULL;
  gtk_label_set_text (GTK_LABEL (pane->number), called ? pane->called : "—");
  g_autofree char *name = called ? translate_printf (language, "Now serving %s", pane->called)
                                 : g_strdup (translate (language, "No number is called"));
  label_name (pane->number, name);
  g_autofree char *under =
      called ? g_strconcat (family_name (pane->desk, pane->called[0]), "\n", since, NULL)
             : g_strdup (translate (language, "No number is called"));
  gtk_label_set_text (GTK_LABEL (pane->since), under);
  gtk_widget_set_sensitive (pane->recall, called);
  gtk_widget_set_sensitive (pane->miss, called);
}

/* What stands in the list, minute by minute: it is built anew only when this changes. */
static char *
fingerprint (const QueuePane *pane, const DeskQueue *queue, gint64 now)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%c %" G_GINT64_FORMAT " %s", pane->family + 1, now / 60000,
                   queue->called != NULL ? queue->called->number : "");
  for (guint i = 0; i < queue->waiting->len; i++)
    g_string_append_printf (text, " %s", ((PublicTicket *)queue->waiting->pdata[i])->number);
  for (guint i = 0; i < queue->missed->len; i++)
    g_string_append_printf (text, " -%s", ((PublicTicket *)queue->missed->pdata[i])->number);
  return g_string_free (text, FALSE);
}

void
queue_pane_show (QueuePane *pane, const DeskQueue *queue)
{
  const char *language = pane->desk->language;
  gint64 now = clock_now ();
  g_autofree char *seen = fingerprint (pane, queue, now);
  g_autofree char *time = queue->as_of > 0 ? translate_time (queue->as_of) : NULL;
  g_autofree char *served =
      translate_count (language, "%d served today", "%d served today", (int)queue->served);
  g_autofree char *heard = time != NULL
                               ? translate_printf (language, "As heard at %s", time)
                               : g_strdup (translate (language, "The city has not been heard yet"));
  g_autofree char *foot = g_strconcat (served, " · ", heard, NULL);

  gtk_label_set_text (GTK_LABEL (pane->foot), foot);
  if (g_strcmp0 (seen, pane->seen) == 0)
    return;
  g_free (pane->seen);
  pane->seen = g_steal_pointer (&seen);
  show_called (pane, queue, now);
  fill_list (pane, queue, now);
}

/* ---- building ---- */

static void
on_next (GtkButton *button, gpointer data)
{
  queue_pane_call_next (data);
}

static void
on_recall (GtkButton *button, gpointer data)
{
  queue_pane_recall (data);
}

static void
on_miss (GtkButton *button, gpointer data)
{
  queue_pane_miss (data);
}

static void
on_family (GtkToggleButton *button, gpointer data)
{
  QueuePane *pane = data;

  if (!gtk_toggle_button_get_active (button))
    return;
  pane->family = (char)GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "family"));
  desk_window_refresh (pane->desk->window);
}

static GtkWidget *
toggle_new (QueuePane *pane, GtkWidget *first, char letter)
{
  const char *language = pane->desk->language;
  char text[2] = {letter, '\0'};
  const char *words = letter != 0 ? text : translate (language, "All");
  GtkWidget *toggle = gtk_toggle_button_new_with_label (words);

  label_classes (toggle, "d-chip");
  if (first != NULL)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (toggle), GTK_TOGGLE_BUTTON (first));
  const char *name =
      letter != 0 ? family_name (pane->desk, letter) : translate (language, "All windows");
  label_name (toggle, name);
  gtk_widget_set_tooltip_text (toggle, name);
  g_object_set_data (G_OBJECT (toggle), "family", GINT_TO_POINTER (letter));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), letter == pane->family);
  g_signal_connect (toggle, "toggled", G_CALLBACK (on_family), pane);
  gtk_box_append (GTK_BOX (pane->families), toggle);
  return toggle;
}

static GtkWidget *
head_new (QueuePane *pane)
{
  const char *language = pane->desk->language;
  GtkWidget *head = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), "d-serving");
  GtkWidget *line = gtk_overlay_new ();
  GtkWidget *keys = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  gtk_box_append (GTK_BOX (head), label_new ("d-serving-sub", translate (language, "Now serving")));
  pane->number = label_new_chip ("d-serving-number", "—");
  pane->since = label_new ("d-serving-sub", "");
  gtk_label_set_xalign (GTK_LABEL (pane->since), 1);
  gtk_label_set_justify (GTK_LABEL (pane->since), GTK_JUSTIFY_RIGHT);
  gtk_label_set_max_width_chars (GTK_LABEL (pane->since), 13);
  gtk_widget_set_halign (pane->since, GTK_ALIGN_END);
  gtk_widget_set_valign (pane->since, GTK_ALIGN_CENTER);
  gtk_overlay_set_child (GTK_OVERLAY (line), pane->number);
  gtk_overlay_add_overlay (GTK_OVERLAY (line), pane->since);
  gtk_box_append (GTK_BOX (head), line);
  pane->next = button_new ("d-btn is-light", translate (language, "Call next"), NULL, NULL,
                           G_CALLBACK (on_next), pane);
  pane->recall = button_new ("d-btn is-dark", translate (language, "Recall"), NULL, NULL,
                             G_CALLBACK (on_recall), pane);
  pane->miss = button_new ("d-btn is-dark", translate (language, "Missed call"), NULL, NULL,
                           G_CALLBACK (on_miss), pane);
  gtk_widget_set_hexpand (pane->next, TRUE);
  gtk_widget_set_tooltip_text (pane->next, "F2");
  gtk_widget_set_tooltip_text (pane->recall, "F3");
  gtk_widget_set_tooltip_text (pane->miss, "F4");
  gtk_box_append (GTK_BOX (keys), pane->next);
  gtk_box_append (GTK_BOX (keys), pane->recall);
  gtk_box_append (GTK_BOX (keys), pane->miss);
  gtk_box_append (GTK_BOX (head), keys);
  return head;
}

static GtkWidget *
bar_new (QueuePane *pane)
{
  GtkWidget *bar = label_classes (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), "d-pane-head");
  GtkWidget *title = label_new_line ("d-strong", translate (pane->desk->language, "Queue"));
  GtkWidget *first;

  gtk_box_append (GTK_BOX (bar), title);
  pane->families = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  first = toggle_new (pane, NULL, 0);
  for (const QueueFamily *family = queue_families (); family->letter != 0; family++)
    toggle_new (pane, first, family->letter);
  gtk_widget_set_hexpand (pane->families, TRUE);
  gtk_box_append (GTK_BOX (bar), pane->families);
  pane->count = label_new_chip ("d-muted", "");
  gtk_box_append (GTK_BOX (bar), pane->count);
  return bar;
}

QueuePane *
queue_pane_new (Desk *desk)
{
  QueuePane *pane = g_new0 (QueuePane, 1);
  GtkWidget *scroll = gtk_scrolled_window_new ();

  pane->desk = desk;
  pane->root = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), "d-pane is-left");
  gtk_widget_set_size_request (pane->root, 344, -1);
  gtk_widget_set_hexpand (pane->root, FALSE);
  gtk_box_append (GTK_BOX (pane->root), head_new (pane));
  gtk_box_append (GTK_BOX (pane->root), bar_new (pane));
  pane->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), pane->list);
  gtk_widget_set_vexpand (scroll, TRUE);
  gtk_box_append (GTK_BOX (pane->root), scroll);
  pane->foot = label_new_line ("d-foot d-small", "");
  gtk_box_append (GTK_BOX (pane->root), pane->foot);
  g_object_set_data_full (G_OBJECT (pane->root), "pane", pane, queue_pane_free);
  return pane;
}

GtkWidget *
queue_pane_root (QueuePane *pane)
{
  return pane->root;
}
