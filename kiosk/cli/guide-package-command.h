/* guide-package-command.h: `onestop guide pack` and `onestop guide install`. argv[0] is that word.
 */
#pragma once

int guide_package_command_pack (int argc, char **argv);
int guide_package_command_install (int argc, char **argv);
