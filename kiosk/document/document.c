/* document.c: asks onestop-intake and believes it only within the bounds that were asked for. One
 * thread a question, which waits. Refuses to look into a file itself. */
#include "document/document.h"

#include <string.h>

#include "base/child.h"
#include "base/error.h"
#include "base/log.h"
#include "base/strict-json.h"

#define HELPER "onestop-intake"
#define STALL_MS 20000
#define LIMIT_MS 30000
#define NO_JAIL 71

void
document_verdict_free (DocumentVerdict *verdict)
{
  if (verdict == NULL)
    return;
  g_free (verdict->kind);
  g_free (verdict->media);
  g_free (verdict->reason);
  g_free (verdict);
}

void
document_free (Document *document)
{
  if (document == NULL)
    return;
  g_clear_pointer (&document->bytes, g_bytes_unref);
  g_free (document->media);
  g_free (document->slot);
  g_free (document->name);
  g_free (document);
}

void
document_pixels_free (DocumentPixels *pixels)
{
  if (pixels == NULL)
    return;
  g_clear_pointer (&pixels->rgb, g_bytes_unref);
  g_free (pixels);
}

Document *
document_new (GBytes *bytes, const DocumentVerdict *verdict, const char *name)
{
  Document *document = g_new0 (Document, 1);

  document->bytes = g_bytes_ref (bytes);
  document->media = g_strdup (verdict->media);
  document->pages = verdict->pages;
  document->width = verdict->width;
  document->height = verdict->height;
  document->rotate = verdict->rotate;
  document->slot = g_strdup ("");
  document->name = g_strdup (name);
  return document;
}

void
document_turn (Document *document, int degrees)
{
  document->rotate = (guint)((((int)document->rotate + degrees) % 360 + 360) % 360);
}

/* What one life of the helper has said. */
typedef struct {
  char *kind;
  json_t *verdict;
  json_t *pixels;
} Said;

static void
said_clear (Said *said)
{
  g_clear_pointer (&said->kind, g_free);
  g_clear_pointer (&said->verdict, json_decref);
  g_clear_pointer (&said->pixels, json_decref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Said, said_clear)

static gboolean
on_event (json_t *event, const char *word, gpointer data, GError **error)
{
  Said *said = data;

  if (strcmp (word, "kind") == 0) {
    g_free (said->kind);
    said->kind = g_strdup (strict_json_peek (event, "kind", "unknown"));
  } else if (strcmp (word, "verdict") == 0) {
    g_clear_pointer (&said->verdict, json_decref);
    said->verdict = json_incref (event);
  } else if (strcmp (word, "pixels") == 0) {
    g_clear_pointer (&said->pixels, json_decref);
    said->pixels = json_incref (event);
  }
  return TRUE;
}

/* TRUE when the helper ran; what it says may be nothing, if the file killed it. */
static gboolean
ask (const char *const *argv, GBytes *input, gsize max_payload, Said *said,
     GCancellable *cancellable, GBytes **ret_payload, GError **error)
{
  g_auto (ChildEnd) end = {0};
  g_autoptr (GError) child_error = NULL;
  ChildTask task = {.argv = argv,
                    .input = input,
                    .max_payload = max_payload,
                    .stall_ms = STALL_MS,
                    .limit_ms = LIMIT_MS,
                    .on_event = on_event,
                    .data = said};

  if (!child_run (&task, cancellable, &end, &child_error)) {
    /* It says nonsense, or too much: a decoder that was taken over. */
    if (onestop_error_is (child_error, ONESTOP_ERROR_FULL) ||
        onestop_error_is (child_error, ONESTOP_ERROR_INVALID)) {
      log_warning ("document.strange-helper", "%s", child_error->message);
      said_clear (said);
      return TRUE;
    }
    g_propagate_error (error, g_steal_pointer (&child_error));
    if (!onestop_error_is (*error, ONESTOP_ERROR_CANCELLED))
      (*error)->code = ONESTOP_ERROR_BUG;
    return FALSE;
  }
  if (end.stalled || end.signaled)
    log_notice ("document.killed-helper", "signal %d%s", end.status,
                end.stalled ? ", out of time" : "");
  else if (end.status != 0) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_BUG, HELPER " ended with %d%s", end.status,
                 end.status == NO_JAIL ? ": this kernel gives it no jail" : "");
    return FALSE;
  }
  if (ret_payload != NULL)
    *ret_payload = g_steal_pointer (&end.payload);
  return TRUE;
}

static DocumentVerdict *
refuse (const char *kind, const char *reason)
{
  DocumentVerdict *verdict = g_new0 (DocumentVerdict, 1);

  verdict->kind = g_strdup (kind);
  verdict->reason = g_strdup (reason);
  return verdict;
}

static gboolean
read_number (const json_t *event, const char *key, gint64 max, guint *ret_number)
{
  gint64 number = 0;

  if (!strict_json_int (event, key, &number, NULL) || number < 0 || number > max)
    return FALSE;
  *ret_number = (guint)number;
  return TRUE;
}

