/* enrol.h: devices become known (section 2 of sync/PROTOCOL.md), and are given up. */
#pragma once

#include "city/city.h"
#include "city/db/device-db.h"
#include "city/http.h"

/* Makes a one-time code for `device` of `hall` and `role` (kiosk, desk). `device` NULL: the next
 * free name. A name that exists is enrolled anew when the code is used. The code is owned. */
char *enrol_make_code (City *city, const char *hall, const char *role, const char *device,
                       gint64 now, char **ret_device, GError **error);

/* POST /v1/enrol with its body collected. Replies. */
void enrol_request (City *city, HttpRequest *request);
/* POST /v1/renew. Replies. */
void enrol_renew (City *city, HttpRequest *request, const DeviceRow *device);

/* Revokes device and certificates and issues a key set that says so. NOT_FOUND. */
gboolean enrol_revoke (City *city, const char *device, gint64 now, GError **error);
/* Lets a quarantined device write again. NOT_FOUND. */
gboolean enrol_release (City *city, const char *device, gint64 now, GError **error);
