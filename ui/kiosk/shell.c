/* shell.c: shows what the session says, and feeds it touches and time.
 *
 * Pages are built when they are entered and let go when the transition has ended; what a visitor
 * did lives in the session's flows alone. */
#include "kiosk/shell.h"

#include <string.h>

#include "base/clock.h"
#include "flow/code-flow.h"
#include "kiosk/bottom-bar.h"
#include "kiosk/button.h"
#include "kiosk/device-hints.h"
#include "kiosk/label.h"
#include "kiosk/motif.h"
#include "kiosk/page-table.h"
#include "kiosk/sheets.h"
#include "kiosk/stage.h"
#include "kiosk/top-bar.h"

#define DEAD_MS 300
#define TICK_MS 250
#define DEVICES_MS 5000
#define TOAST_MS 4000
#define UNDO_MS 5000

struct _Shell {
  GtkWindow parent_instance;
  Kiosk *kiosk;
  ShellMode mode;
  CodeFlow *code;
  GtkWidget *stage, *frame, *top, *eave, *stack, *bottom;
  GtkWidget *scrim, *revealer, *sheet;
  GtkWidget *toast, *toast_words, *toast_undo;
  void (*undone) (gpointer);
  gpointer undone_data;
  Page *page;
  double scrolls[SESSION_N_STATES]; /* where each page was left */
  guint dead, tick, toast_end, silence;
  gint64 second, devices;
  gboolean hall_open;
  guint32 key_raw;
  gint64 key_server, key_here; /* the last key: by the display server's clock, and by ours */
};

G_DEFINE_FINAL_TYPE (Shell, shell, GTK_TYPE_WINDOW)

static gboolean
on_dead_over (gpointer data)
{
  Shell *shell = data;
  shell->dead = 0;
  gtk_widget_set_can_target (shell->frame, TRUE);
  return G_SOURCE_REMOVE;
}

static void
begin_dead_time (Shell *shell)
{
  gtk_widget_set_can_target (shell->frame, FALSE);
  if (shell->dead != 0)
    g_source_remove (shell->dead);
  shell->dead = g_timeout_add (DEAD_MS, on_dead_over, shell);
}

/* Pages that slid out are let go when nothing moves any more. */
static void
on_transition (GObject *stack, GParamSpec *pspec, gpointer data)
{
  Shell *shell = data;
  if (gtk_stack_get_transition_running (GTK_STACK (stack)))
    return;
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (stack));
  while (child != NULL) {
    GtkWidget *next = gtk_widget_get_next_sibling (child);
    if (child != GTK_WIDGET (shell->page))
      gtk_stack_remove (GTK_STACK (stack), child);
    child = next;
  }
}

static void
set_bars (Shell *shell, const PageRow *row)
{
  gboolean bars = row == NULL || !row->bare;
  gboolean idle = session_state (shell->kiosk->session) == SESSION_IDLE;
  gtk_widget_set_visible (shell->top, bars);
  gtk_widget_set_visible (shell->eave, bars);
  gtk_widget_set_visible (shell->bottom, bars);
  /* On the idle page only its two buttons act. */
  gtk_widget_set_can_target (shell->top, !idle);
  gtk_widget_set_can_target (shell->bottom, !idle);
  gtk_widget_set_can_focus (shell->top, !idle);
  gtk_widget_set_can_focus (shell->bottom, !idle);
  /* Noto CJK's quotes are a whole em wide, which is right in Chinese alone. */
  if (g_str_equal (session_language (shell->kiosk->session), "zh_CN"))
    gtk_widget_remove_css_class (shell->frame, "is-latin");
  else
    gtk_widget_add_css_class (shell->frame, "is-latin");
  top_bar_update (ONESTOP_TOP_BAR (shell->top), clock_now ());
  bottom_bar_update (ONESTOP_BOTTOM_BAR (shell->bottom));
}

static void
show_page (Shell *shell, GtkStackTransitionType transition)
{
  Session *session = shell->kiosk->session;
  SessionState state = session_state (session);
  const PageRow *row = page_table_find (state);
  if (row == NULL) {
    /* A page that is not built yet: nobody may be led there. */
    g_critical ("no page for %s", session_state_name (state));
    session_event (session, SESSION_BACK, clock_monotonic ());
    return;
  }
  Page *old = shell->page;
  if (old != NULL)
    page_leave (old);
  shell->page = page_new (row->type (), shell->kiosk);
  gtk_stack_add_child (GTK_STACK (shell->stack), GTK_WIDGET (shell->page));
  gtk_stack_set_transition_type (GTK_STACK (shell->stack), transition);
  /* Before the change: the stack would hand the focus on to the first control of the new page, and
   * an entry there would open its keyboard. */
  gtk_window_set_focus (GTK_WINDOW (shell), NULL);
  gtk_stack_set_visible_child (GTK_STACK (shell->stack), GTK_WIDGET (shell->page));
  on_transition (G_OBJECT (shell->stack), NULL, shell);
  set_bars (shell, row);
  page_enter (shell->page);
}

