/* page.h: what one screen is: a body that may scroll, and a row of actions.
 *
 * Abstract. A subclass names itself in the page table and fills build; it holds no data of the
 * visitor: whatever it shows it reads from the session's flows, and whatever is typed it writes
 * there at once, because switching language builds it anew. The shell calls build once, enter when
 * the page is shown, leave before it goes.
 *
 *   y 144..1632 body (margin 64) · 1632..1792 actions: back at the left, primary fills the rest. */
#pragma once

#include <gtk/gtk.h>

#include "base/translate.h"
#include "kiosk/kiosk.h"

#define PAGE_TYPE (page_get_type ())
G_DECLARE_DERIVABLE_TYPE (Page, page, ONESTOP, PAGE, GtkWidget)

struct _PageClass {
  GtkWidgetClass parent_class;
  /* Fills body and actions in the session's language. */
  void (*build) (Page *page);
  /* The page is on screen (after the transition began): start readers, ask the store. */
  void (*enter) (Page *page);
  /* The page goes: stop what enter started. No callback may reach the page afterwards. */
  void (*leave) (Page *page);
  /* A code reader's text while this page is shown; NULL when something was read that is no code of
   * ours. TRUE: taken. */
  gboolean (*code) (Page *page, const char *text);
  /* Once a second: ages, countdowns. May be NULL. */
  void (*tick) (Page *page);
  /* The back button. NULL: one page back. TRUE: dealt with. */
  gboolean (*back) (Page *page);
};

/* Makes a page of `type` (a subclass) and builds it. Floating, as every new widget. */
Page *page_new (GType type, Kiosk *kiosk);

/* The shell calls these. */
void page_enter (Page *page);
void page_leave (Page *page);
gboolean page_code (Page *page, const char *text);
void page_tick (Page *page);

Kiosk *page_kiosk (Page *page);
Session *page_session (Page *page);
const char *page_language (Page *page);

/* Chinese input: its tables are opened when somebody first needs them, and stay for the next
 * visitor. NULL (said in the log) where they are not installed. */
PinyinInput *page_pinyin (Page *page);

/* `msgid` in the session's language. Static text. */
const char *page_say (Page *page, const char *msgid) G_GNUC_FORMAT (2);

/* Feeds the session now. */
void page_event (Page *page, SessionEvent event);

/* The accessible name of the page, and its h1 unless `shown` is FALSE. Call once, in build. */
void page_set_title (Page *page, const char *title, gboolean shown);

/* Where the content goes: a vertical box with the page's margins. With `scrolls` the box stands in
 * a scrolled window whose place is kept over a rebuild; a "more below" mark appears when there is
 * more. Call at most once; page_body alone gives a box that does not scroll. */
GtkWidget *page_body (Page *page);
void page_set_scrolls (Page *page, gboolean scrolls);

/* The list part alone scrolls: a vertical box in a scrolled window that fills the rest of the body.
 */
GtkWidget *page_add_scroller (Page *page);

/* Scroll place, for the shell. */
double page_scroll (Page *page);
void page_set_scroll (Page *page, double value);

/* Scrolls, once the layout stands, so that `widget` (inside the scroller) is whole on the screen. */
void page_reveal (Page *page, GtkWidget *widget);

/* Whole page without body margins and actions (attract, idle). */
void page_set_bare (Page *page, GtkWidget *whole);

/* Actions, from left to right in the order of calling. Icons are names of button.h, or NULL. The
 * primary takes the room that is left. Each returns the button, owned by the page. */
GtkWidget *page_add_back (Page *page);
GtkWidget *page_add_action (Page *page, const char *label, const char *icon, GCallback clicked);
/* Anything else between back and primary (a count of what is wrong). Takes a floating reference. */
void page_add_middle (Page *page, GtkWidget *widget);
GtkWidget *page_set_primary (Page *page, const char *label, const char *icon, GCallback clicked);

/* Replaces the actions row (the keyboard makes it 80 px high above itself): hides or shows it. */
void page_show_actions (Page *page, gboolean shown);

/* A widget under the actions, full width, above the bottom bar (the on-screen keyboard). Takes a
 * floating reference; NULL removes it. */
void page_set_keyboard (Page *page, GtkWidget *keyboard);
