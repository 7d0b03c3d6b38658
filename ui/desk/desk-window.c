/* desk-window.c: the frame around the panes, the keys, and the lock. Refuses to show anything of
 * the hall while nobody is signed in. */
#include "desk/desk-window.h"

#include "base/clock.h"
#include "base/error.h"
#include "desk/desk-work.h"
#include "domain/person.h"
#include "flow/print-flow.h"
#include "kiosk/button.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"
#include "kiosk/motif.h"

#define MAX_CASES 1000
#define REFRESH_S 2
#define TOAST_MS 4000

struct _DeskWindow {
  Desk *desk;
  GtkWidget *window, *overlay, *search, *who, *lock, *other, *printer, *toast;
  SignInPage *sign_in; /* NULL while signed in */
  QueuePane *queue;    /* NULL while locked, as the other panes */
  CaseList *cases;
  CasePane *pane;
  gint64 touched; /* monotonic ms of the last key or pointer */
  gboolean looking;
  guint refresh, idle, toast_end;
};

/* ---- looking at the store ---- */

typedef struct {
  DeskQueue *queue;
  GPtrArray *cases;
  PrinterHealth printer;
} Look;

static void
look_free (Look *look)
{
  desk_queue_free (look->queue);
  g_clear_pointer (&look->cases, g_ptr_array_unref);
  g_free (look);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Look, look_free)

static gpointer
look (App *app, const Clerk *clerk, const DeskAsk *ask, GError **error)
{
  gint64 now = clock_now ();
  g_autoptr (Look) seen = g_new0 (Look, 1);

  seen->queue = desk_flow_queue (app, app->db, now, error);
  if (seen->queue == NULL)
    return NULL;
  seen->cases = desk_flow_cases (app, app->db, MAX_CASES, error);
  if (seen->cases == NULL ||
      !print_flow_health (app->db, PRINT_FLOW_PAGE_PRINTER, now, &seen->printer, error))
    return NULL;
  return g_steal_pointer (&seen);
}

static void
show_printer (DeskWindow *window, const PrinterHealth *health)
{
  gboolean fine = health->known && printer_condition_can_print (health->condition);
  const char *words = !health->known ? desk_say (window->desk, "Printer not heard")
                      : fine
                          ? desk_say (window->desk, "Printer ready")
                          : desk_say (window->desk, printer_condition_sentence (health->condition));

  gtk_label_set_text (GTK_LABEL (window->printer), words);
  if (fine)
    gtk_widget_remove_css_class (window->printer, "d-err");
  else
    gtk_widget_add_css_class (window->printer, "d-err");
}

static void
on_looked (Desk *desk, gpointer result, const GError *error)
{
  DeskWindow *window = desk->window;
  g_autoptr (Look) seen = result;

  window->looking = FALSE;
  if (seen == NULL) {
    desk_window_toast (window, error->message);
    return;
  }
  queue_pane_show (window->queue, seen->queue);
  case_list_show (window->cases, seen->cases);
  show_printer (window, &seen->printer);
}

void
desk_window_refresh (DeskWindow *window)
{
  if (window->desk->clerk == NULL || window->looking)
    return;
  window->looking = TRUE;
  desk_work_run (window->desk, look, NULL, (GDestroyNotify)look_free, on_looked);
}

static gboolean
on_refresh (gpointer data)
{
  desk_window_refresh (data);
  return G_SOURCE_CONTINUE;
}

/* ---- a case ---- */

static gpointer
open_case (App *app, const Clerk *clerk, const DeskAsk *ask, GError **error)
{
  return desk_flow_open (app, app->db, clerk, ask->text, clock_now (), error);
}

static void
drop_reading (Desk *desk)
{
  desk_work_free_last (desk, g_steal_pointer (&desk->reading), (GDestroyNotify)desk_reading_free);
}

static void
on_opened (Desk *desk, gpointer result, const GError *error)
{
  DeskWindow *window = desk->window;

  if (result == NULL) {
    g_autofree char *text = NULL;
    if (onestop_error_is (error, ONESTOP_ERROR_RETRY))
      text = g_strdup (desk_say (window->desk,
                                 "The case is still on its way to this desk. It is shown here "
                                 "when it has come whole."));
    else
      text = translate_printf (desk->language, "The case could not be opened: %s", error->message);
    case_pane_say (window->pane, text, TRUE);
    return;
  }
  drop_reading (desk);
  desk->reading = result;
  person_autotext char *name = desk_reading_name (desk->reading);
  g_hash_table_replace (desk->names, g_strdup (desk->reading->item->number),
                        person_mask_name (name));
  case_pane_show (window->pane);
  desk_window_refresh (window);
}

