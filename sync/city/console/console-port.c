/* console-port.c: the console's door. Refuses everything for now but its own health. */
#include "city/console/console-port.h"

#include "city/http.h"

struct ConsolePort {
  City *city;
  HttpServer *server;
};

static void
on_begin (HttpRequest *request, gpointer data)
{
}

static void
on_finish (HttpRequest *request, gpointer data)
{
  http_reply_problem (request, 404, "not-found", "It is not here", NULL);
}

static const HttpHandler handler = {on_begin, on_finish};

ConsolePort *
console_port_new (City *city, GError **error)
{
  g_autoptr (ConsolePort) port = g_new0 (ConsolePort, 1);

  port->city = city;
  port->server = http_server_new (city->config->console, city->server, city->server_key, NULL,
                                  &handler, port, error);
  return port->server != NULL ? g_steal_pointer (&port) : NULL;
}

void
console_port_free (ConsolePort *port)
{
  if (port == NULL)
    return;
  http_server_free (port->server);
  g_free (port);
}

int
console_port_number (const ConsolePort *port)
{
  return http_server_port (port->server);
}
