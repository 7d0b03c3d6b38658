/* print-child.h: the child process of onestop-print: one errand at one printer, then it ends.
 *
 * It reads one line of JSON and the document from standard input, and writes lines of JSON to
 * standard output (both ends: print-errand.h). It opens no file, knows no store, and dies with its
 * parent. Between making the job and sending the document it waits for the line "go": until then no
 * paper can come out. */
#pragma once

/* Runs the errand. `parent` is the process that started it; if it is gone already, nothing is done.
 * Returns the exit code: 0 when an outcome was said, 5 for an order it does not understand. */
int print_child_run (int parent);
