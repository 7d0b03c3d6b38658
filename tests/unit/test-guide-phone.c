/* test-guide-phone.c: the short text of every service fits the code, in both languages. */
#include <string.h>

#include "flow/guide-flow.h"
#include "flow/guide-phone.h"
#include "paper/qr.h"

static void
test_fits (void)
{
  static const char *const languages[] = {"zh_CN", "en"};
  g_autoptr (GError) error = NULL;
  g_autoptr (Guide) guide = guide_flow_load (&error);
  const GPtrArray *services;

  g_assert_no_error (error);
  services = guide_services (guide);
  for (guint i = 0; i < services->len; i++)
    for (gsize l = 0; l < G_N_ELEMENTS (languages); l++) {
      const GuideService *service = services->pdata[i];
      g_autofree char *text = guide_phone_text (
          guide, service, "苏州工业园区政务服务中心示例大厅 SAMPLE", languages[l]);
      g_autoptr (Qr) qr = qr_new (text, QR_LEVEL_M, 0, 0, &error);
      g_assert_no_error (error);
      g_assert_cmpint (qr->version, <=, GUIDE_PHONE_MAX_VERSION);
      g_assert_true (g_str_has_prefix (text, guide_text (service->name, languages[l], NULL)));
    }
}

/* Whatever is left out is counted; nothing is cut in its middle. */
static void
test_leaves_out (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Guide) guide = guide_flow_load (&error);
  const GuideService *service = guide_service (guide, "overseas-talent-certificate");
  g_autofree char *text = guide_phone_text (guide, service, "示例大厅", "en");
  g_autofree char *more = NULL;
  guint there = 0;

  for (guint i = 0; i < service->materials->len; i++) {
    const GuideMaterial *material = service->materials->pdata[i];
    g_autofree char *line =
        g_strdup_printf ("\n%u %s\n", i + 1, guide_text (material->name, "en", NULL));
    there += strstr (text, line) != NULL;
  }
  g_assert_cmpint (there, >, 0);
  g_assert_cmpint (there, <, service->materials->len);
  more = g_strdup_printf ("\nand %u more\n", service->materials->len - there);
  g_assert_nonnull (strstr (text, more));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guide-phone/fits", test_fits);
  g_test_add_func ("/guide-phone/leaves-out", test_leaves_out);
  return g_test_run ();
}