static void
on_changed (Session *session, SessionState from, SessionState to, gboolean forward, gpointer data)
{
  Shell *shell = data;
  GtkStackTransitionType transition =
      forward ? GTK_STACK_TRANSITION_TYPE_SLIDE_LEFT : GTK_STACK_TRANSITION_TYPE_SLIDE_RIGHT;
  shell_hide_sheet (shell);
  gtk_widget_set_visible (shell->toast, FALSE);
  if (shell->page != NULL)
    shell->scrolls[from] = page_scroll (shell->page);
  /* Nothing personal may show through the idle page, and nothing may stay after the end. */
  if (to == SESSION_IDLE || from == SESSION_IDLE || to == SESSION_HOME || to == SESSION_ATTRACT ||
      to == SESSION_CLOSED || from == SESSION_ATTRACT)
    transition = GTK_STACK_TRANSITION_TYPE_NONE;
  begin_dead_time (shell);
  show_page (shell, transition);
  if (!forward && from != to)
    page_set_scroll (shell->page, shell->scrolls[to]);
}

void
shell_rebuild (Shell *shell)
{
  double place = page_scroll (shell->page);
  show_page (shell, GTK_STACK_TRANSITION_TYPE_NONE);
  page_set_scroll (shell->page, place);
}

static void
on_language (GtkButton *button, gpointer data)
{
  Shell *shell = data;
  Session *session = shell->kiosk->session;
  session_set_language (session, session_other_language (session), clock_monotonic ());
  begin_dead_time (shell);
  shell_hide_sheet (shell);
  shell_rebuild (shell);
}

static void
on_help (GtkButton *button, gpointer data)
{
  sheets_show_help (((Shell *)data)->kiosk);
}

static void
on_end (GtkButton *button, gpointer data)
{
  shell_ask_event (data, SESSION_END);
}

void
shell_ask_event (Shell *shell, SessionEvent event)
{
  Session *session = shell->kiosk->session;
  if (session_loses (session, event))
    sheets_ask_end (shell->kiosk, event);
  else
    session_event (session, event, clock_monotonic ());
}

/* When a key was pressed, in ms that never go back: the display server says so, because we may be
 * late (a page is being built) and a reader is known by its speed. */
static gint64
key_time (Shell *shell, GtkEventController *controller)
{
  guint32 server = gtk_event_controller_get_current_event_time (controller);
  gint64 now = clock_monotonic ();
  if (server == GDK_CURRENT_TIME || shell->key_here == 0)
    shell->key_server = MAX (shell->key_server, now);
  else
    shell->key_server += MIN (server - (guint32)shell->key_raw, 3600000u);
  shell->key_raw = server;
  shell->key_here = now;
  return shell->key_server;
}

/* The same clock between keys. */
static gint64
key_clock (Shell *shell)
{
  return shell->key_server + (clock_monotonic () - shell->key_here);
}

/* By the hall's hours; a clock that cannot be believed closes nothing. */
static void
look_at_hours (Shell *shell)
{
  App *app = shell->kiosk->app;
  gint64 now = clock_now ();
  gboolean open =
      hours_is_open (app->config->hours, now) || app_clock_unsure (app, app->db, now, NULL);

  if (open == shell->hall_open)
    return;
  shell->hall_open = open;
  session_set_hall_open (shell->kiosk->session, open, clock_monotonic ());
}

/* Runs when no key waits to be read: only then is silence silence. */
static gboolean
on_nothing_waits (gpointer data)
{
  Shell *shell = data;
  shell->silence = 0;
  code_flow_tick (shell->code, key_clock (shell));
  return G_SOURCE_REMOVE;
}

static void
ask_silence (Shell *shell)
{
  if (shell->silence == 0 && clock_monotonic () - shell->key_here >= TICK_MS)
    shell->silence = g_idle_add_full (G_PRIORITY_LOW, on_nothing_waits, shell, NULL);
}

