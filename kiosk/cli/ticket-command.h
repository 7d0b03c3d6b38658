/* ticket-command.h: `onestop ticket issue|verify|show|key`. */
#pragma once

/* issue draws the next queue number (exit 3 if the block is used up or the device not enrolled) and
 * prints the text of its QR code. verify and show take a scanned text on standard input: verify
 * judges it (0 good, 1 no, 3 its key is not known yet, 4 no ticket at all), show says what it
 * claims. key prints this device's public key as a COSE_Key in base64. */
int ticket_command_run (int argc, char **argv);
