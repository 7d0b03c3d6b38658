/* pictures.c: the walk of the golden pictures and of the first screens. Refused: any page made
 * here; only what the page table makes is pictured. */
#include "kiosk/pictures.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "kiosk/page-table.h"
#include "kiosk/shell.h"

/* Lets the shell lay out and paint what it shows. */
static void
settle (Kiosk *kiosk)
{
  gint64 until = clock_monotonic () + 400;
  while (clock_monotonic () < until) {
    while (g_main_context_iteration (NULL, FALSE))
      ;
    g_usleep (2000);
  }
}

static gboolean
take (Kiosk *kiosk, const char *folder, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file =
      g_strdup_printf ("%s/%s-%s.png", folder, name, session_language (kiosk->session));
  settle (kiosk);
  if (shell_picture (kiosk->shell, file, &error))
    return TRUE;
  g_printerr ("onestop-kiosk: %s\n", error->message);
  return FALSE;
}

static gboolean
go (Kiosk *kiosk, SessionEvent event)
{
  return session_event (kiosk->session, event, clock_monotonic ());
}

int
pictures_take (Kiosk *kiosk, const char *folder)
{
  g_autoptr (GError) error = NULL;
  char **languages = kiosk->app->config->screen_languages;
  if (!file_make_folder (folder, 0755, &error)) {
    g_printerr ("onestop-kiosk: %s\n", error->message);
    return onestop_error_exit_code (error);
  }
  for (int i = 0; languages[i] != NULL; i++) {
    gboolean done = TRUE;
    if (i == 0)
      done = take (kiosk, folder, "attract");
    go (kiosk, SESSION_WAKE);
    session_set_language (kiosk->session, languages[i], clock_monotonic ());
    shell_rebuild (kiosk->shell);
    done = done && take (kiosk, folder, "home");
    go (kiosk, SESSION_GO_HOME);
    if (!done)
      return 5;
  }
  return 0;
}
