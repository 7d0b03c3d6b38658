/* device-page.h: devices, when each was heard, and alarms that nobody has looked at. */
#pragma once

#include "city/city.h"
#include "city/console/session.h"
#include "city/http.h"

/* GET /devices. */
void device_page_reply (City *city, HttpRequest *request, const Session *session);

/* POST /devices/seen: marks an alarm as seen. */
void device_page_seen (City *city, HttpRequest *request, const Session *session, GHashTable *sent);
