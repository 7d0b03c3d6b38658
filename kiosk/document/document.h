/* document.h: a file or a scan that a visitor gave us, and what onestop-intake says of it.
 *
 * No program of ours but that helper decodes what came from outside; this module starts it, one
 * life a question, with the bytes on its standard input, and takes back one line and, for a
 * picture, plain pixels of the size that was asked for. The helper is in a jail before it looks at
 * the bytes: 512 MiB, 5 seconds of processor time, no files, no network, no other programs. What
 * kills it there is the verdict `damaged`, never an error.
 *
 * Taken: JPEG, PNG and PDF, by content; at most 20 MiB, 40 megapixels, 50 pages; whole (no warning
 * by libjpeg, all checksums of PNG, a PDF with its end); not encrypted. Bytes are never changed:
 * rotation is a number that showing and printing apply. */
#pragma once

#include <gio/gio.h>

#define DOCUMENT_MAX_BYTES (20u * 1024 * 1024)
#define DOCUMENT_MAX_PIXELS 40000000u
#define DOCUMENT_MAX_PAGES 50u
#define DOCUMENT_MAX_SIDE 30000u
/* Most that a preview may be on a side: enough for A4 at 300 dpi. */
#define DOCUMENT_MAX_PREVIEW 3600u

typedef struct {
  gboolean accepted;
  char *kind;   /* "jpeg", "png", "pdf"; when refused also "heic", "word", "office", "gif", "tiff",
                   "webp", "bmp", "svg", "text", "zip", "empty", "unknown" */
  char *media;  /* "image/jpeg", "image/png", "application/pdf"; NULL for other kinds */
  char *reason; /* NULL if accepted, or one of "not-supported-kind", "too-large", "too-many-pages",
                   "too-many-pixels", "damaged", "encrypted", "empty" */
  guint pages;  /* 1 for pictures; 0 if not known */
  guint width, height; /* pixels as stored, of a PDF the first page in points; 0 if not known */
  guint rotate;        /* degrees clockwise at which a camera says it is upright: 0 90 180 270 */
} DocumentVerdict;

void document_verdict_free (DocumentVerdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocumentVerdict, document_verdict_free)

/* What a draft holds of one document. */
typedef struct {
  GBytes *bytes; /* exactly as they came; in a region */
  char *media;
  guint pages;
  guint width, height; /* as in the verdict */
  char *slot;          /* the guide's material id */
  guint index;         /* place in its slot, from 0 */
  guint rotate;        /* 0, 90, 180, 270 degrees clockwise */
  char *name;          /* the file's label, or NULL for a scan */
} Document;

/* A document of `bytes` (a reference is taken) as `verdict` describes it; `name` may be NULL. Slot
 * is "" and index 0 until a flow gives it a place. */
Document *document_new (GBytes *bytes, const DocumentVerdict *verdict, const char *name);
void document_free (Document *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Document, document_free)

/* Turns by `degrees` (a multiple of 90, may be negative). */
void document_turn (Document *document, int degrees);

/* What intake says of `bytes`, blocking. More than DOCUMENT_MAX_BYTES and no bytes at all are
 * refused here, unread. CANCELLED, or BUG if the helper cannot run. Owned. */
DocumentVerdict *document_check (GBytes *bytes, GCancellable *cancellable, GError **error);

/* The same beside the main loop. */
void document_check_async (GBytes *bytes, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer data);
DocumentVerdict *document_check_finish (GAsyncResult *result, GError **error);

/* Plain pixels: 3 bytes (R, G, B) each, rows from the top without gaps. */
typedef struct {
  guint width, height;
  GBytes *rgb; /* width * height * 3 bytes, in a region */
} DocumentPixels;

void document_pixels_free (DocumentPixels *pixels);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocumentPixels, document_pixels_free)

/* Page `page` (from 0) of `bytes`, turned by `rotate` degrees clockwise (0 90 180 270), as large as
 * fits into `max_width` x `max_height` (each 1 to DOCUMENT_MAX_PREVIEW); pictures are never made
 * larger than they are. INVALID if intake refuses the bytes or there is no such page; CANCELLED;
 * BUG. Owned. */
DocumentPixels *document_preview (GBytes *bytes, guint page, guint max_width, guint max_height,
                                  guint rotate, GCancellable *cancellable, GError **error);
void document_preview_async (GBytes *bytes, guint page, guint max_width, guint max_height,
                             guint rotate, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer data);
DocumentPixels *document_preview_finish (GAsyncResult *result, GError **error);
