/* fuzz.h: what a fuzz target is: a few seeds, and one function that takes any bytes.
 *
 * A target links fuzz.c, which is a test program: it feeds the seeds, cuts and mutations of them
 * (ONESTOP_FUZZ_RUNS, default 100000; ONESTOP_FUZZ_SEED, printed), and says TAP. It is built with
 * ASan and UBSan, over sources that are built with them as well. */
#pragma once

#include <glib.h>

/* Must take any bytes without a crash. What it learns it may assert. */
void fuzz_one (const guint8 *bytes, gsize length);

/* Seeds: valid inputs. Owned array of GBytes. */
GPtrArray *fuzz_seeds (void);

/* The target's name for the report. */
extern const char *const fuzz_name;
