/* page.c: the skeleton that every screen shares. A plain vertical box: body, actions, keyboard.
 *
 * Refused: visitor's data, and knowing any other page. */
#include "kiosk/page.h"

#include "base/clock.h"
#include "base/log.h"
#include "kiosk/button.h"
#include "kiosk/label.h"

#define MARGIN 64

typedef struct {
  Kiosk *kiosk;
  GtkWidget *root;     /* vertical box, the only child */
  GtkWidget *body;     /* box of the content */
  GtkWidget *scroller; /* GtkScrolledWindow, or NULL */
  GtkWidget *more;     /* "more below" */
  GtkWidget *actions;
  GtkWidget *keyboard;
} PagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (Page, page, GTK_TYPE_WIDGET)

static PagePrivate *
private_of (Page *page)
{
  return page_get_instance_private (page);
}

static void
page_dispose (GObject *object)
{
  PagePrivate *p = private_of (ONESTOP_PAGE (object));
  g_clear_pointer (&p->root, gtk_widget_unparent);
  G_OBJECT_CLASS (page_parent_class)->dispose (object);
}

static void
page_class_init (PageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_REGION);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (class), "page");
}

static void
page_init (Page *page)
{
  PagePrivate *p = private_of (page);
  p->root = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent (p->root, GTK_WIDGET (page));
  gtk_widget_add_css_class (GTK_WIDGET (page), "k-page");
}

static GtkWidget *
content_box (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_margin_start (box, MARGIN);
  gtk_widget_set_margin_end (box, MARGIN);
  return box;
}

static void
ensure_body (Page *page)
{
  PagePrivate *p = private_of (page);
  if (p->body != NULL)
    return;
  p->body = content_box ();
  gtk_widget_set_margin_top (p->body, 48);
  gtk_widget_set_vexpand (p->body, TRUE);
  gtk_box_prepend (GTK_BOX (p->root), p->body);
}

/* The mark at the lower edge that says that there is more; it scrolls one page on. */
static void
on_more (GtkButton *button, gpointer data)
{
  GtkAdjustment *place = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (data));
  gtk_adjustment_set_value (place, gtk_adjustment_get_value (place) +
                                       gtk_adjustment_get_page_size (place) * 0.85);
}

static void
on_place (GtkAdjustment *place, gpointer data)
{
  Page *page = data;
  double below = gtk_adjustment_get_upper (place) - gtk_adjustment_get_page_size (place) -
                 gtk_adjustment_get_value (place);
  gtk_widget_set_visible (private_of (page)->more, below > 24);
}

/* A scrolled window around `content` in an overlay with the "more" button. */
static GtkWidget *
scrolled (Page *page, GtkWidget *content)
{
  PagePrivate *p = private_of (page);
  p->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (p->scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_overlay_scrolling (GTK_SCROLLED_WINDOW (p->scroller), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (p->scroller), content);
  gtk_widget_set_vexpand (p->scroller, TRUE);
  label_name (p->scroller, page_say (page, "Content"));
  GtkWidget *bar = gtk_scrolled_window_get_vscrollbar (GTK_SCROLLED_WINDOW (p->scroller));
  label_name (bar, page_say (page, "Content"));
  label_name (gtk_widget_get_first_child (bar), page_say (page, "Content"));

  p->more = button_new ("k-more", page_say (page, "More below"), "pan-down", NULL,
                        G_CALLBACK (on_more), p->scroller);
  gtk_widget_set_halign (p->more, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (p->more, GTK_ALIGN_END);
  gtk_widget_set_margin_bottom (p->more, 8);
  gtk_widget_set_visible (p->more, FALSE);
  GtkAdjustment *place = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (p->scroller));
  g_signal_connect_object (place, "changed", G_CALLBACK (on_place), page, 0);
  g_signal_connect_object (place, "value-changed", G_CALLBACK (on_place), page, 0);

  GtkWidget *overlay = label_new_overlay ();
  gtk_overlay_set_child (GTK_OVERLAY (overlay), p->scroller);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), p->more);
  gtk_widget_set_vexpand (overlay, TRUE);
  return overlay;
}

GtkWidget *
page_body (Page *page)
{
  ensure_body (page);
  return private_of (page)->body;
}

