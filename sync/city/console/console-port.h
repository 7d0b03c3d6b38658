/* console-port.h: the port that the staff's browsers speak to, and which page answers. */
#pragma once

#include "city/city.h"

typedef struct ConsolePort ConsolePort;

/* Serves on city->config->console. Owned. */
ConsolePort *console_port_new (City *city, GError **error);
void console_port_free (ConsolePort *port);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConsolePort, console_port_free)
int console_port_number (const ConsolePort *port);
