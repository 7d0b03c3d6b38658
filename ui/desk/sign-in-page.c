/* sign-in-page.c: name and passphrase. Keeps neither: the passphrase leaves its field before the
 * worker has answered. */
#include "desk/sign-in-page.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "desk/desk-window.h"
#include "desk/desk-work.h"
#include "domain/person.h"
#include "kiosk/button.h"
#include "kiosk/label.h"
#include "kiosk/motif.h"

struct _SignInPage {
  Desk *desk;
  GtkWidget *root, *name, *passphrase, *enter, *message, *note;
};

static void
set_message (SignInPage *page, const char *text)
{
  gtk_label_set_text (GTK_LABEL (page->message), text != NULL ? text : "");
  gtk_widget_set_visible (page->message, text != NULL);
}

static gpointer
sign_in (App *app, const Clerk *clerk, const DeskAsk *ask, GError **error)
{
  return clerk_flow_sign_in (app, ask->text, ask->secret, clock_now (), error);
}

/* The seconds that a lock-out lasts stand in the error's words. */
static char *
lockout_words (const Desk *desk, const GError *error)
{
  const char *digits = strpbrk (error->message, "0123456789");
  int seconds = digits != NULL ? (int)g_ascii_strtoll (digits, NULL, 10) : 60;

  return translate_count (desk->language,
                          "Too many wrong passphrases. Wait %d second, then try again.",
                          "Too many wrong passphrases. Wait %d seconds, then try again.", seconds);
}

static void
on_signed_in (Desk *desk, gpointer result, const GError *error)
{
  SignInPage *page = desk_window_sign_in (desk->window);
  g_autofree char *text = NULL;

  gtk_widget_set_sensitive (page->enter, TRUE);
  if (result != NULL) {
    set_message (page, NULL);
    gtk_editable_set_text (GTK_EDITABLE (page->name), "");
    desk_window_unlock (desk->window, result);
    return;
  }
  if (onestop_error_is (error, ONESTOP_ERROR_RETRY))
    text = lockout_words (desk, error);
  else if (onestop_error_is (error, ONESTOP_ERROR_DENIED) && desk->app->enrolment != NULL)
    text = g_strdup (
        translate (desk->language, "The name or the passphrase is not right. Type both again."));
  else
    text = translate_printf (desk->language, "You cannot sign in now: %s", error->message);
  set_message (page, text);
  gtk_widget_grab_focus (page->passphrase);
}

static void
on_enter (GtkWidget *widget, gpointer data)
{
  SignInPage *page = data;
  const char *name = gtk_editable_get_text (GTK_EDITABLE (page->name));
  const char *secret = gtk_editable_get_text (GTK_EDITABLE (page->passphrase));
  DeskAsk ask = {.text = (char *)name, .secret = (char *)secret};

  if (*name == '\0') {
    set_message (page, translate (page->desk->language, "Type your name first."));
    gtk_widget_grab_focus (page->name);
    return;
  }
  if (*secret == '\0') {
    set_message (page, translate (page->desk->language, "Type your passphrase."));
    gtk_widget_grab_focus (page->passphrase);
    return;
  }
  gtk_widget_set_sensitive (page->enter, FALSE);
  set_message (page, NULL);
  desk_work_run (page->desk, sign_in, &ask, (GDestroyNotify)clerk_free, on_signed_in);
  gtk_editable_set_text (GTK_EDITABLE (page->passphrase), "");
}

static GtkWidget *
field_new (GtkWidget *box, const char *name, gboolean secret)
{
  GtkEntryBuffer *buffer =
      secret ? gtk_password_entry_buffer_new () : gtk_entry_buffer_new (NULL, 0);
  GtkWidget *entry = gtk_entry_new_with_buffer (buffer);

  g_object_unref (buffer);
  if (secret)
    gtk_entry_set_visibility (GTK_ENTRY (entry), FALSE);
  gtk_entry_set_max_length (GTK_ENTRY (entry), 256);
  label_classes (entry, "d-entry");
  label_name (entry, name);
  gtk_box_append (GTK_BOX (box), label_new ("d-field", name));
  gtk_box_append (GTK_BOX (box), entry);
  return entry;
}

static void
fill (SignInPage *page, GtkWidget *card)
{
  const char *language = page->desk->language;
  g_autofree char *where =
      translate_printf (language, "%s · Window %s", app_peek_hall_name (page->desk->app, language),
                        page->desk->app->config->desk_window);
  GtkWidget *mark = motif_new (MOTIF_MARK, 72, 72);

  label_classes (mark, "d-mark");
  gtk_widget_set_halign (mark, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (card), mark);
  gtk_box_append (GTK_BOX (card),
                  label_new_centred ("d-title", translate (language, "Talent window desk")));
  gtk_box_append (GTK_BOX (card), label_new_centred ("d-muted", where));
  page->note = label_new_centred (
      "d-note is-notice", translate (language, "The desk locked itself. Sign in again to go on."));
  gtk_box_append (GTK_BOX (card), page->note);
  page->name = field_new (card, translate (language, "Name"), FALSE);
  page->passphrase = field_new (card, translate (language, "Passphrase"), TRUE);
  page->message = label_new ("d-note is-error", "");
  gtk_box_append (GTK_BOX (card), page->message);
  page->enter = button_new ("d-btn is-primary is-wide", translate (language, "Sign in"), NULL, NULL,
                            G_CALLBACK (on_enter), page);
  gtk_box_append (GTK_BOX (card), page->enter);
  gtk_box_append (GTK_BOX (card),
                  label_new_centred (
                      "d-small d-muted",
                      translate (language, "Signing in, and every case you open, is recorded.")));
  g_signal_connect (page->name, "activate", G_CALLBACK (on_enter), page);
  g_signal_connect (page->passphrase, "activate", G_CALLBACK (on_enter), page);
}

SignInPage *
sign_in_page_new (Desk *desk)
{
  SignInPage *page = g_new0 (SignInPage, 1);
  GtkWidget *card = label_classes (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), "d-card");

  page->desk = desk;
  gtk_widget_set_halign (card, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (card, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (card, 480, -1);
  fill (page, card);
  page->root = motif_behind (motif_new (MOTIF_LATTICE, 0, 0), card);
  label_classes (page->root, "d-ground");
  g_object_set_data_full (G_OBJECT (page->root), "page", page, g_free);
  sign_in_page_reset (page, FALSE);
  return page;
}

GtkWidget *
sign_in_page_root (SignInPage *page)
{
  return page->root;
}

void
sign_in_page_reset (SignInPage *page, gboolean locked)
{
  gtk_editable_set_text (GTK_EDITABLE (page->passphrase), "");
  set_message (page, NULL);
  gtk_widget_set_visible (page->note, locked);
  gtk_widget_set_sensitive (page->enter, TRUE);
  gtk_widget_grab_focus (page->name);
}
