/* dossier-command.h: `onestop dossier pdf NUMBER -o FILE`. */
#pragma once

int dossier_command_run (int argc, char **argv);
