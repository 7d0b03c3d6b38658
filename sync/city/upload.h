/* upload.h: objects come up, resumably (section 5 of sync/PROTOCOL.md). */
#pragma once

#include "city/city.h"
#include "city/http.h"

/* The uploads in progress: at most one writer each. */
typedef struct Uploads Uploads;

Uploads *upload_new (City *city);
void upload_free (Uploads *uploads);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Uploads, upload_free)

/* POST /v1/uploads and HEAD, PATCH, DELETE of /v1/uploads/ID, when the headers are here: replies,
 * or takes the body as it comes. `id` NULL: a new one. */
void upload_begin (Uploads *uploads, HttpRequest *request, const char *device, const char *id);
/* When the body is whole. */
void upload_finish (Uploads *uploads, HttpRequest *request);

/* Drops uploads untouched for three days. */
void upload_sweep (Uploads *uploads);