static gboolean
on_tick (gpointer data)
{
  Shell *shell = data;
  gint64 now = clock_monotonic ();
  if (shell->code != NULL)
    ask_silence (shell);
  session_tick (shell->kiosk->session, now);
  if (now - shell->devices >= DEVICES_MS || shell->devices == 0) {
    shell->devices = now;
    device_hints_show (shell->kiosk, ONESTOP_BOTTOM_BAR (shell->bottom));
    look_at_hours (shell);
  }
  if (now - shell->second >= 1000) {
    shell->second = now;
    top_bar_update (ONESTOP_TOP_BAR (shell->top), clock_now ());
  }
  page_tick (shell->page);
  return G_SOURCE_CONTINUE;
}

/* Any touch, press or key keeps the session awake; it then goes on to whom it was meant for. */
static gboolean
on_any_event (GtkEventControllerLegacy *controller, GdkEvent *event, gpointer data)
{
  Shell *shell = data;
  switch ((int)gdk_event_get_event_type (event)) {
  case GDK_TOUCH_BEGIN:
  case GDK_TOUCH_UPDATE:
  case GDK_TOUCH_END:
  case GDK_BUTTON_PRESS:
  case GDK_BUTTON_RELEASE:
  case GDK_SCROLL:
  case GDK_KEY_PRESS:
    session_touch (shell->kiosk->session, clock_monotonic ());
    break;
  default:
    break;
  }
  return GDK_EVENT_PROPAGATE;
}

static void
on_code (const char *text, gpointer data)
{
  Shell *shell = data;
  session_touch (shell->kiosk->session, clock_monotonic ());
  page_code (shell->page, text);
}

/* Characters that a person typed and that were held back go where they belong. */
static void
on_replay (const char *text, gpointer data)
{
  GtkWidget *focus = gtk_window_get_focus (data);
  if (!GTK_IS_EDITABLE (focus))
    return;
  int place = gtk_editable_get_position (GTK_EDITABLE (focus));
  gtk_editable_insert_text (GTK_EDITABLE (focus), text, -1, &place);
  gtk_editable_set_position (GTK_EDITABLE (focus), place);
}

/* Frames of a code reader, and the keys that may go on: no shortcut of GTK or of a desktop. */
static gboolean
on_key (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
        gpointer data)
{
  Shell *shell = data;
  gunichar character = gdk_keyval_to_unicode (key);
  if (character < 0x20 || character == 0x7f)
    character = 0; /* Tab, Backspace: a person's */
  if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter)
    character = '\r';
  if (shell->code != NULL && !(state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) &&
      code_flow_key (shell->code, character, key_time (shell, GTK_EVENT_CONTROLLER (controller))))
    return GDK_EVENT_STOP;
  if (shell->mode == SHELL_WINDOWED)
    return GDK_EVENT_PROPAGATE;
  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK))
    return GDK_EVENT_STOP;
  if (key >= GDK_KEY_F1 && key <= GDK_KEY_F35)
    return GDK_EVENT_STOP;
  return key == GDK_KEY_Menu || key == GDK_KEY_Escape ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
}

static gboolean
on_close (GtkWindow *window, gpointer data)
{
  return ((Shell *)data)->mode == SHELL_FULLSCREEN; /* TRUE: it stays */
}

static gboolean
on_toast_over (gpointer data)
{
  Shell *shell = data;
  shell->toast_end = 0;
  gtk_widget_set_visible (shell->toast, FALSE);
  return G_SOURCE_REMOVE;
}

static void
on_undo (GtkButton *button, gpointer data)
{
  Shell *shell = data;
  gtk_widget_set_visible (shell->toast, FALSE);
  if (shell->undone != NULL)
    shell->undone (shell->undone_data);
  shell->undone = NULL;
}

void
shell_toast (Shell *shell, const char *text, const char *undo, void (*undone) (gpointer),
             gpointer data)
{
  gtk_label_set_text (GTK_LABEL (shell->toast_words), text);
  label_name (shell->toast, text);
  gtk_widget_set_visible (shell->toast_undo, undo != NULL);
  if (undo != NULL)
    button_set_label (shell->toast_undo, undo);
  shell->undone = undone;
  shell->undone_data = data;
  gtk_widget_set_visible (shell->toast, TRUE);
  if (shell->toast_end != 0)
    g_source_remove (shell->toast_end);
  shell->toast_end = g_timeout_add (undo != NULL ? UNDO_MS : TOAST_MS, on_toast_over, shell);
}

