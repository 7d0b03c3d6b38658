/* intake.h: the decoders inside onestop-intake. Nothing else includes this.
 *
 * Each decoder takes the whole file and answers with NULL, or with a reason word of document.h.
 * They trust nothing of what they read; what they miss, the jail holds. */
#pragma once

#include <glib.h>

#include "base/region.h"

#define INTAKE_TOO_MANY_PIXELS "too-many-pixels"
#define INTAKE_TOO_MANY_PAGES "too-many-pages"
#define INTAKE_DAMAGED "damaged"
#define INTAKE_ENCRYPTED "encrypted"
#define INTAKE_NO_PAGE "no-such-page" /* of a preview only */

typedef struct {
  const guint8 *bytes;
  gsize length;
} IntakeFile;

typedef struct {
  guint pages;
  guint width, height;
  guint rotate;
} IntakeFacts;

/* What a preview should be. */
typedef struct {
  guint page; /* from 0 */
  guint max_width, max_height;
  guint rotate;
} IntakeWish;

/* A picture being drawn: rows of R G B that are averaged down into `pixels`. */
typedef struct {
  Region *pixels;
  guint width, height; /* of the result, before it is turned */
  guint from_width, from_height;
  guint64 *sums; /* one row of the result */
  guint32 *counts;
  guint row; /* the row of the result that is being summed */
  guint fed; /* rows taken */
} IntakePicture;

/* The kind by content: "jpeg", "png", "pdf" or a word of document.h for what is not taken. Static.
 */
const char *intake_kind (IntakeFile file);

const char *intake_check_jpeg (IntakeFile file, IntakeFacts *ret_facts);
const char *intake_check_png (IntakeFile file, IntakeFacts *ret_facts);
const char *intake_check_pdf (IntakeFile file, IntakeFacts *ret_facts);

/* Draw into `picture`, which is begun by them and ended by intake_picture_take. */
const char *intake_draw_jpeg (IntakeFile file, const IntakeWish *wish, IntakePicture *picture);
const char *intake_draw_png (IntakeFile file, const IntakeWish *wish, IntakePicture *picture);
const char *intake_draw_pdf (IntakeFile file, const IntakeWish *wish, IntakePicture *picture);

/* Before the jail closes: makes poppler and fontconfig read what they need. With `drawing` also
 * puts the fonts and the tables of CJK encodings into the jail's table of files. */
void intake_prepare_pdf (gboolean drawing);

/* How large `width` x `height` is drawn to fit the wish (before turning); only a PDF may grow. */
void intake_picture_fit (const IntakeWish *wish, double width, double height, gboolean may_grow,
                         guint *ret_width, guint *ret_height);

/* Begins a picture fed with rows of `from_width` pixels, `from_height` of them. FALSE when there is
 * no room. */
gboolean intake_picture_begin (IntakePicture *picture, guint from_width, guint from_height,
                               guint width, guint height);
void intake_picture_feed (IntakePicture *picture, const guint8 *rgb);
void intake_picture_clear (IntakePicture *picture);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (IntakePicture, intake_picture_clear)

/* The finished picture turned by `rotate` degrees clockwise; NULL without room. Owned. */
GBytes *intake_picture_take (IntakePicture *picture, guint rotate, guint *ret_width,
                             guint *ret_height);
