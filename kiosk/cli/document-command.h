/* document-command.h: `onestop document check FILE [--json]`. */
#pragma once

/* What intake says of a file: kind, pages, verdict. Exit 1 when the verdict is no. */
int document_command_run (int argc, char **argv);