void
shell_show_sheet (Shell *shell, const char *name, GtkWidget *content)
{
  GtkWidget *old = gtk_widget_get_first_child (shell->sheet);
  if (old != NULL)
    gtk_box_remove (GTK_BOX (shell->sheet), old);
  gtk_box_append (GTK_BOX (shell->sheet), content);
  label_name (shell->sheet, name);
  gtk_widget_set_can_focus (shell->frame, FALSE);
  gtk_widget_set_visible (shell->scrim, TRUE);
  gtk_widget_set_visible (shell->revealer, TRUE);
  gtk_revealer_set_reveal_child (GTK_REVEALER (shell->revealer), TRUE);
}

void
shell_hide_sheet (Shell *shell)
{
  GtkWidget *old = gtk_widget_get_first_child (shell->sheet);
  gtk_revealer_set_reveal_child (GTK_REVEALER (shell->revealer), FALSE);
  gtk_widget_set_visible (shell->revealer, FALSE);
  gtk_widget_set_visible (shell->scrim, FALSE);
  gtk_widget_set_can_focus (shell->frame, TRUE);
  if (old != NULL)
    gtk_box_remove (GTK_BOX (shell->sheet), old);
}

static GtkWidget *
build_frame (Shell *shell)
{
  GtkWidget *middle = label_new_overlay ();
  shell->stack = gtk_stack_new ();
  gtk_stack_set_transition_duration (GTK_STACK (shell->stack), 240);
  gtk_widget_set_vexpand (shell->stack, TRUE);
  g_signal_connect (shell->stack, "notify::transition-running", G_CALLBACK (on_transition), shell);
  gtk_overlay_set_child (GTK_OVERLAY (middle), shell->stack);
  shell->eave = motif_new (MOTIF_EAVE, 0, 16);
  gtk_widget_set_valign (shell->eave, GTK_ALIGN_START);
  gtk_overlay_add_overlay (GTK_OVERLAY (middle), shell->eave);

  shell->top = top_bar_new (shell->kiosk, G_CALLBACK (on_language), shell);
  shell->bottom = bottom_bar_new (shell->kiosk, G_CALLBACK (on_help), G_CALLBACK (on_end), shell);
  shell->frame = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (shell->frame, "k-frame");
  gtk_box_append (GTK_BOX (shell->frame), shell->top);
  gtk_box_append (GTK_BOX (shell->frame), middle);
  gtk_box_append (GTK_BOX (shell->frame), shell->bottom);
  return shell->frame;
}

static void
build_toast (Shell *shell, GtkOverlay *over)
{
  shell->toast = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 32);
  gtk_widget_add_css_class (shell->toast, "k-toast");
  gtk_widget_set_halign (shell->toast, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (shell->toast, GTK_ALIGN_END);
  gtk_widget_set_margin_bottom (shell->toast, 160);
  gtk_widget_set_visible (shell->toast, FALSE);
  shell->toast_words = label_new (NULL, NULL);
  gtk_label_set_max_width_chars (GTK_LABEL (shell->toast_words), 40);
  shell->toast_undo = button_new ("k-undo", "", NULL, NULL, G_CALLBACK (on_undo), shell);
  gtk_box_append (GTK_BOX (shell->toast), shell->toast_words);
  gtk_box_append (GTK_BOX (shell->toast), shell->toast_undo);
  gtk_overlay_add_overlay (over, shell->toast);
}

static GtkWidget *
build (Shell *shell)
{
  GtkWidget *over = label_new_overlay ();
  gtk_overlay_set_child (GTK_OVERLAY (over), build_frame (shell));
  shell->scrim = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (shell->scrim, "k-scrim");
  gtk_widget_set_visible (shell->scrim, FALSE);
  gtk_overlay_add_overlay (GTK_OVERLAY (over), shell->scrim);

  shell->sheet = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL,
                               "accessible-role", GTK_ACCESSIBLE_ROLE_DIALOG, NULL);
  gtk_widget_add_css_class (shell->sheet, "k-sheet");
  shell->revealer = gtk_revealer_new ();
  gtk_revealer_set_transition_type (GTK_REVEALER (shell->revealer),
                                    GTK_REVEALER_TRANSITION_TYPE_SLIDE_UP);
  gtk_revealer_set_transition_duration (GTK_REVEALER (shell->revealer), 280);
  gtk_revealer_set_child (GTK_REVEALER (shell->revealer), shell->sheet);
  gtk_widget_set_valign (shell->revealer, GTK_ALIGN_END);
  gtk_widget_set_visible (shell->revealer, FALSE);
  gtk_overlay_add_overlay (GTK_OVERLAY (over), shell->revealer);
  build_toast (shell, GTK_OVERLAY (over));
  return over;
}

