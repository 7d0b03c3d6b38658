/* guide-phone.c: leaves documents out until the text fits, and says how many. */
#include "flow/guide-phone.h"

#include "base/translate.h"
#include "paper/qr.h"

static gboolean
fits (const char *text)
{
  g_autoptr (Qr) qr = qr_new (text, QR_LEVEL_M, 0, GUIDE_PHONE_MAX_VERSION, NULL);
  return qr != NULL;
}

static void
add_documents (GString *text, const GuideService *service, guint n, const char *language)
{
  if (service->materials->len == 0)
    return;
  g_string_append_printf (text, "%s\n", translate (language, "Bring:"));
  for (guint i = 0; i < n; i++) {
    const GuideMaterial *material = service->materials->pdata[i];
    g_string_append_printf (text, "%u %s\n", i + 1, guide_text (material->name, language, NULL));
  }
  if (n < service->materials->len) {
    g_autofree char *more = translate_count (language, "and %d more", "and %d more",
                                             (int)(service->materials->len - n));
    g_string_append_printf (text, "%s\n", more);
  }
}

static char *
text_with (const Guide *guide, const GuideService *service, const char *hall_name,
           const char *language, guint documents)
{
  GString *text = g_string_new (NULL);
  const GuideLimit *limit = guide_limit (service, GUIDE_LIMIT_PROMISED);
  g_autofree char *edition = translate_printf (
      language, "Guide version %u; the window's answer counts", guide_version (guide));

  g_string_append_printf (text, "%s\n", guide_text (service->name, language, NULL));
  if (limit == NULL || limit->unknown)
    limit = guide_limit (service, GUIDE_LIMIT_STATUTORY);
  if (limit != NULL && !limit->unknown) {
    g_autofree char *words = guide_limit_text (limit, language);
    g_autofree char *line = translate_printf (language, "Time limit: %s", words);
    g_string_append_printf (text, "%s\n", line);
  }
  add_documents (text, service, documents, language);
  if (hall_name != NULL) {
    g_autofree char *line = translate_printf (language, "Where: %s", hall_name);
    g_string_append_printf (text, "%s\n", line);
  }
  g_string_append (text, edition);
  return g_string_free (text, FALSE);
}

char *
guide_phone_text (const Guide *guide, const GuideService *service, const char *hall_name,
                  const char *language)
{
  for (guint n = service->materials->len;; n--) {
    g_autofree char *text = text_with (guide, service, hall_name, language, n);
    if (n == 0 || fits (text))
      return g_steal_pointer (&text);
  }
}
