/* jail.h: the cell in which onestop-intake reads a stranger's file.
 *
 * After jail_enter the process can compute, read what it has open and write to descriptors 1, 2
 * and 3. It cannot open a file or a socket, start a program, a process or a thread, signal another
 * process, or make memory executable; it has 512 MiB of address space and 5 seconds of processor
 * time. Three things hold it: seccomp (a list of the calls that are left; all others fail with
 * EPERM), Landlock with no rights at all (where the kernel has it; seccomp alone suffices), and
 * rlimits.
 *
 * Fonts and encoding tables. Poppler opens a font or a CMap by its path when a page asks for it, so
 * "no files" would leave many Chinese PDF files without their letters. Such files are opened before
 * the jail closes (jail_open). Inside, every call of open traps (SECCOMP_RET_TRAP); a handler in
 * this process looks the path up in the table and gives a copy of the descriptor, or EACCES. The
 * kernel still opens nothing for this process. A copy shares its place in the file with the
 * original: it starts at 0, and two open copies of one file would disturb each other; readers of
 * fonts map them and readers of CMaps read one to its end. */
#pragma once

#include <glib.h>

/* Most files of the table. */
#define JAIL_MAX_FILES 900

/* Opens `path` (absolute) for reading and puts it into the table, once. What cannot be opened, and
 * what comes after JAIL_MAX_FILES, is left out: the important ones first. */
void jail_open (const char *path);

/* Closes the door for good. Ends the process with status 71 if seccomp or a limit cannot be had:
 * nothing is decoded outside. Descriptors from 4 on that are not in the table are closed. */
void jail_enter (void);

/* For tests and doctor: tries, inside, what must not work. Gives the words of what did work
 * ("open", "connect"...), NULL-terminated, owned; empty is well. */
GPtrArray *jail_try (void);
