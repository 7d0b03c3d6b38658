/* test-guide-paper.c: the guide's sheets, forms, mandate and the pre-check note of every service
 * that is shipped. Started with --write DIR it leaves samples there instead, which
 * test-guide-paper.py reads. */
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/strict-json.h"
#include "domain/material.h"
#include "flow/guide-flow.h"
#include "paper/form-paper.h"
#include "paper/guide-paper.h"
#include "paper/missing-paper.h"

#define AT 1795402822000

static Guide *
shipped (void)
{
  static Guide *guide;
  g_autoptr (GError) error = NULL;

  if (guide == NULL)
    guide = guide_flow_load (&error);
  g_assert_no_error (error);
  return guide;
}

static GBytes *
guide_sheet (const GuideService *service, gboolean english, int *ret_pages)
{
  const GuidePaper paper = {.guide = shipped (),
                            .service = service,
                            .english = english,
                            .hall_name = "示例大厅 SAMPLE",
                            .device = "GS-K1",
                            .at = AT};
  g_autoptr (GError) error = NULL;
  GBytes *pdf = guide_paper_render (&paper, ret_pages, &error);

  g_assert_no_error (error);
  return pdf;
}

static FormPaper
form_of (const GuideService *service, const json_t *answers, gboolean english)
{
  return (FormPaper){.service = service,
                     .answers = answers,
                     .english = english,
                     .hall_name = "示例大厅 SAMPLE",
                     .device = "GS-K1",
                     .at = AT};
}

static json_t *
sample_answers (void)
{
  return json_pack ("{s:s, s:s, s:s, s:s, s:s}", "applies_as", "self", "id_kind", "id-cn", "name",
                    "王示例", "phone", "13800000000", "employer", "示例科技有限公司");
}

static GBytes *
missing_note (const GuideService *service, gboolean english)
{
  g_autoptr (json_t) answers = sample_answers ();
  g_autoptr (json_t) documents = json_pack ("[{s:s}]", "slot", "identity");
  g_autoptr (GPtrArray) lines = material_list (service, answers, documents);
  const MissingPaper paper = {.service = service,
                              .lines = lines,
                              .english = english,
                              .hall_name = "示例大厅 SAMPLE",
                              .device = "GS-K1",
                              .at = AT};
  g_autoptr (GError) error = NULL;
  GBytes *pdf = missing_paper_render (&paper, &error);

  g_assert_no_error (error);
  return pdf;
}

static void
test_every_service (void)
{
  const GPtrArray *services = guide_services (shipped ());

  for (guint i = 0; i < services->len; i++)
    for (int english = 0; english <= 1; english++) {
      int pages = 0;
      g_autoptr (GBytes) sheet = guide_sheet (services->pdata[i], english, &pages);
      g_autoptr (GBytes) note = missing_note (services->pdata[i], english);
      g_assert_cmpint (pages, >=, 1);
      g_assert_cmpint (pages, <=, 8);
      g_assert_cmpint (g_bytes_get_size (note), >, 1000);
    }
}

static void
test_same_bytes (void)
{
  const GuideService *card = guide_service (shipped (), "gusu-talent-card");
  g_autoptr (GBytes) one = guide_sheet (card, TRUE, NULL), other = guide_sheet (card, TRUE, NULL);

  g_assert_true (g_bytes_equal (one, other));
}

static void
test_forms (void)
{
  const GPtrArray *services = guide_services (shipped ());

  for (guint i = 0; i < services->len; i++) {
    const FormPaper paper = form_of (services->pdata[i], NULL, TRUE),
                    chinese = form_of (services->pdata[i], NULL, FALSE);
    g_autoptr (GError) error = NULL;
    int pages = 0;
    g_autoptr (GBytes) form = form_paper_render (&paper, &pages, &error);
    g_autoptr (GBytes) mandate = NULL;
    if (paper.service->form->len == 0) {
      g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
      g_assert_null (form);
      g_clear_error (&error);
    } else {
      g_assert_no_error (error);
      g_assert_cmpint (pages, >=, 1);
    }
    mandate = form_paper_render_mandate (&chinese, &pages, &error);
    g_assert_no_error (error);
    g_assert_cmpint (pages, ==, 1);
  }
}

static void
leave (const char *folder, const char *name, GBytes *take_pdf)
{
  g_autoptr (GBytes) pdf = take_pdf;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  gsize size;
  const void *bytes = g_bytes_get_data (pdf, &size);

  file_write (path, bytes, size, 0644, &error);
  g_assert_no_error (error);
}

static int
write_samples (const char *folder)
{
  const GuideService *card = guide_service (shipped (), "gusu-talent-card");
  const GuideService *permit = guide_service (shipped (), "residence-exit-entry");
  g_autoptr (json_t) answers = sample_answers ();
  const FormPaper blank = form_of (card, NULL, FALSE), blank_en = form_of (card, NULL, TRUE),
                  filled = form_of (card, answers, FALSE);

  leave (folder, "guide-zh.pdf", guide_sheet (permit, FALSE, NULL));
  leave (folder, "guide-en.pdf", guide_sheet (permit, TRUE, NULL));
  leave (folder, "form-blank.pdf", form_paper_render (&blank, NULL, NULL));
  leave (folder, "form-blank-en.pdf", form_paper_render (&blank_en, NULL, NULL));
  leave (folder, "form-filled.pdf", form_paper_render (&filled, NULL, NULL));
  leave (folder, "mandate.pdf", form_paper_render_mandate (&blank_en, NULL, NULL));
  leave (folder, "missing-zh.pdf", missing_note (card, FALSE));
  leave (folder, "missing-en.pdf", missing_note (card, TRUE));
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--write") == 0)
    return write_samples (argv[2]);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guide-paper/every-service", test_every_service);
  g_test_add_func ("/guide-paper/same-bytes", test_same_bytes);
  g_test_add_func ("/guide-paper/forms", test_forms);
  return g_test_run ();
}
