/* test-paper.c: canvas, QR codes, receipt and ticket in memory. Started with --write DIR it leaves
 * sample papers there instead, which test-paper.py renders and reads. */
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "domain/case-number.h"
#include "paper/qr.h"
#include "paper/receipt-paper.h"
#include "paper/slip-paper.h"
#include "paper/ticket-paper.h"

/* As long as a receipt's signed claims are in base45. */
#define TICKET                                                                                     \
  "YZ1:6BF5XM9UJK2R0Q$PM8:T4LW/3EZ7H1AVD+CXN*YS0GBFQ.I6UO-RK2W9M5T8J4P7E3L1H%A0ZVDC XNYSGBF"       \
  "QIUORKWMTJPELHAZVDCXNYS6BF5XM9UJK2R0Q$PM8:T4LW/3EZ7H1AVD+CXN*YS0GBFQ.I6UO-RK2W9M5T8J4P7E"       \
  "3L1H%A0ZVDC XNYSGBFQIUORKWMTJPELHAZVDCXNYS6BF5XM9UJK2R0Q$PM8:T4LW/3EZ7H1AVD+CXN*YS0GBFQ."       \
  "I6UO-RK2W9M5T8J4P7E3L1H%A0ZVDCXNY6BF5XM9UJK2R0Q$PM8:T4LW/3EZ7H1AV"
#define QUEUE_TICKET_LENGTH 248

static Receipt *
sample_receipt (const char *language)
{
  Receipt *receipt = receipt_new ();

  receipt->number = case_number_make ("GS", 'K', 42, NULL);
  receipt->service = g_strdup ("gusu-talent-card");
  receipt->service_zh = g_strdup ("姑苏英才服务卡申领");
  receipt->service_en = g_strdup ("Gusu Talent Service Card");
  receipt->hall = g_strdup ("GS");
  receipt->hall_name = g_strdup ("姑苏区政务服务大厅");
  receipt->device = g_strdup ("GS-K1");
  receipt->language = g_strdup (language);
  receipt->at = 1795402822000;
  receipt->limit_unit = RECEIPT_LIMIT_WORKDAY;
  receipt->limit_n = 10;
  receipt->ticket_text = g_strdup (TICKET);
  receipt_add_document (receipt, "identity", "有效身份证件", "Identity document", 2);
  receipt_add_document (receipt, "award", "入选文件或证书", "Letter or certificate of selection",
                        3);
  receipt_add_document (receipt, "employment", "在苏工作证明（劳动合同或聘用合同，须在有效期内）",
                        "Proof of work in Suzhou (labour or employment contract, still valid)", 6);
  receipt_add_missing (receipt, "photo", "近期证件照", "Recent photo");
  return receipt;
}

static TicketPaper
sample_ticket (char *text)
{
  g_strlcpy (text, TICKET, QUEUE_TICKET_LENGTH + 1);
  return (TicketPaper){.number = "A021",
                       .hall_name = "姑苏区政务服务大厅",
                       .windows_zh = "1、2 号窗",
                       .waiting = 3,
                       .minutes = 20,
                       .device = "GS-K1",
                       .at = 1795402822000,
                       .ticket_text = text,
                       .copy = 1};
}

/* A slip whose code is as large as one may be. */
static SlipPaper
sample_slip (const char *text, gboolean english)
{
  static const SlipPaperService services[] = {
      {{"姑苏英才服务卡申领", "Gusu Talent Service Card"}, FALSE},
      {{"外国人来华工作许可", "Foreigner's Work Permit"}, TRUE},
      {{"子女入学", "Schooling of children"}, FALSE},
  };
  return (SlipPaper){.hall_name = "姑苏区政务服务大厅",
                     .headline = {"您可能符合", "You may qualify"},
                     .category = {"第（二）类", "Category (2)"},
                     .clause = {"《办法》 苏人才〔2018〕3号 第二条第（二）项",
                                "The Measures 苏人才〔2018〕3号 第二条第（二）项"},
                     .services = services,
                     .n_services = G_N_ELEMENTS (services),
                     .guide_version = 3,
                     .guide_day = "2026-11-23",
                     .day = "2026-11-23",
                     .good_until = "2026-12-23",
                     .ticket_text = text,
                     .device = "GS-K1",
                     .at = 1795402822000,
                     .english = english,
                     .copy = 1};
}