/* NULL if the helper's verdict is outside of what it may say. */
static DocumentVerdict *
read_verdict (const json_t *event)
{
  g_autoptr (DocumentVerdict) verdict = g_new0 (DocumentVerdict, 1);
  const char *word = strict_json_peek (event, "verdict", "");

  verdict->kind = g_strdup (strict_json_peek (event, "kind", "unknown"));
  verdict->media = g_strdup (strict_json_peek (event, "media", NULL));
  verdict->reason = g_strdup (strict_json_peek (event, "reason", NULL));
  verdict->accepted = strcmp (word, "accepted") == 0;
  if (!read_number (event, "pages", G_MAXINT32, &verdict->pages) ||
      !read_number (event, "width", G_MAXINT32, &verdict->width) ||
      !read_number (event, "height", G_MAXINT32, &verdict->height) ||
      !read_number (event, "rotate", 270, &verdict->rotate) || verdict->rotate % 90 != 0)
    return NULL;
  if (verdict->accepted == (verdict->reason != NULL) ||
      (verdict->accepted &&
       (verdict->media == NULL || verdict->pages < 1 || verdict->pages > DOCUMENT_MAX_PAGES)))
    return NULL;
  return g_steal_pointer (&verdict);
}

DocumentVerdict *
document_check (GBytes *bytes, GCancellable *cancellable, GError **error)
{
  static const char *const argv[] = {HELPER, "check", NULL};
  g_auto (Said) said = {0};
  DocumentVerdict *verdict = NULL;
  GError *own = NULL;

  if (g_bytes_get_size (bytes) == 0)
    return refuse ("empty", "empty");
  if (g_bytes_get_size (bytes) > DOCUMENT_MAX_BYTES)
    return refuse ("unknown", "too-large");
  if (!ask (argv, bytes, 0, &said, cancellable, NULL, &own)) {
    g_propagate_error (error, own);
    return NULL;
  }
  if (said.verdict != NULL)
    verdict = read_verdict (said.verdict);
  return verdict != NULL ? verdict : refuse (said.kind != NULL ? said.kind : "unknown", "damaged");
}

static void
run_check (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  DocumentVerdict *verdict = document_check (data, cancellable, &error);

  if (verdict != NULL)
    g_task_return_pointer (task, verdict, (GDestroyNotify)document_verdict_free);
  else
    g_task_return_error (task, error);
}

void
document_check_async (GBytes *bytes, GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_task_set_source_tag (task, document_check_async);
  g_task_set_task_data (task, g_bytes_ref (bytes), (GDestroyNotify)g_bytes_unref);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, run_check);
}

DocumentVerdict *
document_check_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static DocumentPixels *
read_pixels (const json_t *event, GBytes *rgb, guint max_width, guint max_height)
{
  guint width = 0, height = 0;
  DocumentPixels *pixels;

  if (rgb == NULL || !read_number (event, "width", max_width, &width) ||
      !read_number (event, "height", max_height, &height) || width == 0 || height == 0 ||
      g_bytes_get_size (rgb) != (gsize)width * height * 3)
    return NULL;
  pixels = g_new0 (DocumentPixels, 1);
  pixels->width = width;
  pixels->height = height;
  pixels->rgb = g_bytes_ref (rgb);
  return pixels;
}

DocumentPixels *
document_preview (GBytes *bytes, guint page, guint max_width, guint max_height, guint rotate,
                  GCancellable *cancellable, GError **error)
{
  g_autofree char *page_text = g_strdup_printf ("%u", page);
  g_autofree char *width_text = g_strdup_printf ("%u", max_width);
  g_autofree char *height_text = g_strdup_printf ("%u", max_height);
  g_autofree char *rotate_text = g_strdup_printf ("%u", rotate);
  const char *argv[] = {HELPER,     "preview",   "--page",   page_text,   "--width", width_text,
                        "--height", height_text, "--rotate", rotate_text, NULL};
  g_auto (Said) said = {0};
  g_autoptr (GBytes) rgb = NULL;
  DocumentPixels *pixels = NULL;
  GError *own = NULL;

  if (max_width < 1 || max_height < 1 || max_width > DOCUMENT_MAX_PREVIEW ||
      max_height > DOCUMENT_MAX_PREVIEW || rotate % 90 != 0 || rotate > 270 || page > 9999 ||
      g_bytes_get_size (bytes) > DOCUMENT_MAX_BYTES) {
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID,
                 "no preview of page %u in %u x %u turned by %u", page, max_width, max_height,
                 rotate);
    return NULL;
  }
  if (!ask (argv, bytes, (gsize)max_width * max_height * 3, &said, cancellable, &rgb, &own)) {
    g_propagate_error (error, own);
    return NULL;
  }
  if (said.pixels != NULL)
    pixels = read_pixels (said.pixels, rgb, max_width, max_height);
  if (pixels == NULL)
    g_set_error (error, ONESTOP_ERROR, ONESTOP_ERROR_INVALID, "cannot be shown: %s",
                 said.verdict != NULL ? strict_json_peek (said.verdict, "reason", "damaged")
                                      : "damaged");
  return pixels;
}

typedef struct {
  GBytes *bytes;
  guint page, max_width, max_height, rotate;
} Preview;

static void
preview_free (gpointer data)
{
  Preview *preview = data;

  g_bytes_unref (preview->bytes);
  g_free (preview);
}

static void
run_preview (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Preview *p = data;
  GError *error = NULL;
  DocumentPixels *pixels = document_preview (p->bytes, p->page, p->max_width, p->max_height,
                                             p->rotate, cancellable, &error);

  if (pixels != NULL)
    g_task_return_pointer (task, pixels, (GDestroyNotify)document_pixels_free);
  else
    g_task_return_error (task, error);
}

void
document_preview_async (GBytes *bytes, guint page, guint max_width, guint max_height, guint rotate,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Preview *preview = g_new (Preview, 1);

  *preview = (Preview){g_bytes_ref (bytes), page, max_width, max_height, rotate};
  g_task_set_source_tag (task, document_preview_async);
  g_task_set_task_data (task, preview, preview_free);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, run_preview);
}

DocumentPixels *
document_preview_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
