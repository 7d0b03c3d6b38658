/* kiosk-app.h: a kiosk GS-K1 in a temporary folder, opened as its programs open it. For tests.
 * Aborts on any failure. */
#pragma once

#include "flow/app.h"

typedef struct {
  char *folder; /* of site_make */
  char *config; /* path of kiosk.conf in it */
  App *app;
} KioskApp;

/* For g_test_add, with KioskApp as the fixture; `data` is not used. */
void kiosk_app_set_up (KioskApp *kiosk, gconstpointer data);
void kiosk_app_tear_down (KioskApp *kiosk, gconstpointer data);

/* Closes it and opens it again, on what stands in its folder then. */
void kiosk_app_reopen (KioskApp *kiosk);

/* How many sealed objects its folder holds. */
guint kiosk_app_count_objects (const KioskApp *kiosk);

/* Asserts that no case, print job, object or entry is stored. */
void kiosk_app_check_empty (const KioskApp *kiosk);