void
desk_window_open_case (DeskWindow *window, const char *number)
{
  Desk *desk = window->desk;
  DeskAsk ask = {.text = (char *)number};

  if (number != NULL && desk->reading != NULL && g_str_equal (desk->reading->item->number, number))
    return;
  drop_reading (desk);
  case_pane_show (window->pane);
  if (number == NULL) {
    case_list_focus (window->cases);
    return;
  }
  case_pane_say (window->pane, desk_say (window->desk, "The case is being opened."), FALSE);
  desk_work_run (desk, open_case, &ask, (GDestroyNotify)desk_reading_free, on_opened);
}

/* ---- lock ---- */

static void show_sign_in (DeskWindow *window, gboolean locked);
static void show_work (DeskWindow *window);

void
desk_window_lock (DeskWindow *window, gboolean by_itself)
{
  Desk *desk = window->desk;

  if (desk->clerk == NULL)
    return;
  desk->sitting++;
  /* The widgets go first: they borrow from the reading. */
  show_sign_in (window, by_itself);
  drop_reading (desk);
  desk_work_free_last (desk, g_steal_pointer (&desk->clerk), (GDestroyNotify)clerk_free);
  g_hash_table_remove_all (desk->names);
  window->looking = FALSE;
  desk->printing = FALSE;
}

void
desk_window_unlock (DeskWindow *window, Clerk *clerk)
{
  window->desk->clerk = clerk;
  window->touched = clock_monotonic ();
  show_work (window);
  desk_window_refresh (window);
  gtk_widget_grab_focus (window->search);
}

static gboolean
on_idle (gpointer data)
{
  DeskWindow *window = data;
  gint64 silent = clock_monotonic () - window->touched;

  if (window->desk->clerk != NULL && !window->desk->printing &&
      silent >= (gint64)window->desk->lock_after * 1000)
    desk_window_lock (window, TRUE);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_any_event (GtkEventControllerLegacy *controller, GdkEvent *event, gpointer data)
{
  DeskWindow *window = data;

  switch (gdk_event_get_event_type (event)) {
  case GDK_KEY_PRESS:
  case GDK_BUTTON_PRESS:
  case GDK_MOTION_NOTIFY:
  case GDK_SCROLL:
  case GDK_TOUCH_BEGIN:
    window->touched = clock_monotonic ();
    break;
  default:
    break;
  }
  return GDK_EVENT_PROPAGATE;
}

/* ---- toast ---- */

static gboolean
on_toast_end (gpointer data)
{
  DeskWindow *window = data;

  window->toast_end = 0;
  gtk_widget_set_visible (window->toast, FALSE);
  return G_SOURCE_REMOVE;
}

void
desk_window_toast (DeskWindow *window, const char *text)
{
  g_clear_handle_id (&window->toast_end, g_source_remove);
  gtk_label_set_text (GTK_LABEL (window->toast), text);
  gtk_widget_set_visible (window->toast, TRUE);
  window->toast_end = g_timeout_add (TOAST_MS, on_toast_end, window);
}

/* ---- keys ---- */

typedef void (*KeyFunc) (DeskWindow *window);

static void
key_next (DeskWindow *window)
{
  queue_pane_call_next (window->queue);
}

static void
key_recall (DeskWindow *window)
{
  queue_pane_recall (window->queue);
}

static void
key_miss (DeskWindow *window)
{
  queue_pane_miss (window->queue);
}

static void
key_print (DeskWindow *window)
{
  case_pane_print (window->pane);
}

static void
key_find (DeskWindow *window)
{
  gtk_widget_grab_focus (window->search);
}

static void
key_lock (DeskWindow *window)
{
  desk_window_lock (window, FALSE);
}

static const struct {
  const char *keys;
  KeyFunc func;
} bindings[] = {
    {"F2", key_next},          {"F3", key_recall},       {"F4", key_miss},
    {"<Control>p", key_print}, {"<Control>f", key_find}, {"<Control>l", key_lock},
};

static gboolean
on_key (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  DeskWindow *window = g_object_get_data (G_OBJECT (widget), "desk-window");
  gsize i = GPOINTER_TO_SIZE (data);

  if (window->desk->clerk != NULL)
    bindings[i].func (window);
  return TRUE;
}

static void
add_keys (DeskWindow *window)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkEventController *any = gtk_event_controller_legacy_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (keys), GTK_SHORTCUT_SCOPE_GLOBAL);
  for (gsize i = 0; i < G_N_ELEMENTS (bindings); i++)
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (keys),
        gtk_shortcut_new (gtk_shortcut_trigger_parse_string (bindings[i].keys),
                          gtk_callback_action_new (on_key, GSIZE_TO_POINTER (i), NULL)));
  gtk_widget_add_controller (window->window, keys);
  gtk_event_controller_set_propagation_phase (any, GTK_PHASE_CAPTURE);
  g_signal_connect (any, "event", G_CALLBACK (on_any_event), window);
  gtk_widget_add_controller (window->window, any);
}

