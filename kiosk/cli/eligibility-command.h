/* eligibility-command.h: `onestop eligibility FACTS.json [--service ID] [--date D] [--lang L]
 * [--json]`. */
#pragma once

/* Prints category, services, reasons, what is missing and the next question. Exit 4: a fact is
 * unknown or has a value that it cannot have; 3: no such service. */
int eligibility_command_run (int argc, char **argv);
