/* shell.h: the window: stage, bars, the page on show, the sheet over it, the toast.
 *
 * It follows the session: after each change of state it builds the page of the page table, slides
 * it in, and lets the old one go. For 300 ms after a change nothing can be pressed, so that a
 * double tap does not hit the next page. It knows no page by name. */
#pragma once

#include <gtk/gtk.h>

#include "kiosk/kiosk.h"
#include "kiosk/page.h"

#define SHELL_TYPE (shell_get_type ())
G_DECLARE_FINAL_TYPE (Shell, shell, ONESTOP, SHELL, GtkWindow)

typedef enum {
  SHELL_FULLSCREEN, /* the terminal: no cursor, no closing, no shortcut */
  SHELL_WINDOWED,   /* for developers */
} ShellMode;

/* Sets kiosk->shell; listens to the session. Present it with gtk_window_present. */
Shell *shell_new (Kiosk *kiosk, ShellMode mode);

/* The page on show. */
Page *shell_page (Shell *shell);

/* Builds the page on show anew from the flows, place kept: after a change of language, or when an
 * answer came that changes much of it. */
void shell_rebuild (Shell *shell);

/* A line at the lower edge for 4 s. With `undo` (a label) it has a button that calls
 * `undone` (data) once, for 5 s. Texts are in the session's language. */
void shell_toast (Shell *shell, const char *text, const char *undo, void (*undone) (gpointer),
                  gpointer data);

/* A sheet from below over the page, named `name` for who cannot see it. Takes `content` (floating).
 * It goes at the next change of state by itself. */
void shell_show_sheet (Shell *shell, const char *name, GtkWidget *content);
void shell_hide_sheet (Shell *shell);

/* Asks before `event` loses work that was not submitted; otherwise feeds it at once. */
void shell_ask_event (Shell *shell, SessionEvent event);

/* The whole stage as it would be painted at 1080 x 1920, written as PNG. */
gboolean shell_picture (Shell *shell, const char *path, GError **error);
