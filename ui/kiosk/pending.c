/* pending.c: stands where rooms below are not built yet; goes when they are. */
#include "devices/code-reader.h"
#include "flow/app.h"

/* The real ones, once they are linked, win. */
#pragma weak app_open
#pragma weak app_free
#pragma weak app_start_worker
#pragma weak app_peek_hall_name
#pragma weak code_reader_new
#pragma weak code_reader_free
#pragma weak code_reader_is_keyboard
#pragma weak code_reader_is_ready
#pragma weak code_wedge_key
#pragma weak code_wedge_silence

App *
app_open (const char *option, AppFlags flags, GError **error)
{
  App *app = g_new0 (App, 1);
  static const char *const languages[] = {"zh_CN", "en", NULL};
  app->config = g_new0 (Config, 1);
  app->config->screen_languages = g_strdupv ((char **)languages);
  app->config->idle_menu = (ConfigIdle){60, 20};
  app->config->idle_form = (ConfigIdle){180, 45};
  app->config->idle_done = 30;
  app->config->idle_extended = 3;
  app->config->code_reader_device = g_strdup ("keyboard");
  app->config->hours = g_strdup ("");
  return app;
}

void
app_free (App *app)
{
}

gboolean
app_start_worker (App *app, GError **error)
{
  return TRUE;
}

const char *
app_peek_hall_name (const App *app, const char *language)
{
  return g_str_equal (language, "en") ? "Gusu District Service Hall" : "姑苏区政务服务大厅";
}

struct _CodeReader {
  int unused;
};

CodeReader *
code_reader_new (const char *device, CodeReaderFunc func, gpointer data, GError **error)
{
  return g_new0 (CodeReader, 1);
}

void
code_reader_free (CodeReader *reader)
{
  g_free (reader);
}

gboolean
code_reader_is_keyboard (const CodeReader *reader)
{
  return FALSE;
}

gboolean
code_reader_is_ready (const CodeReader *reader)
{
  return FALSE;
}

CodeWedgeResult
code_wedge_key (CodeWedge *wedge, gunichar character, gint64 ms, char **ret_text)
{
  return CODE_WEDGE_PASS;
}

CodeWedgeResult
code_wedge_silence (CodeWedge *wedge, gint64 ms, char **ret_text)
{
  return CODE_WEDGE_SWALLOW;
}