void
page_set_scrolls (Page *page, gboolean scrolls)
{
  PagePrivate *p = private_of (page);
  g_return_if_fail (p->body == NULL);
  if (!scrolls)
    return;
  p->body = content_box ();
  gtk_widget_set_margin_top (p->body, 48);
  gtk_widget_set_margin_bottom (p->body, 32);
  gtk_box_prepend (GTK_BOX (p->root), scrolled (page, p->body));
}

GtkWidget *
page_add_scroller (Page *page)
{
  ensure_body (page);
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_margin_bottom (content, 16);
  gtk_box_append (GTK_BOX (private_of (page)->body), scrolled (page, content));
  return content;
}

double
page_scroll (Page *page)
{
  GtkWidget *scroller = private_of (page)->scroller;
  if (scroller == NULL)
    return 0;
  return gtk_adjustment_get_value (
      gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller)));
}

typedef struct {
  double value;
  int tries;
} Wanted;

/* The place can be set only when the content has its height: a few frames later. */
static gboolean
on_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Wanted *wanted = data;
  GtkAdjustment *place = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (widget));
  if (gtk_adjustment_get_upper (place) - gtk_adjustment_get_page_size (place) < wanted->value &&
      wanted->tries-- > 0)
    return G_SOURCE_CONTINUE;
  gtk_adjustment_set_value (place, wanted->value);
  return G_SOURCE_REMOVE;
}

void
page_set_scroll (Page *page, double value)
{
  GtkWidget *scroller = private_of (page)->scroller;
  if (scroller == NULL || value <= 0)
    return;
  Wanted *wanted = g_new (Wanted, 1);
  wanted->value = value;
  wanted->tries = 10;
  gtk_widget_add_tick_callback (scroller, on_frame, wanted, g_free);
}

#define REVEAL_MARGIN 24

typedef struct {
  GtkWidget *widget; /* referenced */
  int frames;
} Revealed;

static void
revealed_free (gpointer data)
{
  Revealed *revealed = data;
  g_object_unref (revealed->widget);
  g_free (revealed);
}

/* A keyboard that has just come takes its place in the next frame; the widget's own place is right
 * in the one after. */
static gboolean
on_reveal_frame (GtkWidget *scroller, GdkFrameClock *clock, gpointer data)
{
  Revealed *revealed = data;
  GtkAdjustment *place = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));
  GtkWidget *viewport = gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (scroller));
  graphene_rect_t box;
  double top, bottom, value = gtk_adjustment_get_value (place);

  if (revealed->frames-- > 0)
    return G_SOURCE_CONTINUE;
  if (!gtk_widget_compute_bounds (revealed->widget, viewport, &box))
    return G_SOURCE_REMOVE;
  top = value + box.origin.y - REVEAL_MARGIN;
  bottom = value + box.origin.y + box.size.height + REVEAL_MARGIN;
  if (bottom > value + gtk_adjustment_get_page_size (place))
    value = bottom - gtk_adjustment_get_page_size (place);
  if (top < value)
    value = MAX (top, 0);
  gtk_adjustment_set_value (place, value);
  return G_SOURCE_REMOVE;
}

void
page_reveal (Page *page, GtkWidget *widget)
{
  GtkWidget *scroller = private_of (page)->scroller;
  Revealed *revealed;

  if (scroller == NULL)
    return;
  revealed = g_new (Revealed, 1);
  *revealed = (Revealed){g_object_ref (widget), 2};
  gtk_widget_add_tick_callback (scroller, on_reveal_frame, revealed, revealed_free);
}

void
page_set_bare (Page *page, GtkWidget *whole)
{
  gtk_widget_set_vexpand (whole, TRUE);
  gtk_box_prepend (GTK_BOX (private_of (page)->root), whole);
}

static void
ensure_actions (Page *page)
{
  PagePrivate *p = private_of (page);
  ensure_body (page);
  if (p->actions != NULL)
    return;
  p->actions = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 24);
  gtk_widget_add_css_class (p->actions, "k-actions");
  gtk_box_append (GTK_BOX (p->root), p->actions);
}

static void
on_back (GtkButton *button, gpointer data)
{
  Page *page = data;
  PageClass *class = ONESTOP_PAGE_GET_CLASS (page);
  if (class->back == NULL || !class->back (page))
    page_event (page, SESSION_BACK);
}

