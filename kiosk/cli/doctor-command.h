/* doctor-command.h: `onestop doctor [--json] [--report FILE.pdf] [--config FILE]`. */
#pragma once

/* One line a part, worst first, with what to do. Exit 0 when nothing is worse than a notice, 1
 * otherwise; 3 for --report, which is not built yet. */
int doctor_command_run (int argc, char **argv);