static void
assert_pdf (GBytes *bytes, const GError *error)
{
  gsize length;
  const char *data;

  g_assert_no_error (error);
  data = g_bytes_get_data (bytes, &length);
  g_assert_cmpint (length, >, 1000);
  g_assert_cmpmem (data, 5, "%PDF-", 5);
  g_assert_nonnull (g_strstr_len (data + length - 8, 8, "%%EOF"));
}

static void
test_receipt (void)
{
  static const char *const languages[] = {"zh_CN", "en"};

  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++) {
    g_autoptr (Receipt) receipt = sample_receipt (languages[i]);
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) first = receipt_paper_render (receipt, &error), again = NULL;
    assert_pdf (first, error);
    again = receipt_paper_render (receipt, &error);
    g_assert_no_error (error);
    g_assert_true (g_bytes_equal (first, again));
  }
}

static void
test_receipt_refused (void)
{
  g_autoptr (Receipt) receipt = sample_receipt ("en");
  g_autoptr (GError) error = NULL;
  char *text = g_strnfill (3000, 'A');

  g_free (receipt->ticket_text);
  receipt->ticket_text = text;
  g_assert_null (receipt_paper_render (receipt, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
  g_clear_error (&error);
  *text = '\0';
  g_assert_null (receipt_paper_render (receipt, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);
  g_clear_pointer (&receipt->hall_name, g_free);
  g_assert_null (receipt_paper_render (receipt, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
}

static void
test_ticket (void)
{
  char text[QUEUE_TICKET_LENGTH + 1];
  TicketPaper ticket = sample_ticket (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = ticket_paper_render (&ticket, &error);

  assert_pdf (bytes, error);
  ticket.number = "A21";
  g_assert_null (ticket_paper_render (&ticket, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
}

static void
test_qr (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Qr) small = qr_new ("YZ1:A", QR_LEVEL_M, 0, 0, &error);
  g_autoptr (Qr) forced = qr_new ("YZ1:A", QR_LEVEL_M, 9, 0, &error);
  g_autoptr (Qr) lower = NULL;
  char text[QUEUE_TICKET_LENGTH + 1];
  int dots = 0;

  g_assert_no_error (error);
  g_assert_cmpint (small->version, ==, 1);
  g_assert_cmpint (small->size, ==, 21);
  g_assert_cmpint (forced->version, ==, 9);
  g_assert_cmpint (forced->size, ==, 53);
  /* the three finders */
  g_assert_cmpint (small->dark[0], ==, 1);
  g_assert_cmpint (small->dark[20], ==, 1);
  g_assert_cmpint (small->dark[20 * 21], ==, 1);
  g_assert_cmpint (small->dark[8 * 21 - 14], ==, 0);
  /* a queue ticket of 248 characters of base45 is a version 9-M, as it is alphanumeric */
  g_strlcpy (text, TICKET, sizeof text);
  g_clear_pointer (&forced, qr_free);
  forced = qr_new (text, QR_LEVEL_M, 0, 0, &error);
  g_assert_cmpint (forced->version, ==, 9);
  lower = qr_new ("abc", QR_LEVEL_L, 0, 0, &error);
  g_assert_cmpint (lower->version, ==, 1);

  g_assert_null (qr_new (text, QR_LEVEL_M, 0, 8, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
  g_clear_error (&error);
  g_assert_null (qr_new ("", QR_LEVEL_M, 0, 0, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  g_clear_error (&error);

  g_assert_true (qr_module (forced, 61 * 4 * 25.4 / 203, 203, 4, &dots, &error));
  g_assert_cmpint (dots, ==, 4);
  g_assert_false (qr_module (forced, (61 * 4 - 1) * 25.4 / 203, 203, 4, &dots, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_FULL);
}

static void
test_canvas (void)
{
  const CanvasText style = {.size = 4, .align = CANVAS_CENTRE};
  g_autoptr (Canvas) measuring = canvas_new_measuring (80);
  g_autoptr (Canvas) canvas = canvas_new (80, 100, "sample", 1795402822000);
  double width = 0, one, three;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  one = canvas_measure (measuring, &style, "人才", 0, &width);
  g_assert_cmpfloat_with_epsilon (width, 8, 0.1); /* Han characters are one em wide */
  three = canvas_measure (measuring, &style, "人才人才人才", 9, NULL);
  g_assert_cmpfloat_with_epsilon (three, 3 * one, 0.1);
  /* measuring and drawing agree */
  g_assert_cmpfloat (canvas_text (canvas, &style, "人才人才人才", 1, 1, 9), ==, three);
  g_assert_null (canvas_peek_cairo (measuring));
  g_assert_nonnull (canvas_peek_cairo (canvas));
  g_assert_cmpfloat (canvas_text_fit (canvas, &style, "人才人才人才", 1, 30, 9, 1), <, one);
  bytes = canvas_finish (canvas, &error);
  assert_pdf (bytes, error);
}

static void
write_paper (const char *folder, const char *name, GBytes *bytes, const GError *problem)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  gsize length;
  const void *data;

  g_assert_no_error (problem);
  data = g_bytes_get_data (bytes, &length);
  file_write (path, data, length, 0600, &error);
  g_assert_no_error (error);
}

static void
write_receipt (const char *folder, const char *name, const Receipt *receipt)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = receipt_paper_render (receipt, &error);

  write_paper (folder, name, bytes, error);
}

static void
test_slip (void)
{
  for (int english = 0; english < 2; english++) {
    SlipPaper slip = sample_slip (TICKET, english);
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = slip_paper_render (&slip, &error);
    assert_pdf (bytes, error);
    slip.ticket_text = NULL;
    g_autoptr (GBytes) bare = slip_paper_render (&slip, &error);
    assert_pdf (bare, error);
    slip.headline.zh = NULL;
    g_assert_null (slip_paper_render (&slip, &error));
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  }
}

static void
write_slip (const char *folder, const char *name, const char *text, gboolean english)
{
  SlipPaper slip = sample_slip (text, english);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = slip_paper_render (&slip, &error);
  write_paper (folder, name, bytes, error);
}

static int
write_samples (const char *folder)
{
  char text[QUEUE_TICKET_LENGTH + 1];
  TicketPaper ticket = sample_ticket (text);
  g_autoptr (Receipt) zh = sample_receipt ("zh_CN"), en = sample_receipt ("en");
  g_autoptr (Receipt) copy = sample_receipt ("en");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) paper = ticket_paper_render (&ticket, &error), bare = NULL;

  write_paper (folder, "ticket.pdf", paper, error);
  ticket.waiting = ticket.minutes = -1;
  ticket.number = "B201";
  ticket.service_zh = "外国人来华工作许可";
  ticket.service_en = "Foreigner's Work Permit";
  ticket.windows_zh = NULL;
  ticket.training = TRUE;
  ticket.copy = 2;
  bare = ticket_paper_render (&ticket, &error);
  write_paper (folder, "ticket-copy.pdf", bare, error);
  write_receipt (folder, "receipt-zh.pdf", zh);
  write_receipt (folder, "receipt-en.pdf", en);
  copy->training = TRUE;
  copy->copy = 3;
  copy->limit_unit = RECEIPT_LIMIT_NONE;
  write_receipt (folder, "receipt-copy.pdf", copy);
  write_slip (folder, "slip-zh.pdf", TICKET, FALSE);
  write_slip (folder, "slip-en.pdf", TICKET, TRUE);
  write_slip (folder, "slip-bare.pdf", NULL, TRUE);
  g_print ("%s\n%s\n", TICKET, text);
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--write") == 0)
    return write_samples (argv[2]);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/paper/receipt", test_receipt);
  g_test_add_func ("/paper/receipt-refused", test_receipt_refused);
  g_test_add_func ("/paper/ticket", test_ticket);
  g_test_add_func ("/paper/slip", test_slip);
  g_test_add_func ("/paper/qr", test_qr);
  g_test_add_func ("/paper/canvas", test_canvas);
  return g_test_run ();
}
