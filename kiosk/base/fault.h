/* fault.h: named points at which a test may kill, stall or fail a program.
 *
 * ONESTOP_FAULT holds `name=act[@n]`, several separated by commas: at the n-th passing (default 1)
 * of `name` do `act`: `kill` (SIGKILL to itself), `stall` (sleep until killed), or an errno word
 * (`EIO`, `ENOSPC`) which fault_errno then returns. All names stand in fault_names; an unknown one
 * aborts at the first passing of any point, so that a test cannot wait for a point that is not
 * there. A release build
 * (-Dbuildtype=release) has no points at all. */
#pragma once

#include <glib.h>

/* Every point of the product, NULL-terminated. */
extern const char *const fault_names[];

#ifdef ONESTOP_FAULT_POINTS
/* Passes the point: may kill or stall the process. */
void fault_point (const char *name);

/* Passes the point; returns the errno to pretend, or 0. */
int fault_errno (const char *name);
#else
#define fault_point(name) ((void)0)
#define fault_errno(name) 0
#endif
