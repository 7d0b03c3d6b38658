/* place-page.c: the number, who is before it, and as of when this machine knows. */
#include "kiosk/place-page.h"

#include "domain/queue.h"
#include "flow/track-flow.h"
#include "kiosk/glyph.h"
#include "kiosk/label.h"
#include "kiosk/motif.h"

struct _PlacePage {
  Page parent_instance;
};

G_DEFINE_FINAL_TYPE (PlacePage, place_page, PAGE_TYPE)

/* What the visitor should do now. Owned. */
static char *
advice (Page *page, const TrackTicket *track)
{
  const char *language = page_language (page);
  if (g_str_equal (track->state, "called"))
    return track->window != NULL
               ? translate_printf (language, "Go to window %s now", track->window)
               : g_strdup (page_say (page, "It is your turn. Look at the hall screen"));
  if (g_str_equal (track->state, "missed"))
    return g_strdup (
        page_say (page, "Your number was called. Tell the window, it takes you in between"));
  if (g_str_equal (track->state, "served") || g_str_equal (track->state, "redeemed"))
    return g_strdup (page_say (page, "This number has been served"));
  if (track->ahead == 0)
    return g_strdup (page_say (page, "You are next"));
  if (track->ahead > 0)
    return translate_count (language, "%d person before you", "%d people before you",
                            (int)track->ahead);
  return g_strdup (page_say (page, "Waiting"));
}

static void
on_done (GtkButton *button, gpointer data)
{
  page_event (data, SESSION_DONE);
}

static void
on_guide (GtkButton *button, gpointer data)
{
  page_event (data, SESSION_GO_GUIDE);
}

static void
place_page_build (Page *page)
{
  const TrackTicket *track = session_flow (page_session (page), SESSION_SLOT_PLACE);
  GtkWidget *body = page_body (page);
  page_set_title (page, page_say (page, "Your place in the queue"), FALSE);
  GtkWidget *title = label_new_centred ("k-h1", page_say (page, "Your place in the queue"));
  gtk_widget_set_margin_top (title, 24);
  gtk_box_append (GTK_BOX (body), title);
  page_add_back (page);
  page_add_action (page, page_say (page, "Service guide"), NULL, G_CALLBACK (on_guide));
  page_set_primary (page, page_say (page, "Done"), "check", G_CALLBACK (on_done));
  if (track == NULL)
    return;
  gboolean zh = g_str_equal (page_language (page), "zh_CN");
  const QueueFamily *family = track->family != NULL ? queue_family (track->family[0]) : NULL;
  GtkWidget *card = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 8), "k-card");
  gtk_widget_set_margin_top (card, 64);
  if (family != NULL)
    gtk_box_append (GTK_BOX (card), label_new_centred ("k-lead", zh ? family->zh : family->en));
  gtk_box_append (GTK_BOX (card), label_new_centred ("k-number is-giant k-acc", track->number));
  g_autofree char *words = advice (page, track);
  gtk_box_append (GTK_BOX (card), label_new_centred ("k-h2", words));
  gtk_box_append (GTK_BOX (body), card);
  g_autofree char *day = translate_day (page_language (page), track->as_of);
  g_autofree char *time = translate_time (track->as_of);
  g_autofree char *age =
      track->as_of > 0
          ? translate_printf (page_language (page), "As this machine heard it on %s at %s.", day,
                              time)
          : g_strdup (page_say (page, "This machine has not heard from the city yet."));
  GtkWidget *foot = label_new_centred ("k-caption", age);
  gtk_widget_set_margin_top (foot, 24);
  gtk_box_append (GTK_BOX (body), foot);
}

static void
place_page_class_init (PlacePageClass *class)
{
  ONESTOP_PAGE_CLASS (class)->build = place_page_build;
}

static void
place_page_init (PlacePage *page)
{
}
