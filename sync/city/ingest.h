/* ingest.h: batches of entries come up (section 4 of sync/PROTOCOL.md). */
#pragma once

#include "city/city.h"
#include "city/db/device-db.h"
#include "city/http.h"

/* POST /v1/entries with its body collected. Replies. */
void ingest_batch (City *city, HttpRequest *request, const DeviceRow *device);

/* GET /v1/entries: the watermarks alone. Replies. */
void ingest_state (City *city, HttpRequest *request, const DeviceRow *device);
