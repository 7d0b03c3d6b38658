/* feed.c: long polling over one ordered table. Refuses cursors of another epoch: what they stood
 * for may not exist any more. */
#include "city/feed.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "city/db/feed-db.h"

#define LIMIT_MAX 500
#define WAIT_MAX 60
#define BYTES_MAX (1024 * 1024)
#define LOOK_MS 1000 /* other processes write as well: device revoke, backup */

struct Feed {
  City *city;
  GPtrArray *waiting; /* Waiter, owned by its request */
  guint look;
};

typedef struct {
  Feed *feed;
  HttpRequest *request;
  char *hall, *role;
  gint64 after, limit, deadline;
} Waiter;

typedef struct {
  GString *text;
  const char *mark;
  gint64 last, n;
} Page;

/* The end of the epoch's UUID is random, its start only time. */
static const char *
mark_of (const City *city)
{
  return city->epoch + strlen (city->epoch) - 8;
}

static gboolean
add_item (gint64 cursor, const char *item, void *data)
{
  Page *page = data;

  if (page->text->len > BYTES_MAX)
    return FALSE;
  g_string_append_printf (page->text, "%s{\"cursor\":\"%s-%" G_GINT64_FORMAT "\",%s",
                          page->n > 0 ? "," : "", page->mark, cursor, item + 1);
  page->last = cursor;
  page->n++;
  return TRUE;
}

/* Replies when there are items, or when `must`. TRUE if it did. */
static gboolean
try_reply (Waiter *waiter, gboolean must)
{
  City *city = waiter->feed->city;
  g_autoptr (GString) text = g_string_new ("{\"items\":[");
  Page page = {text, mark_of (city), waiter->after, 0};
  g_autoptr (GError) error = NULL;
  g_autofree char *time = clock_format (clock_now ());

  if (!feed_db_read (city->db, waiter->after, waiter->hall, waiter->role, waiter->limit, add_item,
                     &page, &error)) {
    http_reply_error (waiter->request, error);
    return TRUE;
  }
  if (page.n == 0 && !must)
    return FALSE;
  g_string_append_printf (text,
                          "],\"cursor\":\"%s-%" G_GINT64_FORMAT
                          "\",\"more\":%s,\"epoch\":\"%s\",\"server_time\":\"%s\"}",
                          page.mark, page.last,
                          page.n == waiter->limit || text->len > BYTES_MAX ? "true" : "false",
                          city->epoch, time);
  http_reply (waiter->request, 200, "application/json", text->str, text->len);
  return TRUE;
}

static void
wake (Feed *feed, gboolean must)
{
  gint64 now = clock_monotonic ();

  for (guint i = feed->waiting->len; i > 0; i--) {
    Waiter *waiter = g_ptr_array_index (feed->waiting, i - 1);
    if (try_reply (waiter, must || now >= waiter->deadline)) {
      g_ptr_array_remove_index_fast (feed->waiting, i - 1);
      http_resume (waiter->request);
    }
  }
}

static gboolean
on_look (gpointer data)
{
  wake (data, FALSE);
  if (((Feed *)data)->waiting->len > 0)
    return G_SOURCE_CONTINUE;
  ((Feed *)data)->look = 0;
  return G_SOURCE_REMOVE;
}

static void
on_feed (gpointer data)
{
  wake (data, FALSE);
}

Feed *
feed_new (City *city)
{
  Feed *feed = g_new0 (Feed, 1);

  feed->city = city;
  feed->waiting = g_ptr_array_new ();
  city->on_feed = on_feed;
  city->on_feed_data = feed;
  return feed;
}

void
feed_end (Feed *feed)
{
  wake (feed, TRUE);
}

void
feed_free (Feed *feed)
{
  if (feed == NULL)
    return;
  if (feed->look != 0)
    g_source_remove (feed->look);
  feed->city->on_feed = NULL;
  g_ptr_array_unref (feed->waiting);
  g_free (feed);
}

static void
waiter_free (void *data)
{
  Waiter *waiter = data;

  g_ptr_array_remove_fast (waiter->feed->waiting, waiter);
  g_free (waiter->hall);
  g_free (waiter->role);
  g_free (waiter);
}

static gboolean
number (HttpRequest *request, const char *name, gint64 fallback, gint64 max, gint64 *ret_value)
{
  const char *text = http_query (request, name);
  guint64 value;

  *ret_value = fallback;
  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &value, NULL))
    return FALSE;
  *ret_value = (gint64)MIN (value, (guint64)max);
  return TRUE;
}

/* FALSE after a reply. */
static gboolean
read_cursor (Feed *feed, HttpRequest *request, gint64 *ret_after)
{
  const char *text = http_query (request, "cursor");
  gint64 head = 0;
  guint64 after;

  *ret_after = 0;
  if (text == NULL || text[0] == '\0')
    return TRUE;
  if (strlen (text) < 10 || text[8] != '-' ||
      !g_ascii_string_to_unsigned (text + 9, 10, 0, G_MAXINT64, &after, NULL)) {
    http_reply_problem (request, 400, "bad-request", "This is no cursor", NULL);
    return FALSE;
  }
  if (strncmp (text, mark_of (feed->city), 8) != 0 || !feed_db_head (feed->city->db, &head, NULL) ||
      (gint64)after > head) {
    http_reply_problem (request, 410, "cursor-gone", "Begin again without a cursor", NULL);
    return FALSE;
  }
  *ret_after = (gint64)after;
  return TRUE;
}

void
feed_request (Feed *feed, HttpRequest *request, const DeviceRow *device)
{
  gint64 after, wait, limit;
  Waiter *waiter;

  if (!number (request, "wait", 0, WAIT_MAX, &wait) ||
      !number (request, "limit", LIMIT_MAX, LIMIT_MAX, &limit) || limit < 1) {
    http_reply_problem (request, 400, "bad-request", "wait or limit is malformed", NULL);
    return;
  }
  if (!read_cursor (feed, request, &after))
    return;
  waiter = g_new0 (Waiter, 1);
  *waiter = (Waiter){.feed = feed,
                     .request = request,
                     .hall = g_strdup (device->hall),
                     .role = g_strdup (device->role),
                     .after = after,
                     .limit = limit,
                     .deadline = clock_monotonic () + wait * 1000};
  http_attach (request, waiter, waiter_free);
  if (try_reply (waiter, wait == 0))
    return;
  g_ptr_array_add (feed->waiting, waiter);
  if (feed->look == 0)
    feed->look = g_timeout_add (LOOK_MS, on_look, feed);
  http_suspend (request);
}