/* ---- building ---- */

static void
on_search (GtkSearchEntry *entry, gpointer data)
{
  DeskWindow *window = data;

  if (window->cases != NULL)
    case_list_find (window->cases, gtk_editable_get_text (GTK_EDITABLE (entry)));
}

static void
on_search_done (GtkSearchEntry *entry, gpointer data)
{
  DeskWindow *window = data;

  if (window->cases != NULL)
    case_list_focus (window->cases);
}

static void
on_search_stop (GtkSearchEntry *entry, gpointer data)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
}

static void
on_lock (GtkButton *button, gpointer data)
{
  desk_window_lock (data, FALSE);
}

static GtkWidget *bar_new (DeskWindow *window);

static const char *
other_language (const Desk *desk)
{
  char **all = desk->app->config->screen_languages;

  for (int i = 0; all[i] != NULL; i++)
    if (g_strcmp0 (all[i], desk->language) == 0)
      return all[i + 1] != NULL ? all[i + 1] : all[0];
  return all[0];
}

/* The panes hold no data: another language builds them anew. */
static gboolean
rebuild (gpointer data)
{
  DeskWindow *window = data;
  Desk *desk = window->desk;

  desk->language = other_language (desk);
  gtk_window_set_titlebar (GTK_WINDOW (window->window), bar_new (window));
  gtk_window_set_title (GTK_WINDOW (window->window), desk_say (window->desk, "Talent window desk"));
  if (desk->clerk == NULL) {
    show_sign_in (window, FALSE);
    return G_SOURCE_REMOVE;
  }
  show_work (window);
  window->looking = FALSE;
  desk_window_refresh (window);
  return G_SOURCE_REMOVE;
}

static void
on_language (GtkButton *button, gpointer data)
{
  if (!((DeskWindow *)data)->desk->printing)
    g_idle_add (rebuild, data);
}

static GtkWidget *
left_new (DeskWindow *window)
{
  const Desk *desk = window->desk;
  GtkWidget *left = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *where = translate_printf (desk->language, "%s · Window %s",
                                             app_peek_hall_name (desk->app, desk->language),
                                             desk->app->config->desk_window);
  GtkWidget *mark = motif_new (MOTIF_MARK, 32, 32);

  label_classes (mark, "d-mark");
  gtk_widget_set_valign (mark, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (left), mark);
  gtk_box_append (GTK_BOX (left),
                  label_new_line ("d-strong d-big", desk_say (window->desk, "Talent window desk")));
  gtk_box_append (GTK_BOX (left), label_new_line ("d-muted", where));
  return left;
}

static GtkWidget *
bar_new (DeskWindow *window)
{
  GtkWidget *bar = gtk_header_bar_new ();
  const Desk *desk = window->desk;
  const char *other = other_language (desk);

  label_classes (bar, "d-bar");
  gtk_header_bar_pack_start (GTK_HEADER_BAR (bar), left_new (window));
  window->search = gtk_search_entry_new ();
  label_classes (window->search, "d-search");
  gtk_widget_set_size_request (window->search, 340, -1);
  g_object_set (window->search, "placeholder-text", desk_say (window->desk, "Number, service"),
                NULL);
  label_name (window->search, desk_say (window->desk, "Find a case"));
  g_signal_connect (window->search, "search-changed", G_CALLBACK (on_search), window);
  g_signal_connect (window->search, "activate", G_CALLBACK (on_search_done), window);
  g_signal_connect (window->search, "stop-search", G_CALLBACK (on_search_stop), window);
  gtk_header_bar_set_title_widget (GTK_HEADER_BAR (bar), window->search);
  window->other = NULL;
  if (g_strcmp0 (other, desk->language) != 0) {
    window->other = button_new ("d-btn is-quiet", translate_language_name (other), NULL, NULL,
                                G_CALLBACK (on_language), window);
    gtk_header_bar_pack_end (GTK_HEADER_BAR (bar), window->other);
  }
  window->lock = button_new ("d-btn is-quiet", desk_say (window->desk, "Lock"), NULL, NULL,
                             G_CALLBACK (on_lock), window);
  gtk_widget_set_tooltip_text (window->lock, "Ctrl+L");
  gtk_header_bar_pack_end (GTK_HEADER_BAR (bar), window->lock);
  window->who = label_new_line ("d-strong d-who", "");
  gtk_header_bar_pack_end (GTK_HEADER_BAR (bar), window->who);
  window->printer = label_new_line ("d-printer", "");
  gtk_header_bar_pack_end (GTK_HEADER_BAR (bar), window->printer);
  return bar;
}