static void
listen (Shell *shell)
{
  GtkEventController *any = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_propagation_phase (any, GTK_PHASE_CAPTURE);
  g_signal_connect (any, "event", G_CALLBACK (on_any_event), shell);
  gtk_widget_add_controller (GTK_WIDGET (shell), any);

  GtkEventController *key = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (key, GTK_PHASE_CAPTURE);
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key), shell);
  gtk_widget_add_controller (GTK_WIDGET (shell), key);

  g_signal_connect (shell, "close-request", G_CALLBACK (on_close), shell);
  shell->tick = g_timeout_add (TICK_MS, on_tick, shell);
}

static void
clear_clipboards (gpointer data)
{
  GdkDisplay *display = gtk_widget_get_display (data);
  gdk_clipboard_set_text (gdk_display_get_clipboard (display), "");
  gdk_clipboard_set_text (gdk_display_get_primary_clipboard (display), "");
  memset (((Shell *)data)->scrolls, 0, sizeof (((Shell *)data)->scrolls));
}

Shell *
shell_new (Kiosk *kiosk, ShellMode mode)
{
  Shell *shell = g_object_new (SHELL_TYPE, NULL);
  g_autoptr (GError) error = NULL;
  shell->kiosk = kiosk;
  shell->mode = mode;
  shell->hall_open = TRUE;
  kiosk->shell = shell;
  shell->code =
      code_flow_new (kiosk->app->config->code_reader_device, on_code, on_replay, shell, &error);
  if (shell->code == NULL)
    g_warning ("code reader: %s", error->message);
  gtk_widget_add_css_class (GTK_WIDGET (shell), "kiosk");
  if (kiosk->app->config->mode == CONFIG_MODE_TRAINING)
    gtk_widget_add_css_class (GTK_WIDGET (shell), "training");
  shell->stage = stage_new (build (shell));
  gtk_window_set_child (GTK_WINDOW (shell), shell->stage);
  gtk_window_set_title (GTK_WINDOW (shell), "OneStop");
  if (mode == SHELL_FULLSCREEN) {
    gtk_window_set_default_size (GTK_WINDOW (shell), STAGE_WIDTH, STAGE_HEIGHT);
    gtk_window_set_decorated (GTK_WINDOW (shell), FALSE);
    gtk_window_fullscreen (GTK_WINDOW (shell));
    gtk_widget_set_cursor_from_name (GTK_WIDGET (shell), "none");
  } else {
    gtk_window_set_default_size (GTK_WINDOW (shell), STAGE_WIDTH / 2, STAGE_HEIGHT / 2);
  }
  session_set_changed (kiosk->session, on_changed, shell);
  session_add_wipe (kiosk->session, clear_clipboards, shell);
  listen (shell);
  show_page (shell, GTK_STACK_TRANSITION_TYPE_NONE);
  return shell;
}

Page *
shell_page (Shell *shell)
{
  return shell->page;
}

gboolean
shell_picture (Shell *shell, const char *path, GError **error)
{
  g_autoptr (GdkPaintable) paintable =
      gtk_widget_paintable_new (gtk_widget_get_first_child (shell->stage));
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, snapshot, STAGE_WIDTH, STAGE_HEIGHT);
  GskRenderNode *node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "nothing is painted yet");
    return FALSE;
  }
  graphene_rect_t box = GRAPHENE_RECT_INIT (0, 0, STAGE_WIDTH, STAGE_HEIGHT);
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (shell));
  g_autoptr (GdkTexture) texture = gsk_renderer_render_texture (renderer, node, &box);
  gsk_render_node_unref (node);
  if (gdk_texture_save_to_png (texture, path))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot write %s", path);
  return FALSE;
}

static void
shell_dispose (GObject *object)
{
  Shell *shell = ONESTOP_SHELL (object);
  guint *sources[] = {&shell->dead, &shell->tick, &shell->toast_end, &shell->silence};
  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    g_clear_handle_id (sources[i], g_source_remove);
  g_clear_pointer (&shell->code, code_flow_free);
  if (shell->kiosk != NULL) {
    session_set_changed (shell->kiosk->session, NULL, NULL);
    session_remove_wipe (shell->kiosk->session, shell);
  }
  G_OBJECT_CLASS (shell_parent_class)->dispose (object);
}

static void
shell_class_init (ShellClass *class)
{
  G_OBJECT_CLASS (class)->dispose = shell_dispose;
}

static void
shell_init (Shell *shell)
{
}
