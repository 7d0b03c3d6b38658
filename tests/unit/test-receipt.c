/* test-receipt.c: the receipt record to JSON and back, and what is refused. */
#include <string.h>

#include "base/error.h"
#include "base/strict-json.h"
#include "domain/case-number.h"
#include "domain/dossier.h"
#include "domain/receipt.h"

static json_t *
sample (void)
{
  g_autofree char *number = case_number_make ("GS", 'K', 42, NULL);
  json_t *json =
      json_pack ("{s:s, s:s, s:{s:s, s:s}, s:s, s:s, s:s, s:s}", "number", number, "service",
                 "gusu-talent-card", "service_name", "zh-CN", "姑苏英才服务卡", "en",
                 "Gusu Talent Service Card", "hall", "GS", "hall_name", "姑苏区政务服务大厅", "at",
                 "2026-11-23T02:40:22.000Z", "language", "en");

  json_object_set_new (json, "documents",
                       json_pack ("[{s:s, s:{s:s, s:s}, s:i}]", "slot", "identity", "name", "zh-CN",
                                  "有效身份证件", "en", "Identity document", "pages", 2));
  json_object_set_new (json, "missing",
                       json_pack ("[{s:s, s:{s:s, s:s}}]", "slot", "photo", "name", "zh-CN",
                                  "近期证件照", "en", "Recent photo"));
  json_object_set_new (json, "limit", json_pack ("{s:i, s:s}", "n", 10, "unit", "workday"));
  json_object_set_new (json, "ticket_text", json_string ("YZ1:SAMPLE"));
  json_object_set_new (json, "mode", json_string ("training"));
  json_object_set_new (json, "copy", json_integer (2));
  return json;
}

static void
test_round_trip (void)
{
  g_autoptr (json_t) json = sample (), again = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (Receipt) receipt = receipt_from_json (json, &error);

  g_assert_no_error (error);
  g_assert_cmpint (receipt_pages (receipt), ==, 2);
  g_assert_cmpint (receipt->limit_unit, ==, RECEIPT_LIMIT_WORKDAY);
  g_assert_cmpint (receipt->limit_n, ==, 10);
  g_assert_true (receipt->training);
  g_assert_cmpint (receipt->copy, ==, 2);
  again = receipt_to_json (receipt);
  g_assert_true (json_equal (json, again));
  /* unknown or at once */
  json_object_set_new (json, "limit", json_null ());
  g_clear_pointer (&receipt, receipt_free);
  receipt = receipt_from_json (json, &error);
  g_assert_no_error (error);
  g_assert_cmpint (receipt->limit_unit, ==, RECEIPT_LIMIT_NONE);
  json_object_set_new (json, "limit", json_pack ("{s:s}", "unit", "immediate"));
  json_object_set_new (json, "contact",
                       json_pack ("{s:s, s:s}", "zh-CN", "1、2 号窗", "en", "Windows 1, 2"));
  json_object_set_new (json, "device", json_string ("GS-K1"));
  json_object_set_new (json, "limit_text",
                       json_pack ("{s:s, s:s}", "zh-CN", "当场办结", "en", "On the spot"));
  g_clear_pointer (&receipt, receipt_free);
  receipt = receipt_from_json (json, &error);
  g_assert_no_error (error);
  g_assert_cmpint (receipt->limit_unit, ==, RECEIPT_LIMIT_IMMEDIATE);
  json_decref (again);
  again = receipt_to_json (receipt);
  g_assert_true (json_equal (json, again));
}

static void
test_refused (void)
{
  static const struct {
    const char *key, *value; /* NULL: the member is missing */
  } changes[] = {
      {"number", NULL},
      {"number", "\"GSK-222222-3\""},
      {"service_name", "{}"},
      {"hall_name", "7"},
      {"at", "\"yesterday\""},
      {"documents", "{}"},
      {"documents", "[{}]"},
      {"ticket_text", "\"\""},
      {"mode", "\"fun\""},
      {"copy", "0"},
      {"copy", NULL},
      {"limit", "{\"n\":1,\"unit\":\"moon\"}"},
      {"limit", "{\"unit\":\"workday\"}"},
      {"documents", "[{\"slot\":\"a\",\"name\":{\"zh-CN\":\"a\",\"en\":\"a\"},\"pages\":-1}]"}};

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autoptr (json_t) json = sample ();
    g_autoptr (GError) error = NULL;
    if (changes[i].value == NULL)
      json_object_del (json, changes[i].key);
    else
      json_object_set_new (json, changes[i].key,
                           strict_json_parse (changes[i].value, strlen (changes[i].value), &error));
    g_assert_no_error (error);
    if (receipt_from_json (json, &error) != NULL)
      g_error ("taken: %s %s", changes[i].key, changes[i].value);
    g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  }
}

static void
test_dossier (void)
{
  g_autoptr (Dossier) dossier = dossier_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (dossier_check (dossier, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
  dossier->number = g_strdup ("GSK-222223-X");
  dossier->service_name = g_strdup ("姑苏英才服务卡");
  dossier->hall_name = g_strdup ("姑苏区政务服务大厅");
  dossier->submitted_at = dossier->printed_at = 1;
  dossier_add_field (dossier, NULL, "姓名", "王示例");
  dossier_add_event (dossier, 1, "已提交", "GS-K1", NULL);
  dossier_add_document (dossier, "identity", "有效身份证件", 0, "image/jpeg", 90, NULL);
  dossier_add_missing (dossier, "近期证件照");
  dossier_add_consent (dossier, "同意");
  g_clear_error (&error);
  g_assert_true (dossier_check (dossier, &error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/receipt/round-trip", test_round_trip);
  g_test_add_func ("/receipt/refused", test_refused);
  g_test_add_func ("/dossier/check", test_dossier);
  return g_test_run ();
}
