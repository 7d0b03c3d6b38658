/* code-reader.h: QR codes from a reader on a serial line (devices/code-line), or the note that the
 * keyboard is one (devices/code-wedge). */
#pragma once

#include "devices/code-line.h"

typedef enum {
  CODE_READER_CODE,       /* a line of our form: `text` is it, without its end */
  CODE_READER_UNREADABLE, /* something was read that is not: `text` is NULL */
  CODE_READER_ATTACHED,   /* the serial reader is there */
  CODE_READER_DETACHED    /* it is gone; it is looked for again every second */
} CodeReaderEvent;

typedef void (*CodeReaderFunc) (CodeReaderEvent event, const char *text, gpointer data);

typedef struct _CodeReader CodeReader;

/* `device` is `[code-reader] device`: `serial:PATH` opens the line (raw, 115200) in the default
 * main context and opens it again whenever it went; `keyboard` and `none` give a reader that never
 * calls. NULL with INVALID for another text. `func` is called in the main context and may not free
 * the reader. */
CodeReader *code_reader_new (const char *device, CodeReaderFunc func, gpointer data,
                             GError **error);
void code_reader_free (CodeReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CodeReader, code_reader_free)

/* TRUE if the device is `keyboard`: the window then feeds a CodeWedge. */
gboolean code_reader_is_keyboard (const CodeReader *reader);

/* TRUE if it can read now: an open serial line, or a keyboard. */
gboolean code_reader_is_ready (const CodeReader *reader);
