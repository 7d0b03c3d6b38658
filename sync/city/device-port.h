/* device-port.h: the port that devices speak to: who they are, and which module answers. */
#pragma once

#include "city/city.h"
#include "city/http.h"

typedef struct DevicePort DevicePort;

/* Serves on city->config->listen. Owned. */
DevicePort *device_port_new (City *city, GError **error);
void device_port_free (DevicePort *port);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DevicePort, device_port_free)
int device_port_number (const DevicePort *port);
