/* device-store.h: a store in a temporary folder, and a case committed to it as the kiosk does. For
 * tests. Aborts on any failure. */
#pragma once

#include "store/db.h"

/* The time of all that is made here, ms. */
#define DEVICE_STORE_NOW G_GINT64_CONSTANT (1795400000000)

typedef struct {
  char *directory;
  Db *db;
} DeviceStore;

/* For g_test_add, with DeviceStore as the fixture; `data` is not used. */
void device_store_set_up (DeviceStore *store, gconstpointer data);
void device_store_tear_down (DeviceStore *store, gconstpointer data);

/* Closes the file and opens it again. */
void device_store_reopen (DeviceStore *store);

typedef struct {
  gint64 at;
  char *number; /* out: the case's number, owned by the caller; set on failure too */
  gboolean fail_late;
} DeviceStoreCase;

/* A DbWork on a DeviceStoreCase: number, entry (with the object "object N"), row, receipt and print
 * job of one case. With `fail_late` RETRY after the last of them. */
gboolean device_store_submit (Db *db, gpointer data, GError **error);

/* The same in a write of its own. The number; owned. */
char *device_store_submit_one (Db *db, gint64 at);