static GtkWidget *
work_new (DeskWindow *window)
{
  GtkWidget *work = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  window->queue = queue_pane_new (window->desk);
  window->cases = case_list_new (window->desk);
  window->pane = case_pane_new (window->desk);
  gtk_box_append (GTK_BOX (work), queue_pane_root (window->queue));
  gtk_box_append (GTK_BOX (work), case_list_root (window->cases));
  gtk_box_append (GTK_BOX (work), case_pane_root (window->pane));
  return work;
}

static void
set_open (DeskWindow *window, gboolean open)
{
  GtkWidget *all[] = {window->lock, window->search, window->printer, window->who};

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    gtk_widget_set_visible (all[i], open);
}

/* Whatever a clerk saw is not hidden but gone. */
static void
show_sign_in (DeskWindow *window, gboolean locked)
{
  gtk_editable_set_text (GTK_EDITABLE (window->search), "");
  window->queue = NULL;
  window->cases = NULL;
  window->pane = NULL;
  window->sign_in = sign_in_page_new (window->desk);
  gtk_overlay_set_child (GTK_OVERLAY (window->overlay), sign_in_page_root (window->sign_in));
  set_open (window, FALSE);
  sign_in_page_reset (window->sign_in, locked);
}

static void
show_work (DeskWindow *window)
{
  window->sign_in = NULL;
  gtk_overlay_set_child (GTK_OVERLAY (window->overlay), work_new (window));
  gtk_label_set_text (GTK_LABEL (window->who), window->desk->clerk->name);
  set_open (window, TRUE);
}

static void
build (DeskWindow *window)
{
  gtk_window_set_titlebar (GTK_WINDOW (window->window), bar_new (window));
  gtk_window_set_title (GTK_WINDOW (window->window), desk_say (window->desk, "Talent window desk"));
  window->overlay = gtk_overlay_new ();
  window->toast = label_new_centred ("d-toast", "");
  gtk_widget_set_halign (window->toast, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (window->toast, GTK_ALIGN_END);
  gtk_widget_set_visible (window->toast, FALSE);
  gtk_overlay_add_overlay (GTK_OVERLAY (window->overlay), window->toast);
  gtk_window_set_child (GTK_WINDOW (window->window), window->overlay);
  show_sign_in (window, FALSE);
}

DeskWindow *
desk_window_new (Desk *desk)
{
  DeskWindow *window = g_new0 (DeskWindow, 1);

  window->desk = desk;
  desk->window = window;
  window->window = gtk_window_new ();
  g_object_set_data (G_OBJECT (window->window), "desk-window", window);
  gtk_widget_add_css_class (window->window, "desk");
  gtk_window_set_default_size (GTK_WINDOW (window->window), 1824, 1000);
  gtk_window_maximize (GTK_WINDOW (window->window));
  build (window);
  add_keys (window);
  window->touched = clock_monotonic ();
  window->refresh = g_timeout_add_seconds (REFRESH_S, on_refresh, window);
  window->idle = g_timeout_add_seconds (1, on_idle, window);
  return window;
}

void
desk_window_free (DeskWindow *window)
{
  if (window == NULL)
    return;
  desk_window_lock (window, FALSE);
  g_clear_handle_id (&window->refresh, g_source_remove);
  g_clear_handle_id (&window->idle, g_source_remove);
  g_clear_handle_id (&window->toast_end, g_source_remove);
  gtk_window_destroy (GTK_WINDOW (window->window));
  g_free (window);
}

GtkWindow *
desk_window_peek (DeskWindow *window)
{
  return GTK_WINDOW (window->window);
}

SignInPage *
desk_window_sign_in (DeskWindow *window)
{
  return window->sign_in;
}

CasePane *
desk_window_case_pane (DeskWindow *window)
{
  return window->pane;
}