GtkWidget *
page_add_back (Page *page)
{
  ensure_actions (page);
  GtkWidget *button = button_new ("k-btn k-secondary", page_say (page, "Back"), "go-previous", NULL,
                                  G_CALLBACK (on_back), page);
  gtk_box_append (GTK_BOX (private_of (page)->actions), button);
  return button;
}

GtkWidget *
page_add_action (Page *page, const char *label, const char *icon, GCallback clicked)
{
  ensure_actions (page);
  GtkWidget *button = button_new ("k-btn k-secondary", label, icon, NULL, clicked, page);
  gtk_box_append (GTK_BOX (private_of (page)->actions), button);
  return button;
}

void
page_add_middle (Page *page, GtkWidget *widget)
{
  ensure_actions (page);
  gtk_box_append (GTK_BOX (private_of (page)->actions), widget);
}

GtkWidget *
page_set_primary (Page *page, const char *label, const char *icon, GCallback clicked)
{
  ensure_actions (page);
  gboolean onward = g_strcmp0 (icon, "go-next") == 0;
  GtkWidget *button = button_new ("k-btn k-primary", label, onward ? NULL : icon,
                                  onward ? icon : NULL, clicked, page);
  gtk_widget_set_hexpand (button, TRUE);
  gtk_box_append (GTK_BOX (private_of (page)->actions), button);
  return button;
}

void
page_show_actions (Page *page, gboolean shown)
{
  GtkWidget *actions = private_of (page)->actions;
  if (actions != NULL)
    gtk_widget_set_visible (actions, shown);
}

void
page_set_keyboard (Page *page, GtkWidget *keyboard)
{
  PagePrivate *p = private_of (page);
  if (p->keyboard != NULL)
    gtk_box_remove (GTK_BOX (p->root), p->keyboard);
  p->keyboard = keyboard;
  if (keyboard != NULL)
    gtk_box_append (GTK_BOX (p->root), keyboard);
}

void
page_set_title (Page *page, const char *title, gboolean shown)
{
  g_autofree char *name = g_strdup (title);
  g_strdelimit (name, "\n", ' ');
  label_name (GTK_WIDGET (page), name);
  if (shown)
    gtk_box_append (GTK_BOX (page_body (page)), label_new ("k-h1", title));
}

Page *
page_new (GType type, Kiosk *kiosk)
{
  g_return_val_if_fail (g_type_is_a (type, PAGE_TYPE), NULL);
  Page *page = g_object_new (type, NULL);
  private_of (page)->kiosk = kiosk;
  ONESTOP_PAGE_GET_CLASS (page)->build (page);
  return page;
}

void
page_enter (Page *page)
{
  PageClass *class = ONESTOP_PAGE_GET_CLASS (page);
  if (class->enter != NULL)
    class->enter (page);
}

void
page_leave (Page *page)
{
  PageClass *class = ONESTOP_PAGE_GET_CLASS (page);
  if (class->leave != NULL)
    class->leave (page);
}

gboolean
page_code (Page *page, const char *text)
{
  PageClass *class = ONESTOP_PAGE_GET_CLASS (page);
  return class->code != NULL && class->code (page, text);
}

void
page_tick (Page *page)
{
  PageClass *class = ONESTOP_PAGE_GET_CLASS (page);
  if (class->tick != NULL)
    class->tick (page);
}

Kiosk *
page_kiosk (Page *page)
{
  return private_of (page)->kiosk;
}

Session *
page_session (Page *page)
{
  return private_of (page)->kiosk->session;
}

const char *
page_language (Page *page)
{
  return session_language (page_session (page));
}

PinyinInput *
page_pinyin (Page *page)
{
  Kiosk *kiosk = page_kiosk (page);
  g_autoptr (GError) error = NULL;

  if (kiosk->pinyin == NULL && (kiosk->pinyin = pinyin_input_new (&error)) == NULL)
    log_error ("page.no-pinyin", "%s", error->message);
  return kiosk->pinyin;
}

const char *
page_say (Page *page, const char *msgid)
{
  return translate (page_language (page), msgid);
}

void
page_event (Page *page, SessionEvent event)
{
  session_event (page_session (page), event, clock_monotonic ());
}
