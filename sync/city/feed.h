/* feed.h: the feed goes down (section 6 of sync/PROTOCOL.md), at once or when there is something.
 */
#pragma once

#include "city/city.h"
#include "city/db/device-db.h"
#include "city/http.h"

/* The requests that wait for items. */
typedef struct Feed Feed;

/* Listens to city->on_feed. */
Feed *feed_new (City *city);
/* Answers all that wait: before the server stops. */
void feed_end (Feed *feed);
/* After the server has stopped. */
void feed_free (Feed *feed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Feed, feed_free)

/* GET /v1/feed. Replies, now or later. */
void feed_request (Feed *feed, HttpRequest *request, const DeviceRow *device);
