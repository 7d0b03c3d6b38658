/* main.c: the command line's table of commands. Refuses to know what any command does. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "cli/backup-command.h"
#include "cli/case-command.h"
#include "cli/clerk-command.h"
#include "cli/command.h"
#include "cli/deadline-command.h"
#include "cli/doctor-command.h"
#include "cli/document-command.h"
#include "cli/dossier-command.h"
#include "cli/eligibility-command.h"
#include "cli/guide-command.h"
#include "cli/hall-command.h"
#include "cli/log-command.h"
#include "cli/logic-command.h"
#include "cli/number-command.h"
#include "cli/print-command.h"
#include "cli/receipt-command.h"
#include "cli/roster-command.h"
#include "cli/ticket-command.h"

static const Command commands[] = {
    {"backup", backup_command_run, "copy the store while it runs"},
    {"case", case_command_run, "submit a case, or show what this machine knows of one"},
    {"clerk", clerk_command_run, "clerks of the desk"},
    {"deadline", deadline_command_run, "the last day of a limit"},
    {"doctor", doctor_command_run, "devices, disk, clock, backlog and guide, worst first"},
    {"document", document_command_run, "what intake says of a file"},
    {"dossier", dossier_command_run, "the dossier of a case, for a clerk"},
    {"eligibility", eligibility_command_run, "category, services, reasons and the next question"},
    {"guide", guide_command_run, "the Service Guide: check, pack, install, show"},
    {"hall", hall_command_run, "the hall key"},
    {"log", log_command_run, "verify the hash chain of the journal"},
    {"logic", logic_command_run, "evaluate one JsonLogic expression"},
    {"number", number_command_run, "check a number of a person or an employer"},
    {"print", print_command_run, "the print spool"},
    {"receipt", receipt_command_run, "a receipt as PDF"},
    {"restore", backup_command_restore, "bring a backup back"},
    {"roster", roster_command_run, "the roster of titles: import, status"},
    {"ticket", ticket_command_run, "QR tickets"},
};

int
command_fail (const char *word, const GError *error)
{
  fprintf (stderr, "onestop %s: %s\n", word, error != NULL ? error->message : "unknown fault");
  return onestop_error_exit_code (error);
}

int
command_usage (const char *usage)
{
  fprintf (stderr, "usage: %s\n", usage);
  return COMMAND_USAGE;
}

static int
help (FILE *to)
{
  fprintf (to, "onestop: the command line of the talent service terminal\n\n");
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (to, "  onestop %-12s %s%s\n", commands[i].word, commands[i].summary,
             commands[i].run == NULL ? " (not built yet)" : "");
  fprintf (to, "\nonestop WORD --help says more.\n");
  return COMMAND_DONE;
}

int
main (int argc, char **argv)
{
  if (argc < 2) {
    help (stderr);
    return COMMAND_USAGE;
  }
  if (strcmp (argv[1], "--help") == 0)
    return help (stdout);
  if (strcmp (argv[1], "--version") == 0) {
    printf ("onestop %s\n", ONESTOP_VERSION);
    return COMMAND_DONE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (strcmp (argv[1], commands[i].word) != 0)
      continue;
    if (commands[i].run == NULL) {
      fprintf (stderr, "onestop %s: not built yet\n", argv[1]);
      return COMMAND_NOT_NOW;
    }
    return commands[i].run (argc - 1, argv + 1);
  }
  fprintf (stderr, "onestop: no command is called \"%s\"; see onestop --help\n", argv[1]);
  return COMMAND_USAGE;
}
