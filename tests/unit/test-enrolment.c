/* test-enrolment.c: who this device is, saved and read. */
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "device-store.h"
#include "store/enrolment.h"

static void
test_enrolment (DeviceStore *f, gconstpointer data)
{
  Enrolment made = {.device = (char *)"GS-K1",
                    .role = (char *)"kiosk",
                    .hall = (char *)"GS",
                    .hall_name_zh = (char *)"示例大厅",
                    .hall_name_en = (char *)"Sample hall",
                    .case_code = 'A',
                    .ticket_from = 1,
                    .ticket_to = 199,
                    .city = (char *)"https://localhost:1",
                    .keyset_key = {1, 2, 3}};
  g_autoptr (Enrolment) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (f->directory, "enrolment.json", NULL), *text = NULL;
  g_auto (GStrv) parts = NULL;

  g_assert_null (enrolment_load (f->directory, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (enrolment_save (f->directory, &made, DEVICE_STORE_NOW, &error));
  read = enrolment_load (f->directory, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->device, ==, "GS-K1");
  g_assert_cmpstr (read->hall_name_zh, ==, "示例大厅");
  g_assert_cmpint (read->case_code, ==, 'A');
  g_assert_cmpint (read->ticket_to, ==, 199);
  g_assert_cmpmem (read->keyset_key, 32, made.keyset_key, 32);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  parts = g_strsplit (text, "\"kiosk\"", 2);
  g_clear_pointer (&text, g_free);
  text = g_strjoinv ("\"throne\"", parts);
  g_assert_true (file_write (path, text, strlen (text), 0600, NULL));
  g_assert_null (enrolment_load (f->directory, &error));
  g_assert_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/enrolment/" name, DeviceStore, NULL, device_store_set_up, function,                \
              device_store_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("load", test_enrolment);
  return g_test_run ();
}
